"""Clips for adults: where an admin says that adults are, and covered where members want it so."""

import pytest

from bot.access import ADULT, YES
from bot.card import Verb
from bot.decision import Decision, Ruling
from bot.job import Phase
from bot.taboo import Kind, Outside, Taboo, Taboos
from tests.adapters.telegram.lot import Lot
from tests.stage import NOON
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Message
from tests.telegram_api.people import Chat

NUDES = (Taboo(spelling="nude*", kind=Kind.ADULT),)


def covered(clip: Message) -> bool:
    assert clip.media is not None
    return clip.media.has_spoiler


async def for_adults(lot: Lot, chat: Chat) -> None:
    said = Decision(by="telegram:1", at=NOON, chat=f"telegram:{chat.id}", what="adult on")
    await lot.stage.store.rulebook.decide(Ruling(terms=((ADULT, YES),)), said)


@pytest.fixture(autouse=True)
def _laid_down(lot: Lot) -> None:
    lot.stage.core.terms.taboos = Taboos(each=NUDES)


async def test_what_is_for_adults_is_refused_with_why_and_where(lot: Lot) -> None:
    told = await lot.answer("/video two nudes")
    assert told.text.splitlines() == [
        "⚠️ Not filmed",
        "“nude” is filmed only for adults.",
        "Order it in a place that is marked age-restricted, or say it differently.",
        "Nothing was charged.",
    ]


async def test_it_is_filmed_where_an_admin_says_that_adults_are(lot: Lot) -> None:
    await for_adults(lot, lot.home)
    assert not covered(await (await lot.order("/video two nudes")).clip())


async def test_a_form_is_judged_when_it_is_to_be_filmed(lot: Lot) -> None:
    form = await lot.answer("/video")
    form = await lot.answer("two nudes", reply_to=form)
    told = await lot.presses(form, "film")
    assert told.show_alert
    assert told.text.startswith("Not filmed: “nude” is filmed only for adults.")
    assert not await lot.jobs()


async def test_a_clip_is_covered_where_the_operator_or_whoever_orders_says_so(lot: Lot) -> None:
    lot.stage.core.terms.taboos = Taboos(each=NUDES, outside=Outside.SPOILER)
    for text in ("/video two nudes", "/video a fox --spoiler"):
        lot.rest()
        assert covered(await (await lot.order(text)).clip())


async def test_a_copy_stays_covered(lot: Lot) -> None:
    first = await lot.order("/video a fox --spoiler")
    await first.clip()
    lot.rest()
    history = await lot.answer("/history")
    await lot.press(history, Verb.SEND_AGAIN)
    [_, copy] = await lot.until(
        lambda: found if len(found := [said for said in lot.server.replies(lot.home) if said.media]) > 1 else []
    )
    assert covered(copy)


async def test_a_clip_that_takes_the_place_of_its_status_is_covered_as_well(lot: Lot) -> None:
    filming = await lot.order("/video a fox --spoiler")
    await filming.until(Phase.DELIVERING)
    await lot.noted(filming.job, lambda job: bool(job.status))
    lot.server.fault("sendVideo", Fault(after=True, silent=True))
    await filming.finish()
    assert covered(filming.status)


async def test_where_the_group_is_out_of_reach_it_comes_privately_and_covered(lot: Lot) -> None:
    lot.server.private(lot.ann)
    group = lot.server.supergroup("Film club", lot.ann)
    await for_adults(lot, group)
    filming = await lot.order("/video two nudes", group)
    refused = Fault(status=400, description="Bad Request: CHAT_WRITE_FORBIDDEN")
    lot.server.fault("sendVideo", refused, chat_id=group.id)
    await filming.finish()
    [clip] = [said for said in lot.server.replies(lot.home) if said.media]
    assert covered(clip)
