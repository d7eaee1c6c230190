"""Everything that the bot writes, with an interaction's token while it lasts and as an ordinary message otherwise."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from discord import ActionRow, AllowedMentions, Client, File, Message, Object
from discord.ui import View
from discord.utils import MISSING
from discord.webhook import Webhook

from adapters.chat.discord.handle import Handle
from adapters.chat.discord.wire import Late, translated
from adapters.chat.mishap import PlaceGone
from bot.ports import Clock

ORIGINAL = "@original"

MOST_READ = 1000
"""Messages, a hundred of them a call; in a busy channel the others hide what was sent."""

ASTRAY = timedelta(hours=1)
"""By which our clock may differ from Discord's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is to be written. `mention` is the user who is called."""

    text: str
    view: View | None = None
    mention: str = ""
    file: File | None = None
    mark: str = ""
    """The id of a button that no other message has, where this one may have been sent before."""
    since: datetime | None = None
    """When that was at the earliest."""

    @property
    def files(self) -> Sequence[File]:
        return [self.file] if self.file else []

    @property
    def called(self) -> AllowedMentions:
        """Nobody that a prompt names."""
        users = [Object(int(self.mention))] if self.mention else False
        return AllowedMentions(everyone=False, roles=False, replied_user=False, users=users)


class Writer:
    """Raises what `wire` names."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def has_token(self, handle: Handle) -> bool:
        return handle.has_token(self._clock.now().timestamp())

    async def send(self, channel: int, post: Post, nonce: str = "") -> Handle:
        """A message in its own right. What is sent again with its nonce, in some minutes, is still one message.

        Later, it is the one with the post's mark, where we may read what was written before.
        """
        there = await self._found(channel, post) if post.mark else None
        if there:
            return there
        with translated():
            sent = await self._client.get_partial_messageable(channel).send(
                post.text,
                view=post.view or MISSING,
                files=post.files,
                allowed_mentions=post.called,
                suppress_embeds=True,
                nonce=nonce or secrets.token_hex(8),
            )
        return Handle(channel=channel, message=sent.id, is_own=True)

    async def _found(self, channel: int, post: Post) -> Handle | None:
        with translated():
            async for message in self._client.get_partial_messageable(channel).history(limit=MOST_READ):
                if post.mark in _buttons(message):
                    return Handle(channel=channel, message=message.id, is_own=True)
                if post.since and message.created_at < post.since - ASTRAY:
                    break
        return None

    async def follow(self, handle: Handle, post: Post) -> Handle:
        """One more answer to the interaction. Raises `Late` once its token is gone."""
        with translated():
            sent = await self._hook(handle).send(
                post.text,
                view=post.view or MISSING,
                files=post.files,
                allowed_mentions=post.called,
                suppress_embeds=True,
                wait=True,
            )
        return replace(handle, message=sent.id)

    async def rewrite(self, handle: Handle, post: Post) -> Handle:
        """Raises `MessageGone` or `PlaceGone` where it can be changed in no way."""
        if self.has_token(handle):
            try:
                with translated():
                    edited = await self._hook(handle).edit_message(
                        _number(handle),
                        content=post.text,
                        view=post.view,
                        attachments=post.files,
                        allowed_mentions=post.called,
                    )
            except Late:
                handle = handle.without_token()
            else:
                return replace(handle, message=edited.id)
        if handle.message is None:
            raise PlaceGone("the interaction is over and nobody knows its message")
        message = self._client.get_partial_messageable(handle.channel).get_partial_message(handle.message)
        with translated():
            await message.edit(content=post.text, view=post.view, attachments=post.files, allowed_mentions=post.called)
        return handle.without_token()

    async def erase(self, handle: Handle) -> None:
        if self.has_token(handle):
            try:
                with translated():
                    await self._hook(handle).delete_message(_number(handle))
            except Late:
                pass
            else:
                return
        if handle.message is not None:
            message = self._client.get_partial_messageable(handle.channel).get_partial_message(handle.message)
            with translated():
                await message.delete()

    async def privately(self, user: str, post: Post, nonce: str) -> Handle:
        with translated():
            channel = await self._client.create_dm(Object(int(user)))
        return await self.send(channel.id, post, nonce)

    def _hook(self, handle: Handle) -> Webhook:
        if not self.has_token(handle) or handle.token is None or self._client.application_id is None:
            raise Late("the token of the interaction is gone")
        return Webhook.partial(self._client.application_id, handle.token, client=self._client)


def _buttons(message: Message) -> list[str | None]:
    rows = [row for row in message.components if isinstance(row, ActionRow)]
    return [button.custom_id for row in rows for button in row.children]


def _number(handle: Handle) -> int:
    # The library types what goes into the address as a number, and Discord takes this word there too.
    return handle.message or ORIGINAL  # type: ignore[return-value]
