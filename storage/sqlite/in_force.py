"""What was decided for a chat, and for everywhere, as an order meets it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import Said
from bot.rules import Rule
from storage.sqlite import deciding

_ANY_MARK = "SELECT EXISTS (SELECT 1 FROM marks WHERE chat IN ('', :chat) AND is_over = 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    paused: str | None
    """Why no orders are taken."""
    said: Said
    rules: Sequence[Rule]
    has_marks: bool
    """Whether anybody was marked as anything."""


def in_force(connection: sqlite3.Connection, chat: str) -> InForce:
    (has_marks,) = connection.execute(_ANY_MARK, {"chat": chat}).fetchone()
    return InForce(
        paused=deciding.why_paused(connection, chat),
        said=deciding.said(connection, chat),
        rules=deciding.rules_for(connection, chat),
        has_marks=bool(has_marks),
    )
