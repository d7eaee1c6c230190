"""`rushes health`: asks the one that runs here whether it is well."""

import argparse
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from rushes.settings import Settings, load

SECONDS = 5.0

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what listens there is found here, too
_ILL = 1


def main(chosen: argparse.Namespace) -> int:
    address = _address(load()) + ("/readyz" if chosen.ready else "/healthz")
    try:
        # Straight to this machine, whatever proxy leads out of it.
        with build_opener(ProxyHandler({})).open(address, timeout=SECONDS) as answer:
            print(answer.read().decode())  # noqa: T201 - the command line speaks here
            return 0
    except HTTPError as refused:
        with refused:
            print(refused.read().decode())  # noqa: T201 - the same
    except (URLError, TimeoutError, ConnectionError):
        print(f"No answer from {address}. Is it running, with the same settings?")  # noqa: T201 - the same
    return _ILL


def _address(settings: Settings) -> str:
    host = _EVERYWHERE.get(settings.web_host, settings.web_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.web_port}"
