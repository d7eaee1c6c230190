"""The page and its pieces as HTML. A card looks the same whether it came with the page or later."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup

from bot.card import Card, JobCard
from bot.commands import SUMMARIES
from bot.flags import FLAGS, Flag
from bot.job import Identity, Phase
from bot.moment import Timed
from bot.request import TEXT_LIMIT
from bot.span import MINUTES, SECONDS, span, usual_time
from bot.speech import current, gettext, ngettext, say, speaking, unsaid
from bot.values import OneOf, Switch

STEPS = (unsaid("Accepted"), unsaid("Ordering"), unsaid("Filming"), unsaid("Fetching"), unsaid("Ready"))

_STEP = {
    Phase.ACCEPTED: 0,
    Phase.SUBMITTING: 1,
    Phase.RENDERING: 2,
    Phase.FETCHING: 3,
    Phase.DELIVERING: 3,
}

HUES = 8
"""Colours that tell the guests apart."""

EXAMPLES = (
    (unsaid("a red fox trotting through fresh snow, low morning sun"), "--ar 9:16 --dur 8"),
    (unsaid("slow flight over a misty fjord at dawn"), "--res 1080p"),
    (unsaid("a paper boat sailing down a rainy street"), "--style clay --ar 1:1"),
)


class Page:
    def __init__(self, *, demo: bool) -> None:
        loader = FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=[InternationalizationExtension],
        )
        # The extension puts it there, and no type tells.
        self._templates.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
        self._templates.filters |= {
            "epoch_ms": epoch_ms,
            "usual_time": usual_time,
            "span": span,
            "hue": hue,
            "is_code": is_code,
        }
        self._templates.tests["timed"] = is_timed
        self._templates.globals |= {"STEPS": STEPS, "STEP": _STEP, "demo": demo, "shown": self._shown}

    def whole(self, cards: Iterable[JobCard], me: Identity, mark: str, notes: Sequence[Card] = ()) -> str:
        """`mark` is the moment up to which the cards are everything."""
        return self._templates.get_template("chat.html").render(
            cards=cards,
            me=me,
            viewer=me.user,
            mark=mark,
            notes=notes,
            now=epoch_ms(datetime.now(UTC)),
            flags=[completion(flag) for flag in FLAGS],
            commands=[{"name": command, "summary": say(summary)} for command, summary in SUMMARIES.items()],
            examples=[(say(prompt), options) for prompt, options in EXAMPLES],
            language=current(),
            texts={
                "seconds": say(SECONDS),
                "minutes": say(MINUTES),
                "default": say("default {value}"),
                "standard": say("default"),
            },
            limit=TEXT_LIMIT,
        )

    def card(self, card: Card, viewer: str | None) -> str:
        """`viewer` is the user who will see it: their own orders stand on the other side."""
        with speaking(card.language):
            if isinstance(card, JobCard):
                return self._templates.get_template("exchange.html").render(card=card, viewer=viewer)
            return self._templates.get_template("note.html").render(card=card)

    def _shown(self, card: Card, viewer: str | None) -> Markup:
        return Markup(self.card(card, viewer))  # noqa: S704 - a template made it


def completion(flag: Flag) -> dict[str, object]:
    """What the composer offers while somebody types."""
    return {
        "name": flag.name,
        "aliases": flag.aliases,
        "summary": say(flag.summary),
        "default": say(flag.default),
        "accepted": flag.values.accepted,
        "values": [{"value": value, "words": _words(flag, value)} for value in flag.values.values],
        "takes": not isinstance(flag.values, Switch),
    }


def _words(flag: Flag, value: str) -> str:
    """Other names of a value that say more than its number does."""
    if not isinstance(flag.values, OneOf):
        return ""
    spellings = flag.values.spellings
    same = (word for word, meaning in spellings.items() if meaning == spellings[value] and word.isalpha())
    return ", ".join(word for word in same if word != value)


def epoch_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def hue(user: str) -> int:
    return sum(user.encode()) % HUES


def is_code(line: str) -> bool:
    """Whether a line of a card is, or explains, something to type."""
    return line.startswith(("/video ", "/language ")) or (line.startswith("--") and " — " in line)


def is_timed(line: str) -> bool:
    return isinstance(line, Timed)
