"""What runs on this machine: the command lines of all processes, those that have ended left out."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROC = Path("/proc")


def running() -> dict[int, str]:
    """List the processes of this machine: number → command line."""
    if not (PROC / "self/cmdline").exists():  # macOS
        rows = subprocess.run(
            ["ps", "-axo", "pid=,args="], capture_output=True, text=True
        ).stdout.splitlines()
        return {int(row.split()[0]): row.strip().partition(" ")[2] for row in rows}
    found = {}
    for path in PROC.glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if line:  # empty for one that has ended and was not asked how
            found[int(path.parent.name)] = line.replace(b"\0", b" ").decode(errors="replace")
    return found
