"""Models and who offers them, as plain data: what each can do, which combinations it refuses, what it costs.

Prices are what the providers publish; where one publishes none, the entry says what it was derived from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from bot.money import Micros, dollars
from bot.request import Ratio, Resolution, Style, VideoRequest

MODELS: Mapping[str, str] = MappingProxyType(
    {
        "pixverse-v5.5": "PixVerse v5.5",
        "pixverse-v5": "PixVerse v5",
    }
)
"""Id and name of every model; the first is what is filmed with when nobody chose."""

PROVIDERS: Mapping[str, str] = MappingProxyType(
    {
        "fal": "fal",
        "aimlapi": "AIMLAPI",
        "shortapi": "ShortAPI",
        "pixverse": "PixVerse",
    }
)
"""Id and name of every provider, in the order in which they are asked unless the operator says otherwise."""

DEFAULT_RATIO = Ratio.WIDE
DEFAULT_RESOLUTION = Resolution.P720
DEFAULT_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    resolutions: tuple[Resolution, ...] = tuple(Resolution)
    lengths: tuple[int, ...] = (5, 8, 10)
    ratios: tuple[Ratio, ...] = tuple(Ratio)
    styles: tuple[Style, ...] = tuple(Style)
    negative: bool = True
    seed: bool = True
    audio: bool = True
    multi_clip: bool = True
    thinking: bool = True
    impossible: frozenset[tuple[Resolution, int]] = frozenset({(Resolution.P1080, 10)})
    """Pairs of resolution and length that are refused though each is possible alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A request with the defaults filled in: what decides price and duration."""

    ratio: Ratio
    resolution: Resolution
    seconds: int
    audio: bool
    multi_clip: bool


def shot_of(request: VideoRequest) -> Shot:
    return Shot(
        ratio=request.ratio or DEFAULT_RATIO,
        resolution=request.resolution or DEFAULT_RESOLUTION,
        seconds=request.seconds or DEFAULT_SECONDS,
        audio=bool(request.audio),
        multi_clip=bool(request.multi_clip),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Dollars for five seconds, surcharges, and what a longer clip multiplies both by."""

    base: Mapping[Resolution, Decimal]
    audio: Decimal = Decimal(0)
    multi_clip: Decimal = Decimal(0)
    length_factor: Mapping[int, Decimal]
    factor: Decimal = Decimal(1)
    step: Decimal = Decimal("0.000001")
    """What the provider rounds its prices to."""

    def price(self, shot: Shot) -> Micros:
        extras = self.audio * shot.audio + self.multi_clip * shot.multi_clip
        whole = (self.base[shot.resolution] + extras) * self.length_factor[shot.seconds] * self.factor
        return dollars(whole.quantize(self.step, ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One model at one provider."""

    provider: str
    model: str
    can: Capabilities
    prices: PriceList
    patience: int = 1000
    """Seconds from submission after which a generation that has not ended is given up."""

    @property
    def id(self) -> str:
        return f"{self.provider}/{self.model}"


def _ladder(p360: str, p540: str, p720: str, p1080: str) -> Mapping[Resolution, Decimal]:
    return dict(zip(Resolution, map(Decimal, (p360, p540, p720, p1080)), strict=True))


_LENGTHS = {5: Decimal(1), 8: Decimal(2), 10: Decimal("2.2")}

_FAL_V5_5 = PriceList(
    base=_ladder("0.15", "0.15", "0.20", "0.40"),
    audio=Decimal("0.05"),
    multi_clip=Decimal("0.10"),
    length_factor=_LENGTHS,
)
_FAL_V5 = PriceList(base=_FAL_V5_5.base, length_factor=_LENGTHS)


def _resold(prices: PriceList, factor: str, step: str = "0.000001") -> PriceList:
    return PriceList(
        base=prices.base,
        audio=prices.audio,
        multi_clip=prices.multi_clip,
        length_factor=prices.length_factor,
        factor=Decimal(factor),
        step=Decimal(step),
    )


_V5 = Capabilities(lengths=(5, 8), audio=False, multi_clip=False, thinking=False)
_NO_EIGHT_SECONDS_AT_1080 = frozenset({(Resolution.P1080, 8), (Resolution.P1080, 10)})

OFFERS: tuple[Offer, ...] = (
    Offer(provider="fal", model="pixverse-v5.5", can=Capabilities(), prices=_FAL_V5_5),
    Offer(provider="fal", model="pixverse-v5", can=_V5, prices=_FAL_V5),
    Offer(
        provider="aimlapi",
        model="pixverse-v5.5",
        can=Capabilities(impossible=_NO_EIGHT_SECONDS_AT_1080),
        # Publishes no table; its one invoiced clip cost fal's price and five per cent.
        prices=_resold(_FAL_V5_5, "1.05"),
    ),
    Offer(
        provider="aimlapi",
        model="pixverse-v5",
        can=Capabilities(
            lengths=(5, 8),
            audio=False,
            multi_clip=False,
            thinking=False,
            impossible=_NO_EIGHT_SECONDS_AT_1080,
        ),
        prices=_resold(_FAL_V5, "1.05"),
    ),
    Offer(
        provider="shortapi",
        model="pixverse-v5.5",
        can=Capabilities(
            resolutions=(Resolution.P540, Resolution.P720, Resolution.P1080),
            styles=(),
            negative=False,
            seed=False,
            thinking=False,
        ),
        prices=_resold(_FAL_V5_5, "0.85", step="0.001"),
    ),
    Offer(
        provider="pixverse",
        model="pixverse-v5.5",
        can=Capabilities(),
        # Publishes v5 only, at three times fal's base; v5.5 is reckoned the same way.
        prices=_resold(_FAL_V5_5, "3"),
    ),
    Offer(provider="pixverse", model="pixverse-v5", can=_V5, prices=_resold(_FAL_V5, "3")),
)


def offer_named(offer_id: str) -> Offer:
    """The offer of a stored job. Raises `KeyError` for an id that no catalogue ever had."""
    return _BY_ID[offer_id]


_BY_ID = {offer.id: offer for offer in OFFERS}
