"""What the bot says of itself: its commands, name and descriptions."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.telegram_api.parameters import Parameters
from tests.telegram_api.refusal import bad_request
from tests.telegram_api.world import World

MOST_COMMANDS = 100
MOST_COMMAND_WORDS = 256
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
MOST_WORDS = {"name": 64, "description": 512, "short_description": 120}

Method = Callable[[World, Parameters], Awaitable[object]]
Scope = str  # as JSON with sorted names


@dataclass(slots=True)
class Profile:
    lists: dict[tuple[Scope, str], list[dict[str, str]]] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)  # by what it is and language, "" for all others

    def methods(self) -> dict[str, Method]:
        methods: dict[str, Method] = {
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
        }
        for what in MOST_WORDS:
            name = "".join(word.title() for word in what.split("_"))
            methods |= {f"setMy{name}": self._setter(what), f"getMy{name}": self._getter(what)}
        return methods

    def commands(self, language: str = "", **scope: object) -> dict[str, str]:
        """Description by command, as set for exactly this scope: `type="chat", chat_id=...`."""
        found = self.lists.get((key(scope), language), [])
        return {command["command"]: command["description"] for command in found}

    async def set_commands(self, world: World, parameters: Parameters) -> object:
        commands = parameters.sequence("commands") or []
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        checked = [checked_command(command) for command in commands if isinstance(command, dict)]
        self.lists[self._place(world, parameters)] = checked
        return True

    async def get_commands(self, world: World, parameters: Parameters) -> object:
        return self.lists.get(self._place(world, parameters), [])

    async def delete_commands(self, world: World, parameters: Parameters) -> object:
        self.lists.pop(self._place(world, parameters), None)
        return True

    def _place(self, world: World, parameters: Parameters) -> tuple[Scope, str]:
        scope = parameters.within("scope")
        if scope.text("type") in {"chat", "chat_administrators", "chat_member"}:
            world.chat(scope.integer("chat_id"))
        return key(scope.values), language_of(parameters)

    def _setter(self, what: str) -> Method:
        async def set_words(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # about no chat
            words = parameters.text(what)
            if len(words) > MOST_WORDS[what]:
                raise bad_request(f"bot {what.replace('_', ' ')} is too long")
            self.words[what, language_of(parameters)] = words
            return True

        return set_words

    def _getter(self, what: str) -> Method:
        async def get_words(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # about no chat
            usual = self.words.get((what, ""), "")
            return {what: self.words.get((what, language_of(parameters)), usual)}

        return get_words


def key(scope: dict[str, object]) -> Scope:
    return json.dumps(scope or {"type": "default"}, sort_keys=True)


def language_of(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if language and not (len(language) == 2 and language.isalpha() and language.islower()):
        raise bad_request("LANG_CODE_INVALID")
    return language


def checked_command(command: dict[str, object]) -> dict[str, str]:
    name, words = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not COMMAND_NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(words) <= MOST_COMMAND_WORDS:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": words}
