"""What stands behind every dialect."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from random import Random

from starlette.responses import Response

from simulator.clips import Clips
from simulator.clock import Clock
from simulator.connection import Cut, dribbling, garbled, oversized
from simulator.faults import TABLE, Call, Effect, Fault, Faults
from simulator.generations import Ask, Generation, Generations, Outcome, Phase
from simulator.media import Links

OVERSIZE = 32 * 1024 * 1024  # bytes
SHORT_KEY = 8  # characters
OUTCOMES = {
    Effect.MODERATE: Outcome.MODERATED,
    Effect.FAIL: Outcome.FAILED,
    Effect.CRASH: Outcome.CRASHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    generations: Generations
    faults: Faults
    clips: Clips
    links: Links
    clock: Clock
    key: str | None  # the only one accepted; None: any

    def accept(self, ask: Ask, identify: Callable[[Random], str]) -> Generation:
        names = self.faults.course(ask.dialect, ask.film.prompt)
        effects = [TABLE[name].effect for name in names]
        outcome = next((OUTCOMES[effect] for effect in effects if effect in OUTCOMES), ask.outcome)
        endless = Effect.NEVER_END in effects
        return self.generations.create(replace(ask, faults=names, outcome=outcome, endless=endless), identify)

    def observe(self, generation: Generation) -> Phase:
        """Where it stands. The film is shot once somebody has seen that its rendering began."""
        phase = self.generations.phase(generation)
        if phase is not Phase.QUEUED and generation.outcome is Outcome.FILMED:
            self.clips.begin(generation.ask.film)
        return phase

    async def answer(
        self,
        call: Call,
        honest: Callable[[Fault | None], Awaitable[Response]],
        refusal: Callable[[int], Response],
    ) -> Response:
        """Give the honest answer, or what the fault that is due makes of it.

        `honest` is told of a fault because some of them are words of the dialect.
        """
        fault = self.faults.due(call)
        if fault is None:
            return await honest(None)
        match fault.effect:
            case Effect.REFUSE:
                return refused(fault, refusal)
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


def refused(fault: Fault, refusal: Callable[[int], Response]) -> Response:
    answer = refusal(fault.status)
    if fault.retry_after is not None:
        answer.headers["retry-after"] = str(fault.retry_after)
    return answer


def masked(key: str) -> str:
    """Keep enough to tell two keys apart, and of a short one nothing."""
    return f"{key[:4]}…" if len(key) > SHORT_KEY else "…"
