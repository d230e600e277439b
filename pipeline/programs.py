"""Other programs: which there are, how they are run, and what they say when they fail.

Whatever stops the build stops them and all that they started; where it is killed outright, they
keep its lock until they end, so that the next build does not write into the same files.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from pipeline import fresh
from pipeline.errors import Problems, stop

Result = TypeVar("Result")
# What they say before they fail is no interface: tests hold what is picked against what is printed.
COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Where our own filters raise an error says nothing to a writer; where their syntax is broken does.
OURS = re.compile(r"\S*_extensions/report/\w+\.lua:\d+:\s*(?!in |.* near )")
WRONG = re.compile(r"error", re.IGNORECASE)
NOISE = ("Error running", "at file:", "[C]", "While handling", "Rendering", "stack traceback")
PATIENCE = 600  # seconds; the slowest program needs 60 on a busy machine
OLDEST = (1, 10)  # the first that sets PDF/A and PDF/UA in one file
ATTEMPT = Path(".venv/quarto.txt")
INSTALLED = Path(".venv-quarto/bin/quarto")
WAY_OUT = (
    "install Quarto 1.10 or newer from https://quarto.org, name it with QUARTO=…, "
    "or use ENGINE=pandoc"
)


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


def failure(source: Path, program: str, errors: str, hint: str = "") -> Problems:
    """Make a problem of what a program printed before it failed.

    source: the file that it read
    hint: what to do
    """
    lines = [
        line.rstrip() for line in COLOUR.sub("", errors).split("stack traceback")[0].splitlines()
    ]
    ours = [OURS.sub("", line.strip()) for line in lines if OURS.match(line.strip())]
    flush = [line for line in lines if line and not line[0].isspace()]
    # From the first error on: before it Quarto prints its settings, with the whole abstract.
    first = next((i for i, line in enumerate(flush) if WRONG.search(line)), 0)
    telling = ours or [line for line in flush[first:] if not line.startswith(NOISE)]
    words = " ".join(telling)[:300] or "it gave no reason"
    return stop(source, f"{program} stopped: {words}", hint=hint)


@dataclass(frozen=True)
class Engine:
    """The engine chosen: `quarto` or `pandoc`, its version, where it is, and why it was chosen.

    The reason and the path are of this machine: they are said on the terminal and recorded nowhere.
    """

    name: str
    version: str
    path: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name.capitalize()} {self.version}"


def choose(requested: str = "auto") -> Engine:
    """Choose the engine; raise Problems when Quarto is asked for and cannot be had."""
    if requested == "pandoc":
        return pandoc("asked for")
    refusals = []
    for path, why in _candidates():
        found = _version(path, r"^(\d+\.\d+(?:\.\d+)?)")
        if found and tuple(map(int, found.split(".")[:2])) >= OLDEST:
            return Engine("quarto", found, path, why)
        refusals.append(f"{path} is version {found}, too old" if found else f"{path} does not run")
    tried = ATTEMPT.read_text(encoding="utf-8").strip() if ATTEMPT.exists() else ""
    why_not = "; ".join(refusals or tried.splitlines()) or "no Quarto on this machine"
    if requested == "quarto":
        raise stop("ENGINE=quarto", why_not, hint=WAY_OUT)
    return pandoc(why_not)


def _candidates() -> Iterator[tuple[str, str]]:
    """List where a Quarto may be, with the reason to take it; the first that serves is taken."""
    named = filter(None, os.environ.get("QUARTO", "").split(os.pathsep))
    yield from ((path, "named by $QUARTO") for path in named)
    if on_path := shutil.which("quarto"):
        yield on_path, "found on the PATH"
    if INSTALLED.exists():
        yield str(INSTALLED.absolute()), "installed by the set-up"


def _version(path: str, pattern: str) -> str:
    """Ask a program for its version, once for each state of its file; "" if it does not answer."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    file = f"{path} {status.st_mtime_ns} {status.st_size}"
    known = fresh.recall("versions").get("known", {})
    if file not in known:
        try:
            done = run([path, "--version"], patience=60)
        except OSError:
            return ""
        found = re.search(pattern, done.stdout.strip(), re.MULTILINE)
        if not found or done.returncode:
            return ""
        known[file] = found[1]
        fresh.remember("versions", known=known)
    return known[file]


def pandoc_path() -> str:
    """Say where the Python package of Pandoc carries the program."""
    from importlib.metadata import files

    listed = files("pypandoc_binary") or []
    return str(next(path.locate() for path in listed if path.parts[-2:] == ("files", "pandoc")))


def pandoc(reason: str) -> Engine:
    """Give the Pandoc of the environment, and why it is taken."""
    from importlib.metadata import version as installed

    path = pandoc_path()
    found = _version(path, r"pandoc (\S+)")
    return Engine("pandoc", f"{found} with Typst {installed('typst')}", path, reason)
