"""Requests to be let in."""

import sqlite3

from pydantic import TypeAdapter

from bot.access import AccessRequest, AlreadyAnswered, Presence
from bot.job import Identity, Place
from storage.sqlite.rows import micros, moment

_presence = TypeAdapter(Presence)

_NEW = """
INSERT INTO access_requests (
    id, layer, platform, user, user_name, chat, thread, reply_to, event, command, is_private, presence,
    asked_at
) VALUES (
    :id, :layer, :platform, :user, :user_name, :chat, :thread, :reply_to, :event, :command, :is_private,
    :presence, :asked_at
)
ON CONFLICT (layer, platform, user) WHERE answer = ''
DO UPDATE SET command = excluded.command WHERE event = excluded.event
"""

_ASKED = "SELECT * FROM access_requests WHERE id = :id"

_ANSWER = "UPDATE access_requests SET answer = :answer WHERE id = :id AND answer = '' RETURNING *"


_OPEN = "SELECT * FROM access_requests WHERE layer = :layer AND answer = '' ORDER BY asked_at, id"

_OPEN_ANYWHERE = "SELECT * FROM access_requests WHERE answer = '' ORDER BY asked_at, id"

_OPEN_OF = """
SELECT * FROM access_requests WHERE layer = :layer AND platform = :platform AND user = :user AND answer = ''
"""


def ask(connection: sqlite3.Connection, request: AccessRequest) -> AccessRequest:
    values = {
        "id": request.id,
        "layer": request.chat,
        "platform": request.identity.platform,
        "user": request.identity.user,
        "user_name": request.identity.name,
        "chat": request.place.chat,
        "thread": request.place.thread,
        "reply_to": request.place.reply_to,
        "event": request.event,
        "command": request.command,
        "is_private": request.place.is_private,
        "presence": _presence.dump_json(request.presence, exclude_none=True).decode(),
        "asked_at": micros(request.asked_at),
    }
    connection.execute(_NEW, values)
    return _request_of(connection.execute(_OPEN_OF, values).fetchone())


def waiting(connection: sqlite3.Connection, chat: str) -> list[AccessRequest]:
    return [_request_of(row) for row in connection.execute(_OPEN, {"layer": chat})]


def waiting_anywhere(connection: sqlite3.Connection) -> list[AccessRequest]:
    return [_request_of(row) for row in connection.execute(_OPEN_ANYWHERE)]


def asked(connection: sqlite3.Connection, request: str) -> AccessRequest | None:
    row = connection.execute(_ASKED, {"id": request}).fetchone()
    return None if row is None else _request_of(row)


def answer(connection: sqlite3.Connection, request: str, words: str) -> AccessRequest:
    row = connection.execute(_ANSWER, {"id": request, "answer": words}).fetchone()
    if row is None:
        before = asked(connection, request)
        raise AlreadyAnswered(before.answer if before else "")
    return _request_of(row)


def _request_of(row: sqlite3.Row) -> AccessRequest:
    return AccessRequest(
        id=row["id"],
        chat=row["layer"],
        identity=Identity(platform=row["platform"], user=row["user"], name=row["user_name"]),
        place=Place(
            platform=row["platform"],
            chat=row["chat"],
            thread=row["thread"],
            reply_to=row["reply_to"],
            is_private=bool(row["is_private"]),
        ),
        event=row["event"],
        command=row["command"],
        presence=_presence.validate_json(row["presence"]),
        asked_at=moment(row["asked_at"]),
        answer=row["answer"],
    )
