"""The programs that set the report: which there are, of which version, and which one is taken."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import children, fresh
from pipeline.errors import stop

OLDEST = (1, 10)  # the first that sets PDF/A and PDF/UA in one file
ATTEMPT = Path(".venv/quarto.txt")
INSTALLED = Path(".venv-quarto/bin/quarto")
WAY_OUT = (
    "install Quarto 1.10 or newer from https://quarto.org, name it with QUARTO=…, "
    "or use ENGINE=pandoc"
)


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
    for path in filter(None, os.environ.get("QUARTO", "").split(os.pathsep)):
        yield path, "named by $QUARTO"
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
            done = children.run([path, "--version"], patience=60)
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
