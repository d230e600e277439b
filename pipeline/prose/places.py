"""Where the report shows its figures: in which order, and in which of its sections."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from pipeline.prose.manuscript import HEADING, numbered

PROSE = Path("report.qmd")
INCLUDE = re.compile(r"\{\{<\s*include\s+build/include/\w+/([a-z0-9-]+)\.md\s*>\}\}")


class Place(NamedTuple):
    """A figure, its number, and the section that shows it; numbers are 0 where none does."""

    figure: str
    number: int = 0
    section: int = 0
    id: str = ""
    heading: str = ""


def shown(names: list[str]) -> list[Place]:
    """Put figures into the order in which the report shows them, those it does not show last."""
    # what is wrong with the prose, the step that reads it tells
    text = PROSE.read_text(encoding="utf-8", errors="replace") if PROSE.is_file() else ""
    found: dict[str, Place] = {}
    section, at = 0, ("", "")
    for row in text.splitlines():
        if (heading := HEADING.match(row)) and numbered(row):
            section, at = section + 1, (heading[2] or "", heading[1])
        for name in INCLUDE.findall(row):
            if name in names:
                found.setdefault(name, Place(name, len(found) + 1, section, *at))
    return [*found.values(), *(Place(name) for name in names if name not in found)]
