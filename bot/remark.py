"""What may have been understood differently than it was meant; it is said, and the order goes on."""

from dataclasses import dataclass

from bot.speech import say
from bot.values import legible


@dataclass(frozen=True, slots=True)
class Repeated:
    """A flag was given more than once; the last one counts."""

    flag: str
    kept: str

    def __str__(self) -> str:
        return say(
            "You gave --{flag} more than once; the last one counts: {kept}", flag=self.flag, kept=legible(self.kept)
        )


@dataclass(frozen=True, slots=True)
class AfterTheEnd:
    """Something that looks like a flag stands after the lone `--` and therefore in the prompt."""

    typed: str

    def __str__(self) -> str:
        return say("Everything after the lone -- belongs to the prompt, also {typed}", typed=legible(self.typed))


@dataclass(frozen=True, slots=True)
class InsideAWord:
    """A flag needs a space before it; this one stands in the prompt."""

    typed: str

    def __str__(self) -> str:
        return say("Without a space before it, {typed} was taken as part of the prompt.", typed=legible(self.typed))


@dataclass(frozen=True, slots=True)
class NotOff:
    """A word such as "off" behind a flag that needs none, with more of the prompt behind it."""

    flag: str
    typed: str

    def __str__(self) -> str:
        return say(
            "The prompt goes on with “{typed}”; to switch --{flag} off, write --{flag}=off",
            typed=self.typed,
            flag=self.flag,
        )


@dataclass(frozen=True, slots=True)
class Overruled:
    """An option was chosen from a list and stands in the prompt as well."""

    flag: str
    kept: str

    def __str__(self) -> str:
        return say(
            "You chose {flag} and wrote it in the prompt too; the choice counts: {kept}",
            flag=self.flag,
            kept=legible(self.kept),
        )


Remark = Overruled | Repeated | AfterTheEnd | InsideAWord | NotOff
