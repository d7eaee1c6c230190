"""Cards as Telegram shows them."""

from adapters.chat.signs import OF_PHASE
from adapters.chat.telegram.text import MOST_CAPTION, Text, cut, units
from bot.card import Card, DraftCard, JobCard, Tone
from bot.job import Identity, Phase
from bot.moment import Timed
from bot.ports import Link
from bot.span import usual_time
from bot.speech import current, pieces, say, speaking, unsaid

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
    if typed.startswith(("/video ", "/video_admin ", "/link ", "/language ", "--")) and (dash or typed.startswith("/")):
        text.code(typed).add(f"{dash}{meaning}")
    else:
        text.add(line)


def status_text(card: JobCard) -> Text:
    """How a job goes on."""
    text = Text().add(f"{OF_PHASE[card.phase]} ").bold(card.title)
    if card.tone is Tone.BUSY:
        with speaking(card.language):
            before, _, after = pieces("ordered {when}", "when")
            text.add(f" · {before}").since(card.ordered_at).add(after)
            text.add(f", {usual_time(card.usual)}" if card.usual else "")
    for line in card.lines:
        text.line().add(line)
    text.line().line()
    return _add_order(text, card, MOST_PROMPT)


def caption(card: JobCard, *, mention: bool, note: str = "") -> Text:
    """What stands below a clip: whatever is long, the prompt gives way."""
    rest = Text(MOST_REST)
    for line in (*card.lines, *([note] if note else ())):
        rest.line().add(line)
    who = f"\n{_for(card, card.by.name)}" if mention and card.by.name else ""
    flags = units(_flags(card.flags))
    text = Text(MOST_CAPTION)
    _add_order(text, card, MOST_CAPTION - flags - units(str(rest)) - units(who) - 4)
    text.line().add(str(rest))
    return _add_for(text.line(), card) if who else text


def link_text(card: JobCard, link: Link, *, mention: bool) -> Text:
    """In place of a clip that is too large for the chat."""
    text = Text()
    with speaking(card.language):
        text.bold(say("Ready, but too large for this chat")).line()
        for number, piece in enumerate(pieces("{link} until {when}", "link", "when")):
            _add_piece(text, piece, link, is_hole=number % 2 == 1)
    _add_order(text.line().line(), card, MOST_CAPTION)
    for line in card.lines:
        text.line().add(line)
    return _add_for(text.line(), card) if mention and card.by.name else text


def _add_piece(text: Text, piece: str, link: Link, *, is_hole: bool) -> None:
    match piece if is_hole else "":
        case "link":
            text.link(say("Watch the clip"), link.url)
        case "when":
            at = say("{day}, {time} UTC", day=current().day(link.until), time=f"{link.until:%H:%M}")
            text.moment(link.until, at)
        case _:
            text.add(piece)


def sending_text(card: JobCard) -> Text:
    """Where the clip is about to stand."""
    with speaking(card.language):
        return Text().add(f"{OF_PHASE[Phase.DELIVERING]} ").bold(say("Sending"))


def alert(card: Card) -> str:
    """A card as the answer to a pressed button."""
    return cut(" ".join((f"{card.title}:", *card.lines)) if card.lines else card.title, MOST_ALERT)


def draft_text(card: DraftCard, by: Identity, *, mention: bool) -> Text:
    """The command that is to be changed; whoever asked for it is asked for the answer."""
    asked = unsaid("reply with other words, other options or both; the rest stays.")
    text = Text()
    if mention and by.name:
        before, _, after = pieces("{name}: {words}", "name", words=say(asked))
        _add_mention(text.add(before), by).add(after)
    else:
        text.add(say(asked))
    return text.line().line().block(card.command)


def _add_order(text: Text, card: JobCard, most: int) -> Text:
    prompt = Text(max(1, most)).add(card.prompt)
    return text.bold(str(prompt)).line().code(_flags(card.flags))


def _for(card: JobCard, name: str) -> str:
    with speaking(card.language):
        return say("for {name}", name=name)


def _add_for(text: Text, card: JobCard) -> Text:
    with speaking(card.language):
        before, _, after = pieces("for {name}", "name")
    return _add_mention(text.add(before), card.by).add(after)


def _flags(flags: str) -> str:
    return str(Text(MOST_FLAGS).add(flags))


def _add_mention(text: Text, by: Identity) -> Text:
    return text.link(by.name, f"tg://user?id={by.user}") if by.user.isdigit() else text.add(by.name)
