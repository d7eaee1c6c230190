"""The message that shows how a job goes on, and what it can be changed with."""

from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter

TOKEN_SECONDS = 15 * 60
EARLY_SECONDS = 30
"""So long before its end a token is not used any more."""


@dataclass(frozen=True, slots=True)
class Handle:
    channel: int
    message: int | None = None
    """None as long as it is only known as the answer to the interaction."""
    token: str | None = None
    """Of the interaction that it answers."""
    until: int = 0
    """Seconds since 1970 to which the token is good."""
    limit: int | None = None
    """Bytes of a file that may be sent with the token."""
    is_own: bool = False
    """Whether it answers no command, so that nobody else tells who ordered."""

    def written(self) -> str:
        known = {name: value for name, value in asdict(self).items() if value is not None}
        return _HANDLE.dump_json(Handle(**known), exclude_defaults=True).decode()

    def has_token(self, now: float) -> bool:
        return self.token is not None and now < self.until - EARLY_SECONDS

    def without_token(self) -> "Handle":
        return replace(self, token=None, until=0, limit=None)


_HANDLE = TypeAdapter(Handle)


def handle_in(status: str | None) -> Handle | None:
    return _HANDLE.validate_json(status) if status else None
