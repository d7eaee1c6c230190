"""What people are told of what is kept about them, and how they have it erased."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.card import Card, HistoryCard, Order, Press, Verb
from bot.job import Identity, Job, Phase
from bot.keeping import ERASED, Keep
from bot.refusal import NoLongerKept, NoSuchClip, StillUnderWay
from bot.trouble import Undeliverable
from tests.stage import ANN, BOB, LOBBY, Stage

DISCORD_ANN = Identity(platform="discord", user="77", name="ann#1")
DAY = 24 * 3600


async def say(stage: Stage, text: str, by: Identity = ANN) -> Card:
    place = replace(LOBBY, platform=by.platform)
    return await stage.studio.say(Order(identity=by, place=place, event=text, text=text, is_private=True))


async def filmed(stage: Stage, text: str = "a fox", by: Identity = ANN) -> Job:
    return await stage.finish((await stage.order(text, by=by)).job)


async def test_privacy_tells_for_how_long_as_the_operator_has_it(stage: Stage) -> None:
    lines = " ".join((await say(stage, "/privacy")).lines)
    assert "Clips are kept for 30 days; " in lines
    assert "Prompts are kept for good, " in lines
    stage.core.terms.keep = Keep(clips=None, prompts=timedelta(days=365))
    lines = " ".join((await say(stage, "/privacy")).lines)
    assert "Clips are kept for good; " in lines
    assert "Prompts are kept for 1 year, " in lines


@pytest.mark.parametrize("text", ["/forget", "/forget you", "/forget me not"])
async def test_nobody_is_forgotten_before_they_have_read_what_that_means(stage: Stage, text: str) -> None:
    job = await filmed(stage)
    card = await say(stage, text)
    assert card.title == "Shall I forget you?"
    assert any("31 days" in line for line in card.lines)
    assert card.lines[-1].startswith("/forget me — ")
    assert await stage.job(job.id) == job


async def test_whoever_is_forgotten_has_no_history_no_clips_and_no_words_left(stage: Stage) -> None:
    mine, other = await filmed(stage), await filmed(stage, by=BOB)
    assert (await say(stage, "/forget ME")).title == "Forgotten"
    assert stage.library.discarded == [mine.id]
    assert (await say(stage, "/history")).lines == ("None yet.",)
    assert (await say(stage, "/usage")).lines == (
        "1 clip filmed for $0.20.",
        "None under way.",
        f"−$0.20 “{ERASED}” filmed",
    )
    assert await stage.studio.recent_prompts(ANN, "", 9) == []
    assert [card.job for card in await stage.studio.latest("web", "lobby")] == [other.id]


async def test_a_forgetting_is_for_every_linked_account(stage: Stage) -> None:
    code = (await say(stage, "/link")).lines[0]
    await filmed(stage)
    await filmed(stage, by=DISCORD_ANN)
    await say(stage, code, by=DISCORD_ANN)
    await say(stage, "/forget me", by=DISCORD_ANN)
    for identity in (ANN, DISCORD_ANN):
        assert (await say(stage, "/history", identity)).lines == ("None yet.",)
    assert len(stage.library.discarded) == 2


async def test_nobody_is_forgotten_while_something_is_under_way(stage: Stage) -> None:
    card = await stage.order("a fox")
    with pytest.raises(StillUnderWay, match=r"Cancel it with /cancel, or wait"):
        await say(stage, "/forget me")
    await stage.press(Verb.CANCEL, card.job)
    assert (await say(stage, "/forget me")).title == "Forgotten"


async def test_a_clip_that_could_not_be_sent_is_nothing_to_wait_for(stage: Stage) -> None:
    stage.chat.receipts.will(Undeliverable("kicked"))
    job = await filmed(stage)
    assert job.waits_for_a_person
    await say(stage, "/forget me")
    assert stage.library.discarded == [job.id]
    assert await stage.store.unfinished() == []


async def test_who_was_never_here_can_be_forgotten_too(stage: Stage) -> None:
    assert (await say(stage, "/forget me")).title == "Forgotten"
    assert stage.library.discarded == []


@pytest.mark.parametrize("verb", list(Verb))
async def test_no_button_of_a_forgotten_order_does_anything(stage: Stage, verb: Verb) -> None:
    job = await filmed(stage)
    await say(stage, "/forget me")
    before = await stage.job(job.id)
    with pytest.raises(NoSuchClip):
        await stage.studio.act(Press(identity=ANN, place=LOBBY, event="p", verb=verb, job=job.id, is_admin=True))
    assert await stage.job(job.id) == before


async def test_what_a_chat_still_wrote_about_a_forgotten_order_is_not_noted(stage: Stage) -> None:
    job = await filmed(stage)
    await say(stage, "/forget me")
    await stage.studio.posted(job.id, "ann/5")
    await stage.studio.told(job.id)
    assert (await stage.job(job.id)).status is None


async def test_an_order_whose_words_are_erased_can_be_sent_and_deleted_and_not_repeated(stage: Stage) -> None:
    stage.core.terms.keep = Keep(prompts=timedelta(days=90))
    job = await filmed(stage)
    failed = (await stage.order("a hare")).job
    await stage.press(Verb.CANCEL, failed)
    stage.clock.forward(91 * DAY)
    await stage.core.sweeper._prompts(stage.clock.now())  # noqa: SLF001 - the clip is to stay
    shown = {card.job: card for card in await stage.studio.latest("web", "lobby")}
    assert [button.verb for button in shown[job.id].buttons] == [Verb.DELETE]
    assert shown[failed].buttons == ()
    with pytest.raises(NoLongerKept, match=r"^Prompts are kept for 90 days here\. Order it anew"):
        await stage.press(Verb.AGAIN, job.id)
    assert await stage.studio.recent_prompts(ANN, "", 9) == []
    send = Press(identity=ANN, place=LOBBY, event="s", verb=Verb.SEND_AGAIN, job=job.id)
    assert (await stage.studio.act(send)).title == "Sent again"
    assert (await stage.press(Verb.DELETE, job.id)).phase is Phase.DELIVERED


async def swept(stage: Stage) -> Job:
    job = await filmed(stage)
    stage.clock.forward(31 * DAY)
    await stage.core.sweeper.sweep()
    assert stage.library.discarded == [job.id]
    return job


def kept_in(card: Card) -> list[str]:
    assert isinstance(card, HistoryCard)
    return [kept.job for kept in card.kept]


async def test_a_clip_that_is_no_longer_kept_is_not_offered_and_its_button_says_why(stage: Stage) -> None:
    job = await swept(stage)
    assert kept_in(await say(stage, "/history")) == []
    press = Press(identity=ANN, place=LOBBY, event="s", verb=Verb.SEND_AGAIN, job=job.id)
    with pytest.raises(NoLongerKept, match=r"^Clips are kept for 30 days here\."):
        await stage.studio.act(press)
    stage.core.terms.keep = Keep(clips=None)
    with pytest.raises(NoLongerKept, match=r"^Clips were not kept for so long before\."):
        await stage.studio.act(press)
    [card] = await stage.studio.latest("web", "lobby")
    assert (card.clip, card.lines[-1]) == (None, "The clip is no longer kept here.")


async def test_a_clip_that_the_platform_has_can_be_sent_there_and_nowhere_else(stage: Stage) -> None:
    stage.chat.kept.add("message 1")
    job = await swept(stage)
    assert kept_in(await say(stage, "/history")) == [job.id]
    press = Press(identity=ANN, place=LOBBY, event="s", verb=Verb.SEND_AGAIN, job=job.id)
    assert (await stage.studio.act(press)).title == "Sent again"
    assert stage.chat.sent[-1].clip == job.clip
    code = (await say(stage, "/link")).lines[0]
    await say(stage, code, by=DISCORD_ANN)
    stage.chats["discord"] = stage.chat
    assert kept_in(await say(stage, "/history", DISCORD_ANN)) == []
    with pytest.raises(NoLongerKept):
        await stage.studio.act(replace(press, identity=DISCORD_ANN, place=replace(LOBBY, platform="discord")))


async def test_a_clip_that_is_no_longer_kept_can_still_be_taken_from_the_chat(stage: Stage) -> None:
    job = await swept(stage)
    assert (await stage.press(Verb.DELETE, job.id)).title == "Deleted"
