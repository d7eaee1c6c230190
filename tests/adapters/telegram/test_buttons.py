"""What is pressed, by whom, and when."""

from dataclasses import replace

import pytest

from bot.card import Verb
from bot.job import Job, Phase
from bot.request import Resolution
from tests.adapters.telegram.lot import Filming, Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Answer, Message, Press
from tests.telegram_api.people import Chat, Member

NOT_YOURS = "Not yours: Only Ann can do that. Ask them, or order your own with /video."
ANOTHER = "/video orders another one."

GONE = "This button no longer works. Order anew with /video."


@pytest.fixture
def group(lot: Lot) -> Chat:
    return lot.server.supergroup("Film club", lot.ann, lot.bob)


async def filmed(lot: Lot, chat: Chat | None = None, text: str = "/video a fox --seed 7") -> tuple[Filming, Message]:
    filming = await lot.order(text, chat)
    clip = await filming.clip()
    lot.rest()
    return filming, clip


async def repeated(lot: Lot, clip: Message, verb: Verb, by: Member | None = None) -> Job:
    """The job that a press has begun."""
    press = await lot.press(clip, verb, by)
    await lot.until(lambda: press.answer)
    return (await lot.filming(clip, press.id)).job


async def test_again_films_the_same_words_with_another_seed(lot: Lot) -> None:
    _, clip = await filmed(lot)
    job = await repeated(lot, clip, Verb.AGAIN)
    assert job.request.prompt == "a fox"
    assert job.seed != 7


async def test_same_seed_films_with_the_same_one(lot: Lot) -> None:
    _, clip = await filmed(lot)
    assert (await repeated(lot, clip, Verb.SAME_SEED)).seed == 7


async def test_hd_films_with_as_many_lines_as_there_are(lot: Lot) -> None:
    _, clip = await filmed(lot)
    job = await repeated(lot, clip, Verb.HD)
    assert (job.seed, job.request.resolution) == (7, Resolution.P1080)


async def test_whoever_presses_orders_and_the_clip_is_an_answer_to_the_one_before(lot: Lot, group: Chat) -> None:
    _, clip = await filmed(lot, group)
    press = await lot.press(clip, Verb.AGAIN, lot.bob)
    await lot.until(lambda: press.answer)
    again = await (await lot.filming(clip, press.id)).clip()
    assert again.reply_to is clip
    assert again.caption.endswith("for Bob")


async def test_a_press_that_is_told_twice_is_one_order(lot: Lot) -> None:
    _, clip = await filmed(lot)
    press = await lot.press(clip, Verb.AGAIN)
    lot.server.redeliver(press.update_id)
    await lot.fence()
    assert len(await lot.jobs()) == 2


async def test_try_again_films_what_was_cancelled(lot: Lot) -> None:
    filming = await lot.order("/video a fox --seed 7")
    await lot.presses(filming.status, Verb.CANCEL)
    await lot.until(lambda: "Cancelled" in filming.status.text)
    lot.rest()
    assert (await repeated(lot, filming.status, Verb.TRY_AGAIN)).seed == 7


async def test_edit_asks_for_other_words_and_shows_the_command(lot: Lot) -> None:
    _, clip = await filmed(lot)
    assert not (await lot.presses(clip, Verb.EDIT)).text
    asked = await lot.reply_to(clip)
    call = lot.server.called("sendMessage")[-1]
    assert asked.text.endswith("/video a fox --seed 7")
    assert call.parameters["reply_markup"] == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "a fox --seed 7",
    }


async def test_an_answer_to_edit_is_an_order_with_the_rest_kept(lot: Lot) -> None:
    _, clip = await filmed(lot)
    await lot.presses(clip, Verb.EDIT)
    asked = await lot.reply_to(clip)
    lot.rest()
    filming = await reply(lot, asked, "--dur 8")
    assert (filming.job.request.prompt, filming.job.request.seconds, filming.job.seed) == ("a fox", 8, 7)
    other = await reply(lot, asked, "a wolf")
    assert (other.job.request.prompt, other.job.request.seconds) == ("a wolf", None)


async def reply(lot: Lot, asked: Message, words: str, by: Member | None = None) -> Filming:
    command = await lot.server.says(by or lot.ann, asked.chat, words, reply_to=asked)
    await lot.until(lambda: command.reactions == ["👀"])
    return await lot.filming(command, f"{command.chat.id}/{command.id}")


