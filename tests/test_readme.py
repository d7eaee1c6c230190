"""The README's tables say what the code does."""

import re
from pathlib import Path

from bot.flags import FLAGS, Flag
from bot.grammar import parse

README = (Path(__file__).parents[1] / "README.md").read_text()


def row(flag: Flag) -> str:
    also = ", ".join(f"`--{word}`" for word in (*flag.aliases, *(flag.fixed or {})))
    return f"| `--{flag.name}` | {also} | {flag.summary} | {flag.values.accepted} | {flag.default} |"


def test_the_table_of_flags_is_the_one_of_the_parser() -> None:
    table = [line for line in README.splitlines() if line.startswith("| `--")]
    assert table == [row(flag) for flag in FLAGS]


def test_every_spelling_in_the_text_means_what_the_text_says() -> None:
    asked = parse("a fox --ar 9:16").request
    for typed in ("—ar 9:16", "-AR 9x16", "--ar=tall"):
        assert typed in README
        assert parse(f"a fox {typed}").request == asked


def test_every_folder_in_the_text_exists() -> None:
    named = re.findall(r"^(\w+/) {2,}", README, re.MULTILINE)
    assert len(named) > 4
    for folder in named:
        assert (Path(__file__).parents[1] / folder).is_dir(), folder
