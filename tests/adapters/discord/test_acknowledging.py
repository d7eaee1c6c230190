"""Discord waits three seconds for a first answer, and tells some things twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from adapters.chat.discord import desk
from bot.card import Verb
from tests.adapters.discord.club import Club
from tests.discord_api.faults import Fault
from tests.discord_api.interactions import Interaction

LOST = Fault(cut=True, after=True)
NOT_HEARD = Fault(cut=True)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is."""
    monkeypatch.setattr(desk, "FIRST_TRY_SECONDS", 60)


@contextmanager
def busy(club: Club) -> Iterator[None]:
    """Somebody else writes to the database."""
    with closing(sqlite3.connect(club.stage.database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()


async def acknowledged(club: Club, asked: Interaction) -> Interaction:
    await club.until(lambda: asked.is_acknowledged)
    return asked


async def test_an_order_is_acknowledged_before_anything_is_written_down(club: Club) -> None:
    with busy(club):
        asked = await acknowledged(club, await club.commands("video", prompt="a fox"))
        assert asked.is_thinking
    assert (await club.filming(asked)).status is asked.original


async def test_a_press_is_acknowledged_before_anything_is_written_down(club: Club) -> None:
    clip = await (await club.film()).clip()
    with busy(club):
        pressed = await acknowledged(club, await club.press(clip, Verb.AGAIN))
        assert pressed.is_thinking
    assert (await club.filming(pressed)).status is pressed.original


async def test_nothing_is_ordered_before_discord_has_the_acknowledgement(club: Club) -> None:
    gate = club.server.hold("respond")
    asked = await club.commands("video", prompt="a fox")
    await club.until(lambda: club.server.called("respond"))
    assert not await club.jobs()
    gate.set()
    await club.filming(asked)


async def test_an_interaction_that_is_too_old_orders_nothing(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    gate = club.server.hold("respond")
    await club.commands("video", prompt="a fox")
    await club.until(lambda: club.server.called("respond"))
    club.stage.clock.forward(3.1)
    gate.set()
    await club.fence()
    assert not await club.jobs()
    assert "an interaction was answered too late: 404 10062" in caplog.text


async def test_a_press_that_is_too_old_does_nothing(club: Club) -> None:
    filming = await club.film()
    gate = club.server.hold("respond")
    await club.press(filming.status, Verb.CANCEL)
    await club.until(lambda: len(club.server.called("respond")) == 2)
    club.stage.clock.forward(3.1)
    gate.set()
    await club.fence()
    assert [job.id for job in await club.jobs()] == [filming.job.id]


async def test_an_order_heard_twice_is_one_job(club: Club) -> None:
    filming = await club.film()
    club.server.redeliver(filming.asked)
    await club.fence()
    assert [job.id for job in await club.jobs()] == [filming.job.id]
    assert [call.code for call in club.server.called("respond")] == [0, 0]


async def test_an_order_heard_again_after_a_restart_is_one_job(club: Club) -> None:
    filming = await club.film()
    await club.restart()
    club.server.redeliver(filming.asked)
    await club.fence()
    assert [job.id for job in await club.jobs()] == [filming.job.id]
    assert [call.code for call in club.server.called("respond")] == [0, 40060, 0]


async def test_a_press_heard_twice_is_one_press(club: Club) -> None:
    filming = await club.film()
    pressed = await club.press(filming.status, Verb.CANCEL)
    club.server.redeliver(pressed)
    await club.fence()
    assert "Cancelled" in (await club.answer(pressed)).text


@pytest.mark.parametrize("fault", [LOST, NOT_HEARD])
async def test_an_order_whose_acknowledgement_was_cut_off_is_filmed(club: Club, fault: Fault) -> None:
    club.server.fault("respond", fault)
    filming = await club.film()
    assert filming.status is filming.asked.original
    assert (await filming.clip()).pings.members == (club.ann,)
    assert club.server.messages(club.channel) == club.clips()


@pytest.mark.parametrize("is_heard", [True, False])
async def test_an_acknowledgement_that_is_stuck_is_given_again_in_time(
    club: Club, monkeypatch: pytest.MonkeyPatch, *, is_heard: bool
) -> None:
    """On a connection that died without anybody having noticed."""
    monkeypatch.setattr(desk, "FIRST_TRY_SECONDS", 0.05)
    club.server.fault("respond", Fault(silent=True, after=is_heard))
    filming = await club.film()
    assert len(club.server.called("respond")) == 2
    assert filming.status is filming.asked.original


async def test_a_message_whose_number_was_lost_is_found_again(club: Club) -> None:
    """So that it can be changed without the token, too."""
    club.server.fault("respond", LOST)
    filming = await club.film()
    await club.noted(filming.job, lambda job: f'"message":{filming.status.id}' in (job.status or ""))


async def test_what_discord_does_not_hear_of_is_not_ordered(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    club.server.fault("respond", NOT_HEARD, times=2)
    await club.commands("video", prompt="a fox")
    await club.until(lambda: len(club.server.called("respond")) == 2)
    await club.fence()
    assert not await club.jobs()
    assert "an interaction could not be answered: no answer from Discord" in caplog.text


async def test_a_refusal_after_a_lost_acknowledgement_is_told(club: Club) -> None:
    club.stage.engine.stop()
    club.server.fault("respond", LOST)
    asked = await club.commands("video", prompt="a fox")
    assert "The bot is restarting" in (await club.answer(asked)).text
