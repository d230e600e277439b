"""Colours for the pages, from `theme/tokens.yml`; charts and PDF read that file themselves."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline import reading
from pipeline.errors import Problem, Problems

TOKENS = Path("theme/tokens.yml")
SHEETS = ("theme/fonts/faces.css", "build/palette.css", "theme/page.css")  # of every page of text
SECTIONS = ("drawings", "colours", "pages")
PAIR = re.compile(r"(#[0-9a-f]{6}) (#[0-9a-f]{6})")


def colours(path: Path = TOKENS) -> dict[str, list[str]]:
    """Read role → [on light pages, on dark pages]; Problems name every role that is no such pair.

    Both charts' and pages' own roles are given, in the order of the file.
    """
    tokens = reading.from_yaml(path, *SECTIONS)
    found, problems = tokens["colours"] | tokens["pages"], []
    rows = path.read_text(encoding="utf-8").splitlines()
    for role, pair in found.items():
        if not isinstance(pair, list) or not PAIR.fullmatch(" ".join(map(str, pair))):
            told = f'{role}: got {pair}, expected ["#rrggbb", "#rrggbb"]'
            line = next(i for i, row in enumerate(rows, 1) if row.strip().startswith(f"{role}:"))
            hint = "first on light pages, then on dark ones, in small letters"
            problems.append(Problem(str(path), line, "", told, hint))
    if problems:
        raise Problems(*problems)
    return found


def write(target: Path) -> None:
    """Write all colours as variables of the pages, dark where the reader's system is dark."""
    light, dark = (
        "".join(f"  --{role}: {pair[i]};\n" for role, pair in colours().items()) for i in (0, 1)
    )
    target.write_text(
        "/* Made of theme/tokens.yml. */\n"
        f":root {{\n  color-scheme: light dark;\n{light}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n",
        encoding="utf-8",
    )
