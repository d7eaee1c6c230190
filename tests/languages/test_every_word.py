"""Nothing that people read is outside of the catalogues: journeys in a language whose every text is marked."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.chat.discord import rendering as discord_rendering
from adapters.chat.discord.form import form_for
from adapters.chat.telegram import rendering as telegram_rendering
from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.web.incoming import Unreadable
from adapters.chat.web.page import Page
from bot.access import AlreadyAnswered, Door
from bot.admin_words import COMMAND, MANUAL, NotUnderstood, Task
from bot.card import Card, DraftCard, JobCard, Order, Press, Reply, RequestCard, Usual, Verb
from bot.commands import Word
from bot.flags import FLAGS
from bot.forbidding import NotForbidden
from bot.job import Delivery, Failure, FailureKind, Job, Phase
from bot.moderation import NotFilmed
from bot.ports import Link
from bot.refusal import Refusal, TooLate
from bot.speech import ENGLISH, speaking
from bot.taboo import Kind, Taboo, Taboos
from bot.wording import job_card, mishap, refused
from tests.languages.marked import Marked, unmarked
from tests.refusals import every
from tests.stage import ANN, BOB, CLIP, LOBBY, NOON, OWNER, Stage, staged

PAGE = Page(demo=True)

PROMPT = "föxes"
TYPED = "|".join(
    sorted(
        {
            *(rf"--{name}" for flag in FLAGS for name in (flag.name, *flag.aliases, *(flag.fixed or {}))),
            *(re.escape(value) for flag in FLAGS for value in flag.values.values),
            *Task,
            *Door,
            *("v5", "PixVerse", "ShortAPI", "AIMLAPI", "on", "off", "v5-5", "5-5"),
        },
        key=len,
        reverse=True,
    )
)
DATA = re.compile(
    rf"(?<!\S)/[a-z_]+[^—⟦]*|\b(?:Ann|Bob|Olga|AN|OW|{PROMPT}|zoe|elvish|spam|lunch|crew|gore|vdeo|dance|word--seed|maintenance|English|de|behead|nothing|kill|him|her|ing|bikini|missing)\b"
    rf'|"[^"⟧]*"|5 vide[ao]s a day|for \d+ years|\b3f\b'
    rf"|--(?:aspekt|foo|no blur, text)|\bweb:\w+|U\+[0-9A-F]{{4}}|\b[0-9a-f]{{6}}\b|(?<!\w)(?:{TYPED})(?!\w)",
    re.IGNORECASE,
)
"""Names, prompts, ids, what is typed, and what RE2 says of a pattern."""


@pytest.fixture(scope="module")
def marked() -> Marked:
    return Marked()


def parts_of(card: Card) -> Iterator[str]:
    yield card.title
    for line in "\n".join(card.lines).splitlines():
        typed, dash, meaning = line.partition(" — ")
        # What is typed is the same in every language.
        if meaning == ENGLISH.name:
            continue
        yield meaning if dash and typed.startswith(("/", "--")) else "" if line.startswith(f"{COMMAND} ") else line
    yield from (button.label for button in card.buttons)
    if isinstance(card, RequestCard):
        yield from (choice.label for choice in card.choices)


def shown(card: Card) -> Iterator[str]:
    """As every platform shows it, but for what it took from the card itself."""
    if isinstance(card, JobCard):
        bare = replace(card, title="", lines=(), prompt="", flags="", buttons=())
        busy = replace(bare, usual=Usual(70.0, 100.0))
        for each in (bare, busy):
            yield str(telegram_rendering.status_text(each)).replace("12:00 UTC", "")
            yield re.sub(r"<[@t:][^>]*>", "", discord_rendering.called_text(each))
        link = Link("https://1.1", NOON)
        yield str(telegram_rendering.caption(bare, mention=True))
        yield str(telegram_rendering.link_text(bare, link, mention=True)).replace("UTC", "")
        yield re.sub(r"<[^>]*>", "", discord_rendering.link_text(bare, link))
        yield str(telegram_rendering.sending_text(bare))
    if isinstance(card, DraftCard):
        yield str(telegram_rendering.draft_text(replace(card, command=""), ANN, mention=True))
        yield form_for(card.command).title
    markup = keyboard(card)
    yield from (button.text for row in (markup.inline_keyboard if markup else ()) for button in row)


class Words(HTMLParser):
    """What a page shows, and what it says aloud."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        spoken = {"aria-label", "title", "placeholder", "alt"}
        self.found += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        # Keys and code are the same in every language, and so is our name.
        if not {"kbd", "code", "style", "title"} & set(self._within[-1:]) and data.strip() != "Rushes":
            self.found.append(data)


