"""Everything of ours that reads what strangers send. Each takes any bytes and fails where a promise is broken."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.fuzz import answers, calls, commands, media

TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        "command": commands.command,
        "press": commands.press,
        "fal": answers.fal,
        "aimlapi": answers.aimlapi,
        "shortapi": answers.shortapi,
        "pixverse": answers.pixverse,
        "signature": calls.signature,
        "callback": calls.callback,
        "boxes": media.boxes,
        "address": media.address,
        "redirect": media.redirect,
    }
)
