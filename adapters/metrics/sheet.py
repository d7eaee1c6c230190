"""A reading as Prometheus knows it: every metric with its name, its unit and what it is about."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, product
from typing import TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from bot.allowance import Unit, Use
from bot.gate import State
from bot.histogram import Histogram
from bot.job import ENDS, EntryKind
from bot.meter import DOUBTFUL, SIZES
from bot.phrase import spoken
from bot.reading import Reading

_MICROS = 1_000_000

_MONEY = (EntryKind.RESERVE, EntryKind.SETTLE, EntryKind.REFUND, DOUBTFUL)

_TAKES_ORDERS = frozenset({State.OPEN, State.FULL})

Labels = tuple[str, ...]
L = TypeVar("L", bound=Labels)
N = TypeVar("N", bound=str)
V = TypeVar("V")


def written(reading: Reading, accept: str) -> tuple[bytes, str]:
    """The text, and its type: whichever of the two that Prometheus reads the caller accepts."""
    encoder, content_type = choose_encoder(accept)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Sheet(reading))
    ProcessCollector(registry=registry)
    return encoder(registry), content_type


class _Sheet(Collector):
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterator[Metric]:
        for part in (_build, _jobs, _money, _providers, _chats, _loop, _storage):
            yield from part(self._reading)


def _build(reading: Reading) -> Iterator[Metric]:
    yield _gauge("build_info", "The version that runs.", ("version",), {(reading.version,): 1})


def _jobs(reading: Reading) -> Iterator[Metric]:
    meter, gates = reading.meter, reading.gates
    yield _gauge(
        "jobs",
        "Jobs that are not over.",
        ("phase", "provider", "waits_for_a_person"),
        {(job.phase, job.provider, "yes" if job.waits_for_a_person else "no"): job.jobs for job in reading.under_way},
    )
    yield _counter(
        "jobs_accepted",
        "Jobs that were accepted.",
        ("platform", "provider"),
        _none_of(reading.connected, gates) | meter.accepted,
    )
    yield _counter(
        "jobs_ended",
        "Jobs that are over, by how, and why if they failed.",
        ("outcome", "reason", "provider"),
        _none_of(ENDS, [""], gates) | meter.ended,
    )
    yield _histogram("phase_seconds", "How long jobs stayed in a phase.", ("phase",), _alone(meter.stays))
    yield _histogram("order_seconds", "From the order to the clip in the chat.", (), {(): meter.orders})


def _money(reading: Reading) -> Iterator[Metric]:
    gates, held = reading.gates, Counter(dict.fromkeys(reading.gates, 0))
    for job in reading.under_way:
        held[job.provider] += job.held
    yield _counter(
        "money_dollars",
        "What was reserved, settled and refunded; doubtful is what a provider may ask for and nobody pays.",
        ("kind", "provider"),
        _dollars(_none_of(_MONEY, gates) | reading.meter.money),
    )
    yield _gauge("money_held_dollars", "What is reserved for jobs under way.", ("provider",), _dollars(_alone(held)))
    caps: tuple[tuple[str, str, Callable[[Use], int]], ...] = (
        ("cap", "What the bot as a whole may use, in dollars, videos or running jobs.", lambda use: use.limit.most),
        ("cap_used", "How much of that is used.", lambda use: use.used),
        ("cap_left", "How much of that is left.", lambda use: use.left),
    )
    for name, about, amount in caps:
        yield _gauge(name, about, ("cap", "unit"), {_cap(use): _in_unit(use, amount(use)) for use in reading.caps})


def _providers(reading: Reading) -> Iterator[Metric]:
    meter, states = reading.meter, reading.gates
    yield _gauge(
        "provider_takes_orders",
        "Whether a provider is given jobs; 0 while its breaker is open.",
        ("provider",),
        _alone({provider: state in _TAKES_ORDERS for provider, state in states.items()}),
    )
    yield _histogram("provider_call_seconds", "How long calls to providers took.", ("provider", "call"), meter.calls)
    yield _counter(
        "provider_troubles",
        "Calls to providers that went wrong, by what it means.",
        ("provider", "call", "trouble"),
        {(provider, call, _snake(kind)): count for (provider, call, kind), count in meter.troubles.items()},
    )
    yield _histogram(
        "poll_lag_seconds",
        "How late finished clips were seen at most: since the look before, when they were not finished.",
        ("provider",),
        _alone(meter.lags),
    )


def _chats(reading: Reading) -> Iterator[Metric]:
    meter, chats = reading.meter, reading.connected
    yield _gauge("platform_connected", "Whether a chat platform is connected.", ("platform",), _alone(chats))
    tries = {(platform, size, _snake(kind)): count for (platform, size, kind), count in meter.deliveries.items()}
    yield _counter(
        "deliveries",
        "Tries to send a clip, by its size and what came of them.",
        ("platform", "size", "outcome"),
        _none_of(chats, [size for _, size in SIZES], ["sent"]) | tries,
    )
    yield _histogram("delivery_seconds", "How long it took to send a clip.", ("platform",), _alone(meter.sendings))
    yield _histogram(
        "flood_wait_seconds", "For how long platforms told us to be quiet.", ("platform",), _alone(meter.waits)
    )


def _loop(reading: Reading) -> Iterator[Metric]:
    yield _histogram("loop_lag_seconds", "How late the event loop was.", (), {(): reading.lag})
    yield _gauge("loop_lag_worst_seconds", "The latest it ever was.", (), {(): reading.worst_lag})


def _storage(reading: Reading) -> Iterator[Metric]:
    disks, backup = reading.disks, reading.backed_up_at
    yield _histogram(
        "database_commit_seconds", "How long transactions took that shared a commit.", (), {(): reading.commits}
    )
    yield _gauge("database_waiting", "Transactions that wait for the writer.", (), {(): reading.writers_waiting})
    yield _gauge("database_bytes", "Size of the database and of its journal.", ("file",), _alone(reading.files))
    yield _gauge("disk_free_bytes", "Room.", ("of",), _alone({of: disk.free for of, disk in disks.items()}))
    yield _gauge(
        "disk_size_bytes", "Room, and what is taken.", ("of",), _alone({of: disk.size for of, disk in disks.items()})
    )
    yield _gauge(
        "last_backup_timestamp_seconds",
        "When `rushes db backup` last made a copy.",
        (),
        {(): backup.timestamp()} if backup else {},
    )


def _gauge(name: str, about: str, labels: Sequence[str], found: Mapping[Labels, float]) -> Metric:
    family = GaugeMetricFamily(f"rushes_{name}", about, labels=labels)
    for values, amount in found.items():
        family.add_metric(values, float(amount))
    return family


def _counter(name: str, about: str, labels: Sequence[str], found: Mapping[Labels, float]) -> Metric:
    family = CounterMetricFamily(f"rushes_{name}", about, labels=labels)
    for values, amount in found.items():
        family.add_metric(values, float(amount))
    return family


def _histogram(name: str, about: str, labels: Sequence[str], found: Mapping[L, Histogram]) -> Metric:
    family = HistogramMetricFamily(f"rushes_{name}", about, labels=labels)
    for values, histogram in found.items():
        ends = [*map(floatToGoString, histogram.bounds), "+Inf"]
        family.add_metric(values, list(zip(ends, accumulate(histogram.buckets), strict=True)), histogram.total)
    return family


def _alone(found: Mapping[N, V]) -> dict[Labels, V]:
    return {(name,): value for name, value in found.items()}


def _none_of(*names: Iterable[str]) -> dict[Labels, float]:
    """What has not happened yet is counted as 0: of what only comes to be, nobody can tell how much it grew."""
    return dict.fromkeys(product(*names), 0.0)


def _dollars(micros: Mapping[Labels, float]) -> dict[Labels, float]:
    return {labels: amount / _MICROS for labels, amount in micros.items()}


def _cap(use: Use) -> Labels:
    return spoken(use.limit), "dollars" if use.limit.unit is Unit.MONEY else use.limit.unit


def _in_unit(use: Use, amount: int) -> float:
    return amount / _MICROS if use.limit.unit is Unit.MONEY else amount


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
