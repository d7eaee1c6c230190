"""What operators see and do in the shell, beside a running rushes and while none runs."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.access import DOOR, Door
from bot.card import Order
from bot.catalogue import PROVIDERS
from bot.decision import Decision, Ruling
from bot.job import Delivery, Phase
from bot.trouble import Undeliverable
from rushes import office
from rushes.cli import main
from rushes.premises import premises
from rushes.settings import load
from storage.sqlite import upkeep
from tests.process import started
from tests.rushes.test_cli import refusal
from tests.stage import ANN, BOB, CLIP, LOBBY, NOON, OWNER, staged
from tests.visitor import visiting


@dataclass(frozen=True)
class Done:
    code: int
    said: str
    complained: str

    @property
    def lines(self) -> list[list[str]]:
        """Of a table, without its heading: the cells that stand apart."""
        return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in self.said.splitlines()[1:]]


Shell = Callable[..., Done]


@dataclass(frozen=True)
class Kept:
    """Jobs that are in the database."""

    delivered: str
    given_up: str
    waiting: str


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """`rushes` with these arguments, in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("RUSHES_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        spoken = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        assert ended.value.code != 2 or spoken.err.count("\n") == 1, spoken.err
        return Done(ended.value.code, spoken.out, spoken.err)

    return run


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Of Ann a job that arrived and one that waits, of Bob one that could not be sent; a tier and a pause."""
    return asyncio.run(_kept(tmp_path / "data"))


async def _kept(data: Path) -> Kept:
    (data / "clips").mkdir(parents=True)
    async with staged(data) as stage:
        delivered = (await stage.order("a red fox in the [bold]snow")).job
        await stage.until(delivered, Phase.DELIVERED)
        given_up = (await stage.order("a whale", by=BOB)).job
        stage.chat.receipts.will(Undeliverable("kicked"))
        await stage.finish(given_up)
        waiting = (await stage.order("an owl\u202e at night")).job
        await stage.say("/video_admin everywhere tier crew", about=ANN)
    (data / "clips" / CLIP.name).write_bytes(b"a clip")
    return Kept(delivered, given_up, waiting)


async def phase_of(job: str) -> Phase:
    async with office.opened() as there:
        return (await there.desk.story(job)).job.phase


def test_jobs_are_listed_newest_first(shell: Shell, kept: Kept) -> None:
    listed = shell("jobs")
    assert listed.said.startswith("JOB")
    assert listed.lines == [
        [kept.waiting[:6], "2026-01-01 12:00", "Ann", "web:lobby", "accepted", "$0.20", "an owl\ufffd at night"],
        [kept.given_up[:6], "2026-01-01 12:00", "Bob", "web:lobby", "cannot be sent", "$0.20", "a whale"],
        [
            kept.delivered[:6],
            "2026-01-01 12:00",
            "Ann",
            "web:lobby",
            "delivered",
            "$0.20",
            "a red fox in the [bold]snow",
        ],
    ]


def test_jobs_are_found_by_what_is_known_of_them(shell: Shell, kept: Kept) -> None:
    def found(*options: str) -> list[str]:
        jobs = json.loads(shell("jobs", "--json", *options).said)["jobs"]
        return [job["id"] for job in jobs]

    assert found("--who", "Bob") == [kept.given_up]
    assert found("--phase", "accepted", "--phase", "delivered") == [kept.waiting, kept.delivered]
    assert found("--words", "FOX", "--since", "2026-01-01", "--until", "2026-01-01") == [kept.delivered]
    assert found("--since", "2026-01-02") == []
    first = shell("jobs", "--limit", "2").said.splitlines()[-1]
    assert first.startswith("There are older ones: --before ")
    assert found("--before", first.split()[-1]) == [kept.delivered]
    assert shell("jobs", "--provider", "shortapi").said == "No job is like that.\n"


def test_one_job_tells_its_whole_story(shell: Shell, kept: Kept) -> None:
    told = shell("jobs", "show", kept.delivered[:8]).said.splitlines()
    assert told[:5] == [
        f"Job {kept.delivered}, delivered",
        "  /video a red fox in the [bold]snow",
        "  by Ann (web:ann) in web:lobby",
        "  fal/pixverse-v5.5, $0.20",
        "  clip.mp4, 1280×720, 0.0 MB",
    ]
    happened = [line.split("  ", 2)[2].partition(",")[0] for line in told[6:]]
    assert [word for word in happened if " " not in word] == [
        "accepted",
        "submitting",
        "rendering",
        "fetching",
        "delivering",
        "delivered",
    ]
    assert {"reserve $0.20: ordered", "settle $0.20: filmed"} < set(happened)
    story = json.loads(shell("jobs", "show", kept.delivered, "--json").said)
    assert story["job"]["correlation"] is None
    assert len(story["steps"]) == 6


@pytest.mark.usefixtures("kept")
def test_a_job_that_is_not_there_is_said_not_to_be(shell: Shell) -> None:
    done = shell("jobs", "show", "xyz")
    assert (done.code, done.complained) == (
        2,
        "rushes: There is no job “xyz”. The list of jobs shows the numbers.\n",
    )


@pytest.mark.usefixtures("kept")
def test_a_day_that_is_none_is_said_to_be_none(shell: Shell) -> None:
    assert "“tomorrow” is no day. Write it like 2026-01-31." in shell("jobs", "--since", "tomorrow").complained


def test_what_waits_is_cancelled_while_no_rushes_runs(shell: Shell, kept: Kept) -> None:
    done = shell("jobs", "cancel", kept.waiting, "--because", "it is late")
    assert done == Done(0, "Cancelled\nNothing was charged.\n", "")
    assert asyncio.run(phase_of(kept.waiting)) is Phase.CANCELLED
    assert f"cancel {kept.waiting} (Ann): it is late" in shell("audit").said
    again = shell("jobs", "cancel", kept.waiting)
    assert again.complained == "rushes: There is nothing left to cancel. /video orders another one.\n"


def test_what_is_refunded_is_shown_to_be(shell: Shell, kept: Kept, tmp_path: Path) -> None:
    assert shell("jobs", "refund", kept.delivered, "--json").code == 0
    assert "fal/pixverse-v5.5, $0.20 refunded" in shell("jobs", "show", kept.delivered).said
    with upkeep.looked_at(tmp_path / "data" / "rushes.db") as connection:
        assert not list(upkeep.findings(connection))


@pytest.mark.parametrize("action", ["send-again", "film-again"])
def test_what_takes_a_chat_or_a_provider_needs_a_running_rushes(shell: Shell, kept: Kept, action: str) -> None:
    done = shell("jobs", action, kept.delivered)
    assert done.code == 2
    assert "Rushes is not running, and only the running one can do that" in done.complained


@pytest.mark.usefixtures("kept")
def test_people_are_listed_and_one_alone_is_told_everything_of(shell: Shell) -> None:
    assert shell("people").lines == [
        ["Ann", "web:ann", "2", "$0.20", "2026-01-01 12:00", "tier crew"],
        ["Bob", "web:bob", "1", "$0.20", "2026-01-01 12:00", "-"],
    ]
    assert shell("people", "nobody").said == "Nobody is called so.\n"
    shell("grant", "Ann", "5 videos", "--for", "30 days", "--because", "a contest")
    shell("admin", "limit", "everyone", "3 videos a day")
    told = shell("people", "ann").said.splitlines()
    assert told[:4] == [
        "Ann (web:ann)",
        "  since 2026-01-01 12:00, ordered last 2026-01-01 12:00 (UTC)",
        "  $0.20 for 1 video, 1 under way",
        "  tier crew",
    ]
    assert "  3 of 3 videos left today." in told
    assert any(line.startswith("  5 videos granted until ") for line in told)
    (ann,) = json.loads(shell("people", "ann", "--json").said)
    assert ann["marks"] == ["tier crew"]


@pytest.mark.usefixtures("kept")
def test_what_was_decided_of_somebody_is_told_in_words(shell: Shell) -> None:
    shell("admin", "limit", "unlimited", "--who", "Bob")
    shell("admin", "ban", "web:bob", "because", "of", "spam", "--chat", "web:lobby")
    shell("admin", "ban", "web:bob", "for", "3", "days")
    shell("admin", "allow", "web:ann", "--chat", "web:lobby")
    bob, ann = (shell("people", name).said for name in ("Bob", "Ann"))
    assert "  no limits of their own\n" in bob
    assert "  banned in web:lobby: spam\n" in bob
    assert "  banned until " in bob
    assert "  may order in web:lobby\n" in ann


@pytest.mark.usefixtures("kept")
def test_chats_are_listed_and_one_tells_what_holds_in_it(shell: Shell) -> None:
    assert shell("chats").lines == [["web:lobby", "2", "3", "$0.40", "2026-01-01 12:00", "-"]]
    assert shell("pause", "the", "move", "--chat", "web:lobby").said.splitlines() == [
        "Done",
        "No new orders here: the move.",
        "What runs goes on.",
        "rushes admin --chat web:lobby resume — takes orders again",
    ]
    assert "No new orders: the move." in shell("chats", "web:lobby").said
    assert json.loads(shell("chats", "--json").said)[0]["paused"] == "the move"
    shell("resume", "--chat", "web:lobby")
    assert shell("chats").lines[0][-1] == "-"


def test_the_ledger_is_told_line_by_line_or_summed_up(shell: Shell, kept: Kept) -> None:
    lines = shell("ledger", "--who", "Bob").lines
    assert lines == [
        ["2026-01-01 12:00", "Bob", kept.given_up[:6], "settle", "$0.20", "filmed"],
        ["2026-01-01 12:00", "Bob", kept.given_up[:6], "reserve", "$0.20", "ordered"],
    ]
    assert len(json.loads(shell("ledger", "--json").said)) == 5
    shell("admin", "budget", "$20", "a", "month")
    summed = shell("ledger", "--by", "person", "--days", "9000").said.splitlines()
    assert sorted(line.split() for line in summed[1:3]) == [
        ["Ann", "1", "$0.20", "$0.20"],
        ["Bob", "1", "$0.20", "$0.00"],
    ]
    assert summed[3:] == [
        "$0.00 today, $0.00 this month; about $0.00 by its end.",
        "Cap $20.00 a month: $0.00 used.",
    ]
    assert shell("ledger", "--by", "day", "--days", "1").said.startswith("Nothing was ordered in the last 1 days.")
    assert json.loads(shell("ledger", "--by", "day", "--json", "--days", "9000").said)["sums"][0]["clips"] == 2


@pytest.mark.usefixtures("kept")
def test_the_audit_log_names_who_sat_at_the_shell(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("resume")
    (entry, before) = json.loads(shell("audit", "--json").said)
    assert entry["by"].startswith("shell:")
    assert (entry["what"], before["what"]) == ("resume", "everywhere tier crew (Ann, web:ann)")
    assert [line[1:] for line in shell("audit").lines][1] == [
        "Olga (web:owner)",
        "everywhere",
        "everywhere tier crew (Ann, web:ann)",
    ]
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    shell("resume")
    assert json.loads(shell("audit", "--json", "--limit", "1").said)[0]["by"] == "shell:4000000"


@pytest.mark.usefixtures("kept")
def test_somebody_who_is_not_known_or_not_the_only_one_is_not_guessed(shell: Shell) -> None:
    assert "Nobody who is called Zoe has ordered yet" in shell("grant", "Zoe", "$2").complained
    two = shell("grant", "web:", "$2").complained
    assert two.startswith("rushes: More than one is called web:: ")
    assert "Ann is web:ann" in two
    assert shell("grant", "telegram:7", "$2").said.startswith("Done")
    assert "“5 dogs” is not" not in shell("admin", "limit", "everyone", "5", "dogs").said


@pytest.mark.usefixtures("kept")
def test_what_admin_does_not_understand_is_told_with_an_example(shell: Shell) -> None:
    done = shell("admin", "limt", "everyone")
    assert (done.code, done.complained) == (
        2,
        "rushes: There is no “limt”. Did you mean limit? rushes admin help — shows all there is\n",
    )
    assert shell("admin", "help").said.startswith("For admins\nrushes admin rules")


def test_admin_cancels_like_jobs_does(shell: Shell, kept: Kept) -> None:
    assert shell("admin", "cancel", kept.waiting[:6]).said.startswith("Cancelled")
    assert asyncio.run(phase_of(kept.waiting)) is Phase.CANCELLED


def test_clips_are_listed_and_copied_out_with_names_to_read(shell: Shell, kept: Kept, tmp_path: Path) -> None:
    assert shell("clips").lines == [
        [kept.delivered[:6], "2026-01-01 12:00", "Ann", "0.0 MB", "clip.mp4", "a red fox in the [bold]snow"]
    ]
    assert len(json.loads(shell("clips", "--json").said)["clips"]) == 1
    done = shell("clips", "export", str(tmp_path / "out"))
    assert done.said == f"1 video in {tmp_path / 'out'}, and clips.json tells of each.\n"
    name = f"2026-01-01-{kept.delivered[:6]}-a-red-fox-in-the-bold-snow.mp4"
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [name, "clips.json"]
    assert (tmp_path / "out" / name).read_bytes() == b"a clip"
    (tmp_path / "data" / "clips" / CLIP.name).unlink()
    missing = shell("clips", "export", str(tmp_path / "out2"))
    assert missing.code == 1
    assert f"The file of job {kept.delivered[:6]} is missing" in missing.said
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written to" in shell("clips", "export", str(tmp_path / "file")).complained


def test_requests_are_listed_and_answered(shell: Shell, tmp_path: Path) -> None:
    async def asked() -> None:
        (tmp_path / "data").mkdir()
        async with staged(tmp_path / "data") as stage:
            decision = Decision(by=OWNER.key, at=NOON, is_operators=True, what="access request")
            await stage.store.rulebook.decide(Ruling(terms=((DOOR, Door.REQUEST),)), decision)
            await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="a fox"))

    asyncio.run(asked())
    ((number, *told),) = shell("requests").lines
    assert told[1:] == ["Ann (web:ann)", "the bot's", "/video a fox"]
    assert json.loads(shell("requests", "--json").said)[0]["id"].startswith(number)
    assert "only the running one can do that" in shell("requests", "answer", number, "approve").complained


def test_without_a_database_it_is_said_where_one_was_looked_for(tmp_path: Path) -> None:
    assert "There is no database at data/rushes.db. Start rushes once" in refusal(tmp_path, "people")


@pytest.mark.usefixtures("kept")
def test_a_database_of_an_earlier_version_is_left_as_it_is(shell: Shell, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "rushes.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert "the database is of version 1. Start this rushes once" in shell("people").complained


async def test_a_running_rushes_does_what_the_shell_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    (data / "clips").mkdir(parents=True)
    async with staged(data) as stage, AsyncExitStack() as stack:
        job = (await stage.order()).job
        stage.chat.receipts.will(Undeliverable("kicked"), "message 2")
        await stage.finish(job)
        stack.enter_context(premises(load()))
        porter = asyncio.create_task(stage.core.porter.run())
        try:
            code = asyncio.create_task(asyncio.to_thread(_exit_code, "jobs", "send-again", job))
            while not code.done():
                stage.clock.forward(1)
                await asyncio.sleep(0)
        finally:
            porter.cancel()
            await asyncio.wait([porter])
        assert await code == 0, capsys.readouterr()
        assert (await stage.job(job)).delivery is Delivery.PENDING
        monkeypatch.setattr(office, "PATIENCE", 0.2)
        assert await asyncio.to_thread(_exit_code, "jobs", "cancel", job) == 2
    assert "The running rushes does not answer, so nothing was done" in capsys.readouterr().err


async def test_what_the_shell_decides_holds_at_once_in_the_running_rushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    async with AsyncExitStack() as stack:
        slowly = {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": "0.1"}
        program = await stack.enter_async_context(started(tmp_path, "run", **slowly))
        visitor = await stack.enter_async_context(visiting(program.url))
        job = await visitor.order("a fox")
        assert await asyncio.to_thread(_exit_code, "pause", "the", "move") == 0
        assert any("the move" in line for line in await visitor.say("/video an owl"))
        assert await asyncio.to_thread(_exit_code, "resume") == 0
        await visitor.order("an owl")
        assert await asyncio.to_thread(_exit_code, "jobs", "cancel", job) == 0
        await visitor.until(job, Phase.CANCELLED)
        assert await asyncio.to_thread(_exit_code, "jobs", "film-again", job) == 0
        jobs = await asyncio.to_thread(_exit_code, "jobs", "--words", "fox", "--json")
    assert jobs == 0
    assert capsys.readouterr().out.count('"prompt": "a fox"') == 2


def _exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_what_can_be_typed_for_a_phase_or_a_provider_is_what_jobs_have(capsys: pytest.CaptureFixture[str]) -> None:
    """The command line names them itself, so that its help need not import them."""
    assert _exit_code("jobs", "--help") == 0
    told = capsys.readouterr().out
    assert f"{{{','.join(Phase)}}}" in told
    assert f"{{{','.join(PROVIDERS)}}}" in told
    with pytest.raises(SystemExit):
        main(["jobs", "--limit", "0"])
    assert "0 is not a number above 0" in capsys.readouterr().err
