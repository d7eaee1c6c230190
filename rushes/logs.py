"""One line an event, with the job it belongs to."""

import logging
import sys

_QUIET = ("httpx", "httpcore", "aiosqlite", "uvicorn.access", "asyncio")
"""They write at INFO what may contain an address with a secret, or every call."""


class _Line(logging.Formatter):
    default_msec_format = None

    def format(self, record: logging.LogRecord) -> str:
        facts = (f"{name}={value}" for name in ("job", "offer") if (value := record.__dict__.get(name)))
        line, *trace = super().format(record).splitlines()
        return "\n".join((" ".join((line, *facts)), *trace))


def set_up(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
