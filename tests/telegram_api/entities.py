"""Formatted text: what parse_mode HTML makes of it, and the commands in what people type."""

import html
import re
from dataclasses import dataclass, field

from tests.telegram_api.refusal import bad_request

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s[^<>]*)?)>?")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")
COMMAND = re.compile(r"(?<![\w/@])/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?(?!\w)")


@dataclass(frozen=True, slots=True)
class Formatted:
    text: str = ""
    entities: tuple[dict[str, object], ...] = ()

    @property
    def length(self) -> int:
        return units(self.text)


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def commands_in(text: str) -> tuple[dict[str, object], ...]:
    return tuple(
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found.group())}
        for found in COMMAND.finditer(text)
    )


def formatted(text: str, parse_mode: str, entities: list[object] | None) -> Formatted:
    match parse_mode.lower():
        case "":
            given = tuple(entity for entity in entities or () if isinstance(entity, dict))
            return trimmed(Formatted(text, given))
        case "html":
            return trimmed(HtmlText(text).parsed())
        case _:
            raise bad_request("unsupported parse_mode")


def trimmed(whole: Formatted) -> Formatted:
    """As Telegram shows it: without blanks at the ends."""
    text = whole.text.strip()
    cut, end = units(whole.text[: len(whole.text) - len(whole.text.lstrip())]), units(text)
    kept: list[dict[str, object]] = []
    for entity in whole.entities:
        start = max(0, int(str(entity["offset"])) - cut)
        stop = min(end, int(str(entity["offset"])) - cut + int(str(entity["length"])))
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return Formatted(text, tuple(kept))


@dataclass(slots=True)
class Open:
    tag: str
    offset: int
    entity: dict[str, object]


@dataclass(slots=True)
class HtmlText:
    source: str
    text: str = ""
    entities: list[dict[str, object]] = field(default_factory=list)
    opened: list[Open] = field(default_factory=list)

    def parsed(self) -> Formatted:
        position = 0
        while position < len(self.source):
            position = self._step(position)
        if self.opened:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        ordered = sorted(self.entities, key=lambda entity: (entity["offset"], -int(str(entity["length"]))))
        return Formatted(self.text, tuple(ordered))

    def _step(self, position: int) -> int:
        """Where to go on."""
        if self.source[position] == "<":
            return self._tag(position)
        reference = REFERENCE.match(self.source, position)
        if reference:
            self.text += html.unescape(reference.group())
            return reference.end()
        self.text += self.source[position]
        return position + 1

    def _tag(self, position: int) -> int:
        found = TAG.match(self.source, position)
        offset = len(self.source[:position].encode())
        if found is None or not found.group().endswith(">"):
            name = found.group(2) if found else ""
            raise unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
        closing, tag, rest = found.group(1), found.group(2).lower(), found.group(3)
        if closing:
            self._close(tag, offset)
        else:
            self._open(tag, rest, offset)
        return found.end()

    def _open(self, tag: str, rest: str, offset: int) -> None:
        attributes = {name: html.unescape(a or b) for name, a, b in ATTRIBUTE.findall(rest)}
        if tag not in TAGS:
            raise unparsable(f'Unsupported start tag "{tag}" at byte offset {offset}')
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        entity: dict[str, object] = {"type": TAGS[tag]}
        if tag == "a":
            entity["url"] = attributes.get("href", "")
        if tag == "blockquote" and "expandable" in rest:
            entity["type"] = "expandable_blockquote"
        self.opened.append(Open(tag, units(self.text), entity))

    def _close(self, tag: str, offset: int) -> None:
        if not self.opened:
            raise unparsable(f"Unexpected end tag at byte offset {offset}")
        last = self.opened.pop()
        if tag not in {last.tag, ""}:
            raise unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{last.tag}>", found "</{tag}>"')
        length = units(self.text) - last.offset
        if length and last.entity.get("url") != "":
            self.entities.append(last.entity | {"offset": last.offset, "length": length})


def unparsable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")
