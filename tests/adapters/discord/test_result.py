"""The clip as it arrives: the bytes, the words under it, and whom it calls."""

from dataclasses import replace

import pytest

from adapters.chat.discord.delivery import ROUND_IT
from bot.job import Clip
from bot.trouble import Undeliverable
from tests.adapters.discord.club import MIB, Club
from tests.discord_api.faults import Fault
from tests.offline import CONTENT
from tests.stage import CLIP, NOON, Script

TOO_LARGE = Fault(status=413, code=40005, message="Request entity too large")


def large(club: Club, size: int) -> Clip:
    """What will be filmed."""
    clip = replace(CLIP, size=size)
    club.stage.library.fetches.will(clip)
    return clip


async def test_a_clip_arrives_byte_for_byte_under_its_own_name(club: Club) -> None:
    clip = await (await club.film()).clip()
    [attachment] = clip.attachments
    assert (attachment.name, attachment.read()) == (CLIP.name, CONTENT)


async def test_under_the_clip_stand_the_order_its_facts_and_its_buttons(club: Club) -> None:
    filming = await club.film("a *red* fox --ar 9:16 --seed 7")
    clip = await filming.clip()
    assert clip.text.splitlines() == [
        "**a \\*red\\* fox**",
        "`--ar 9:16 --res 720p --dur 5 --seed 7 --model v5.5`",
        f"<@{club.ann.id}>",
        "1280×720, 5 s, $0.20",
    ]
    assert [button.text for button in clip.buttons] == ["Again", "Same seed", "Edit", "HD", "Delete"]


async def test_a_clip_is_a_message_of_its_own_that_calls_whoever_ordered(club: Club) -> None:
    filming = await club.film()
    clip = await filming.clip()
    assert clip is not filming.status
    assert (clip.pings.members, clip.reply_to) == ((club.ann,), None)


async def test_a_prompt_calls_nobody(club: Club) -> None:
    role = club.server.role(club.guild, "Crew", is_mentionable=True)
    club.server.grant(club.guild, club.server.bot, club.server.role(club.guild, "Loud", mention_everyone=True))
    prompt = f"@everyone @here <@{club.bob.id}> <@!{club.bob.id}> <@&{role.id}>"
    filming = await club.film(f"{prompt} --no @everyone <@{club.bob.id}>")
    clip = await filming.clip()
    assert clip.pings.members == (club.ann,)
    assert not clip.pings.roles
    assert not clip.pings.everyone
    assert not filming.status.pings


@pytest.mark.parametrize("prompt", ["x" * 2048, "_" * 2048, "@here " * 300, "`" * 2048, "\n# a" * 400, "狐" * 2048])
async def test_whatever_the_prompt_the_clip_arrives(club: Club, prompt: str) -> None:
    asked = await club.commands("video", prompt=prompt, no="`_" * 900)
    clip = await (await club.filming(asked)).clip()
    assert clip.pings.members == (club.ann,)
    assert "$0.20" in clip.text


async def test_a_server_without_boosts_takes_ten_mebibytes(club: Club) -> None:
    large(club, 10 * MIB + 1)
    await (await club.film()).clip()
    assert club.shelf.limits == [10 * MIB - ROUND_IT]


@pytest.mark.parametrize(("tier", "limit"), [(1, 10), (2, 50), (3, 100)])
async def test_the_boosts_of_a_server_raise_its_limit(club: Club, tier: int, limit: int) -> None:
    guild = club.server.guild("Boosted", club.bob, club.ann, tier=tier)
    channel = club.server.channel(guild, "foxes")
    large(club, limit * MIB - ROUND_IT)
    await (await club.film(channel=channel)).clip()
    assert club.shelf.limits == []
    large(club, limit * MIB)
    await (await club.film(channel=channel)).clip()
    assert club.shelf.limits == [limit * MIB - ROUND_IT]


async def test_a_boost_counts_from_the_moment_on_that_it_is_paid(club: Club) -> None:
    filming = await club.film()
    club.guild.tier = 2
    club.server.outage(club.guild)
    club.server.outage_ends(club.guild)
    await club.fence()
    large(club, 40 * MIB)
    await filming.clip()
    assert club.shelf.limits == []


async def test_what_is_refused_as_too_large_is_made_to_fit_with_room_to_spare(club: Club) -> None:
    large(club, 6 * MIB)
    club.server.fault("create_message", TOO_LARGE)
    filming = await club.film()
    clip = await filming.clip()
    assert club.shelf.limits == [(10 * MIB - ROUND_IT) // 2]
    assert clip.pings.members == (club.ann,)


async def test_what_is_never_small_enough_is_a_link_that_says_how_long_it_works(club: Club) -> None:
    club.server.fault("create_message", TOO_LARGE, times=2)
    filming = await club.film()
    await filming.finish()
    await filming.told()
    [message] = club.server.messages(club.channel)
    first, second, *rest = message.text.splitlines()
    assert first == "**Ready, but too large for this chat**"
    assert second == f"[Watch the clip](<https://bot.example/clip.mp4>) until <t:{int(NOON.timestamp())}:f>"
    assert rest[0] == "**a fox**"
    assert message.pings.members == (club.ann,)
    assert not message.attachments


async def test_what_cannot_be_made_to_fit_is_a_link(club: Club) -> None:
    large(club, 40 * MIB)
    club.shelf.fits = Script(Undeliverable("no encoder"))
    filming = await club.film()
    await filming.finish()
    await filming.told()
    assert "Watch the clip" in club.server.messages(club.channel)[0].text


async def test_without_a_link_the_clip_is_kept_and_that_is_said(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    large(club, 40 * MIB)
    club.shelf.fits, club.shelf.is_public = Script(Undeliverable("no encoder")), False
    filming = await club.film()
    job = await filming.finish()
    await filming.told()
    assert job.waits_for_a_person
    [message] = club.server.messages(club.channel)
    assert "**Filmed, but not sent**" in message.text
    assert [button.text for button in message.buttons] == ["Send again"]
    assert message.pings.members == (club.ann,)
    assert "more than the channel takes, and RUSHES_PUBLIC_URL is not set for a link" in caplog.text
