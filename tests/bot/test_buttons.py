"""What the buttons on a result do."""

import pytest

from bot.card import Card, Press, Verb
from bot.job import JobId, Phase
from bot.request import Resolution
from bot.studio import NotYours, TooLate
from bot.trouble import DeliveryUnknown, Passing
from tests.stage import ANN, BOB, CLIP, LOBBY, Stage


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
    assert stage.library.discarded == [CLIP]
    with pytest.raises(TooLate):
        await stage.press(Verb.DELETE, job)


async def test_others_cannot_delete_but_an_admin_can(stage: Stage) -> None:
    job = await filmed(stage)
    with pytest.raises(NotYours):
        await press(stage, Verb.DELETE, job)
    assert stage.library.discarded == []
    await press(stage, Verb.DELETE, job, is_admin=True)
    assert stage.library.discarded == [CLIP]


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
