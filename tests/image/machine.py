"""This machine's own programs as the base of an image: each step sees them, and of everything else only the image."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.image.dockerfile import Stage, Step

PROJECT = Path(__file__).parents[2]

_BASE = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/dev", "/proc")
_PYTHON = Path(sys.base_prefix)
_ROOM = "/tmp"  # noqa: S108 - of the image, and of each stage its own
_PATH = f"{_PYTHON}/bin:/usr/local/bin:/usr/bin:/bin"

UNPRIVILEGED = ("--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


@dataclass
class Root:
    """The files of one stage."""

    folder: Path
    made: Sequence[str]
    """Folders that the stages make, which must not be this machine's."""

    def build(self, stage: Stage, earlier: Mapping[str, "Root"], let_in: set[str]) -> None:
        place = "/"
        for step in stage.steps:
            match step.word:
                case "WORKDIR":
                    place = step.said
                    self._inside(place).mkdir(parents=True, exist_ok=True)
                case "COPY":
                    self._copy(step, place, earlier, let_in)
                case "RUN":
                    self._run(step.said, place)

    def command(self, volume: Path, user: str, environment: Mapping[str, str], words: Sequence[str]) -> list[str]:
        """Runs the image as its last lines say: nothing can be written to but the volume and what is gone with it."""
        uid, _, gid = user.partition(":")
        mounts = [
            f"mount --bind {self.folder} {self.folder}",
            *self._bound([path for path in (*_BASE, str(_PYTHON)) if Path(path).exists()]),
            f"mount --bind {volume} {self._point('/data')}",
            f"mount -t tmpfs -o mode=1777,noexec,nosuid,nodev tmpfs {self._point(_ROOM)}",
            f"mount -o remount,bind,ro {self.folder}",
        ]
        who = ("setpriv", f"--reuid={uid}", f"--regid={gid}", *UNPRIVILEGED)
        told = [f"{name}={value}" for name, value in environment.items()]
        inside = ("/usr/sbin/chroot", str(self.folder), *who, "env", "-i", "-C", "/config", *told, *words)
        return self._apart([*mounts, f"exec {shlex.join(inside)}"])

    def _run(self, command: str, place: str) -> None:
        mounts = [*self._bound(list(self._machine())), f"mkdir -p {self.folder}{_ROOM}"]
        inside = ("/usr/sbin/chroot", str(self.folder), "env", "-C", place, f"PATH={_PATH}", "sh", "-ec", command)
        subprocess.run(self._apart([*mounts, f"exec {shlex.join(inside)}"]), check=True)

    def _machine(self) -> Iterator[str]:
        """Everything but what the image makes."""
        for top in sorted(Path("/").iterdir()):
            if str(top) in (*self.made, _ROOM):
                continue
            if any(path.startswith(f"{top}/") for path in self.made):
                yield from (str(each) for each in sorted(top.iterdir()) if str(each) not in self.made)
            else:
                yield str(top)

    def _bound(self, paths: Sequence[str]) -> list[str]:
        for path in paths:
            if Path(path).is_symlink():
                if not self._inside(path).is_symlink():
                    self._inside(path).symlink_to(Path(path).readlink())
            else:
                self._point(path)
        return [f"mount --rbind {path} {self._inside(path)}" for path in paths if not Path(path).is_symlink()]

    def _point(self, path: str) -> Path:
        """Where something can be mounted."""
        point = self._inside(path)
        if Path(path).is_file():
            point.parent.mkdir(parents=True, exist_ok=True)
            point.touch()
        else:
            point.mkdir(parents=True, exist_ok=True)
        return point

    def _copy(self, step: Step, place: str, earlier: Mapping[str, "Root"], let_in: set[str]) -> None:
        *sources, target = [word for word in step.words if not word.startswith("--")]
        origin = next((word.partition("=")[2] for word in step.words if word.startswith("--from=")), None)
        for source in sources:
            if origin:
                found = earlier[origin]._inside(source)  # noqa: SLF001 - another of the same
            else:
                assert source.rstrip("/") in let_in, f"{source} is kept out by .dockerignore"
                found = PROJECT / source
            there = self._inside(str(Path(place, target)))
            if found.is_dir():
                # What pip has compiled is meant to be there; what ran here before is not.
                kept_out = None if origin else shutil.ignore_patterns("__pycache__")
                shutil.copytree(found, there, symlinks=True, ignore=kept_out)
            else:
                shutil.copy(found, there / found.name if there.is_dir() else there)

    def _inside(self, path: str) -> Path:
        return self.folder / path.lstrip("/")

    def _apart(self, script: Sequence[str]) -> list[str]:
        """In mounts of its own, which are gone with it."""
        return ["unshare", "--mount", "sh", "-ec", "\n".join(script)]
