"""Clips looked into and made over, each in a process of its own that may not take more than its share.

What goes wrong there
├── MediaUnplayable     the clip is broken
│   └── OutOfMemory     or costs more memory than any clip should
├── OutOfTime           a passing trouble: the machine may have been busy
├── NotKept             the disk takes no more
└── CannotFit           the chat can not have it as a file
"""

import asyncio
import json
import math
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import assert_never

from pydantic import TypeAdapter, ValidationError

from adapters.media.answer import Answer, Ending
from adapters.media.boxes import Odd, outline
from adapters.media.fit import CannotFit
from adapters.media.probe import Facts
from adapters.media.thumbnail import Thumbnail
from bot.job import Clip
from bot.trouble import MediaUnplayable, NotKept, Passing

MEMORY = 1 << 30
"""Bytes; a clip in 1080p takes more than a third of that to fit."""

_ROOT = Path(__file__).parents[2]
_MOST_OUTPUT = 1 << 14
_ANSWER = TypeAdapter(Answer)

_KILLED_BY_THE_SYSTEM = -signal.SIGKILL
_QUICK_AT_ONCE = 4


class OutOfTime(Passing):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"the clip was not done after {seconds:g} s")


class OutOfMemory(MediaUnplayable):
    def __init__(self) -> None:
        super().__init__("the clip takes more memory than it may")


class Lab:
    def __init__(
        self, *, seconds: float = 120.0, memory: int = MEMORY, fits_at_once: int = 1, keeps_ready: bool = False
    ) -> None:
        """`seconds` and `memory`, in bytes, are what one clip may take; the wait for its turn does not count.

        Whoever wants to keep a process ready for the next clip, once there was a first one, closes the lab at the end.
        """
        self._keeps_ready = keeps_ready
        self._ready: asyncio.Task[Process] | None = None
        self._seconds = seconds
        self._memory = memory
        self._fits = asyncio.Semaphore(fits_at_once)
        self._quick = asyncio.Semaphore(_QUICK_AT_ONCE)

    async def fitted(self, clip: Path, target: Path, limit: int) -> Clip:
        """At most `limit` bytes.

        Raises `CannotFit`, `MediaUnplayable`, `OutOfTime` or `NotKept`, and then leaves no file.
        """
        async with self._fits:
            with _arriving(target) as part:
                answer = await self._ask("fit", clip, part, str(limit))
                size = part.stat().st_size
                if answer.ending is Ending.TOO_LARGE or size > limit:
                    raise CannotFit(limit)
        return Clip(name=target.name, width=answer.width, height=answer.height, seconds=answer.seconds, size=size)

    async def thumbnailed(self, clip: Path, target: Path) -> Thumbnail:
        """A JPEG. Raises `MediaUnplayable`, `OutOfTime` or `NotKept`, and then leaves no file."""
        async with self._quick:
            with _arriving(target) as part:
                answer = await self._ask("thumbnail", clip, part)
                size = part.stat().st_size
        return Thumbnail(width=answer.width, height=answer.height, size=size)

    async def probed(self, clip: Path) -> Facts:
        """Raises `MediaUnplayable` or `OutOfTime`. Most clips are plain enough to need no process."""
        try:
            plain = await asyncio.to_thread(outline, clip)
        except Odd:
            async with self._quick:
                answer = await self._ask("probe", clip)
            return Facts(width=answer.width, height=answer.height, seconds=answer.seconds)
        return Facts(width=plain.width, height=plain.height, seconds=plain.seconds)

    async def close(self) -> None:
        ready, self._ready, self._keeps_ready = self._ready, None, False
        if ready:
            await _end(await ready)

    async def _ask(self, task: str, *arguments: Path | str) -> Answer:
        places = (str(argument.absolute()) if isinstance(argument, Path) else argument for argument in arguments)
        process = await self._next()
        try:
            _tell(process, [self._seconds, self._memory, task, *places])
            async with asyncio.timeout(self._seconds):
                output, complaint = await asyncio.gather(_start(process.stdout), _start(process.stderr))
                code = await process.wait()
        except TimeoutError as error:
            raise OutOfTime(self._seconds) from error
        finally:
            await _end(process)
            if self._keeps_ready and self._ready is None:
                self._ready = asyncio.create_task(_opened(), name="a darkroom for the next clip")
        return understood(code, output, complaint)

    async def _next(self) -> Process:
        ready, self._ready = self._ready, None
        if ready:
            process = await ready
            if process.returncode is None:
                return process
            await _end(process)
        return await _opened()


async def _opened() -> Process:
    return await asyncio.create_subprocess_exec(
        # -B: what is compiled where little may be written would be half a file.
        *(sys.executable, "-B", "-m", "adapters.media.darkroom"),
        cwd=_ROOT,
        env=_environment(),
        stdin=PIPE,  # which closes with us, and ends it
        stdout=PIPE,
        stderr=PIPE,
        process_group=0,  # an interrupt at the keyboard is for us to pass on
    )


def _tell(process: Process, asked: list[object]) -> None:
    if process.stdin:
        process.stdin.write(json.dumps(asked).encode() + b"\n")


def _environment() -> dict[str, str]:
    """What Python needs to start, and nothing else of ours: the rest holds the keys."""
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}


@contextmanager
def _arriving(target: Path) -> Iterator[Path]:
    """Another name, which becomes the target's if all goes well."""
    part = target.with_name(f"{target.stem}.{token_hex(4)}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


async def _start(stream: asyncio.StreamReader | None) -> bytes:
    """Its first bytes, once all of it has been read."""
    kept = b""
    while stream and (chunk := await stream.read(_MOST_OUTPUT)):
        kept = (kept + chunk)[:_MOST_OUTPUT]
    return kept


async def _end(process: Process) -> None:
    """Returns when there is no such process any more, and the pipes from it are closed."""
    if process.returncode is None:
        process.kill()
    await process.communicate()


def understood(code: int, output: bytes, complaint: bytes) -> Answer:
    if code == _KILLED_BY_THE_SYSTEM:
        raise OutOfMemory
    if code < 0:
        raise MediaUnplayable(f"its decoder ended with {signal.Signals(-code).name}")
    if code > 0:
        raise RuntimeError(f"the darkroom ended with {code}: {complaint.decode(errors='replace')}")
    answer = _believable(output)
    match answer.ending:
        case Ending.UNPLAYABLE:
            raise MediaUnplayable(answer.detail)
        case Ending.OUT_OF_MEMORY:
            raise OutOfMemory
        case Ending.NOT_KEPT:
            raise NotKept(answer.detail)
        case Ending.DONE | Ending.TOO_LARGE:
            return answer
        case other:
            assert_never(other)


def _believable(output: bytes) -> Answer:
    """What the darkroom says counts for no more than what the clip says that may have taken it over."""
    try:
        answer = _ANSWER.validate_json(output)
    except ValidationError as error:
        raise MediaUnplayable("its decoder gave no answer") from error
    measures = (answer.width, answer.height, answer.seconds)
    if not all(0 <= measure < math.inf for measure in measures) or not answer.detail.isprintable():
        raise MediaUnplayable("its decoder gave an answer that makes no sense")
    return answer
