"""What other programs say before they fail, as one line.

Their messages are no interface: tests hold what is picked against what each really prints.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Problems, stop

COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Where our own filters raise an error says nothing to a writer; where their syntax is broken does.
OURS = re.compile(r"\S*_extensions/report/\w+\.lua:\d+:\s*(?!in |.* near )")
WRONG = re.compile(r"error", re.IGNORECASE)
NOISE = ("Error running", "at file:", "[C]", "While handling", "Rendering", "stack traceback")


def failure(source: Path, program: str, errors: str, hint: str = "") -> Problems:
    """Make a problem of what a program printed before it failed.

    source: the file that it read
    hint: what to do
    """
    words = " ".join(_telling(COLOUR.sub("", errors)))[:300] or "it gave no reason"
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
