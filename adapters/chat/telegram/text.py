"""Text with Telegram's formatting, which counts in UTF-16 units. Entities instead of markup: nothing needs escaping."""

from datetime import datetime

from telegram import MessageEntity
from telegram.constants import MessageEntityType

MOST = 4096
MOST_CAPTION = 1024


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def cut(words: str, most: int) -> str:
    """At most so many units, ending after a word and with an ellipsis where something is missing."""
    if units(words) <= most:
        return words
    kept = words.encode("utf-16-le")[: max(0, most - 1) * 2].decode("utf-16-le", errors="ignore")
    if not words[len(kept)].isspace() and len(kept.split(maxsplit=1)) > 1:
        kept = kept.rsplit(maxsplit=1)[0]
    return f"{kept.rstrip()}…" if most else ""


class Text:
    def __init__(self, most: int = MOST) -> None:
        """What would be more than `most` units is cut."""
        self._most = most
        self._words = ""
        self._entities: list[MessageEntity] = []

    def __str__(self) -> str:
        return self._words

    @property
    def entities(self) -> tuple[MessageEntity, ...]:
        return tuple(self._entities)

    @property
    def room(self) -> int:
        return self._most - units(self._words)

    def add(self, words: str, kind: MessageEntityType | None = None) -> "Text":
        start, words = units(self._words), cut(words, self.room)
        self._words += words
        if kind and words.strip():
            self._entities.append(MessageEntity(kind, start, units(words)))
        return self

    def bold(self, words: str) -> "Text":
        return self.add(words, MessageEntityType.BOLD)

    def code(self, words: str) -> "Text":
        return self.add(words, MessageEntityType.CODE)

    def block(self, words: str) -> "Text":
        """To be copied with one tap."""
        return self.add(words, MessageEntityType.PRE)

    def link(self, words: str, url: str) -> "Text":
        start, words = units(self._words), cut(words, self.room)
        self._words += words
        if words.strip():
            self._entities.append(MessageEntity(MessageEntityType.TEXT_LINK, start, units(words), url=url))
        return self

    def moment(self, at: datetime, words: str) -> "Text":
        """As each reader's own clock shows it; the words are for those who cannot be shown that."""
        return self._clock(at, words, "Dt")

    def since(self, at: datetime) -> "Text":
        """How long ago, which goes on counting without an edit."""
        return self._clock(at, f"{at:%H:%M} UTC", "r")

    def _clock(self, at: datetime, words: str, style: str) -> "Text":
        entity = MessageEntity(
            MessageEntityType.DATE_TIME, units(self._words), units(words), unix_time=at, date_time_format=style
        )
        if units(words) <= self.room:
            self._entities.append(entity)
            self._words += words
        return self

    def line(self) -> "Text":
        return self.add("\n") if self._words else self
