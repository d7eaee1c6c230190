from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import MODELS, PROVIDERS, Offer
from bot.choosing import NoOffer, candidates, fitting, objections, offers_at, smallest_changes
from bot.grammar import parse
from bot.job import Job, JobId, Phase
from bot.money import Micros
from bot.request import Ratio, Resolution, Style, Thinking, VideoRequest
from tests.stage import ANN, LOBBY, NOON

EVERYWHERE = offers_at(tuple(PROVIDERS))


def asked(text: str) -> VideoRequest:
    return parse(f"a fox {text}").request


@pytest.mark.parametrize(
    ("order", "chosen"),
    [
        (("fal", "aimlapi", "shortapi", "pixverse"), "fal/pixverse-v5.5"),
        (("pixverse", "fal"), "pixverse/pixverse-v5.5"),
        (("shortapi", "fal"), "shortapi/pixverse-v5.5"),
    ],
)
def test_the_operators_first_provider_films(order: tuple[str, ...], chosen: str) -> None:
    assert fitting(asked(""), offers_at(order))[0].id == chosen


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("--seed 1", "aimlapi/pixverse-v5.5"),
        ("--res 1080p --dur 8 --no blur", "fal/pixverse-v5.5"),
        ("--v5", "aimlapi/pixverse-v5"),
        ("--provider pixverse", "pixverse/pixverse-v5.5"),
        ("--audio=off", "shortapi/pixverse-v5.5"),
    ],
)
def test_the_first_provider_that_can_is_chosen(text: str, chosen: str) -> None:
    assert fitting(asked(text), offers_at(("shortapi", "aimlapi", "fal", "pixverse")))[0].id == chosen


def test_the_model_never_changes_by_itself() -> None:
    assert {offer.model for offer in fitting(asked(""), EVERYWHERE)} == {"pixverse-v5.5"}
    assert {offer.model for offer in fitting(asked("--v5"), EVERYWHERE)} == {"pixverse-v5"}


def test_without_a_choice_the_first_model_that_is_offered_films() -> None:
    only_v5 = tuple(offer for offer in EVERYWHERE if offer.model == "pixverse-v5")
    assert fitting(asked(""), only_v5)[0].id == "fal/pixverse-v5"


@pytest.mark.parametrize(
    ("text", "providers", "reason", "remedy"),
    [
        (
            "--res 360p",
            ("shortapi",),
            "PixVerse v5.5 at ShortAPI cannot do --res 360p.",
            "Use --res 540p.",
        ),
        (
            "--res 1080p --dur 10",
            ("fal", "aimlapi", "shortapi"),
            "PixVerse v5.5 at fal, AIMLAPI and ShortAPI cannot do --res 1080p with --dur 10.",
            "Use --res 720p; or use --dur 8.",
        ),
        (
            "--res 1080p --dur 8 --seed 1",
            ("aimlapi", "shortapi"),
            (
                "PixVerse v5.5 at AIMLAPI cannot do --res 1080p with --dur 8."
                " PixVerse v5.5 at ShortAPI cannot do --seed 1."
            ),
            "Use --res 720p; or use --dur 5; or leave out --seed 1.",
        ),
        (
            "--v5 --audio --multi --think on",
            ("fal", "aimlapi"),
            "PixVerse v5 at fal and AIMLAPI cannot do --audio, --multi or --think on.",
            "Use --model v5.5.",
        ),
        (
            "--v5 --audio",
            ("shortapi", "fal"),
            "ShortAPI cannot do --model v5. PixVerse v5 at fal cannot do --audio.",
            "Leave out --audio; or use --model v5.5.",
        ),
        (
            "--v5 --no blur --style clay --seed 7",
            ("shortapi",),
            "ShortAPI cannot do --no, --style clay, --seed 7 or --model v5.",
            "Use --model v5.5, and leave out --no, --style clay and --seed 7.",
        ),
        (
            "--provider shortapi --v5",
            tuple(PROVIDERS),
            "ShortAPI cannot do --model v5.",
            "Use --model v5.5; or leave out --provider shortapi.",
        ),
        ("--provider fal", ("shortapi",), "fal is not switched on here.", "Leave out --provider fal."),
        ("--provider fal", (), "fal is not switched on here.", "Ask the operator what is switched on."),
        ("--v5", (), "PixVerse v5 is not switched on here.", "Ask the operator what is switched on."),
        ("", (), "PixVerse v5.5 is not switched on here.", "Ask the operator what is switched on."),
    ],
)
def test_a_refusal_says_which_option_rules_out_whom_and_what_would_work(
    text: str, providers: tuple[str, ...], reason: str, remedy: str
) -> None:
    with pytest.raises(NoOffer) as refused:
        fitting(asked(text), offers_at(providers))
    assert (refused.value.reason, refused.value.remedy) == (reason, remedy)


