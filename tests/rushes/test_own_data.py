"""The whole program, and what it keeps of somebody."""

import os
from pathlib import Path

from bot.job import Phase
from tests.process import started
from tests.visitor import visiting


async def test_what_a_crash_left_goes_at_the_start_and_what_is_forgotten_at_once(tmp_path: Path) -> None:
    clips = tmp_path / "data" / "clips"
    clips.mkdir(parents=True)
    stray = clips / f"{'f' * 20}.mp4"
    stray.touch()
    os.utime(stray, (0, 0))
    (tmp_path / "rushes.toml").write_text('[limits]\neach = "1 video a week"\n[keep]\nclips = "7 days"')
    async with started(tmp_path, "run", RUSHES_WEB_PORT="0") as program, visiting(program.url) as ann:
        assert any("Clips are kept for 7 days" in line for line in await ann.say("/privacy"))
        job = await ann.order("a fox --res 360p --seed 1")
        await ann.until(job, Phase.DELIVERED)
        assert [file.name for file in clips.iterdir()] == [f"{job}.mp4"]
        await ann.say("/forget me")
        assert list(clips.iterdir()) == []
        assert "1 of 1 video used this week, 0 left" in (await ann.say("/usage"))[2]
        assert await program.stop() == 0
