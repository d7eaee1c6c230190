"""What admins lay down of what is filmed."""

from bot.access import ADULT, NO, YES
from bot.admin_words import NotUnderstood, Task, example
from bot.card import Card
from bot.decision import Ruling
from bot.matter import Matter, done
from bot.refusal import Refusal
from bot.rulebook import Rulebook
from bot.speech import say, sentence, unsaid
from bot.taboo import Kind, NoTaboo, Taboo, must_be_few, written
from bot.terms import Terms

ADULTS = "adults"
"""The word before what is only for them."""

SWITCH = {"on": YES, "off": NO}


class NotForbidden(Refusal):
    title = unsaid("Nothing to permit")
    is_an_order = False

    def __init__(self, spelling: str, where: str, *, is_in_file: bool) -> None:
        super().__init__(
            say("No admin has forbidden “{spelling}” {where}.", spelling=spelling, where=where),
            say("It stands in the operator's file, and can only be taken out there.")
            if is_in_file
            else say("/video_admin rules shows what is forbidden."),
        )


class Forbidding:
    def __init__(self, rulebook: Rulebook, terms: Terms) -> None:
        self._rulebook = rulebook
        self._terms = terms

    async def forbid(self, matter: Matter) -> Card:
        kind, words = Kind.BLOCK, matter.said.words
        if words.casefold().startswith(f"{ADULTS} "):
            kind, words = Kind.ADULT, words[len(ADULTS) :].strip()
        taboo = Taboo(spelling=_written(words), kind=kind, chat=matter.chat)
        there = {each.spelling for each in await self._rulebook.taboos(matter.chat) if each.chat == matter.chat}
        try:
            must_be_few({*there, taboo.spelling})
        except NoTaboo as why:
            raise _not_a_rule(why) from why
        await self._rulebook.decide(Ruling(forbidden=(taboo,)), matter.decision)
        told = (
            unsaid("“{spelling}” is not filmed {where}.")
            if kind is Kind.BLOCK
            else unsaid("“{spelling}” is not filmed {where}, except in places that are marked age-restricted.")
        )
        return done(say(told, spelling=taboo.spelling, where=matter.where))

    async def permit(self, matter: Matter) -> Card:
        """Only what admins have forbidden in the very same place."""
        spelling = _written(matter.said.words)
        there = [each.spelling for each in await self._rulebook.taboos(matter.chat) if each.chat == matter.chat]
        if spelling not in there:
            laid_down = [taboo.spelling for taboo in self._terms.taboos.in_chat(matter.chat)]
            raise NotForbidden(spelling, matter.where, is_in_file=spelling in laid_down)
        await self._rulebook.decide(Ruling(permitted=(spelling,)), matter.decision)
        return done(
            say(
                "“{spelling}” may be filmed {where}, as far as the operators permit it.",
                spelling=spelling,
                where=matter.where,
            )
        )

    async def adult(self, matter: Matter) -> Card:
        word = matter.said.words.casefold()
        if not matter.chat or word not in SWITCH:
            raise NotUnderstood(
                say("A chat is for adults, or it is not."),
                "\n".join((say("Say it in that chat."), example(Task.ADULT))),
            )
        await self._rulebook.decide(Ruling(terms=((ADULT, SWITCH[word]),)), matter.decision)
        return done(say("This chat is for adults.") if word == "on" else say("This chat is for everybody."))


def _written(words: str) -> str:
    try:
        return written(words)
    except NoTaboo as why:
        raise _not_a_rule(why) from why


def _not_a_rule(why: NoTaboo) -> NotUnderstood:
    return NotUnderstood(say("That cannot be forbidden. {reason}", reason=sentence(str(why))), example(Task.FORBID))
