"""What Telegram says of the members of a group."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from telegram import Bot, Chat, ChatMember, ChatMemberRestricted
from telegram.constants import ChatMemberStatus

from adapters.chat.telegram.incoming import PLATFORM, is_private
from adapters.chat.telegram.wire import Moved, translated
from bot.ports import Clock
from bot.trouble import Trouble

MEMBERS, ADMINS = "members", "admins"
"""Circles are named by one of these and the chat, behind the platform."""

KNOWN_FOR = timedelta(minutes=5)
MOST_KNOWN = 5000

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Members:
    """Remembers for a while, so that not every order asks Telegram again."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._known: OrderedDict[tuple[str, int], tuple[datetime, frozenset[str]]] = OrderedDict()

    async def circles(self, wanted: Iterable[str], user: int) -> frozenset[str] | None:
        """To which of these they belong; `None` where Telegram does not tell, and what was known before may hold."""
        found: set[str] = set()
        for circle in wanted:
            platform, kind, chat = circle.split(":")
            kinds = await self._kinds(chat, user) if platform == PLATFORM else frozenset()
            if kinds is None:
                return None
            if kind in kinds:
                found.add(circle)
        return frozenset(found)

    async def _kinds(self, chat: str, user: int) -> frozenset[str] | None:
        now, key = self._clock.steady(), (chat, user)
        before = self._known.get(key)
        if before and now - before[0] < KNOWN_FOR:
            return before[1]
        try:
            with translated():
                member = await self._bot.get_chat_member(int(chat), user)
        except (Trouble, Moved):
            return None
        self._known[key] = (now, _kinds(member))
        self._known.move_to_end(key)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return self._known[key][1]


async def is_admin(chat: Chat, user: int) -> bool:
    """False where Telegram does not tell."""
    if is_private(chat):
        return False
    try:
        with translated():
            return (await chat.get_member(user)).status in _ADMINS
    except (Trouble, Moved):
        return False


def _kinds(member: ChatMember) -> frozenset[str]:
    if member.status in _ADMINS:
        return frozenset({MEMBERS, ADMINS})
    is_there = member.status == ChatMemberStatus.MEMBER or (
        isinstance(member, ChatMemberRestricted) and member.is_member
    )
    return frozenset({MEMBERS} if is_there else ())
