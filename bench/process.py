"""What Linux says of the program that is measured."""

import os
from pathlib import Path

from tests.process import Program


def memory_mib(program: Program, name: str) -> float:
    """`VmRSS` for now, `VmHWM` for the peak."""
    lines = Path(f"/proc/{program.process.pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(name)]
    return int(line.split()[1]) / 1024


def cpu_seconds(program: Program) -> float:
    """Since it was started."""
    fields = Path(f"/proc/{program.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
