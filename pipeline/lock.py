"""One build at a time: a second one waits for the first, and says for whom."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import stop

LOCK = Path("build/.lock")
NO_WAIT = "TWO_COUNTS_NO_WAIT"  # set it to fail at once instead of waiting


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
