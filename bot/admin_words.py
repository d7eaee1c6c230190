"""`/video_admin` as it is typed: what is to be done, with whom, for how long and why."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.card import explained
from bot.phrase import LONGEST, SPANS
from bot.refusal import Refusal
from bot.speech import say, unsaid
from bot.values import guess

COMMAND = "/video_admin"
EVERYONE = "everyone"
EVERYWHERE = "everywhere"
"""The first word of what operators lay down for the whole bot."""


class Task(StrEnum):
    RULES = "rules"
    LIMIT = "limit"
    TIER = "tier"
    BUDGET = "budget"
    ACCESS = "access"
    REQUESTS = "requests"
    ALLOW = "allow"
    DENY = "deny"
    BAN = "ban"
    UNBAN = "unban"
    FORBID = "forbid"
    PERMIT = "permit"
    ADULT = "adult"
    GRANT = "grant"
    LANGUAGE = "language"
    PAUSE = "pause"
    RESUME = "resume"
    JOBS = "jobs"
    CANCEL = "cancel"
    STATS = "stats"
    AUDIT = "audit"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    summary: str
    examples: tuple[str, ...]
    takes_person: bool = False
    takes_circle: bool = False
    words: str = ""
    """What the other words say; empty where there are none."""


MANUAL: Mapping[Task, Manual] = MappingProxyType(
    {
        Task.RULES: Manual(summary=unsaid("What holds here"), examples=("rules",)),
        Task.LIMIT: Manual(
            summary=unsaid("What one may use, or everyone"),
            examples=("limit everyone 5 videos a day", "limit @ann 20 videos a day, $5 a week", "limit @ann unlimited"),
            takes_person=True,
            words=unsaid("Such as: 5 videos a day, $3 a month, 2 running; unlimited; or none to take it back"),
        ),
        Task.TIER: Manual(
            summary=unsaid("What a tier may use, and who is in it"),
            examples=("tier crew 20 videos a day", "tier crew @ann", "tier crew admins", "tier none @ann"),
            takes_person=True,
            takes_circle=True,
            words=unsaid("The name of the tier, and what each of it may use"),
        ),
        Task.BUDGET: Manual(
            summary=unsaid("What all may use together"),
            examples=("budget $5 a day", "budget none"),
            words=unsaid("Such as: $5 a day, 100 videos a month; or none"),
        ),
        Task.ACCESS: Manual(
            summary=unsaid("Who may order"),
            examples=("access open", "access listed", "access request"),
            words=unsaid("open, listed or request"),
        ),
        Task.REQUESTS: Manual(summary=unsaid("Who asks to be let in"), examples=("requests",)),
        Task.ALLOW: Manual(
            summary=unsaid("Let somebody in, or a topic or channel"),
            examples=("allow @ann", "allow here"),
            takes_person=True,
            takes_circle=True,
            words=unsaid("here for this topic or channel, chat for all of it"),
        ),
        Task.DENY: Manual(
            summary=unsaid("Shut somebody out, or a topic or channel"),
            examples=("deny @ann", "deny here", "deny chat"),
            takes_person=True,
            words=unsaid("here for this topic or channel, chat for all of it"),
        ),
        Task.BAN: Manual(
            summary=unsaid("Keep somebody from ordering"),
            examples=("ban @ann for 3 days because of spam",),
            takes_person=True,
            words=unsaid("For how long and why, such as: for 3 days because of spam"),
        ),
        Task.UNBAN: Manual(summary=unsaid("Let somebody order again"), examples=("unban @ann",), takes_person=True),
        Task.FORBID: Manual(
            summary=unsaid("Words that are not filmed"),
            examples=("forbid behead*", "forbid adults bikini", "forbid /kill(ing)? (him|her)/"),
            words=unsaid("A word, an open ending, or /a pattern/; after adults for what only they may see"),
        ),
        Task.PERMIT: Manual(
            summary=unsaid("Take back what was forbidden"),
            examples=("permit behead*",),
            words=unsaid("As it was forbidden"),
        ),
        Task.ADULT: Manual(
            summary=unsaid("Whether this chat is for adults"),
            examples=("adult on", "adult off"),
            words=unsaid("on or off"),
        ),
        Task.GRANT: Manual(
            summary=unsaid("Give something beyond the allowances"),
            examples=("grant @ann 5 videos for 30 days because of the contest", "grant @ann $2"),
            takes_person=True,
            words=unsaid("Such as: 5 videos for 30 days because of the contest"),
        ),
        Task.LANGUAGE: Manual(
            summary=unsaid("In which language I answer here"),
            examples=("language de", "language auto"),
            words=unsaid("Such as: de, pt-BR; or auto for everybody's own"),
        ),
        Task.PAUSE: Manual(
            summary=unsaid("Take no new orders"),
            examples=("pause because of maintenance",),
            words=unsaid("Why, which members read"),
        ),
        Task.RESUME: Manual(summary=unsaid("Take orders again"), examples=("resume",)),
        Task.JOBS: Manual(summary=unsaid("What is under way"), examples=("jobs",)),
        Task.CANCEL: Manual(
            summary=unsaid("Cancel a job of anybody"),
            examples=("cancel 3f2a91",),
            words=unsaid("The number that jobs shows"),
        ),
        Task.STATS: Manual(summary=unsaid("Who used how much"), examples=("stats",)),
        Task.AUDIT: Manual(summary=unsaid("Who decided what"), examples=("audit",)),
        Task.HELP: Manual(summary=unsaid("All of these with examples"), examples=("help",)),
    }
)

_WHOM = re.compile(
    r"(?<!\S)(?:@(?P<handle>\w{2,64})"
    r"|<@!?(?P<user>\d{1,20})>"
    r"|(?P<key>(?:telegram|discord|web):[\w@.-]{1,64})"
    r"|(?P<word>everyone|members|admins))(?!\S)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?<!\S)for\s+(?P<count>\d{1,5}|an?)\s+(?P<span>minute|hour|day|week|month|year)s?(?!\S)", re.IGNORECASE
)
_BECAUSE = re.compile(r"(?<!\S)because(?:\s+of)?\s+(?P<why>.+)", re.IGNORECASE | re.DOTALL)
_LENGTHS = SPANS | {"month": timedelta(days=30), "year": timedelta(days=365)}

MOST_REASON = 200


class NotUnderstood(Refusal):
    title = unsaid("Not understood")
    is_an_order = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    task: Task
    everywhere: bool
    handle: str = ""
    user: str = ""
    key: str = ""
    """At most one of these three names somebody."""
    group: str = ""
    """`EVERYONE`, `members` or `admins`."""
    words: str
    """What is left."""
    length: timedelta | None = None
    why: str = ""


def read(text: str) -> Instruction:
    """Raises `NotUnderstood`."""
    words = " ".join(text.split()[1:])
    first, _, rest = words.partition(" ")
    everywhere = first.casefold() == EVERYWHERE
    if everywhere:
        first, _, rest = rest.partition(" ")
    task = _task(first)
    rest, why = _cut(_BECAUSE, rest)
    rest, span = _cut(_SPAN, rest)
    rest = rest.strip()
    whom = _whom(task, rest)
    if whom:
        rest = f"{rest[: whom.start()]}{rest[whom.end() :]}"
    named = whom.groupdict("") if whom else {}
    return Instruction(
        task=task,
        everywhere=everywhere,
        handle=named.get("handle", ""),
        user=named.get("user", ""),
        key=named.get("key", ""),
        group=named.get("word", "").casefold(),
        words=" ".join(rest.split()),
        length=_length(span) if span else None,
        why=why["why"][:MOST_REASON] if why else "",
    )


def names_somebody(words: str) -> bool:
    """Or everyone."""
    return _WHOM.search(words) is not None


def example(task: Task) -> str:
    """As a line of its own, which can be copied."""
    return explained(f"{COMMAND} {MANUAL[task].examples[0]}", say("for example"))


def _task(typed: str) -> Task:
    name = typed.casefold() or Task.RULES
    if name in list(Task):
        return Task(name)
    near = difflib.get_close_matches(name, list(Task), n=1)
    raise NotUnderstood(
        say("There is no “{typed}”.", typed=typed[:40]) + guess(near[0] if near else None),
        explained(f"{COMMAND} help", say("shows all there is")),
    )


def _whom(task: Task, words: str) -> re.Match[str] | None:
    """Whoever is named. Behind the name of somebody who is banned stands why, and somebody else may be named there."""
    manual = MANUAL[task]
    if not (manual.takes_person or manual.takes_circle):
        return None
    found = (_WHOM.match if task is Task.BAN else _WHOM.search)(words)
    if found is None or not found["word"]:
        return found
    is_taken = task is Task.LIMIT if found["word"].casefold() == EVERYONE else manual.takes_circle
    return found if is_taken else None


def _cut(pattern: re.Pattern[str], words: str) -> tuple[str, re.Match[str] | None]:
    found = pattern.search(words)
    return (f"{words[: found.start()]} {words[found.end() :]}", found) if found else (words, None)


def _length(found: re.Match[str]) -> timedelta:
    count = int(found["count"]) if found["count"].isdigit() else 1
    length = count * _LENGTHS[found["span"].casefold()]
    if not timedelta(0) < length <= LONGEST:
        raise NotUnderstood(
            say("“{words}” is not a length of time up to a year.", words=found[0]), say("Leave it out for good.")
        )
    return length
