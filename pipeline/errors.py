"""What a reader of the terminal sees when something they wrote cannot be used."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM)  # what a machine refuses, not a mistake of ours


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one place: where it is, what was found, what was expected, what to do.

    `line` counts from 1 as editors do; 0 stands for the file as a whole.
    """

    file: str
    line: int = 0
    column: str = ""
    message: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        if self.column:
            place += f": {self.column}"
        return f"{place}: {self.message}" + (f"; {self.hint}" if self.hint else "")


class Problems(Exception):
    """All mistakes of one stage at once, so that nobody fixes them one run at a time."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def stop(file: str | Path, message: str, *, line: int = 0, column: str = "", hint: str = "") -> Problems:
    """Make the exception for a single mistake: `raise stop("report.qmd", "...", line=3)`."""
    return Problems(Problem(str(file), line, column, message, hint))


def told(work: Callable[[], object]) -> int:
    """Do the work of a program; print its problems, or what the machine refused, one a line; return the exit status."""
    try:
        work()
    except Problems as found:
        print(found, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        print(f"{error.filename or 'build'}: {error.strerror}; free or open it and run again", file=sys.stderr)
        return 1
    return 0
