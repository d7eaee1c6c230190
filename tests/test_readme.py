"""The README's tables say what the code does."""

import re
from dataclasses import replace
from pathlib import Path

from bot.card import Order, Reply, RequestCard
from bot.flags import FLAGS, Flag
from bot.grammar import parse
from tests.stage import ANN, BOB, LOBBY, OWNER, staged

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


async def test_a_chat_is_set_up_by_what_the_text_says(tmp_path: Path) -> None:
    said = re.findall(r"^\| `(/video_admin [^`]+)` \| (.+) \|$", README, re.MULTILINE)
    assert len(said) > 7
    async with staged(tmp_path) as stage:
        await stage.order(by=replace(ANN, handle="ann"))
        for number, (command, answer) in enumerate(said):
            order = Order(
                identity=replace(BOB, user="admin"), place=LOBBY, event=f"{number}", text=command, is_admin=yes
            )
            assert (await stage.studio.say(order)).lines == (answer,)
        card = await stage.studio.order(Order(identity=BOB, place=LOBBY, event="first", text="/video a fox"))
        assert isinstance(card, RequestCard)
        named = re.findall(r"`((?:Approve|Deny|Tier \w+))`", README)
        assert [choice.label for choice in card.choices] == named
        await stage.studio.answer(Reply(identity=OWNER, place=LOBBY, request=card.request, typed="tier guests"))
        assert [job.identity for job in await stage.store.unfinished()] == [ANN, BOB]
        for command in re.findall(r"`(/video_admin(?: (?:help|everywhere [^`]+))?)`", README):
            await stage.say(command)


async def yes() -> bool:
    return True
