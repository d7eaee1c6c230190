"""The way in: a form for the token, then a cookie whose meaning only we know."""

import hashlib
import hmac
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from adapters.operator_page.forms import Fields, NotOurForm
from adapters.operator_page.guessing import Guessing
from adapters.operator_page.sessions import Session, Sessions
from bot.ports import Clock

ROOT = "/operator"
INSIDE, OUTSIDE = "rushes_operator", "rushes_operator_door"
"""Cookies of those who are signed in, and of those before whom the form for the token stands."""

SEAL, TOKEN, NEXT = "seal", "token", "next"
"""Fields of forms; the first stands in every one of them."""

_KEY = re.compile(r"[\w-]{43}", re.ASCII)
_OURS = re.compile(rf"{ROOT}(/[\w./-]*)?(\?[\w=&%+.:@~*-]*)?", re.ASCII)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser before our page, whether or not it may see anything."""

    key: str
    seal: str
    """What the forms that are shown to it send along, and no other site can know."""

    def must_have_sealed(self, fields: Fields) -> None:
        """Raises `NotOurForm`."""
        if not hmac.compare_digest(fields.get(SEAL, "").encode(), self.seal.encode()):
            raise NotOurForm


class WrongToken(Exception):
    def __init__(self, wait: timedelta, *, was_tried: bool) -> None:
        super().__init__()
        self.wait = wait
        """For how long there is no other try."""
        self.was_tried = was_tried
        """False where it was not even looked at, because of those before."""


class Door:
    def __init__(self, token: str, clock: Clock, public_url: str | None) -> None:
        public = urlsplit(public_url or "")
        self._token = _digest(token)
        self._key = secrets.token_bytes(32)
        self._secure_host = public.hostname if public.scheme == "https" else None
        self._guessing = Guessing(clock)
        self.sessions = Sessions(clock)

    def inside(self, request: Request) -> tuple[Visit, Session] | None:
        """Without prolonging the session."""
        key = request.cookies.get(INSIDE, "")
        session = self.sessions.open(key)
        return (self._visit(key), session) if session else None

    def outside(self, request: Request) -> Visit:
        """The one that has begun, or a new one."""
        key = request.cookies.get(OUTSIDE, "")
        return self._visit(key if _KEY.fullmatch(key) else secrets.token_urlsafe(32))

    def sign_in(self, typed: str, address: str) -> Visit:
        """Under a key that is new: one of before may have been put there by somebody else. Raises `WrongToken`."""
        if wait := self._guessing.wait(address):
            log.warning("operator page: %s tries again too soon after a wrong token", address)
            raise WrongToken(wait, was_tried=False)
        if not hmac.compare_digest(_digest(typed), self._token):
            wait = self._guessing.wrong(address)
            log.warning("operator page: wrong token from %s, next try in %.0f s", address, wait.total_seconds())
            raise WrongToken(wait, was_tried=True)
        self._guessing.right(address)
        log.info("operator page: signed in from %s", address)
        return self._visit(self.sessions.begin())

    def show_in(self, response: Response, request: Request, visit: Visit) -> None:
        """Until the browser is closed, or the session is over."""
        response.delete_cookie(OUTSIDE, path=ROOT)
        self._set(response, request, INSIDE, visit.key)

    def keep_outside(self, response: Response, request: Request, visit: Visit) -> None:
        self._set(response, request, OUTSIDE, visit.key)

    def show_out(self, response: Response, visit: Visit) -> None:
        self.sessions.end(visit.key)
        response.delete_cookie(INSIDE, path=ROOT)

    def _set(self, response: Response, request: Request, name: str, value: str) -> None:
        is_secure = request.url.scheme == "https" or request.url.hostname == self._secure_host
        response.set_cookie(name, value, path=ROOT, httponly=True, samesite="strict", secure=is_secure)

    def _visit(self, key: str) -> Visit:
        return Visit(key, hmac.new(self._key, key.encode(), hashlib.sha256).hexdigest())


def ours(path: str) -> str:
    """The page to go on with; its beginning for what is none of its addresses."""
    return path if _OURS.fullmatch(path) and "//" not in path else ROOT


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
