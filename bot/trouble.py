"""What can go wrong outside, by what it means for the job. Adapters translate into these at their border.

Trouble
├── NotStarted          the create certainly did not happen
│   ├── Rejected        and never will: the request itself is refused
│   ├── Throttled       too much at once; later it may
│   ├── Unreachable     no connection was made
│   └── OutOfService    the account has no money or the key is wrong
├── Ambiguous           the create may have happened; nobody may repeat it
├── Passing             a read or a transfer failed; the same call may succeed later
│   └── NotKept         our own disk does not take it
├── Gone                the provider does not know the ticket
├── MediaExpired        the address of the clip is no longer good
├── MediaForbidden      it is one that nobody here fetches from
├── MediaUnplayable     what came is not a whole MP4
├── NotNow              the chat takes no more for the moment, so nothing was sent
├── DeliveryUnknown     the clip may have arrived in the chat
├── Undeliverable       the chat will not take the clip, now or later
└── TokenRefused        a chat platform does not know us
"""

from bot.job import Failure

LONGEST_ASKED = 900.0
"""Seconds; whoever asks for more is asked again sooner, and may have been a mistake."""


class Trouble(Exception):
    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = None if retry_after is None else min(retry_after, LONGEST_ASKED)
        """Seconds that the other side asked us to wait, where it said so and within reason."""


class NotStarted(Trouble):
    pass


class Rejected(NotStarted):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Throttled(NotStarted):
    pass


class Unreachable(NotStarted):
    pass


class OutOfService(NotStarted):
    pass


class Ambiguous(Trouble):
    pass


class Passing(Trouble):
    pass


class NotKept(Passing):
    pass


class Gone(Trouble):
    pass


class MediaExpired(Trouble):
    pass


class MediaForbidden(Trouble):
    pass


class MediaUnplayable(Trouble):
    pass


class NotNow(Trouble):
    """Counts as no try."""

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail, retry_after=retry_after)


class DeliveryUnknown(Trouble):
    pass


class Undeliverable(Trouble):
    pass


class TokenRefused(Trouble):
    pass
