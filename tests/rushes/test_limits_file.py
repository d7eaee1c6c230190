"""What an operator lays down in rushes.toml."""

import asyncio
import re
import signal
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.catalogue import OFFERS, offer_named, shot_of
from bot.keeping import Keep
from bot.phrase import limit_of, spoken
from bot.request import Resolution, VideoRequest
from bot.rules import Rules, Scope, Who
from bot.taboo import Kind, Outside, Taboo, Taboos
from bot.terms import Terms
from rushes import limits_file
from rushes.limits_file import terms
from rushes.trouble import CannotStart
from tests.process import started
from tests.visitor import visiting

EXAMPLE = (Path(__file__).parents[2] / "rushes.example.toml").read_text()
UNCOMMENTED = re.sub(r'^# (?=\[|[a-z0-9_]+ = (?:["\[]|true))', "", EXAMPLE, flags=re.MULTILINE)


def read(folder: Path, text: str) -> Terms:
    file = folder / "rushes.toml"
    file.write_text(text)
    return terms(OFFERS, file)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(CannotStart) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


def told(rules: Rules, chat: str, *identities: str) -> list[str]:
    who = Who(keys=frozenset(identities))
    return [f"{each.reach}: {spoken(each.limit)}" for each in rules.allowances(who, chat)]


def test_without_a_file_nobody_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert terms(OFFERS, None) == Terms(offers=OFFERS)


def test_the_example_as_it_is_limits_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, EXAMPLE) == Terms(offers=OFFERS, rules=Rules())


def test_every_line_of_the_example_is_a_real_one(tmp_path: Path) -> None:
    rules = read(tmp_path, UNCOMMENTED).rules
    assert rules.zone == ZoneInfo("Europe/Berlin")
    assert rules.zone_in("telegram:-100123") == ZoneInfo("America/New_York")
    assert told(rules, "telegram:-100123", "telegram:987654321") == [
        "person: 20 videos a day",
        "person: $3.00 a month",
        "person: 2 running",
        "chat: $20.00 a week",
        "bot: $20.00 a day",
        "bot: $200.00 a month",
    ]
    assert told(rules, "telegram:-100123", "web:x")[0] == "person_here: 10 videos in 24 hours"
    assert told(rules, "web:lobby", "discord:80351110224678912")[1] == "person: $50.00 a month"
    assert told(rules, "web:lobby", "telegram:123456789") == ["bot: $20.00 a day", "bot: $200.00 a month"]


def test_what_is_forbidden_holds_for_everybody_or_in_its_chat(tmp_path: Path) -> None:
    found = read(tmp_path, UNCOMMENTED).taboos
    told = {(taboo.chat, taboo.kind.value, taboo.spelling) for taboo in found.each}
    assert ("", "block", "/kill(ing)? (him|her)/") in told
    assert ("", "adult", "nude*") in told
    assert ("telegram:-100123", "block", "the rival team") in told
    assert {taboo.chat for taboo in found.in_chat("web:lobby")} == {""}
    assert read(tmp_path, '[moderation]\noutside = "spoiler"').taboos == Taboos(outside=Outside.SPOILER)


def test_rules_that_are_spelt_differently_are_kept_as_one_is_told_from_the_chat(tmp_path: Path) -> None:
    (taboo,) = read(tmp_path, '[moderation]\nblock = "  Blood  BATH"').taboos.each
    assert taboo == Taboo(spelling="blood bath", kind=Kind.BLOCK)


def test_the_example_names_every_key() -> None:
    for name, table in limits_file._TABLES.items():  # noqa: SLF001 - the one list of what there is
        assert re.search(rf"^\[{name}[.\]]", UNCOMMENTED, re.MULTILINE)
        for key, field in table.model_fields.items():
            assert re.search(rf"^{field.alias or key} = ", UNCOMMENTED, re.MULTILINE), key


def test_what_is_kept_is_said_in_spans(tmp_path: Path) -> None:
    assert read(tmp_path, "").keep == Keep(clips=timedelta(days=30), prompts=None)
    found = read(tmp_path, '[keep]\nclips = "forever"\nprompts = "90 days"').keep
    assert found == Keep(clips=None, prompts=timedelta(days=90))
    assert read(tmp_path, UNCOMMENTED).keep == Keep(prompts=timedelta(days=365))


def test_a_single_limit_needs_no_list(tmp_path: Path) -> None:
    rules = read(tmp_path, '[bot]\ncap = "$1 a day"').rules
    assert rules.limits == {("", Scope.BOT, "", True): (limit_of("$1 a day"),)}


