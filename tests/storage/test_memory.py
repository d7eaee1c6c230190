"""What is remembered of what was laid down, and until when."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decision import Decision, Ruling
from bot.job import Identity
from bot.refusal import Paused
from bot.rules import FREE
from bot.taboo import Kind, Taboo
from storage.sqlite import memory
from storage.sqlite.database import opened
from storage.sqlite.memory import Changes, Memory
from storage.sqlite.store import SqliteStore, sqlite_store
from tests.contracts.test_store import a_job
from tests.stage import NOON, PSEUDONYM

ANN, LOBBY = a_job().identity, a_job().place.chat_key
OPERATOR = Decision(by="shell:root", at=NOON, is_operators=True, what="as told")
NO_FOXES = Ruling(forbidden=(Taboo(spelling="fox", kind=Kind.BLOCK),))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as found:
        yield found


@pytest.fixture
async def beside(store: SqliteStore, tmp_path: Path) -> AsyncIterator[SqliteStore]:  # noqa: ARG001 - which made the file
    """Of another process."""
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM, is_beside=True) as found:
        yield found


def test_what_was_read_is_read_again_once_anything_was_laid_down() -> None:
    changes = Changes()
    remembered, reads = Memory[int](changes), iter(range(10))
    assert [remembered.at_hand("chat", lambda: next(reads)) for _ in range(2)] == [0, 0]
    changes.count += 1
    assert remembered.at_hand("chat", lambda: next(reads)) == 1
    assert remembered.at_hand("another", lambda: next(reads)) == 2


async def test_what_changes_while_it_is_read_is_told_once_and_not_remembered() -> None:
    changes = Changes()
    remembered, goes_on = Memory[str](changes), asyncio.Event()

    async def slowly() -> str:
        await goes_on.wait()
        return "before"

    async def after() -> str:
        return "after"

    reading = asyncio.create_task(remembered.of("chat", slowly))
    await asyncio.sleep(0)
    changes.count += 1
    goes_on.set()
    assert await reading == "before"
    assert await remembered.of("chat", after) == "after"


def test_of_too_many_the_one_that_was_asked_for_longest_ago_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST", 2)
    remembered, reads = Memory[int](Changes()), iter(range(10))
    told = [remembered.at_hand(chat, lambda: next(reads)) for chat in ("a", "b", "c", "a", "c")]
    assert told == [0, 1, 2, 3, 2]


async def test_an_order_meets_what_another_process_has_just_decided(store: SqliteStore, beside: SqliteStore) -> None:
    await store.accept(a_job(1), "1", FREE)
    await beside.rulebook.pause("lunch", OPERATOR)
    with pytest.raises(Paused, match="lunch"):
        await store.accept(a_job(2), "2", FREE)


async def test_what_another_process_forbids_is_heard_of_with_the_next_look_for_errands(
    store: SqliteStore, beside: SqliteStore
) -> None:
    assert await store.rulebook.taboos(LOBBY) == []
    await beside.rulebook.decide(NO_FOXES, OPERATOR)
    await store.errands.begin(NOON)
    assert await store.rulebook.taboos(LOBBY) == list(NO_FOXES.forbidden)


async def test_what_was_decided_and_undone_in_one_breath_is_not_remembered(tmp_path: Path) -> None:
    async with opened(tmp_path / "rushes.db") as database:
        remembered = Memory[int](database.changes)

        def pauses(connection: sqlite3.Connection) -> int:
            return remembered.at_hand(
                "chat", lambda: int(connection.execute("SELECT count(*) FROM pauses").fetchone()[0])
            )

        def pause(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO pauses VALUES ('chat', 'lunch', 0, 1)")
            assert pauses(connection) == 1
            raise LookupError

        with pytest.raises(LookupError):
            await database.write(pause)
        assert await database.write(pauses) == 0


async def test_whoever_joins_somebody_is_answered_in_the_language_of_both(store: SqliteStore) -> None:
    other = Identity(platform="telegram", user="7")
    await store.accept(a_job(1), "1", FREE)
    await store.speak(ANN, "de", NOON)
    assert await store.language_of(other, LOBBY) == ""
    await store.offer_link(ANN, "code", NOON, NOON + timedelta(minutes=1))
    await store.redeem_link(other, "code", NOON, since=NOON, most_tries=5)
    assert await store.language_of(other, LOBBY) == "de"
