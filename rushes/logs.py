"""One line an event, with the job it belongs to."""

import logging
import sys
from collections.abc import Sequence

_QUIET = ("httpx", "httpcore", "aiosqlite", "uvicorn.access", "asyncio", "telegram", "discord")
"""They write at INFO what may contain an address with a secret, or every call."""


class _Line(logging.Formatter):
    default_msec_format = None

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        facts = (f"{name}={value}" for name in ("job", "offer") if (value := record.__dict__.get(name)))
        line, *trace = super().format(record).splitlines()
        written = "\n".join((" ".join((line, *facts)), *trace))
        for secret in self._secrets:
            # A library may put an address or a header into the text of an error.
            written = written.replace(secret, "***")
        return written


def set_up(level: str, secrets: Sequence[str] = ()) -> None:
    """`secrets` are struck out of every line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line(secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
