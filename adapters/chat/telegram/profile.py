"""What Telegram shows of the bot before anybody writes to it: its commands and what it is for."""

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from adapters.chat.telegram.wire import translated
from bot.commands import ADMIN_SUMMARY, SUMMARIES, Word
from bot.speech import ENGLISH, Languages, say, speaking, unsaid

DESCRIPTION = unsaid(
    "I film what you describe.\n\n"
    "Send /video and say what to film, for example:\n"
    "/video a red fox in snow --ar 9:16\n\n"
    "The clip comes as a reply. /video alone opens a form, and the price is shown before anything is filmed."
)
SHORT_DESCRIPTION = unsaid("Describe it with /video, get the clip back.")

_ONLY_PRIVATE = frozenset({Word.START, Word.LINK, Word.UNLINK})


async def introduce(bot: Bot, languages: Languages) -> None:
    """Writes only what is not there yet: Telegram takes few such changes. Raises what `wire` names."""
    with translated():
        for language in languages:
            # English is for everybody whose own language there is none of. Telegram knows languages, and no countries.
            code = None if language is ENGLISH else language.code.partition("-")[0]
            with speaking(language):
                await _introduce(bot, code)


async def _introduce(bot: Bot, code: str | None) -> None:
    every = [BotCommand(word, say(summary)) for word, summary in SUMMARIES.items()]
    in_groups = [command for command in every if command.command not in _ONLY_PRIVATE]
    for commands, scope in (
        (every, BotCommandScopeAllPrivateChats()),
        (in_groups, BotCommandScopeAllGroupChats()),
        ([*in_groups, BotCommand(Word.ADMIN, say(ADMIN_SUMMARY))], BotCommandScopeAllChatAdministrators()),
    ):
        if list(await bot.get_my_commands(scope, code)) != commands:
            await bot.set_my_commands(commands, scope, code)
    if (await bot.get_my_description(code)).description != say(DESCRIPTION):
        await bot.set_my_description(say(DESCRIPTION), code)
    if (await bot.get_my_short_description(code)).short_description != say(SHORT_DESCRIPTION):
        await bot.set_my_short_description(say(SHORT_DESCRIPTION), code)
