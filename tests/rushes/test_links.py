"""The key with which links to clips are made, and names for whoever was forgotten."""

from pathlib import Path

import pytest

from rushes.premises import KEY_BYTES
from rushes.settings import Settings
from rushes.wiring import assembled


@pytest.mark.parametrize("left_over", [None, b"", b"half"])
async def test_the_key_is_whole_and_for_us_alone(tmp_path: Path, left_over: bytes | None) -> None:
    key = tmp_path / "data" / "links.key"
    key.parent.mkdir()
    if left_over is not None:
        key.write_bytes(left_over)
    settings = Settings(data_dir=key.parent)
    async with assembled(settings):
        made = key.read_bytes()
    assert len(made) == KEY_BYTES
    assert key.stat().st_mode & 0o077 == 0
    async with assembled(settings):
        assert key.read_bytes() == made
