"""The first page: what goes on, and what needs somebody."""

from starlette.requests import Request

from adapters.operator_page.machine import Machine
from adapters.operator_page.sheets import Sheet
from bot.desk import Desk
from bot.job import Phase
from bot.lookout import Lookout
from bot.survey import Search

WAYS = (Phase.ACCEPTED, Phase.SUBMITTING, Phase.RENDERING, Phase.FETCHING, Phase.DELIVERING)
SHOWN = 8
USUALLY = 0.99


class Now:
    def __init__(self, lookout: Lookout, desk: Desk, machine: Machine) -> None:
        self._lookout = lookout
        self._desk = desk
        self._machine = machine

    async def show(self, _: Request) -> Sheet:
        situation = await self._lookout.situation()
        stretches = situation.stretches
        return Sheet(
            name="now",
            section="now",
            facts={
                "situation": situation,
                "oldest": situation.oldest,
                "phases": {phase: [each for each in stretches if each.phase is phase] for phase in WAYS},
                "stuck": next((each for each in stretches if each.is_stuck), None),
                "line": next((each for each in stretches if each.phase is Phase.ACCEPTED), None),
                "asking": len(await self._desk.waiting()),
                "balance": await self._desk.balance(),
                "jobs": (await self._desk.jobs(Search(), SHOWN)).jobs,
                "lag": self._machine.pulse.lag.quantile(USUALLY) or 0.0,
                "worst": self._machine.pulse.worst,
                "room": await self._machine.room(),
            },
        )
