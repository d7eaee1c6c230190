import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.adapters.telegram.lot import Lot, lot_on
from tests.offline import CONTENT
from tests.stage import CLIP, Stage


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns of a change to come, with every flood."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a clip in it."""
    folder = tmp_path / "lot"
    folder.mkdir()
    (folder / CLIP.name).write_bytes(CONTENT)
    return folder


@pytest.fixture
async def closed(stage: Stage, folder: Path) -> AsyncIterator[Lot]:
    """Before the adapter was started."""
    async with lot_on(stage, folder) as built:
        yield built


@pytest.fixture
async def lot(closed: Lot) -> Lot:
    await closed.open()
    return closed


@pytest.fixture
def jpeg() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (32, 18)).save(content, "JPEG")
    return content.getvalue()
