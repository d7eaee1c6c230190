"""Films on disk: each is shot once, beside the event loop, and again if its file had to make room."""

import asyncio
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock

from simulator.film import Film

CAMERAS = 2  # on two cores, six films of 720p take 2.7 s by two and 4.7 s by one


class Clips:
    def __init__(self, folder: Path, limit: int) -> None:
        """`limit` is in bytes; the films that were not looked at for longest make room first."""
        self._folder, self._limit = folder, limit
        self._shooting: dict[str, Future[Path]] = {}
        self._closing = Event()
        self._tidying = Lock()
        self._crew = ThreadPoolExecutor(CAMERAS, "simulator-camera")
        folder.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """Break off what is being shot."""
        self._closing.set()
        self._crew.shutdown(cancel_futures=True)

    def begin(self, film: Film) -> Future[Path]:
        """Have the film shot, unless it is there or under way."""
        path = self._folder / f"{film.fingerprint}.mp4"
        under_way = self._shooting.get(film.fingerprint)
        if under_way and not (under_way.done() and not path.exists()):
            return under_way
        self._shooting[film.fingerprint] = self._crew.submit(self._shot, film, path)
        return self._shooting[film.fingerprint]

    async def path(self, film: Film) -> Path:
        path = await asyncio.wrap_future(self.begin(film))
        path.touch()
        return path

    def _shot(self, film: Film, path: Path) -> Path:
        # The camera takes numpy, Pillow and PyAV along: half a second that only the first film waits for.
        from simulator.camera import shoot  # noqa: PLC0415

        if not path.exists():
            # Of this process alone: another simulator may shoot the same film into the same folder.
            draft = path.with_suffix(f".{os.getpid()}.new")
            shoot(film, draft, self._closing)
            draft.replace(path)
            with self._tidying:
                self._make_room(path)
        return path

    def _make_room(self, newest: Path) -> None:
        files = sorted(self._folder.glob("*.mp4"), key=lambda file: file.stat().st_mtime, reverse=True)
        total = newest.stat().st_size
        for file in files:
            if file != newest:
                total += file.stat().st_size
                if total > self._limit:
                    file.unlink()
