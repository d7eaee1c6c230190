"""Which providers film: those with a key, and the built-in simulator where there is none."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from pydantic import SecretStr

from adapters.providers.absent import Absent
from adapters.providers.aimlapi import Aimlapi
from adapters.providers.fal import Fal
from adapters.providers.pixverse import Pixverse
from adapters.providers.shortapi import Shortapi
from bot.catalogue import PROVIDERS
from bot.ports import Provider
from rushes.settings import Settings

_API = "simulator.invalid"
MEDIA_HOST = "media.simulator.invalid"
"""Names that lead nowhere but into this process."""

Connected = Fal | Aimlapi | Shortapi | Pixverse

_MAKERS: Mapping[str, Callable[[Settings, httpx.AsyncClient, str], Connected]] = {
    "fal": lambda settings, client, key: Fal(client, key, settings.fal_queue_url),
    "aimlapi": lambda settings, client, key: Aimlapi(client, key, settings.aimlapi_url, legacy=settings.aimlapi_legacy),
    "shortapi": lambda settings, client, key: Shortapi(client, key, settings.shortapi_url),
    "pixverse": lambda settings, client, key: Pixverse(client, key, settings.pixverse_url),
}


def connected(settings: Settings, client: httpx.AsyncClient) -> dict[str, Connected]:
    """Every provider with a key."""
    return {name: _MAKERS[name](settings, client, _open(key)) for name, key in settings.keys.items()}


def providers(settings: Settings, client: httpx.AsyncClient) -> Mapping[str, Provider]:
    """Everything that a job may name: a job can be older than the day on which its provider's key was taken away."""
    absent = {
        name: Absent(f"RUSHES_{name.upper()}_KEY is not set; set it to finish the jobs that are there")
        for name in PROVIDERS
    }
    simulated = {} if settings.keys else {"fal": Fal(client, "simulator", f"http://{_API}/fal")}
    return {**absent, **simulated, **connected(settings, client)}


@contextmanager
def simulator(settings: Settings, folder: Path) -> Iterator[dict[str, httpx.AsyncBaseTransport]]:
    """The simulator inside this process, as transports for its names; nothing where a provider has a key."""
    if settings.keys:
        yield {}
        return
    from simulator.app import Options, assembled  # noqa: PLC0415 - with its pages it takes a tenth of a second

    options = Options(
        speed=settings.simulator_speed,
        runners=settings.parallel,
        directory=folder / "simulator",
        media_url=f"http://{MEDIA_HOST}",
    )
    with assembled(options) as inside:
        yield {
            f"all://{_API}": httpx.ASGITransport(inside.api),
            f"all://{MEDIA_HOST}": httpx.ASGITransport(inside.media),
        }


def _open(key: SecretStr) -> str:
    return key.get_secret_value()
