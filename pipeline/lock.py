"""One build at a time: a second one waits for the first, and says for whom."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import stop

LOCK = Path("build/.lock")
NO_WAIT = "TWO_COUNTS_NO_WAIT"  # set it to fail at once instead of waiting
held: list[
    int
] = []  # for the programs that a build starts: while one of them runs, the lock is taken


@contextmanager
def only_one(say=print) -> Iterator[None]:
    """Hold the project's lock; the system frees it even when the holder is killed."""
    try:
        import fcntl
    except ImportError:  # Windows has no fcntl, and Make needs a Unix shell anyway
        yield
        return
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            if os.environ.get(NO_WAIT):
                raise stop(
                    LOCK, f"another build is running (process {holder})", hint="wait for it to end"
                ) from None
            say(f"another build is running (process {holder}); waiting for it to end")
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()
        held.append(handle.fileno())
        try:
            yield
        finally:
            held.remove(handle.fileno())
