"""Walls are for the thread that builds them, and gone with it."""

import platform
import sys
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

LINUX = tuple(int(part) for part in platform.release().split(".")[:2]) if sys.platform == "linux" else (0, 0)

R = TypeVar("R")


def walled_in(work: Callable[[], R]) -> R:
    done: list[R] = []
    thread = Thread(target=lambda: done.append(work()))
    thread.start()
    thread.join()
    return done[0]
