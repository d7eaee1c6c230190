"""Files that are about to be written: their new text, what is different in it, and the writing."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from rushes.settings import SECRETS
from rushes.trouble import CannotStart

_PLAIN = re.compile(r"[\w:./@%+=,-]+")
_SETTING = re.compile(r"\s*(?:export\s+)?(?P<name>RUSHES_\w+)\s*=")
_HIDDEN = "••••••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    file: Path
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        return self.before != self.after

    def difference(self) -> Iterator[str]:
        """Line by line, as `diff -u` shows it, without a secret."""
        old, new = _hidden(self.before, self.after, "before"), _hidden(self.after, self.before, "now")
        name = str(self.file)
        return difflib.unified_diff(old, new, f"{name} (as it is)", f"{name} (as proposed)", lineterm="")

    def write(self) -> None:
        """Whole or not at all, for this user alone. Raises `CannotStart`."""
        part = self.file.with_name(f"{self.file.name}.{token_hex(4)}.part")
        try:
            number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(number, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a path cannot give rights
                stream.write(self.after)
                stream.flush()
                os.fsync(number)
            part.replace(self.file)
        except OSError as error:
            remedy = "Let this user write to a folder that is there"
            raise CannotStart(f"{self.file} cannot be written ({error.strerror})", remedy) from error
        finally:
            part.unlink(missing_ok=True)


def draft(file: Path, after: str) -> Draft:
    return Draft(file=file, before=text_of(file), after=after)


def with_settings(text: str, values: Mapping[str, str]) -> str:
    """The text of a `.env`, with these values where they stood, or else at its end."""
    lines: list[str] = []
    left = dict(values)
    for line in text.splitlines():
        found = _SETTING.match(line)
        name = found["name"] if found else ""
        if name in left:
            lines.append(_line(name, left.pop(name)))
        elif name not in values:
            lines.append(line)
    return "".join(f"{line}\n" for line in (*lines, *(_line(name, value) for name, value in left.items())))


def text_of(file: Path) -> str:
    """Nothing where there is none. Raises `CannotStart`."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{file} cannot be read", "Make it a text file that this user may read") from error


def _line(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{quoted}'"


def _hidden(text: str, other: str, when: str) -> list[str]:
    """A secret that is another one in the other text is told to be so."""
    same = set(other.splitlines())
    return [_without_secret(line, "" if line in same else f" ({when})") for line in text.splitlines()]


def _without_secret(line: str, told: str) -> str:
    found = _SETTING.match(line)
    if found is None or found["name"] not in SECRETS or not line[found.end() :].strip():
        return line
    return f"{found[0]}{_HIDDEN}{told}"
