"""A chat that goes on under another number, as a Telegram group does when it becomes a supergroup."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.card import Card
from bot.house import House
from bot.rules import Rules
from bot.speech import say
from bot.taboo import Taboos
from bot.terms import Terms


class Moving:
    def __init__(self, house: House) -> None:
        self._house = house

    async def moved(self, platform: str, chat: str, chat_now: str) -> None:
        """However often, and from however many sides, that is told."""
        before, now = f"{platform}:{chat}", f"{platform}:{chat_now}"
        if not await self._house.rulebook.moved(before, now):
            return
        rules, taboos = self._house.terms.rules, self._house.terms.taboos
        renumber(self._house.terms, [(before, now)])
        rules = replace(rules, moves=self._house.terms.rules.moves)
        if (rules, taboos) != (self._house.terms.rules, self._house.terms.taboos):
            self._house.operators.tell(lambda: _moved_card(before, now))


def _moved_card(before: str, now: str) -> Card:
    return Card(
        title=say("{before} is {now} from now on", before=before, now=now),
        lines=(say("What the file says of the chat goes on to hold."), say("Write its new number there in time.")),
    )


def renumber(terms: Terms, moves: Iterable[tuple[str, str]]) -> None:
    """What a file says that may know none of these moves holds for the chats as they are now."""
    for before, now in moves:
        name = _naming(before, now)
        terms.rules = replace(_renamed(terms.rules, name), moves=(*terms.rules.moves, (before, now)))
        terms.taboos = _forbidden(terms.taboos, name)


def _naming(before: str, now: str) -> Callable[[str], str]:
    """Of the chat, of one of its topics, or of a circle that is named after it."""
    (platform, _, chat), chat_now = before.partition(":"), now.partition(":")[2]

    def name(key: str) -> str:
        if key == before or key.startswith(f"{before}/"):
            return now + key.removeprefix(before)
        if key.startswith(f"{platform}:") and key.endswith(f":{chat}"):
            return key.removesuffix(chat) + chat_now
        return key

    return name


def _renamed(rules: Rules, name: Callable[[str], str]) -> Rules:
    limits = {(name(chat), scope, name(key), cap): most for (chat, scope, key, cap), most in rules.limits.items()}
    zones = {name(chat): zone for chat, zone in rules.zones.items()}
    return replace(
        rules,
        # What is said of the new number itself goes before.
        limits=limits | {shelf: most for shelf, most in rules.limits.items() if shelf in limits},
        members={tier: tuple(map(name, keys)) for tier, keys in rules.members.items()},
        zones=zones | {chat: zone for chat, zone in rules.zones.items() if chat in zones},
        access=replace(
            rules.access,
            people=frozenset(map(name, rules.access.people)),
            chats=frozenset(map(name, rules.access.chats)),
            not_in=frozenset(map(name, rules.access.not_in)),
        ),
    )


def _forbidden(taboos: Taboos, name: Callable[[str], str]) -> Taboos:
    return replace(taboos, each=tuple(replace(taboo, chat=name(taboo.chat)) for taboo in taboos.each))
