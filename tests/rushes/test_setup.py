"""`rushes setup`, asked in a terminal and told by flags."""

import asyncio
import os
import pty
import re
import signal
import sys
import termios
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.choosing import offers_at
from bot.phrase import spoken
from rushes.cli import main
from rushes.limits_file import terms
from rushes.proposal import usual_zone
from rushes.settings import load
from tests.discord_api.server import discord_api
from tests.rushes.test_cli import refusal
from tests.rushes.world import World
from tests.telegram_api.server import telegram

WRONG = "110201543:AAwrongwrongwrongwrongwrongwrongwro"
DISCORD = "an-unknown-token-of-thirty-letters"
BREAK = "\x03"


@dataclass(frozen=True)
class Done:
    code: int
    said: str
    complained: str


Setup = Callable[..., Awaitable[Done]]


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Setup:
    """`rushes setup --non-interactive` in the folder of the test, with these flags and settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    for name in [name for name in os.environ if name.startswith("RUSHES_")]:
        monkeypatch.delenv(name)

    async def run(*flags: str, **settings: str) -> Done:
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            code = await asyncio.to_thread(_exit_code, flags)
        spoken = capsys.readouterr()
        return Done(code, spoken.out, spoken.err)

    return run


def _exit_code(flags: tuple[str, ...]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["setup", "--non-interactive", *flags])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def files_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def laid_down(folder: Path) -> tuple[list[str], list[str]]:
    """Caps, and limits of each, as the program reads them."""
    rules = terms(offers_at(("fal",)), folder / "rushes.toml").rules
    limits = {shelf[-1]: limits for shelf, limits in rules.limits.items()}
    return [spoken(limit) for limit in limits[True]], [spoken(limit) for limit in limits[False]]


async def test_a_bot_is_set_up_in_a_terminal_from_nothing(world: World) -> None:
    key = world.settings["RUSHES_FAL_KEY"]
    async with telegram(world.folder) as server:
        urls = {"RUSHES_TELEGRAM_API_URL": server.url, "RUSHES_FAL_QUEUE_URL": world.settings["RUSHES_FAL_QUEUE_URL"]}
        async with terminal(world.folder, "setup", **urls) as there:
            await there.answers(
                ("Serve Telegram?", "y"),
                ("Token of the Telegram bot (nothing for none):", f"{WRONG[:20]}\r"),
                ("RUSHES_TELEGRAM_TOKEN cannot be what it is", ""),
                ("Token of the Telegram bot (nothing for none):", f"{WRONG}\r"),
                ("no bot has this token", ""),
                ("Token of the Telegram bot (nothing for none):", f"{server.token}\r"),
                ("@rushes_bot, which hears commands and replies only", ""),
                ("Serve Discord?", "n"),
                ("Key of fal (nothing for none):", f"{key}\r"),
                ("key accepted", ""),
                ("Key of AIMLAPI (nothing for none):", "\r"),
                ("Key of ShortAPI (nothing for none):", "\r"),
                ("Key of PixVerse (nothing for none):", "\r"),
                ("Operators, such as", "ann\r"),
                ("RUSHES_OWNERS cannot be ann", "\x7f\x7f\x7ftelegram:7\r"),
                ("How many people will order", "\r"),
                ("How many videos a day for each", "\r"),
                ("20 people, 3 a day, 720p 5 s at $0.20 from fal: at most $12.00 a day.", ""),
                ("At most in a month, for all together:", "\r"),
                ("By whose clocks", "\r"),
                ("Write rushes.toml like that?", "y"),
                ("Write .env like that?", "y"),
                ("What to type next:", ""),
            )
            code = await there.ended()
    assert code == 0, there.shown
    env = world.folder / ".env"
    assert env.stat().st_mode & 0o777 == 0o600
    settings = load({}, env)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == server.token
    assert {name: each.get_secret_value() for name, each in settings.keys.items()} == {"fal": key}
    assert settings.owners == ("telegram:7",)
    assert laid_down(world.folder) == (["$124.00 a month"], ["3 videos a day"])
    for secret in (server.token, WRONG, key):
        assert secret not in there.shown


async def test_a_bot_that_is_there_is_changed_only_where_that_is_agreed_to(tmp_path: Path) -> None:
    (tmp_path / "rushes.toml").write_text("# ours\n")
    (tmp_path / ".env").write_text("# ours\nRUSHES_WEB_PORT=0\nRUSHES_FAL_KEY=id:old\nRUSHES_DISCORD_TOKEN=\n")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(discord_api(tmp_path))
        settings = {"RUSHES_DISCORD_API_URL": server.api_url, "TZ": "UTC"}
        there = await stack.enter_async_context(terminal(tmp_path, "setup", **settings))
        await there.answers(
            ("Serve Telegram?", "n"),
            ("Serve Discord?", "y"),
            ("Token of the Discord bot (nothing for none):", f"{server.token}\r"),
            ("Rushes; invite it with https://discord.com/oauth2/authorize?client_id=", ""),
            ("Key of fal (nothing keeps the one that is set):", "\r"),
            ("Key of AIMLAPI", "\r"),
            ("Key of ShortAPI", "\r"),
            ("Key of PixVerse", "\r"),
            # Discord tells whose application it is.
            ("Operators, such as telegram:123456789,discord:987654321: discord:1", "\r"),
            ("How many people", "\x7f\x7f5\r"),
            ("How many videos", "\r"),
            ("at most $3.00 a day.", ""),
            ("At most in a month", "0\r"),
            ("By whose clocks do days begin? UTC", "\r"),
            ("-# ours", ""),
            ("Overwrite rushes.toml like that?", "n"),
            ("rushes.toml is left as it is", ""),
            ("+RUSHES_DISCORD_TOKEN=•••••••• (now)", ""),
            ("Overwrite .env like that?", "y"),
            (".env is written", ""),
        )
        code = await there.ended()
    assert code == 1
    assert (tmp_path / "rushes.toml").read_text() == "# ours\n"
    assert (tmp_path / ".env").read_text() == (
        "# ours\nRUSHES_WEB_PORT=0\nRUSHES_FAL_KEY=id:old\n"
        f"RUSHES_DISCORD_TOKEN={server.token}\nRUSHES_OWNERS=discord:1\n"
    )
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


async def test_whoever_breaks_it_off_finds_nothing_written(tmp_path: Path) -> None:
    async with terminal(tmp_path, "setup", RUSHES_DISCORD_API_URL="http://127.0.0.1:9") as there:
        await there.answers(
            ("Serve Telegram?", "n"),
            ("Serve Discord?", "y"),
            ("Token of the Discord bot", f"{DISCORD}\r"),
            ("cannot be asked (", ""),
            ("Keep it all the same?", "n"),
            ("Token of the Discord bot", f"{DISCORD}\r"),
            ("Keep it all the same?", "y"),
            ("Key of fal", "\r"),
            ("Key of AIMLAPI", "\r"),
            ("Key of ShortAPI", "\r"),
            ("Key of PixVerse", "\r"),
            ("Operators, such as", "\r"),
            ("How many people", BREAK),
            ("Nothing more was written.", ""),
        )
        assert await there.ended() == 130
    assert files_in(tmp_path) == []
    assert DISCORD not in there.shown


def test_nobody_is_asked_where_nobody_can_answer(tmp_path: Path) -> None:
    assert "Say --non-interactive and what you want" in refusal(tmp_path, "setup")


async def test_flags_and_the_environment_are_enough(setup: Setup, tmp_path: Path) -> None:
    async with telegram(tmp_path) as server, discord_api(tmp_path) as other:
        tokens = {"RUSHES_TELEGRAM_TOKEN": server.token, "RUSHES_DISCORD_TOKEN": other.token}
        urls = {"RUSHES_TELEGRAM_API_URL": server.url, "RUSHES_DISCORD_API_URL": other.api_url}
        flags = ("--owners", "telegram:7", "--people", "10", "--each", "2", "--cap", "$50", "--zone", "Asia/Tokyo")
        done = await setup(*flags, **tokens, **urls)
    assert (done.code, done.complained) == (0, "")
    assert "RUSHES_TELEGRAM_TOKEN: @rushes_bot, which hears" in done.said
    assert server.token not in done.said
    env = tmp_path / ".env"
    assert env.stat().st_mode & 0o777 == 0o600
    assert env.read_text().splitlines() == [
        f"RUSHES_TELEGRAM_TOKEN={server.token}",
        f"RUSHES_DISCORD_TOKEN={other.token}",
        "RUSHES_OWNERS=telegram:7",
    ]
    assert laid_down(tmp_path) == (["$50.00 a month"], ["2 videos a day"])
    assert 'zone = "Asia/Tokyo"' in (tmp_path / "rushes.toml").read_text()


async def test_what_is_there_is_shown_and_overwritten_only_by_force(setup: Setup, tmp_path: Path) -> None:
    await setup()
    assert (await setup()).said.splitlines()[:2] == ["rushes.toml stays as it is.", ".env stays as it is."]
    (tmp_path / ".env").write_text("RUSHES_FAL_KEY=id:old\nRUSHES_FAL_KEY=id:older\nexport RUSHES_OWNERS=telegram:7\n")
    settings = {"RUSHES_FAL_KEY": "id:it's new", "RUSHES_OWNERS": "telegram:8"}
    done = await setup("--unchecked", "--cap", "$7", **settings)
    assert done.code == 1
    assert "-RUSHES_FAL_KEY=•••••••• (before)\n" in done.said
    assert "+RUSHES_FAL_KEY=•••••••• (now)\n" in done.said
    assert "-export RUSHES_OWNERS=telegram:7\n" in done.said
    assert "id:" not in done.said
    assert laid_down(tmp_path)[0] == ["$124.00 a month"]
    assert (await setup("--unchecked", "--cap", "$7", "--force", **settings)).code == 0
    assert laid_down(tmp_path)[0] == ["$7.00 a month"]
    written = load({})
    assert written.fal_key is not None
    assert written.fal_key.get_secret_value() == "id:it's new"
    assert (tmp_path / ".env").read_text().count("FAL_KEY") == 1


@pytest.mark.parametrize(
    ("flags", "settings", "told"),
    [
        (["--zone", "Mars"], {}, "--zone is Mars, which is none. Write it like Europe/Berlin."),
        (["--cap", "12 dogs"], {}, "--cap is 12 dogs, which is none. Write it like $120."),
        (["--cap", "12 videos"], {}, "--cap is 12 videos, which is none. Write it like $120."),
        (["--owners", "ann"], {}, "RUSHES_OWNERS cannot be ann. Set it to accounts of operators"),
        (
            [],
            {"RUSHES_TELEGRAM_TOKEN": WRONG, "RUSHES_TELEGRAM_API_URL": "http://127.0.0.1:9"},
            "RUSHES_TELEGRAM_TOKEN: cannot be asked",
        ),
    ],
)
async def test_what_cannot_be_set_up_is_told_and_nothing_is_written(
    setup: Setup, tmp_path: Path, flags: list[str], settings: dict[str, str], told: str
) -> None:
    done = await setup(*flags, **settings)
    assert done.code == 2
    assert told in done.complained
    assert files_in(tmp_path) == []


async def test_a_folder_that_cannot_be_written_to_is_told(setup: Setup, tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert ".env cannot be read. Make it a text file" in (await setup()).complained
    (tmp_path / ".env").rmdir()
    there = await setup(RUSHES_CONFIG="missing/rushes.toml")
    assert "missing/rushes.toml cannot be written (No such file or directory). Let this user" in there.complained


def test_the_zone_of_this_machine_is_proposed_where_it_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert usual_zone(["Europe/Berlin", "UTC"]) == "Europe/Berlin"
    monkeypatch.setenv("TZ", "Nowhere")
    assert usual_zone(["Europe/Berlin", "UTC"]) == "UTC"


class Terminal:
    """The program's end of which it believes to be somebody's screen."""

    def __init__(self, process: asyncio.subprocess.Process, screen: int) -> None:
        self._process = process
        self._screen = screen
        self._raw = b""
        self._read_to = 0
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(screen, self._read)

    @property
    def shown(self) -> str:
        """Without what moves the cursor and colours the text."""
        text = self._raw.decode(errors="replace")
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()=>][0-9A-Z]?", "", text)

    def type(self, keys: str) -> None:
        os.write(self._screen, keys.encode())

    async def until(self, text: str) -> None:
        """It stands there behind all that was waited for before."""
        async with asyncio.timeout(60):
            while (found := self.shown.find(text, self._read_to)) < 0:
                self._news.clear()
                await self._news.wait()
        self._read_to = found + len(text)

    async def answers(self, *steps: tuple[str, str]) -> None:
        """What is waited for, and what is typed then."""
        for asked, typed in steps:
            await self.until(asked)
            self.type(typed)

    async def ended(self) -> int:
        async with asyncio.timeout(60):
            return await self._process.wait()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._screen)
        os.close(self._screen)

    def _read(self) -> None:
        try:
            self._raw += os.read(self._screen, 1 << 16)
        except OSError:
            # The other end is closed.
            asyncio.get_running_loop().remove_reader(self._screen)
        self._news.set()


@asynccontextmanager
async def terminal(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Terminal]:
    """`rushes` with these arguments in a terminal of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    ours |= {"PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"}
    screen, line = pty.openpty()
    termios.tcsetwinsize(line, (60, 200))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rushes", *arguments),
        cwd=folder,
        env=ours | settings,
        stdin=line,
        stdout=line,
        stderr=line,
        start_new_session=True,
    )
    os.close(line)
    there = Terminal(process, screen)
    try:
        yield there
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        there.close()
        process._transport.close()  # type: ignore[attr-defined] # noqa: SLF001 - as in tests/process.py
