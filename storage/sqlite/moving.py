"""A chat that goes on under another number takes along what was decided for it, and what was used there."""

import sqlite3

from bot.access import PLACE

_NEW_MOVE = "INSERT INTO moves (before, now) VALUES (:before, :now) ON CONFLICT DO NOTHING"

_MOVES = "SELECT before, now FROM moves ORDER BY rowid"

_THE_SAME = {
    "rules": """
        (older.scope, older.is_cap, older.unit) = (rules.scope, rules.is_cap, rules.unit)
        AND CASE older.subject WHEN :before THEN :now ELSE older.subject END = rules.subject
    """,
    "marks": "(older.subject, older.kind, older.tier) = (marks.subject, marks.kind, marks.tier)",
    "terms": "CASE older.name WHEN :place || :before THEN :place || :now ELSE older.name END = terms.name",
    "taboos": "older.spelling = taboos.spelling",
}
"""When two decisions, one of either chat, are about the same."""

_TAKE_ALONG = (
    # What an operator decided only an operator changes, wherever an admin has said something since.
    *(
        f"""
        UPDATE {table} SET is_over = 1 WHERE is_over = 0 AND is_operators = 0 AND chat = :now AND EXISTS (
            SELECT 1 FROM {table} AS older
            WHERE older.is_over = 0 AND older.is_operators = 1 AND older.chat = :before AND {same}
        )
        """  # noqa: S608 - words of our own
        for table, same in _THE_SAME.items()
    ),
    """
    DELETE FROM pauses WHERE is_operators = 0 AND chat = :now
    AND EXISTS (SELECT 1 FROM pauses AS older WHERE older.is_operators = 1 AND older.chat = :before)
    """,
    # What else was decided in the new chat already is newer, and stays.
    """
    UPDATE rules SET is_over = 1 WHERE is_over = 0 AND chat = :before AND EXISTS (
        SELECT 1 FROM rules AS newer WHERE newer.is_over = 0 AND newer.chat = :now
        AND (newer.scope, newer.is_cap, newer.unit) = (rules.scope, rules.is_cap, rules.unit)
        AND newer.subject = CASE rules.subject WHEN :before THEN :now ELSE rules.subject END
    )
    """,
    "UPDATE rules SET chat = :now WHERE chat = :before",
    "UPDATE rules SET subject = :now WHERE subject = :before",
    "UPDATE OR IGNORE marks SET chat = :now WHERE chat = :before",
    "UPDATE marks SET is_over = 1 WHERE chat = :before",
    """
    UPDATE OR IGNORE marks SET subject = substr(subject, 1, length(subject) - length(:chat)) || :chat_now
    WHERE subject GLOB :circles
    """,
    "UPDATE marks SET is_over = 1 WHERE subject GLOB :circles",
    "UPDATE OR IGNORE terms SET chat = :now WHERE chat = :before",
    "UPDATE terms SET is_over = 1 WHERE chat = :before",
    "UPDATE OR IGNORE terms SET name = :place || :now WHERE name = :place || :before",
    "UPDATE terms SET is_over = 1 WHERE name = :place || :before",
    "UPDATE OR IGNORE pauses SET chat = :now WHERE chat = :before",
    "DELETE FROM pauses WHERE chat = :before",
    "UPDATE OR IGNORE taboos SET chat = :now WHERE chat = :before",
    "UPDATE taboos SET is_over = 1 WHERE chat = :before",
    "UPDATE strikes SET chat = :now WHERE chat = :before",
    "UPDATE OR IGNORE access_requests SET layer = :now WHERE layer = :before",
    "UPDATE access_requests SET answer = 'It was asked anew' WHERE layer = :before AND answer = ''",
    # The messages stayed behind, so that nothing can be answered there.
    """
    UPDATE access_requests SET chat = :chat_now, thread = NULL, reply_to = NULL
    WHERE platform = :platform AND chat = :chat
    """,
    """
    UPDATE OR IGNORE circles SET circle = substr(circle, 1, length(circle) - length(:chat)) || :chat_now
    WHERE circle GLOB :circles
    """,
    "DELETE FROM circles WHERE circle GLOB :circles",
    "UPDATE jobs SET ordered_in = :now WHERE ordered_in = :before",
    """
    INSERT INTO use_of_all SELECT :now, quarter, videos, money FROM use_of_all WHERE ordered_in = :before
    ON CONFLICT DO UPDATE SET videos = videos + excluded.videos, money = money + excluded.money
    """,
    "DELETE FROM use_of_all WHERE ordered_in = :before",
)


def move(connection: sqlite3.Connection, before: str, now: str) -> bool:
    """False where it was known."""
    if not connection.execute(_NEW_MOVE, {"before": before, "now": now}).rowcount:
        return False
    platform, _, chat = before.partition(":")
    values = {"before": before, "now": now, "platform": platform, "chat": chat, "chat_now": now.partition(":")[2]}
    # What is named after the chat, such as its admins.
    named = {"circles": f"{platform}:*:{chat}", "place": PLACE}
    for statement in _TAKE_ALONG:
        connection.execute(statement, values | named)
    return True


def moves(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """In the order in which they were told."""
    return [(row["before"], row["now"]) for row in connection.execute(_MOVES)]
