"""Who is signed in, until they have done nothing for a while, or for long enough, or the program ends."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.card import Card
from bot.ports import Clock

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
MOST = 20
"""At once; the one that was used longest ago makes room."""


@dataclass(slots=True)
class Session:
    began: datetime
    used: datetime
    told: Card | None = None
    """What came of the form that was sent last, until a page has shown it."""

    def take(self) -> Card | None:
        told, self.told = self.told, None
        return told


class Sessions:
    """Found by a fingerprint of the id, so that how long a look takes says nothing about the id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[bytes, Session] = {}

    def begin(self) -> str:
        """The new id, which nobody chose."""
        key, now = secrets.token_urlsafe(32), self._clock.steady()
        self._sessions[_fingerprint(key)] = Session(now, now)
        if len(self._sessions) > MOST:
            del self._sessions[min(self._sessions, key=lambda each: self._sessions[each].used)]
        return key

    def open(self, key: str) -> Session | None:
        """Without using it: a page that only looks on keeps nobody signed in."""
        now, session = self._clock.steady(), self._sessions.get(_fingerprint(key))
        if session and (now - session.used >= IDLE or now - session.began >= LONGEST):
            self.end(key)
            return None
        return session

    def use(self, session: Session) -> None:
        session.used = self._clock.steady()

    def end(self, key: str) -> None:
        self._sessions.pop(_fingerprint(key), None)


def _fingerprint(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
