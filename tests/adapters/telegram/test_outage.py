"""The network is gone for ten minutes, with orders under way."""

from bot.job import Phase
from tests.adapters.telegram.lot import Lot

MINUTES = 10


async def test_while_the_network_is_gone_little_is_tried_and_afterwards_everything_arrives(lot: Lot) -> None:
    members = [lot.server.member(f"Member {number}") for number in range(10)]
    filmed = [await lot.order(chat=lot.server.private(member), by=member) for member in members]
    lot.rest()
    lot.wire.is_down = True
    lot.server.world.updates.end_poll("the network is gone")
    lot.wire.tried.clear()
    for filming in filmed:
        await filming.until(Phase.DELIVERING)
    lot.wire.tried.clear()
    for _ in range(MINUTES * 60):
        lot.stage.clock.forward(1)
        await lot.stage.store.unfinished()
    polls, others = lot.wire.tried.pop("getUpdates"), lot.wire.tried.total()
    assert 1 <= polls <= 2 * MINUTES + 5
    assert 1 <= others <= len(filmed) * MINUTES * 6
    lot.wire.is_down = False
    for filming in filmed:
        lot.rest()
        assert (await filming.finish()).phase is Phase.DELIVERED
        assert [reply for reply in lot.replies_to(filming.command) if reply.media]
