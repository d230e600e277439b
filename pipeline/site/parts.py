"""Checks what the report is set with, before anything is drawn.

What is missing altogether, the step that reads it tells; here stands what nobody would tell.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from pipeline import fresh, reading, report, words
from pipeline.charts import look
from pipeline.errors import Problem, Problems, stop

PROSE, THEME, EXTENSION = Path("report.qmd"), Path("theme"), Path("_extensions/report")
CONTRACT = Path("data/datapackage.json")
WORD = re.compile(r"(?<!/)\bwords\.(\w+)")
KEYS = ("project", "metadata-files", "bibliography", "csl", "filters", "format")
FONTS = "Sans-Regular Sans-Semibold Sans-Italic Serif-Regular Serif-Semibold Serif-Italic"
SPEAKERS = (THEME / "page.html", THEME / "report.typ", EXTENSION / "report.lua")
READ = (PROSE, report.SETTINGS, THEME, EXTENSION, report.CITATION, CONTRACT)


def check() -> None:
    """Raise Problems that name every part that is unreadable, broken or without a word it needs."""
    fonts = [THEME / f"fonts/TwoCounts{name}.ttf" for name in FONTS.split()]
    reads: list[Callable[[], object]] = [
        *(partial(_part, path) for path in [PROSE, *fresh.files(THEME, EXTENSION)]),
        *(partial(reading.content, path, "a font") for path in fonts),
        *(partial(_spoken, path) for path in SPEAKERS),
        look.colours,
        report.read,
        partial(reading.from_yaml, report.SETTINGS, *KEYS),
    ]
    problems: list[Problem] = []
    for read in reads:
        try:
            read()
        except Problems as found:
            problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))


def _part(path: Path) -> None:
    """Read a file as what its name says that it is."""
    import jinja2

    if path.suffix in (".ttf", ".woff2"):
        return
    text = reading.text(path)
    try:
        if path.suffix == ".yml":
            reading.yaml_text(text, path)
        elif path.suffix == ".csl":
            ElementTree.fromstring(text)
        elif "{%" in text:
            jinja2.Environment().parse(text)
    except ElementTree.ParseError as error:
        told = f"got invalid XML ({error.msg}), expected a CSL style"
        raise stop(path, told, line=error.position[0]) from None
    except jinja2.TemplateSyntaxError as error:
        raise stop(path, f"got a broken template: {error.message}", line=error.lineno) from None


def _spoken(path: Path) -> None:
    """Ask for every word that a template or filter prints: for a missing one Pandoc prints none."""
    for name in WORD.findall(reading.text(path)):
        getattr(words.words("report", "en"), name)
