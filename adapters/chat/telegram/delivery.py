"""A finished clip on its way into the chat: as it is, else made to fit, else as a link."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from telegram import Bot, InputFile, InputMediaVideo, Message

from adapters.chat.ladder import down_the_ladder
from adapters.chat.mishap import MessageGone, PlaceGone
from adapters.chat.telegram.incoming import mark_of
from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.telegram.pace import Lane, is_private
from adapters.chat.telegram.rendering import caption, link_text, sending_text
from adapters.chat.telegram.text import Text
from adapters.chat.telegram.wire import FileForgotten, Unchanged
from adapters.chat.telegram.writing import Writer
from bot.card import JobCard
from bot.job import Clip, Job, JobId, Place
from bot.ports import Library
from bot.speech import say, speaking
from bot.trouble import DeliveryUnknown, Undeliverable

MOST_BYTES, MOST_BYTES_LOCAL = 49_900_000, 1_999_000_000
"""Of a file, a little under the limits: what stands around it in the upload counts too."""

READ_SECONDS, WRITE_SECONDS = 300.0, 120.0
"""For an answer after an upload, and for one piece of it to leave on a slow line."""

Posted = Callable[[JobId, str], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the clip stands, and what sends it again without an upload."""

    mark: str
    file_id: str | None = None

    def written(self) -> str:
        return json.dumps({"mark": self.mark, "file_id": self.file_id})


def receipt_in(job: Job) -> Receipt | None:
    return Receipt(**json.loads(job.receipt)) if job.receipt else None


def has_file(job: Job) -> bool:
    """Whether Telegram can send the clip again by its name for it."""
    receipt = receipt_in(job)
    return bool(receipt and receipt.file_id)


@dataclass(frozen=True, slots=True)
class Footage:
    """What can be sent: an upload, or something Telegram has already."""

    clip: Clip
    video: InputFile | str
    thumbnail: InputFile | None = None


