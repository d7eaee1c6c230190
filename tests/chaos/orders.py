"""What members order, on either platform, and what can be seen of it in the chats."""

import asyncio
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adapters.chat.telegram.answers import LONGEST_WAIT, NO_ROOM
from tests import hurried
from tests.chaos.scene import Cast, TelegramPlace, pause, until
from tests.chaos.sights import Seen, Sort, sort_of
from tests.chaos.wishes import SHARES, Kind, Wish
from tests.discord_api import messages as discord_messages
from tests.discord_api import people as discord_people
from tests.discord_api.interactions import Interaction
from tests.telegram_api import messages as telegram_messages
from tests.telegram_api import people as telegram_people

PATIENCE = 3.5
"""Seconds after which Discord tells a member that the application did not respond, and they order again."""

ANSWER_SECONDS = LONGEST_WAIT + hurried.SPEED
"""By everybody's clock: an answer waits for room in its chat, and a second of ours for all that goes on besides."""

AGAIN_SECONDS = 1.0
"""After which a member presses a button again that has done nothing."""


class Order(Protocol):
    wish: Wish
    platform: str

    async def send(self) -> None:
        """As the member does it, until there is nothing more for them to do."""
        ...

    def was_heard_in_vain(self) -> bool:
        """Whether the life that heard of it last was killed before it had answered for certain."""
        ...

    def events(self) -> Sequence[str]:
        """The platform's own ids of what was sent: more than one where Discord said that nobody responded."""
        ...

    def seen(self, job: str | None) -> Sequence[Seen]:
        """What stands in the chats about it."""
        ...


ALONE = frozenset({Kind.CANCELLED, Kind.MODERATED})
"""Of somebody who orders nothing else: `/cancel` means the latest order, and moderation ends in a pause."""


@dataclass
class TelegramOrder:
    cast: Cast
    wish: Wish
    member: telegram_people.Member
    place: TelegramPlace
    asked: telegram_messages.Message | None = None
    platform: str = "telegram"

    async def send(self) -> None:
        self.asked = await self._says(f"/video {self.wish.text}")
        match self.wish.kind:
            case Kind.AMENDED:
                await self.cast.scene.telegram.edits(self.asked, f"/video {self.wish.amended}")
            case Kind.CANCELLED:
                await until(lambda: self._buttons("Cancel", Sort.PROMISE) or self._is_over())
                await self._says("/cancel")
            case Kind.DELETED:
                await until(lambda: self._buttons("Delete", Sort.CLIP) or self._is_over())
                await self._delete(next(member for member in self.cast.telegram if member is not self.member))
                while self._buttons("Delete", Sort.CLIP) and not self._is_deleted():
                    await self._delete(self.member)

    def events(self) -> Sequence[str]:
        return [f"{self.asked.chat.id}/{self.asked.id}"] if self.asked else []

    def seen(self, job: str | None) -> Sequence[Seen]:  # noqa: ARG002 - what stands there is an answer to the command
        return [*map(self._seen, self._answers()), *self._signs()]

    def was_heard_in_vain(self) -> bool:
        scene = self.cast.scene
        heard = scene.telegram.world.updates.confirmed.get(self.asked.update_id or 0) if self.asked else None
        return heard is not None and scene.death_of(heard.by) - heard.at < ANSWER_SECONDS

    def _signs(self) -> Sequence[Seen]:
        """In a chat that takes no more messages for a while a refusal is but a sign on the command."""
        is_refused = self.asked is not None and NO_ROOM in self.asked.reactions
        return [Seen(sort=Sort.REFUSAL, at=math.inf, by="", mark="")] if is_refused else []

    def _seen(self, message: telegram_messages.Message) -> Seen:
        return Seen(
            sort=Sort.CLIP if message.media else sort_of(message.text),
            at=message.now.at if message.media else message.at,
            by=message.now.by,
            mark=f"{message.chat.id}/{message.id}",
            sha256=message.media.sha256 if message.media else "",
            is_in_place=message.thread == self.place.thread,
        )

    async def _delete(self, by: telegram_people.Member) -> None:
        for message, data in self._buttons("Delete", Sort.CLIP):
            await self.cast.scene.telegram.presses(by, message, data)
        await asyncio.sleep(AGAIN_SECONDS)

    def _buttons(self, label: str, sort: Sort) -> list[tuple[telegram_messages.Message, str]]:
        return [
            (message, button.data or "")
            for message in self._answers()
            for button in message.buttons
            if label in button.text and self._seen(message).sort is sort
        ]

    def _is_over(self) -> bool:
        return any(seen.sort is Sort.ENDING for seen in self.seen(None))

    def _is_deleted(self) -> bool:
        return any(job["deleted"] for job in self.cast.scene.jobs_of(self.platform, self.events()))

    def _answers(self) -> list[telegram_messages.Message]:
        replies = self.cast.scene.telegram.replies(self.place.chat)
        return [message for message in replies if message.reply_to is self.asked]

    async def _says(self, text: str) -> telegram_messages.Message:
        return await self.cast.scene.telegram.says(self.member, self.place.chat, text, thread=self.place.thread)


