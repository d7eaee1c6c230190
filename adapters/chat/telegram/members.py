"""What Telegram says of the members of a group."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from telegram import Bot, Chat, ChatMember, ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted
from telegram.constants import ChatMemberStatus

from adapters.chat.mishap import PlaceGone
from adapters.chat.telegram.incoming import PLATFORM, is_private
from adapters.chat.telegram.wire import Moved, translated
from bot.access import Presence
from bot.card import nobody
from bot.job import Identity, Place
from bot.ports import Clock
from bot.refusal import Refusal
from bot.speech import say, unsaid
from bot.trouble import Trouble, Undeliverable

MEMBERS, ADMINS = "members", "admins"
"""Circles are named by one of these and the chat, behind the platform."""

KNOWN_FOR, ADMIN_FOR, UNTOLD_FOR = timedelta(minutes=5), timedelta(seconds=30), timedelta(seconds=10)
"""For a circle, for what only admins may, and where Telegram did not tell."""

MOST_KNOWN = 5000

SECONDS = 5.0
"""For which somebody who orders waits to be known."""


class NotTold(Refusal):
    title = unsaid("Just a moment")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("Telegram does not tell right now who is an admin here."), say("Try again in a minute."))


@dataclass(frozen=True, slots=True)
class Standing:
    """Of somebody in a chat."""

    kinds: frozenset[str] = frozenset()
    is_anonymous: bool = False
    """Whether it is an admin who speaks in the name of the group."""


class Members:
    """Remembers for a while, so that not every order asks Telegram again."""

    def __init__(self, bot: Bot, clock: Clock, wanted: Callable[[str, str], Awaitable[Iterable[str]]]) -> None:
        """`wanted` are the circles of a platform that matter in a chat."""
        self._bot = bot
        self._clock = clock
        self._wanted = wanted
        self._known: OrderedDict[tuple[str, int], tuple[datetime, Standing | None]] = OrderedDict()

    async def presence(self, place: Place, by: Identity) -> Presence:
        wanted = await self._wanted(PLATFORM, place.chat)
        if place.is_private or not by.user.startswith("-"):
            circles = await self._circles(wanted, int(by.user))
        elif by.user == place.chat:
            circles = frozenset(wanted) & {f"{PLATFORM}:{kind}:{place.chat}" for kind in (MEMBERS, ADMINS)}
        else:
            circles = None
        return Presence(circles=circles)

    def ruling(self, chat: Chat, by: Identity) -> Callable[[], Awaitable[bool]]:
        """Whether they are an admin there, for when it matters. Raises `NotTold`."""
        if is_private(chat):
            return nobody
        if by.user.startswith("-"):
            # In the name of a group speak its admins; in that of a channel, those of the channel.
            return _everybody if by.user == str(chat.id) else nobody
        return partial(self._rules, chat, int(by.user))

    async def is_admin(self, chat: Chat, user: int) -> bool:
        """False where Telegram does not tell."""
        standing = await self.standing(chat, user)
        return standing is not None and ADMINS in standing.kinds

    async def standing(self, chat: Chat, user: int) -> Standing | None:
        """As of a moment ago; `None` where Telegram does not tell."""
        return Standing() if is_private(chat) else await self._standing(str(chat.id), user, ADMIN_FOR)

    async def _rules(self, chat: Chat, user: int) -> bool:
        standing = await self.standing(chat, user)
        if standing is None:
            raise NotTold
        return ADMINS in standing.kinds

    async def _circles(self, wanted: Iterable[str], user: int) -> frozenset[str] | None:
        """To which of these they belong; `None` where Telegram does not tell, and what was known before may hold."""
        found: set[str] = set()
        for circle in wanted:
            platform, kind, chat = circle.split(":")
            standing = await self._standing(chat, user, KNOWN_FOR) if platform == PLATFORM else Standing()
            if standing is None:
                return None
            if kind in standing.kinds:
                found.add(circle)
        return frozenset(found)

    async def _standing(self, chat: str, user: int, known_for: timedelta) -> Standing | None:
        now, key = self._clock.steady(), (chat, user)
        if before := self._known.get(key):
            at, standing = before
            if now - at < (known_for if standing else UNTOLD_FOR):
                return standing
        self._known[key] = now, await self._ask(int(chat), user)
        self._known.move_to_end(key)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return self._known[key][1]

    async def _ask(self, chat: int, user: int) -> Standing | None:
        try:
            with translated():
                return _standing(await self._bot.get_chat_member(chat, user, read_timeout=SECONDS))
        except PlaceGone:
            return Standing()
        except Undeliverable:
            return await self._among_admins(chat, user)
        except (Trouble, Moved):
            return None

    async def _among_admins(self, chat: int, user: int) -> Standing | None:
        """A group may hide its members, and never hides its admins."""
        try:
            with translated():
                admins = await self._bot.get_chat_administrators(chat, read_timeout=SECONDS)
        except Undeliverable:
            return Standing()
        except (Trouble, Moved):
            return None
        return next((_standing(admin) for admin in admins if admin.user.id == user), Standing())


async def _everybody() -> bool:
    return True


def _standing(member: ChatMember) -> Standing:
    if isinstance(member, ChatMemberOwner | ChatMemberAdministrator):
        return Standing(frozenset({MEMBERS, ADMINS}), member.is_anonymous)
    is_there = member.status == ChatMemberStatus.MEMBER or (
        isinstance(member, ChatMemberRestricted) and member.is_member
    )
    return Standing(frozenset({MEMBERS} if is_there else ()))
