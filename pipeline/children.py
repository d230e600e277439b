"""Other processes: programs that set the report, and heavy stages, which so give their memory back.

Whatever stops the build stops them and all that they started; where it is killed outright, they
keep its lock until they end, so that the next build does not write into the same files.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pipeline import lock
from pipeline.errors import Problem, Problems, refused

PATIENCE = 600  # seconds; the slowest program needs 60 on a busy machine
END = "problems: "  # how the last line of a child begins
ENDED = "got an end before the work was done"
FAULT = "stopped by a fault of its own, shown above"


@contextmanager
def running(
    *commands: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    errors: IO[str] | int = subprocess.PIPE,
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start programs side by side, their output kept as text; in the end none is left running.

    folder, environment: where and with what they run; None for those of this process
    errors: where their error messages go
    """
    children: list[subprocess.Popen[str]] = []
    try:
        for command in commands:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=environment,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                pass_fds=lock.held,
            )
            children.append(child)
        yield children
    finally:
        for child in children:
            _stop(child)


def _stop(child: subprocess.Popen[str]) -> None:
    """End a program that still runs, with the programs that it started."""
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


def python(module: str, *arguments: str) -> None:
    """Run the `main` of a module of ours as a process; raise what it found wrong.

    Its last line says that it came to its end, so a figure that ends the process is a failure too.
    """
    last, status, errors = _followed(
        [sys.executable, "-m", "pipeline.children", module, *arguments]
    )
    if not last.startswith(END):
        print(errors, file=sys.stderr, end="")
        if "Traceback" in errors:
            raise Problems(Problem(module, message=FAULT))
        hint = "look for exit() in figures/ and analysis/"
        raise Problems(Problem(module, message=f"{ENDED} (status {status})", hint=hint))
    problems = [Problem(**told) for told in json.loads(last.removeprefix(END))]
    if problems:
        raise Problems(*problems)


def _followed(command: Sequence[str]) -> tuple[str, int, str]:
    """Run a program, passing on what it prints; return its last line, its status, its errors."""
    last = ""
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with running(command, errors=errors) as (child,):
            for line in child.stdout or ():
                if not line.startswith(END):
                    print(line, end="", flush=True)
                last = line
            status = child.wait(PATIENCE)
        errors.seek(0)
        return last, status, errors.read()


def main(module: str, *arguments: str) -> None:
    """Do the work of a child, and tell its parent what was wrong: a list, empty if all is well."""
    problems: Sequence[Problem] = ()
    try:
        importlib.import_module(module).main(*arguments)
    except Problems as found:
        problems = found.problems
    except OSError as error:
        problems = [refused(error)]
    print(f"{END}{json.dumps([asdict(problem) for problem in problems])}")


if __name__ == "__main__":
    main(*sys.argv[1:])
