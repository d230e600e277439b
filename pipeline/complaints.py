"""What other programs complain of, as one line with a place where they give one.

Their messages are no interface: tests hold the patterns against what each version really prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Problem, Problems, stop

COLOUR = re.compile(r"\x1b\[[\d;]*m")
DISK = re.compile(
    r"\((No space left on device|File too large|Permission denied|Read-only file system)"
)
LABEL = re.compile(r"label `<(?:ref-)?([^>]+)>` does not exist")
# Only a warning to the engines, and a dead link to a reader.
DANGLING = re.compile(
    r"(?:Unable to resolve crossref|[Cc]itation) (\S+?)(?: not found)?$", re.MULTILINE
)
PLACED = (
    # Pandoc of a template, Lua of its syntax: somewhere in the text; anything else: a line that
    # begins with its place.
    re.compile(r'template "([^"]+)" \(line (\d+), column \d+\):\s*(.+)'),
    re.compile(r"\S*?((?:_extensions/report|theme)/\w+\.lua):(\d+): (.* near .*)"),
)
BEGINS = re.compile(
    r"^(?:ERROR:?|Error:?)?\s*([\w./-]+\.(?:qmd|md|lua|typ|html)):(\d+):(?:\d+:)?\s*(.+)$"
)
# Where our own filters raise an error says nothing to a writer.
OURS = re.compile(r"\S*_extensions/report/\w+\.lua:\d+:\s*(?!in )")
WRONG = re.compile(r"error", re.IGNORECASE)
NOISE = ("Error running", "at file:", "[C]", "While handling", "Rendering", "stack traceback")


def dangling(errors: str) -> list[str]:
    """List what a program warned of that is named and not there."""
    return list(dict.fromkeys(DANGLING.findall(COLOUR.sub("", errors))))


def failure(source: Path, program: str, errors: str, hint: str = "") -> Problems:
    """Make a problem of what a program printed before it failed.

    source: the file that it read, for where the program names no place
    hint: what to do where nothing better is known
    """
    plain = COLOUR.sub("", errors)
    if disk := DISK.search(plain):
        return stop("build", f"{program}: {disk[1]}", hint="free or open it and run again")
    if label := LABEL.search(plain):
        return stop(source, f'{program}: nothing is called "{label[1]}"')
    telling = list(_telling(plain))
    found = [pattern.search(plain) for pattern in PLACED] + [BEGINS.match(line) for line in telling]
    for file, line, told in (place.groups() for place in found if place):
        return stop(file, f"{program}: {told}", line=int(line))
    words = " ".join(telling)[:300] or "it gave no reason"
    return stop(source, f"{program} stopped: {words}", hint=hint)


def _telling(errors: str) -> Iterator[str]:
    """Pick the lines that tell what went wrong: from the first error on, without the trace.

    Before it Quarto prints its settings, in which the whole abstract stands.
    """
    lines = [line.rstrip() for line in errors.split("stack traceback", 1)[0].splitlines()]
    ours = [OURS.sub("", line.strip()) for line in lines if OURS.match(line.strip())]
    flush = [line for line in lines if line and not line[0].isspace()]
    first = next((i for i, line in enumerate(flush) if WRONG.search(line)), 0)
    yield from ours or (line for line in flush[first:] if not line.startswith(NOISE))


def unnamed(source: Path, program: str, names: list[str]) -> Problems:
    """Make problems of names that nothing in a document has."""
    return Problems(
        *(Problem(str(source), message=f'{program}: nothing is called "{name}"') for name in names)
    )
