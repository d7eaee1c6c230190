"""Reads all meters of the running program."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bot.desk import Desk
from bot.gate import Gates
from bot.meter import Meter
from bot.ports import Clock
from bot.reading import Disk, Reading
from bot.terms import Terms
from rushes.platforms import Platform
from rushes.premises import BACKED_UP
from rushes.pulse import Pulse
from rushes.settings import Settings
from storage.sqlite.store import SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    settings: Settings
    clock: Clock
    meter: Meter
    pulse: Pulse
    gates: Gates
    terms: Terms
    desk: Desk
    store: SqliteStore
    platforms: Mapping[str, Platform]

    async def read(self) -> Reading:
        under_way = await self.store.under_way()
        caps = await self.desk.caps()
        # A disk that is far away may take its time.
        disks, files, backed_up_at = await asyncio.to_thread(_looked_at, self.settings)
        states, served = self.gates.states(self.clock.steady()), {offer.provider for offer in self.terms.offers}
        return Reading(
            version=metadata.version("rushes"),
            meter=self.meter,
            lag=self.pulse.lag,
            worst_lag=self.pulse.worst,
            under_way=under_way,
            caps=caps,
            gates={provider: state for provider, state in states.items() if provider in served},
            connected={name: platform.is_connected for name, platform in self.platforms.items()} or {"web": True},
            commits=self.store.commits,
            writers_waiting=self.store.writers_waiting,
            files=files,
            disks=disks,
            backed_up_at=backed_up_at,
        )


def _looked_at(settings: Settings) -> tuple[dict[str, Disk], dict[str, int], datetime | None]:
    folder, database = settings.data_dir, settings.database
    journal = database.with_name(f"{database.name}-wal")
    return (
        {"clips": _disk(folder), "database": _disk(database.parent)},
        {"database": _size(database), "journal": _size(journal)},
        _touched(folder / BACKED_UP),
    )


def _disk(folder: Path) -> Disk:
    usage = shutil.disk_usage(folder)
    return Disk(usage.free, usage.total)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _touched(file: Path) -> datetime | None:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None
