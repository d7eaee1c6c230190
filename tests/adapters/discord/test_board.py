"""The board by itself, with a wall that the test holds in its hand."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from adapters.chat import board as boards
from adapters.chat.board import AGAIN_SECONDS, Board
from adapters.chat.mishap import PlaceGone
from bot.card import JobCard
from bot.job import Delivery, Job, JobId, Phase, Place
from bot.money import Micros
from bot.request import VideoRequest
from bot.trouble import DeliveryUnknown, NotNow
from bot.wording import job_card
from tests.stage import ANN, LOBBY, NOON, HandClock, open_gate


@dataclass
class HandWall:
    """Shows titles, and notes which. Other than that it does as it is told."""

    written: list[str] = field(default_factory=list)
    ended: list[str | None] = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)
    waits: dict[JobId, float] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=open_gate)
    answers: str | None = "message"
    pause: float = 0.0
    """For which nothing is taken from anybody."""
    asked: int = 0
    """How often somebody asked how long to wait."""

    def rest(self) -> float:
        return self.pause

    def wait(self, job: Job, status: str | None) -> float:  # noqa: ARG002 - the port
        self.asked += 1
        return self.waits.pop(job.id, 0.0)

    def seen(self, card: JobCard) -> object:
        return card.title

    async def go_on(self, job: Job, card: JobCard, status: str | None) -> str | None:  # noqa: ARG002 - the port
        await self._write(f"{job.id} {card.title}")
        return self.answers

    async def end(self, job: Job, card: JobCard, status: str | None) -> None:
        await self._write(f"{job.id} {card.title}")
        self.ended.append(status)

    async def _write(self, words: str) -> None:
        self.written.append(words)
        await self.gate.wait()
        if self.raises:
            raise self.raises.pop(0)


@dataclass
class HandNotes:
    statuses: list[str | None] = field(default_factory=list)
    told_of: list[JobId] = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)

    async def posted(self, job_id: JobId, message: str | None) -> None:  # noqa: ARG002 - the port
        self.statuses.append(message)

    async def told(self, job_id: JobId) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.told_of.append(job_id)


@dataclass
class Corner:
    clock: HandClock
    wall: HandWall
    notes: HandNotes
    board: Board

    def show(self, job: Job) -> None:
        self.board.show(job, job_card(job))

    async def settled(self) -> None:
        """Everything has happened that does so without time passing."""
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
async def corner() -> AsyncIterator[Corner]:
    clock, wall, notes = HandClock(), HandWall(), HandNotes()
    board = Board(clock, wall, notes)
    running = asyncio.create_task(board.run())
    yield Corner(clock, wall, notes, board)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def job(phase: Phase = Phase.RENDERING, *, revision: int = 1, name: str = "a", at: Place = LOBBY) -> Job:
    return Job(
        id=JobId(name),
        person="ann",
        identity=ANN,
        place=at,
        request=VideoRequest(prompt="a fox"),
        offer_id="fal/pixverse-v5.5",
        seed=1,
        price=Micros(1),
        ordered_at=NOON,
        phase=phase,
        phase_since=NOON,
        revision=revision,
    )


async def test_a_card_is_written_and_its_message_noted_once(corner: Corner) -> None:
    corner.show(job(Phase.ACCEPTED))
    await corner.settled()
    corner.show(job(revision=2))
    await corner.settled()
    assert corner.wall.written == ["a Waiting", "a Filming"]
    assert corner.notes.statuses == ["message"]
    assert corner.board.status(job()) == "message"


async def test_what_looks_the_same_is_not_written_again(corner: Corner) -> None:
    corner.show(job())
    await corner.settled()
    corner.show(job(revision=2))
    await corner.settled()
    assert corner.wall.written == ["a Filming"]


async def test_an_older_card_replaces_no_newer_one(corner: Corner) -> None:
    corner.show(job(revision=2))
    corner.show(job(Phase.ACCEPTED, revision=1))
    await corner.settled()
    assert corner.wall.written == ["a Filming"]


async def test_what_comes_while_one_is_written_waits_and_the_newest_wins(corner: Corner) -> None:
    corner.wall.gate.clear()
    corner.show(job(Phase.ACCEPTED))
    await corner.settled()
    corner.show(job(Phase.SUBMITTING, revision=2))
    corner.show(job(revision=3))
    await corner.settled()
    assert corner.wall.written == ["a Waiting"]
    corner.wall.gate.set()
    await corner.settled()
    assert corner.wall.written == ["a Waiting", "a Filming"]


async def test_a_card_waits_as_long_as_the_wall_says(corner: Corner) -> None:
    corner.wall.waits = {JobId("a"): 3.0}
    corner.show(job())
    await corner.settled()
    assert corner.wall.written == []
    corner.clock.forward(3)
    await corner.settled()
    assert corner.wall.written == ["a Filming"]


async def test_an_end_is_told_and_then_nothing_more(corner: Corner) -> None:
    corner.show(job())
    await corner.settled()
    corner.show(job(Phase.FAILED, revision=2))
    await corner.settled()
    corner.show(job(revision=1))
    await corner.settled()
    assert corner.wall.written == ["a Filming", "a No clip"]
    assert (corner.wall.ended, corner.notes.told_of) == (["message"], ["a"])


async def test_a_clip_that_waits_for_a_person_is_an_end_too(corner: Corner) -> None:
    corner.show(replace(job(Phase.DELIVERING), delivery=Delivery.GIVEN_UP))
    await corner.settled()
    assert corner.notes.told_of == ["a"]


@pytest.mark.parametrize(
    ("trouble", "seconds"),
    [
        (DeliveryUnknown("lost"), AGAIN_SECONDS),
        (NotNow("later", retry_after=40), 40.0),
        (RuntimeError("a mishap"), AGAIN_SECONDS),
    ],
)
async def test_what_failed_is_written_again_after_a_while(corner: Corner, trouble: Exception, seconds: float) -> None:
    corner.wall.raises = [trouble]
    corner.show(job())
    await corner.settled()
    corner.clock.forward(seconds - 1)
    await corner.settled()
    assert len(corner.wall.written) == 1
    corner.clock.forward(1)
    await corner.settled()
    assert len(corner.wall.written) == 2


async def test_a_newer_card_does_not_wait_for_an_older_one_that_failed(corner: Corner) -> None:
    corner.wall.raises = [DeliveryUnknown("lost")]
    corner.show(job(Phase.ACCEPTED))
    await corner.settled()
    corner.show(job(revision=2))
    await corner.settled()
    assert corner.wall.written == ["a Waiting", "a Filming"]


async def test_what_can_be_shown_nowhere_is_not_tried_again(corner: Corner) -> None:
    corner.wall.raises = [PlaceGone("no channel")]
    corner.show(job())
    await corner.settled()
    corner.clock.forward(1000)
    await corner.settled()
    assert len(corner.wall.written) == 1
    assert corner.notes.statuses == []


async def test_one_that_hangs_keeps_up_no_other(corner: Corner) -> None:
    corner.wall.gate.clear()
    corner.show(job(name="a"))
    corner.show(job(name="b"))
    await corner.settled()
    assert corner.wall.written == ["a Filming", "b Filming"]


async def test_what_ends_a_job_comes_first_and_then_who_sees_nothing_yet(corner: Corner) -> None:
    corner.show(job(name="a"))
    await corner.settled()
    corner.show(job(Phase.FETCHING, revision=2, name="a"))
    corner.show(job(name="b"))
    corner.show(job(Phase.FAILED, name="c"))
    await corner.settled()
    assert corner.wall.written[1:] == ["c No clip", "b Filming", "a Fetching"]


async def test_a_job_that_moves_to_another_chat_leaves_its_message_behind(corner: Corner) -> None:
    corner.show(job())
    await corner.settled()
    corner.show(job(Phase.FETCHING, revision=2, at=Place(platform="web", chat="elsewhere")))
    assert corner.board.status(job()) is None


async def test_a_message_that_somebody_else_wrote_is_the_status_from_then_on(corner: Corner) -> None:
    corner.show(job())
    corner.board.posted(JobId("a"), "theirs")
    corner.board.posted(JobId("unknown"), "theirs")
    assert corner.board.status(job()) == "theirs"
    assert corner.board.status(replace(job(name="b"), status="stored")) == "stored"


async def test_a_wall_that_shows_nothing_leaves_nothing_to_note(corner: Corner) -> None:
    corner.wall.answers = None
    corner.show(job())
    await corner.settled()
    assert corner.notes.statuses == []


async def test_of_very_many_ends_the_oldest_is_forgotten(corner: Corner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "_REMEMBERED", 1)
    for name in ("a", "b"):
        corner.show(job(Phase.FAILED, revision=2, name=name))
    await corner.settled()
    corner.show(job(revision=1, name="b"))
    await corner.settled()
    assert corner.wall.written == ["a No clip", "b No clip"]
    corner.show(job(revision=1, name="a"))
    await corner.settled()
    assert corner.wall.written[2:] == ["a Filming"]


async def test_an_end_that_is_being_told_is_not_told_again(corner: Corner) -> None:
    corner.wall.gate.clear()
    corner.show(job(Phase.FAILED))
    await corner.settled()
    corner.show(job(Phase.FAILED))
    corner.wall.gate.set()
    await corner.settled()
    corner.show(job(Phase.FAILED))
    await corner.settled()
    assert corner.wall.written == ["a No clip"]
    assert corner.notes.told_of == ["a"]


async def test_of_a_crowd_only_so_many_are_written_for_at_once(corner: Corner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "AT_ONCE", 3)
    corner.wall.gate.clear()
    for number in range(9):
        corner.show(job(Phase.ACCEPTED, name=f"{number}"))
    await corner.settled()
    assert len(corner.wall.written) == corner.wall.asked == 3
    corner.wall.gate.set()
    await corner.settled()
    assert len(set(corner.wall.written)) == len(corner.wall.written) == 9


async def test_while_the_platform_takes_no_word_a_crowd_costs_nothing(corner: Corner) -> None:
    corner.wall.pause = 5.0
    for number in range(10):
        corner.show(job(Phase.ACCEPTED, name=f"{number}"))
        await corner.settled()
    assert corner.wall.asked == 0
    corner.wall.pause = 0.0
    corner.clock.forward(5)
    await corner.settled()
    assert len(corner.wall.written) == 10


async def test_of_those_who_wait_the_ends_are_written_first_then_who_sees_nothing_yet(corner: Corner) -> None:
    corner.show(job(Phase.ACCEPTED, name="seen"))
    await corner.settled()
    corner.wall.pause = 5.0
    corner.show(job(Phase.RENDERING, name="seen", revision=2))
    corner.show(job(Phase.ACCEPTED, name="new"))
    corner.show(job(Phase.CANCELLED, name="over"))
    await corner.settled()
    corner.wall.pause = 0.0
    corner.clock.forward(5)
    await corner.settled()
    assert corner.wall.written[1:] == ["over Cancelled", "new Waiting", "seen Filming"]


async def test_an_end_that_was_shown_is_not_shown_again_because_it_could_not_be_written_down(corner: Corner) -> None:
    corner.notes.raises.append(OSError("the disk is full"))
    corner.show(job(Phase.CANCELLED))
    await corner.settled()
    corner.clock.forward(AGAIN_SECONDS)
    await corner.settled()
    assert corner.wall.written == ["a Cancelled"]
    assert corner.notes.told_of == [JobId("a")]
