"""How often Telegram wants to be left alone, and whether it hears us at all."""

from tests.adapters.telegram.lot import Lot
from tests.telegram_api.faults import Fault


async def test_every_wait_that_telegram_asks_for_is_counted_with_its_length(lot: Lot) -> None:
    lot.server.fault("sendMessage", Fault(status=429, description="Too Many Requests", retry_after=400))
    asked = await lot.says("/help")
    await lot.until(lambda: asked.reactions)
    waits = lot.stage.meter.waits["telegram"]
    assert (sum(waits.buckets), waits.total) == (1, 400)


async def test_whoever_does_not_say_how_long_to_wait_is_not_counted(lot: Lot) -> None:
    lot.server.fault("sendMessage", Fault(status=429, description="Too Many Requests"))
    await lot.says("/help")
    await lot.fence()
    assert lot.server.called("sendMessage")
    assert not lot.stage.meter.waits


async def test_who_listens_is_connected(lot: Lot) -> None:
    telegram = lot.telegram
    assert telegram.is_connected
    await lot.close()
    assert not telegram.is_connected
