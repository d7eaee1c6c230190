"""The walls of the darkroom: from inside, few files can be read, one written, and nobody spoken to.

They need no privilege, hold for the thread that builds them and all that it starts, and cannot be taken down.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_NO_NEW_PRIVILEGES = 38
_SET_SECCOMP, _BY_FILTER = 22, 2
"""Of prctl."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_BENEATH = 1
"""Of Landlock, the same on every processor."""

_WRITE, _READ, _OF_FOLDERS = 1 << 1 | 1 << 14, 1 << 2 | 1 << 3, 1 << 3
_ACCESS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
_ACCESS_BITS_SINCE = 16
"""By Landlock's version: how many kinds of access it knows. Each is denied unless a rule allows it."""

_VERSION_WITH_SCOPES = 6
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2

_PROCESSORS = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Where each stands in the table below, and what the kernel calls it."""

_FORBIDDEN = {
    "socket": (41, 198),
    "io_uring_setup": (425, 425),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
}
_CLONE, _CLONE3 = (56, 220), 435
_NEW_THREAD = 1 << 16
_OTHER_NUMBERS = 1 << 30
"""From here on the same calls have other numbers, on an x86_64 that also runs programs for 32 bits."""

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _PROCESSOR_AT, _ARGUMENT_AT = 0, 4, 16
_ALLOW = 0x7FFF0000
_NOT_PERMITTED, _NOT_KNOWN = 0x00050001, 0x00050026
"""What the caller is told: EPERM, and ENOSYS, upon which it tries what there was before."""


def build_walls(*, readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Files, or folders with all that is in them; what is writable is readable too. All of them must be there.

    A wall of which the kernel knows nothing is left out.
    """
    if sys.platform == "linux":
        _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _close_files(dict.fromkeys(readable, _READ) | dict.fromkeys(writable, _READ | _WRITE))
        _close_calls(os.uname().machine)


def _close_files(still_open: dict[Path, int]) -> None:
    try:
        version = _call("syscall", _CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return
    every = (1 << _ACCESS_BITS.get(version, _ACCESS_BITS_SINCE)) - 1
    scopes = _ABSTRACT_SOCKETS | _SIGNALS if version >= _VERSION_WITH_SCOPES else 0
    # Accesses, ports, scopes: an older kernel takes what it does not know where that is zero.
    attributes = struct.pack("QQQ", every, 0, scopes)
    rules = _call("syscall", _CREATE_RULESET, attributes, len(attributes), 0)
    for path, access in still_open.items():
        place = os.open(path, os.O_PATH)
        possible = every if path.is_dir() else every & ~_OF_FOLDERS
        _call("syscall", _ADD_RULE, rules, _BENEATH, struct.pack("=Qi", access & possible, place), 0)
        os.close(place)
    _call("syscall", _RESTRICT_SELF, rules, 0)
    os.close(rules)


def _close_calls(machine: str) -> None:
    """What reaches beyond this process and its files has no other purpose in a decoder."""
    if machine not in _PROCESSORS or sys.maxsize < 1 << 32:
        return
    steps = [struct.pack("HBBI", *step) for step in _steps(*_PROCESSORS[machine])]
    program = ctypes.create_string_buffer(b"".join(steps))
    with suppress(OSError):  # some kernels are built without it
        _call("prctl", _SET_SECCOMP, _BY_FILTER, struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(program)), 0, 0)


def _steps(column: int, processor: int) -> Iterator[tuple[int, int, int, int]]:
    """What the kernel does at each call: operation, steps to skip if so and if not, value."""
    yield _LOAD, 0, 0, _PROCESSOR_AT
    yield _IF_EQUAL, 1, 0, processor
    yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _LOAD, 0, 0, _NUMBER_AT
    yield _IF_AT_LEAST, 0, 1, _OTHER_NUMBERS
    yield _RETURN, 0, 0, _NOT_PERMITTED
    for numbers in _FORBIDDEN.values():
        if (number := numbers[column]) is not None:
            yield _IF_EQUAL, 0, 1, number
            yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _IF_EQUAL, 0, 1, _CLONE3  # it takes its arguments where they cannot be seen from here
    yield _RETURN, 0, 0, _NOT_KNOWN
    yield _IF_EQUAL, 0, 3, _CLONE[column]
    yield _LOAD, 0, 0, _ARGUMENT_AT
    yield _IF_BIT, 1, 0, _NEW_THREAD
    yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _RETURN, 0, 0, _ALLOW


def _call(name: str, *arguments: int | bytes | None) -> int:
    """A function of the C library. Raises `OSError`."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    function.restype = ctypes.c_long
    # What is no address takes as much room as one.
    result: int = function(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