@dataclass
class DiscordOrder:
    cast: Cast
    wish: Wish
    member: discord_people.Member
    channel: discord_people.Channel
    tries: list[Interaction] = field(default_factory=list)
    platform: str = "discord"

    async def send(self) -> None:
        while True:
            made = await self._says("video", prompt=self.wish.text)
            self.tries.append(made)
            if await self._is_heard(made):
                break
        match self.wish.kind:
            case Kind.CANCELLED:
                await until(lambda: self._buttons("Cancel", Sort.PROMISE) or self._is_over())
                while not self._is_over():
                    await self._says("cancel")
                    await asyncio.sleep(AGAIN_SECONDS)
            case Kind.DELETED:
                await until(lambda: self._buttons("Delete", Sort.CLIP) or self._is_over())
                await self._delete(next(member for member in self.cast.discord if member is not self.member))
                while self._buttons("Delete", Sort.CLIP) and not self._is_deleted():
                    await self._delete(self.member)

    def was_heard_in_vain(self) -> bool:
        """Never: who is not answered orders again."""
        return False

    def events(self) -> Sequence[str]:
        return [str(made.id) for made in self.tries]

    def seen(self, job: str | None) -> Sequence[Seen]:
        """What answers the interaction, or was sent in the name of the job."""
        return [self._seen(message) for message in self._answers(job)]

    def _seen(self, message: discord_messages.Message) -> Seen:
        return Seen(
            sort=self._sort_of(message),
            at=message.now.at if message.attachments else message.at,
            by=message.now.by,
            mark=str(message.id),
            sha256=message.attachments[0].sha256 if message.attachments else "",
            is_in_place=self.member in message.pings.members,
        )

    def _sort_of(self, message: discord_messages.Message) -> Sort:
        if message.is_thinking:
            return Sort.THOUGHT
        return Sort.CLIP if message.attachments else sort_of(message.content.removeprefix(f"<@{self.member.id}> "))

    def _answers(self, job: str | None) -> list[discord_messages.Message]:
        events = self.events()
        return [
            message
            for message in self.cast.scene.discord.replies(self.channel)
            if str(message.metadata.get("id")) in events or (job and message.nonce.endswith(job))
        ]

    async def _delete(self, by: discord_people.Member) -> None:
        for message, data in self._buttons("Delete", Sort.CLIP):
            await self.cast.scene.discord.presses(by, message, data)
        await asyncio.sleep(AGAIN_SECONDS)

    def _buttons(self, label: str, sort: Sort) -> list[tuple[discord_messages.Message, str]]:
        return [
            (message, button.data or "")
            for message in self._answers(self._job())
            for button in message.buttons
            if label in button.text and self._seen(message).sort is sort
        ]

    def _is_over(self) -> bool:
        return any(seen.sort is Sort.ENDING for seen in self.seen(self._job()))

    def _is_deleted(self) -> bool:
        return any(job["deleted"] for job in self.cast.scene.jobs_of(self.platform, self.events()))

    def _job(self) -> str | None:
        jobs = self.cast.scene.jobs_of(self.platform, self.events())
        return str(jobs[0]["id"]) if jobs else None

    async def _says(self, name: str, **options: str) -> Interaction:
        server = self.cast.scene.discord
        await until(lambda: server.world.sessions.connected and server.world.commands.find(name, None))
        return await server.commands(self.member, self.channel, name, **options)

    async def _is_heard(self, made: Interaction) -> bool:
        """Not where Discord says that nobody responded: after three seconds, or after a quarter of an hour of thought.

        The member does not sit that out here: who thought has died, and nothing is written down of it.
        """
        scene = self.cast.scene
        kills = len(scene.kills)
        try:
            await scene.discord.until(lambda: made.is_acknowledged, PATIENCE)
        except TimeoutError:
            return False
        while made.is_thinking and not scene.jobs_of(self.platform, [str(made.id)]):
            if len(scene.kills) > kills:
                return False
            await pause()
        return True


def orders(cast: Cast, count: int, seed: int) -> Iterator[Order]:
    """So many, about half of them on either platform, and two of each kind in any case."""
    dice = random.Random(seed)  # noqa: S311 - the same in every run
    kinds = dice.choices(list(SHARES), list(SHARES.values()), k=count)
    # Their number is odd, so that each is there on both platforms; last, where a life has become long enough for them.
    kinds[-2 * len(Kind) :] = [*Kind, *Kind]
    for number, kind in enumerate(kinds):
        # Only on Telegram can a command be changed.
        ordered = _on_telegram if kind is Kind.AMENDED or number % 2 else _on_discord
        yield ordered(cast, Wish(number, kind), dice)


def _on_telegram(cast: Cast, wish: Wish, dice: random.Random) -> TelegramOrder:
    server = cast.scene.telegram
    if wish.kind in ALONE:
        member = server.member(f"Loner {wish.number}")
        return TelegramOrder(cast, wish, member, TelegramPlace(server.private(member)))
    member = dice.choice(cast.telegram)
    alone = [] if wish.kind is Kind.DELETED else [TelegramPlace(server.private(member))]
    return TelegramOrder(cast, wish, member, dice.choice([*alone, *cast.telegram_places]))


def _on_discord(cast: Cast, wish: Wish, dice: random.Random) -> DiscordOrder:
    server = cast.scene.discord
    if wish.kind in ALONE:
        guest = server.member(f"Loner {wish.number}")
        return DiscordOrder(cast, wish, guest, server.dm(guest))
    guest = dice.choice(cast.discord)
    alone = [] if wish.kind is Kind.DELETED else [server.dm(guest)]
    return DiscordOrder(cast, wish, guest, dice.choice([*alone, *cast.discord_channels]))
