from itertools import product

import pytest

from bot.catalogue import MODELS, OFFERS, PROVIDERS, Offer, Shot, offer_named, shot_of
from bot.choosing import objections
from bot.flags import BY_OPTION
from bot.money import dollars
from bot.request import Choice, Ratio, Resolution, Style, Thinking, VideoRequest
from bot.values import OneOf

SINGLE_SILENT, SINGLE_AUDIO = (False, False), (False, True)
MULTI_SILENT, MULTI_AUDIO = (True, False), (True, True)

# 5, 8 and 10 seconds, in dollars, as the providers publish them.
SHORTAPI = {
    (SINGLE_SILENT, "540p"): (".128", ".255", ".281"),
    (SINGLE_SILENT, "720p"): (".170", ".340", ".374"),
    (SINGLE_SILENT, "1080p"): (".340", ".680"),
    (SINGLE_AUDIO, "540p"): (".170", ".340", ".374"),
    (SINGLE_AUDIO, "720p"): (".213", ".425", ".468"),
    (SINGLE_AUDIO, "1080p"): (".383", ".765"),
    (MULTI_SILENT, "540p"): (".213", ".425", ".468"),
    (MULTI_SILENT, "720p"): (".255", ".510", ".561"),
    (MULTI_SILENT, "1080p"): (".425", ".850"),
    (MULTI_AUDIO, "540p"): (".255", ".510", ".561"),
    (MULTI_AUDIO, "720p"): (".298", ".595", ".655"),
    (MULTI_AUDIO, "1080p"): (".468", ".935"),
}
FAL = {
    (SINGLE_SILENT, "360p"): ("0.15", "0.30", "0.33"),
    (SINGLE_SILENT, "540p"): ("0.15", "0.30", "0.33"),
    (SINGLE_SILENT, "720p"): ("0.20", "0.40", "0.44"),
    (SINGLE_SILENT, "1080p"): ("0.40", "0.80"),
    (SINGLE_AUDIO, "360p"): ("0.20", "0.40", "0.44"),
    (SINGLE_AUDIO, "720p"): ("0.25", "0.50", "0.55"),
    (SINGLE_AUDIO, "1080p"): ("0.45", "0.90"),
    (MULTI_SILENT, "540p"): ("0.25", "0.50", "0.55"),
    (MULTI_SILENT, "720p"): ("0.30", "0.60", "0.66"),
    (MULTI_SILENT, "1080p"): ("0.50", "1.00"),
    (MULTI_AUDIO, "360p"): ("0.30", "0.60", "0.66"),
    (MULTI_AUDIO, "720p"): ("0.35", "0.70", "0.77"),
    (MULTI_AUDIO, "1080p"): ("0.55", "1.10"),
}
Cells = list[tuple[tuple[bool, bool], str, int, str]]


def cells(table: dict[tuple[tuple[bool, bool], str], tuple[str, ...]]) -> Cells:
    return [
        (mode, resolution, seconds, price)
        for (mode, resolution), prices in table.items()
        for seconds, price in zip((5, 8, 10), prices, strict=False)
    ]


def shot(mode: tuple[bool, bool], resolution: str, seconds: int) -> Shot:
    multi_clip, audio = mode
    return Shot(
        ratio=Ratio.WIDE, resolution=Resolution(resolution), seconds=seconds, audio=audio, multi_clip=multi_clip
    )


def every_shot() -> list[Shot]:
    modes = (SINGLE_SILENT, SINGLE_AUDIO, MULTI_SILENT, MULTI_AUDIO)
    return [shot(mode, r, s) for mode, r, s in product(modes, Resolution, (5, 8, 10))]


def test_the_published_table_of_shortapi_has_32_cells() -> None:
    assert len(cells(SHORTAPI)) == 32


@pytest.mark.parametrize(("mode", "resolution", "seconds", "price"), cells(SHORTAPI))
def test_shortapi_costs_what_it_publishes(mode: tuple[bool, bool], resolution: str, seconds: int, price: str) -> None:
    assert offer_named("shortapi/pixverse-v5.5").prices.price(shot(mode, resolution, seconds)) == dollars(price)


@pytest.mark.parametrize(("mode", "resolution", "seconds", "price"), cells(FAL))
def test_fal_costs_what_it_publishes(mode: tuple[bool, bool], resolution: str, seconds: int, price: str) -> None:
    assert offer_named("fal/pixverse-v5.5").prices.price(shot(mode, resolution, seconds)) == dollars(price)


