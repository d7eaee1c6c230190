"""What is answered to what cannot be done, and how that stays bearable."""

import logging
import sqlite3

import pytest

from adapters.chat.telegram import answers
from adapters.chat.telegram.pace import GROUP, PRIVATE, Lane
from tests.adapters.telegram.lot import Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.people import Chat


@pytest.fixture
def group(lot: Lot) -> Chat:
    return lot.server.group("Film club", lot.ann, lot.bob)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("/video a fox --ar 7:5", "Unknown value"),
        ("/video a fox --frobnicate", "Unknown option"),
        ("/cancel", "Nothing to cancel"),
        ("/link 12", "Wrong code"),
    ],
)
async def test_what_is_wrong_is_said_in_a_reply(lot: Lot, text: str, title: str) -> None:
    answer = await lot.answer(text)
    assert answer.text.startswith(f"⚠️ {title}\n")
    assert answer.now.entities[0]["type"] == "bold"


async def test_every_bad_command_is_answered_however_many_there_are(lot: Lot) -> None:
    for number in range(8):
        assert "Unknown option" in (await lot.answer(f"/video a fox --x{number}")).text
        lot.stage.clock.forward(3)


async def test_a_refused_order_costs_nothing_and_says_so(lot: Lot) -> None:
    assert "Nothing was charged." in (await lot.answer("/video a fox --ar 7:5")).text
    assert not await lot.jobs()


@pytest.fixture
def limited(lot: Lot) -> Lot:
    """Where every order meets a limit."""
    lot.stage.engine.stop()
    return lot


async def test_a_limit_is_told_to_each_member_once_in_ten_minutes_and_then_signed(limited: Lot, group: Chat) -> None:
    assert "The bot is restarting." in (await limited.answer("/video a fox", group)).text
    again = await limited.says("/video a fox", group)
    await limited.until(lambda: again.reactions == ["🤷"])
    other = await limited.server.says(limited.bob, group, "/video a fox")
    assert "The bot is restarting." in (await limited.reply_to(other)).text
    limited.stage.clock.forward(600)
    assert "The bot is restarting." in (await limited.answer("/video a fox", group)).text


async def test_a_limit_is_told_again_ten_minutes_after_it_was_told_and_not_after_it_was_signed(
    limited: Lot, group: Chat
) -> None:
    await limited.answer("/video a fox", group)
    limited.stage.clock.forward(590)
    again = await limited.says("/video a fox", group)
    await limited.until(lambda: again.reactions == ["🤷"])
    limited.stage.clock.forward(10)
    assert "The bot is restarting." in (await limited.answer("/video a fox", group)).text


async def test_only_so_many_are_remembered_to_have_been_told(
    limited: Lot, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_WARNED", 1)
    for member in (limited.ann, limited.bob, limited.ann):
        asked = await limited.server.says(member, group, "/video a fox")
        assert "The bot is restarting." in (await limited.reply_to(asked)).text


async def test_a_chat_that_is_flooded_gets_a_sign_in_place_of_an_answer(lot: Lot, group: Chat) -> None:
    asked = [await lot.says("/help", group) for _ in range(30)]
    await lot.until(lambda: not lot.server.world.updates.pending)
    # Signs count for all chats together, which take more of them a second later.
    lot.stage.clock.forward(1)
    await lot.until(lambda: sum(bool(command.reactions) for command in asked) >= 12)
    lot.stage.clock.forward(15)
    answered = [command for command in asked if lot.replies_to(command)]
    signed = [command for command in asked if command.reactions == ["🤔"]]
    await lot.until(lambda: len(signed) + len(answered) >= 12)
    assert len(answered) == int(GROUP.calls * Lane.REPLY.value)
    assert not lot.server.throttled


async def test_an_answer_waits_a_little_for_room(lot: Lot) -> None:
    asked = [await lot.says("/usage") for _ in range(int(PRIVATE.calls * Lane.REPLY.value) + 2)]
    await lot.until(lambda: len(lot.server.replies(lot.home)) == len(asked) - 2)
    await lot.until(lambda: not lot.server.world.updates.pending)
    await lot.jobs()
    assert len(lot.server.replies(lot.home)) == len(asked) - 2
    lot.stage.clock.forward(PRIVATE.seconds)
    await lot.until(lambda: all(lot.replies_to(command) for command in asked))
    assert not any(command.reactions for command in asked)


async def test_an_answer_does_not_wait_for_a_long_flood(lot: Lot) -> None:
    lot.server.fault(
        "sendMessage", Fault(status=429, description="Too Many Requests: retry after 400", retry_after=400)
    )
    asked = await lot.says("/help")
    await lot.until(lambda: asked.reactions == ["🤔"])


async def test_an_answer_that_is_lost_is_not_repeated(lot: Lot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    lot.server.fault("sendMessage", Fault(silent=True, after=True))
    asked = await lot.says("/help")
    await lot.fence()
    assert len(lot.replies_to(asked)) == 1
    assert "reply: no answer in time" in caplog.text


class Broken(sqlite3.OperationalError):
    """Of the disk."""


async def broken(*_: object) -> None:
    raise Broken("disk I/O error")


async def test_a_mishap_has_a_reference_that_the_log_has_and_no_trace(
    lot: Lot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lot.stage.store, "standing", broken)
    answer = await lot.answer("/usage")
    reference = answer.text.rsplit(maxsplit=1)[-1]
    assert answer.text.startswith("⚠️ Something went wrong here")
    assert f"an update failed: {reference}" in caplog.text
    assert "disk" not in answer.text


async def test_a_mishap_in_a_press_is_told_to_whoever_pressed(
    lot: Lot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    form = await lot.answer("a fox")
    monkeypatch.setattr(lot.stage.store, "accept", broken)
    answer = await lot.presses(form, "film")
    assert answer.show_alert
    assert answer.text.startswith("Something went wrong here")
    assert f"an update failed: {answer.text.rsplit(maxsplit=1)[-1]}" in caplog.text


async def test_a_mishap_in_an_edit_is_logged_alone(
    lot: Lot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    filming = await lot.order()
    monkeypatch.setattr(lot.stage.store, "ordered_with", broken)
    await lot.server.edits(filming.command, "/video a wolf")
    await lot.noted(filming.job, lambda _: "an update failed" in caplog.text)
    assert len(lot.replies_to(filming.command)) == 1


async def test_a_mishap_while_a_job_is_shown_is_tried_again(
    lot: Lot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(lot.stage.store, "save", broken)
        command = await lot.says("/video a fox")
        status = await lot.reply_to(command)
        (job,) = await lot.jobs()
        await lot.noted(job, lambda _: "the status could not be shown" in caplog.text)
    lot.rest()
    await lot.noted(job, lambda now: now.status == f"{status.chat.id}/{status.id}")
    assert lot.replies_to(command) == [status]
