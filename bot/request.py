"""What to film, independent of any provider."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from bot.refusal import Refusal
from bot.speech import number, say, say_many, unsaid

TEXT_LIMIT = 2048
SEED_LIMIT = 2_147_483_647

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class Ratio(StrEnum):
    WIDE = "16:9"
    CLASSIC = "4:3"
    SQUARE = "1:1"
    PORTRAIT = "3:4"
    TALL = "9:16"


class Resolution(StrEnum):
    P360 = "360p"
    P540 = "540p"
    P720 = "720p"
    P1080 = "1080p"


class Style(StrEnum):
    ANIME = "anime"
    ANIMATION = "3d_animation"
    CLAY = "clay"
    COMIC = "comic"
    CYBERPUNK = "cyberpunk"


class Thinking(StrEnum):
    """Whether the provider may rewrite the prompt."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


Choice = str | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """`None` means that the person did not choose; the provider's default then holds."""

    prompt: str
    ratio: Ratio | None = None
    resolution: Resolution | None = None
    seconds: int | None = None
    negative: str | None = None
    style: Style | None = None
    seed: int | None = None
    audio: bool | None = None
    multi_clip: bool | None = None
    thinking: Thinking | None = None
    model: str | None = None
    provider: str | None = None
    spoiler: bool | None = None
    """Whether the clip is covered in the chat; no provider is told."""

    def chosen(self) -> Iterator[tuple[str, Choice]]:
        """Name and value of every option that the person chose, without the prompt."""
        for name in _OPTIONS:
            value: Choice | None = getattr(self, name)
            if value is not None:
                yield name, value


_OPTIONS = tuple(field.name for field in fields(VideoRequest) if field.name != "prompt")


class EmptyPrompt(Refusal):
    title = unsaid("Nothing to film yet")

    def __init__(self, *, swallowed_by: str | None = None) -> None:
        """`swallowed_by` is the flag that took the words instead, where one did."""
        example = say("Say what to film, for example: /video a red fox in snow --ar 9:16")
        all_its = say(
            "Every word after --{flag} went to it: write the prompt first, or quotes around its words.",
            flag=swallowed_by,
        )
        super().__init__(
            say("The prompt is empty: it has 0 of up to {most} characters.", most=number(TEXT_LIMIT)),
            all_its if swallowed_by else example,
        )


class TextTooLong(Refusal):
    title = unsaid("Too long")

    def __init__(self, flag: str, length: int) -> None:
        """Of the text behind a flag, or of the prompt where there is none."""
        most = number(TEXT_LIMIT)
        super().__init__(
            say_many(
                "The text of --{flag} has {n} character; the most is {most}.",
                "The text of --{flag} has {n} characters; the most is {most}.",
                length,
                flag=flag,
                most=most,
            )
            if flag
            else say_many(
                "The prompt has {n} character; the most is {most}.",
                "The prompt has {n} characters; the most is {most}.",
                length,
                most=most,
            ),
            say("Make it shorter by {length}.", length=number(length - TEXT_LIMIT)),
        )


class UnwritableText(Refusal):
    title = unsaid("Unreadable character")

    def __init__(self, flag: str, character: str) -> None:
        """In the text behind a flag, or in the prompt where there is none."""
        code = f"U+{ord(character):04X}"
        super().__init__(
            say("The text of --{flag} contains a character that cannot be sent on ({code}).", flag=flag, code=code)
            if flag
            else say("The prompt contains a character that cannot be sent on ({code}).", code=code),
            say("Delete it and send the command again."),
        )


def tidied(text: str, flag: str = "") -> str:
    """One space between words, none around; refuses what is too long or cannot be written down.

    It is the prompt where it belongs to no flag.
    """
    if broken := _UNWRITABLE.search(text):
        raise UnwritableText(flag, broken[0])
    words = " ".join(text.split())
    if len(words) > TEXT_LIMIT:
        raise TextTooLong(flag, len(words))
    return words


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
