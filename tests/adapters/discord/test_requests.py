"""Whoever is new asks with the first order, and admins or operators answer with a button."""

import asyncio
from collections.abc import Callable

import pytest

from bot.card import Card, Choice, RequestCard, Verb
from bot.commands import Word
from bot.job import Failure, FailureKind, Job
from bot.ports import Broken
from bot.trouble import NotNow, Trouble
from tests.adapters.discord.club import OLGA, TOKEN_SECONDS, Club
from tests.discord_api.faults import Fault
from tests.discord_api.interactions import Interaction
from tests.discord_api.messages import Message
from tests.discord_api.people import Channel, Member

AT_LAST = 4 * TOKEN_SECONDS


async def request(club: Club, channel: Channel | None = None, prompt: str = "a fox") -> Message:
    """Of Ann's, where the admins want to be asked."""
    await club.told(f"{Word.ADMIN} access", None, club.zoe, words="request")
    return await club.answer(await club.commands("video", channel, prompt=prompt))


async def press(club: Club, card: Message, label: str, by: Member) -> Interaction:
    """Also where it has been taken away: another client may still show it."""
    data = next(button.data for version in card.versions for button in version.buttons if button.text == label)
    return await club.server.presses(by, card, data or "")


async def answered(club: Club, card: Message, label: str, by: Member) -> str:
    return (await club.answer(await press(club, card, label, by))).text


async def job(club: Club) -> Job:
    [found] = await club.jobs()
    return found


def others(club: Club, card: Message, channel: Channel | None = None) -> list[Message]:
    """What everybody can read besides."""
    return [said for said in club.server.replies(channel or club.channel) if not said.only_for and said is not card]


async def test_a_request_can_be_read_by_all_and_calls_nobody(club: Club) -> None:
    card = await request(club, prompt="@everyone [a [free](https://evil.example)](b)")
    assert card.only_for is None
    assert card.text == (
        "**Ann would like to order here**\n"
        "“@\u200beveryone \\[a \\[free\\](<https://evil.example)](b)”>\n"
        "Admins answer with a button. Nothing is filmed or charged before."
    )
    assert [button.text for button in card.buttons] == ["Approve", "Deny"]
    assert not card.pings
    assert not await club.jobs()


async def test_an_approval_long_after_and_after_a_restart_films_the_order_and_calls_whoever_asked(club: Club) -> None:
    card = await request(club)
    club.stage.clock.forward(AT_LAST)
    await club.restart()
    assert await answered(club, card, "Approve", club.zoe) == "**Ann was let in by Zoe**\nThe order is on its way."
    await club.until(lambda: not card.buttons)
    assert card.text == "**Ann was let in by Zoe**\nThe order is on its way."
    [status] = await club.in_time(lambda: others(club, card))
    assert status.text.startswith(f"<@{club.ann.id}> ⏳ **Waiting**")
    assert status.pings.members == (club.ann,)
    await club.stage.finish((await job(club)).id)
    clip = await club.in_time(lambda: next(iter(club.clips()), None))
    assert clip.pings.members == (club.ann,)
    await club.in_time(lambda: status.is_deleted)
    await club.film()


async def test_the_status_of_an_approved_order_says_whose_it_is_as_long_as_it_stands(club: Club) -> None:
    card = await request(club)
    await answered(club, card, "Approve", club.zoe)
    [status] = await club.in_time(lambda: others(club, card))
    assert "Cancelled" in await club.pressed(status, Verb.CANCEL)
    await club.in_time(lambda: "Cancelled" in status.text)
    assert status.text.startswith(f"<@{club.ann.id}> ✖️ **Cancelled**")
    assert len(others(club, card)) == 1


async def test_an_approved_order_that_fails_calls_whoever_asked(club: Club) -> None:
    card = await request(club)
    club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await answered(club, card, "Approve", club.zoe)
    await club.stage.finish((await job(club)).id)
    told = await club.in_time(lambda: next((m for m in others(club, card) if "No clip" in m.text), None))
    assert told.pings.members == (club.ann,)


async def test_a_denial_is_read_where_the_order_was_and_films_nothing(club: Club) -> None:
    card = await request(club)
    assert "was not let in by Zoe" in await answered(club, card, "Deny", club.zoe)
    await club.until(lambda: not card.buttons)
    assert card.text.splitlines()[:2] == ["**Ann was not let in by Zoe**", "Nothing was filmed or charged."]
    assert not await club.jobs()
    assert "the admins did not let you in" in await club.told("video", prompt="a fox")


async def test_a_tier_is_a_button(club: Club) -> None:
    await club.told(f"{Word.ADMIN} tier", None, club.zoe, words="crew 1 video a day")
    card = await request(club)
    assert "let in to tier crew by Zoe" in await answered(club, card, "Tier crew", club.zoe)
    assert "1 of 1 video used today" in await club.told("video", prompt="a fox")


@pytest.mark.parametrize("label", ["Approve", "Deny"])
async def test_a_member_answers_no_request(club: Club, label: str) -> None:
    card = await request(club)
    for member in (club.ann, club.bob):
        asked = await press(club, card, label, member)
        answer = await club.answer(asked)
        assert "Only admins of this chat answer this." in answer.text
        assert answer.only_for is member
    assert card.buttons
    assert not await club.jobs()


