"""Clips for adults: where Discord says that adults are, and covered where members want it so."""

from collections.abc import Callable

import pytest

from bot.card import Verb
from bot.taboo import Kind, Outside, Taboo, Taboos
from tests.adapters.discord.club import TOKEN_SECONDS, Club
from tests.discord_api.people import Channel
from tests.stage import CLIP

NUDES = (Taboo(spelling="nude*", kind=Kind.ADULT),)

FOR_ADULTS: dict[str, Callable[[Club], Channel]] = {
    "a channel": lambda club: club.server.channel(club.guild, "late", nsfw=True),
    "a thread": lambda club: club.server.thread(club.server.channel(club.guild, "late", nsfw=True), "later"),
    "a forum post": lambda club: club.server.thread(club.server.forum(club.guild, "late", nsfw=True), "later"),
}
FOR_ALL: dict[str, Callable[[Club], Channel]] = {
    "a channel": lambda club: club.channel,
    "a thread": lambda club: club.server.thread(club.channel, "young foxes"),
    "a direct message": lambda club: club.server.dm(club.ann),
}


@pytest.fixture(autouse=True)
def _laid_down(club: Club) -> None:
    club.stage.core.terms.taboos = Taboos(each=NUDES)


@pytest.mark.parametrize("where", list(FOR_ADULTS))
async def test_what_is_for_adults_is_filmed_where_the_channel_is_marked(club: Club, where: str) -> None:
    clip = await (await club.film("two nudes", FOR_ADULTS[where](club))).clip()
    assert [attachment.name for attachment in clip.attachments] == [CLIP.name]


@pytest.mark.parametrize("where", list(FOR_ALL))
async def test_elsewhere_whoever_ordered_reads_why_not_and_nobody_else_does(club: Club, where: str) -> None:
    place = FOR_ALL[where](club)
    told = await club.told("video", place, prompt="two nudes")
    assert told.splitlines() == [
        "⚠️ **Not filmed**",
        "“nude” is filmed only for adults.",
        "Order it in a place that is marked age-restricted, or say it differently.",
        "Nothing was charged.",
    ]
    assert [message for message in club.server.messages(place) if not message.is_ephemeral] == []


async def test_the_mark_of_a_channel_counts_where_the_bot_was_brought_along(club: Club) -> None:
    club.ann.has_installed = True
    elsewhere = club.server.guild("Elsewhere", club.bob, club.ann, has_bot=False)
    await club.film("two nudes", club.server.channel(elsewhere, "late", nsfw=True))


async def test_a_button_counts_where_it_is_pressed(club: Club) -> None:
    late = club.server.channel(club.guild, "late", nsfw=True)
    clip = await (await club.film("two nudes", late)).clip()
    again = await club.filming(await club.press(clip, Verb.AGAIN))
    assert again.job.adult


async def test_a_clip_is_covered_where_the_operator_or_whoever_orders_says_so(club: Club) -> None:
    club.stage.core.terms.taboos = Taboos(each=NUDES, outside=Outside.SPOILER)
    for prompt in ("two nudes", "a fox --spoiler"):
        clip = await (await club.film(prompt)).clip()
        assert [attachment.name for attachment in clip.attachments] == [f"SPOILER_{CLIP.name}"]


async def test_to_cover_a_clip_can_be_picked(club: Club) -> None:
    clip = await (await club.filming(await club.commands("video", prompt="a fox", spoiler=True))).clip()
    assert clip.attachments[0].name == f"SPOILER_{CLIP.name}"


async def test_where_the_channel_is_out_of_reach_it_comes_privately_and_covered(club: Club) -> None:
    late = club.server.channel(club.guild, "late", nsfw=True)
    filming = await club.film("two nudes", late)
    club.server.permit(late, send_messages=False)
    club.stage.clock.forward(TOKEN_SECONDS)
    await filming.finish()
    await filming.told()
    [clip] = club.clips(club.server.dm(club.ann))
    assert clip.attachments[0].name == f"SPOILER_{CLIP.name}"
