"""`rushes admin`, `grant`, `pause` and `resume`: what `/video_admin` lays down, said in the shell."""

import argparse

from bot.admin_words import Task, read
from bot.desk import Deed
from bot.errands import Answer
from rushes.office import Office, in_the_shell, worked
from rushes.tables import as_json, say

_WRONG = 1


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        return answered(await _obeyed(office, chosen), as_script=chosen.json, chat=chosen.chat)

    return worked(work)


def answered(answer: Answer, *, as_script: bool, chat: str = "") -> int:
    """The exit code."""
    lines = [in_the_shell(line, chat) for line in answer.lines]
    if as_script:
        as_json({"is_done": answer.is_done, "lines": lines})
    else:
        say(*lines)
    return 0 if answer.is_done else _WRONG


async def _obeyed(office: Office, chosen: argparse.Namespace) -> Answer:
    words = [(await office.whom(word)).key if word.startswith("@") else word for word in _words(chosen)]
    said = read(" ".join(("/", *words)))
    if said.task is Task.CANCEL:
        return await office.do(Deed.CANCEL, said.words, said.why)
    about = await office.whom(chosen.who) if chosen.who else None
    card = await office.desk.say(office.operator, " ".join(words), chat=chosen.chat, about=about)
    return Answer(is_done=True, lines=(card.title, *card.lines))


def _words(chosen: argparse.Namespace) -> list[str]:
    match chosen.command:
        case "grant":
            length = f"for {chosen.length}" if chosen.length else ""
            why = f"because of {chosen.because}" if chosen.because else ""
            return f"grant {chosen.amount} {length} {why}".split()
        case "pause":
            return ["pause", *" ".join(chosen.why).split()]
        case "resume":
            return ["resume"]
        case _:
            return " ".join(chosen.words).split()
