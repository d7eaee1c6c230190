"""The log of requests and the balance at AIMLAPI."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.backstage import Json
from simulator.clock import Clock
from simulator.dialects.aimlapi_answers import http_error, stamp
from simulator.dialects.aimlapi_catalogue import CREDITS_A_DOLLAR, DIALECT, RATE
from simulator.generations import Generation, Generations, Outcome, Phase
from simulator.tariff import balance, charged

PERIOD = re.compile(r"([1-9]\d{0,4})([hd])")
LONGEST_WINDOW = timedelta(days=92)
LARGEST_PAGE = 100
LOW = 10_000  # credits


class BadWindow(ValueError):
    def __init__(self) -> None:
        super().__init__("Provide either `period` (24h, 7d) or `start` and `end`, at most 92 days apart")


class Account:
    def __init__(self, generations: Generations, clock: Clock) -> None:
        self._generations, self._clock = generations, clock

    async def logs(self, request: Request) -> Response:
        """List the requests made in a window, the newest first.

        The window is demanded, as by the provider. `?client_request_id=` keeps those that carried this id;
        the published schema has no such parameter, so a client should compare the rows itself as well
        (`logs-unfiltered` has it ignored). A request that has not failed is told as `succeeded`:
        there is no third word.
        """
        wanted = request.query_params
        try:
            begin, end = window(request, datetime.fromtimestamp(self._clock.now(), UTC))
            limit, offset = int(wanted.get("limit", 50)), int(wanted.get("offset", 0))
        except ValueError as error:
            return http_error(request, 400, str(error))
        if not (1 <= limit <= LARGEST_PAGE and offset >= 0):
            return http_error(request, 400, f"limit: expected 1 to {LARGEST_PAGE}; offset: expected at least 0")
        rows = [self._row(each) for each in self._kept(request) if begin <= each.asked_at <= end]
        found = [row for row in reversed(rows) if matches(row, request)]
        return JSONResponse({"data": found[offset : offset + limit], "pagination": pages(found, limit, offset)})

    def _kept(self, request: Request) -> Sequence[Generation]:
        client_id = request.query_params.get("client_request_id")
        own = [each for each in self._generations if each.ask.dialect == DIALECT]
        return [each for each in own if "logs-unfiltered" in each.ask.faults or client_id in (None, each.ask.mark)]

    def _row(self, generation: Generation) -> Json:
        ended = self._generations.phase(generation) is Phase.ENDED
        failed = ended and generation.outcome is not Outcome.FILMED
        cost = charged(self._generations, generation, RATE)
        return {
            "created": stamp(generation.asked_at),
            "status": "failed" if failed else "succeeded",
            "origin": "api",
            "model": generation.ask.model,
            "cost": {"usd": float(cost), "credits": int(cost * CREDITS_A_DOLLAR)},
            "tokens": {"input": 0, "output": 0, "total": 0},
            "request_id": f"req-{generation.number}",
            "inference_id": generation.id,
            "client_request_id": generation.ask.mark,
        }

    async def billing(self, _: Request) -> Response:
        left = balance(self._generations, DIALECT, RATE)
        return JSONResponse({"current_balance": float(left), "currency": "USD"})

    async def balance(self, _: Request) -> Response:
        left = int(balance(self._generations, DIALECT, RATE) * CREDITS_A_DOLLAR)
        return JSONResponse(
            {
                "balance": left,
                "lowBalance": left < LOW,
                "lowBalanceThreshold": LOW,
                "lastUpdated": stamp(self._clock.now()),
                "autoDebitStatus": "disabled",
                "status": "current",
                "statusExplanation": "Balance is current and up to date",
            }
        )


def window(request: Request, now: datetime) -> tuple[float, float]:
    """Seconds since 1970 of its beginning and its end. Raise `BadWindow`."""
    period, start, end = (request.query_params.get(name) for name in ("period", "start", "end"))
    if period and not (start or end):
        length = PERIOD.fullmatch(period)
        if length is None:
            raise BadWindow
        hours = int(length[1]) * (24 if length[2] == "d" else 1)
        return bounds(now - timedelta(hours=hours), now)
    if period or not (start and end):
        raise BadWindow
    try:
        return bounds(moment(start), moment(end))
    except ValueError as error:
        raise BadWindow from error


def moment(text: str) -> datetime:
    """Without an offset it is UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def bounds(begin: datetime, end: datetime) -> tuple[float, float]:
    if not timedelta(0) <= end - begin <= LONGEST_WINDOW:
        raise BadWindow
    return begin.timestamp(), end.timestamp()


def matches(row: Json, request: Request) -> bool:
    """A parameter that is repeated keeps either; none keeps all."""
    pairs = ((row[name], request.query_params.getlist(name)) for name in ("model", "status"))
    return all(not wanted or value in wanted for value, wanted in pairs)


def pages(found: Sequence[Json], limit: int, offset: int) -> Json:
    return {"limit": limit, "offset": offset, "total": len(found), "has_more": offset + limit < len(found)}