@pytest.mark.parametrize(
    ("resolution", "seconds", "credits_"),
    [
        ("360p", 5, 45),
        ("360p", 8, 90),
        ("540p", 5, 45),
        ("540p", 8, 90),
        ("720p", 5, 60),
        ("720p", 8, 120),
        ("1080p", 5, 120),
        ("1080p", 8, 240),
    ],
)
def test_pixverse_v5_costs_its_credits_at_a_cent_each(resolution: str, seconds: int, credits_: int) -> None:
    price = offer_named("pixverse/pixverse-v5").prices.price(shot(SINGLE_SILENT, resolution, seconds))
    assert price == credits_ * 10_000


def test_aimlapi_costs_what_it_invoiced() -> None:
    assert offer_named("aimlapi/pixverse-v5").prices.price(shot(SINGLE_SILENT, "1080p", 5)) == dollars("0.42")


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_everything_that_an_offer_can_film_has_a_price(offer: Offer) -> None:
    possible = [s for s in every_shot() if s.resolution in offer.can.resolutions and s.seconds in offer.can.lengths]
    assert all(offer.prices.price(s) > 0 for s in possible)


SAYABLE: dict[str, list[Choice]] = {
    "ratio": list(Ratio),
    "resolution": list(Resolution),
    "seconds": [5, 8, 10],
    "style": list(Style),
    "negative": ["blur"],
    "seed": [0],
    "audio": [True],
    "multi_clip": [True],
    "thinking": list(Thinking),
}

_V5_CANNOT = {("seconds", 10), ("audio", True), ("multi_clip", True), *(("thinking", t) for t in Thinking)}
CANNOT = {
    "fal/pixverse-v5.5": set(),
    "fal/pixverse-v5": _V5_CANNOT,
    "aimlapi/pixverse-v5.5": set(),
    "aimlapi/pixverse-v5": _V5_CANNOT,
    "shortapi/pixverse-v5.5": {
        ("resolution", Resolution.P360),
        ("negative", "blur"),
        ("seed", 0),
        *(("style", style) for style in Style),
        *(("thinking", thinking) for thinking in Thinking),
    },
    "pixverse/pixverse-v5.5": set(),
    "pixverse/pixverse-v5": _V5_CANNOT,
}


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_each_offer_refuses_its_published_gaps_and_nothing_else(offer: Offer) -> None:
    refused = {
        (name, value)
        for name, values in SAYABLE.items()
        for value in values
        if objections(VideoRequest(prompt="a fox", **{name: value}), offer)  # type: ignore[arg-type]
    }
    assert refused == CANNOT[offer.id]


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_nobody_films_ten_seconds_at_1080p(offer: Offer) -> None:
    assert objections(VideoRequest(prompt="a fox", resolution=Resolution.P1080, seconds=10), offer)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_only_aimlapi_refuses_eight_seconds_at_1080p(offer: Offer) -> None:
    refused = objections(VideoRequest(prompt="a fox", resolution=Resolution.P1080, seconds=8), offer)
    assert bool(refused) == (offer.provider == "aimlapi")


def test_switching_off_what_an_offer_lacks_is_no_objection() -> None:
    request = VideoRequest(prompt="a fox", audio=False, multi_clip=False)
    assert objections(request, offer_named("fal/pixverse-v5")) == []


def test_without_a_choice_five_silent_seconds_are_filmed_wide_at_720p() -> None:
    assert shot_of(VideoRequest(prompt="a fox")) == shot(SINGLE_SILENT, "720p", 5)


def test_every_offer_is_of_a_known_model_at_a_known_provider_and_has_its_own_id() -> None:
    assert {offer.model for offer in OFFERS} == set(MODELS)
    assert {offer.provider for offer in OFFERS} == set(PROVIDERS)
    assert len({offer.id for offer in OFFERS}) == len(OFFERS)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_what_an_offer_can_do_can_be_typed(offer: Offer) -> None:
    lengths = BY_OPTION["seconds"].values
    assert isinstance(lengths, OneOf)
    assert set(offer.can.lengths) <= set(lengths.spellings.values())


def test_an_offer_that_never_was_is_not_found() -> None:
    with pytest.raises(KeyError):
        offer_named("fal/pixverse-v4")
