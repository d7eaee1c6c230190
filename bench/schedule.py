"""How soon the end of a generation is seen, and with how many looks."""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import fal_client
import httpx

from bench.optimum import least_lag
from bench.table import Goal, Measure, Row, Taken
from bench.worlds import (
    InstantLoop,
    Job,
    Waited,
    drifting,
    in_two_heaps,
    jobs_of,
    learning,
    looping,
    queueing,
    spread,
    with_a_long_tail,
)

SIGMAS = (0.1, 0.2, 0.3, 0.5)

WORLDS = {
    **{f"spread of {sigma}": (spread(sigma), goal) for sigma, goal in zip(SIGMAS, (4.5, 2.7, 2.0, 1.45), strict=True)},
    "drift": (drifting, 2.7),
    "two heaps": (in_two_heaps, 2.1),
    "a floor and a long tail": (with_a_long_tail, 2.3),
    "a queue before": (queueing, 4.5),
}
"""With how many times the lag a loop must have that looks every 15 s, as the providers' examples do."""

OFTEN, SPREAD, SUBSCRIBED = 4.0, 0.3, 10
"""How often looks must be for a lag under 1.5 s, with which spread, and for how many jobs the peer is run."""

_runs = count(1)


def _waited(_: Path) -> list[Taken]:
    seed = next(_runs)
    ours = {name: learning(jobs_of(world, seed)) for name, (world, _) in WORLDS.items()}
    theirs = {name: looping(jobs_of(world, seed)) for name, (world, _) in WORLDS.items()}
    stationary = [ours[f"spread of {sigma}"] for sigma in SIGMAS]
    often, subscribed = (
        learning(jobs_of(spread(SPREAD), seed), OFTEN),
        subscribing(jobs_of(spread(SPREAD), seed, SUBSCRIBED)),
    )
    return [
        *(Taken(ours[name].lag, theirs[name].lag) for name in WORLDS),
        *(Taken(ours[name].looks, theirs[name].looks) for name in WORLDS),
        *(Taken(waited.lag, least_lag(sigma, waited.looks)) for sigma, waited in zip(SIGMAS, stationary, strict=True)),
        Taken(often.looks, subscribed.looks),
        Taken(often.lag),
    ]


def subscribing(jobs: Iterator[Job]) -> Waited:
    """What fal's own client does once it has submitted."""
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        waited = [runner.run(_subscribed(job)) for job in jobs]
    return Waited(sum(each.lag for each in waited) / len(waited), sum(each.looks for each in waited) / len(waited))


async def _subscribed(job: Job) -> Waited:
    time = asyncio.get_running_loop().time
    begun, looks = time(), 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal looks
        if not request.url.path.endswith("/status"):
            return httpx.Response(200, json={})
        looks += 1
        is_done = time() - begun >= job.ends
        return httpx.Response(200, json={"status": "COMPLETED" if is_done else "IN_PROGRESS", "logs": []})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        url = "https://queue.fal.run/requests/1"
        await fal_client.AsyncRequestHandle("1", url, f"{url}/status", f"{url}/cancel", client).get()
    return Waited(time() - begun - job.ends, looks)


MEASURE = Measure(
    take=_waited,
    rows=(
        *(
            Row(what=f"lag against a look every 15 s, {name} (s)", goal=Goal(most=round(1 / times, 3)))
            for name, (_, times) in WORLDS.items()
        ),
        *(Row(what=f"the same, looks at a job, {name}", goal=Goal(most=1)) for name in WORLDS),
        *(Row(what=f"lag against the best possible, spread of {sigma} (s)", goal=Goal(most=1.2)) for sigma in SIGMAS),
        Row(
            what=f"looks at a job against fal-client's subscribe, spread of {SPREAD}",
            goal=Goal(most=0.1),
            headline="requests for a clip, against fal's own client",
        ),
        Row(what="the same, our mean lag (s)", goal=Goal(most=1.5)),
    ),
    runs=3,
)
