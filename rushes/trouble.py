"""What keeps the program from starting: one line that names the cause and the remedy."""


class CannotStart(Exception):
    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}" if remedy.endswith("?") else f"{what}. {remedy}.")
        self.what = what
        self.remedy = remedy


class InUse(CannotStart):
    """Another rushes works in the same folder."""


class NotDone(CannotStart):
    """What was asked for is refused, in the words of the refusal."""

    def __init__(self, told: str) -> None:
        Exception.__init__(self, told)
