"""What a form of the page sends.

TurnedAway
├── NotOurForm      another site's page, or one of ours from before somebody signed in or out
├── NotAForm
└── TooMuch
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from adapters.browser import BodyTooLong, TurnedAway, body_of, is_from_here, kind_of
from bot.speech import say, unsaid

MOST_BYTES = 16 * 1024
MOST_FIELDS = 20

Fields = Mapping[str, str]


class NotOurForm(TurnedAway):
    status = 403
    title = unsaid("Not from this page")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("This did not come from a form of the page as it is now."),
            say("Go back, reload the page, and send it again, with cookies allowed."),
        )


class NotAForm(TurnedAway):
    status = 415
    title = unsaid("Not readable")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("This is not what a form of this page sends."), say("Go back, reload, and try again."))


class TooMuch(TurnedAway):
    status = 413
    title = unsaid("Too long")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("What a form of this page sends is shorter."), say("Shorten what you typed."))


async def fields_in(request: Request) -> Fields:
    """Raises `TurnedAway` where a form of this page cannot have sent it."""
    if not is_from_here(request):
        raise NotOurForm
    if kind_of(request) != "application/x-www-form-urlencoded":
        raise NotAForm
    try:
        typed = (await body_of(request, MOST_BYTES)).decode()
        return dict(parse_qsl(typed, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except BodyTooLong as error:
        raise TooMuch from error
    except ValueError as error:
        raise NotAForm from error
