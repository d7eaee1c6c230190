"""Which offer films a request; and where none can, which option rules out which provider and what would work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import cast

from bot.catalogue import DEFAULT_RESOLUTION, DEFAULT_SECONDS, MODELS, OFFERS, PROVIDERS, Capabilities, Offer
from bot.flags import BY_OPTION
from bot.job import Job
from bot.refusal import Refusal
from bot.request import Choice, Resolution, VideoRequest
from bot.speech import listed, say, sentence, unsaid
from bot.values import Switch


class NoOffer(Refusal):
    title = unsaid("No provider can film this")

    def __init__(self, request: VideoRequest, offers: Sequence[Offer]) -> None:
        reasons = " ".join(_reasons(request, _worth_naming(request, offers)))
        changes = [change.text for change in smallest_changes(request, offers)]
        super().__init__(
            reasons or say("{what} is not switched on here.", what=_wanted(request)),
            _proposed(changes) if changes else say("Ask the operator what is switched on."),
        )


def offers_at(providers: Sequence[str]) -> tuple[Offer, ...]:
    """What the operator's providers have, in the operator's order of preference."""
    return tuple(offer for provider in providers for offer in OFFERS if offer.provider == provider)


def fitting(request: VideoRequest, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Every offer that can film the request, most preferred first. Raises `NoOffer` where there is none."""
    named = replace(request, model=request.model or _default_model(offers))
    found = tuple(offer for offer in offers if not objections(named, offer))
    if not found:
        raise NoOffer(named, offers)
    return found


def candidates(job: Job, offers: Sequence[Offer]) -> tuple[str, ...]:
    """The providers that can film the job with its model, most preferred first; but first those that keep the price."""
    able = (
        offer
        for offer in offers
        if offer.model == job.offer.model
        and offer.provider not in job.refused_by
        and not objections(replace(job.request, model=offer.model), offer)
    )
    return tuple(offer.provider for offer in sorted(able, key=lambda each: each.prices.price(job.shot) > job.price))


def sharper(job: Job) -> VideoRequest | None:
    """The same request with the most lines that the job's offer has for it; `None` where it has them already."""
    better = list(Resolution)[list(Resolution).index(job.shot.resolution) + 1 :]
    asked = (replace(job.request, resolution=resolution, model=job.offer.model) for resolution in reversed(better))
    found = next((request for request in asked if not objections(request, job.offer)), None)
    return None if found is None else replace(found, model=job.request.model)


def objections(request: VideoRequest, offer: Offer) -> list[str]:
    """The options, as they would be typed, that this offer cannot do."""
    chosen = dict(request.chosen())
    found = [_typed(name, chosen[name]) for name in _lacking(request, offer)]
    resolution, seconds = request.resolution or DEFAULT_RESOLUTION, request.seconds or DEFAULT_SECONDS
    if not found and (resolution, seconds) in offer.can.impossible:
        both = say("{option} with {other}", option=_typed("resolution", resolution), other=_typed("seconds", seconds))
        found.append(both)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    request: VideoRequest
    text: str


def smallest_changes(request: VideoRequest, offers: Sequence[Offer]) -> list[Change]:
    """For each smallest set of options whose change makes some offer fit, the change nearest to what was asked."""
    lacking = [(offer, set(_lacking(request, offer))) for offer in offers]
    options = {name: list(_alternatives(name, value)) for name, value in _changeable(request)}
    for count in range(1, len(options) + 1):
        found = (
            _first_fitting(request, [options[name] for name in names], within_reach)
            for names in combinations(options, count)
            if (within_reach := [offer for offer, lacks in lacking if lacks <= set(names)])
        )
        if changes := [change for change in found if change]:
            return changes
    return []


def _first_fitting(
    request: VideoRequest, group: Sequence[Sequence[tuple[str, Choice | None]]], offers: Sequence[Offer]
) -> Change | None:
    changes = (_changed(request, picked) for picked in product(*group))
    return next((c for c in changes if any(not objections(c.request, offer) for offer in offers)), None)


def _default_model(offers: Sequence[Offer]) -> str:
    offered = {offer.model for offer in offers}
    return next((model for model in MODELS if model in offered), next(iter(MODELS)))


