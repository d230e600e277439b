"""Put a finished folder in the place of the old one, whole or not at all, and one build at a time:
a second one waits for the first, and says for whom."""

import ctypes
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import stop

OUTPUT = Path("_output")
NEXT = Path("build/next")
LOCK = Path("build/.lock")
NO_WAIT = "TWO_COUNTS_NO_WAIT"  # set it to fail at once instead of waiting
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def check() -> None:
    """Raise what stands in the way of an exchange, before anything is built for it."""
    for place in (OUTPUT, NEXT.parent):
        if place.is_symlink() or place.is_mount() or place.is_file():
            told = "got a link, a file or a mounted volume, expected a folder of this project's own"
            raise stop(place, told, hint="move it away and run again")


def replace(finished: Path = NEXT, target: Path = OUTPUT) -> None:
    """Exchange two folders in one system call, then drop the old one.

    Two renames would leave a moment without any `_output/`; a kill in that moment would lose it.
    Where the call is missing, two renames are used and `recover` mends a kill between them.
    """
    if not target.exists():
        os.rename(finished, target)
        return
    previous = Path(f"build/previous-{target.name}")
    shutil.rmtree(previous, ignore_errors=True)
    if not _exchange(finished, target):
        os.rename(target, previous)
        os.rename(finished, target)
    for old in (finished, previous):
        shutil.rmtree(old, ignore_errors=True)


def recover(target: Path = OUTPUT) -> None:
    """Bring back the last good folder if a kill fell between two renames, before any command.

    A build that is just between them holds the lock, and is waited for.
    """
    previous = Path(f"build/previous-{target.name}")
    if not previous.is_dir() or target.exists():
        return
    with only_one():
        if not target.exists():
            os.rename(previous, target)


@contextmanager
def only_one(say=print) -> Iterator[None]:
    """Hold the project's lock; the system frees it even when the holder is killed.

    The programs that a build starts hold it too: while one of them runs, the lock is taken.
    """
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            told = f"another build is running (process {handle.read()})"
            if os.environ.get(NO_WAIT):
                raise stop(LOCK, told, hint="wait for it to end") from None
            say(f"{told}; waiting for it to end")
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        os.set_inheritable(handle.fileno(), True)
        yield


def _exchange(one: Path, other: Path) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        return library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return library.renamex_np(names[0], names[1], RENAME_EXCHANGE) == 0
    return False


if __name__ == "__main__":
    recover()
