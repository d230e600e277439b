"""Checks that every file the report is set with can be read, before anything is drawn."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from pipeline import reading
from pipeline.errors import Problem, Problems, stop
from pipeline.pages import record

SETTINGS = Path("_quarto.yml")
KEYS = ("project", "metadata-files", "bibliography", "csl", "filters", "format")
THEME = Path("theme")
PAGES = ("bare.html", "figure.html", "figure-head.html", "figure-index.html")  # Jinja's templates
TEXTS = (
    "page.html",
    "page.css",
    "page.js",
    "report.typ",
    "codebook.lua",
    "figure.css",
    "figure.js",
)
EXTENSION = Path("_extensions/report")
FILTERS = ("fact.lua", "quarto.lua", "report.lua")
READ = ("report.qmd", SETTINGS, THEME, EXTENSION, "CITATION.cff", "data/datapackage.json")


def check() -> None:
    """Raise Problems that name every part that is missing, unreadable or broken."""
    problems: list[Problem] = []
    texts = [Path("report.qmd"), *(THEME / name for name in TEXTS)]
    texts += [EXTENSION / name for name in FILTERS]
    known = [(reading.text, path) for path in texts]
    known += [(_jinja, THEME / name) for name in PAGES]
    known += [(_settings, SETTINGS), (_xml, THEME / "report.csl")]
    known += [(reading.from_yaml, THEME / "figure-words.yml"), (_citation, record.CITATION)]
    known += [(reading.from_yaml, EXTENSION / "_extension.yml")]
    for read, path in known:
        try:
            read(path)
        except Problems as found:
            problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))


def _settings(path: Path) -> None:
    reading.from_yaml(path, *KEYS)


def _citation(_: Path) -> None:
    record.load_report()


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
        line = error.position[0]
        told = f"got invalid XML ({error.msg}), expected a CSL style"
        raise stop(path, told, line=line) from None
