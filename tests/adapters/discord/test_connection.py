"""Connections that fail, come and go."""

import asyncio
from collections.abc import Callable

import pytest

from bot.trouble import TokenRefused
from tests.adapters.discord.club import Club
from tests.discord_api.faults import Fault

WRONG = "MTEwMjAxNTQzMDAwMDAwMDAwMA.wrong.wrong-wrong"


def left_running() -> list[str]:
    """Tasks of the library and of ours, but for its own wait for the servers to be told, which ends by itself."""
    codes = [task.get_coro().cr_code.co_filename for task in asyncio.all_tasks()]  # type: ignore[union-attr]
    ours = [code for code in codes if "/discord/" in code and "/tests/" not in code]
    return [code for code in ours if not code.endswith("/discord/state.py")]


async def logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(30):
        while words not in caplog.text:  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0)


async def online_at_last(club: Club) -> None:
    """However long that takes."""
    async with asyncio.timeout(30):
        while not club.server.world.sessions.connected:
            club.stage.clock.forward(1)
            await asyncio.sleep(0)


async def sessions(club: Club, count: int, resumed: int) -> None:
    """Until the last of so many sessions was resumed so often."""
    all_of_them = club.server.world.sessions.all
    await club.until(lambda: len(all_of_them) == count and all_of_them[-1].resumed == resumed)


async def test_discord_needs_no_way_in(club: Club) -> None:
    assert club.discord.routes() == []


async def test_who_orders_while_the_program_stops_is_told_so(club: Club) -> None:
    club.discord.stop_listening()
    club.stage.engine.stop()
    assert "The bot is restarting" in await club.told("video", prompt="a fox")


async def test_nothing_is_left_running_when_it_ends(club: Club) -> None:
    await (await club.film()).clip()
    await club.film()
    await club.close()
    assert left_running() == []


@pytest.mark.parametrize(
    "happens",
    [
        lambda club: club.server.gateway.drop(),
        lambda club: club.server.gateway.reconnect(),
        lambda club: club.server.gateway.invalidate(resumable=True),
    ],
    ids=["dropped", "asked to reconnect", "invalid for a moment"],
)
async def test_what_was_ordered_meanwhile_is_heard_afterwards(club: Club, happens: Callable[[Club], None]) -> None:
    await club.fence()
    happens(club)
    asked = await club.commands("video", prompt="a fox")
    assert (await (await club.filming(asked)).clip()).attachments
    await sessions(club, 1, 1)


async def test_a_session_that_is_over_begins_anew(club: Club) -> None:
    await club.fence()
    filming = await club.film()
    club.server.gateway.invalidate(resumable=False)
    await sessions(club, 2, 0)
    assert (await filming.clip()).attachments
    await club.film()


async def test_a_clip_arrives_while_the_gateway_is_gone(club: Club) -> None:
    filming = await club.film()
    club.server.gateway.is_down = True
    club.server.gateway.drop()
    assert (await filming.clip()).pings.members == (club.ann,)


async def test_members_are_served_when_the_gateway_comes_up_at_last(
    closed: Club, caplog: pytest.LogCaptureFixture
) -> None:
    """Five seconds long: that is how long the library waits."""
    closed.server.gateway.is_down = True
    serving = closed.begin()
    await logged(caplog, "Failed to connect for shard_id: 0")
    closed.server.gateway.is_down = False
    await closed.server.online()
    await closed.film()
    assert not serving.done()


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(cut=True)])
async def test_a_gateway_that_cannot_be_asked_for_ends_nothing(
    closed: Club, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    closed.server.fault("get_gateway_bot", fault, times=2)
    closed.begin()
    await logged(caplog, "no way to the gateway of Discord, next try in 10 s")
    await online_at_last(closed)
    await closed.film()


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("get_me", Fault(status=503)),
        ("get_me", Fault(cut=True)),
        ("get_oauth2_application", Fault(status=503)),
        ("get_commands", Fault(status=503)),
        ("set_commands", Fault(cut=True)),
    ],
)
async def test_a_start_that_fails_is_tried_again(
    closed: Club, route: str, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    # Below the library, what can be repeated is repeated once.
    closed.server.fault(route, fault, times=2)
    closed.begin()
    await logged(caplog, "Discord is out of reach, next try in 10 s")
    await online_at_last(closed)
    await closed.film()
    await closed.close()
    assert left_running() == []


async def test_a_start_without_a_network_is_tried_again(closed: Club, caplog: pytest.LogCaptureFixture) -> None:
    await closed.server.stop()
    closed.begin()
    await logged(caplog, "no connection to Discord")
    await closed.server.start()
    await online_at_last(closed)


async def test_who_is_banned_at_the_door_waits_as_long_as_that_takes(
    closed: Club, caplog: pytest.LogCaptureFixture
) -> None:
    closed.server.fault("get_me", Fault(by_cloudflare=True))
    closed.begin()
    await logged(caplog, "next try in 30 s")
    await online_at_last(closed)
    first, second = (call.at for call in closed.server.called("get_me"))
    assert second - first >= 30


async def test_a_wrong_token_is_refused_and_stands_in_no_log(closed: Club, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(TokenRefused) as refused:
        await closed.begin(WRONG)
    assert WRONG not in caplog.text
    assert WRONG not in str(refused.value)
    assert left_running() == []


async def test_a_token_that_is_taken_away_is_refused(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await club.fence()
    serving = club.serving
    assert serving is not None
    club.server.gateway.change_token(WRONG)
    club.server.gateway.forget()
    club.server.gateway.drop()
    with pytest.raises(TokenRefused):
        await serving
    assert club.server.token not in caplog.text


async def test_the_token_stands_in_no_log(closed: Club, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await closed.open()
    await (await closed.film()).clip()
    assert closed.server.token not in caplog.text


async def test_a_gateway_that_wants_something_else_ends_the_program(club: Club) -> None:
    await club.fence()
    serving = club.serving
    assert serving is not None
    club.serving = None
    club.server.gateway.hang_up(4012)
    with pytest.raises(ExceptionGroup):
        await serving


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_pause_that_discord_asks_for_is_kept_and_nothing_is_lost(club: Club, *, is_global: bool) -> None:
    filming = await club.film()
    club.server.fault("create_message", Fault(status=429, retry_after=0.01, is_global=is_global))
    clip = await filming.clip()
    assert club.server.throttled["create_message"] == 1
    assert club.server.messages(club.channel) == [clip]


async def test_a_ban_at_the_door_is_sat_out_and_counts_as_no_try(club: Club) -> None:
    filming = await club.film()
    club.server.fault("create_message", Fault(by_cloudflare=True))
    clip = await filming.clip()
    assert club.server.messages(club.channel) == [clip]
    assert (await club.stage.job(filming.job.id)).attempts == 0
    first, second = [call.at for call in club.server.called("create_message")]
    assert second - first >= 30


async def test_a_full_bucket_is_waited_for(club: Club) -> None:
    club.server.limit("create_message", 1, 0.01)
    filmings = [await club.film() for _ in range(3)]
    for filming in filmings:
        club.stage.clock.forward(1)
        await filming.clip()
    assert len(club.clips()) == 3
