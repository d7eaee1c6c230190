"""What admins read: what holds, what runs, who used how much, and who decided what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.access import ADULT, CHATS, DOOR, LISTED, PLACE, WHO, YES, Door, Said
from bot.admin_words import COMMAND, MANUAL, Task
from bot.card import Card
from bot.decision import Decision
from bot.job import Job
from bot.money import shown
from bot.phrase import counted_videos, spoken
from bot.request import shortened
from bot.rulebook import Spender, Tally
from bot.rules import Rule, Rules, Scope
from bot.span import span
from bot.taboo import Kind, Taboo

SHORT_ID = 6
MOST_PROMPT, MOST_WHAT = 60, 160
MOST_LINES = 15
"""Of one kind in a card that could have any number of them."""

_ORDER = (Scope.BOT, Scope.CHAT, Scope.TIER, Scope.PERSON)
_ONLY_OPERATORS = frozenset({Task.GRANT})


def help_card(*, is_operator: bool) -> Card:
    lines = [
        f"{COMMAND} {example}{'' if number else f' — {_uncapitalized(manual.summary)}'}"
        for task, manual in MANUAL.items()
        if is_operator or task not in _ONLY_OPERATORS
        for number, example in enumerate(manual.examples)
    ]
    everywhere = (f"{COMMAND} everywhere budget $20 a day — for the whole bot",) if is_operator else ()
    return Card(
        title="For admins",
        lines=(*lines, *everywhere, "Instead of naming somebody, answer one of their messages with the command."),
    )


def rules_card(
    *,
    chat: str,
    rules: Sequence[Rule],
    said: Said,
    taboos: Sequence[Taboo],
    terms: Rules,
    paused: str | None,
    names: Mapping[str, str],
    sees_all: bool,
) -> Card:
    """What all share is the operators' business, and only shown to them."""
    own = [rule for rule in rules if rule.chat == chat]
    lines = [
        *([f"No new orders: {paused}."] if paused else []),
        _capitalized(WHO[Door(said.get((chat, DOOR), terms.access.door if not chat else Door.OPEN))]),
        *_places(said, chat),
        *_few(_laid_down(own, names)),
        *(["For adults."] if said.get((chat, ADULT)) == YES else []),
        *_forbidden(taboos),
    ]
    if chat:
        above = [*_of_file(terms, chat), *(rule for rule in rules if not rule.chat)]
        theirs = _laid_down([rule for rule in above if sees_all or not rule.is_cap], names)
        lines += [f"From the operators: {_uncapitalized(line)}" for line in _few(theirs)]
    else:
        lines += [f"From the file: {_uncapitalized(line)}" for line in _few(_laid_down(_of_file(terms, ""), names))]
    title = "What holds in this chat" if chat else "What holds everywhere"
    return Card(title=title, lines=(*lines, f"{COMMAND} help — all that can be laid down"))


def jobs_card(jobs: Sequence[Job], now: datetime, most: int = 10) -> Card:
    told = [
        f"{job.id[:SHORT_ID]} {job.identity.name}: {job.phase} for {span((now - job.phase_since).total_seconds())}, "
        f"“{shortened(job.request.prompt, MOST_PROMPT)}”"
        for job in jobs[:most]
    ]
    more = [f"and {len(jobs) - most} more"] if len(jobs) > most else []
    ending = [f"{COMMAND} cancel {jobs[0].id[:SHORT_ID]} — cancels the first"] if jobs else ["Nothing."]
    return Card(title="Under way", lines=(*told, *more, *ending))


def stats_card(tallies: Iterable[tuple[str, Tally]], spenders: Iterable[Spender]) -> Card:
    return Card(
        title="Use",
        lines=(
            *(
                f"Last {words}: {counted_videos(tally.clips)}, {shown(tally.spent)}, {_people(tally.people)}."
                for words, tally in tallies
            ),
            *(
                f"{number}. {spender.name}: {counted_videos(spender.clips)}, {shown(spender.spent)}"
                for number, spender in enumerate(spenders, start=1)
            ),
        ),
    )


def audit_card(decisions: Sequence[Decision], now: datetime) -> Card:
    told = tuple(
        f"{_ago(decision.at, now)} {decision.name or decision.by}: {shortened(decision.what, MOST_WHAT)}"
        for decision in decisions
    )
    return Card(title="Who decided what", lines=told or ("Nothing was decided yet.",))


def _laid_down(rules: Iterable[Rule], names: Mapping[str, str]) -> list[str]:
    together: dict[str, list[str]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.is_cap, _ORDER.index(rule.scope), rule.subject)):
        together.setdefault(_whose(rule, names), []).append(spoken(rule.limit))
    return [f"{whose}: {', '.join(limits)}." for whose, limits in together.items()]


def _whose(rule: Rule, names: Mapping[str, str]) -> str:
    if rule.is_cap:
        return "All together" if rule.chat or rule.scope is Scope.BOT else "All of this chat together"
    match rule.scope:
        case Scope.PERSON:
            return names.get(rule.subject, rule.subject)
        case Scope.TIER:
            return f"Tier {rule.subject}"
        case _:
            return "Everyone"


def _of_file(terms: Rules, chat: str) -> list[Rule]:
    """What the file says that can apply there."""
    return [
        Rule(chat=shelf[0], scope=shelf[1], subject=shelf[2], limit=limit, is_cap=shelf[3])
        for shelf, limits in terms.limits.items()
        for limit in limits
        if shelf[1] is not Scope.CHAT or shelf[2] == chat or not chat
    ]


def _places(said: Said, chat: str) -> list[str]:
    places = [
        f"{'Used' if value == YES else 'Not used'} in {_place(name.removeprefix(PLACE), chat)}."
        for (where, name), value in said.items()
        if where == chat and name.startswith(PLACE)
    ]
    only = ["Only in chats that were allowed."] if said.get((chat, CHATS)) == LISTED else []
    return [*only, *_few(places)]


def _place(key: str, chat: str) -> str:
    if not chat:
        return key
    return "this chat" if key == chat else f"the topic or channel {key.removeprefix(f'{chat}/')}"


def _forbidden(taboos: Sequence[Taboo]) -> list[str]:
    told = {
        "Not filmed": [taboo.spelling for taboo in taboos if taboo.kind is Kind.BLOCK],
        "Only for adults": [taboo.spelling for taboo in taboos if taboo.kind is Kind.ADULT],
    }
    return [f"{what}: {', '.join(spellings)}." for what, spellings in told.items() if spellings]


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _ago(at: datetime, now: datetime) -> str:
    days = (now - at).days
    return f"{at:%d %b %H:%M}" if days else f"{at:%H:%M}"


def _few(lines: Sequence[str]) -> list[str]:
    """A message has an end."""
    more = [f"And {len(lines) - MOST_LINES:,} more."] if len(lines) > MOST_LINES else []
    return [*lines[:MOST_LINES], *more]


def _capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]


def _uncapitalized(words: str) -> str:
    return words[:1].lower() + words[1:]
