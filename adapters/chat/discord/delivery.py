"""A finished clip on its way into the channel: a message of its own that calls whoever ordered it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from discord import Client, File

from adapters.chat.discord.buttons import id_of, view
from adapters.chat.discord.handle import Handle, handle_in
from adapters.chat.discord.incoming import channel_of, guild_of
from adapters.chat.discord.rendering import MOST, link_text, result_text
from adapters.chat.discord.writing import Post, Writer
from adapters.chat.ladder import down_the_ladder
from adapters.chat.mishap import MessageGone, PlaceGone
from bot.card import JobCard, Verb
from bot.job import Clip, Job
from bot.ports import Library
from bot.speech import say, speaking, unsaid
from bot.trouble import Undeliverable

SMALLEST_LIMIT = 10 * 1024 * 1024
"""Bytes of a file where nobody paid for more."""

ROUND_IT = 64 * 1024
"""Bytes that stand around a file in an upload."""

PLACE_GONE = unsaid("The channel could not be written to.")

log = logging.getLogger(__name__)

Send = Callable[[Post], Awaitable[Handle]]


def receipt_in(job: Job) -> Handle | None:
    return handle_in(job.receipt)


class Delivery:
    def __init__(self, client: Client, writer: Writer, library: Library) -> None:
        self._client = client
        self._writer = writer
        self._library = library

    async def deliver(self, job: Job, card: JobCard, status: str | None, *, maybe_sent: bool) -> Handle:
        """Raises like `bot.ports.Chat.deliver`. `status` is the message that shows how the job goes on.

        With the job's own nonce, or its button, a second try is the same message. A copy of what arrived before is
        another one.
        """
        nonce = "" if job.receipt else str(job.id)
        since = job.phase_since if maybe_sent else None
        handle = handle_in(status)

        async def into_channel(post: Post) -> Handle:
            return await self._writer.send(channel_of(job.place), post, nonce)

        try:
            return await self._send(card, self._limit(job), into_channel, since=since)
        except (PlaceGone, MessageGone) as gone:
            log.info("not in the channel: %s", gone.detail, extra={"job": job.id})
            return await self._otherwise(job, card, handle, since)

    async def _otherwise(self, job: Job, card: JobCard, handle: Handle | None, since: datetime | None) -> Handle:
        """Where we are no member, as an answer to the command while that is possible; else privately."""
        if handle and self._writer.has_token(handle):

            async def as_answer(post: Post) -> Handle:
                # It may stand there already; an edit can be repeated.
                return await (self._writer.rewrite if since else self._writer.follow)(handle, post)

            try:
                return await self._send(card, handle.limit or SMALLEST_LIMIT, as_answer, since=since)
            except Undeliverable as gone:
                log.info("not as an answer either: %s", gone.detail, extra={"job": job.id})

        async def privately(post: Post) -> Handle:
            with speaking(card.language):
                told = replace(post, text=f"{say(PLACE_GONE)}\n{post.text}"[:MOST])
            return await self._writer.privately(job.identity.user, told, f"p{job.id}")

        # What was for adults there may be seen by anybody here.
        covered = replace(card, spoiler=card.spoiler or job.adult)
        return await self._send(covered, SMALLEST_LIMIT, privately, since=since)

    async def _send(self, card: JobCard, limit: int, send: Send, *, since: datetime | None) -> Handle:
        """`since` is when it may have been sent before, if at all."""
        clip = card.clip
        if clip is None:
            raise Undeliverable("the clip was deleted")

        mark = id_of(Verb.DELETE, card.job) if since else ""
        post = Post(text=result_text(card), view=view(card), mention=card.by.user, mark=mark, since=since)

        async def upload(fitted: Clip) -> Handle:
            path = self._library.file(fitted)
            file = await asyncio.to_thread(File, path, filename=clip.name, spoiler=card.spoiler)
            try:
                return await send(replace(post, file=file))
            finally:
                file.close()

        sent = await down_the_ladder(self._library, clip, limit - ROUND_IT, upload)
        return sent or await send(replace(post, text=self._link_text(card, clip)))

    def _link_text(self, card: JobCard, clip: Clip) -> str:
        link = self._library.link(clip)
        if link is None:
            raise Undeliverable(
                f"{clip.size:,} bytes are more than the channel takes, and RUSHES_PUBLIC_URL is not set for a link"
            )
        return link_text(card, link)

    def _limit(self, job: Job) -> int:
        """As it is now: a server's boosts come and go."""
        known = self._client.get_guild(guild_of(job.place))
        return known.filesize_limit if known else SMALLEST_LIMIT
