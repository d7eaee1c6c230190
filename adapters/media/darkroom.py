"""Where files from outside are opened: a process of its own, so that a hostile one costs no more than this process.

`python -m adapters.media.darkroom` waits for one line of input, a list in JSON: SECONDS, BYTES of memory, TASK, CLIP,
and for some tasks TARGET and LIMIT. It is answered in JSON.
"""

import errno
import fcntl
import json
import math
import os
import resource
import select
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

import av  # before the memory is limited, so that the limit counts what the clip costs
import PIL.Image

from adapters.media.answer import Answer, Ending
from adapters.media.fit import CannotFit, fit
from adapters.media.probe import probe
from adapters.media.thumbnail import thumbnail
from adapters.media.walls import build_walls
from bot.trouble import MediaUnplayable

_NICENESS = 10
_LONG = frozenset({"fit"})
"""What gives way to everything else; for the other tasks somebody waits."""

_GRACE_SECONDS = 5
"""After which it ends by itself, where nobody is left to end it."""

_MOST_FILE_BYTES = 1 << 30
"""Twice what any clip has."""

_MOST_FILES = 32
"""Open at the same time."""

_LIBRARIES = (Path(os.__file__).parent, *map(Path, (*av.__path__, *PIL.__path__)))
"""Parts of which are read when they are first needed."""

_DISK_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


def ration(seconds: float, memory: int) -> None:
    """For the rest of this process."""
    signal.alarm(math.ceil(seconds) + _GRACE_SECONDS)
    # The data, not the address space: that of a process with threads is many times what it uses.
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, _MOST_FILE_BYTES),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
    ):
        held = (limit for limit in resource.getrlimit(kind) if limit != resource.RLIM_INFINITY)
        least = min((most, *held))
        resource.setrlimit(kind, (least, least))


def end_with_whoever_asked() -> None:
    """Whose end of our input closes then; what this made afterwards nobody would find or take away."""
    asked = sys.stdin.fileno()
    fcntl.fcntl(asked, fcntl.F_SETOWN, os.getpid())
    # From now on the system ends us with SIGIO.
    fcntl.fcntl(asked, fcntl.F_SETFL, fcntl.fcntl(asked, fcntl.F_GETFL) | os.O_ASYNC)
    waiting = select.poll()
    waiting.register(asked, 0)
    if waiting.poll(0):
        # It was before that.
        sys.exit(1)


def answer(task: str, clip: str, *more: str, walled: bool = False) -> Answer:
    """Walls are for the thread that asks, and for good."""
    try:
        if walled:
            _close_in(Path(clip), *map(Path, more[:1]))
        return _TASKS[task](clip, *more)
    except MediaUnplayable as trouble:
        return Answer(ending=Ending.UNPLAYABLE, detail=trouble.detail)
    except CannotFit:
        return Answer(ending=Ending.TOO_LARGE)
    except MemoryError:
        return Answer(ending=Ending.OUT_OF_MEMORY)
    except BlockingIOError:  # a thread is refused so, where its stack would pass the limit
        return Answer(ending=Ending.OUT_OF_MEMORY)
    except OSError as error:
        if error.errno not in _DISK_REFUSES:
            raise
        return Answer(ending=Ending.NOT_KEPT, detail=error.strerror or "")


def _close_in(clip: Path, *targets: Path) -> None:
    for target in targets:
        target.touch()
    build_walls(readable=(clip, *_LIBRARIES), writable=targets)


def _probed(clip: str) -> Answer:
    facts = probe(Path(clip))
    return Answer(ending=Ending.DONE, width=facts.width, height=facts.height, seconds=facts.seconds)


def _fitted(clip: str, target: str, limit: str) -> Answer:
    facts = fit(Path(clip), Path(target), int(limit))
    return Answer(ending=Ending.DONE, width=facts.width, height=facts.height, seconds=facts.seconds)


def _thumbnailed(clip: str, target: str) -> Answer:
    made = thumbnail(Path(clip), Path(target))
    return Answer(ending=Ending.DONE, width=made.width, height=made.height)


_TASKS: Mapping[str, Callable[..., Answer]] = MappingProxyType(
    {"probe": _probed, "fit": _fitted, "thumbnail": _thumbnailed}
)


def main() -> None:
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as asking:
        asked = asking.readline()
    if not asked:
        return
    seconds, memory, task, clip, *more = json.loads(asked)
    end_with_whoever_asked()
    if task in _LONG:
        os.nice(_NICENESS)
    ration(float(seconds), int(memory))
    sys.stdout.write(json.dumps(asdict(answer(task, clip, *more, walled=True))))


if __name__ == "__main__":
    main()
