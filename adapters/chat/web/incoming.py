"""From a POST of our page to an order or a pressed button.

TurnedAway
├── NotFromHere     another site's page, or a browser without our cookie
├── NotJson
├── TooLarge
├── Unreadable
└── NoSuchButton
"""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.requests import Request

from adapters.browser import BodyTooLong, TurnedAway, body_of, is_from_here, kind_of, preferred
from adapters.chat.web.guest import guest, token_in
from adapters.chat.web.room import PLATFORM, ROOM
from bot.card import Order, Press, Verb
from bot.job import Identity, JobId, Place
from bot.speech import Language, say, unsaid
from bot.tongue import Tongues

MOST_BYTES = 64 * 1024

PLACE = Place(platform=PLATFORM, chat=ROOM)


class NotFromHere(TurnedAway):
    status = 403
    title = unsaid("Not from this page")

    def __init__(self) -> None:
        super().__init__(
            say("This did not come from the chat's own page."), say("Reload the page, with cookies allowed.")
        )


class NotJson(TurnedAway):
    status = 415
    title = unsaid("Not readable")

    def __init__(self) -> None:
        super().__init__(say("Only application/json is understood here."), say("Send it as that."))


class TooLarge(TurnedAway):
    status = 413
    title = unsaid("Too long")

    def __init__(self) -> None:
        super().__init__(say("A message can have {size} KiB.", size=MOST_BYTES // 1024), say("Shorten it."))


class Unreadable(TurnedAway):
    title = unsaid("Not readable")

    def __init__(self, problem: str) -> None:
        super().__init__(
            say("The message cannot be read: {problem}.", problem=problem), say("Reload the page, and write it anew.")
        )


class NoSuchButton(TurnedAway):
    status = 404
    title = unsaid("Not found")

    def __init__(self) -> None:
        super().__init__(say("There is no such button."), say("Reload the page."))


Event = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{8,64}$")]


class _Pressed(BaseModel):
    model_config = ConfigDict(strict=True)

    event: Event


class _Typed(_Pressed):
    text: str


Body = TypeVar("Body", bound=BaseModel)


async def order_in(request: Request) -> Order:
    identity = _sender(request)
    typed = await _body(request, _Typed)
    event = _own_event(identity, typed.event)
    return Order(identity=identity, place=PLACE, event=event, text=typed.text, is_private=True)


async def press_in(request: Request) -> Press:
    identity = _sender(request)
    pressed = await _body(request, _Pressed)
    verb = request.path_params["verb"]
    if verb not in list(Verb):
        raise NoSuchButton
    event, job = _own_event(identity, pressed.event), JobId(request.path_params["job"])
    return Press(identity=identity, place=PLACE, event=event, verb=Verb(verb), job=job)


async def language_of(request: Request, tongues: Tongues) -> Language:
    """That of whoever sits at the browser, or else the one that it prefers."""
    token, told = token_in(request), preferred(request)
    return await tongues.of(guest(token), PLACE, told) if token else tongues.platforms(told)


def _sender(request: Request) -> Identity:
    token = token_in(request)
    if token is None or not is_from_here(request):
        raise NotFromHere
    return guest(token)


async def _body(request: Request, model: type[Body]) -> Body:
    if kind_of(request) != "application/json":
        raise NotJson
    try:
        return model.model_validate_json(await body_of(request, MOST_BYTES))
    except BodyTooLong as error:
        raise TooLarge from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise Unreadable(f"{where}: {first['msg']}") from error


def _own_event(identity: Identity, event: str) -> str:
    """Event ids are made in the browser; nobody can take somebody else's."""
    return f"{identity.user}:{event}"