@pytest.mark.parametrize(
    ("text", "offer_id", "refused_by", "providers"),
    [
        ("", "fal/pixverse-v5.5", (), ("shortapi", "fal", "aimlapi")),
        ("", "fal/pixverse-v5.5", ("fal",), ("shortapi", "aimlapi")),
        ("--seed 1", "fal/pixverse-v5.5", (), ("fal", "aimlapi")),
        ("--res 1080p --dur 8 --no blur", "fal/pixverse-v5.5", (), ("fal",)),
        ("", "fal/pixverse-v5", (), ("fal", "aimlapi")),
        ("--provider fal", "fal/pixverse-v5.5", ("fal",), ()),
    ],
)
def test_a_job_may_go_to_whoever_can_film_it_and_did_not_refuse_it(
    text: str, offer_id: str, refused_by: tuple[str, ...], providers: tuple[str, ...]
) -> None:
    job = Job(
        id=JobId("job"),
        person="ann",
        identity=ANN,
        place=LOBBY,
        request=asked(text),
        offer_id=offer_id,
        seed=1,
        price=Micros(200_000),
        ordered_at=NOON,
        phase=Phase.ACCEPTED,
        phase_since=NOON,
        refused_by=refused_by,
    )
    assert candidates(job, offers_at(("shortapi", "fal", "aimlapi"))) == providers


steady = settings(
    derandomize=True, deadline=None, database=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
requests = st.builds(
    VideoRequest,
    prompt=st.just("a fox"),
    ratio=st.sampled_from([None, Ratio.TALL]),
    resolution=st.sampled_from([None, Resolution.P360, Resolution.P1080]),
    seconds=st.sampled_from([None, 5, 8, 10]),
    negative=st.sampled_from([None, "blur"]),
    style=st.sampled_from([None, Style.CLAY]),
    seed=st.sampled_from([None, 0, 7]),
    audio=st.sampled_from([None, True, False]),
    multi_clip=st.sampled_from([None, True]),
    thinking=st.sampled_from([None, Thinking.ON]),
    model=st.sampled_from(list(MODELS)),
    provider=st.sampled_from([None, *PROVIDERS]),
)
switched_on = st.lists(st.sampled_from(list(PROVIDERS)), unique=True).map(offers_at)

OTHER_VALUES: dict[str, list[object]] = {
    "ratio": [None, *Ratio],
    "resolution": [None, *Resolution],
    "seconds": [None, 5, 8, 10],
    "negative": [None],
    "style": [None, *Style],
    "seed": [None, 1],
    "audio": [None, True, False],
    "multi_clip": [None, True, False],
    "thinking": [None, *Thinking],
    "model": list(MODELS),
    "provider": [None, *PROVIDERS],
}


def is_filmed(request: VideoRequest, offers: tuple[Offer, ...]) -> bool:
    return any(not objections(request, offer) for offer in offers)


def differing(one: VideoRequest, other: VideoRequest) -> set[str]:
    return {name for name in OTHER_VALUES if getattr(one, name) != getattr(other, name)}


def fewer_changes_suffice(request: VideoRequest, count: int, offers: tuple[Offer, ...]) -> bool:
    """Whether some change of fewer than `count` options, to whatever values, gets the request filmed."""
    chosen = dict(request.chosen())
    relevant = [name for name in OTHER_VALUES if name in {"resolution", "seconds", *chosen}]
    groups = (group for size in range(count) for group in combinations(relevant, size))
    return any(
        is_filmed(replace(request, **dict(zip(group, values, strict=True))), offers)  # type: ignore[arg-type]
        for group in groups
        for values in product(*(OTHER_VALUES[name] for name in group))
    )


def changes_needed(request: VideoRequest, offer: Offer) -> int:
    """What this offer lacks, counted in another way: each option alone, then the pair if both halves are possible."""
    alone = [VideoRequest(prompt="a fox", **{name: value}) for name, value in request.chosen()]  # type: ignore[arg-type]
    lacking = [single for single in alone if objections(single, offer)]
    if any(single.resolution or single.seconds for single in lacking):
        return len(lacking)
    pair = VideoRequest(prompt="a fox", resolution=request.resolution, seconds=request.seconds)
    return len(lacking) + bool(objections(pair, offer))


@steady
@given(requests, switched_on)
def test_the_first_offer_without_objections_films(request: VideoRequest, offers: tuple[Offer, ...]) -> None:
    able = [offer for offer in offers if not objections(request, offer)]
    if able:
        assert fitting(request, offers)[0] == able[0]
    else:
        with pytest.raises(NoOffer, match=r"\.$"):
            fitting(request, offers)


@steady
@given(requests, switched_on)
def test_what_a_refusal_suggests_works_and_nothing_smaller_does(
    request: VideoRequest, offers: tuple[Offer, ...]
) -> None:
    if is_filmed(request, offers):
        return
    changes = smallest_changes(request, offers)
    assert bool(changes) == bool(offers)
    for change in changes:
        assert fitting(change.request, offers)
        size = len(differing(request, change.request))
        assert size == min(changes_needed(request, offer) for offer in offers)
        assert not fewer_changes_suffice(request, min(size, 3), offers)


@steady
@given(requests, switched_on)
def test_every_suggestion_stands_in_the_refusal_once(request: VideoRequest, offers: tuple[Offer, ...]) -> None:
    texts = [change.text for change in smallest_changes(request, offers)]
    assert len(texts) == len(set(texts))
    if texts and not is_filmed(request, offers):
        with pytest.raises(NoOffer) as refused:
            fitting(request, offers)
        assert refused.value.remedy.casefold() == f"{'; or '.join(texts)}.".casefold()