async def test_in_a_group_edit_asks_whoever_pressed(lot: Lot, group: Chat) -> None:
    _, clip = await filmed(lot, group)
    await lot.presses(clip, Verb.EDIT, lot.bob)
    asked = await lot.reply_to(clip)
    assert asked.text.startswith("Bob: reply with other words")
    assert asked.now.entities[0]["url"] == f"tg://user?id={lot.bob.id}"
    assert (await reply(lot, asked, "a wolf", lot.bob)).job.identity.name == "Bob"


async def test_the_owner_deletes_a_clip(lot: Lot, group: Chat) -> None:
    filming, clip = await filmed(lot, group)
    assert (await lot.presses(clip, Verb.DELETE)).text == "Deleted"
    await lot.until(lambda: clip.is_deleted)
    assert (await lot.stage.job(filming.job.id)).deleted
    assert lot.stage.library.discarded


async def test_a_clip_that_is_deleted_before_its_status_went_away_takes_that_along(lot: Lot) -> None:
    filming, clip = await filmed(lot)
    status = await lot.answer("/privacy")
    job = await lot.noted(filming.job, lambda job: job.told)
    await lot.stage.store.save(replace(job, status=f"{status.chat.id}/{status.id}"))
    await lot.presses(clip, Verb.DELETE)
    await lot.until(lambda: clip.is_deleted and status.is_deleted)


async def test_an_admin_deletes_anybody_s_clip(lot: Lot, group: Chat) -> None:
    lot.server.set_status(group, lot.bob, "administrator")
    _, clip = await filmed(lot, group)
    assert (await lot.presses(clip, Verb.DELETE, lot.bob)).text == "Deleted"
    await lot.until(lambda: clip.is_deleted)


async def test_nobody_else_deletes_a_clip(lot: Lot, group: Chat) -> None:
    _, clip = await filmed(lot, group)
    answer = await lot.presses(clip, Verb.DELETE, lot.bob)
    assert (answer.text, answer.show_alert) == (
        NOT_YOURS,
        True,
    )
    assert not clip.is_deleted


@pytest.mark.parametrize("status", [400, 500])
async def test_who_cannot_be_known_as_an_admin_is_none(lot: Lot, group: Chat, status: int) -> None:
    lot.server.set_status(group, lot.bob, "administrator")
    _, clip = await filmed(lot, group)
    for method in ("getChatMember", "getChatAdministrators"):
        lot.server.fault(method, Fault(status=status, description="Bad Request: CHAT_ADMIN_REQUIRED"))
    assert (await lot.presses(clip, Verb.DELETE, lot.bob)).show_alert
    assert not clip.is_deleted


async def test_a_clip_that_was_deleted_is_deleted_once(lot: Lot) -> None:
    _, clip = await filmed(lot)
    await lot.presses(clip, Verb.DELETE)
    assert (await lot.presses(clip, Verb.DELETE)).text == "Too late: There is no clip to delete. " + ANOTHER


async def test_a_clip_that_telegram_does_not_delete_any_more_says_that_it_was(lot: Lot) -> None:
    _, clip = await filmed(lot)
    lot.stage.clock.forward(3 * 24 * 3600)
    await lot.presses(clip, Verb.DELETE)
    await lot.until(lambda: "Deleted\nThe clip is no longer kept." in clip.caption)
    assert not clip.is_deleted
    assert clip.button("Again").data


async def test_a_link_that_telegram_does_not_delete_any_more_says_that_it_was(lot: Lot) -> None:
    lot.server.fault("sendVideo", Fault(status=413, description="Request Entity Too Large"), times=2)
    filming = await lot.order()
    await filming.finish()
    await lot.until(lambda: filming.status.is_deleted)
    link = await lot.reply_to(filming.command)
    lot.stage.clock.forward(3 * 24 * 3600)
    await lot.presses(link, Verb.DELETE)
    await lot.until(lambda: "Deleted" in link.text)


async def test_the_owner_cancels(lot: Lot, group: Chat) -> None:
    filming = await lot.order(chat=group)
    assert (await lot.presses(filming.status, Verb.CANCEL)).text == "Cancelled"
    assert (await lot.stage.job(filming.job.id)).phase is Phase.CANCELLED


async def test_others_cannot_cancel(lot: Lot, group: Chat) -> None:
    filming = await lot.order(chat=group)
    answer = await lot.presses(filming.status, Verb.CANCEL, lot.bob)
    assert (answer.text, answer.show_alert) == (
        NOT_YOURS,
        True,
    )
    assert (await lot.stage.job(filming.job.id)).phase is Phase.ACCEPTED