def must_be_marked(card: Card) -> None:
    for words in (*parts_of(card), *shown(card), *Words(PAGE.card(card, "somebody")).found):
        assert unmarked(words, DATA) == "", (card, words)


@pytest.fixture
async def stage(tmp_path: Path, marked: Marked) -> AsyncIterator[Stage]:
    taboos = Taboos(each=(Taboo(spelling="gore", kind=Kind.BLOCK),))
    async with staged(
        tmp_path, languages={marked.code: lambda: marked}, taboos=taboos, providers=("fal", "pixverse")
    ) as built:
        with speaking(marked):
            yield built


async def answered(stage: Stage, text: str, **about: object) -> Card:
    try:
        return await stage.say(text, **about)  # type: ignore[arg-type] # the fields of an order
    except Refusal as refusal:
        return refused(refusal)


TYPOS = (
    *("", "--ar 5:4 x", "--foo x", "--seed x", "--no", "--dur 10 --res 1080p x", "--silent=1 x", "help", "gore"),
    *("x --cost", "x --ar 1:1 --ar 4:3", "x -- --seed 1", "x --audio off x", "x word--seed 1", "\0", "x " * 1100),
    *(f"x --no {'z ' * 1100}", "x --provider pixverse --think on --multi --audio --dur 5 --res 1080p"),
)


@pytest.mark.parametrize("typed", TYPOS)
async def test_every_word_about_a_command(stage: Stage, typed: str) -> None:
    must_be_marked(await answered(stage, re.sub(r"\bx\b", PROMPT, typed)))


async def test_every_word_about_oneself(stage: Stage) -> None:
    for word in (word for word in Word if word not in (Word.VIDEO, Word.ADMIN)):
        must_be_marked(await answered(stage, f"/{word}"))
    for typed in ("/forget me", "/link 1", "/link AAAA-AAAA", "/language elvish", "/language auto", "/elvish"):
        must_be_marked(await answered(stage, typed, is_private=True))
    must_be_marked(await answered(stage, "/language en-XA"))


async def yes() -> bool:
    return True


ADMIN = (
    *(example for manual in MANUAL.values() for example in manual.examples),
    *("everywhere budget $20 a day", "everywhere access chats listed", "everywhere access chats any", "rules"),
    *(
        "everywhere rules",
        "dance",
        "limit @zoe 1 video a day",
        "limit everyone 5 videas a day",
        "limit everyone elvish",
    ),
    *("limit", "ban web:bob for 99999 years", "adult elvish", "forbid /(/", "forbid", "permit gore", "permit elvish"),
    *("access elvish", "tier !", "cancel zoe", "language", "language elvish", "ban web:bob", "grant web:bob nothing"),
    *("limit web:bob 3 videos in 2 hours, $1.234 a week, 2 running", "tier crew web:bob", "tier none web:bob"),
    *("grant web:bob 5 videos for 1 day because of lunch", "allow web:bob", "deny here", "rules", "stats", "audit"),
)


async def test_every_word_of_admins(stage: Stage) -> None:
    await stage.order(PROMPT, BOB)
    for typed in ADMIN:
        card = await answered(stage, f"{COMMAND} {typed.replace('@ann', 'web:bob')}")
        if typed == "audit":
            # What was decided stands there as it was said.
            card = replace(card, lines=())
        must_be_marked(card)
    await stage.say(f"{COMMAND} resume")
    must_be_marked(await answered(stage, f"{COMMAND} jobs"))


async def test_every_word_about_what_is_used_and_left(stage: Stage) -> None:
    for limit in (
        "1 video a day",
        "5 videos a week",
        "$3 a month",
        "9 videos in 30 minutes",
        "9 running",
        "$9 an hour",
    ):
        await stage.say(f"{COMMAND} limit web:ann {limit}")
        card = await stage.order(PROMPT)
        await stage.finish(card.job)
        must_be_marked(await answered(stage, "/usage", by=ANN))
        must_be_marked(stage.core.studio.form(f"/video {PROMPT}"))
        for _ in range(2):
            must_be_marked(await answered(stage, PROMPT, by=ANN))
        await stage.say(f"{COMMAND} limit web:ann none")
    await stage.say(f"{COMMAND} grant web:ann 2 videos for 3 days")
    await stage.say(f"{COMMAND} everywhere budget 1 video a day")
    must_be_marked(await answered(stage, PROMPT, by=ANN))
    must_be_marked(await answered(stage, "/usage", by=ANN))
    must_be_marked(await answered(stage, "/history", by=ANN))
    assert stage.operators.cards
    for told in stage.operators.cards:
        must_be_marked(told)


