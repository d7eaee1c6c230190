"""What admins read: what holds, what runs, who used how much, and who decided what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.access import ADULT, CHATS, DOOR, LANGUAGE, LISTED, PLACE, WHO, YES, Door, Said
from bot.admin_words import COMMAND, MANUAL, Task
from bot.card import Card, explained
from bot.decision import Decision
from bot.job import Job, Phase
from bot.money import shown
from bot.phrase import counted_videos, length_words, limit_words
from bot.reason import reason_words
from bot.request import shortened
from bot.rulebook import Spender, Tally
from bot.rules import Rule, Rules, Scope
from bot.span import span
from bot.speech import continued, current, say, say_many, unsaid
from bot.taboo import Kind, Taboo

SHORT_ID = 6
MOST_PROMPT, MOST_WHAT = 60, 160
MOST_LINES = 15
"""Of one kind in a card that could have any number of them."""

_ORDER = (Scope.BOT, Scope.CHAT, Scope.TIER, Scope.PERSON)
_ONLY_OPERATORS = frozenset({Task.GRANT})

_PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.ACCEPTED: unsaid("accepted"),
        Phase.SUBMITTING: unsaid("submitting"),
        Phase.RENDERING: unsaid("rendering"),
        Phase.FETCHING: unsaid("fetching"),
        Phase.DELIVERING: unsaid("delivering"),
    }
)
"""Of what is under way."""


def help_card(*, is_operator: bool) -> Card:
    lines = [
        f"{COMMAND} {example}" if place else explained(f"{COMMAND} {example}", continued(say(manual.summary)))
        for task, manual in MANUAL.items()
        if is_operator or task not in _ONLY_OPERATORS
        for place, example in enumerate(manual.examples)
    ]
    everywhere = (explained(f"{COMMAND} everywhere budget $20 a day", say("for the whole bot")),) if is_operator else ()
    return Card(
        title=say("For admins"),
        lines=(*lines, *everywhere, say("Instead of naming somebody, answer one of their messages with the command.")),
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
        *([say("No new orders: {reason}.", reason=reason_words(paused))] if paused else []),
        say(WHO[Door(said.get((chat, DOOR), terms.access.door if not chat else Door.OPEN))]),
        *_places(said, chat),
        *_few(_laid_down(own, names)),
        *([say("For adults.")] if said.get((chat, ADULT)) == YES else []),
        *([say("Language: {language}.", language=language)] if (language := said.get((chat, LANGUAGE))) else []),
        *_forbidden(taboos),
    ]
    if chat:
        above = [*_of_file(terms, chat), *(rule for rule in rules if not rule.chat)]
        theirs = _laid_down([rule for rule in above if sees_all or not rule.is_cap], names)
        lines += [say("From the operators: {line}", line=continued(line)) for line in _few(theirs)]
    else:
        theirs = _laid_down(_of_file(terms, ""), names)
        lines += [say("From the file: {line}", line=continued(line)) for line in _few(theirs)]
    title = say("What holds in this chat") if chat else say("What holds everywhere")
    return Card(title=title, lines=(*lines, explained(f"{COMMAND} help", say("all that can be laid down"))))


def jobs_card(jobs: Sequence[Job], now: datetime, most: int = 10) -> Card:
    told = [
        say(
            "{id} {name}: {phase} for {span}, “{prompt}”",
            id=job.id[:SHORT_ID],
            name=job.identity.name,
            phase=say(_PHASES[job.phase]),
            span=span((now - job.phase_since).total_seconds()),
            prompt=shortened(job.request.prompt, MOST_PROMPT),
        )
        for job in jobs[:most]
    ]
    more = [say_many("and {n} more", "and {n} more", len(jobs) - most)] if len(jobs) > most else []
    ending = (
        [explained(f"{COMMAND} cancel {jobs[0].id[:SHORT_ID]}", say("cancels the first"))]
        if jobs
        else [say("Nothing.")]
    )
    return Card(title=say("Under way"), lines=(*told, *more, *ending))


def stats_card(tallies: Iterable[tuple[timedelta, Tally]], spenders: Iterable[Spender]) -> Card:
    return Card(
        title=say("Use"),
        lines=(
            *(
                say(
                    "Last {span}: {videos}, {price}, {people}.",
                    span=length_words(length),
                    videos=counted_videos(tally.clips),
                    price=shown(tally.spent),
                    people=say_many("{n} person", "{n} people", tally.people),
                )
                for length, tally in tallies
            ),
            *(
                f"{place}. {spender.name}: {counted_videos(spender.clips)}, {shown(spender.spent)}"
                for place, spender in enumerate(spenders, start=1)
            ),
        ),
    )


def audit_card(decisions: Sequence[Decision], now: datetime) -> Card:
    told = tuple(
        f"{_ago(decision.at, now)} {decision.name or decision.by}: {shortened(decision.what, MOST_WHAT)}"
        for decision in decisions
    )
    return Card(title=say("Who decided what"), lines=told or (say("Nothing was decided yet."),))


def _laid_down(rules: Iterable[Rule], names: Mapping[str, str]) -> list[str]:
    together: dict[str, list[str]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.is_cap, _ORDER.index(rule.scope), rule.subject)):
        together.setdefault(_whose(rule, names), []).append(limit_words(rule.limit))
    return [say("{whose}: {limits}.", whose=whose, limits=", ".join(limits)) for whose, limits in together.items()]


def _whose(rule: Rule, names: Mapping[str, str]) -> str:
    if rule.is_cap:
        return say("All together") if rule.chat or rule.scope is Scope.BOT else say("All of this chat together")
    match rule.scope:
        case Scope.PERSON:
            return names.get(rule.subject, rule.subject)
        case Scope.TIER:
            return say("Tier {tier}", tier=rule.subject)
        case _:
            return say("Everyone")


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
        say("Used in {place}.", place=_place(name.removeprefix(PLACE), chat))
        if value == YES
        else say("Not used in {place}.", place=_place(name.removeprefix(PLACE), chat))
        for (where, name), value in said.items()
        if where == chat and name.startswith(PLACE)
    ]
    only = [say("Only in chats that were allowed.")] if said.get((chat, CHATS)) == LISTED else []
    return [*only, *_few(places)]


def _place(key: str, chat: str) -> str:
    if not chat:
        return key
    return say("this chat") if key == chat else say("the topic or channel {id}", id=key.removeprefix(f"{chat}/"))


def _forbidden(taboos: Sequence[Taboo]) -> list[str]:
    told = {
        unsaid("Not filmed: {words}."): [taboo.spelling for taboo in taboos if taboo.kind is Kind.BLOCK],
        unsaid("Only for adults: {words}."): [taboo.spelling for taboo in taboos if taboo.kind is Kind.ADULT],
    }
    return [say(what, words=", ".join(spellings)) for what, spellings in told.items() if spellings]


def _ago(at: datetime, now: datetime) -> str:
    days = (now - at).days
    return f"{current().short_day(at)} {at:%H:%M}" if days else f"{at:%H:%M}"


def _few(lines: Sequence[str]) -> list[str]:
    """A message has an end."""
    rest = len(lines) - MOST_LINES
    more = [say_many("And {n} more.", "And {n} more.", rest)] if rest > 0 else []
    return [*lines[:MOST_LINES], *more]
