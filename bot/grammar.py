"""`/video` as people type it -> a command, and a request back to the text that means the same.

A flag is a dash (or two, or what a phone makes of them) at the start of a word, directly before a letter. Two dashes
before a digit are a flag that nobody knows: `--1080p` was hardly meant to be filmed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.flags import FLAGS, SPELLINGS, Flag, unknown
from bot.remark import AfterTheEnd, InsideAWord, NotOff, Overruled, Remark, Repeated
from bot.request import Choice, EmptyPrompt, VideoRequest, tidied
from bot.speech import say
from bot.values import BadValue, MissingValue, OneOf, Switch, Whole, Words

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_UNSEEN = "\u200b\u200e\u200f\u2060\ufeff"
"""Marks without width that keyboards and clipboards leave between words."""

_NAME = r"[^\W\d_]+(?:[-_][^\W\d_]+)*"
_COMMAND = re.compile(r"\s*/video(?:@\w+)?(?!\w)", re.IGNORECASE)
_MARK = re.compile(
    rf"(?<![^\s{_UNSEEN}])"
    rf"(?:[{_DASHES}]++(?P<name>{_NAME})(?P<rest>\S*)|(?:--+|—)(?P<number>\d\S*)|(?P<end>--)(?!\S))"
)
_GLUED = re.compile(rf"(?<=[^\s-])--(?P<name>{_NAME})")
_WORD = re.compile(r"\S+")
_SEEN = re.compile(rf"[^\s{_UNSEEN}]")
_SIGN = re.compile(r"[=:]|\s++=(?!\S)")
_ASSIGNED = re.compile(r"(?<=[^\W\d])[=:].*")
_ESCAPE = re.compile(r"\\([\\\"])")
_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "»": "«", "'": "'", "‘": "’", "’": "’", "`": "`"}
_BEFORE = "".join(_QUOTES) + _UNSEEN + "("
_TRAILING = ".,;:!?…)"

_TOGGLE = re.compile(rf"\s++[{_BEFORE}]*(?P<word>{'|'.join(Switch.words)})[{_BEFORE}{_TRAILING}]*(?!\S)", re.IGNORECASE)

# A quote closes only at the end of a word, which the apostrophe of "someone's" is not.
_WORD_ENDS = rf"[{_TRAILING}]*(?!\S)"
_CLOSED = {
    quote: re.compile(rf"(?P<inner>(?:[^{quote}]++|{quote}(?!{_WORD_ENDS}))*+){quote}{_WORD_ENDS}")
    for quote in _QUOTES.values()
}
_CLOSED['"'] = re.compile(rf'(?P<inner>(?:[^"\\]++|\\.|"(?!{_WORD_ENDS}))*+)"{_WORD_ENDS}', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    request: VideoRequest
    price_only: bool = False
    remarks: tuple[Remark, ...] = ()


def asks_for_help(text: str) -> bool:
    return _without_command(text).strip().casefold() in {"help", "--help", "-h", "—help", "?"}


def parse(text: str, picked: Iterable[tuple[str, str]] = ()) -> Command:
    """Raises a `Refusal` that names what was wrong and what would be right; nothing else, whatever the text.

    `picked` are names of flags with values that were chosen beside the text; they count more.
    """
    reading = _read(text)
    for name, value in picked:
        reading.overrule(name, value)
    if not reading.words:
        raise EmptyPrompt(swallowed_by=reading.open_ended)
    request = _request(reading.words, reading.options)
    price_only = bool(reading.chosen.get("price_only"))
    return Command(request=request, price_only=price_only, remarks=reading.remarks())


def draft(text: str) -> VideoRequest:
    """What a command asks for that may still lack its prompt. Raises like `parse`."""
    reading = _read(text)
    return _request(reading.words, reading.options)


def changed(command: str, said: str) -> str:
    """The command with other words, other options, or both. Raises like `parse`."""
    before, now = draft(command), _read(said)
    options = dict(before.chosen()) | now.options
    command = render(_request(now.words or before.prompt, options))
    return command.replace("/video", "/video --cost", 1) if now.chosen.get("price_only") else command


def flags_of(request: VideoRequest) -> str:
    """The chosen options in the order of the table, as they would be typed."""
    chosen = dict(request.chosen())
    return " ".join(_written(flag, chosen[flag.option]) for flag in FLAGS if flag.option in chosen)


def render(request: VideoRequest) -> str:
    """The command that parses back to this very request."""
    prompt, flags = request.prompt, flags_of(request)
    is_misleading = _MARK.search(prompt) or asks_for_help(prompt)
    parts = ("/video", flags, "--", prompt) if is_misleading else ("/video", prompt, flags)
    return " ".join(part for part in parts if part)


def _without_command(text: str) -> str:
    command = _COMMAND.match(text)
    return text[command.end() :] if command else text


def _written(flag: Flag, value: Choice | None) -> str:
    written = flag.values.write(value)
    if isinstance(flag.values, Switch):
        return f"--{flag.name}={written}" if written else f"--{flag.name}"
    return f"--{flag.name} {written}"


def _read(text: str) -> "_Reading":
    reading = _Reading(_without_command(text))
    reading.read()
    return reading


def _request(prompt: str, options: Mapping[str, Choice | None]) -> VideoRequest:
    # The table of flags names the fields, and each flag reads the type of its own field.
    return VideoRequest(prompt=tidied(prompt), **options)  # type: ignore[arg-type]


class _Reading:
    """One pass over the text, left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.prompt: list[str] = []
        self.chosen: dict[str, Choice | None] = {}
        self.open_ended: str | None = None
        """A flag whose words ended only at the next flag or the end of the text."""
        self._repeated: dict[str, Flag] = {}
        self._overruled: dict[str, Flag] = {}
        self._misplaced: list[Remark] = []
        self._never_closed: set[str] = set()

    def read(self) -> None:
        while mark := _MARK.search(self.text, self.at):
            self._take_prompt(mark.start())
            self.at = mark.end()
            if mark["end"]:
                self._end_of_flags()
                return
            self._flag(mark)
        self._take_prompt(len(self.text))

    def overrule(self, name: str, value: str) -> None:
        flag, _ = SPELLINGS[name]
        if flag.option in self.chosen:
            self._overruled[flag.name] = flag
            self._repeated.pop(flag.name, None)
        self.chosen[flag.option] = flag.values.read(name, value)

    @property
    def words(self) -> str:
        """The prompt as it was typed; empty where there is nothing to be seen."""
        prompt = " ".join(self.prompt)
        return prompt if _SEEN.search(prompt) else ""

    @property
    def options(self) -> dict[str, Choice | None]:
        """What is asked of the clip."""
        return {name: value for name, value in self.chosen.items() if name != "price_only"}

    def remarks(self) -> tuple[Remark, ...]:
        overruled = (Overruled(f.name, _written(f, self.chosen[f.option])) for f in self._overruled.values())
        repeated = (Repeated(f.name, _written(f, self.chosen[f.option])) for f in self._repeated.values())
        return (*overruled, *repeated, *dict.fromkeys(self._misplaced))

    def _take_prompt(self, end: int) -> None:
        self.prompt.append(self.text[self.at : end])
        for glued in _GLUED.finditer(self.text, self.at, end):
            if _folded(glued["name"]) in SPELLINGS:
                self._misplaced.append(InsideAWord(glued[0]))

    def _end_of_flags(self) -> None:
        if (later := _MARK.search(self.text, self.at)) and not later["end"]:
            self._misplaced.append(AfterTheEnd(_without_value(later)))
        self.prompt.append(self.text[self.at :])

    def _flag(self, mark: re.Match[str]) -> None:
        name = _folded(mark["name"] or mark["number"])
        if name not in SPELLINGS:
            raise unknown(_without_value(mark), _bare(name))
        flag, implied = SPELLINGS[name]
        self.at -= len(mark["rest"])
        value = self._implied(flag, name, implied) if implied else self._value(flag, name)
        if flag.option in self.chosen:
            self._repeated[flag.name] = flag
        self.chosen[flag.option] = value

    def _implied(self, flag: Flag, name: str, word: str) -> Choice | None:
        if added := self._switched():
            raise BadValue(name, added, say("no value"))
        return flag.values.read(name, word)

    def _value(self, flag: Flag, name: str) -> Choice | None:
        match flag.values:
            case Switch() as switch:
                typed = self._switched()
                if not typed:
                    self._note_off(name)
                return switch.read(name, typed)
            case Words() as words:
                return words.read(name, self._words(name))
            case values:
                return _read_word(values, name, self._word(name, values))

    def _switched(self) -> str:
        """What was said to a flag that needs no value: `=off`, or a word for on or off and no more prompt."""
        sign = self._sign()
        if directly := _WORD.match(self.text, self.at):
            self.at = directly.end()
            if word := _bare(directly[0]):
                return word
        toggle = _TOGGLE.match(self.text, self.at)
        if toggle and (sign == "=" or self._prompt_is_over(toggle.end())):
            self.at = toggle.end()
            return toggle["word"]
        return ""

    def _note_off(self, name: str) -> None:
        toggle = _TOGGLE.match(self.text, self.at)
        if toggle and not Switch.words[toggle["word"].casefold()]:
            self._misplaced.append(NotOff(name, toggle["word"]))

    def _prompt_is_over(self, at: int) -> bool:
        at = self._after_spaces(at)
        return at == len(self.text) or _MARK.match(self.text, at) is not None

    def _after_spaces(self, at: int) -> int:
        word = _WORD.search(self.text, at)
        return word.start() if word else len(self.text)

    def _sign(self) -> str:
        sign = _SIGN.match(self.text, self.at)
        if sign is None:
            return ""
        self.at = sign.end()
        return sign[0].strip()

    def _word(self, name: str, values: OneOf | Whole) -> str:
        self._sign()
        self.at = self._after_spaces(self.at)
        quoted = self._quoted()
        if quoted is not None:
            return quoted
        word = _WORD.match(self.text, self.at)
        if word is None or _MARK.match(self.text, self.at):
            raise MissingValue(name, values.accepted)
        self.at = word.end()
        return word[0]

    def _words(self, name: str) -> str:
        self._sign()
        self.at = self._after_spaces(self.at)
        quoted = self._quoted()
        if quoted is not None:
            return quoted
        self.open_ended = name
        mark = _MARK.search(self.text, self.at)
        start, self.at = self.at, mark.start() if mark else len(self.text)
        return self.text[start : self.at]

    def _quoted(self) -> str | None:
        """The text in quotes at this place, or `None` where no quote opens or none closes."""
        opening = self.text[self.at : self.at + 1]
        closing = _QUOTES.get(opening)
        if closing is None or closing in self._never_closed:
            return None
        closed = _CLOSED[closing].match(self.text, self.at + 1)
        if closed is None:
            self._never_closed.add(closing)
            return None
        self.at = closed.end()
        return _ESCAPE.sub(r"\1", closed["inner"]) if closing == '"' else str(closed["inner"])


def _folded(name: str) -> str:
    return name.casefold().replace("_", "-")


def _without_value(mark: re.Match[str]) -> str:
    return _bare(_ASSIGNED.sub("", mark[0]))


def _bare(word: str) -> str:
    """Without the quotes around a value and the full stop of the sentence that it ends."""
    return word.lstrip(_BEFORE).rstrip(_BEFORE + _TRAILING)


def _read_word(values: OneOf | Whole, name: str, word: str) -> Choice | None:
    bare = _bare(word)
    if not bare:
        raise MissingValue(name, values.accepted)
    return values.read(name, bare)
