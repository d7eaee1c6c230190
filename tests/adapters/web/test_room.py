"""Who is told what, and when."""

import asyncio
from dataclasses import replace

import pytest

from adapters.chat.web import room
from adapters.chat.web.room import News, Seat, WebChat
from bot.card import JobCard
from bot.job import Job
from tests.stage import Stage


@pytest.fixture
def chat() -> WebChat:
    return WebChat()


async def ordered(stage: Stage, text: str = "a fox") -> tuple[Job, JobCard]:
    card = await stage.order(text)
    return await stage.job(card.job), card


async def told(chat: WebChat, seat: Seat) -> News:
    async with asyncio.timeout(30):
        news = await chat.news(seat)
    assert news is not None
    return news


async def test_a_newer_card_replaces_the_one_that_waits(chat: WebChat, stage: Stage) -> None:
    job, card = await ordered(stage)
    with chat.seat(chat.mark) as seat:
        chat.show(job, card)
        chat.show(job, replace(card, title="Filming"))
        assert [one.title for one in (await told(chat, seat)).cards] == ["Filming"]


async def test_a_card_of_an_earlier_revision_comes_too_late(chat: WebChat, stage: Stage) -> None:
    job, card = await ordered(stage)
    with chat.seat(chat.mark) as seat:
        chat.show(replace(job, revision=2), replace(card, title="Filming"))
        chat.show(replace(job, revision=1), card)
        assert [one.title for one in (await told(chat, seat)).cards] == ["Filming"]


async def test_a_place_in_the_line_moves_without_a_new_revision(chat: WebChat, stage: Stage) -> None:
    job, card = await ordered(stage)
    with chat.seat(chat.mark) as seat:
        chat.show(job, card)
        chat.show(job, replace(card, lines=("Number 2 in line.",)))
        assert (await told(chat, seat)).cards[0].lines == ("Number 2 in line.",)


async def test_two_seats_are_told_the_same(chat: WebChat, stage: Stage) -> None:
    job, card = await ordered(stage)
    with chat.seat(chat.mark) as one, chat.seat(chat.mark) as other:
        chat.show(job, card)
        assert await told(chat, one) == await told(chat, other) == News(chat.mark, (card,))


async def test_a_newcomer_is_behind(chat: WebChat) -> None:
    with chat.seat(None) as seat:
        assert (await told(chat, seat)).is_behind


async def test_who_saw_the_last_mark_has_missed_nothing(stage: Stage) -> None:
    chat = WebChat(heartbeat=0.01)
    chat.show(*await ordered(stage))
    with chat.seat(chat.mark) as seat:
        assert await told(chat, seat) == News(chat.mark)


async def test_a_mark_of_an_earlier_run_is_worth_nothing(chat: WebChat) -> None:
    with chat.seat(WebChat().mark) as seat:
        assert (await told(chat, seat)).is_behind


async def test_who_is_too_far_behind_is_told_everything_anew(
    chat: WebChat, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_WAITING", 1)
    with chat.seat(chat.mark) as seat:
        for text in ("a fox", "a hare"):
            chat.show(*await ordered(stage, text))
        assert await told(chat, seat) == News(chat.mark, (), is_behind=True)


async def test_another_chat_is_none_of_this_rooms_business(stage: Stage) -> None:
    chat = WebChat(heartbeat=0.01)
    job, card = await ordered(stage)
    with chat.seat(chat.mark) as seat:
        chat.show(replace(job, place=replace(job.place, chat="elsewhere")), card)
        assert not (await told(chat, seat)).cards


async def test_a_closed_room_lets_everybody_go_and_nobody_in(chat: WebChat) -> None:
    with chat.seat(chat.mark) as seat:
        waiting = asyncio.create_task(chat.news(seat))
        await asyncio.sleep(0)
        chat.close()
        async with asyncio.timeout(30):
            assert await waiting is None
    with chat.seat(None) as seat:
        assert await chat.news(seat) is None


async def test_only_so_many_revisions_are_remembered(
    chat: WebChat, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "REMEMBERED", 1)
    job, card = await ordered(stage)
    chat.show(replace(job, revision=5), card)
    chat.show(*await ordered(stage, "a hare"))
    with chat.seat(chat.mark) as seat:
        chat.show(job, card)
        assert (await told(chat, seat)).cards == (card,)
