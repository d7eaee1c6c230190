"""The commands that the bot has registered."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tests.discord_api.fields import Fields
from tests.discord_api.refusal import Json
from tests.discord_api.snowflakes import Snowflakes

NAME = re.compile(r"[-_'\w]{1,32}")
MOST_COMMANDS = 100
MOST_OPTIONS = 25
MOST_CHOICES = 25
MOST_CHARACTERS = 8000
SLASH = 1
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]  # a table of thirty lines says no more
)

Scope = int | None  # the guild; None: everywhere


class Commands:
    def __init__(self, ids: Snowflakes) -> None:
        self.syncs: Counter[Scope] = Counter()
        self._ids = ids
        self._registered: defaultdict[Scope, list[Json]] = defaultdict(list)

    def all(self, guild: Scope = None) -> list[Json]:
        """Those registered for exactly this scope."""
        return self._registered[guild]

    def find(self, name: str, guild: Scope) -> Json | None:
        """Where both have it, the guild's."""
        for command in (self._registered[guild] if guild else []) + self._registered[None]:
            if command["name"] == name and command["type"] == SLASH:
                return command
        return None

    def overwrite(self, wanted: list[Fields], application_id: int, guild: Scope = None) -> list[Json]:
        """The commands as they now are; one that keeps its name keeps its number."""
        known = {(command["type"], command["name"]): command["id"] for command in self._registered[guild]}
        checked = [checked_command(fields) for fields in wanted]
        names = Counter((command["type"], command["name"]) for command in checked)
        for position, fields in enumerate(wanted):
            if names[checked[position]["type"], checked[position]["name"]] > 1:
                message = "Application command names must be unique"
                raise fields.wrong("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        if len(wanted) > MOST_COMMANDS:
            raise wanted[MOST_COMMANDS].wrong("name", "MAX_APPLICATION_COMMANDS", "Maximum number of commands reached")
        for command in checked:
            command["id"] = known.get((command["type"], command["name"])) or str(self._ids.next())
            command.update(application_id=str(application_id), version=str(self._ids.next()))
            command.update({"guild_id": str(guild)} if guild else {})
        self._registered[guild] = checked
        self.syncs[guild] += 1
        return checked


def checked_command(fields: Fields) -> Json:
    kind = fields.integer("type") or SLASH
    if kind == SLASH:
        check_named(fields)
        check_options(fields)
        if characters(fields) > MOST_CHARACTERS:
            message = f"Command exceeds maximum size ({MOST_CHARACTERS})"
            raise fields.wrong("name", "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        fields.text("name", least=1, most=32)
    check_listed(fields, "integration_types", (0, 1))
    check_listed(fields, "contexts", (0, 1, 2))
    usual: Json = {"description": "", "default_member_permissions": None, "dm_permission": True, "nsfw": False}
    usual |= {"integration_types": [0], "contexts": None, "name_localizations": None}
    answer = usual | fields.values | {"type": kind}
    # However it was given, it is told as text, because it may be more than a number of some languages holds.
    needed = answer["default_member_permissions"]
    return answer | {"default_member_permissions": None if needed is None else str(needed)}


def check_named(fields: Fields) -> None:
    """A name and a description, as commands and options have them."""
    name = fields.text("name", least=1, most=32)
    for place, text in [("name", name), *translations(fields, "name_localizations")]:
        if not NAME.fullmatch(text) or text != text.lower():
            raise fields.wrong(place, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    fields.text("description", least=1, most=100)
    for place, text in translations(fields, "description_localizations"):
        if not 1 <= len(text) <= 100:  # as above
            raise fields.wrong(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def translations(fields: Fields, name: str) -> Iterable[tuple[str, str]]:
    for locale, text in fields.inner(name).values.items():
        if locale not in LOCALES:
            raise fields.wrong(name, "MODEL_TYPE_CONVERT", f"Locale '{locale}' is not one of those that Discord has")
        yield f"{name}.{locale}", str(text)


def check_options(fields: Fields) -> None:
    options = fields.each("options", most=MOST_OPTIONS)
    names = [option.text("name") for option in options]
    has_optional = False
    for option in options:
        check_option(option)
        if names.count(option.text("name")) > 1:
            message = "Option name already exists in this scope"
            raise option.wrong("name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        if option.flag("required") and has_optional:
            message = "Required options must be placed before non-required options"
            raise option.wrong("required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        has_optional = has_optional or not option.flag("required")


def check_option(option: Fields) -> None:
    kind = option.one_of("type", tuple(range(1, 12)))
    check_named(option)
    if kind in {SUBCOMMAND, GROUP}:
        check_options(option)
        return
    check_choices(option, kind)
    if kind == STRING:
        option.integer("min_length", least=0, most=6000)
        option.integer("max_length", least=1, most=6000)
    for name in ("min_value", "max_value"):
        if option.has(name) and (kind not in {INTEGER, NUMBER} or not fits(option.values[name], kind)):
            raise option.wrong(name, "NUMBER_TYPE_COERCE", "Value is not of the option's type.")


def check_choices(option: Fields, kind: int) -> None:
    choices = option.each("choices", most=MOST_CHOICES)
    if option.flag("autocomplete") and (choices or kind not in {STRING, INTEGER, NUMBER}):
        message = "Autocomplete cannot be used with choices"
        raise option.wrong("autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", message)
    for choice in choices:
        check_choice(choice, kind)
    values = [str(choice.values.get("value")) for choice in choices]
    if len(set(values)) < len(values):
        message = "Choice values must be unique"
        raise option.wrong("choices", "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_EXISTS", message)


def check_choice(choice: Fields, kind: int) -> None:
    choice.text("name", least=1, most=100)
    for place, text in translations(choice, "name_localizations"):
        if not 1 <= len(text) <= 100:  # as above
            raise choice.wrong(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    value = choice.values.get("value")
    if not fits(value, kind) or (isinstance(value, str) and not 1 <= len(value) <= 100):  # as above
        raise choice.wrong("value", "BASE_TYPE_BAD_TYPE", f"Could not interpret {value!r} as the option's type.")


def fits(value: object, kind: int) -> bool:
    match kind:
        case 3:
            return isinstance(value, str)
        case 4:
            return isinstance(value, int) and not isinstance(value, bool)
        case 5:
            return isinstance(value, bool)
        case 10:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return False


def check_listed(fields: Fields, name: str, known: tuple[int, ...]) -> None:
    values = fields.sequence(name)
    if not set(known).issuperset({value for value in values if isinstance(value, int)}):
        raise fields.wrong(name, "BASE_TYPE_CHOICES", f"Value must be one of {set(known)}.")
    if name in fields and fields.has(name) and not values:
        raise fields.wrong(name, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {len(known)} in length.")


def characters(fields: Fields) -> int:
    """Of its words, each in its longest translation, and of those of its options and choices."""
    total = len(str(fields.values.get("value", "")))
    for name in ("name", "description"):
        words = [str(text) for text in fields.inner(f"{name}_localizations").values.values()]
        total += max(map(len, [fields.text(name), *words]))
    return total + sum(characters(inner) for name in ("options", "choices") for inner in fields.each(name))
