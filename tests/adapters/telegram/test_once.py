"""What must not happen twice although something was heard twice, or nobody knows whether it happened."""

from bot.card import Verb
from bot.job import Failure, FailureKind, Phase
from bot.ports import Broken, Rendering
from tests.adapters.telegram.lot import Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Press

LOST = Fault(after=True, silent=True)
THROTTLED = Fault(status=429, description="Too Many Requests: retry after 5", retry_after=5)
REFUSED = Broken(Failure(FailureKind.MODERATED, "no"))


async def test_a_cancel_that_is_told_again_cancels_no_other_order(lot: Lot) -> None:
    lot.stage.provider.sights.will(Rendering())
    one = await lot.order("/video one")
    lot.rest()
    two = await lot.order("/video two")
    lot.rest()
    said = await lot.says("/cancel")
    await lot.until(lambda: said.reactions)
    lot.server.redeliver(said.update_id)
    await lot.fence()
    phases = [(await lot.stage.job(order.job.id)).phase for order in (one, two)]
    assert phases == [Phase.ACCEPTED, Phase.CANCELLED]


async def test_a_status_that_may_stand_there_is_not_written_again(lot: Lot) -> None:
    lot.server.fault("sendMessage", LOST)
    command = await lot.says("/video a fox")
    await lot.until(lambda: lot.server.called("sendMessage"))
    await lot.fence()
    [job] = await lot.jobs()
    await lot.stage.finish(job.id)
    await lot.noted(job, lambda told: told.told)
    assert len([reply for reply in lot.replies_to(command) if not reply.media]) == 1


async def test_a_failure_that_may_have_been_told_stands_in_the_status_too_and_nowhere_else(lot: Lot) -> None:
    order = await lot.order("/video a fox")
    lot.stage.provider.sights.will(REFUSED)
    lot.rest()
    lot.server.fault("sendMessage", LOST)
    await order.finish()
    await lot.noted(order.job, lambda told: told.told)
    assert order.status.text.startswith("⚠️ No clip")
    assert len([reply for reply in lot.replies_to(order.command) if "No clip" in reply.text]) == 2


async def test_a_failure_is_told_once_although_its_status_can_be_taken_away_only_later(lot: Lot) -> None:
    order = await lot.order("/video a fox")
    lot.stage.provider.sights.will(REFUSED)
    lot.server.fault("deleteMessage", THROTTLED)
    await order.finish()
    await lot.until(lambda: lot.server.throttled["deleteMessage"])
    assert not order.status.is_deleted
    lot.rest()
    await lot.until(lambda: order.status.is_deleted)
    await lot.noted(order.job, lambda told: told.told)
    assert len([reply for reply in lot.replies_to(order.command) if "No clip" in reply.text]) == 1


async def test_film_it_right_after_a_pick_films_what_was_picked(lot: Lot) -> None:
    form = await lot.answer("a fox")
    lot.rest()
    pressed = [await lot.press(form, "--dur 8"), await lot.press(form, "film")]
    await lot.until(lambda: all(press.answer for press in pressed))
    [job] = await lot.jobs()
    assert job.request.seconds == 8


async def test_closing_or_changing_a_form_that_is_being_filmed_does_nothing(lot: Lot) -> None:
    form = await lot.answer("a fox")
    lot.rest()
    pressed = [await lot.press(form, what) for what in ("film", "close", "--dur 8")]
    await lot.until(lambda: all(press.answer for press in pressed))
    await lot.fence()
    assert not form.is_deleted
    assert form.text.startswith("⏳ Waiting")
    assert [job.request.seconds for job in await lot.jobs()] == [None]


async def test_a_delete_from_another_group_does_nothing_whoever_rules_there(lot: Lot) -> None:
    """Whoever makes a client of their own can press what stands below no message."""
    here = lot.server.supergroup("Here", lot.ann)
    mine = lot.server.supergroup("Mine", admins=[lot.bob])
    order = await lot.order("/video a fox", here)
    await order.clip()
    lot.rest()
    form = await lot.reply_to(await lot.server.says(lot.bob, mine, "/video"))
    now = lot.server.world.clock.now()
    press = Press(id="77", member=lot.bob, message=form, data=f"{Verb.DELETE}:{order.job.id}", at=now)
    lot.server.world.presses[press.id] = press
    lot.server.world.updates.add("callback_query", press.as_json(), ("person", lot.bob.id))
    await lot.until(lambda: press.answer)
    assert not (await lot.stage.job(order.job.id)).deleted


async def test_delete_below_a_copy_takes_the_copy_and_the_clip(lot: Lot) -> None:
    order = await lot.order("/video a fox")
    clip = await order.clip()
    lot.rest()
    history = await lot.answer("/history")
    lot.rest()
    await lot.press(history, Verb.SEND_AGAIN)
    [copy] = await lot.until(lambda: [reply for reply in lot.server.replies(lot.home) if reply.media][1:])
    lot.rest()
    await lot.presses(copy, Verb.DELETE)
    await lot.until(lambda: copy.is_deleted and clip.is_deleted)
