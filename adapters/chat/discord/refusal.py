"""What only Discord can make impossible."""

from bot.refusal import Refusal


class MayNotPost(Refusal):
    title = "I may not write here"

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"In this channel I lack: {missing}.", "Ask an admin to allow it to me, or order in another channel."
        )


class Outdated(Refusal):
    title = "This command has changed"

    def __init__(self) -> None:
        super().__init__("It came as it was before.", "Type it anew in a minute.")
