"""What admins do with `/video_admin` in a server, and operators in a direct message."""

import pytest

from bot.admin_words import MANUAL
from bot.commands import Word
from bot.job import Phase
from tests.adapters.discord.club import OLGA, Club
from tests.discord_api.options import Value
from tests.discord_api.people import Member, Role

USER, ROLE, BOOLEAN = 6, 8, 5
MANAGE_GUILD = "32"


async def told(club: Club, task: str, by: Member | None = None, /, **values: Value) -> str:
    """What an admin, Zoe unless it is somebody else, reads."""
    return await club.told(f"{Word.ADMIN} {task}", None, by or club.zoe, **values)


async def refused(club: Club) -> str:
    return await club.told("video", prompt="a fox")


def warden(club: Club, member: Member) -> Role:
    role = club.server.role(club.guild, "Warden", manage_guild=True)
    club.server.grant(club.guild, member, role)
    return role


async def crew(club: Club) -> Role:
    """Whose holders alone may order."""
    role = club.server.role(club.guild, "Crew")
    await told(club, "limit", words="0 videos a day")
    assert "@Crew is in tier crew here." in await told(club, "tier", role=role, words="crew 5 videos a day")
    return role


async def test_every_task_is_a_command_that_discord_shows_to_those_who_manage_the_server(club: Club) -> None:
    [admin] = [command for command in club.server.world.commands.all() if command["name"] == Word.ADMIN]
    assert admin["default_member_permissions"] == MANAGE_GUILD
    assert (admin["contexts"], admin["integration_types"]) == ([0, 1], [0])
    tasks = admin["options"]
    assert isinstance(tasks, list)
    assert {task["name"]: task["description"] for task in tasks} == {t: manual.summary for t, manual in MANUAL.items()}
    [tier] = [task for task in tasks if task["name"] == "tier"]
    assert [option["type"] for option in tier["options"]] == [USER, ROLE, 3, BOOLEAN]


LOCALES = {"de", "es-ES", "es-419", "fr", "pt-BR", "ru", "zh-CN", "zh-TW"}
"""Those of Discord that are spoken here: Arabic is none of them."""


async def test_all_that_is_shown_of_it_comes_in_the_languages_that_there_are(club: Club) -> None:
    [admin] = [command for command in club.server.world.commands.all() if command["name"] == Word.ADMIN]
    tasks = admin["options"]
    assert isinstance(tasks, list)
    for shown in (admin, *tasks, *(option for task in tasks for option in task["options"])):
        assert set(shown["description_localizations"]) == LOCALES, shown
        assert not shown.get("name_localizations")


async def test_who_may_manage_the_server_rules_the_bot_there_until_they_may_not(club: Club) -> None:
    role = warden(club, club.bob)
    assert await told(club, "budget", club.bob, words="$1 a day") == "**Done**\nAll together here: $1.00 a day."
    # A client may show a command for a moment longer than it may be used.
    club.server.world.commands.all()[-1]["default_member_permissions"] = None
    club.server.revoke(club.guild, club.bob, role)
    assert "Only admins of this chat" in await told(club, "budget", club.bob, words="$2 a day")


async def test_a_member_is_not_shown_it_and_not_heard_either(club: Club) -> None:
    with pytest.raises(AssertionError, match="Ann may not use video_admin here"):
        await told(club, "rules", club.ann)
    # A server can show it to anybody; that makes nobody an admin.
    club.server.world.commands.all()[-1]["default_member_permissions"] = None
    for task in MANUAL:
        assert "Only admins of this chat, and operators of the bot, can do that." in await told(club, task, club.ann)


async def test_who_is_meant_is_picked(club: Club) -> None:
    banned = await told(club, "ban", person=club.ann, words="for 3 days because of @everyone **shouting**")
    assert banned.splitlines()[:3] == [
        "**Done**",
        "Ann may not order here: @\u200beveryone \\*\\*shouting\\*\\*.",
        "They may again <t:1767528000:R>.",
    ]
    assert "You may not order here: @\u200beveryone" in await refused(club)
    assert f"unban (Ann, discord:{club.ann.id})" in [await told(club, "unban", person=club.ann), await audit(club)][1]
    await club.film()


async def audit(club: Club) -> str:
    return await told(club, "audit")


async def test_who_is_meant_can_be_named_in_the_words(club: Club) -> None:
    await told(club, "limit", words=f"<@{club.ann.id}> 0 videos a day")
    assert "0 of 0 videos" in await refused(club)
    await club.film(by=club.bob)


async def test_a_limit_of_nobody_is_that_of_everyone(club: Club) -> None:
    assert "Everyone here: 0 videos a day" in await told(club, "limit", words="0 videos a day")
    assert "Everyone here: 1 video a day" in await told(club, "limit", words="everyone 1 video a day")
    assert "Ann here: 2 videos a day" in await told(club, "limit", person=club.ann, words="2 videos a day")


