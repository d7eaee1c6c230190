"""Cards as Telegram shows them."""

from adapters.chat.signs import OF_PHASE
from adapters.chat.telegram.text import MOST_CAPTION, Text, cut, units
from bot.card import Card, DraftCard, JobCard, Tone
from bot.job import Identity, Phase
from bot.moment import Timed
from bot.ports import Link
from bot.span import usual_time

MOST_PROMPT, MOST_FLAGS, MOST_REST = 200, 250, 400
"""Units of the prompt in a status, and of what stands below the prompt in a caption: the prompt has the rest."""

MOST_ALERT = 200
"""Units of the answer to a pressed button."""


def card_text(card: Card) -> Text:
    """Any answer to what was typed."""
    text = Text()
    text.add("⚠️ " if card.tone is Tone.BAD else "").bold(card.title)
    if isinstance(card, DraftCard):
        text.line().line().block(card.command).line()
    for line in card.lines:
        text.line()
        _add_line(text, line)
    return text


def _add_line(text: Text, line: str) -> None:
    """What can be typed stands apart, so that a tap copies it."""
    if isinstance(line, Timed):
        text.add(line.before).moment(line.at, line.words).add(line.after)
        return
    typed, dash, meaning = line.partition(" — ")
    if typed.startswith(("/video ", "/video_admin ", "/link ", "--")) and (dash or typed.startswith("/")):
        text.code(typed).add(f"{dash}{meaning}")
    else:
        text.add(line)


def status_text(card: JobCard) -> Text:
    """How a job goes on."""
    text = Text().add(f"{OF_PHASE[card.phase]} ").bold(card.title)
    if card.tone is Tone.BUSY:
        text.add(" · ordered ").since(card.ordered_at)
        if card.usual:
            text.add(f", {usual_time(card.usual)}")
    for line in card.lines:
        text.line().add(line)
    text.line().line()
    return _add_order(text, card, MOST_PROMPT)


def caption(card: JobCard, *, mention: bool, note: str = "") -> Text:
    """What stands below a clip: whatever is long, the prompt gives way."""
    rest = Text(MOST_REST)
    for line in (*card.lines, *([note] if note else ())):
        rest.line().add(line)
    who = f"\nfor {card.by.name}" if mention and card.by.name else ""
    flags = units(_flags(card.flags))
    text = Text(MOST_CAPTION)
    _add_order(text, card, MOST_CAPTION - flags - units(str(rest)) - units(who) - 4)
    text.line().add(str(rest))
    return _add_mention(text.line().add("for "), card.by) if who else text


def link_text(card: JobCard, link: Link, *, mention: bool) -> Text:
    """In place of a clip that is too large for the chat."""
    text = Text().bold("Ready, but too large for this chat").line()
    text.link("Watch the clip", link.url).add(" until ")
    text.moment(link.until, f"{link.until:%d %B, %H:%M} UTC").line().line()
    _add_order(text, card, MOST_CAPTION)
    for line in card.lines:
        text.line().add(line)
    return _add_mention(text.line().add("for "), card.by) if mention and card.by.name else text


def sending_text() -> Text:
    """Where the clip is about to stand."""
    return Text().add(f"{OF_PHASE[Phase.DELIVERING]} ").bold("Sending")


def alert(card: Card) -> str:
    """A card as the answer to a pressed button."""
    return cut(" ".join((f"{card.title}:", *card.lines)) if card.lines else card.title, MOST_ALERT)


def draft_text(card: DraftCard, by: Identity, *, mention: bool) -> Text:
    """The command that is to be changed; whoever asked for it is asked for the answer."""
    text = Text()
    if mention and by.name:
        _add_mention(text, by).add(": ")
    return text.add("reply with other words, other options or both; the rest stays.").line().line().block(card.command)


def _add_order(text: Text, card: JobCard, most: int) -> Text:
    prompt = Text(max(1, most)).add(card.prompt)
    return text.bold(str(prompt)).line().code(_flags(card.flags))


def _flags(flags: str) -> str:
    return str(Text(MOST_FLAGS).add(flags))


def _add_mention(text: Text, by: Identity) -> Text:
    return text.link(by.name, f"tg://user?id={by.user}") if by.user.isdigit() else text.add(by.name)
