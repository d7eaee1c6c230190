"""What a browser in the chat is told: a card, also of what went wrong."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.chat.web.guest import guest, new_token, token_in
from adapters.chat.web.page import Page
from bot.card import Card, JobCard


def card_answer(page: Page, card: Card, viewer: str | None, status: int = 200) -> Response:
    job = card.job if isinstance(card, JobCard) else None
    said = {"title": card.title, "lines": card.lines, "tone": card.tone, "job": job}
    return JSONResponse(said | {"html": page.card(card, viewer)}, status)


def failed(page: Page, request: Request, card: Card, status: int) -> Response:
    if request.method == "POST":
        return card_answer(page, card, None, status)
    stranger = guest(token_in(request) or new_token())
    return HTMLResponse(page.whole((), stranger, "", (card,)), status)