class Delivery:
    def __init__(self, bot: Bot, writer: Writer, library: Library, limit: int, posted: Posted) -> None:
        """`limit` is in bytes; `posted` hears of a message that was written to be replaced by the clip."""
        self._bot = bot
        self._writer = writer
        self._library = library
        self._limit = limit
        self._posted = posted

    async def deliver(self, job: Job, card: JobCard, status: str | None, *, maybe_sent: bool) -> Receipt:
        """Raises like `bot.ports.Chat.deliver`. `status` is the message that shows how the job goes on."""
        sending = _Sending(job, card, job.place)
        try:
            if maybe_sent:
                return await self._in_place_of_status(sending, status)
            return await self._send(sending)
        except PlaceGone as gone:
            there = _privately(sending, gone)
            # What may have arrived there becomes the next status, so that this is not the way of a third try.
            return await (self._in_place_of_status(there, None) if maybe_sent else self._send(there))

    async def _send(self, sending: "_Sending") -> Receipt:
        before = receipt_in(sending.job)
        if before and before.file_id and sending.card.clip:
            try:
                return await self._send_video(sending, Footage(sending.card.clip, before.file_id))
            except FileForgotten:
                log.warning("Telegram no longer has the clip; uploading it", extra={"job": sending.job.id})

        async def upload(clip: Clip) -> Receipt:
            async with self._footage(clip) as footage, self._writer.uploading(sending.place):
                return await self._send_video(sending, footage)

        sent = await down_the_ladder(self._library, sending.clip, self._limit, upload)
        return sent or await self._send_link(sending)

    @asynccontextmanager
    async def _footage(self, clip: Clip) -> AsyncIterator[Footage]:
        """The library reads a path or a handle whole unless it is told not to, so that memory grows with the clip."""
        picture = await self._library.thumbnail(clip)
        thumbnail = None
        if picture:
            thumbnail = InputFile(await asyncio.to_thread(picture.read_bytes), "thumbnail.jpg", attach=True)
        handle = await asyncio.to_thread(_opened, self._library.file(clip))
        try:
            yield Footage(clip, InputFile(handle, clip.name, attach=True, read_file_handle=False), thumbnail)
        finally:
            handle.close()

    async def _send_video(self, sending: "_Sending", footage: Footage) -> Receipt:
        words, clip, place = sending.caption(), footage.clip, sending.place
        message = await self._writer.call(
            place.chat,
            # A copy must not take the room of what somebody waits for.
            Lane.REPLY if sending.job.receipt else Lane.FINAL,
            lambda chat: self._bot.send_video(
                chat,
                footage.video,
                duration=round(clip.seconds),
                width=clip.width,
                height=clip.height,
                thumbnail=footage.thumbnail,
                supports_streaming=True,
                has_spoiler=sending.card.spoiler,
                caption=str(words),
                caption_entities=words.entities,
                reply_markup=keyboard(sending.card),
                message_thread_id=self._writer.thread(place, chat),
                reply_parameters=self._writer.reply(place, chat),
                read_timeout=READ_SECONDS,
                write_timeout=WRITE_SECONDS,
            ),
        )
        return _receipt(message)

    async def _in_place_of_status(self, sending: "_Sending", status: str | None) -> Receipt:
        """The clip may have arrived, and nobody can look. An edit can be repeated: at most one copy is seen besides."""
        mark = status or await self._stand_in(sending)

        async def upload(clip: Clip) -> Receipt:
            async with self._footage(clip) as footage, self._writer.uploading(sending.place):
                return await self._replace(sending, mark, footage)

        async def put_there() -> Receipt:
            put = await down_the_ladder(self._library, sending.clip, self._limit, upload)
            return put or await self._link_in_place(sending, mark)

        try:
            return await put_there()
        except MessageGone:
            mark = await self._stand_in(sending)
            return await put_there()

    async def _stand_in(self, sending: "_Sending") -> str:
        mark = await self._writer.write(sending.place, sending_text(sending.card), lane=Lane.FINAL)
        await self._posted(sending.job.id, mark)
        return mark

    async def _replace(self, sending: "_Sending", mark: str, footage: Footage) -> Receipt:
        words, clip = sending.caption(), footage.clip
        media = InputMediaVideo(
            footage.video,
            caption=str(words),
            caption_entities=words.entities,
            width=clip.width,
            height=clip.height,
            duration=round(clip.seconds),
            supports_streaming=True,
            has_spoiler=sending.card.spoiler,
            thumbnail=footage.thumbnail,
        )
        try:
            edited = await self._writer.change(
                mark,
                Lane.FINAL,
                lambda chat, number: self._bot.edit_message_media(
                    media,
                    chat,
                    number,
                    reply_markup=keyboard(sending.card),
                    read_timeout=READ_SECONDS,
                    write_timeout=WRITE_SECONDS,
                ),
            )
        except Unchanged:
            return Receipt(mark)
        if not isinstance(edited, Message):
            raise DeliveryUnknown("the answer to an edit has no message")
        return _receipt(edited)

    async def _send_link(self, sending: "_Sending") -> Receipt:
        text, buttons = self._link_text(sending), keyboard(sending.card)
        return Receipt(await self._writer.write(sending.place, text, buttons, lane=Lane.FINAL))

    async def _link_in_place(self, sending: "_Sending", mark: str) -> Receipt:
        await self._writer.rewrite(mark, self._link_text(sending), keyboard(sending.card), lane=Lane.FINAL)
        return Receipt(mark)

    def _link_text(self, sending: "_Sending") -> Text:
        link = self._library.link(sending.clip)
        if link is None:
            raise Undeliverable(
                f"{sending.clip.size:,} bytes are more than Telegram takes, and RUSHES_PUBLIC_URL is not set for a link"
            )
        return link_text(sending.card, link, mention=sending.mention)


@dataclass(frozen=True, slots=True)
class _Sending:
    job: Job
    card: JobCard
    place: Place
    note: str = ""

    @property
    def clip(self) -> Clip:
        if self.card.clip is None:
            raise Undeliverable("the clip was deleted")
        return self.card.clip

    @property
    def mention(self) -> bool:
        """In a group an order may have come from a button below somebody else's clip."""
        return not is_private(self.place.chat)

    def caption(self) -> Text:
        return caption(self.card, mention=self.mention, note=self.note)


def _privately(sending: _Sending, gone: PlaceGone) -> _Sending:
    """Where the group cannot be written to, the clip goes to whoever ordered it, if they ever wrote to us."""
    by = sending.job.identity.user
    if sending.place.chat == by or by.startswith("-"):
        raise gone
    log.info("sent privately: %s", gone.detail, extra={"job": sending.job.id})
    place = Place(platform=sending.place.platform, chat=by)
    with speaking(sending.card.language):
        note = say("The group can't be reached.")
    # What was for adults there may be seen by anybody here.
    card = replace(sending.card, spoiler=sending.card.spoiler or sending.job.adult)
    return replace(sending, card=card, place=place, note=note)


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _receipt(message: Message) -> Receipt:
    # What Telegram takes for no video it keeps as a document.
    file = message.video or message.document
    return Receipt(mark_of(message), file.file_id if file else None)
