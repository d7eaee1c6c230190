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
from bot.languages import LANGUAGES, in_language

DESCRIPTION = (
    "I film what you describe.\n\n"
    "Send /video and say what to film, for example:\n"
    "/video a red fox in snow --ar 9:16\n\n"
    "The clip comes as a reply. /video alone opens a form, and the price is shown before anything is filmed."
)
SHORT_DESCRIPTION = "Describe it with /video, get the clip back."

_ONLY_PRIVATE = frozenset({Word.START, Word.LINK, Word.UNLINK})


async def introduce(bot: Bot) -> None:
    """Writes only what is not there yet: Telegram takes few such changes. Raises what `wire` names."""
    with translated():
        for language in (None, *LANGUAGES):
            every = _commands(language)
            in_groups = [command for command in every if command.command not in _ONLY_PRIVATE]
            for commands, scope in (
                (every, BotCommandScopeAllPrivateChats()),
                (in_groups, BotCommandScopeAllGroupChats()),
                ([*in_groups, _admin(language)], BotCommandScopeAllChatAdministrators()),
            ):
                if list(await bot.get_my_commands(scope, language)) != commands:
                    await bot.set_my_commands(commands, scope, language)
        if (await bot.get_my_description()).description != DESCRIPTION:
            await bot.set_my_description(DESCRIPTION)
        if (await bot.get_my_short_description()).short_description != SHORT_DESCRIPTION:
            await bot.set_my_short_description(SHORT_DESCRIPTION)


def _admin(language: str | None) -> BotCommand:
    return BotCommand(Word.ADMIN, (in_language(ADMIN_SUMMARY, language) if language else None) or ADMIN_SUMMARY)


def _commands(language: str | None) -> list[BotCommand]:
    """Without a language for everybody whose own there is none of."""
    return [
        BotCommand(word, (in_language(summary, language) if language else None) or summary)
        for word, summary in SUMMARIES.items()
    ]
