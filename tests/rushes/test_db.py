"""`rushes db`, and what `rushes run` says of a database that it cannot work with."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.card import Verb
from bot.job import Phase
from rushes.cli import main
from rushes.premises import in_words
from rushes.settings import Settings
from rushes.trouble import CannotStart
from rushes.wiring import assembled
from storage.sqlite import upkeep
from storage.sqlite.migrating import latest_version
from tests.full_disk import no_file_larger_than
from tests.ledger import ledger_in
from tests.process import started
from tests.rushes.test_cli import refusal, rushes
from tests.rushes.world import World
from tests.stage import CLIP, staged
from tests.visitor import visiting


@pytest.fixture
async def closed(tmp_path: Path) -> Path:
    """A data folder with a job that is delivered and one that waits, in which nobody works."""
    data = tmp_path / "data"
    (data / "clips").mkdir(parents=True)
    async with staged(data) as stage:
        await stage.until((await stage.order()).job, Phase.DELIVERED)
        await stage.order()
    (data / "clips" / CLIP.name).write_bytes(b"a clip")
    return data


@dataclass(frozen=True)
class Done:
    code: int
    said: str


Run = Callable[..., Done]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`rushes db` with these arguments, in the folder of the test."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            main(["db", *arguments])
        spoken = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        assert ended.value.code != 2 or spoken.err.count("\n") == 1
        return Done(ended.value.code, spoken.out + spoken.err)

    return run


def changed(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()


def jobs_in(database: Path) -> list[str]:
    with upkeep.looked_at(database) as connection:
        return [job.job for job in upkeep.filmed(connection)]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_backup_holds_every_job_and_is_for_its_owner_alone(db: Run, tmp_path: Path, closed: Path) -> None:
    done = db("backup", "copy.db")
    assert done.code == 0, done
    assert f"version {latest_version()}, 2 jobs" in done.said
    assert jobs_in(tmp_path / "copy.db") == jobs_in(closed / "rushes.db")
    assert mode(tmp_path / "copy.db") == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "data"]


def test_a_backup_overwrites_only_where_it_was_told_to(db: Run, tmp_path: Path, closed: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    assert "copy.db is there already" in db("backup", "copy.db").said
    assert (tmp_path / "copy.db").read_text() == "mine"
    assert db("backup", "--force", "copy.db").code == 0
    assert jobs_in(tmp_path / "copy.db") == jobs_in(closed / "rushes.db")


def test_a_backup_never_becomes_the_database_itself(db: Run, closed: Path) -> None:
    assert "is the database itself" in db("backup", "--force", "data/rushes.db").said
    assert len(jobs_in(closed / "rushes.db")) == 2


@pytest.mark.usefixtures("closed")
def test_a_backup_into_a_folder_that_is_not_there_is_refused_in_one_line(db: Run) -> None:
    assert "no/copy.db cannot be written (No such file or directory)" in db("backup", "no/copy.db").said


def test_a_backup_of_a_damaged_database_is_none(db: Run, tmp_path: Path, closed: Path) -> None:
    ruin(closed / "rushes.db")
    assert "damaged" in db("backup", "copy.db").said
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("action", [("backup", "a.db"), ("restore", "a.db"), ("check",)])
def test_where_nothing_is_that_is_said(db: Run, tmp_path: Path, action: tuple[str, ...]) -> None:
    assert "There is no" in db(*action).said
    assert list(tmp_path.iterdir()) == []


def test_a_restored_database_is_the_one_of_then_and_the_one_of_now_is_kept(
    db: Run, tmp_path: Path, closed: Path
) -> None:
    db("backup", "copy.db")
    changed(closed / "rushes.db", "INSERT INTO people VALUES ('late', 0)")
    done = db("restore", "copy.db")
    assert done.code == 0, done
    assert "1 of them had not been handed to a provider by then. They may have been filmed since" in done.said
    (aside,) = closed.glob("rushes.db.2*")
    assert f"kept as {aside.relative_to(tmp_path)}" in done.said
    assert (late_people(closed / "rushes.db"), late_people(aside)) == (0, 1)
    assert (mode(closed / "rushes.db"), mode(aside)) == (0o600, 0o600)
    assert list(closed.glob("*.part")) == []


def late_people(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM people WHERE id = 'late'").fetchone()[0])


def test_the_database_is_not_restored_from_itself(db: Run, closed: Path) -> None:
    assert "is the database itself" in db("restore", "data/rushes.db").said
    assert len(jobs_in(closed / "rushes.db")) == 2


def test_a_damaged_database_is_replaced_too(db: Run, closed: Path) -> None:
    db("backup", "copy.db")
    (closed / "rushes.db").write_bytes(b"no database" * 1000)
    assert db("restore", "copy.db").code == 0
    assert "2 jobs; file, ledger and clips agree" in db("check").said


def ruin(database: Path) -> None:
    """A page in the middle is overwritten; the file still opens."""
    content = bytearray(database.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    database.write_bytes(content)


def newer(database: Path) -> None:
    changed(database, "PRAGMA user_version = 999")


def no_database(database: Path) -> None:
    database.write_text("notes")


def somebody_else_s(database: Path) -> None:
    database.unlink()
    changed(database, "CREATE TABLE theirs (x)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (ruin, "copy.db is damaged"),
        (newer, "the database has version 999"),
        (no_database, "copy.db is not a database"),
        (somebody_else_s, "the database is not one of rushes"),
    ],
)
def test_what_cannot_be_worked_with_is_not_restored(
    db: Run, tmp_path: Path, closed: Path, spoil: Callable[[Path], None], words: str
) -> None:
    db("backup", "copy.db")
    spoil(tmp_path / "copy.db")
    before = (closed / "rushes.db").read_bytes()
    said = db("restore", "copy.db").said
    assert words in said
    assert "Give the name of another backup." in said
    assert (closed / "rushes.db").read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (ruin, "damaged"),
        (newer, "Update rushes"),
        (no_database, "rushes.db is not a database. Have `rushes db restore` put a backup in its place"),
        (somebody_else_s, "the database is not one of rushes. Set RUSHES_DATABASE_URL to another file"),
    ],
)
async def test_a_database_that_cannot_be_worked_with_stops_the_start(
    closed: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(closed / "rushes.db")
    with pytest.raises(CannotStart, match=words):
        async with assembled(Settings(data_dir=closed)):
            pass


async def test_a_disk_that_takes_no_more_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="because the disk is full"), no_file_larger_than(4096):
        async with assembled(Settings(data_dir=tmp_path)):
            pass


def test_a_backup_that_has_no_room_is_none(db: Run, tmp_path: Path, closed: Path) -> None:
    with no_file_larger_than(4096):
        said = db("backup", "copy.db").said
    assert "because the disk is full" in said
    assert sorted(tmp_path.iterdir()) == [closed]


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(CannotStart, match=r"because the disk is full\. Free some space"), in_words(tmp_path):
            connection.execute("CREATE TABLE a (x)")


def test_a_database_that_may_only_be_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA query_only = ON")
        with pytest.raises(CannotStart, match=r"cannot be written to\. Let this user write"), in_words(tmp_path):
            connection.execute("CREATE TABLE a (x)")


def test_a_database_in_a_folder_that_is_not_there_stops_the_start_in_one_line(tmp_path: Path) -> None:
    said = refusal(tmp_path, "run", RUSHES_WEB_PORT="0", RUSHES_DATABASE_URL="sqlite:///no/where.db")
    assert "RUSHES_DATABASE_URL is no/where.db, which cannot be written to (No such file or directory)" in said


@pytest.mark.usefixtures("closed")
def test_a_check_finds_nothing_wrong_where_nothing_is(db: Run) -> None:
    done = db("check")
    assert (done.code, done.said) == (
        0,
        f"ok    data/rushes.db: version {latest_version()}, 2 jobs; file, ledger and clips agree\n",
    )


def test_a_check_tells_what_is_wrong_and_what_to_do(db: Run, closed: Path) -> None:
    changed(closed / "rushes.db", "UPDATE ledger SET amount = 1 WHERE kind = 'settle'")
    (closed / "clips" / CLIP.name).rename(closed / "clips" / "stray.mp4")
    (closed / "clips" / "new.part").touch()
    done = db("check")
    assert done.code == 1
    ledger, missing, stray = done.said.splitlines()
    delivered = jobs_in(closed / "rushes.db")[0]
    assert ledger.startswith(f"wrong job {delivered}: the ledger says last what it does not cost. Restore a backup")
    assert missing.startswith(f"wrong data/clips/{CLIP.name} of job {delivered} is missing: the chat keeps what")
    assert stray == "wrong data/clips/stray.mp4 belongs to no job, or to one without a clip. It can be removed."


def test_a_clip_that_was_not_sent_yet_and_is_missing_is_told_as_paid_for(db: Run, closed: Path) -> None:
    changed(closed / "rushes.db", "UPDATE jobs SET phase = 'delivering' WHERE phase = 'delivered'")
    (closed / "clips" / CLIP.name).unlink()
    assert "is missing: paid for, and not sent yet." in db("check").said


def test_a_check_of_a_damaged_database_says_that_alone(db: Run, closed: Path) -> None:
    ruin(closed / "rushes.db")
    done = db("check")
    assert done.code == 1, done
    assert {line.partition(":")[0] for line in done.said.splitlines()} == {"wrong The file is damaged"}


def test_the_books_of_an_older_version_are_not_judged(db: Run, closed: Path) -> None:
    changed(closed / "rushes.db", f"PRAGMA user_version = {latest_version() - 1}")
    assert "Start this rushes once" in db("check").said


async def test_nothing_is_restored_while_rushes_runs(world: World) -> None:
    async with started(world.folder, "run", **world.settings):
        copied = await asyncio.to_thread(rushes, world.folder, "db", "backup", "copy.db", **world.settings)
        assert copied.returncode == 0, copied
        said = await asyncio.to_thread(refusal, world.folder, "db", "restore", "copy.db", **world.settings)
    assert "which another rushes is working in. Stop that one" in said


@pytest.mark.parametrize(
    ("film", "creates", "ends"),
    [((), 0, [("reserve", 200_000), ("refund", 0)]), (("--film",), 1, [("reserve", 200_000), ("settle", 200_000)])],
)
async def test_what_waited_when_it_was_backed_up_is_filmed_only_if_that_is_said(
    world: World, film: tuple[str, ...], creates: int, ends: list[tuple[str, int]]
) -> None:
    data = world.folder / "data"
    data.mkdir()
    async with staged(data) as stage:
        job = (await stage.order()).job
    for step in (("backup", "copy.db"), ("restore", "copy.db", *film)):
        done = await asyncio.to_thread(rushes, world.folder, "db", *step, **world.settings)
        assert done.returncode == 0, done
    before = await world.creates()
    async with started(world.folder, "run", **world.settings) as program, visiting(program.url) as ann:
        await ann.until(job, Phase.DELIVERED if film else Phase.CANCELLED)
        assert await program.stop() == 0
    assert await world.creates() - before == creates
    assert world.ledger(job) == ends


async def test_a_bot_that_is_restored_elsewhere_finishes_what_was_under_way(world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copy = elsewhere / "copy.db"
    await world.arm("status-503", count=10_000, retry_after=0)
    async with started(world.folder, "run", **world.settings) as program, visiting(program.url) as ann:
        early = [await ann.order(f"a fox --res 360p --seed {number}") for number in range(2)]
        for job in early:
            await ann.until(job, Phase.RENDERING)
        backing_up = asyncio.create_task(asyncio.to_thread(rushes, world.folder, "db", "backup", str(copy)))
        late: list[str] = []
        while not backing_up.done():
            late.append(await ann.order(f"a fox --res 360p --seed {len(late) % 2} sim:endless"))
            await ann.press(late[-1], Verb.CANCEL)
        done = await backing_up
        assert done.returncode == 0, done
        assert late
        await program.kill()
    await world.disarm()
    done = await asyncio.to_thread(rushes, elsewhere, "db", "restore", "copy.db", **world.settings)
    assert done.returncode == 0, done
    async with started(elsewhere, "run", **world.settings) as program, visiting(program.url) as ann:
        for job in early:
            await ann.until(job, Phase.DELIVERED)
            assert (await ann.clip(job))[4:8] == b"ftyp"
        assert await program.stop() == 0
    for job in early:
        assert ledger_in(elsewhere / "data" / "rushes.db", job) == [("reserve", 150_000), ("settle", 150_000)]
    done = await asyncio.to_thread(rushes, elsewhere, "db", "check", **world.settings)
    assert done.returncode == 0, done.stdout
