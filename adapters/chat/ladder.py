"""A clip that is too large for a chat: as it is, made to fit, made to fit with room to spare, and then no file."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.chat.mishap import CannotFit, TooLarge
from bot.job import Clip
from bot.ports import Library
from bot.trouble import Undeliverable

R = TypeVar("R")

log = logging.getLogger(__name__)


async def down_the_ladder(library: Library, clip: Clip, limit: int, upload: Callable[[Clip], Awaitable[R]]) -> R | None:
    """What the upload says; `None` where no file will do. `limit` is in bytes."""
    if not await asyncio.to_thread(library.file(clip).exists):
        raise Undeliverable("the clip is no longer on the disk")
    for most in (limit, limit // 2):
        try:
            fitted = await _at_most(library, clip, most)
            return await upload(fitted)
        except TooLarge as trouble:
            log.warning("%s: more than the chat takes: %s", clip.name, trouble.detail)
        except CannotFit as trouble:
            log.warning("%s: %s", clip.name, trouble.detail)
            return None
    return None


async def _at_most(library: Library, clip: Clip, most: int) -> Clip:
    if clip.size <= most:
        return clip
    try:
        return await library.fitted(clip, most)
    except Undeliverable as trouble:
        raise CannotFit(trouble.detail) from trouble
