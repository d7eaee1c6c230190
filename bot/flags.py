"""The one table of flags. The parser, the help, the completion in the web chat and the README read it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from bot.catalogue import DEFAULT_RATIO, DEFAULT_RESOLUTION, DEFAULT_SECONDS, MODELS, PROVIDERS
from bot.refusal import Refusal
from bot.request import SEED_LIMIT, Choice, Ratio, Resolution, Style, Thinking
from bot.speech import say, unsaid
from bot.values import SHOWN, OneOf, Switch, Values, Whole, Words, guess, legible


class UnknownFlag(Refusal):
    title = unsaid("Unknown option")

    def __init__(self, typed: str, nearest: str | None) -> None:
        names = ", ".join(f"--{flag.name}" for flag in FLAGS)
        super().__init__(
            say("There is no option {typed}.", typed=legible(typed)) + guess(nearest),
            say("The options are {names}. Everything after a lone -- belongs to the prompt.", names=names),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    name: str
    option: str
    """The field of `VideoRequest` that it sets, or `price_only` for the command itself."""
    values: Values
    summary: str
    default: str
    example: str
    aliases: tuple[str, ...] = ()
    fixed: Mapping[str, str] | None = None
    """Words that stand for this flag with a value, such as `--silent` for `--audio=off`."""


def _spelt(*groups: tuple[Choice | None, str]) -> OneOf:
    return OneOf({spelling: value for value, spellings in groups for spelling in spellings.split()})


def _ratio(value: Ratio, words: str) -> tuple[Ratio, str]:
    numbers = (value.replace(":", sign) for sign in "x/×")
    return value, " ".join((value, *numbers, words))


FLAGS: tuple[Flag, ...] = (
    Flag(
        name="ar",
        option="ratio",
        aliases=("aspect", "aspect-ratio", "ratio"),
        values=_spelt(
            _ratio(Ratio.WIDE, "landscape wide horizontal"),
            _ratio(Ratio.TALL, "tall vertical"),
            _ratio(Ratio.SQUARE, "square"),
            _ratio(Ratio.CLASSIC, "classic"),
            _ratio(Ratio.PORTRAIT, "portrait"),
        ),
        summary=unsaid("Shape of the picture"),
        default=DEFAULT_RATIO,
        example="--ar 9:16",
    ),
    Flag(
        name="res",
        option="resolution",
        aliases=("quality", "q", "resolution"),
        values=_spelt(
            (Resolution.P360, "360p 360"),
            (Resolution.P540, "540p 540"),
            (Resolution.P720, "720p 720 hd"),
            (Resolution.P1080, "1080p 1080 fhd"),
        ),
        summary=unsaid("Resolution of the picture"),
        default=DEFAULT_RESOLUTION,
        example="--res 1080p",
    ),
    Flag(
        name="dur",
        option="seconds",
        aliases=("duration", "d", "length", "sec", "seconds"),
        values=_spelt(*((n, f"{n} {n}s {n}sec {n}seconds") for n in (5, 8, 10))),
        summary=unsaid("Length in seconds"),
        default=str(DEFAULT_SECONDS),
        example="--dur 8",
    ),
    Flag(
        name="no",
        option="negative",
        aliases=("neg", "negative", "negative-prompt"),
        values=Words(),
        summary=unsaid("What should not be seen"),
        default=unsaid("nothing"),
        example="--no blur, text",
    ),
    Flag(
        name="style",
        option="style",
        values=_spelt(
            (Style.ANIME, "anime"),
            (Style.ANIMATION, "3d 3d_animation 3d-animation"),
            (Style.CLAY, "clay"),
            (Style.COMIC, "comic"),
            (Style.CYBERPUNK, "cyberpunk"),
            (None, "none"),
        ),
        summary=unsaid("Look of the picture"),
        default="none",
        example="--style clay",
    ),
    Flag(
        name="seed",
        option="seed",
        values=Whole(SEED_LIMIT, "random"),
        summary=unsaid("The same number gives the same clip again"),
        default="random",
        example="--seed 42",
    ),
    Flag(
        name="audio",
        option="audio",
        aliases=("sound",),
        fixed={"silent": "off", "mute": "off", "no-audio": "off", "no-sound": "off"},
        values=Switch(),
        summary=unsaid("With sound"),
        default="off",
        example="--audio",
    ),
    Flag(
        name="multi",
        option="multi_clip",
        aliases=("multi-clip", "multi-shot"),
        fixed={"single": "off"},
        values=Switch(),
        summary=unsaid("Several camera shots in one clip"),
        default="off",
        example="--multi",
    ),
    Flag(
        name="think",
        option="thinking",
        aliases=("thinking",),
        fixed={"enhance": "on", "raw": "off"},
        values=_spelt(
            (Thinking.AUTO, "auto"),
            (Thinking.ON, "on enabled yes"),
            (Thinking.OFF, "off disabled no"),
        ),
        summary=unsaid("Whether the model may rewrite the prompt"),
        default="auto",
        example="--think off",
    ),
    Flag(
        name="model",
        option="model",
        aliases=("m", "v", "version"),
        values=_spelt(
            *(
                (model, f"{version} {model} {version.removeprefix('v')} {version.replace('.', '-')}")
                for model, version in ((model, model.removeprefix("pixverse-")) for model in MODELS)
            )
        ),
        summary=unsaid("Which model films"),
        default=next(iter(MODELS)).removeprefix("pixverse-"),
        example="--model v5",
    ),
    Flag(
        name="provider",
        option="provider",
        values=_spelt(*((provider, provider) for provider in PROVIDERS)),
        summary=unsaid("Who runs the model"),
        default=unsaid("the operator's first that can"),
        example="--provider fal",
    ),
    Flag(
        name="spoiler",
        option="spoiler",
        aliases=("cover", "covered"),
        values=Switch(),
        summary=unsaid("Cover the clip until it is clicked"),
        default="off",
        example="--spoiler",
    ),
    Flag(
        name="cost",
        option="price_only",
        aliases=("price", "dry", "dry-run"),
        values=Switch(),
        summary=unsaid("Tell the price and film nothing"),
        default="off",
        example="--cost",
    ),
)


def _spellings() -> dict[str, tuple[Flag, str | None]]:
    found: dict[str, tuple[Flag, str | None]] = {}
    for flag in FLAGS:
        found |= dict.fromkeys((flag.name, *flag.aliases), (flag, None))
        found |= {word: (flag, value) for word, value in (flag.fixed or {}).items()}
    return found


SPELLINGS: Mapping[str, tuple[Flag, str | None]] = _spellings()
"""Every word that names a flag, folded, with the value that it implies if it implies one."""

BY_OPTION: Mapping[str, Flag] = {flag.option: flag for flag in FLAGS}


def unknown(typed: str, name: str) -> UnknownFlag:
    """`--1080p` is a value without its flag; `--rez` is a flag with a slip of the finger."""
    folded = name.casefold()
    of_value = (
        f"--{flag.name} {folded}"
        for flag in FLAGS
        if isinstance(flag.values, OneOf) and folded in flag.values.spellings
    )
    near = (f"--{spelling}" for spelling in difflib.get_close_matches(folded[:SHOWN], SPELLINGS, n=1))
    return UnknownFlag(typed, next(chain(of_value, near), None))
