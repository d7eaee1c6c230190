"""What admins say and what comes of it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.access import Access, MustAsk, NotHere, NotListed, Presence, StillAsked
from bot.admin_words import MANUAL, NotUnderstood, Task, read
from bot.administration import NobodyCalled, NotAnAdmin
from bot.asking import MOST_TOLD, NotYoursToAnswer
from bot.card import Card, Circle, Order, Reply, RequestCard, Verb
from bot.decision import Banned, DecidedByOperators, DoneBefore
from bot.job import Identity, JobId, Phase
from bot.matter import OnlyOperators
from bot.phrase import limit_of
from bot.refusal import Paused, Refusal
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from tests.stage import ANN, BOB, LOBBY, OWNER, Stage, staged

ADAM = Identity(platform="web", user="adam", name="Adam")
CELLAR = replace(LOBBY, chat="cellar")
ALONE = replace(LOBBY, is_private=True)


async def yes() -> bool:
    return True


async def says(stage: Stage, words: str, **about: object) -> Card:
    """An admin of the lobby, in the lobby."""
    return await stage.say(f"/video_admin {words}", ADAM, is_admin=yes, **about)


async def told(stage: Stage, words: str, by: Identity = OWNER, **about: object) -> str:
    card = await stage.say(f"/video_admin {words}", by, **about)
    return "\n".join((card.title, *card.lines))


async def used(stage: Stage, by: Identity = ANN) -> str:
    card = await stage.say("/usage", by)
    return "\n".join(card.lines)


@asynccontextmanager
async def with_access(folder: Path, **said: object) -> AsyncIterator[Stage]:
    rules = Rules(access=Access(**said))  # type: ignore[arg-type] # its fields
    async with staged(folder, rules=rules) as stage:
        yield stage


async def test_a_chat_is_set_up_with_three_tiers_a_budget_and_approval_without_a_file(stage: Stage) -> None:
    for words in (
        "limit everyone 1 video a day",
        "tier crew 2 videos a day",
        "tier patrons 3 videos a day, $9 a week",
        "tier stars 4 videos a day",
        "budget $1 a day",
        "access request",
    ):
        await says(stage, words)
    card = await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="a fox"))
    assert isinstance(card, RequestCard)
    assert [choice.typed for choice in card.choices] == ["approve", "deny", "tier crew", "tier patrons", "tier stars"]
    answered = await stage.studio.answer(
        Reply(identity=ADAM, place=LOBBY, request=card.request, typed="tier crew", is_admin=yes)
    )
    assert (answered.title, *answered.lines) == ("Ann was let in to tier crew by Adam", "The order is on its way.")
    await stage.order()
    with pytest.raises(LimitReached, match=r"2 of 2 videos used today in this chat\."):
        await stage.order()
    assert await told(stage, "rules", ADAM, is_admin=yes) == (
        "What holds in this chat\n"
        "Whoever is new asks with the first order, and an admin lets them in with a button.\n"
        "Everyone: 1 video a day.\n"
        "Tier crew: 2 videos a day.\n"
        "Tier patrons: 3 videos a day, $9.00 a week.\n"
        "Tier stars: 4 videos a day.\n"
        "All together: $1.00 a day.\n"
        "/video_admin help — all that can be laid down"
    )


async def test_only_admins_and_operators_are_heard(stage: Stage) -> None:
    for task in Task:
        with pytest.raises(NotAnAdmin):
            await stage.say(f"/video_admin {task} @ann", ANN)


async def test_an_admin_of_one_chat_decides_nothing_in_another_or_everywhere(stage: Stage) -> None:
    for words in ("everywhere budget $9 a day", "everywhere pause", "everywhere grant @ann 5 videos"):
        with pytest.raises(OnlyOperators):
            await says(stage, words)
    with pytest.raises(OnlyOperators):
        await says(stage, "rules", place=ALONE)
    await says(stage, "limit everyone 0 videos a day")
    await says(stage, "pause")
    there = Order(identity=ANN, place=CELLAR, event="there", text="a fox")
    await stage.studio.order(there)
    job = await stage.store.ordered_with("web", "there")
    assert job is not None
    with pytest.raises(NotUnderstood):
        await says(stage, f"cancel {job.id}")
    assert "Ann" not in "\n".join((await says(stage, "jobs")).lines)
    assert (await stage.say("/video_admin audit", ADAM, place=CELLAR, is_admin=yes)).lines == (
        "Nothing was decided yet.",
    )


async def test_what_an_operator_decided_in_a_chat_its_admins_do_not_change(stage: Stage) -> None:
    await told(stage, "budget $1 a day")
    with pytest.raises(DecidedByOperators):
        await says(stage, "budget $100 a day")
    with pytest.raises(DecidedByOperators):
        await says(stage, "budget none")


async def test_admins_allow_no_more_than_the_operators(tmp_path: Path) -> None:
    rules = Rules(limits=indexed([Rule(scope=Scope.BOT, limit=limit_of("1 video a day"))]))
    async with staged(tmp_path, rules=rules) as stage:
        for words in ("limit everyone 9 videos a day", "limit web:ann unlimited", "tier crew 9 videos a day"):
            await says(stage, words)
        await says(stage, "tier crew web:ann")
        await stage.order()
        with pytest.raises(LimitReached):
            await stage.order()
        with pytest.raises(OnlyOperators):
            await says(stage, "grant web:ann 5 videos")


async def test_everyone_has_their_own_limit_and_all_share_the_budget(stage: Stage) -> None:
    assert await told(stage, "limit everyone 1 video a day, 9 running") == (
        "Done\nEveryone here: 1 video a day, 9 running, each for themselves."
    )
    assert await told(stage, "budget 2 videos a day") == "Done\nAll together here: 2 videos a day."
    await stage.order(by=ANN)
    with pytest.raises(LimitReached, match="1 of 1 video used today in this chat"):
        await stage.order(by=ANN)
    await stage.order(by=BOB)
    with pytest.raises(LimitReached, match="by everybody"):
        await stage.order(by=ADAM)
    assert await told(stage, "limit everyone none") == ("Done\nEveryone here: nothing is laid down any more.")
    await told(stage, "budget none")
    await stage.order(by=ANN)


async def test_one_person_may_have_more_less_or_everything(stage: Stage) -> None:
    await stage.order(by=replace(ANN, handle="ann"))
    await says(stage, "limit everyone 1 video a day")
    assert "Ann here: 3 videos a day." in (await says(stage, "limit @ann 3 videos a day")).lines
    assert "1 of 3 videos used today in this chat" in await used(stage)
    assert "Ann" in await told(stage, "rules")
    await says(stage, "limit @Ann unlimited")
    assert "used today" not in await used(stage)
    await says(stage, "limit @ann none")
    assert "1 of 1 video used today in this chat" in await used(stage)


async def test_whoever_is_meant_can_be_named_in_many_ways(stage: Stage) -> None:
    await stage.order(by=replace(ANN, handle="ann"))
    for words, about in (
        ("ban @ann", None),
        ("ban <@ann>", ANN),
        ("ban web:ann", None),
        ("ban", ANN),
    ):
        await says(stage, words, about=about)
        with pytest.raises(Banned):
            await stage.order()
        await says(stage, "unban", about=ANN)
        await stage.order()
    with pytest.raises(NobodyCalled, match="Nobody who is called @zoe has ordered here yet"):
        await says(stage, "ban @zoe")
    for words in ("ban", "ban members", "ban everyone", "unban admins"):
        with pytest.raises(NotUnderstood, match="It was not said who is meant"):
            await says(stage, words)


async def test_somebody_is_named_by_the_number_of_a_mention(stage: Stage) -> None:
    await says(stage, "ban <@42>")
    assert "ban <@42> (web:42)" in await told(stage, "audit")
    with pytest.raises(Banned):
        await stage.order(by=Identity(platform="web", user="42"))


async def test_a_ban_has_a_reason_and_an_end(stage: Stage) -> None:
    card = await says(stage, "ban web:ann for 2 days because of spam")
    assert card.lines == (
        "web:ann may not order here: spam.",
        "They may again on 03 January 2026 at 12:00 UTC.",
        "/video_admin unban web:ann — lifts it",
    )
    with pytest.raises(Banned, match=r"You may not order here: spam. You may again on 3 January at 12:00\."):
        await stage.order()
    stage.clock.forward(2 * 24 * 3600)
    await stage.order()
    card = await says(stage, "ban web:ann too loud")
    assert card.lines[:2] == ("web:ann may not order here: too loud.", "This has no end.")
    with pytest.raises(Banned, match="This has no end"):
        await stage.order()


@pytest.mark.parametrize("words", ["pause", "ban web:ann", "ban web:ann because", "deny web:ann because"])
async def test_what_members_read_of_a_decision_has_an_end(stage: Stage, words: str) -> None:
    await says(stage, f"{words} {'so loud ' * 400}")
    with pytest.raises(Refusal) as refused:
        await stage.order()
    assert "so loud so loud" in str(refused.value)
    assert len(str(refused.value)) < 300


async def test_whoever_is_in_a_tier_leaves_it_again(stage: Stage) -> None:
    await says(stage, "limit everyone 1 video a day")
    card = await says(stage, "tier crew 5 videos a day", about=ANN)
    assert card.lines == ("Tier crew here: 5 videos a day, each for themselves.", "Ann is in tier crew here.")
    assert "of 5 videos" in await used(stage)
    assert (await says(stage, "tier none", about=ANN)).lines == ("Ann is in no tier here.",)
    card = await says(stage, "tier friends", about=ANN)
    assert card.lines[1:] == (
        "Nothing is laid down for it yet.",
        "/video_admin tier friends 20 videos a day — for example",
    )
    await says(stage, "tier none", about=ANN)
    assert "of 1 video" in await used(stage)


async def test_a_circle_is_in_a_tier_and_admins_are_one(stage: Stage) -> None:
    await says(stage, "tier crew 5 videos a day")
    role = Circle("web:role:7", "@Supporter")
    assert (await says(stage, "tier crew", about=role)).lines == ("@Supporter is in tier crew here.",)
    supporter = Presence(circles=frozenset({"web:role:7"}))
    assert "of 5 videos" in "\n".join((await stage.say("/usage", ANN, presence=supporter)).lines)
    assert (await says(stage, "tier crew admins")).lines == ("The admins of this chat are in tier crew here.",)
    assert await stage.studio.circles("web", "lobby") == {"web:role:7", "web:admins:lobby"}
    with pytest.raises(NotUnderstood, match="for one person, for everyone or for a tier"):
        await says(stage, "limit 5 videos a day", about=role)


async def test_operators_grant_something_beyond_the_allowances(stage: Stage) -> None:
    await told(stage, "limit everyone 0 videos a day")
    assert await told(stage, "grant web:ann 2 videos for 30 days because of the contest") == (
        "Done\nweb:ann has 2 videos beyond the allowances, used after those."
    )
    assert "$2.00 beyond" in await told(stage, "grant web:ann $2")
    assert "Besides, 2 videos granted: the contest" in await used(stage)
    await stage.order()
    for words in ("grant web:ann", "grant web:ann 0", "grant 5 videos", "grant web:ann 5 running"):
        with pytest.raises(NotUnderstood):
            await told(stage, words)


async def test_a_pause_of_a_chat_ends_when_it_is_said(stage: Stage) -> None:
    assert await told(stage, "pause because of a film night") == (
        "Done\nNo new orders here: a film night.\nWhat runs goes on.\n/video_admin resume — takes orders again"
    )
    with pytest.raises(Paused, match="a film night"):
        await stage.order()
    assert "No new orders: a film night." in await told(stage, "rules")
    await told(stage, "resume")
    await stage.order()


async def test_any_job_of_the_chat_can_be_seen_and_cancelled(stage: Stage) -> None:
    card = await stage.order("a fox in snow")
    shown = await told(stage, "jobs")
    assert shown == (
        f"Under way\n{card.job[:6]} Ann: accepted for 0 s, “a fox in snow”\n"
        f"/video_admin cancel {card.job[:6]} — cancels the first"
    )
    assert await told(stage, f"cancel {card.job[:6]}") == "Done\nAnn: Cancelled.\nNothing was charged."
    assert (await stage.job(card.job)).phase is Phase.CANCELLED
    assert await told(stage, "jobs") == "Under way\nNothing."
    for words in ("cancel", "cancel zzz"):
        with pytest.raises(NotUnderstood, match="not the number of one job"):
            await told(stage, words)


async def test_many_jobs_are_not_all_told(stage: Stage) -> None:
    for _ in range(12):
        await stage.order("a very " + "long " * 30 + "story")
    lines = (await stage.say("/video_admin jobs")).lines
    assert (len(lines), lines[10]) == (12, "and 2 more")
    assert all(len(line) < 120 for line in lines)


async def test_who_used_how_much_is_told(stage: Stage) -> None:
    card = await stage.order()
    await stage.finish(card.job)
    assert await told(stage, "stats") == (
        "Use\nLast 24 hours: 1 video, $0.20, 1 person.\nLast 7 days: 1 video, $0.20, 1 person.\n"
        "Last 30 days: 1 video, $0.20, 1 person.\n1. Ann: 1 video, $0.20"
    )


async def test_who_decided_what_is_told(stage: Stage) -> None:
    await says(stage, "limit everyone 1 video a day")
    await says(stage, "ban because of spam", about=ANN)
    stage.clock.forward(26 * 3600)
    await told(stage, "everywhere budget $9 a day")
    assert await told(stage, "audit") == (
        "Who decided what\n01 Jan 12:00 Adam: ban because of spam (Ann, web:ann)\n"
        "01 Jan 12:00 Adam: limit everyone 1 video a day"
    )
    everything = await told(stage, "audit", place=ALONE)
    assert "14:00 Olga: everywhere budget $9 a day" in everything


async def test_help_shows_every_task_to_those_who_may_do_it(stage: Stage) -> None:
    for task, manual in MANUAL.items():
        for example in manual.examples:
            assert f"/video_admin {example}" in (await told(stage, "help")).replace(" — ", "\n").splitlines()
            assert read(f"/video_admin {example}").task is task
    assert "grant" not in "\n".join((await says(stage, "help")).lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("bugdet $5 a day", "There is no “bugdet”. Did you mean budget?"),
        ("xyzzy", "There is no “xyzzy”. /video_admin help — shows all there is"),
        ("budget $5", "“$5” is no limit. Write it like"),
        ("budget 5 vidoes a day", "Did you mean “5 videos a day”?".replace("“", '"').replace("”", '"')),
        ("access closed", "“closed” is none of open, listed, request."),
        ("tier crew+ 5 videos a day", "“crew+” cannot be the name of a tier."),
        ("ban @ann for 99999 years", "is not a length of time up to a year"),
    ],
)
async def test_what_is_not_understood_is_answered_with_what_would_be(stage: Stage, words: str, said: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        await told(stage, words)
    assert said in str(caught.value)


async def test_without_words_the_rules_are_shown(stage: Stage) -> None:
    assert await told(stage, "") == await told(stage, "rules")
    assert (await told(stage, "", place=ALONE)).startswith("What holds everywhere")


async def test_what_holds_everywhere_tells_what_stands_in_the_file(tmp_path: Path) -> None:
    file = [
        Rule(scope=Scope.BOT, limit=limit_of("5 videos a day")),
        Rule(scope=Scope.BOT, limit=limit_of("$9 a day"), is_cap=True),
        Rule(scope=Scope.CHAT, subject="web:lobby", limit=limit_of("$3 a day"), is_cap=True),
        Rule(scope=Scope.CHAT, subject="web:cellar", limit=limit_of("$4 a day"), is_cap=True),
    ]
    async with staged(tmp_path, rules=Rules(limits=indexed(file))) as stage:
        await told(stage, "everywhere access chats listed")
        await told(stage, "everywhere allow chat web:lobby")
        everywhere = await told(stage, "everywhere rules")
        assert "From the file: everyone: 5 videos a day." in everywhere
        assert "From the file: all together: $9.00 a day." in everywhere
        assert "Only in chats that were allowed.\nUsed in web:lobby." in everywhere
        here = await told(stage, "rules")
        assert "From the operators: all together: $9.00 a day." in here
        assert "From the operators: all of this chat together: $3.00 a day." in here
        assert "$4.00" not in here
        seen_by_admin = "\n".join((await says(stage, "rules")).lines)
        assert "From the operators: everyone: 5 videos a day." in seen_by_admin
        assert "together" not in seen_by_admin


async def test_a_listed_chat_films_for_those_who_were_let_in(stage: Stage) -> None:
    assert (await says(stage, "access listed")).lines == ("Here: only those may order whom an admin let in.",)
    with pytest.raises(NotListed, match="Only those may order here whom an admin let in"):
        await stage.order()
    await says(stage, "allow", about=ANN)
    await stage.order()
    await says(stage, "deny because of spam", about=ANN)
    with pytest.raises(Banned, match="spam"):
        await stage.order()
    await says(stage, "allow", about=ANN)
    await stage.order()
    await stage.order(by=OWNER)
    await stage.studio.order(Order(identity=ADAM, place=LOBBY, event="a", text="a fox", is_admin=yes))
    await says(stage, "access open")
    await stage.order(by=BOB)


async def test_topics_are_denied_and_allowed(stage: Stage) -> None:
    topic = replace(LOBBY, thread="7")
    await says(stage, "deny chat")
    with pytest.raises(NotHere):
        await stage.order()
    assert (await says(stage, "allow here", place=topic)).lines == ("I may be used in this topic or channel.",)
    await stage.studio.order(Order(identity=ANN, place=topic, event="t", text="a fox"))
    in_thread = Order(
        identity=ANN, place=replace(LOBBY, thread="9"), event="u", text="a fox", presence=Presence(around="7")
    )
    await stage.studio.order(in_thread)
    assert "Not used in this chat." in await told(stage, "rules")
    assert (await says(stage, "allow chat")).lines == ("I may be used in this chat.",)
    await says(stage, "deny here", place=topic)
    with pytest.raises(NotHere):
        await stage.studio.order(replace(in_thread, event="v"))


async def test_the_bot_is_used_only_in_chats_that_operators_list(tmp_path: Path) -> None:
    async with with_access(tmp_path, chats=frozenset({"web:cellar"}), leaves=True) as stage:
        with pytest.raises(NotHere) as caught:
            await stage.order()
        assert caught.value.leaves
        assert not await stage.studio.stays(LOBBY, ANN)
        assert not await stage.studio.stays(LOBBY)
        assert await stage.studio.stays(CELLAR)
        await stage.studio.order(Order(identity=ANN, place=CELLAR, event="c", text="a fox"))
        assert await stage.studio.stays(LOBBY, OWNER)
        await stage.order()
        assert await stage.studio.stays(LOBBY)
        assert "allow chat web:lobby, by adding the bot" in await told(stage, "audit", place=ALONE)
        await told(stage, "everywhere deny chat web:lobby")
        with pytest.raises(NotHere):
            await stage.order()


@pytest.mark.parametrize("said", [{"chats": frozenset({"web:cellar/7"})}, {"not_in": frozenset({"web:cellar/8"})}])
async def test_a_chat_is_not_left_because_of_a_part_of_it(tmp_path: Path, said: dict[str, frozenset[str]]) -> None:
    async with with_access(tmp_path, leaves=True, **said) as stage:
        assert await stage.studio.stays(CELLAR)
        allowed = Order(identity=ANN, place=replace(CELLAR, thread="7"), event="a", text="a fox")
        await stage.studio.order(allowed)
        with pytest.raises(NotHere) as caught:
            await stage.studio.order(replace(allowed, place=replace(CELLAR, thread="8"), event="b"))
        assert not caught.value.leaves


async def test_where_chats_are_listed_only_known_people_are_served_alone(tmp_path: Path) -> None:
    async with with_access(tmp_path, chats=frozenset({"web:cellar"}), people=frozenset({BOB.key})) as stage:
        alone = Order(identity=ANN, place=ALONE, event="a", text="a fox")
        with pytest.raises(NotHere) as caught:
            await stage.studio.order(alone)
        assert not caught.value.leaves
        await stage.studio.order(replace(alone, identity=BOB, event="b"))


async def test_any_chat_may_be_used_again(stage: Stage) -> None:
    assert "Only chats that are allowed may use the bot." in await told(stage, "everywhere access chats listed")
    with pytest.raises(NotHere):
        await stage.order()
    assert "Any chat may use the bot." in await told(stage, "everywhere access chats any")
    await stage.order()
    with pytest.raises(NotUnderstood):
        await told(stage, "access chats listed")


async def asked(stage: Stage, by: Identity = ANN, event: str = "first") -> RequestCard:
    card = await stage.studio.order(Order(identity=by, place=LOBBY, event=event, text="a fox --ar 9:16"))
    assert isinstance(card, RequestCard)
    return card


def reply(card: RequestCard, typed: str, by: Identity = OWNER) -> Reply:
    return Reply(identity=by, place=LOBBY, request=card.request, typed=typed)


async def test_whoever_is_new_asks_once_and_is_filmed_for_when_let_in(stage: Stage) -> None:
    await says(stage, "access request")
    card = await asked(stage)
    assert (card.title, card.lines[0]) == ("Ann would like to order here", "“a fox”")
    assert await asked(stage) == card
    with pytest.raises(StillAsked, match="waits until one of them lets you in"):
        await stage.order()
    assert await stage.store.unfinished() == []
    answered = await stage.studio.answer(reply(card, "approve"))
    assert answered.title == "Ann was let in by Olga"
    [job] = await stage.store.unfinished()
    assert (job.identity, job.request.prompt, job.request.ratio) == (ANN, "a fox", "9:16")
    await stage.order()


async def test_whoever_is_denied_is_told_so_next_time(stage: Stage) -> None:
    await says(stage, "access request")
    answered = await stage.studio.answer(reply(await asked(stage), "deny"))
    assert answered.title == "Ann was not let in by Olga"
    with pytest.raises(Banned, match="the admins did not let you in"):
        await stage.order()
    with pytest.raises(DecidedByOperators):
        await says(stage, "allow", about=ANN)
    await told(stage, "allow", about=ANN)
    await stage.order()


async def test_only_admins_answer_and_only_once(stage: Stage) -> None:
    await says(stage, "access request")
    card = await asked(stage)
    with pytest.raises(NotYoursToAnswer, match="admins of this chat"):
        await stage.studio.answer(reply(card, "approve", BOB))
    elsewhere = replace(reply(card, "approve", ADAM), place=CELLAR, is_admin=yes)
    with pytest.raises(NotYoursToAnswer):
        await stage.studio.answer(elsewhere)
    await stage.studio.answer(replace(elsewhere, place=LOBBY))
    with pytest.raises(Refusal, match="Ann was let in by Adam"):
        await stage.studio.answer(reply(card, "deny"))
    with pytest.raises(Refusal, match="no longer kept"):
        await stage.studio.answer(replace(reply(card, "deny"), request="another"))


async def test_an_order_that_cannot_be_accepted_after_all_says_why(stage: Stage) -> None:
    await says(stage, "access request")
    await says(stage, "limit everyone 0 videos a day")
    answered = await stage.studio.answer(reply(await asked(stage), "approve"))
    assert answered.lines[0].startswith("The order could not be accepted: 0 of 0 videos used today in this chat.")


async def test_requests_are_shown_one_after_the_other(stage: Stage) -> None:
    await says(stage, "access request")
    first = await asked(stage)
    await asked(stage, BOB, "second")
    assert await says(stage, "requests") == first
    await stage.studio.answer(reply(first, "deny"))
    assert (await says(stage, "requests")).title == "Bob would like to order here"
    assert (await stage.say("/video_admin requests", place=ALONE)).title == "Nobody is waiting"


async def test_a_long_request_is_cut_and_names_even_those_without_a_name(stage: Stage) -> None:
    await says(stage, "access request")
    order = Order(identity=replace(ANN, name=""), place=LOBBY, event="e", text="a fox " * 100)
    card = await stage.studio.order(order)
    assert card.title == "web:ann would like to order here"
    assert len(card.lines[0]) < 210


async def test_requests_at_the_bot_s_own_door_go_to_the_operators(tmp_path: Path) -> None:
    async with with_access(tmp_path, door="request") as stage:
        card = await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="a fox"))
        assert card.title == "The operators were asked"
        [sent] = stage.operators.cards
        assert isinstance(sent, RequestCard)
        with pytest.raises(NotYoursToAnswer, match="operators of this bot"):
            await stage.studio.answer(replace(reply(sent, "approve", ADAM), is_admin=yes))
        await stage.studio.answer(reply(sent, "tier crew"))
        await stage.order()
        assert "approve" in [choice.typed for choice in sent.choices]


async def test_operators_are_told_once_of_a_request_whose_words_change(tmp_path: Path) -> None:
    async with with_access(tmp_path, door="request") as stage:
        order = Order(identity=ANN, place=LOBBY, event="e", text="a fox")
        await stage.studio.order(order)
        await stage.studio.amend(replace(order, text="a hare"))
        [sent] = stage.operators.cards
        assert isinstance(sent, RequestCard)
        await stage.studio.answer(reply(sent, "approve"))
        assert (await stage.store.latest_of(ANN, 1))[0].request.prompt == "a hare"


async def test_however_many_ask_operators_are_told_of_a_few_in_an_hour_and_can_see_the_rest(tmp_path: Path) -> None:
    async with with_access(tmp_path, door="request") as stage:
        for number in range(MOST_TOLD + 5):
            stranger = Identity(platform="web", user=f"stranger {number}")
            await stage.studio.order(Order(identity=stranger, place=LOBBY, event=f"e{number}", text="a fox"))
        assert len(stage.operators.cards) == MOST_TOLD + 1
        assert stage.operators.heard[-1] == "Many would like to order"
        assert isinstance(await stage.say("/video_admin everywhere requests"), RequestCard)
        stage.clock.forward(3600)
        await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="a fox"))
        assert stage.operators.heard[-1] == "Ann would like to order"


async def test_a_button_that_orders_asks_nobody(stage: Stage) -> None:
    card = await stage.order()
    await stage.finish(card.job)
    await says(stage, "access request")
    with pytest.raises(MustAsk, match="Send /video with what to film"):
        await stage.press(Verb.AGAIN, card.job, BOB)
    assert await stage.store.unfinished() == []


async def test_only_those_who_can_be_meant_are(stage: Stage) -> None:
    for words in ("ban members", "ban everyone", "unban admins", "deny everyone"):
        with pytest.raises(NotUnderstood, match="It was not said who is meant"):
            await says(stage, words)
    with pytest.raises(NotUnderstood, match="not said of which chat the members are meant"):
        await told(stage, "tier crew members", place=ALONE)


async def test_a_ban_is_for_whoever_is_named_before_the_reason(stage: Stage) -> None:
    card = await says(stage, "ban rude to @bob and other members", about=ANN)
    assert card.lines[0] == "Ann may not order here: rude to @bob and other members."
    card = await says(stage, "ban web:bob rude to web:ann", about=ANN, named=(ANN, BOB))
    assert card.lines[0] == "Bob may not order here: rude to Ann."
    assert "ban Bob (web:bob) rude to Ann (web:ann)" in await told(stage, "audit")


async def test_what_is_told_twice_is_done_once(stage: Stage) -> None:
    grant = Order(identity=OWNER, place=LOBBY, event="same", text="/video_admin grant web:ann 5 videos")
    await stage.studio.say(grant)
    with pytest.raises(DoneBefore):
        await stage.studio.say(grant)
    assert "5 videos granted" in await used(stage)
    assert "10 videos" not in await used(stage)


async def test_whom_a_message_is_about_is_known_as_long_as_it_is_kept(stage: Stage) -> None:
    job = (await stage.order()).job
    await says(stage, "access request")
    request = (await asked(stage, BOB)).request
    assert (await stage.studio.ordered_by(job), await stage.studio.asked_by(request)) == (ANN, BOB)
    assert (await stage.studio.ordered_by(JobId("no")), await stage.studio.asked_by("no")) == (None, None)


async def test_a_card_ends_however_much_was_decided(stage: Stage) -> None:
    for number in range(40):
        await says(stage, f"limit web:{number} {number} videos a day because of {'a long story, ' * 40}")
    lines = (await told(stage, "rules")).splitlines()
    assert "And 25 more." in lines
    assert len(lines) < 25
    assert len(await told(stage, "audit")) < 3500


async def test_places_are_told_by_what_admins_see_of_them(stage: Stage) -> None:
    await says(stage, "deny here", place=replace(LOBBY, thread="7"))
    assert "Not used in the topic or channel 7." in await told(stage, "rules")


async def test_operators_read_where_somebody_asks(tmp_path: Path) -> None:
    async with with_access(tmp_path, door="request") as stage:
        await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="a fox"))
        await stage.studio.order(Order(identity=BOB, place=ALONE, event="f", text="a fox"))
        here, alone = (card for card in stage.operators.cards if isinstance(card, RequestCard))
        assert here.title == "Ann would like to order"
        assert (here.lines[1], alone.lines[1]) == ("web:ann, in web:lobby.", "web:bob, alone with me.")
        denied = await stage.studio.answer(reply(here, "deny"))
        assert denied.lines[-1] == "/video_admin everywhere allow web:ann — lets them in after all"


async def test_an_order_that_is_let_in_stays_as_private_as_it_was_asked_for(tmp_path: Path) -> None:
    async with with_access(tmp_path, door="request") as stage:
        await stage.studio.order(Order(identity=BOB, place=ALONE, event="f", text="a fox"))
        [card] = (card for card in stage.operators.cards if isinstance(card, RequestCard))
        await stage.studio.answer(reply(card, "approve"))
        with closing(sqlite3.connect(stage.database)) as connection:
            assert connection.execute("SELECT in_private FROM jobs").fetchall() == [(1,)]
