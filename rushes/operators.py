import logging

log = logging.getLogger(__name__)


class LogReaders:
    """`bot.ports.Operators` who look into the log."""

    def alert(self, text: str) -> None:
        log.warning("%s", text)
