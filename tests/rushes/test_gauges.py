"""What is served to whoever watches over the bot."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.card import Order
from bot.job import Place
from rushes.cli import main
from rushes.wiring import Rushes
from tests.meters import ANN, PROMPT, asking, at_work, filmed

TOKEN = "a token that nobody guesses"  # noqa: S105 - an invented one


@pytest.fixture
async def rushes(tmp_path: Path, films: Path) -> AsyncIterator[Rushes]:
    async with at_work(tmp_path / "data", films) as built:
        yield built


class Numbers:
    """What was told at one moment."""

    def __init__(self, text: str) -> None:
        families = text_string_to_metric_families(text)
        self.samples = [sample for family in families for sample in family.samples]

    def of(self, name: str, **labels: str) -> float:
        """The sum of all that have these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == f"rushes_{name}" and labels.items() <= sample.labels.items()
        )


async def told(rushes: Rushes) -> Numbers:
    async with asking(rushes) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    return Numbers(answer.text)


async def test_a_clip_is_counted_from_the_order_to_the_chat(rushes: Rushes) -> None:
    await filmed(rushes)
    found = await told(rushes)
    assert found.of("jobs_accepted_total", platform="web", provider="fal") == 1
    assert found.of("jobs_ended_total", outcome="delivered", reason="", provider="fal") == 1
    reserved, settled = (found.of("money_dollars_total", kind=kind, provider="fal") for kind in ("reserve", "settle"))
    assert reserved == settled > 0
    assert found.of("money_held_dollars") == found.of("jobs") == 0
    assert found.of("deliveries_total", platform="web", size="up to 10 MiB", outcome="sent") == 1
    assert found.of("provider_call_seconds_count", provider="fal", call="submit") == 1
    assert found.of("provider_takes_orders", provider="fal") == found.of("platform_connected", platform="web") == 1
    assert found.of("order_seconds_count") == found.of("phase_seconds_count", phase="rendering") == 1
    assert found.of("database_commit_seconds_count") > 4
    assert found.of("database_bytes", file="journal") > 4096
    assert 0 < found.of("disk_free_bytes", of="clips") < found.of("disk_size_bytes", of="clips")


async def test_nothing_in_it_says_who_ordered_what_and_where(rushes: Rushes) -> None:
    card = await filmed(rushes)
    async with asking(rushes) as client:
        text = (await client.get("/metrics")).text
    for private in (ANN.user, ANN.name, ANN.key, "lobby", card.job, *PROMPT.split()[1:]):
        assert private not in text, private


async def test_what_waits_and_what_a_cap_leaves_is_told(tmp_path: Path, films: Path) -> None:
    limits = tmp_path / "rushes.toml"
    limits.write_text('[bot]\ncap = ["$20 a day", "7 videos a week", "3 running"]')
    async with at_work(tmp_path / "data", films, config=limits, simulator_speed=0.001) as rushes:
        for event in ("1", "2"):
            await rushes.studio.order(
                Order(identity=ANN, place=Place(platform="web", chat="lobby"), event=event, text="a fox --res 360p")
            )
        found = await told(rushes)
        price = found.of("money_dollars_total", kind="reserve") / 2
        assert found.of("jobs", provider="fal", waits_for_a_person="no") == 2
        assert found.of("money_held_dollars", provider="fal") == 2 * price
        assert found.of("cap_used", cap="$20.00 a day", unit="dollars") == 2 * price
        assert found.of("cap_left", cap="$20.00 a day", unit="dollars") == 20 - 2 * price
        assert found.of("cap_left", cap="7 videos a week", unit="videos") == 5
        assert found.of("cap", cap="3 running", unit="running") == 3


async def test_when_the_last_backup_was_made_is_told(
    rushes: Rushes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await told(rushes)).of("last_backup_timestamp_seconds") == 0
    monkeypatch.setenv("RUSHES_DATA_DIR", str(tmp_path / "data"))
    before = time.time()
    assert await asyncio.to_thread(shell, "db", "backup", str(tmp_path / "copy")) == 0
    assert (await told(rushes)).of("last_backup_timestamp_seconds") == pytest.approx(before, abs=60)


def shell(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


@pytest.mark.parametrize(
    ("settings", "given", "code"),
    [
        ({}, "", 200),
        ({"web_host": "::1"}, "", 200),
        ({"web_host": "0.0.0.0"}, "", 404),  # noqa: S104 - what an operator may say
        ({"public_url": "https://bot.example"}, "", 404),
        ({"metrics_token": TOKEN}, "", 401),
        ({"metrics_token": TOKEN}, f"Bearer {TOKEN}", 200),
        ({"metrics_token": TOKEN, "web_host": "0.0.0.0"}, f"Bearer {TOKEN}", 200),  # noqa: S104
        ({"metrics_token": TOKEN, "public_url": "https://bot.example"}, "Bearer another", 401),
        ({"metrics_token": TOKEN}, f"Bearer {TOKEN}ß", 401),
    ],
)
async def test_the_meters_are_read_from_this_machine_or_with_the_token(
    tmp_path: Path, films: Path, settings: dict[str, str], given: str, code: int
) -> None:
    async with at_work(tmp_path / "data", films, **settings) as rushes, asking(rushes) as client:
        headers = [(b"Authorization", given.encode())] if given else []
        answer = await client.get("/metrics", headers=headers)
        assert answer.status_code == code
        assert TOKEN not in answer.text


async def test_both_formats_that_prometheus_reads_are_spoken(rushes: Rushes) -> None:
    async with asking(rushes) as client:
        plain = await client.get("/metrics")
        newer = await client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert newer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert newer.text.endswith("# EOF\n")
