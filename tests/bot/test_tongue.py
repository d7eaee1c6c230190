"""In which language somebody is answered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.admin_words import NotUnderstood
from bot.card import Card, Press, Verb
from bot.job import Identity, Phase
from bot.moment import Timed, clock_words
from bot.money import dollars, shown
from bot.phrase import limit_of, limit_words, spoken
from bot.refusal import NotWritten
from bot.shortage import LimitReached
from bot.speech import ENGLISH, Language, Languages, say, say_many, speaking
from bot.tongue import NotSpoken, Tongues
from bot.usage import usage_card
from rushes.languages import translated
from tests.stage import ANN, BOB, LOBBY, NOON, OWNER, HandClock, Stage, staged

LANGUAGES = Languages(translated())
GERMAN, ARABIC = LANGUAGES.named("de"), LANGUAGES.named("ar")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, languages=translated()) as built:
        yield built


async def language(stage: Stage, who: Identity = ANN, *told: str) -> str:
    return (await stage.studio.tongues.of(who, LOBBY, told)).code


def read(card: Card) -> str:
    return "\n".join((card.title, *card.lines))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("PT_br", "pt-BR"),
        ("pt", "pt-BR"),
        ("zh-hans", "zh-CN"),
        ("en-GB", "en"),
        ("es-419", "es"),
    ],
)
def test_a_country_makes_no_other_language(told: str, code: str) -> None:
    found = LANGUAGES.nearest(told)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("told", ["", "tlh", "d", "german"])
def test_a_language_that_is_not_there_is_none(told: str) -> None:
    assert LANGUAGES.nearest(told) is None
    assert LANGUAGES.named(told) is ENGLISH


async def test_one_s_own_choice_goes_before_the_chat_s_and_that_before_what_the_platform_says(stage: Stage) -> None:
    assert await language(stage) == "en"
    assert await language(stage, ANN, "tlh", "fr-CA", "de") == "fr"
    await stage.say("/video_admin language de")
    assert await language(stage, ANN, "fr") == await language(stage, BOB, "fr") == "de"
    await stage.say("/language ru", ANN)
    assert await language(stage, ANN, "fr") == "ru"
    assert await language(stage, BOB, "fr") == "de"
    await stage.say("/language auto", ANN)
    assert await language(stage, ANN, "fr") == "de"
    await stage.say("/video_admin language auto")
    assert await language(stage, ANN, "fr") == "fr"


async def test_a_language_is_chosen_by_its_code_or_its_name(stage: Stage) -> None:
    for typed in ("de", "DE-ch", "Deutsch"):
        assert read(await stage.say(f"/language {typed}", ANN)) == "Ich spreche jetzt Deutsch mit dir"
    with speaking(GERMAN):
        told = read(await stage.say("/language", ANN))
    assert told.startswith("Ich spreche Deutsch mit dir\n/language en — English\n/language ar — العربية\n")
    assert told.endswith("\n/language auto — wie dein Chat oder deine App es sagt")


async def test_a_language_that_nobody_speaks_here_is_not_chosen(stage: Stage) -> None:
    for command, by in (("/language elvish", ANN), ("/video_admin language elvish", OWNER)):
        with pytest.raises(NotSpoken, match="There is no language “elvish”"):
            await stage.say(command, by)


async def test_a_chat_s_language_is_said_in_that_chat(stage: Stage) -> None:
    told = read(await stage.say("/video_admin language pt"))
    assert told == "Done\nI speak Português (Brasil) here, but for those who chose another one."
    assert "Language: pt-BR." in read(await stage.say("/video_admin rules"))
    for words in ("everywhere language de", "language"):
        with pytest.raises(NotUnderstood, match="It was not said which language is meant"):
            await stage.say(f"/video_admin {words}")


async def test_a_choice_outlives_a_restart(stage: Stage, tmp_path: Path) -> None:
    await stage.say("/language de", ANN)
    async with staged(tmp_path, languages=translated()) as again:
        assert await language(again) == "de"


async def test_a_job_is_told_in_the_language_of_whoever_ordered_it_whoever_acts_on_it(
    stage: Stage, tmp_path: Path
) -> None:
    with speaking(GERMAN):
        ordered = await stage.order()
    assert ordered.title == "Wartet"
    await stage.until(ordered.job, Phase.RENDERING)
    assert stage.chat.cards[-1].title == "Wird gefilmt"
    with speaking(ARABIC):
        assert (await stage.press(Verb.CANCEL, ordered.job)).title == "Wird abgebrochen"
    async with staged(tmp_path, languages=translated()) as again:
        await again.finish(ordered.job)
        assert again.chat.cards[-1].title == "Abgebrochen"
        assert again.chat.cards[-1].language.code == "de"


async def test_an_admin_who_cancels_for_somebody_reads_it_in_one_language(stage: Stage) -> None:
    with speaking(GERMAN):
        ordered = await stage.order()
    told = await stage.say(f"/video_admin cancel {ordered.job[:6]}")
    assert read(told) == "Done\nAnn: Cancelled.\nNothing was charged."


async def test_a_copy_of_a_clip_speaks_the_language_of_whoever_asked_for_it(stage: Stage) -> None:
    ordered = await stage.order()
    await stage.finish(ordered.job)
    press = Press(identity=ANN, place=LOBBY, event="copy", verb=Verb.SEND_AGAIN, job=ordered.job)
    with speaking(GERMAN):
        assert (await stage.studio.act(press)).title == "Noch einmal gesendet"
    assert stage.chat.sent[-1].language == "de"


async def test_a_refusal_of_the_store_is_written_for_whoever_asked(stage: Stage) -> None:
    await stage.say("/video_admin limit everyone 1 video a day")
    await stage.order()
    with speaking(GERMAN), pytest.raises(LimitReached, match="1 von 1 Video verbraucht heute") as reached:
        await stage.order()
    assert "Der nächste ist um 00:00 Uhr frei." in str(reached.value)


async def test_what_we_wrote_into_the_books_ourselves_is_told_in_the_reader_s_language(stage: Stage) -> None:
    card = await stage.order()
    await stage.finish(card.job)
    await stage.say("/video_admin grant web:ann $1")
    with speaking(GERMAN):
        standing = await stage.store.standing(ANN, LOBBY, NOON, stage.core.terms.rules)
        told = usage_card(standing, NOON, UTC)
    assert "−0,20\xa0$ „a fox“ gefilmt" in told.lines
    assert "+1,00\xa0$ geschenkt: ein Geschenk" in told.lines


async def test_where_nothing_can_be_read_the_platform_s_language_is_spoken() -> None:
    class Broken:
        async def language_of(self, *_: object) -> str:
            raise NotWritten("the disk is gone")

    tongues = Tongues(HandClock(), Broken(), LANGUAGES)  # type: ignore[arg-type] # all that it is asked
    assert (await tongues.of(ANN, LOBBY, ["de"])).code == "de"


async def test_what_is_chosen_is_shared_by_linked_accounts_and_forgotten_with_them(stage: Stage) -> None:
    there = Identity(platform="telegram", user="5", name="Ann")
    await stage.say("/language de", ANN)
    card = await stage.say("/link", ANN, is_private=True)
    await stage.say(card.lines[0], there, is_private=True)
    assert await language(stage, there) == "de"
    await stage.say("/unlink", there, is_private=True)
    assert await language(stage, there) == "de"
    await stage.say("/forget me", ANN)
    assert (await language(stage), await language(stage, there)) == ("en", "de")


@pytest.mark.parametrize(
    ("language", "price", "count", "moment"),
    [
        (ENGLISH, "$1,234.50", "1,234 videos", "on 8 January at 12:00"),
        (GERMAN, "1.234,50\xa0$", "1.234 Videos", "am 8. Januar um 12:00 Uhr"),
        (LANGUAGES.named("ru"), "1\xa0234,50\xa0$", "1\xa0234 видео", "8 января в 12:00"),
        (LANGUAGES.named("zh-CN"), "US$1,234.50", "1,234 部影片", "1月8日 12:00"),
    ],
    ids=lambda each: getattr(each, "code", ""),
)
def test_money_numbers_and_moments_are_those_of_the_language(
    language: Language, price: str, count: str, moment: str
) -> None:
    with speaking(language):
        assert shown(dollars(Decimal("1234.50"))) == price
        assert say_many("{n} video", "{n} videos", 1234) == count
        assert clock_words(NOON + timedelta(days=7), NOON, UTC) == moment


def test_dates_and_lists_are_those_of_the_language() -> None:
    at = datetime(2026, 3, 5, tzinfo=UTC)
    assert (GERMAN.short_day(at), GERMAN.date(at)) == ("5. März", "5. März 2026")
    assert (ENGLISH.short_day(at), ENGLISH.date(at)) == ("05 Mar", "05 March 2026")
    assert GERMAN.listed(["1", "2", "3"]) == "1, 2 und 3"
    assert GERMAN.listed(["1", "2"], either=True) == "1 oder 2"


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 يوم"), (1, "يوم واحد (1)"), (2, "يومان (2)"), (3, "3 أيام"), (11, "11 يومًا"), (100, "100 يوم")],
)
def test_what_is_counted_has_the_forms_that_the_language_has(count: int, told: str) -> None:
    with speaking(ARABIC):
        assert say_many("{n} day", "{n} days", count) == told


def test_a_limit_is_written_as_it_is_typed_and_told_as_it_is_said() -> None:
    limit = limit_of("5 videos in 2 hours")
    with speaking(GERMAN):
        assert limit_words(limit) == "5 Videos je 2 Stunden"
        assert limit_words(limit_of("5 videos in 3 weeks")) == "5 Videos je 3 Wochen"
        assert limit_of(spoken(limit)) == limit


def test_a_moment_stands_where_the_language_has_it() -> None:
    with speaking(GERMAN):
        told = Timed.saying("You may again {when}. An admin can lift it.", NOON, "um 12:00 Uhr")
    assert (told.before, told.after) == ("Wieder erlaubt ist es ", ". Ein Admin kann es aufheben.")
    assert told == "Wieder erlaubt ist es um 12:00 Uhr. Ein Admin kann es aufheben."


def test_what_is_in_no_catalogue_stays_as_it_is() -> None:
    with speaking(GERMAN):
        assert (say("a fox {with} braces"), say("")) == ("a fox {with} braces", "")
