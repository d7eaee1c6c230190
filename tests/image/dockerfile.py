"""A Dockerfile, read as far as ours goes."""

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class Step(NamedTuple):
    word: str
    """In capitals."""
    said: str

    @property
    def words(self) -> list[str]:
        """Of the form without a shell, or of a list of paths."""
        return [str(word) for word in json.loads(self.said)] if self.said.startswith("[") else shlex.split(self.said)


class Stage(NamedTuple):
    name: str
    steps: Sequence[Step]

    def last(self, word: str) -> Step:
        return [step for step in self.steps if step.word == word][-1]


def stages(file: Path) -> list[Stage]:
    found: list[tuple[str, list[Step]]] = []
    for step in _steps(file.read_text()):
        if step.word == "FROM":
            found.append((step.said.partition(" AS ")[2], []))
        elif found:
            found[-1][1].append(step)
    return [Stage(name, steps) for name, steps in found]


def _steps(text: str) -> Iterator[Step]:
    lines = (line.strip() for line in text.splitlines() if not line.lstrip().startswith("#"))
    whole = "\n".join(lines).replace("\\\n", " ")
    for line in filter(None, whole.splitlines()):
        word, _, said = line.partition(" ")
        yield Step(word.upper(), said.strip())


def let_in(file: Path) -> set[str]:
    """What a .dockerignore that begins with everything leaves of the project."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    return {line.removeprefix("!") for line in lines if line.startswith("!")}
