"""Other programs, which set the report.

Whatever stops the build stops them and all that they started; where it is killed outright, they
keep its lock until they end, so that the next build does not write into the same files.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from pipeline.errors import stop

Result = TypeVar("Result")
PATIENCE = 600  # seconds; the slowest program needs 60 on a busy machine


@contextmanager
def running(
    *commands: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start programs side by side, their output kept as text; in the end none is left running.

    folder, environment: where and with what they run; None for those of this process
    """
    children: list[subprocess.Popen[str]] = []
    try:
        for command in commands:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=environment,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                close_fds=False,  # the lock is handed on
            )
            children.append(child)
        yield children
    finally:
        for child in children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.communicate()


def run(
    command: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    patience: int = PATIENCE,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end: status, output, errors as text; status 124 if it took too long."""
    with running(command, folder=folder, environment=environment) as (child,):
        try:
            output, errors = child.communicate(timeout=patience)
            status = child.returncode
        except subprocess.TimeoutExpired:
            output, errors, status = "", f"ERROR: no answer within {patience} s", 124
    return subprocess.CompletedProcess(command, status, output, errors)


def elsewhere(work: Callable[[], Result]) -> Result:
    """Do work in a copy of this process, which gives its memory back; return what it returns.

    Raises Problems where the copy ends before the work is done, as a figure can make it end.
    """
    here, there = Pipe(duplex=False)
    child = get_context("fork").Process(target=_send, args=(work, there))
    child.start()
    there.close()
    try:
        result, refused = here.recv()
    except EOFError:
        child.join()
        told = f"the build ended before the work was done (status {child.exitcode})"
        raise stop("build", told, hint="look for exit() in figures/ and analysis/") from None
    finally:
        child.kill()
        child.join()
    if refused:
        raise refused
    return result


def _send(work: Callable[[], object], there: Connection) -> None:
    try:
        there.send((work(), None))
    except OSError as refused:  # a full disk, for instance: the same is told here and there
        there.send((None, refused))
    except KeyboardInterrupt:  # whoever stopped this process tells so
        os._exit(signal.SIGINT)
