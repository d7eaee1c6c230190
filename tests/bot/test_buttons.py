"""What the buttons on a result do."""

from dataclasses import replace

import pytest

from bot.card import Card, HistoryCard, Kept, Order, Press, Verb
from bot.job import JobId, Phase
from bot.refusal import CouldNotSend, NotYours, TooLate
from bot.request import Resolution
from bot.trouble import DeliveryUnknown, NotNow, Passing, Undeliverable
from tests.stage import ANN, BOB, LOBBY, Stage


async def press(stage: Stage, verb: Verb, job: JobId, *, is_admin: bool = False, by: object = BOB) -> Card:
    identity = ANN if by is ANN else BOB
    return await stage.studio.act(
        Press(identity=identity, place=LOBBY, event=f"{verb}", verb=verb, job=job, is_admin=is_admin)
    )


async def filmed(stage: Stage, text: str = "a fox") -> JobId:
    return (await stage.finish((await stage.order(text)).job)).id


def verbs(card: Card) -> list[Verb]:
    return [button.verb for button in card.buttons]


async def test_hd_films_the_same_clip_with_as_many_lines_as_there_are(stage: Stage) -> None:
    job = await stage.job(await filmed(stage))
    sharper = await stage.job((await stage.press(Verb.HD, job.id)).job)
    assert sharper.request.resolution is Resolution.P1080
    assert sharper.seed == job.seed


async def test_hd_goes_no_higher_than_the_length_allows(stage: Stage) -> None:
    job = await filmed(stage, "a fox --dur 10 --res 360p")
    assert (await stage.job((await stage.press(Verb.HD, job)).job)).request.resolution is Resolution.P720


async def test_hd_is_not_offered_where_there_is_no_more(stage: Stage) -> None:
    await filmed(stage, "a fox --res 1080p")
    assert verbs(stage.chat.cards[-1]) == [Verb.AGAIN, Verb.SAME_SEED, Verb.EDIT, Verb.DELETE]


async def test_an_old_hd_button_where_there_is_no_more_films_the_same_again(stage: Stage) -> None:
    job = await filmed(stage, "a fox --res 1080p")
    assert (await stage.job((await stage.press(Verb.HD, job)).job)).request.resolution is Resolution.P1080


async def test_edit_gives_the_command_back(stage: Stage) -> None:
    job = await filmed(stage, "a fox --ar 9:16")
    assert (await press(stage, Verb.EDIT, job)).lines == ("/video a fox --ar 9:16",)


async def test_delete_takes_the_clip_from_the_disk_and_says_so(stage: Stage) -> None:
    job = await filmed(stage)
    card = await stage.press(Verb.DELETE, job)
    assert (card.title, card.clip, verbs(card)) == ("Deleted", None, [Verb.AGAIN, Verb.EDIT])
    assert stage.library.discarded == [job]
    with pytest.raises(TooLate):
        await stage.press(Verb.DELETE, job)


async def test_others_cannot_delete_but_an_admin_can(stage: Stage) -> None:
    job = await filmed(stage)
    with pytest.raises(NotYours):
        await press(stage, Verb.DELETE, job)
    assert stage.library.discarded == []
    await press(stage, Verb.DELETE, job, is_admin=True)
    assert stage.library.discarded == [job]


async def test_the_message_that_shows_the_status_is_remembered_and_not_shown_anew(stage: Stage) -> None:
    card = await stage.order()
    shown = len(stage.chat.cards)
    await stage.studio.posted(card.job, "message 5")
    assert (await stage.job(card.job)).status == "message 5"
    assert len(stage.chat.cards) == shown


async def test_a_try_that_certainly_did_not_arrive_is_forgotten(stage: Stage) -> None:
    stage.chat.receipts.will(Passing("429"), "message 2")
    await filmed(stage)
    assert stage.chat.maybe_sent == [False, False]


async def test_after_a_try_that_may_have_arrived_every_other_one_knows(stage: Stage) -> None:
    stage.chat.receipts.will(DeliveryUnknown("timed out"), Passing("429"), "message 3")
    await filmed(stage)
    assert stage.chat.maybe_sent == [False, True, True]


async def test_a_clip_that_may_have_arrived_six_times_waits_for_a_person(stage: Stage) -> None:
    stage.chat.receipts.will(DeliveryUnknown("timed out"))
    assert (await stage.job(await filmed(stage))).waits_for_a_person


async def test_a_clip_for_a_chat_whose_token_was_taken_away_is_kept_for_later(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.DELIVERING)
    stage.chats.clear()
    assert await stage.core.generation.step(job) == 300
    assert (await stage.job(card.job)).attempts == 0


