"""Checks that every file the report is set with can be read, before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from pipeline import reading, report, words
from pipeline.charts import look
from pipeline.errors import Problem, Problems, stop

PROSE, THEME, EXTENSION = Path("report.qmd"), Path("theme"), Path("_extensions/report")
CONTRACT = Path("data/datapackage.json")
WORD = re.compile(r"(?<!/)\bwords\.(\w+)")
KEYS = ("project", "metadata-files", "bibliography", "csl", "filters", "format")
TEXTS = (
    *("page.html", "page.css", "page.js", "report.typ", "codebook.lua"),
    *("fonts/faces.css", "figure.css", "figure.js", "figure.typ"),
)
TEMPLATES = (
    *("appendix.html", "appendix.typ", "corrections.html", "corrections.typ", "values.html"),
    "bare.html",
    "figure.html",
    "figure-data.json",
    "figure-head.html",
    "figure-index.html",
)
FONTS = "Sans3-Regular Sans3-Semibold Sans3-Italic Serif4-Regular Serif4-Semibold Serif4-Italic"
FILTERS = ("fact.lua", "quarto.lua", "report.lua")
READ = (PROSE, report.SETTINGS, THEME, EXTENSION, report.CITATION, CONTRACT)


def check() -> None:
    """Raise Problems that name every part that is missing, unreadable or broken."""
    problems: list[Problem] = []
    for read, paths in _readers():
        for path in paths:
            try:
                read(path)
            except Problems as found:
                problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))


def _readers() -> Iterable[tuple[Callable[[Path], object], list[Path]]]:
    """List what reads each kind of file: (reader, files)."""
    texts = [PROSE, *(THEME / name for name in TEXTS), *(EXTENSION / name for name in FILTERS)]
    fonts = [THEME / f"fonts/Source{name}.ttf" for name in FONTS.split()]
    return (
        (reading.text, texts),
        (partial(reading.content, kind="a font"), fonts),
        (look.colours, [look.TOKENS]),
        (_jinja, [THEME / name for name in TEMPLATES]),
        (_xml, [THEME / "report.csl"]),
        (reading.from_yaml, [words.WORDS, EXTENSION / "_extension.yml"]),
        (_spoken, [THEME / "page.html", THEME / "report.typ", EXTENSION / "report.lua"]),
        (lambda path: reading.from_yaml(path, *KEYS), [report.SETTINGS]),
        (lambda _: report.read(), [report.CITATION]),
    )


def _spoken(path: Path) -> None:
    """Ask for every word that a template or filter prints: for a missing one Pandoc prints none."""
    for name in WORD.findall(reading.text(path)):
        getattr(words.words("report", "en"), name)


def _jinja(path: Path) -> None:
    import jinja2

    try:
        jinja2.Environment().parse(reading.text(path))
    except jinja2.TemplateSyntaxError as error:
        raise stop(path, f"got a broken template: {error.message}", line=error.lineno) from None


def _xml(path: Path) -> None:
    try:
        ElementTree.fromstring(reading.text(path))
    except ElementTree.ParseError as error:
        told = f"got invalid XML ({error.msg}), expected a CSL style"
        raise stop(path, told, line=error.position[0]) from None
