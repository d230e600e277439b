"""Put a finished folder in the place of the old one, whole or not at all."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

OUTPUT = Path("_output")
NEXT = Path("build/next")
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def replace(finished: Path = NEXT, target: Path = OUTPUT) -> None:
    """Exchange two folders in one system call, then drop the old one.

    Two renames would leave a moment without any `_output/`; a kill in that moment would lose it.
    Where the call is missing, two renames are used and `recover` mends a kill between them.
    """
    if not target.exists():
        os.rename(finished, target)
        return
    if not _exchange(finished, target):
        previous = _previous(target)
        shutil.rmtree(previous, ignore_errors=True)
        os.rename(target, previous)
        os.rename(finished, target)
        finished = previous
    shutil.rmtree(finished, ignore_errors=True)


def recover(target: Path = OUTPUT) -> None:
    """Bring back the last good folder if a kill fell between the two renames."""
    previous = _previous(target)
    if previous.exists() and not target.exists():
        os.rename(previous, target)
    shutil.rmtree(previous, ignore_errors=True)


def _previous(target: Path) -> Path:
    return Path("build") / f"previous-{target.name}"


def _exchange(one: Path, other: Path) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        return library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return library.renamex_np(names[0], names[1], RENAME_EXCHANGE) == 0
    return False