async def test_a_chat_that_takes_no_more_for_the_moment_is_not_a_failed_try(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(*[NotNow("full", retry_after=30)] * 20, "message 1")
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED
    assert not any(stage.chat.maybe_sent)


async def test_a_chat_that_is_full_does_not_make_a_lost_answer_forgotten(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(DeliveryUnknown("timed out"), NotNow("full", retry_after=30), "message 1")
    await stage.finish(card.job)
    assert stage.chat.maybe_sent == [False, True, True]


async def test_a_kept_clip_goes_to_where_it_is_asked_for(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(Undeliverable("kicked"))
    await stage.finish(card.job)
    await stage.studio.posted(card.job, "message 5")
    stage.chat.receipts.will("message 9")
    elsewhere = replace(LOBBY, chat="private", reply_to="3")
    await stage.studio.act(Press(identity=ANN, place=elsewhere, event="p", verb=Verb.SEND_AGAIN, job=card.job))
    job = await stage.finish(card.job)
    assert (job.phase, job.place, job.status) == (Phase.DELIVERED, elsewhere, None)


async def test_a_kept_clip_sent_again_in_its_own_chat_keeps_its_status_message(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(Undeliverable("no rights"))
    await stage.finish(card.job)
    await stage.studio.posted(card.job, "message 5")
    await stage.press(Verb.SEND_AGAIN, card.job)
    assert (await stage.job(card.job)).status == "message 5"


async def test_a_clip_that_arrived_once_can_be_sent_once_more_at_no_cost(stage: Stage) -> None:
    job = await stage.job(await filmed(stage))
    assert (await press(stage, Verb.SEND_AGAIN, job.id, by=ANN)).title == "Sent again"
    assert [sent.id for sent in stage.chat.sent] == [job.id, job.id]
    assert await stage.job(job.id) == job


@pytest.mark.parametrize("trouble", [Undeliverable("blocked"), Passing("down")])
async def test_a_copy_that_the_chat_does_not_take_is_told_so(stage: Stage, trouble: Exception) -> None:
    job = await filmed(stage)
    stage.chat.receipts.will(trouble)
    with pytest.raises(CouldNotSend):
        await press(stage, Verb.SEND_AGAIN, job, by=ANN)


async def test_a_copy_for_a_chat_that_is_not_connected_is_told_so(stage: Stage) -> None:
    job = await filmed(stage)
    del stage.chats["web"]
    with pytest.raises(CouldNotSend):
        await press(stage, Verb.SEND_AGAIN, job, by=ANN)


async def test_a_deleted_clip_cannot_be_sent_again(stage: Stage) -> None:
    job = await filmed(stage)
    await stage.press(Verb.DELETE, job)
    with pytest.raises(TooLate):
        await press(stage, Verb.SEND_AGAIN, job, by=ANN)


async def test_the_history_numbers_what_can_be_sent_again(stage: Stage) -> None:
    first = await filmed(stage, "one")
    deleted = await filmed(stage, "two")
    await stage.press(Verb.DELETE, deleted)
    await stage.order("three")
    order = Order(identity=ANN, place=LOBBY, event="h", text="/history")
    card = await stage.studio.say(order)
    assert isinstance(card, HistoryCard)
    assert [line[:2] for line in card.lines] == ["1.", "2.", "3."]
    assert card.kept == (Kept(3, first),)


async def test_what_ended_is_untold_until_the_chat_says_so(stage: Stage) -> None:
    job = await filmed(stage)
    running = await stage.order()
    assert [(job.id, card.phase) for job, card in await stage.studio.untold("web")] == [(job, Phase.DELIVERED)]
    await stage.studio.told(job)
    assert await stage.studio.untold("web") == []
    await stage.press(Verb.DELETE, job)
    assert [told.id for told, _ in await stage.studio.untold("web")] == [job]
    assert await stage.studio.untold("telegram") == []
    stage.chat.receipts.will(Undeliverable("kicked"))
    await stage.finish(running.job)
    assert [told.id for told, _ in await stage.studio.untold("web")] == [job, running.job]


async def test_an_order_may_bring_the_message_that_shows_its_status(stage: Stage) -> None:
    order = Order(identity=ANN, place=LOBBY, event="o", text="a fox", status="message 4")
    await stage.studio.say(order)
    assert stage.chat.cards[-1].phase is Phase.ACCEPTED
    assert (await stage.job(stage.chat.cards[-1].job)).status == "message 4"


async def test_an_admin_of_another_chat_cannot_delete(stage: Stage) -> None:
    job = await filmed(stage)
    there = replace(LOBBY, chat="another")
    with pytest.raises(NotYours):
        await stage.studio.act(Press(identity=BOB, place=there, event="d", verb=Verb.DELETE, job=job, is_admin=True))


async def test_asking_twice_does_not_send_what_is_on_its_way_blindly_again(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(Undeliverable("kicked"))
    await stage.finish(card.job)
    stale = await stage.job(card.job)
    press = Press(identity=ANN, place=LOBBY, event="s", verb=Verb.SEND_AGAIN, job=card.job)
    await stage.studio.act(press)
    stage.chat.receipts.will(DeliveryUnknown("timed out"), "message 2")
    await stage.step(card.job)
    with pytest.raises(TooLate):
        await stage.studio._actions._deliver_anew(press, stale)  # noqa: SLF001 - the moment between read and write
    await stage.finish(card.job)
    assert stage.chat.maybe_sent == [False, False, True]


async def test_an_outage_of_the_chat_does_not_park_a_clip(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(*[Passing("no connection")] * 50, "message 1")
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_chat_that_is_out_of_reach_for_a_day_is_given_up(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.DELIVERING)
    stage.chat.receipts.will(Passing("no connection"))
    stage.clock.forward(24 * 3600)
    assert (await stage.finish(card.job)).waits_for_a_person