async def test_two_admins_at_once_film_it_once(club: Club) -> None:
    club.server.grant(club.guild, club.bob, club.server.role(club.guild, "Warden", manage_guild=True))
    card = await request(club)
    first, second = [await press(club, card, label, by) for label, by in (("Approve", club.zoe), ("Deny", club.bob))]
    told = [(await club.answer(asked)).text for asked in (first, second)]
    assert sum("Already answered" in text for text in told) == 1
    await club.until(lambda: not card.buttons)
    assert len(await club.jobs()) == ("was let in" in card.text + "".join(told))


async def test_a_card_that_still_has_its_buttons_loses_them_with_the_next_press(club: Club) -> None:
    card = await request(club)
    club.server.fault("edit_message", Fault(cut=True))
    await answered(club, card, "Approve", club.zoe)
    assert card.buttons
    told = await answered(club, card, "Deny", club.zoe)
    assert told == "⚠️ **Already answered**\nAnn was let in by Zoe.\nNothing is left to do."
    await club.until(lambda: not card.buttons)
    assert len(await club.jobs()) == 1


async def test_a_list_of_requests_is_answered_in_the_same_way(club: Club) -> None:
    await request(club)
    listed = await club.answer(await club.commands(f"{Word.ADMIN} requests", None, club.zoe))
    assert listed.only_for is club.zoe
    assert "was let in by Zoe" in await answered(club, listed, "Approve", club.zoe)
    assert "Nobody is waiting" in await club.told(f"{Word.ADMIN} requests", None, club.zoe)


async def test_a_second_order_waits_for_the_first(club: Club) -> None:
    card = await request(club)
    told = await club.told("video", prompt="another fox")
    assert "Your first order waits until one of them lets you in." in told
    assert others(club, card) == []


async def test_a_button_that_orders_is_refused_with_what_to_do(club: Club) -> None:
    clip = await (await club.film(by=club.bob)).clip()
    await club.told(f"{Word.ADMIN} access", None, club.zoe, words="request")
    assert "Send /video with what to film" in await club.pressed(clip, Verb.AGAIN)


PLACES: dict[str, Callable[[Club], Channel]] = {
    "a thread": lambda club: club.server.thread(club.channel, "young foxes"),
    "a forum post": lambda club: club.server.thread(club.server.forum(club.guild, "animals"), "foxes"),
}


@pytest.mark.parametrize("where", list(PLACES))
async def test_an_approved_order_is_filmed_where_it_was_asked_for(club: Club, where: str) -> None:
    place = PLACES[where](club)
    card = await request(club, place)
    club.stage.clock.forward(AT_LAST)
    await answered(club, card, "Approve", club.zoe)
    await club.stage.finish((await job(club)).id)
    assert await club.in_time(lambda: club.clips(place))


async def test_what_was_approved_where_nothing_can_be_written_any_more_is_sent_privately(club: Club) -> None:
    card = await request(club)
    await answered(club, card, "Approve", club.zoe)
    club.server.delete_channel(club.channel)
    await club.stage.finish((await job(club)).id)
    [clip] = club.clips(club.server.dm(club.ann))
    assert clip.text.startswith("The channel could not be written to.")


@pytest.fixture
async def asked(club: Club) -> Message:
    """What an operator reads of Ann's order."""
    home = club.server.dm(club.olga)
    await club.told(f"{Word.ADMIN} access", home, club.olga, words="request")
    order = await club.answer(await club.commands("video", prompt="a fox"))
    assert order.text.startswith("**The operators were asked**")
    [card] = club.stage.operators.cards
    await club.discord.tell(str(OLGA), card)
    return club.server.replies(home)[-1]


async def test_an_operator_answers_in_a_direct_message(club: Club, asked: Message) -> None:
    assert "“a fox”" in asked.text
    assert "was let in by Olga" in await answered(club, asked, "Approve", club.olga)
    await club.until(lambda: not asked.buttons)
    await club.stage.finish((await job(club)).id)
    assert await club.in_time(club.clips)


async def test_a_tier_whose_name_is_too_long_for_a_button_has_none(club: Club) -> None:
    choices = tuple(Choice(f"Tier {name}", f"tier {name}") for name in ("c" * 74, "d" * 75))
    card = RequestCard(title="Ann would like to order here", request="0123456789abcdef", choices=choices)
    await club.discord.tell(str(OLGA), card)
    [button] = club.server.replies(club.server.dm(club.olga))[-1].buttons
    assert button.data == f"ask:0123456789abcdef:tier {'c' * 74}"


async def test_who_takes_no_messages_is_told_nothing(club: Club) -> None:
    club.olga.accepts_messages = False
    with pytest.raises(Trouble, match="50007"):
        await club.discord.tell(str(OLGA), Card(title="Hello"))


async def test_without_a_connection_nobody_can_be_told(closed: Club) -> None:
    gate = closed.server.hold("get_me")
    closed.begin()
    await closed.until(lambda: closed.server.called("get_me"))
    with pytest.raises(NotNow):
        await closed.discord.tell(str(OLGA), Card(title="Hello"))
    gate.set()
    await closed.server.online()
    await asyncio.sleep(0)
    await closed.discord.tell(str(OLGA), Card(title="Hello"))
