"""What every implementation of `bot.rulebook.Rulebook` keeps."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.access import CHATS, DOOR, NO, PLACE, YES, AccessRequest, AlreadyAnswered, MustAsk, NotListed, Presence
from bot.allowance import Unit
from bot.books import Grant
from bot.decision import (
    Allowed,
    Ban,
    Banned,
    Change,
    DecidedByOperators,
    Decision,
    DoneBefore,
    Exempt,
    Mark,
    Member,
    Ruling,
)
from bot.job import Entry, EntryKind, Identity, Phase, Place, Ticket
from bot.money import Micros
from bot.phrase import limit_of, spoken
from bot.refusal import Paused
from bot.rulebook import Spender, Tally
from bot.rules import FREE, Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from bot.taboo import Kind, Taboo
from storage.sqlite.store import sqlite_store
from tests.contracts.kept import Kept
from tests.contracts.test_store import a_job, limited
from tests.stage import CLIP, NOON, PSEUDONYM

ANN, BOB = a_job().identity, a_job(user="bob").identity
LOBBY = a_job().place.chat_key
OPERATOR = Decision(by="web:owner", name="Olga", at=NOON, is_operators=True, what="as told")
ADMIN = Decision(by="web:admin", name="Adam", at=NOON, chat=LOBBY, what="as told")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Kept]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as opened:
        yield opened


def per_day(*words: str, scope: Scope = Scope.BOT, subject: str = "", is_cap: bool = False) -> Ruling:
    limits = tuple(map(limit_of, words))
    return Ruling(changes=(Change(scope=scope, subject=subject, is_cap=is_cap, unit=Unit.VIDEOS, limits=limits),))


def marked(subject: Identity | str, *marks: Mark) -> Ruling:
    key = subject if isinstance(subject, str) else subject.key
    return Ruling(marks=tuple((key, mark) for mark in marks))


def lifted(subject: Identity, *marks: Mark) -> Ruling:
    return Ruling(lifted=tuple((subject.key, mark) for mark in marks))


async def uses_of(store: Kept, rules: Rules, user: str = "ann", presence: Presence | None = None) -> list[str]:
    job = a_job(user=user)
    found = await store.standing(job.identity, job.place, NOON, rules, presence=presence or Presence())
    return [f"{use.allowance.reach}: {spoken(use.limit)}" for use in found.uses]


async def joined(store: Kept, one: Identity, other: Identity) -> None:
    await store.offer_link(one, "code", NOON, NOON + timedelta(minutes=1))
    await store.redeem_link(other, "code", NOON, since=NOON, most_tries=5)


async def test_a_pause_holds_until_it_is_over(store: Kept) -> None:
    await store.rulebook.pause("lunch", OPERATOR)
    await store.rulebook.pause("a long lunch", OPERATOR)
    with pytest.raises(Paused, match="a long lunch"):
        await store.accept(a_job(), "e", FREE)
    assert await store.rulebook.why_paused(LOBBY) == "a long lunch"
    await store.rulebook.resume(OPERATOR)
    await store.rulebook.resume(OPERATOR)
    assert await store.rulebook.why_paused(LOBBY) is None
    await store.accept(a_job(), "e", FREE)


async def test_a_pause_of_one_chat_is_none_of_another(store: Kept) -> None:
    await store.rulebook.pause("quiet hours", ADMIN)
    with pytest.raises(Paused, match="quiet hours"):
        await store.accept(a_job(1), "e1", FREE)
    await store.accept(a_job(2, chat="cellar"), "e2", FREE)


async def test_what_was_decided_goes_before_what_the_file_says_until_it_is_replaced(store: Kept) -> None:
    rules, book = limited("1 video a day", "$1 a day"), store.rulebook
    await book.decide(per_day("2 videos a day", "9 videos a week"), OPERATOR)
    assert await uses_of(store, rules) == ["person: 2 videos a day", "person: 9 videos a week", "person: $1.00 a day"]
    await book.decide(per_day("3 videos a day"), OPERATOR)
    assert await uses_of(store, rules) == ["person: 3 videos a day", "person: $1.00 a day"]
    assert [spoken(rule.limit) for rule in await book.decided("")] == ["3 videos a day"]
    await book.decide(per_day(), OPERATOR)
    assert await uses_of(store, rules) == ["person: 1 video a day", "person: $1.00 a day"]


async def test_what_a_chat_s_admins_decide_holds_there_beside_what_operators_decide(store: Kept) -> None:
    await store.rulebook.decide(per_day("9 videos a day"), OPERATOR)
    await store.rulebook.decide(per_day("2 videos a day", scope=Scope.CHAT, subject=LOBBY), ADMIN)
    assert await uses_of(store, FREE) == ["person: 9 videos a day", "person_here: 2 videos a day"]
    for number in range(2):
        await store.accept(a_job(number), f"e{number}", FREE)
    with pytest.raises(LimitReached, match="2 of 2 videos used today in this chat"):
        await store.accept(a_job(2), "e2", FREE)
    await store.accept(a_job(3, chat="cellar"), "e3", FREE)


async def test_an_order_is_held_to_what_was_decided(store: Kept) -> None:
    ruling = per_day("1 video a day", scope=Scope.CHAT, subject=LOBBY, is_cap=True)
    await store.rulebook.decide(ruling, OPERATOR)
    await store.accept(a_job(1), "e1", FREE)
    with pytest.raises(LimitReached, match="by everybody in this chat"):
        await store.accept(a_job(2, user="bob"), "e2", FREE)
    await store.accept(a_job(3, chat="cellar"), "e3", FREE)


async def test_whoever_is_marked_is_so_with_every_account(store: Kept) -> None:
    other, book = Identity(platform="discord", user="7"), store.rulebook
    rules = limited("1 video a day")
    await book.decide(per_day("5 videos a day", scope=Scope.TIER, subject="crew"), OPERATOR)
    await book.decide(marked(other, Member("crew")), OPERATOR)
    assert await uses_of(store, rules) == ["person: 1 video a day"]
    await joined(store, ANN, other)
    assert await uses_of(store, rules) == ["person: 5 videos a day"]
    await book.decide(marked(ANN, Exempt()), OPERATOR)
    assert await uses_of(store, rules) == []
    await book.decide(Ruling(lifted=((ANN.key, Exempt()), (other.key, Member("crew")))), OPERATOR)
    assert await uses_of(store, rules) == ["person: 1 video a day"]


async def test_a_tier_of_one_chat_is_none_in_another(store: Kept) -> None:
    await store.rulebook.decide(per_day("1 video a day", scope=Scope.CHAT, subject=LOBBY), ADMIN)
    await store.rulebook.decide(per_day("5 videos a day", scope=Scope.TIER, subject="crew"), ADMIN)
    await store.rulebook.decide(marked(ANN, Member("crew")), ADMIN)
    assert await uses_of(store, FREE) == ["person_here: 5 videos a day"]
    assert await uses_of(store, FREE, "bob") == ["person_here: 1 video a day"]
    elsewhere = await store.standing(ANN, Place(platform="web", chat="cellar"), NOON, FREE)
    assert elsewhere.uses == []


async def test_whoever_belongs_to_a_circle_has_what_was_decided_of_it(store: Kept) -> None:
    await store.rulebook.decide(per_day("5 videos a day", scope=Scope.TIER, subject="crew"), ADMIN)
    await store.rulebook.decide(marked("discord:role:1", Member("crew")), ADMIN)
    with_role = Presence(circles=frozenset({"discord:role:1"}), source="100")
    assert await uses_of(store, FREE, presence=with_role) == ["person_here: 5 videos a day"]
    await store.accept(a_job(1), "e1", FREE, with_role)
    assert await uses_of(store, FREE) == ["person_here: 5 videos a day"]
    elsewhere = Presence(circles=frozenset(), source="200")
    assert await uses_of(store, FREE, presence=elsewhere) == ["person_here: 5 videos a day"]
    without = Presence(circles=frozenset(), source="100")
    assert await uses_of(store, FREE, presence=without) == []


async def test_a_circle_matters_where_something_was_decided_of_it(store: Kept) -> None:
    await store.rulebook.decide(marked("discord:role:1", Member("crew")), ADMIN)
    await store.rulebook.decide(marked("discord:role:2", Member("crew")), OPERATOR)
    assert await store.rulebook.circles("discord", LOBBY) == {"discord:role:1", "discord:role:2"}
    assert await store.rulebook.circles("discord", "web:cellar") == {"discord:role:2"}
    assert await store.rulebook.circles("telegram", LOBBY) == frozenset()


async def test_whoever_is_banned_is_told_why_and_until_when(store: Kept) -> None:
    book = store.rulebook
    await book.decide(marked(ANN, Ban("for good")), OPERATOR)
    await book.decide(marked(ANN, Ban("too loud", NOON + timedelta(hours=1))), OPERATOR)
    assert await book.marks_of(ANN.key, "") == [("", Ban("too loud", NOON + timedelta(hours=1)))]
    with pytest.raises(Banned, match=r"here: too loud. You may again at 13:00. An admin can lift it\."):
        await store.accept(a_job(1), "e1", FREE)
    await store.accept(a_job(2, user="bob"), "e2", FREE)
    await store.accept(replace(a_job(3), ordered_at=NOON + timedelta(hours=1)), "e3", FREE)
    await book.decide(marked(ANN, Ban("for good")), OPERATOR)
    with pytest.raises(Banned, match=r"for good. This has no end\."):
        await store.accept(a_job(4), "e4", FREE)
    await book.decide(lifted(ANN, Ban("")), OPERATOR)
    await store.accept(a_job(4), "e4", FREE)


async def test_a_ban_in_one_chat_is_none_in_another(store: Kept) -> None:
    await store.rulebook.decide(marked(ANN, Ban("too loud")), ADMIN)
    with pytest.raises(Banned, match="too loud"):
        await store.accept(a_job(1), "e1", FREE)
    await store.accept(a_job(2, chat="cellar"), "e2", FREE)


@pytest.mark.parametrize(
    ("laid_down", "changed"),
    [
        (
            per_day("1 video a day", scope=Scope.CHAT, subject=LOBBY),
            per_day("9 videos a day", scope=Scope.CHAT, subject=LOBBY),
        ),
        (marked(ANN, Ban("for good")), lifted(ANN, Ban(""))),
        (marked(ANN, Member("crew")), marked(ANN, Member("crew"))),
        (Ruling(terms=((DOOR, "listed"),)), Ruling(terms=((DOOR, "open"),))),
    ],
)
async def test_what_an_operator_decided_only_an_operator_changes(
    store: Kept, laid_down: Ruling, changed: Ruling
) -> None:
    theirs = replace(OPERATOR, chat=LOBBY)
    await store.rulebook.decide(laid_down, theirs)
    with pytest.raises(DecidedByOperators):
        await store.rulebook.decide(replace(changed, marks=(*changed.marks, (BOB.key, Exempt()))), ADMIN)
    assert await store.rulebook.marks_of(BOB.key, LOBBY) == []
    assert len(await store.rulebook.audited("", 9)) == 1
    await store.rulebook.decide(changed, theirs)


async def test_a_pause_of_the_operators_is_not_ended_by_an_admin(store: Kept) -> None:
    await store.rulebook.pause("maintenance", replace(OPERATOR, chat=LOBBY))
    with pytest.raises(DecidedByOperators):
        await store.rulebook.resume(ADMIN)
    with pytest.raises(DecidedByOperators):
        await store.rulebook.pause("mine", ADMIN)
    assert await store.rulebook.why_paused(LOBBY) == "maintenance"


async def test_every_decision_is_in_the_log_with_who_and_when(store: Kept) -> None:
    book = store.rulebook
    grant = Grant(unit=Unit.VIDEOS, amount=1, left=1, reason="a prize")
    await book.decide(per_day("1 video a day"), replace(OPERATOR, what="limit"))
    await book.pause("lunch", replace(ADMIN, what="pause"))
    await book.resume(replace(ADMIN, what="resume"))
    await book.grant(ANN, grant, replace(OPERATOR, what="grant"))
    await book.note(replace(ADMIN, what="cancel"))
    assert [line.what for line in await book.audited("", 9)] == ["cancel", "grant", "resume", "pause", "limit"]
    assert await book.audited(LOBBY, 2) == [replace(ADMIN, what="cancel"), replace(ADMIN, what="resume")]


async def test_the_last_word_on_a_door_counts(store: Kept) -> None:
    await store.rulebook.decide(Ruling(terms=((DOOR, "listed"),)), ADMIN)
    await store.rulebook.decide(Ruling(terms=((DOOR, "request"),)), ADMIN)
    await store.rulebook.decide(Ruling(terms=((CHATS, "listed"),)), OPERATOR)
    assert await store.rulebook.said(LOBBY) == {(LOBBY, DOOR): "request", ("", CHATS): "listed"}
    assert await store.rulebook.said("") == {("", CHATS): "listed"}


async def test_a_door_keeps_out_whoever_was_not_let_in(store: Kept) -> None:
    await store.rulebook.decide(Ruling(terms=((DOOR, "listed"),)), ADMIN)
    with pytest.raises(NotListed):
        await store.accept(a_job(1), "e1", FREE)
    await store.accept(a_job(2), "e2", FREE, Presence(is_admin=True))
    await store.rulebook.decide(marked(ANN, Allowed()), ADMIN)
    await store.accept(a_job(3), "e3", FREE)
    await store.rulebook.decide(Ruling(terms=((DOOR, "request"),)), ADMIN)
    with pytest.raises(MustAsk) as caught:
        await store.accept(a_job(4, user="bob"), "e4", FREE)
    assert caught.value.chat == LOBBY


def asked(number: int, user: str = "ann") -> AccessRequest:
    job = a_job(user=user)
    return AccessRequest(
        id=f"{number:016x}",
        chat=LOBBY,
        identity=job.identity,
        place=replace(job.place, thread="7", reply_to="9"),
        event=f"e{number}",
        command="/video a fox",
        presence=Presence(around="5", is_age_restricted=True),
        asked_at=NOON,
    )


async def test_whoever_asks_twice_has_asked_once(store: Kept) -> None:
    outcomes = await asyncio.gather(*(store.rulebook.ask(asked(number)) for number in range(5)))
    assert len({request.id for request in outcomes}) == 1
    await store.rulebook.ask(asked(7, "bob"))
    assert [request.identity.user for request in await store.rulebook.waiting(LOBBY)] == ["ann", "bob"]
    assert await store.rulebook.waiting("web:cellar") == []
    assert await store.rulebook.asked(outcomes[0].id) == outcomes[0]
    assert await store.rulebook.asked("another") is None


async def test_a_request_is_answered_once(store: Kept) -> None:
    request = await store.rulebook.ask(asked(1))
    found = await store.rulebook.answer(request.id, ANN.key, Member("crew"), "let in by Adam", ADMIN)
    assert found == replace(request, answer="let in by Adam")
    with pytest.raises(AlreadyAnswered, match="let in by Adam"):
        await store.rulebook.answer(request.id, ANN.key, Ban("no"), "denied", ADMIN)
    with pytest.raises(AlreadyAnswered, match="no longer kept"):
        await store.rulebook.answer("another", ANN.key, Ban("no"), "denied", ADMIN)
    assert await store.rulebook.marks_of(ANN.key, LOBBY) == [(LOBBY, Member("crew"))]
    assert await store.rulebook.waiting(LOBBY) == []
    assert (await store.rulebook.ask(asked(2))).id == asked(2).id


async def test_somebody_is_found_by_what_they_are_called_now(store: Kept) -> None:
    first = replace(a_job(1), identity=replace(ANN, handle="Ann_A"))
    await store.accept(first, "e1", FREE)
    assert await store.rulebook.called("web", "ann_a") == ANN
    assert await store.rulebook.called("discord", "ann_a") is None
    assert await store.rulebook.called("web", "") is None
    await store.accept(replace(a_job(2), identity=replace(ANN, handle="anna")), "e2", FREE)
    assert await store.rulebook.called("web", "ann_a") is None
    assert await store.rulebook.names([ANN.key, BOB.key]) == {ANN.key: "Ann"}


async def test_what_was_paid_for_is_counted_by_chat_and_time(store: Kept) -> None:
    jobs = [a_job(1), a_job(2, user="bob"), a_job(3, user="bob", chat="cellar"), a_job(4)]
    for number, drawn_up in enumerate(jobs):
        job, *_ = await store.accept(drawn_up, f"e{number}", FREE)
        if number < len(jobs) - 1:
            done = replace(job, phase=Phase.DELIVERING, charged=True, clip=CLIP, ticket=Ticket("t"))
            await store.save(done, Entry(EntryKind.SETTLE, Micros(200_000), "filmed"))
    assert await store.rulebook.tally("", NOON) == Tally(3, Micros(600_000), 2)
    assert await store.rulebook.tally(LOBBY, NOON) == Tally(2, Micros(400_000), 2)
    assert await store.rulebook.tally("", NOON + timedelta(hours=1)) == Tally(0, Micros(0), 0)
    assert await store.rulebook.spenders("", NOON, 1) == [Spender("Ann", 2, Micros(400_000))]


CLUB = "web:club"
"""What the lobby becomes."""


async def test_what_was_said_once_is_done_once(store: Kept) -> None:
    said = replace(OPERATOR, event="7")
    grant = Grant(unit=Unit.VIDEOS, amount=5, left=5, reason="a gift")
    await store.rulebook.grant(ANN, grant, said)
    with pytest.raises(DoneBefore):
        await store.rulebook.grant(ANN, grant, said)
    await store.rulebook.note(replace(ADMIN, event="7"))
    found = await store.standing(ANN, a_job().place, NOON, FREE)
    assert [grant.left for grant in found.grants] == [5]
    assert [decision.event for decision in await store.rulebook.audited("", 9)] == ["7", "7"]


async def test_everything_that_was_decided_goes_along_with_a_chat(store: Kept) -> None:
    book, admins = store.rulebook, "web:admins:lobby"
    await book.decide(per_day("1 video a day", scope=Scope.CHAT, subject=LOBBY, is_cap=True), ADMIN)
    await book.decide(per_day("3 videos a day", scope=Scope.TIER, subject="crew"), ADMIN)
    await book.decide(marked(admins, Member("crew")), ADMIN)
    await book.decide(marked(BOB, Ban("spam")), ADMIN)
    await book.decide(Ruling(terms=((DOOR, "listed"), (PLACE + LOBBY, YES))), ADMIN)
    await book.decide(Ruling(terms=((PLACE + LOBBY, YES),)), OPERATOR)
    await book.decide(marked(ANN, Allowed()), ADMIN)
    await book.pause("lunch", ADMIN)
    before = await book.decided(LOBBY), await book.said(LOBBY)
    assert await book.moved(LOBBY, CLUB)
    assert not await book.moved(LOBBY, CLUB)
    assert await book.moves() == [(LOBBY, CLUB)]
    assert [spoken(rule.limit) for rule in await book.decided(CLUB)] == [spoken(rule.limit) for rule in before[0]]
    assert {rule.chat for rule in await book.decided(CLUB)} == {CLUB}
    assert await book.said(CLUB) == {(CLUB, DOOR): "listed", (CLUB, PLACE + CLUB): YES, ("", PLACE + CLUB): YES}
    assert await book.marks_of("web:admins:club", CLUB) == [(CLUB, Member("crew"))]
    assert await book.marks_of(BOB.key, CLUB) == [(CLUB, Ban("spam"))]
    assert await book.circles("web", CLUB) == {"web:admins:club"}
    assert await book.why_paused(CLUB) == "lunch"
    assert len(await book.audited(CLUB, 99)) == 7
    assert (await book.decided(LOBBY), await book.said(LOBBY)) == ([], {("", PLACE + CLUB): YES})
    assert await book.why_paused(LOBBY) is None


async def test_what_an_operator_decided_holds_after_a_move_whatever_its_admins_said_there_meanwhile(
    store: Kept,
) -> None:
    book, above, there = store.rulebook, replace(OPERATOR, chat=LOBBY), replace(ADMIN, chat=CLUB)
    for chat, most, kind, by in ((LOBBY, 1, Kind.BLOCK, above), (CLUB, 9, Kind.ADULT, there)):
        reason = f"decided in {chat}"
        await book.decide(per_day(f"{most} videos a day", scope=Scope.CHAT, subject=chat, is_cap=True), by)
        await book.decide(marked(ANN, Ban(reason)), by)
        await book.decide(Ruling(terms=((DOOR, "listed" if by is above else "open"),)), by)
        await book.decide(Ruling(terms=((PLACE + chat, NO if by is above else YES),)), by)
        await book.decide(Ruling(forbidden=(Taboo(spelling="gore", kind=kind, chat=chat),)), by)
        await book.pause(reason, by)
    await book.moved(LOBBY, CLUB)
    assert [spoken(rule.limit) for rule in await book.decided(CLUB)] == ["1 video a day"]
    assert await book.marks_of(ANN.key, CLUB) == [(CLUB, Ban(f"decided in {LOBBY}"))]
    assert await book.said(CLUB) == {(CLUB, DOOR): "listed", (CLUB, PLACE + CLUB): NO}
    assert await book.taboos(CLUB) == [Taboo(spelling="gore", kind=Kind.BLOCK, chat=CLUB)]
    assert await book.why_paused(CLUB) == f"decided in {LOBBY}"
    with pytest.raises(DecidedByOperators):
        await book.decide(lifted(ANN, Ban("")), there)


async def test_what_is_forbidden_in_a_chat_is_where_it_has_moved(store: Kept) -> None:
    book, there = store.rulebook, replace(ADMIN, chat=CLUB)
    here = [Taboo(spelling=spelling, kind=Kind.BLOCK, chat=LOBBY) for spelling in ("gore", "blood")]
    await book.decide(Ruling(forbidden=tuple(here)), ADMIN)
    newer = Taboo(spelling="blood", kind=Kind.ADULT, chat=CLUB)
    await book.decide(Ruling(forbidden=(newer,)), there)
    await book.moved(LOBBY, CLUB)
    assert set(await book.taboos(CLUB)) == {replace(here[0], chat=CLUB), newer}
    assert await book.taboos(LOBBY) == []


async def test_what_was_used_in_a_chat_counts_where_it_has_moved(store: Kept) -> None:
    await store.rulebook.decide(per_day("2 videos a day", scope=Scope.CHAT, subject=LOBBY, is_cap=True), ADMIN)
    await store.accept(a_job(1), "e1", FREE)
    await store.accept(a_job(2, chat="club"), "e2", FREE)
    await store.rulebook.moved(LOBBY, CLUB)
    with pytest.raises(LimitReached, match="2 of 2 videos used today by everybody in this chat"):
        await store.accept(a_job(3, chat="club"), "e3", FREE)
    assert (await store.rulebook.tally(CLUB, NOON)).clips == (await store.rulebook.tally("", NOON)).clips


async def test_whoever_belonged_to_a_circle_of_a_chat_belongs_to_it_where_it_has_moved(store: Kept) -> None:
    tier = Rule(scope=Scope.TIER, subject="crew", limit=limit_of("9 videos a day"))
    rules = Rules(limits=indexed([tier]), members={"crew": ("web:admins:club",)})
    there = Presence(circles=frozenset({"web:admins:lobby"}))
    await store.accept(a_job(), "e", FREE, there)
    await store.rulebook.moved(LOBBY, CLUB)
    assert await uses_of(store, rules) == ["person: 9 videos a day"]


async def test_what_a_chat_has_decided_already_stays_when_another_becomes_it(store: Kept) -> None:
    book, there = store.rulebook, replace(ADMIN, chat=CLUB)
    for words, where, subject in (("1 video a day", ADMIN, LOBBY), ("2 videos a day", there, CLUB)):
        await book.decide(per_day(words, scope=Scope.CHAT, subject=subject), where)
        await book.decide(Ruling(marks=((BOB.key, Ban(words)),), terms=((DOOR, words),)), where)
        await book.decide(marked("web:admins:lobby", Member("crew")), where)
        await book.decide(marked("web:admins:club", Member("crew")), where)
        await book.pause(words, where)
    await book.decide(Ruling(terms=((PLACE + LOBBY, NO), (PLACE + CLUB, YES))), OPERATOR)
    await book.moved(LOBBY, CLUB)
    assert [spoken(rule.limit) for rule in await book.decided(CLUB)] == ["2 videos a day"]
    assert await book.said(CLUB) == {(CLUB, DOOR): "2 videos a day", ("", PLACE + CLUB): YES}
    assert await book.marks_of(BOB.key, CLUB) == [(CLUB, Ban("2 videos a day"))]
    assert await book.marks_of("web:admins:club", CLUB) == [(CLUB, Member("crew"))]
    assert await book.marks_of("web:admins:lobby", CLUB) == []
    assert await book.why_paused(CLUB) == "2 videos a day"


async def test_a_request_goes_along_with_its_chat_and_answers_no_message_there(store: Kept) -> None:
    book, there = store.rulebook, Place(platform="web", chat="club")
    mine, theirs, anew = asked(1), asked(2, "bob"), replace(asked(3, "bob"), chat=CLUB, place=there)
    for each in (mine, theirs, anew):
        await book.ask(each)
    await book.moved(LOBBY, CLUB)
    assert await book.waiting(CLUB) == [replace(mine, chat=CLUB, place=there), anew]
    assert await book.waiting(LOBBY) == []
    with pytest.raises(AlreadyAnswered, match="It was asked anew"):
        await book.answer(theirs.id, BOB.key, Allowed(), "let in", ADMIN)


async def test_the_same_event_asks_for_what_it_says_now(store: Kept) -> None:
    book, first = store.rulebook, asked(1)
    await book.ask(first)
    corrected = replace(first, command="/video a wolf")
    assert await book.ask(replace(asked(2), event=first.event, command="/video a wolf")) == corrected
    assert await book.ask(replace(asked(3), command="/video an owl")) == corrected


async def test_a_name_that_changed_hands_means_whoever_ordered_with_it_last(store: Kept) -> None:
    ann, bob = (replace(identity, handle="fox") for identity in (ANN, BOB))
    await store.accept(replace(a_job(1), identity=bob), "e1", FREE)
    await store.accept(replace(a_job(2), identity=ann), "e2", FREE)
    assert await store.rulebook.called("web", "FOX") == ANN
    await store.accept(replace(a_job(3), identity=bob), "e3", FREE)
    assert await store.rulebook.called("web", "fox") == BOB
