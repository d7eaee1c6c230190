"""Draws the README's charts: how late an end is seen for how many looks, and what waiting jobs take of the memory."""

import sys
import tempfile
from itertools import count
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.optimum import best
from bench.schedule import SUBSCRIBED, subscribing
from bench.waiting import USUAL_GAP, waited
from bench.worlds import jobs_of, learning, looping, spread

PICTURES = Path(__file__).parent / "pictures"
SIGMA = 0.2
EVERY = (5, 7.5, 10, 15, 20, 30)
"""Seconds."""

JOBS = (1000, 2500, 5000, 7500, 10_000)
WATCHED = 5.0

STYLE = {"svg.hashsalt": "rushes", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}


def lag() -> Figure:
    figure = Figure(figsize=(7.2, 4), layout="constrained")
    axes = figure.subplots()
    world = spread(SIGMA)
    ours = [learning(jobs_of(world, 1), every) for every in EVERY]
    loops = [looping(jobs_of(world, 1), every) for every in EVERY]
    peer = subscribing(jobs_of(world, 1, SUBSCRIBED))
    axes.plot(
        [each.looks for each in loops],
        [each.lag for each in loops],
        "s-",
        label="a loop; every 15 s in the providers' examples",
    )
    axes.plot([each.looks for each in ours], [each.lag for each in ours], "o-", label="Rushes")
    known = [each for each in best(SIGMA) if loops[-1].looks <= each.looks <= loops[0].looks]
    axes.plot([each.looks for each in known], [each.lag for each in known], "k:", label="the best possible")
    axes.plot([peer.looks], [peer.lag], "D", label="fal-client's subscribe")
    axes.set(xscale="log", xlabel="requests for one clip", ylabel="seconds until the end is seen", ylim=(0, None))
    axes.set_xticks([5, 10, 20, 100, 1000], ["5", "10", "20", "100", "1,000"], minor=False)
    axes.legend(frameon=False)
    return figure


def memory() -> Figure:
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        each = [waited(Path(folder) / str(next(numbers)), jobs, USUAL_GAP, WATCHED)["memory"] for jobs in JOBS]
    taken = [jobs * kib / 1024 for jobs, kib in zip(JOBS, each, strict=True)]
    axes.plot([0, *JOBS], [0, *taken], "o-")
    axes.set(xlabel="jobs in flight", ylabel="MiB beyond those at the start", xlim=(0, None), ylim=(0, None))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return figure


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with rc_context(STYLE):
        for name, draw in {"lag": lag, "memory": memory}.items():
            draw().savefig(PICTURES / f"{name}.svg", metadata={"Date": None}, facecolor="white")


if __name__ == "__main__":
    main()
