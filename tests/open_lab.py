"""The lab without its processes, each of which costs as much as a start of Python."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from adapters.media import darkroom
from adapters.media.answer import Answer
from adapters.media.lab import Lab, understood


class OpenLab(Lab):
    """Looks into clips beside the loop, where a hostile one would cost the whole program."""

    async def _ask(self, task: str, *arguments: Path | str) -> Answer:
        answer = await asyncio.to_thread(darkroom.answer, task, *map(str, arguments))
        return understood(0, json.dumps(asdict(answer)).encode(), b"")
