"""How often Discord wants to be left alone, and whether it hears us at all."""

from tests.adapters.discord.club import Club
from tests.discord_api.faults import Fault


async def test_every_wait_that_discord_asks_for_is_counted_although_its_library_sits_it_out(club: Club) -> None:
    club.server.fault("create_message", Fault(status=429, retry_after=0.01))
    await (await club.film()).clip()
    waits = club.stage.meter.waits["discord"]
    assert (sum(waits.buckets), waits.total) == (1, 0.01)


async def test_what_stands_in_front_of_discord_does_not_say_for_how_long(club: Club) -> None:
    club.server.fault("create_message", Fault(by_cloudflare=True))
    await (await club.film()).clip()
    assert not club.stage.meter.waits


async def test_who_listens_is_connected(club: Club) -> None:
    discord = club.discord
    assert discord.is_connected
    await club.close()
    assert not discord.is_connected
