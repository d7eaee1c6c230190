import pytest

from adapters.providers.absent import Absent
from bot.catalogue import OFFERS
from bot.job import Ticket
from bot.ports import Take
from bot.request import VideoRequest
from bot.trouble import OutOfService, Passing

ABSENT = Absent("RUSHES_FAL_KEY is not set")


async def test_a_provider_without_a_key_takes_no_orders() -> None:
    with pytest.raises(OutOfService, match="RUSHES_FAL_KEY"):
        await ABSENT.submit(Take(offer=OFFERS[0], request=VideoRequest(prompt="a fox"), correlation="c"))


async def test_its_old_jobs_wait_until_the_key_is_back() -> None:
    for call in (ABSENT.look(Ticket("t")), ABSENT.cancel(Ticket("t")), ABSENT.find("c")):
        with pytest.raises(Passing, match="RUSHES_FAL_KEY"):
            await call
