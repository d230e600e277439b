"""What a reader of the terminal sees when something they wrote cannot be used."""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

STOPS = (signal.SIGTERM, signal.SIGHUP)  # Ctrl-C Python itself turns into KeyboardInterrupt
STOPPED = 130  # the exit status of shells for a program that was stopped
AS_IT_WAS = "_output/ is as it was"
MOST = 60  # problems that are printed; the first may be the cause of the others
SHOWN = 60  # characters of a text in a message


def visible(text: str) -> str:
    """Spell out what a terminal would obey or hide: an escape code, a line end, a broken letter."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def show(text: object) -> str:
    """Quote a text for a message, cut short."""
    whole = str(text)
    return f'"{visible(whole[:SHOWN])}{"…" if len(whole) > SHOWN else ""}"'


def nearest(name: str, names: Iterable[str]) -> str:
    """Suggest what was probably meant: `did you mean a or b?`, or nothing."""
    close = get_close_matches(name, list(names), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""


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
        place = visible(f"{self.file}:{self.line}" if self.line else self.file)
        if self.column:
            place += f": {visible(self.column)}"
        # What another program said, and is passed on, may have lines.
        told = f"{place}: {self.message}" + (f"; {self.hint}" if self.hint else "")
        return "\n".join(map(visible, told.split("\n")))


class Problems(Exception):
    """All mistakes of one stage at once, so that nobody fixes them one run at a time."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def stop(
    file: str | Path, message: str, *, line: int = 0, column: str = "", hint: str = ""
) -> Problems:
    """Make the exception for a single mistake: `raise stop("report.qmd", "...", line=3)`."""
    return Problems(Problem(str(file), line, column, message, hint))


def mistake(path: Path, error: BaseException) -> Problem:
    """Make of what a module raised a problem at the line of that module which led to it.

    A module that ends the process (SystemExit) is a module that fails.
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).absolute() == path.absolute()]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else 0
    first = (str(error).strip().splitlines() or [""])[0]
    return Problem(str(path), line or 0, "", f"{type(error).__name__}: {first}")


def refused(error: OSError) -> Problem:
    """Make a problem of what the machine refused: a full disk, a permission, a busy file."""
    if isinstance(error, shutil.Error):  # of a folder that was copied: the first file is enough
        _, file, why = error.args[0][0]
        return Problem(str(file), message=why, hint="free or open it and run again")
    file = str(error.filename or "build")
    return Problem(file, message=error.strerror or str(error), hint="free or open it and run again")


def told(name: str, work: Callable[[], object]) -> int:
    """Do the work of a command; print what stops it, one problem a line; return the exit status."""
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup, which is meant
            signal.signal(number, _stopped)
    try:
        work()
        sys.stdout.flush()
    except Problems as found:
        return _say(name, found.problems)
    except BrokenPipeError:
        # What is left to say goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        told = "stopped, since nobody reads its output any more"
        return _say(name, [Problem(name, message=told)])
    except OSError as error:
        return _say(name, [refused(error)])
    except KeyboardInterrupt:
        print(f"{name}: stopped; {AS_IT_WAS}", file=sys.stderr)
        return STOPPED
    return 0


def _say(name: str, problems: Sequence[Problem]) -> int:
    count, rest = len(problems), len(problems) - MOST
    more = [f"… and {rest:,} more"] if rest > 0 else []
    print("\n".join([*map(str, problems[:MOST]), *more]), file=sys.stderr)
    print(f"{name}: {count} problem{'s' * (count > 1)}; {AS_IT_WAS}", file=sys.stderr)
    return 1


def _stopped(number: int, frame: object) -> None:
    raise KeyboardInterrupt
