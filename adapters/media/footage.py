"""Files of pictures and sound, opened and made. What the library raises becomes trouble of ours here."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.trouble import MediaUnplayable

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

_NO_REASON = errno.EPERM
"""Decoders say -1 where they have nothing better to say, which is this one's number."""


@contextmanager
def opened(path: Path) -> Iterator["InputContainer"]:
    """An MP4 with a picture. Raises `MediaUnplayable` for any other file, whenever while it is read that shows.

    The format is said, not guessed: a guess may take a playlist for a film, and open what stands in it.
    """
    import av  # noqa: PLC0415 - a large library, which only the process that needs it loads

    try:
        with av.open(
            path,
            "r",
            format="mp4",
            options={"protocol_whitelist": "file"},
            metadata_errors="replace",  # a title in some other alphabet spoils no picture
        ) as container:
            # One of a kind that nothing can decode has no context.
            if not container.streams.video or container.streams.video[0].codec_context is None:
                raise MediaUnplayable("an MP4 without a picture")
            yield container
    except av.error.ExternalError as error:
        raise MemoryError from error  # all that the encoder says when it gets none
    except av.FFmpegError as error:
        if isinstance(error, OSError | MemoryError) and error.errno != _NO_REASON:  # the machine's trouble
            raise
        raise MediaUnplayable(f"not readable as MP4: {error.strerror}") from error


@contextmanager
def made(path: Path) -> Iterator["OutputContainer"]:
    """An MP4 that players can begin while it loads."""
    import av  # noqa: PLC0415 - as above

    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        yield container
