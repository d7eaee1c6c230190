"""Lantern, a provider that does not exist: create a video, look at it, stop it, find it by our own reference."""

from decimal import Decimal
from urllib.parse import quote

import httpx

from adapters.providers.http import FAILED, QUEUED, STOPPED, Payload, Wire, chosen
from bot.catalogue import Capabilities, Offer, PriceList
from bot.job import Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped, Take
from bot.request import Ratio, Resolution
from bot.trouble import Ambiguous, Passing

# --8<-- [start:offer]
OFFER = Offer(
    provider="lantern",
    model="pixverse-v5.5",
    can=Capabilities(
        resolutions=(Resolution.P720, Resolution.P1080),
        lengths=(5, 10),
        ratios=(Ratio.WIDE, Ratio.TALL),
        styles=(),
        negative=False,
        audio=False,
        multi_clip=False,
        thinking=False,
        impossible=frozenset({(Resolution.P1080, 10)}),
    ),
    prices=PriceList(
        base={Resolution.P720: Decimal("0.18"), Resolution.P1080: Decimal("0.36")},
        length_factor={5: Decimal(1), 10: Decimal(2)},
    ),
)
# --8<-- [end:offer]


# --8<-- [start:payloads]
class _Video(Payload):
    id: str = ""
    state: str = ""
    place_in_line: int | None = None
    url: str | None = None
    reason: object = None


# --8<-- [end:payloads]


# --8<-- [start:provider]
class Lantern:
    def __init__(self, client: httpx.AsyncClient, key: str, url: str) -> None:
        self._wire = Wire(client, {"Authorization": f"Bearer {key}"})
        self._videos = f"{url.rstrip('/')}/videos"

    async def submit(self, take: Take) -> Ticket:
        answer = await self._wire.create(self._videos, _payload(take))
        if not answer.is_success:
            raise answer.not_started(answer.failure(answer.content))
        video = answer.parsed(_Video, Ambiguous)
        if not video.id:
            raise Ambiguous("Lantern accepted and gave no id")
        return Ticket(video.id)

    async def find(self, correlation: str) -> Ticket | None:
        answer = await self._wire.read(f"{self._videos}?reference={quote(correlation, safe='')}")
        return Ticket(answer.parsed(_Video, Passing).id) if answer.is_success else None

    async def look(self, ticket: Ticket) -> Sight:
        answer = (await self._wire.read(self._url(ticket))).about_a_ticket()
        video = answer.parsed(_Video, Passing)
        match video.state.lower():
            case "ready":
                return Finished(video.url)
            case word if word in QUEUED:
                return Queued(video.place_in_line)
            case word if word in FAILED:
                return Broken(answer.failure(video.reason))
            case word if word in STOPPED:
                return Stopped()
            case _:
                return Rendering()

    async def cancel(self, ticket: Ticket) -> CancelAnswer:
        answer = await self._wire.read(self._url(ticket), "DELETE")
        return CancelAnswer.STOPPED if answer.is_success else CancelAnswer.TOO_LATE

    async def check(self) -> str:
        account = await self._wire.check(f"{self._videos}?limit=0")
        return "key accepted" if account.is_success else f"HTTP {account.status}"

    def _url(self, ticket: Ticket) -> str:
        return f"{self._videos}/{quote(ticket, safe='')}"


def _payload(take: Take) -> dict[str, object]:
    request = take.request
    return chosen(
        prompt=request.prompt,
        shape=request.ratio,
        lines=request.resolution,
        seconds=request.seconds,
        seed=request.seed,
        reference=take.correlation,
    )


# --8<-- [end:provider]
