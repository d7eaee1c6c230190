"""What only Discord can make impossible."""

from collections.abc import Sequence

from bot.refusal import Refusal
from bot.speech import say, unsaid


class MayNotPost(Refusal):
    title = unsaid("I may not write here")

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            say("In this channel I lack: {missing}.", missing=", ".join(map(say, missing))),
            say("Ask an admin to allow it to me, or order in another channel."),
        )


class Outdated(Refusal):
    title = unsaid("This command has changed")

    def __init__(self) -> None:
        super().__init__(say("It came as it was before."), say("Type it anew in a minute."))
