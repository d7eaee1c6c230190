"""Cards as Discord shows them: plain messages in its Markdown."""

import re
from datetime import datetime

from discord.utils import escape_mentions

from adapters.chat.signs import OF_PHASE
from bot.card import Card, JobCard, Tone
from bot.job import Identity
from bot.moment import Timed
from bot.ports import Link
from bot.span import usual_time
from bot.speech import say, speaking

MOST = 2000
MOST_PROMPT, MOST_FLAGS = 300, 250
LONG_WORD = 30

_MEANT = re.compile(r"<?(?P<address>https?://[^\s<>]+)>?|[\\*_~`|\[\]<]|^[^\S\n]*[>#-]", re.MULTILINE)
"""Addresses, what Discord makes something of, and what it makes something of at the beginning of a line.

The library's own search takes seconds for some texts, and leaves a link that stands in another's brackets.
"""


def card_text(card: Card) -> str:
    """Any answer to what was typed or pressed."""
    sign = "⚠️ " if card.tone is Tone.BAD else ""
    head, lines = f"{sign}**{plain(card.title)}**", [*map(_line, card.lines)]
    if len("\n".join((head, *lines))) > MOST:
        lines = [_cut(line, max(LONG_WORD, (MOST - len(head)) // len(lines) - 1)) for line in lines]
    return _cut("\n".join((head, *lines)), MOST)


def status_text(card: JobCard) -> str:
    head = f"{OF_PHASE[card.phase]} **{plain(card.title)}**"
    if card.tone is Tone.BUSY:
        with speaking(card.language):
            ordered = say("ordered {when}", when=moment(card.ordered_at))
            usual = f", {usual_time(card.usual)}" if card.usual else ""
        head = f"{head} · {ordered}{usual}"
    return _cut("\n".join((head, *map(plain, card.lines), "", _order(card, MOST_PROMPT))), MOST)


def result_text(card: JobCard) -> str:
    below = "\n".join((mention(card.by), *map(plain, card.lines)))
    return _cut(f"{_order(card, MOST - len(below) - 100)}\n{below}", MOST)


def called_text(card: JobCard) -> str:
    """In a message of its own, which calls whoever ordered."""
    return _cut(f"{mention(card.by)} {status_text(card)}", MOST)


def link_text(card: JobCard, link: Link) -> str:
    with speaking(card.language):
        title, watch = say("Ready, but too large for this chat"), say("Watch the clip")
        until = say("{link} until {when}", link=f"[{watch}](<{link.url}>)", when=moment(link.until, "f"))
    watch = f"**{title}**\n{until}"
    return _cut(f"{watch}\n{result_text(card)}", MOST)


def mention(by: Identity) -> str:
    return f"<@{by.user}>"


def moment(at: datetime, style: str = "R") -> str:
    """As each reader's own clock shows it; what is relative goes on counting without an edit."""
    return f"<t:{int(at.timestamp())}:{style}>"


def plain(words: str) -> str:
    """Without anything that Discord would make something of; addresses stay, and show nothing of what is there."""
    return escape_mentions(_MEANT.sub(_escaped, words))


def _escaped(found: re.Match[str]) -> str:
    address = found["address"]
    if address:
        return f"<{address}>"
    sign = found[0].lstrip()
    return f"{found[0][: -len(sign)]}\\{sign}"


def _line(line: str) -> str:
    """What can be typed stands apart, and a moment counts down."""
    if isinstance(line, Timed):
        return f"{plain(line.before)}{moment(line.at)}{plain(line.after)}"
    typed, dash, meaning = line.partition(" — ")
    if typed.startswith(("/", "--")) and (dash or typed.startswith("/")):
        return f"{code(typed)}{dash}{plain(meaning)}"
    return plain(line)


def _order(card: JobCard, most: int) -> str:
    flags = code(_cut(card.flags, MOST_FLAGS))
    # Each character may need a backslash before it.
    prompt = plain(_cut(card.prompt, max(20, (most - len(flags)) // 2)))
    return f"**{prompt}**\n{flags}"


def code(words: str) -> str:
    return f"`{words.replace('`', chr(39))}`"


def _cut(words: str, most: int) -> str:
    """After a word where one ends nearby: not all languages put spaces between them."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    end = kept.rfind(" ", max(1, len(kept) - LONG_WORD))
    return f"{kept[:end] if end > 0 else kept}…"