def test_a_price_is_what_is_charged_whatever_it_was_reckoned_from(tmp_path: Path) -> None:
    found = read(tmp_path, '[prices."aimlapi/pixverse-v5.5"]\n720p = "$0.25"').offers
    offer = next(offer for offer in found if offer.id == "aimlapi/pixverse-v5.5")
    before = offer_named(offer.id)

    def price(resolution: Resolution, seconds: int, *, audio: bool = False) -> tuple[int, int]:
        shot = shot_of(VideoRequest(prompt="", resolution=resolution, seconds=seconds, audio=audio))
        return before.prices.price(shot), offer.prices.price(shot)

    assert price(Resolution.P720, 5) == (210_000, 250_000)
    assert price(Resolution.P720, 8) == (420_000, 500_000)
    assert price(Resolution.P720, 5, audio=True) == (262_500, 302_500)
    assert price(Resolution.P1080, 5) == (420_000, 420_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[limits]\neach = [\n  "2 running",\n  "5 vidoes a day",\n]',
            'line 4 of rushes.toml: limits.each cannot be "5 vidoes a day". Did you mean "5 videos a day"?',
        ),
        (
            "[limits]\neach = [5]",
            (
                "line 2 of rushes.toml: limits.each cannot be that. "
                'Write it like "5 videos a day", "$3 a month", "2 running" or "10 videos in 24 hours".'
            ),
        ),
        ('\n[limit]\neach = "2 running"', "line 2 of rushes.toml: limit is no setting. Did you mean limits?"),
        ("[bot]\ncaps = []", "line 2 of rushes.toml: bot.caps is no setting. Did you mean cap?"),
        ("[bot]\nxyz = []", "line 2 of rushes.toml: bot.xyz is no setting. Here are cap."),
        (
            '[chats."telegram:-1"]\neach = "1 running"\ncpa = "2 running"',
            "line 3 of rushes.toml: chats.telegram:-1.cpa is no setting. Did you mean cap?",
        ),
        (
            '[moderation]\nblock = [\n  "gore",\n  "/(a/",\n]',
            (
                'line 4 of rushes.toml: moderation.block cannot be "/(a/". RE2 does not understand the pattern: '
                'missing ): (a. Write it like "gore", "blood bath", "behead*" or "/kill(ing)? (him|her)/".'
            ),
        ),
        (
            '[chats."telegram:-1"]\nadult = ["*"]',
            (
                'line 2 of rushes.toml: chats.telegram:-1.adult cannot be "*". '
                'Write it like "gore", "blood bath", "behead*" or "/kill(ing)? (him|her)/".'
            ),
        ),
        (
            "[moderation]\nblock = [5]",
            (
                "line 2 of rushes.toml: moderation.block cannot be that. "
                'Write it like "gore", "blood bath", "behead*" or "/kill(ing)? (him|her)/".'
            ),
        ),
        (
            f"[moderation]\nblock = {['gore'] * 501}",
            "line 2 of rushes.toml: moderation.block cannot be that. The most in one place is 500 rules.",
        ),
        (
            '[moderation]\noutside = "cover"',
            'line 2 of rushes.toml: moderation.outside cannot be "cover". Write "block" or "spoiler".',
        ),
        (
            '[time]\nzone = "Europe/Berln"',
            'line 2 of rushes.toml: time.zone cannot be "Europe/Berln". Did you mean "Europe/Berlin"?',
        ),
        ("[time]\nzone = 7", 'line 2 of rushes.toml: time.zone cannot be that. Write it like "Europe/Berlin".'),
        (
            "[chats.-100]\n",
            (
                'line 1 of rushes.toml: chats.-100 cannot be "-100". '
                'Write the platform before the id, like "telegram:-100123".'
            ),
        ),
        (
            '[prices."fal/pixverse-v5.4"]',
            (
                'line 1 of rushes.toml: prices.fal/pixverse-v5.4 cannot be "fal/pixverse-v5.4". '
                'Did you mean "fal/pixverse-v5.5"?'
            ),
        ),
        (
            '[prices."fal/pixverse-v5.5"]\n720p = "25 cents"',
            'line 2 of rushes.toml: prices.fal/pixverse-v5.5.720p cannot be "25 cents". Write it like "$0.25".',
        ),
        (
            '[bot]\ncap = [\n  "7 = x",\n]',
            (
                'line 3 of rushes.toml: bot.cap cannot be "7 = x". '
                'Write it like "5 videos a day", "$3 a month", "2 running" or "10 videos in 24 hours".'
            ),
        ),
        (
            '[keep]\nclips = "30 dasy"',
            'line 2 of rushes.toml: keep.clips cannot be "30 dasy". Did you mean "30 days"?',
        ),
        (
            "[keep]\nprompts = 30",
            'line 2 of rushes.toml: keep.prompts cannot be that. Write it like "30 days", "1 year" or "forever".',
        ),
        (
            "tiers = 5",
            (
                "line 1 of rushes.toml: tiers cannot be that. "
                "Another sort of value belongs there; rushes.example.toml shows how."
            ),
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    assert refusal(tmp_path, text) == told


def test_an_offer_like_none_of_ours_is_refused_with_the_list(tmp_path: Path) -> None:
    assert "Offers are fal/pixverse-v5.5, " in refusal(tmp_path, "[prices.zzz]")


def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path) -> None:
    assert "line 2" in refusal(tmp_path, "[limits]\neach = \n")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rushes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CannotStart, match="cannot be read"):
        terms(OFFERS, tmp_path / "rushes.toml")


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"RUSHES_CONFIG is .*none\.toml, which does not exist"):
        terms(OFFERS, tmp_path / "none.toml")


def test_what_the_readme_shows_is_right(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    shown = readme.split("```toml\n")[1].split("```")[0]
    assert len(read(tmp_path, shown).rules.limits) == 2


async def test_the_running_program_reads_it_again_when_told_and_keeps_the_old_one_where_it_is_wrong(
    tmp_path: Path,
) -> None:
    async def reread(text: str, news: str) -> None:
        file.write_text(text)
        program.process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(30):
            while news not in (tmp_path / "log").read_text():  # noqa: ASYNC110 - a file wakes nobody
                await asyncio.sleep(0.02)

    file = tmp_path / "rushes.toml"
    file.write_text('[limits]\neach = "0 videos a day"')
    async with started(tmp_path, "run", RUSHES_WEB_PORT="0") as program, visiting(program.url) as ann:
        assert (await ann.say("/usage"))[2] == "0 of 0 videos used today, 0 left."
        await reread('[limits]\neach = "7 videos a day"', "limits and prices were read again")
        await reread(
            '[limits]\neach = "8 vidoes a day"', "what was laid down before still holds: line 2 of rushes.toml"
        )
        assert (await ann.say("/usage"))[2] == "0 of 7 videos used today, 7 left."
