"""One line an event, with what it is about: the job, and whose it is under a name that only our key makes."""

import logging
import sys
from collections.abc import MutableMapping, Sequence
from typing import Literal

from bot.pseudonyms import Pseudonym
from bot.subject import subject

_QUIET = ("httpx", "httpcore", "aiosqlite", "uvicorn.access", "asyncio", "telegram", "discord")
"""They write at INFO what may contain an address with a secret, or every call."""

_FACTS = ("job", "offer", "provider", "person", "chat")

_HASH = 12
"""Characters of a name that stands for somebody: enough to follow one, and too few to be worth a guess."""

Form = Literal["console", "json"]


class Facts(logging.Filter):
    """Adds to each line what it is about, where it does not say so itself."""

    def __init__(self) -> None:
        super().__init__()
        self._pseudonym: Pseudonym | None = None

    def hide(self, pseudonym: Pseudonym) -> None:
        """Name people and chats by this. Before, nothing is said of them."""
        self._pseudonym = pseudonym

    def filter(self, record: logging.LogRecord) -> bool:
        now = subject()
        for name, value in (
            ("job", now.job),
            ("provider", now.provider),
            ("person", self._hidden(now.person)),
            ("chat", self._hidden(now.chat)),
        ):
            if value:
                record.__dict__.setdefault(name, value)
        return True

    def _hidden(self, name: str) -> str:
        # Not the one under which the database remembers whoever was forgotten: nobody is to find the two together.
        return self._pseudonym(f"{name} in the log")[:_HASH] if self._pseudonym and name else ""


class _Line(logging.Formatter):
    default_msec_format = None

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        facts = (f"{name}={value}" for name in _FACTS if (value := record.__dict__.get(name)))
        line, *trace = super().format(record).splitlines()
        return _struck("\n".join((" ".join((line, *facts)), *trace)), self._secrets)


def set_up(level: str, secrets: Sequence[str] = (), form: Form = "console") -> Facts:
    """`secrets` are struck out of every line."""
    handler, facts = logging.StreamHandler(sys.stderr), Facts()
    handler.addFilter(facts)
    handler.setFormatter(_json(secrets) if form == "json" else _Line(secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return facts


def _json(secrets: Sequence[str]) -> logging.Formatter:
    """One object a line, a trace in one field of it."""
    import structlog  # noqa: PLC0415 - a tenth of a second, for whoever does not ask for it

    def strike(_: object, __: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
        # Before it becomes JSON, in which a secret may look different.
        return {name: _struck(value, secrets) if isinstance(value, str) else value for name, value in event.items()}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", key="time"),
            structlog.stdlib.ExtraAdder(allow=_FACTS),
            structlog.processors.format_exc_info,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.EventRenamer("message"),
            strike,
            structlog.processors.JSONRenderer(),
        ],
    )


def _struck(written: str, secrets: Sequence[str]) -> str:
    """A library may put an address or a header into the text of an error."""
    for secret in secrets:
        written = written.replace(secret, "***")
    return written
