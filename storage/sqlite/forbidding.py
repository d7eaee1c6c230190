"""What admins forbade, as it is kept and as it holds."""

import sqlite3

from bot.taboo import Kind, Taboo

NO_TABOO = """
UPDATE taboos SET is_over = 1 WHERE chat = :chat AND spelling = :spelling AND is_over = 0
RETURNING is_operators
"""

NEW_TABOO = """
INSERT INTO taboos (chat, spelling, kind, decided_by, decided_at, is_operators)
VALUES (:chat, :spelling, :kind, :by, :at, :is_operators)
"""

_TABOOS = "SELECT chat, spelling, kind FROM taboos WHERE chat IN ('', :chat) AND is_over = 0 ORDER BY number"


def taboos(connection: sqlite3.Connection, chat: str) -> list[Taboo]:
    return [
        Taboo(spelling=row["spelling"], kind=Kind(row["kind"]), chat=row["chat"])
        for row in connection.execute(_TABOOS, {"chat": chat})
    ]
