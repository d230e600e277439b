"""Checks what the report is set with, before anything is drawn.

What is missing altogether, the step that reads it tells; here stands what nobody would tell.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline import fresh, reading, report, words
from pipeline.charts import look
from pipeline.errors import Problem, Problems

PROSE, THEME, EXTENSION = Path("report.qmd"), Path("theme"), Path("_extensions/report")
CONTRACT = Path("data/datapackage.json")
WORD = re.compile(r"(?<!/)\bwords\.(\w+)")
FONTS = "Sans-Regular Sans-Semibold Sans-Italic Serif-Regular Serif-Semibold Serif-Italic"
SPEAKERS = (THEME / "page.html", THEME / "report.typ", EXTENSION / "report.lua")
READ = (PROSE, report.SETTINGS, THEME, EXTENSION, report.CITATION, CONTRACT)


def check() -> None:
    """Raise Problems that name every part that is unreadable or without a word that it needs."""
    texts = [
        path for path in fresh.files(THEME, EXTENSION) if path.suffix not in (".ttf", ".woff2")
    ]
    fonts = [THEME / f"fonts/TwoCounts{name}.ttf" for name in FONTS.split()]
    reads: list[Callable[[], object]] = [
        *(partial(reading.text, path) for path in [PROSE, *texts]),
        *(partial(reading.content, path, "a font") for path in fonts),
        *(partial(_spoken, path) for path in SPEAKERS),
        look.colours,
        report.read,
    ]
    problems: list[Problem] = []
    for read in reads:
        try:
            read()
        except Problems as found:
            problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))


def _spoken(path: Path) -> None:
    """Ask for every word that a template or filter prints: for a missing one Pandoc prints none."""
    for name in WORD.findall(reading.text(path)):
        getattr(words.words("report", "en"), name)