async def test_every_word_between_strangers_and_admins(stage: Stage) -> None:
    await stage.say(f"{COMMAND} access request")
    asked = await stage.studio.order(Order(identity=BOB, place=LOBBY, event="1", text=PROMPT))
    assert isinstance(asked, RequestCard)
    must_be_marked(asked)
    must_be_marked(await answered(stage, PROMPT, by=BOB))
    must_be_marked(await answered(stage, f"{COMMAND} requests"))
    reply = Reply(identity=OWNER, place=LOBBY, request=asked.request, typed="approve", is_admin=yes)
    must_be_marked(await stage.studio.answer(reply))
    with pytest.raises(AlreadyAnswered) as refusal:
        await stage.studio.answer(reply)
    must_be_marked(refused(refusal.value))
    await stage.say(f"{COMMAND} everywhere access request")
    must_be_marked(await answered(stage, PROMPT, by=replace(ANN, user="zoe", name="zoe")))
    must_be_marked(stage.operators.cards[-1])


def lives(job: Job) -> Iterator[Job]:
    """Everything that can become of it."""
    for phase in Phase:
        for changes in (
            {},
            {"attempts": 1},
            {"cancel_asked": True},
            {"delivery": Delivery.GIVEN_UP},
            {"charged": True},
        ):
            yield replace(job, phase=phase, clip=CLIP, **changes)
    yield replace(job, phase=Phase.DELIVERED, clip=CLIP, deleted=True)
    yield replace(job, phase=Phase.DELIVERED, clip=CLIP, swept=True)
    yield replace(job, phase=Phase.DELIVERED, clip=CLIP, spoiler=True)
    for kind in FailureKind:
        for detail in ("", "spam"):
            yield replace(job, phase=Phase.FAILED, failure=Failure(kind, detail))


async def test_every_word_of_the_life_of_a_job(stage: Stage) -> None:
    card = await stage.order(PROMPT)
    must_be_marked(card)
    for job in lives(await stage.job(card.job)):
        for position, ahead in ((1, 0), (3, 2), (None, None)):
            must_be_marked(job_card(job, position=position, ahead=ahead))


async def test_every_word_of_buttons(stage: Stage) -> None:
    card = await stage.order(PROMPT)
    for verb in Verb:
        press = Press(identity=ANN, place=LOBBY, event=verb, verb=verb, job=card.job)
        for by in (ANN, BOB):
            try:
                must_be_marked(await stage.studio.act(replace(press, identity=by)))
            except Refusal as refusal:
                must_be_marked(refused(refusal))
    order = Order(identity=ANN, place=LOBBY, event="order 1", text=f"{PROMPT} {PROMPT} --cost")
    for _ in range(2):
        with pytest.raises(TooLate) as late:
            await stage.studio.amend(order)
        must_be_marked(refused(late.value))
    must_be_marked(mishap("123456"))


def test_every_word_of_refusals(marked: Marked) -> None:
    given = (NotUnderstood, AlreadyAnswered, NotFilmed, NotForbidden, Unreadable)
    with speaking(marked):
        for refusal in every():
            if not isinstance(refusal, given) and type(refusal) is not TooLate:
                must_be_marked(refused(refusal))


async def test_every_word_of_the_page(stage: Stage) -> None:
    await stage.order(PROMPT)
    cards = await stage.studio.latest("web", LOBBY.chat)
    found = Words(PAGE.whole(cards, ANN, "1")).found
    assert len(found) > len(cards)
    for words in found:
        if words.startswith(("[", "{")):
            continue
        assert unmarked(words, DATA) == "", words


def test_what_the_page_completes_is_told_in_the_readers_language(marked: Marked) -> None:
    with speaking(marked):
        page = PAGE.whole((), ANN, "1")
    told = re.findall(r'"(?:summary|accepted|default|seconds|minutes|standard)": "((?:[^"\\]|\\.)*)"', page)
    assert len(told) > len(FLAGS)
    for words in told:
        assert unmarked(re.sub(r"\{\w+\}", "", json.loads(f'"{words}"')), DATA) == "", words


async def test_a_job_is_told_in_the_language_in_which_it_was_ordered(stage: Stage, marked: Marked) -> None:
    card = await stage.order(PROMPT)
    job = await stage.job(card.job)
    assert (job.language, card.language) == (marked.code, marked)
    stage.clock.forward(timedelta(hours=1).total_seconds())
    must_be_marked(stage.core.studio._house.screen.card(job))  # noqa: SLF001 - as after a restart
