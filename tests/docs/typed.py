"""The commands in docs/shell.md, typed in a folder of their own: `python -m tests.docs.typed` writes what they say."""

import asyncio
import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.card import Order
from bot.job import Identity, Phase, Place
from rushes.cli import main
from tests.stage import CLIP, staged

PAGE = Path(__file__).parents[2] / "docs" / "shell.md"

_GROUP = Place(platform="telegram", chat="-100123")
_ANN = Identity(platform="telegram", user="123456789", name="Ann", handle="ann")
_BOB = Identity(platform="telegram", user="987654321", name="Bob")

_BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)
_NOW = re.compile(r"20(?!26-01-01)\d\d-\d\d-\d\d \d\d:\d\d")


def typed(page: str) -> str:
    """The page with what its commands say, by root at half past one."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), patch.object(os, "getuid", lambda: 0):
        asyncio.run(_kept(Path("data")))
        return _BLOCK.sub(_answers, page)


async def _kept(data: Path) -> None:
    (data / "clips").mkdir(parents=True)
    async with staged(data) as stage:
        stage.chats["telegram"] = stage.chat
        for by, text in ((_ANN, "a red fox in snow"), (_BOB, "a whale --res 1080p"), (_ANN, "an owl at night")):
            await stage.studio.order(Order(identity=by, place=_GROUP, event=text, text=text))
            stage.clock.forward(60)
        first, *_ = await stage.store.unfinished()
        await stage.until(first.id, Phase.DELIVERED)
    (data / "clips" / CLIP.name).write_bytes(bytes(2_400_000))


def _answers(found: re.Match[str]) -> str:
    return "".join(f"{line}\n{_said(line)}" for line in found[0].splitlines() if line.startswith("$ "))


def _said(line: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as spoken, pytest.raises(SystemExit) as ended:
        main(shlex.split(line)[2:])
    assert ended.value.code == 0, line
    return _NOW.sub("2026-01-01 13:30", spoken.getvalue())


if __name__ == "__main__":
    PAGE.write_text(typed(PAGE.read_text()))
