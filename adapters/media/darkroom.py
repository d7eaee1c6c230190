"""Where files from outside are opened: a process of its own, so that a hostile one costs no more than this process.

`python -m adapters.media.darkroom SECONDS BYTES TASK CLIP ...`, the bytes being of memory, is answered in JSON.
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

import av  # noqa: F401 - before the memory is limited, so that the limit counts what the clip costs

from adapters.media.answer import Answer, Ending
from adapters.media.fit import CannotFit, fit
from adapters.media.probe import probe
from adapters.media.thumbnail import thumbnail
from bot.trouble import MediaUnplayable

_NICENESS = 10
_GRACE_SECONDS = 5
"""After which it ends by itself, where nobody is left to end it."""

_DISK_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


def confine(seconds: float, memory: int) -> None:
    """For the rest of this process."""
    os.nice(_NICENESS)
    signal.alarm(math.ceil(seconds) + _GRACE_SECONDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The data, not the address space: that of a process with threads is many times what it uses.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


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


def answer(task: str, *arguments: str) -> Answer:
    try:
        return _TASKS[task](*arguments)
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


def _probed(clip: str) -> Answer:
    facts = probe(Path(clip))
    return Answer(ending=Ending.DONE, width=facts.width, height=facts.height, seconds=facts.seconds)


def _fitted(clip: str, target: str, limit: str) -> Answer:
    facts = fit(Path(clip), Path(target), int(limit))
    size = Path(target).stat().st_size
    return Answer(ending=Ending.DONE, width=facts.width, height=facts.height, seconds=facts.seconds, size=size)


def _thumbnailed(clip: str, target: str) -> Answer:
    made = thumbnail(Path(clip), Path(target))
    return Answer(ending=Ending.DONE, width=made.width, height=made.height, size=made.size)


_TASKS: Mapping[str, Callable[..., Answer]] = MappingProxyType(
    {"probe": _probed, "fit": _fitted, "thumbnail": _thumbnailed}
)


def main(arguments: Sequence[str]) -> None:
    seconds, memory, task, *rest = arguments
    end_with_whoever_asked()
    confine(float(seconds), int(memory))
    sys.stdout.write(json.dumps(asdict(answer(task, *rest))))


if __name__ == "__main__":
    main(sys.argv[1:])
