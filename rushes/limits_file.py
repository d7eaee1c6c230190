"""`rushes.toml`: what people may use, what clips cost, what is not filmed and what is kept, as its operator wrote."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails

from bot.access import Access, Door
from bot.allowance import Limit
from bot.catalogue import OFFERS, Offer
from bot.keeping import USUAL, Keep, span_of
from bot.phrase import limit_of
from bot.request import Resolution
from bot.rules import Rule, Rules, Scope, indexed
from bot.taboo import Kind, Outside, Taboo, Taboos, must_be_few, written
from bot.terms import Terms
from rushes.trouble import CannotStart

DEFAULT = Path("rushes.toml")
EXAMPLE = "rushes.example.toml shows how"


def _limit(words: object) -> Limit:
    return limit_of(words if isinstance(words, str) else "")


def _span(words: object) -> timedelta | None:
    return span_of(words if isinstance(words, str) else "")


def _zone(name: object) -> ZoneInfo:
    if name not in available_timezones():
        near = difflib.get_close_matches(str(name), available_timezones(), n=1)
        raise ValueError(f'Did you mean "{near[0]}"?' if near else 'Write it like "Europe/Berlin"')
    return ZoneInfo(str(name))


def _key(text: str) -> str:
    if not re.fullmatch(r"(telegram|discord|web):\S+", text):
        raise ValueError('Write the platform before the id, like "telegram:-100123"')
    return text


def _member(text: str) -> str:
    """Somebody, or a circle of people."""
    circle = r"telegram:(members|admins):-\d+|discord:role:\d+|discord:admins:\d+"
    return text if re.fullmatch(circle, text) else _key(text)


def _spot(text: str) -> str:
    if not re.fullmatch(r"(telegram|discord|web):[^\s/]+(/[^\s/]+)?", text):
        raise ValueError('Write it like "telegram:-100123", and a topic or channel like "discord:100/200"')
    return text


def _door(word: object) -> Door:
    if word not in list(Door):
        raise ValueError(f"It is one of {', '.join(Door)}")
    return Door(str(word))


def _price(text: object) -> Decimal:
    if not isinstance(text, str) or not re.fullmatch(r"\$\d{1,6}(\.\d{1,6})?", text):
        raise ValueError('Write it like "$0.25"')
    return Decimal(text.removeprefix("$"))


def _offer(text: str) -> str:
    known = [offer.id for offer in OFFERS]
    if text not in known:
        near = difflib.get_close_matches(text, known, n=1)
        raise ValueError(f'Did you mean "{near[0]}"?' if near else f"Offers are {', '.join(known)}")
    return text


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _taboo(spelling: object) -> str:
    return written(spelling if isinstance(spelling, str) else "")


def _few(spellings: tuple[str, ...]) -> tuple[str, ...]:
    must_be_few(spellings)
    return spellings


def _outside(word: object) -> Outside:
    if word not in list(Outside):
        raise ValueError('Write "block" or "spoiler"')
    return Outside(str(word))


_Limits = Annotated[tuple[Annotated[Limit, PlainValidator(_limit)], ...], BeforeValidator(_as_list)]
_Key = Annotated[str, AfterValidator(_key)]
_Member = Annotated[str, AfterValidator(_member)]
_Spot = Annotated[str, AfterValidator(_spot)]
_Taboos = Annotated[tuple[Annotated[str, PlainValidator(_taboo)], ...], BeforeValidator(_as_list), AfterValidator(_few)]
_Span = Annotated[timedelta | None, PlainValidator(_span)]
_Price = Annotated[Decimal | None, PlainValidator(_price)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class _Time(_Table):
    zone: Annotated[tzinfo, PlainValidator(_zone)] = UTC


class _Everybody(_Table):
    each: _Limits = ()
    exempt: tuple[_Key, ...] = ()


class _Tier(_Table):
    each: _Limits = ()
    people: tuple[_Member, ...] = ()


class _Person(_Table):
    each: _Limits = ()


class _Forbidding(_Table):
    block: _Taboos = ()
    adult: _Taboos = ()


class _Chat(_Forbidding):
    each: _Limits = ()
    cap: _Limits = ()
    zone: Annotated[tzinfo | None, PlainValidator(_zone)] = None


class _Moderation(_Forbidding):
    outside: Annotated[Outside, PlainValidator(_outside)] = Outside.BLOCK


class _Bot(_Table):
    cap: _Limits = ()


class _Keep(_Table):
    clips: _Span = USUAL.clips
    prompts: _Span = USUAL.prompts


class _Prices(_Table):
    """Of five seconds, as they are charged; longer clips cost as many times more as before."""

    p360: _Price = Field(default=None, alias="360p")
    p540: _Price = Field(default=None, alias="540p")
    p720: _Price = Field(default=None, alias="720p")
    p1080: _Price = Field(default=None, alias="1080p")
    audio: _Price = None
    multi: _Price = None


class _Access(_Table):
    who: Annotated[Door, PlainValidator(_door)] = Door.OPEN
    people: tuple[_Member, ...] = ()
    chats: tuple[_Spot, ...] = ()
    not_in: tuple[_Spot, ...] = ()
    leave: bool = False


class _File(_Table):
    access: _Access = _Access()
    time: _Time = _Time()
    limits: _Everybody = _Everybody()
    tiers: Mapping[str, _Tier] = {}
    people: Mapping[_Key, _Person] = {}
    chats: Mapping[_Key, _Chat] = {}
    bot: _Bot = _Bot()
    moderation: _Moderation = _Moderation()
    keep: _Keep = _Keep()
    prices: Mapping[Annotated[str, AfterValidator(_offer)], _Prices] = {}


def terms(offers: Sequence[Offer], path: Path | None, owners: Iterable[str] = ()) -> Terms:
    """What holds for these offers; `None` is for the usual file, which need not be there. Raises `CannotStart`."""
    file = _read(path)
    rules = replace(_rules(file), owners=frozenset(owners))
    priced = tuple(_priced(offer, file.prices.get(offer.id)) for offer in offers)
    keep = Keep(clips=file.keep.clips, prompts=file.keep.prompts)
    return Terms(offers=priced, rules=rules, taboos=_taboos(file), keep=keep)


def _read(path: Path | None) -> _File:
    file = path or DEFAULT
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if path is None:
            return _File()
        raise CannotStart(f"RUSHES_CONFIG is {file}, which does not exist", f"Make it; {EXAMPLE}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{file} cannot be read", "Make it a text file that this user may read") from error
    try:
        return _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CannotStart(f"{file} is not TOML: {error}", f"Correct it; {EXAMPLE}") from error
    except ValidationError as error:
        raise _wrong(file, text, error.errors()[0]) from None


def _rules(file: _File) -> Rules:
    return Rules(
        limits=indexed(_each_rule(file)),
        members={name: tier.people for name, tier in file.tiers.items()},
        exempt=frozenset(file.limits.exempt),
        access=Access(
            door=file.access.who,
            people=frozenset(file.access.people),
            chats=frozenset(file.access.chats),
            not_in=frozenset(file.access.not_in),
            leaves=file.access.leave,
        ),
        zone=file.time.zone,
        zones={name: chat.zone for name, chat in file.chats.items() if chat.zone},
    )


def _each_rule(file: _File) -> Iterator[Rule]:
    said: list[tuple[Scope, str, _Limits, bool]] = [
        (Scope.BOT, "", file.limits.each, False),
        (Scope.BOT, "", file.bot.cap, True),
        *((Scope.TIER, name, tier.each, False) for name, tier in file.tiers.items()),
        *((Scope.PERSON, name, person.each, False) for name, person in file.people.items()),
        *((Scope.CHAT, name, chat.each, False) for name, chat in file.chats.items()),
        *((Scope.CHAT, name, chat.cap, True) for name, chat in file.chats.items()),
    ]
    for scope, subject, limits, is_cap in said:
        for limit in limits:
            yield Rule(scope=scope, subject=subject, limit=limit, is_cap=is_cap)


def _taboos(file: _File) -> Taboos:
    said: list[tuple[str, _Forbidding]] = [("", file.moderation), *file.chats.items()]
    each = (
        Taboo(spelling=spelling, kind=kind, chat=chat)
        for chat, table in said
        for kind, spellings in ((Kind.BLOCK, table.block), (Kind.ADULT, table.adult))
        for spelling in spellings
    )
    return Taboos(each=tuple(each), outside=file.moderation.outside)


def _priced(offer: Offer, said: _Prices | None) -> Offer:
    if said is None:
        return offer
    known = offer.prices
    base = {resolution: price * known.factor for resolution, price in known.base.items()}
    given = dict(zip(Resolution, (said.p360, said.p540, said.p720, said.p1080), strict=True))
    prices = replace(
        known,
        base=base | {resolution: price for resolution, price in given.items() if price is not None},
        audio=known.audio * known.factor if said.audio is None else said.audio,
        multi_clip=known.multi_clip * known.factor if said.multi is None else said.multi,
        factor=Decimal(1),
    )
    return replace(offer, prices=prices)


def _wrong(file: Path, text: str, error: ErrorDetails) -> CannotStart:
    path = [str(part) for part in error["loc"] if part != "[key]"]
    where = f"line {_line(text, path, error['input'])} of {file}"
    name = ".".join(part for part in path if not part.isdigit())
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], _known(path[:-1]), n=1)
        known = ", ".join(_known(path[:-1]))
        return CannotStart(
            f"{where}: {name} is no setting", f"Did you mean {near[0]}?" if near else f"Here are {known}"
        )
    cause = error.get("ctx", {}).get("error")
    remedy = str(cause) if isinstance(cause, ValueError) else f"Another sort of value belongs there; {EXAMPLE}"
    value = path[-1] if error["loc"][-1] == "[key]" else error["input"]
    return CannotStart(f"{where}: {name} cannot be {_shown(value)}", remedy)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else "that"


def _known(path: Sequence[str]) -> list[str]:
    """The keys of the table at this path."""
    table = _TABLES[path[0]] if path else _File
    return [field.alias or name for name, field in table.model_fields.items()]


_TABLES: Mapping[str, type[_Table]] = {
    "access": _Access,
    "time": _Time,
    "limits": _Everybody,
    "tiers": _Tier,
    "people": _Person,
    "chats": _Chat,
    "bot": _Bot,
    "moderation": _Moderation,
    "keep": _Keep,
    "prices": _Prices,
}


def _line(text: str, path: Sequence[str], value: object) -> int:
    """The line in which the value stands, or else the one that comes nearest to it from above."""
    table: tuple[str, ...] = ()
    best, depth = 1, 0
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if heading := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = _keys(heading[1])
            here = table
        elif key := re.match(r"\s*([^=#\s][^=]*?)\s*=", line):
            here = (*table, *_keys(key[1]))
        else:
            continue
        if len(here) > depth and list(here) == list(path[: len(here)]):
            best, depth = number, len(here)
    if isinstance(value, str) and value not in path:
        return next((number for number in range(best, len(lines) + 1) if value in lines[number - 1]), best)
    return best


def _keys(dotted: str) -> tuple[str, ...]:
    """The parts of `chats."telegram:-1"`, as TOML reads them."""
    found: list[str] = []
    try:
        table: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    while isinstance(table, dict):
        ((key, table),) = table.items()
        found.append(key)
    return tuple(found)
