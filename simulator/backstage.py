"""What stands behind every dialect."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from simulator.callbacks import Callbacks
from simulator.clips import Clips
from simulator.clock import Clock
from simulator.connection import Cut, dribbling, garbled, oversized
from simulator.fault_table import TABLE, Effect, Fault, Point
from simulator.faults import Call, Faults
from simulator.generations import Ask, Generation, Generations, Outcome, Phase
from simulator.media import Links

Json: TypeAlias = dict[str, object]
Honest: TypeAlias = Callable[[Fault | None], Awaitable[Response]]
Standing: TypeAlias = Callable[[Phase, Fault | None], Awaitable[Response]]
Refusal: TypeAlias = Callable[[Fault], Response]

OVERSIZE = 32 * 1024 * 1024  # bytes
SHORT_KEY = 8  # characters
OUTCOMES = {
    Effect.MODERATE: Outcome.MODERATED,
    Effect.FAIL: Outcome.FAILED,
    Effect.CRASH: Outcome.CRASHED,
    Effect.WITHDRAW: Outcome.CANCELLED,
}
REFUSALS = {Effect.REFUSE, Effect.BUSY, Effect.CENSOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    generations: Generations
    faults: Faults
    clips: Clips
    links: Links
    callbacks: Callbacks
    clock: Clock
    key: str | None  # the only one accepted; None: any

    def admits(self, key: str) -> bool:
        return bool(key) and self.key in (None, key)

    def accept(self, ask: Ask, identify: Callable[[Random], str]) -> Generation:
        names = tuple(dict.fromkeys((*ask.faults, *self.faults.course(ask.dialect, ask.film.prompt))))
        effects = [TABLE[name].effect for name in names]
        outcome = next((OUTCOMES[effect] for effect in effects if effect in OUTCOMES), ask.outcome)
        endless = Effect.NEVER_END in effects
        asked = replace(ask, faults=names, outcome=outcome, endless=endless)
        generation = self.generations.create(asked, identify)
        self.callbacks.expect(generation)
        return generation

    def find(self, dialect: str, generation_id: str) -> Generation | None:
        generation = self.generations.find(generation_id)
        return generation if generation and generation.ask.dialect == dialect else None

    def observe(self, generation: Generation) -> Phase:
        """Where it stands. The film is shot once somebody has seen that its rendering began."""
        phase = self.generations.phase(generation)
        if phase is not Phase.QUEUED and generation.outcome is Outcome.FILMED:
            self.clips.begin(generation.ask.film)
        return phase

    def cancel(self, generation: Generation) -> bool:
        """Return False when it had ended."""
        cancelled = self.generations.cancel(generation)
        self.callbacks.reconsider()
        return cancelled

    async def look(self, generation: Generation, standing: Standing, refusal: Refusal) -> Response:
        """Count a poll of a dialect that tells status and result in one answer, and give that.

        The phase is looked up once: it may end while it is told, and the faults of the result would be passed by.
        """
        self.generations.polls[generation.id] += 1
        phase = self.observe(generation)
        points = (Point.STATUS, Point.RESULT) if phase is Phase.ENDED else (Point.STATUS,)
        return await self.answer(call_for(generation, *points), partial(standing, phase), refusal)

    async def answer(self, call: Call, honest: Honest, refusal: Refusal) -> Response:
        """Give the honest answer, or what the fault that is due makes of it.

        `honest` is told of a fault because some of them are words of the dialect.
        """
        fault = self.faults.due(call)
        if fault is None:
            return await honest(None)
        if fault.effect in REFUSALS:
            return refused(fault, refusal)
        match fault.effect:
            case Effect.CUT:
                return Cut()
            case Effect.DELAY:
                await self.clock.sleep(fault.seconds)
        return self._damaged(await honest(fault), fault)

    def _damaged(self, answer: Response, fault: Fault) -> Response:
        match fault.effect:
            case Effect.VANISH:
                return Cut()
            case Effect.DRIBBLE:
                return dribbling(answer, fault.seconds, self.clock)
            case Effect.GARBLE:
                return garbled(answer)
            case Effect.OVERSIZE:
                return oversized(answer, OVERSIZE)
            case _:
                return answer


def refused(fault: Fault, refusal: Refusal) -> Response:
    answer = refusal(fault)
    if fault.retry_after is not None:
        answer.headers["retry-after"] = str(fault.retry_after)
    return answer


def call_for(generation: Generation, *points: Point) -> Call:
    ask = generation.ask
    return Call(points=points, dialect=ask.dialect, subject=generation.id, spoken=ask.faults)


def key_of(request: Request, scheme: str) -> str:
    said, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if said.lower() == scheme else ""


def kept(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    """Those headers that are worth looking at afterwards."""
    return {name: request.headers[name] for name in names if name in request.headers}


def masked(key: str) -> str:
    """Keep enough to tell two keys apart, and of a short one nothing."""
    return f"{key[:4]}…" if len(key) > SHORT_KEY else "…"
