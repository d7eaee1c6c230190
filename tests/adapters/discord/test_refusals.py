"""What is refused, and what goes wrong, is for whoever asked alone."""

import re
import sqlite3
from contextlib import closing

import pytest

from bot.card import Verb
from tests.adapters.discord.club import Club
from tests.discord_api.faults import Fault
from tests.discord_api.interactions import Response
from tests.stage import Stage

REFERENCE = re.compile(r"tell the operator: ([0-9a-f]{8})")


def break_down(stage: Stage) -> None:
    """Somebody else took the database apart."""
    with closing(sqlite3.connect(stage.database)) as connection:
        connection.execute("DROP TABLE events")
        connection.execute("ALTER TABLE jobs RENAME TO mislaid")


async def test_what_needs_no_waiting_is_refused_at_once(club: Club) -> None:
    asked = await club.commands("video", prompt="a fox --ar 2:3")
    refusal = await club.answer(asked)
    assert (asked.response, refusal.only_for) == (Response.MESSAGE, club.ann)
    assert refusal.text.startswith("⚠️ **")
    assert "Nothing was charged." in refusal.text
    assert not await club.jobs()


async def test_what_is_refused_later_leaves_nothing_for_the_others_to_read(club: Club) -> None:
    club.stage.engine.stop()
    asked = await club.commands("video", prompt="a fox")
    refusal = await club.answer(asked)
    assert (asked.response, refusal.only_for) == (Response.DEFERRED, club.ann)
    assert "The bot is restarting" in refusal.text
    assert asked.original is not None
    assert asked.original.is_deleted
    assert club.server.messages(club.channel) == [refusal]


async def test_a_press_is_refused_to_whoever_pressed_alone(club: Club) -> None:
    clip = await (await club.film()).clip()
    club.stage.engine.stop()
    assert "The bot is restarting" in await club.pressed(clip, Verb.AGAIN)
    assert [message for message in club.server.messages(club.channel) if not message.is_ephemeral] == [clip]


@pytest.mark.parametrize("name", ["usage", "history", "cancel"])
async def test_a_mishap_is_told_with_a_reference_that_stands_in_the_log(
    club: Club, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    break_down(club.stage)
    told = await club.told(name)
    found = REFERENCE.search(told)
    assert found is not None, told
    assert f"an interaction failed: {found[1]}" in caplog.text
    assert "Traceback" in caplog.text
    assert "Traceback" not in told
    assert "sqlite" not in told


async def test_a_mishap_with_an_order_is_for_one_alone_too(club: Club) -> None:
    break_down(club.stage)
    told = await club.told("video", prompt="a fox")
    assert REFERENCE.search(told)
    assert all(message.is_ephemeral for message in club.server.messages(club.channel))


async def test_a_mishap_before_a_form_is_told(club: Club) -> None:
    clip = await (await club.film()).clip()
    break_down(club.stage)
    assert REFERENCE.search(await club.pressed(clip, Verb.EDIT))


async def test_after_a_mishap_the_next_one_is_served(club: Club) -> None:
    break_down(club.stage)
    await club.told("usage")
    assert "Privacy" in await club.told("privacy", None, club.bob)


async def test_a_refusal_that_cannot_be_told_is_logged(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    club.server.fault("respond", Fault(status=400, code=50035, message="Invalid Form Body"))
    await club.commands("video", prompt="a fox --ar 2:3")
    await club.until(lambda: club.server.called("respond"))
    await club.fence()
    assert "a refusal was not told: 400 50035" in caplog.text


async def test_an_answer_that_cannot_be_told_is_logged(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    club.server.fault("edit_followup", Fault(status=400, code=50035, message="Invalid Form Body"))
    await club.commands("usage")
    await club.until(lambda: club.server.called("edit_followup"))
    await club.fence()
    assert "an interaction could not be answered: 400 50035" in caplog.text


@pytest.mark.parametrize("fault", [Fault(cut=True), Fault(status=404, code=10008), Fault(status=403, code=50013)])
async def test_a_refusal_is_told_although_what_everybody_saw_does_not_go_away(club: Club, fault: Fault) -> None:
    await club.told("video_admin limit", None, club.zoe, words="0 videos a day")
    club.server.fault("delete_original", fault)
    answer = await club.answer(await club.commands("video", prompt="a fox"))
    assert "0 of 0 videos used today" in answer.text
