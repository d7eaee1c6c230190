"""The slash commands, made from the one table of flags, and told to Discord only where it has others."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from discord import Client, Interaction, Locale, Permissions, Role, User
from discord.app_commands import (
    AppCommandContext,
    AppInstallationType,
    Choice,
    Command,
    CommandTree,
    Group,
    Range,
    TranslationContextLocation,
    TranslationContextTypes,
    Translator,
    describe,
    locale_str,
)
from discord.app_commands import autocomplete as completed_by
from discord.app_commands import choices as with_choices
from discord.http import Route

from adapters.chat.discord.incoming import member_identity, role_circle
from bot.admin_words import EVERYONE, EVERYWHERE, MANUAL, Manual, Task, names_somebody
from bot.card import Circle
from bot.commands import ADMIN_SUMMARY, SUMMARIES, Word
from bot.flags import FLAGS, Flag
from bot.job import Identity
from bot.privacy import CONFIRMATION
from bot.request import TEXT_LIMIT
from bot.speech import ENGLISH, Languages, unsaid
from bot.tongue import AUTO
from bot.values import OneOf, Switch, Whole

PROMPT = unsaid("What to film; options such as --ar 9:16 may stand in it")
WHO, ROLE = unsaid("Who is meant"), unsaid("Everybody who has this role")
FOR_ALL = unsaid("For the whole bot; only its operators can")
CODE = unsaid("What /link told you on the other platform; leave it out to be told one")
TONGUE = unsaid("Which one; leave it out to read which there are")

CONFIRM = unsaid("To have it done; leave it out to read what that means")

MOST_SUGGESTED = 25
MOST_SHOWN = 100
"""Characters of a suggestion."""

ENTRY_POINT = 4
"""A kind of command that Discord makes by itself for some bots."""

PERMISSIONS = "default_member_permissions"
_OURS = frozenset(
    {
        *("type", "name", "description", "description_localizations", "name_localizations"),
        *("options", "required", "autocomplete", "min_value", "max_value", "min_length", "max_length"),
        *("choices", "value", PERMISSIONS, "contexts", "integration_types", "nsfw"),
    }
)

_TRANSLATED = frozenset(
    {
        TranslationContextLocation.command_description,
        TranslationContextLocation.group_description,
        TranslationContextLocation.parameter_description,
    }
)
"""The names stay as they are: they are what people tell each other to type."""

Suggest = Callable[[Interaction[Client], str], Awaitable[list[Choice[str]]]]


class Desk(Protocol):
    async def film(self, interaction: Interaction[Client], prompt: str, picked: Mapping[str, str]) -> None: ...

    async def answer(
        self, interaction: Interaction[Client], text: str, about: Identity | Circle | None = None
    ) -> None: ...

    async def prompts(self, interaction: Interaction[Client], typed: str) -> list[Choice[str]]: ...

    async def providers(self, interaction: Interaction[Client], typed: str) -> list[Choice[str]]: ...


def commands(desk: Desk, languages: Languages) -> list[Command[Any, ..., None] | Group]:
    own = [_video(desk), _link(desk), _forget(desk), _language(desk, languages)]
    plain = (_plain(desk, word) for word in SUMMARIES if word not in {command.name for command in own})
    return [*own, *plain, _administration(desk)]


def typed(picked: Mapping[str, object]) -> dict[str, str]:
    """What was chosen, as it would be typed."""
    words = {True: "on", False: "off"}
    return {
        name: words[value] if isinstance(value, bool) else str(value)
        for name, value in picked.items()
        if value is not None
    }


class Menus(Translator):
    """What stands behind a description in brackets is typed, and so the same in every language."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        language = self._languages.nearest(locale.value)
        if language is None or language is ENGLISH or context.location not in _TRANSLATED:
            return None
        words, bracket, typed = string.message.partition(" (")
        translated = language.text(words)
        return None if translated == words else f"{translated}{bracket}{typed}"


async def sync(tree: CommandTree[Client], languages: Languages) -> bool:
    """Whether there was anything to tell: Discord takes few such changes a day."""
    menus, application = Menus(languages), tree.client.application_id
    if application is None:
        return False
    await tree.set_translator(menus)
    wanted = [await command.get_translated_payload(tree, menus) for command in tree.get_commands()]
    # The library's own call leaves the other languages out.
    known = Route("GET", "/applications/{application_id}/commands", application_id=application)
    there = await tree.client.http.request(known, params={"with_localizations": "true"})
    if _by_name(wanted) == _by_name(there):
        return False
    await tree.sync()
    return True


def _video(desk: Desk) -> Command[Any, ..., None]:
    async def film(interaction: Interaction[Client], prompt: str, **picked: object) -> None:
        await desk.film(interaction, prompt, typed(picked))

    asked = [inspect.Parameter("prompt", inspect.Parameter.KEYWORD_ONLY, annotation=Range[str, 1, TEXT_LIMIT])]
    asked += [
        inspect.Parameter(flag.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_annotation(flag))
        for flag in FLAGS
    ]
    interaction = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    # The library reads the options of a command from its signature.
    film.__signature__ = inspect.Signature([interaction, *asked])  # type: ignore[attr-defined]
    describe(prompt=PROMPT, **{flag.name: _description(flag) for flag in FLAGS})(film)
    with_choices(**{flag.name: found for flag in FLAGS if (found := _choices(flag))})(film)
    completed_by(prompt=desk.prompts, provider=desk.providers)(film)
    return _command(Word.VIDEO, film)


