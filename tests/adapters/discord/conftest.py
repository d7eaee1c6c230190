from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord import AutoShardedClient

from bot.rules import Rules
from rushes.languages import translated
from tests.adapters.discord.club import OLGA, Club, club_on
from tests.stage import Stage, staged


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own hook waits five seconds before it identifies again."""

    async def at_once(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(AutoShardedClient, "before_identify_hook", at_once)


@pytest.fixture
def rules() -> Rules:
    """Olga hosts the bot."""
    return Rules(owners=frozenset({f"discord:{OLGA}"}))


@pytest.fixture
async def stage(tmp_path: Path, rules: Rules) -> AsyncIterator[Stage]:
    async with staged(tmp_path, rules=rules, languages=translated()) as built:
        yield built


@pytest.fixture
async def closed(stage: Stage, tmp_path: Path) -> AsyncIterator[Club]:
    """Before the adapter was started."""
    async with club_on(stage, tmp_path / "club") as built:
        yield built


@pytest.fixture
async def club(closed: Club) -> Club:
    await closed.open()
    return closed
