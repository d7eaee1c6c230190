"""Asking Telegram for updates."""

import asyncio

import pytest

from adapters.chat.telegram import ingress
from adapters.chat.telegram.wire import REVOKED_SECONDS
from bot.trouble import TokenRefused
from tests.adapters.telegram.lot import Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.server import TOKEN, Call

GET_UPDATES = "getUpdates"
TOO_MANY = 429


async def test_the_bot_asks_for_what_it_understands_and_nothing_else(lot: Lot) -> None:
    (call,) = lot.server.called(GET_UPDATES)
    assert call.parameters["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_an_update_is_confirmed_after_it_was_written_down(lot: Lot) -> None:
    accept, gate = lot.stage.store.accept, asyncio.Event()
    with pytest.MonkeyPatch.context() as patch:

        async def held(*given: object) -> object:
            await gate.wait()
            return await accept(*given)  # type: ignore[arg-type]

        patch.setattr(lot.stage.store, "accept", held)
        command = await lot.says("/video a fox")
        await lot.until(lambda: command.reactions)
        assert lot.server.world.updates.pending
        gate.set()
        await lot.reply_to(command)
        await lot.until(lambda: not lot.server.world.updates.pending)


async def test_an_update_that_was_not_confirmed_is_told_again_after_a_restart(
    lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(lot.stage.store, "accept", forever)
        command = await lot.says("/video a fox")
        await lot.until(lambda: command.reactions)
        await lot.close()
    await lot.open()
    await lot.reply_to(command)
    assert len(await lot.jobs()) == 1


async def forever(*_: object) -> None:
    await asyncio.Event().wait()


async def test_an_update_that_takes_long_keeps_nobody_waiting(lot: Lot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingress, "HANDLING_SECONDS", 0)
    monkeypatch.setattr(lot.stage.store, "accept", forever)
    stuck = await lot.says("/video a fox")
    await lot.until(lambda: stuck.reactions)
    group = lot.server.group("Film club", lot.bob)
    assert (await lot.reply_to(await lot.server.says(lot.bob, group, "/help"))).text


async def test_a_redelivered_command_is_no_second_job(lot: Lot) -> None:
    filming = await lot.order()
    lot.server.redeliver(filming.command.update_id)
    await lot.fence()
    assert len(await lot.jobs()) == 1
    assert len(lot.replies_to(filming.command)) == 1


async def test_a_command_that_was_told_again_after_a_restart_is_no_second_job(lot: Lot) -> None:
    filming = await lot.order()
    await lot.restart()
    lot.server.redeliver(filming.command.update_id)
    await filming.clip()
    await lot.fence()
    assert len(await lot.jobs()) == 1


async def test_what_was_said_while_nobody_listened_is_heard_afterwards(lot: Lot) -> None:
    await lot.close()
    command = await lot.says("/help")
    await lot.open()
    assert (await lot.reply_to(command)).text


async def test_what_was_said_in_one_chat_is_heard_in_its_order(closed: Lot) -> None:
    """The cancellation means the order before it."""
    await closed.open()
    await closed.close()
    await closed.says("/video a fox")
    cancel = await closed.says("/cancel")
    await closed.open()
    await closed.until(lambda: "👌" in cancel.reactions)


async def test_nothing_is_heard_after_the_bot_stopped_listening(lot: Lot) -> None:
    lot.telegram.stop_listening()
    await lot.until(lambda: not lot.server.world.updates.is_polled)
    await lot.says("/video a fox")
    assert len(lot.server.world.updates.pending) == 1


async def test_clips_are_still_sent_after_the_bot_stopped_listening(lot: Lot) -> None:
    filming = await lot.order()
    lot.telegram.stop_listening()
    assert (await filming.clip()).media


async def test_who_stopped_listening_before_the_first_question_asks_none(closed: Lot) -> None:
    serving = closed.begin()
    closed.telegram.stop_listening()
    await closed.until(lambda: closed.server.called("deleteWebhook"))
    await closed.jobs()
    assert not closed.server.called(GET_UPDATES)
    assert not serving.done()


async def tries(lot: Lot, method: str, times: int) -> None:
    await lot.until(lambda: lot.wire.tried[method] == times)


async def test_a_lost_connection_is_tried_again_ever_more_rarely(lot: Lot, caplog: pytest.LogCaptureFixture) -> None:
    lot.wire.is_down = True
    lot.wire.tried.clear()
    await lot.says("/help")
    for tried, seconds in enumerate((*ingress.AGAIN_SECONDS, ingress.AGAIN_SECONDS[-1]), start=1):
        await tries(lot, GET_UPDATES, tried)
        lot.stage.clock.forward(seconds)
    assert "no updates from Telegram: httpx.ConnectError" in caplog.text
    lot.wire.is_down = False
    await lot.until(lambda: lot.wire.tried[GET_UPDATES] == tried + 1)
    lot.rest()
    assert await lot.serves()


async def test_another_poller_is_a_conflict_that_passes(lot: Lot, caplog: pytest.LogCaptureFixture) -> None:
    lot.server.fault(GET_UPDATES, Fault(status=409, description="Conflict: terminated by other getUpdates request"))
    await lot.fence()
    lot.wire.tried.clear()
    await lot.until(lambda: len(lot.server.called("deleteWebhook")) == 2)
    lot.rest()
    assert await lot.serves()
    assert "terminated by other getUpdates" in caplog.text


async def test_a_webhook_that_somebody_set_meanwhile_is_removed(lot: Lot) -> None:
    lot.server.world.webhook.url = "https://somebody.example/"
    lot.server.world.updates.end_poll("terminated by setWebhook request")
    await lot.until(lambda: not lot.server.world.webhook.url)
    lot.rest()
    assert await lot.serves()


async def test_a_webhook_that_cannot_be_removed_is_no_reason_not_to_ask(
    closed: Lot, caplog: pytest.LogCaptureFixture
) -> None:
    closed.server.fault("deleteWebhook", Fault(status=500, description="Internal Server Error"))
    await closed.open()
    assert await closed.serves()
    assert "a webhook may still be set: Internal Server Error" in caplog.text


async def test_a_network_that_is_down_at_the_start_is_waited_for(closed: Lot, caplog: pytest.LogCaptureFixture) -> None:
    closed.wire.is_down = True
    closed.begin()
    for times in range(1, 4):
        await tries(closed, "getMe", times)
        closed.rest()
    closed.wire.is_down = False
    closed.rest()
    await closed.until(lambda: closed.server.world.updates.is_polled)
    assert await closed.serves()
    assert "Telegram is out of reach, next try in 10 s" in caplog.text


async def test_a_token_that_telegram_does_not_know_is_refused_and_shown_nowhere(
    closed: Lot, caplog: pytest.LogCaptureFixture
) -> None:
    token = TOKEN[:-4] + "none"
    with pytest.raises(TokenRefused) as refused:
        await closed.begin(closed.chat(token))
    assert token not in caplog.text
    assert token not in str(refused.value)


async def test_a_token_that_was_taken_back_is_logged_without_it(lot: Lot, caplog: pytest.LogCaptureFixture) -> None:
    lot.server.token = "7:another"  # noqa: S105 - of nobody
    lot.server.world.updates.end_poll("the end")
    await lot.until(lambda: lot.wire.tried["deleteWebhook"] == 2)
    lot.wire.tried.clear()
    lot.stage.clock.forward(REVOKED_SECONDS)
    await lot.until(lambda: lot.wire.tried[GET_UPDATES])
    assert "no updates from Telegram: Telegram no longer accepts the token" in caplog.text
    assert TOKEN not in caplog.text


async def again(lot: Lot, seconds: float) -> None:
    """The poll under way ends, and so much time passes that there is another."""
    tried = lot.wire.tried["deleteWebhook"]
    lot.server.world.updates.end_poll("the end")
    await lot.until(lambda: lot.wire.tried["deleteWebhook"] > tried)
    await lot.jobs()
    lot.stage.clock.forward(seconds)


async def test_an_answer_that_makes_no_sense_is_asked_for_again(lot: Lot) -> None:
    lot.wire.is_odd.add(GET_UPDATES)
    await again(lot, 60)
    await lot.until(lambda: not lot.wire.is_odd)
    lot.rest()
    assert await lot.serves()


async def test_a_poll_waits_as_long_as_telegram_asks(lot: Lot) -> None:
    lot.server.fault(GET_UPDATES, Fault(status=429, description="Flood", retry_after=600))
    await again(lot, 60)
    refused = await lot.until(lambda: next((c for c in lot.server.called(GET_UPDATES) if c.status == TOO_MANY), None))
    assert refused is not None
    later: list[Call] = []
    while not later:
        lot.stage.clock.forward(50)
        await lot.jobs()
        later = [call for call in lot.server.called(GET_UPDATES) if call.at > refused.at]
    assert later[0].at - refused.at >= 600