def _worth_naming(request: VideoRequest, offers: Sequence[Offer]) -> list[Offer]:
    """The offers that come nearest to what was asked: of the provider named, and of the model where it has it."""
    near = [offer for offer in offers if request.provider in (None, offer.provider)]
    have_it = {offer.provider for offer in near if offer.model == request.model}
    return [offer for offer in near if offer.model == request.model or offer.provider not in have_it]


def _reasons(request: VideoRequest, offers: Sequence[Offer]) -> Iterator[str]:
    """One sentence for all options that the same providers cannot do."""
    cannot: dict[tuple[bool, str], list[str]] = {}
    for offer in offers:
        for option in objections(request, offer):
            cannot.setdefault((offer.model == request.model, option), []).append(PROVIDERS[offer.provider])
    together: dict[tuple[bool, str], list[str]] = {}
    for (is_of_model, option), providers in cannot.items():
        who = listed(list(dict.fromkeys(providers)))
        together.setdefault((is_of_model, who), []).append(option)
    for (is_of_model, who), options in together.items():
        wanted = listed(options, either=True)
        if is_of_model:
            model = _wanted_model(request)
            yield say("{model} at {providers} cannot do {options}.", model=model, providers=who, options=wanted)
        else:
            yield say("{providers} cannot do {options}.", providers=who, options=wanted)


def _proposed(changes: Sequence[str]) -> str:
    first, *others = changes
    text = f"{first[0].upper()}{first[1:]}"
    for other in others:
        text = say("{change}; or {other}", change=text, other=other)
    return sentence(text)


def _wanted(request: VideoRequest) -> str:
    return PROVIDERS[request.provider] if request.provider else _wanted_model(request)


def _wanted_model(request: VideoRequest) -> str:
    return MODELS[request.model or next(iter(MODELS))]


def _typed(name: str, value: Choice) -> str:
    flag = BY_OPTION[name]
    written = flag.values.write(value)
    if name == "negative" or isinstance(flag.values, Switch):
        return f"--{flag.name}"
    return f"--{flag.name} {written}"


def _lacking(request: VideoRequest, offer: Offer) -> list[str]:
    """The fields of the request whose values this offer does not have, each seen alone."""
    return [name for name, value in request.chosen() if not _possible(offer, name, value)]


def _possible(offer: Offer, name: str, value: Choice) -> bool:
    can: Capabilities = offer.can
    match name:
        case "ratio":
            return value in can.ratios
        case "resolution":
            return value in can.resolutions
        case "seconds":
            return value in can.lengths
        case "style":
            return value in can.styles
        case "model":
            return value == offer.model
        case "provider":
            return value == offer.provider
        case "spoiler":
            return True
        case _:
            return value is False or cast("bool", getattr(can, name))


def _changeable(request: VideoRequest) -> Iterator[tuple[str, Choice]]:
    """What was chosen, and the defaults that a rule across options may stumble over."""
    defaults = replace(
        request,
        resolution=request.resolution or DEFAULT_RESOLUTION,
        seconds=request.seconds or DEFAULT_SECONDS,
    )
    return defaults.chosen()


def _alternatives(name: str, value: Choice) -> Iterator[tuple[str, Choice | None]]:
    """Other values of an option, the nearest first; leaving it out where it has no order."""
    match name:
        case "resolution":
            order = list(Resolution)
            yield from (
                ("resolution", other)
                for other in sorted(order, key=lambda r: abs(order.index(r) - order.index(Resolution(str(value)))))
                if other != value
            )
        case "seconds":
            yield from (
                ("seconds", other) for other in sorted((5, 8, 10), key=lambda s: abs(s - int(value))) if other != value
            )
        case "model":
            yield from (("model", other) for other in MODELS if other != value)
        case _:
            yield name, None


def _changed(request: VideoRequest, picked: Sequence[tuple[str, Choice | None]]) -> Change:
    # The names come from the fields of the request itself.
    changed = replace(request, **dict(picked))  # type: ignore[arg-type]
    chosen = dict(request.chosen())
    used = [_typed(name, value) for name, value in picked if value is not None]
    left_out = [_typed(name, chosen[name]) for name, value in picked if value is None]
    return Change(changed, _steps(used, left_out))


def _steps(used: Sequence[str], left_out: Sequence[str]) -> str:
    if not left_out:
        return say("use {options}", options=listed(used))
    if not used:
        return say("leave out {options}", options=listed(left_out))
    return say("use {options}, and leave out {others}", options=listed(used), others=listed(left_out))