async def test_the_holders_of_a_role_are_in_a_tier_as_long_as_they_hold_it(club: Club) -> None:
    role = await crew(club)
    assert "0 of 0 videos" in await refused(club)
    club.server.grant(club.guild, club.ann, role)
    await club.film()
    club.server.revoke(club.guild, club.ann, role)
    assert "1 of 0 videos" in await refused(club)


async def test_a_role_counts_before_the_server_was_told_of_after_a_restart(club: Club) -> None:
    club.server.grant(club.guild, club.ann, await crew(club))
    club.guild.is_unavailable = True
    await club.restart()
    await club.film()


async def test_a_role_counts_where_only_the_commands_are(club: Club) -> None:
    """A server can have those without the bot."""
    club.server.grant(club.guild, club.ann, await crew(club))
    club.ann.has_installed = True
    club.server.kick(club.guild)
    await club.film()


@pytest.mark.parametrize("is_picked", [True, False])
async def test_all_members_can_be_in_a_tier(club: Club, *, is_picked: bool) -> None:
    await told(club, "limit", words="0 videos a day")
    if is_picked:
        read = await told(club, "tier", role=club.guild.roles[0], words="crew 5 videos a day")
        assert "\n@\u200beveryone is in tier crew here." in read
    else:
        await told(club, "tier", words="crew 5 videos a day")
        await told(club, "tier", words="crew members")
    await club.film()


async def test_the_admins_can_be_in_a_tier(club: Club) -> None:
    await told(club, "limit", words="0 videos a day")
    await told(club, "tier", words="crew 5 videos a day")
    await told(club, "tier", words="crew admins")
    assert "0 of 0 videos" in await refused(club)
    await club.film(by=club.zoe)


async def test_a_channel_is_closed_with_its_threads_and_a_post_of_a_forum_by_itself(club: Club) -> None:
    hares = club.server.channel(club.guild, "hares")
    leverets = club.server.thread(hares, "young hares")
    await club.told(f"{Word.ADMIN} deny", hares, club.zoe, words="here")
    for channel in (hares, leverets):
        assert "This bot may not be used here." in await club.told("video", channel, prompt="a hare")
    await club.film()
    await club.told(f"{Word.ADMIN} allow", leverets, club.zoe, words="here")
    await club.film(channel=leverets)
    animals = club.server.forum(club.guild, "animals")
    owls, moles = club.server.thread(animals, "owls"), club.server.thread(animals, "moles")
    await club.told(f"{Word.ADMIN} deny", owls, club.zoe, words="here")
    assert "This bot may not be used here." in await club.told("video", owls, prompt="an owl")
    await club.film(channel=moles)


async def test_an_admin_is_heard_in_a_thread_as_in_its_channel(club: Club) -> None:
    thread = club.server.thread(club.channel, "young foxes")
    await club.told(f"{Word.ADMIN} pause", thread, club.zoe, words="a film night")
    assert "a film night" in await refused(club)


async def test_an_operator_rules_the_bot_from_a_direct_message(club: Club) -> None:
    home = club.server.dm(club.olga)
    assert "**What holds everywhere**" in await club.told(f"{Word.ADMIN} rules", home, club.olga)
    assert "No new orders everywhere" in await club.told(f"{Word.ADMIN} pause", home, club.olga, words="maintenance")
    assert "maintenance" in await refused(club)
    await club.told(f"{Word.ADMIN} resume", home, club.olga)
    ban = await club.told(f"{Word.ADMIN} ban", home, club.olga, person=club.ann, words="spam")
    assert "Ann may not order everywhere" in ban
    assert "spam" in await refused(club)


async def test_what_is_for_everywhere_is_for_operators(club: Club) -> None:
    club.guild.members[OLGA] = club.olga
    warden(club, club.olga)
    read = await told(club, "budget", club.olga, words="$9 a day", everywhere=True)
    assert read == "**Done**\nAll together everywhere: $9.00 a day."
    assert "That is for the operators" in await told(club, "budget", words="$9 a day", everywhere=True)
    alone = await club.told(f"{Word.ADMIN} rules", club.server.dm(club.zoe), club.zoe)
    assert "That is for the operators" in alone


async def test_an_admin_cancels_what_anybody_ordered_there(club: Club) -> None:
    filming = await club.film()
    assert "Ann: Cancelled." in await told(club, "cancel", words=filming.job.id[:6])
    assert (await filming.told()).phase is Phase.CANCELLED


async def test_the_longest_words_are_answered(club: Club) -> None:
    """Discord's clients send up to six thousand characters."""
    assert await told(club, "pause", words="[](" * 2000)
    assert "Paused" in await refused(club)
    assert await audit(club)


async def test_what_holds_in_one_server_holds_in_no_other(club: Club) -> None:
    other = club.server.guild("Hare club", club.bob, club.ann)
    channel = club.server.channel(other, "hares")
    await told(club, "limit", words="0 videos a day")
    await told(club, "ban", person=club.bob)
    await club.film(channel=channel)
    await club.film(channel=channel, by=club.bob)
