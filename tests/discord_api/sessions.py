"""What each shard has been told, and what it will be told again when it comes back."""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntFlag

from tests.discord_api.refusal import Json


class Intent(IntFlag):
    NONE = 0
    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


class Connection:
    """Frames leave in the order in which they were said."""

    def __init__(self, transport: asyncio.BaseTransport | None) -> None:
        self.outgoing: asyncio.Queue[Json] = asyncio.Queue()
        self.session: Session | None = None
        self.code = 0  # what it is to be closed with
        self._transport = transport

    def say(self, op: int, content: object = None) -> None:
        self.outgoing.put_nowait({"op": op, "d": content, "s": None, "t": None})

    def hang_up(self, code: int) -> None:
        self.code = code
        self.outgoing.put_nowait({})

    def cut(self) -> None:
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()


@dataclass(frozen=True, slots=True)
class Event:
    number: int
    kind: str
    content: Mapping[str, object]

    def as_json(self) -> Json:
        # Taken apart and put together again: what changes later was said as it was then.
        return {"op": 0, "s": self.number, "t": self.kind, "d": json.loads(json.dumps(self.content))}


@dataclass(slots=True, eq=False, kw_only=True)
class Session:
    shard: int
    shards: int
    intents: Intent
    at: float
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    events: list[Event] = field(default_factory=list)
    connection: Connection | None = None
    heard: int = 0  # the last sequence number that a heartbeat or a resumption has named
    heartbeats: int = 0
    resumed: int = 0
    is_over: bool = False  # cannot be resumed

    def tell(self, kind: str, content: Mapping[str, object]) -> None:
        event = Event(len(self.events) + 1, kind, json.loads(json.dumps(content)))
        self.events.append(event)
        if self.connection:
            self.connection.outgoing.put_nowait(event.as_json())

    def replay(self, after: int) -> None:
        assert self.connection is not None
        for event in self.events[after:]:
            self.connection.outgoing.put_nowait(event.as_json())


class Sessions:
    def __init__(self, changed: Callable[[], None]) -> None:
        self.all: list[Session] = []
        self._changed = changed

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.all if session.connection]

    def add(self, session: Session) -> None:
        """The one before it of the same shard hears no more."""
        for other in self.all:
            if other.shard == session.shard:
                other.is_over = True
        self.all.append(session)
        self._changed()

    def find(self, session_id: str) -> Session | None:
        return next((session for session in self.all if session.id == session_id and not session.is_over), None)

    def tell(
        self, kind: str, content: Mapping[str, object], guild: int | None = None, intent: Intent = Intent.NONE
    ) -> int:
        """How many were told, at once or when they come back; what is of no guild is told to the first shard."""
        told = [session for session in self.all if not session.is_over and intent in session.intents]
        told = [session for session in told if ((guild or 0) >> 22) % session.shards == session.shard]
        for session in told:
            session.tell(kind, content)
        self._changed()
        return len(told)
