"""Everything that `make bench` measures, by the name that `rushes bench` takes."""

from importlib import import_module

from bench.table import Measure

MODULES = {
    "grammar": "bench.grammar",
    "films": "bench.films",
    "start": "bench.start",
    "deliveries": "bench.deliveries",
    "clips": "bench.clips",
    "fit": "bench.fit",
    "chat": "bench.chat",
    "outage": "bench.outage",
    "crowd": "bench.crowd",
    "orders": "bench.orders",
    "updates": "bench.updates",
    "schedule": "bench.schedule",
    "waiting": "bench.waiting",
    "callback": "bench.callback",
}
"""Each has a `MEASURE`. One is imported when it is its turn: what it brings along would weigh on the others."""

NAMES = tuple(MODULES)


def measure(name: str) -> Measure:
    found: Measure = import_module(MODULES[name]).MEASURE
    return found
