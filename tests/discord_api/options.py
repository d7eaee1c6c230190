"""What a client sends of a slash command, which it checks against what was registered."""

from collections.abc import Callable, Mapping

from tests.discord_api.commands import GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND, fits
from tests.discord_api.fields import Fields
from tests.discord_api.people import Channel, Guild, Member, Role
from tests.discord_api.refusal import Json

BOOLEAN, MEMBER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT = 5, 6, 7, 8, 9, 11
MOST_STRING = 6000

File = tuple[str, bytes]  # its name and its content
Value = str | int | float | bool | Member | Channel | Role | File
Keep = Callable[[str, bytes], Json]


class Filling:
    """AssertionError where no client would let it pass."""

    def __init__(self, command: Json, keep: Keep, guild: Guild | None) -> None:
        """`keep` stores a file."""
        self.resolved: dict[str, Json] = {}
        self._command = command
        self._keep = keep
        self._guild = guild

    def data(self, path: list[str], values: Mapping[str, Value], focused: str | None = None) -> Json:
        """`path` names the subcommand, if it is one; `focused` is the option that is being typed."""
        answer: Json = {"id": self._command["id"], "name": self._command["name"], "type": 1}
        answer["options"] = self._options(Fields(self._command), path, values, focused)
        if "guild_id" in self._command:
            answer["guild_id"] = self._command["guild_id"]
        return answer | ({"resolved": self.resolved} if self.resolved else {})

    def _options(self, scope: Fields, path: list[str], values: Mapping[str, Value], focused: str | None) -> list[Json]:
        known = {option.text("name"): option for option in scope.each("options")}
        if path:
            inner = known.get(path[0])
            assert inner is not None, f"{scope.text('name')} has {list(known)}, not {path[0]!r}"
            assert inner.integer("type") in {SUBCOMMAND, GROUP}, f"{path[0]!r} is an option"
            nested = self._options(inner, path[1:], values, focused)
            return [{"type": inner.integer("type"), "name": path[0], "options": nested}]
        assert set(known).issuperset(values), f"{scope.text('name')} has {list(known)}, not {sorted(values)}"
        missing = [name for name, option in known.items() if option.flag("required") and name not in values]
        assert focused or not missing, f"{scope.text('name')} requires {missing}"
        return [self._option(known[name], value, is_focused=name == focused) for name, value in values.items()]

    def _option(self, option: Fields, value: Value, *, is_focused: bool) -> Json:
        kind, name = option.integer("type") or 0, option.text("name")
        answer: Json = {"type": kind, "name": name}
        if is_focused:
            assert option.flag("autocomplete"), f"{name} completes nothing"
            return answer | {"value": value, "focused": True}
        if kind in {STRING, INTEGER, NUMBER, BOOLEAN}:
            assert fits(value, kind), f"{value!r} is not of the type of {name}"
            check_plain(option, value)
            return answer | {"value": value}
        return answer | {"value": self._resolve(kind, name, value)}

    def _resolve(self, kind: int, name: str, value: Value) -> str:
        if isinstance(value, Member) and kind in {MEMBER, MENTIONABLE}:
            self._join(value)
            return self._known("users", str(value.id), value.as_json())
        if isinstance(value, Role) and kind in {ROLE, MENTIONABLE}:
            return self._known("roles", str(value.id), value.as_json())
        if isinstance(value, Channel) and kind == CHANNEL:
            return self._known("channels", str(value.id), value.as_json() | {"permissions": "0"})
        assert isinstance(value, tuple), f"{value!r} is not of the type of {name}"
        assert kind == ATTACHMENT, f"{name} takes no file"
        kept = self._keep(*value)
        return self._known("attachments", str(kept["id"]), kept)

    def _join(self, member: Member) -> None:
        """What the guild knows of a member stands beside what everybody knows."""
        if self._guild and self._guild.has(member):
            own = self._guild.member_as_json(member)
            del own["user"]
            self._known("members", str(member.id), own | {"permissions": "0"})

    def _known(self, kind: str, number: str, content: Json) -> str:
        self.resolved.setdefault(kind, {})[number] = content
        return number


def check_plain(option: Fields, value: Value) -> None:
    name = option.text("name")
    offered = [choice.values["value"] for choice in option.each("choices")]
    assert not offered or value in offered, f"{name} offers {offered}, not {value!r}"
    if isinstance(value, str):
        least, most = option.integer("min_length") or 0, option.integer("max_length") or MOST_STRING
        assert least <= len(value) <= most, f"{name} takes {least} to {most} characters, not {len(value)}"
    elif isinstance(value, int | float):
        low, high = option.values.get("min_value"), option.values.get("max_value")
        assert not isinstance(low, int | float) or value >= low, f"{name} is at least {low}"
        assert not isinstance(high, int | float) or value <= high, f"{name} is at most {high}"
