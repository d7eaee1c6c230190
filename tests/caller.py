"""Which of several programs makes a call, told by the address at which it was told to look for the server."""

from contextvars import ContextVar

CALLER = ContextVar("CALLER", default="")
"""Of the call that is being answered; nothing for who was told no address of its own."""

PREFIX = "/by/{caller}"


def address_for(caller: str, url: str, path: str = "") -> str:
    return f"{url}{PREFIX.format(caller=caller)}{path}"
