"""The guided form: a command that is put together by pressing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.card import FormCard, Pick
from bot.catalogue import PROVIDERS, Offer, Shot, shot_of
from bot.choosing import objections
from bot.flags import BY_OPTION
from bot.grammar import render
from bot.money import shown
from bot.request import Choice, VideoRequest
from bot.span import SECONDS
from bot.speech import say

OPTIONS = ("ratio", "resolution", "seconds")
"""What a form asks for; everything else can be typed."""


def form_card(request: VideoRequest, offer: Offer, offers: Sequence[Offer]) -> FormCard:
    """`offer` is what would film the request as it is."""
    shot = shot_of(request)
    has_prompt = bool(request.prompt)
    lines = (
        say(
            "{shape}: {price} at {provider}.",
            shape=_shape(shot),
            price=shown(offer.prices.price(shot)),
            provider=PROVIDERS[offer.provider],
        ),
        say("Reply to this message with other words to change them.")
        if has_prompt
        else say("Reply to this message with what to film."),
    )
    return FormCard(
        title=say("Film this?") if has_prompt else say("What shall be filmed?"),
        lines=lines,
        command=render(request),
        picks=tuple(tuple(_picks(option, request, shot, offers)) for option in OPTIONS),
        has_prompt=has_prompt,
    )


def _shape(shot: Shot) -> str:
    return say("{ratio}, {resolution}, {seconds} s", ratio=shot.ratio, resolution=shot.resolution, seconds=shot.seconds)


def _picks(option: str, request: VideoRequest, shot: Shot, offers: Sequence[Offer]) -> Iterator[Pick]:
    flag = BY_OPTION[option]
    chosen: Choice = getattr(shot, option)
    for written in flag.values.values:
        value = flag.values.read(flag.name, written)
        # `option` is a field of the request.
        other = replace(request, **{option: value})  # type: ignore[arg-type]
        if any(not objections(other, offer) for offer in offers):
            label = say(SECONDS, seconds=written) if option == "seconds" else written
            yield Pick(label, f"--{flag.name} {written}", value == chosen)