def _link(desk: Desk) -> Command[Any, ..., None]:
    @describe(code=CODE)
    async def link(interaction: Interaction[Client], code: str | None = None) -> None:
        await desk.answer(interaction, f"/link {code or ''}".rstrip())

    return _command(Word.LINK, link)


def _forget(desk: Desk) -> Command[Any, ..., None]:
    @describe(confirm=CONFIRM)
    @with_choices(confirm=[Choice(name=CONFIRMATION, value=CONFIRMATION)])
    async def forget(interaction: Interaction[Client], confirm: str | None = None) -> None:
        await desk.answer(interaction, f"/forget {confirm or ''}".rstrip())

    return _command(Word.FORGET, forget)


def _language(desk: Desk, languages: Languages) -> Command[Any, ..., None]:
    @describe(language=TONGUE)
    @with_choices(
        language=[*(Choice(name=one.name, value=one.code) for one in languages), Choice(name=AUTO, value=AUTO)]
    )
    async def choose(interaction: Interaction[Client], language: str | None = None) -> None:
        await desk.answer(interaction, f"/language {language or ''}".rstrip())

    return _command(Word.LANGUAGE, choose)


def _plain(desk: Desk, word: Word) -> Command[Any, ..., None]:
    async def answer(interaction: Interaction[Client]) -> None:
        await desk.answer(interaction, f"/{word}")

    return _command(word, answer)


def _command(word: Word, work: Callable[..., Awaitable[None]]) -> Command[Any, ..., None]:
    return Command(
        name=word,
        description=SUMMARIES[word],
        callback=work,  # type: ignore[arg-type] # the library knows only functions whose signature can be seen
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=AppInstallationType(guild=True, user=True),
    )


def _administration(desk: Desk) -> Group:
    """Discord offers it to those who may manage a server; who may do what with it the core says."""
    group = Group(
        name=Word.ADMIN,
        description=ADMIN_SUMMARY,
        default_permissions=Permissions(manage_guild=True),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
    )
    for task, manual in MANUAL.items():
        group.add_command(_task(desk, task, manual))
    return group


def _task(desk: Desk, task: Task, manual: Manual) -> Command[Any, ..., None]:
    async def do(interaction: Interaction[Client], **picked: Any) -> None:  # noqa: ANN401 - as the options below
        person, role = picked.get("person"), picked.get("role")
        about = member_identity(person) if person else role_circle(role) if role else None
        everywhere = EVERYWHERE if picked.get(EVERYWHERE) else ""
        words = picked.get("words") or ""
        if task is Task.LIMIT and about is None and not names_somebody(words):
            words = f"{EVERYONE} {words}"
        await desk.answer(interaction, " ".join(f"/{Word.ADMIN} {everywhere} {task} {words}".split()), about)

    options = {
        "person": (User, WHO) if manual.takes_person else None,
        "role": (Role, ROLE) if manual.takes_circle else None,
        "words": (str, manual.words) if manual.words else None,
        EVERYWHERE: (bool, FOR_ALL),
    }
    offered = {name: option for name, option in options.items() if option}
    do.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            *(
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind | None)
                for name, (kind, _) in offered.items()
            ),
        ]
    )
    describe(**{name: words for name, (_, words) in offered.items()})(do)
    return Command(name=task, description=manual.summary, callback=do)


def _annotation(flag: Flag) -> object:
    match flag.values:
        case Switch():
            return bool | None
        case Whole(most):
            return Range[int, 0, most] | None
        case _:
            return str | None


def _description(flag: Flag) -> str:
    """With what holds if it is left out, where that is something to pick."""
    values = flag.values
    can_be_picked = isinstance(values, Switch) or flag.default in values.values
    return f"{flag.summary} ({flag.default})" if can_be_picked else flag.summary


def _choices(flag: Flag) -> list[Choice[str]]:
    """Those of the provider depend on the model, and so are suggested while somebody types."""
    if not isinstance(flag.values, OneOf) or flag.name == "provider":
        return []
    return [Choice(name=value, value=value) for value in flag.values.values]


def _by_name(told: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {command["name"]: _ours(command) for command in told if command.get("type") != ENTRY_POINT}


def _ours(told: dict[str, Any]) -> dict[str, Any]:
    """Without what Discord adds of its own, and without what is nothing, which it leaves out."""
    kept = {name: value for name, value in told.items() if name in _OURS and value}
    for name in {"options", "choices"} & kept.keys():
        kept[name] = [_ours(inner) for inner in kept[name]]
    if PERMISSIONS in kept:
        # The library says a number, and Discord a text.
        kept[PERMISSIONS] = str(kept[PERMISSIONS])
    return kept
