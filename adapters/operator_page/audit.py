"""Who decided what."""

from starlette.requests import Request

from adapters.operator_page.sheets import Sheet
from bot.desk import Desk

MOST = 200


class Audit:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Sheet:
        chat = request.query_params.get("chat", "").strip()
        decisions = await self._desk.audit(chat, MOST)
        return Sheet(name="audit", section="audit", facts={"chat": chat, "decisions": decisions, "most": MOST})