async def test_an_admin_of_the_group_cancels_what_others_ordered_there(lot: Lot, group: Chat) -> None:
    lot.server.set_status(group, lot.bob, "administrator")
    filming = await lot.order(chat=group)
    assert (await lot.presses(filming.status, Verb.CANCEL, lot.bob)).text == "Cancelled"
    assert (await lot.stage.job(filming.job.id)).phase is Phase.CANCELLED


async def test_a_button_to_cancel_that_came_too_late_goes(lot: Lot) -> None:
    filming = await lot.order()
    await filming.until(Phase.FETCHING)
    assert (
        await lot.presses(filming.status, Verb.CANCEL)
    ).text == "Too late: There is nothing left to cancel. " + ANOTHER
    await lot.until(lambda: not filming.status.buttons)


@pytest.mark.parametrize("data", ["cancel:nobody-s", "again:nobody-s"])
async def test_a_button_of_an_order_that_is_no_longer_kept_says_so(lot: Lot, data: str) -> None:
    filming = await lot.order()
    answer = await raw_press(lot, filming.status.as_json(), data)
    assert answer.text.startswith("Not found: This button belongs to an order that is no longer kept.")


@pytest.mark.parametrize("data", ["", "explode:1", "cancel", "cancel:", "form", "form:", "v1|again|7"])
async def test_a_button_that_nobody_knows_is_answered(lot: Lot, data: str) -> None:
    filming = await lot.order()
    assert await raw_press(lot, filming.status.as_json(), data) == Answer(GONE, show_alert=True)


async def test_a_button_on_a_message_that_telegram_no_longer_shows_works(lot: Lot) -> None:
    filming, clip = await filmed(lot)
    inaccessible = {"chat": lot.home.as_json(), "message_id": clip.id, "date": 0}
    assert (await raw_press(lot, inaccessible, f"again:{filming.job.id}")).text == "Waiting"
    assert "Waiting" in (await lot.reply_to(clip)).text


async def test_a_form_that_telegram_no_longer_shows_is_none(lot: Lot) -> None:
    form = await lot.answer("a fox")
    inaccessible = {"chat": lot.home.as_json(), "message_id": form.id, "date": 0}
    assert (await raw_press(lot, inaccessible, "form:film")).text.startswith("No longer valid")


async def test_a_press_without_a_message_is_answered(lot: Lot) -> None:
    await lot.order()
    assert await raw_press(lot, None, "cancel:1") == Answer(GONE, show_alert=True)


async def test_a_press_on_a_form_button_below_something_else_is_answered(lot: Lot) -> None:
    filming = await lot.order()
    assert (await raw_press(lot, filming.status.as_json(), "form:film")).text.startswith("No longer valid")


async def raw_press(lot: Lot, message: dict[str, object] | None, data: str) -> Answer:
    """What is said to whoever presses a button that no message has."""
    press = Press(
        id="42", member=lot.ann, message=lot.server.messages(lot.home)[0], data=data, at=lot.server.world.clock.now()
    )
    lot.server.world.presses[press.id] = press
    shown = {key: value for key, value in (press.as_json() | {"message": message}).items() if value is not None}
    lot.server.world.updates.add("callback_query", shown, ("person", lot.ann.id))
    await lot.until(lambda: press.answer)
    assert press.answer is not None
    return press.answer


async def test_a_press_is_answered_once_and_nothing_happens_where_that_comes_too_late(lot: Lot) -> None:
    filming = await lot.order()
    press = await lot.press(filming.status, Verb.CANCEL)
    lot.stage.clock.forward(20)
    await lot.until(lambda: "Cancelled" in filming.status.text)
    await lot.fence()
    assert press.answer is None
    assert len(lot.server.called("answerCallbackQuery")) == 1


async def test_buttons_work_months_later_and_after_a_restart(lot: Lot, group: Chat) -> None:
    _, clip = await filmed(lot, group)
    await lot.close()
    lot.stage.clock.forward(200 * 24 * 3600)
    lot.stage.clock.jump(-3600)
    await lot.open()
    assert (await repeated(lot, clip, Verb.SAME_SEED, lot.bob)).identity.name == "Bob"
    await lot.presses(clip, Verb.EDIT)
    assert (await lot.reply_to(clip, 2)).text.endswith("/video a fox --seed 7")
    await lot.presses(clip, Verb.DELETE)
    await lot.until(lambda: "Deleted" in clip.caption)
