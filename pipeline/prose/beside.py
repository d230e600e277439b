"""Check the prose, and write what the engines need beside it."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline import edition
from pipeline.errors import Problem, Problems
from pipeline.pages import data
from pipeline.prose import appendix, manuscript, references
from pipeline.prose.places import Line

DATA, FACTS = Path("data"), Path("build/facts.json")
PAGES = ("corrections", "sources-of-numbers")


def write(figures: tuple[str, ...], commit: str, lang: str = "en") -> None:
    """Write references, corrections, the appendix of all numbers that the prose prints, and the
    edition.

    Raises:
        Problems: all that is wrong with the prose and with the codebook, which is published too.
    """
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
    include = Path("build/include") / lang
    include.mkdir(parents=True, exist_ok=True)
    sources = references.write(DATA / "sources.csv", Path("build/sources.json"))
    edition.write(commit)
    appendix.write_corrections(DATA / "corrections.csv", include / "corrections.md", lang)
    numbers = include / "sources-of-numbers.md"
    numbers.write_text("", encoding="utf-8")
    document = check(facts, set(sources), {*figures, *PAGES}, lang)
    printed = appendix.listed(manuscript.uses(document))
    numbers.write_text(appendix.rows(facts, printed, lang), encoding="utf-8")


def check(facts: dict, sources: set[str], pages: set[str], lang: str) -> list[Line]:
    """Return the lines of the prose; raise what is wrong with it or with the codebook."""
    problems: list[Problem] = data.problems()
    try:
        document = manuscript.check(Path("report.qmd"), facts, sources, pages, lang)
    except Problems as found:
        raise Problems(*found.problems, *problems) from None
    if problems:
        raise Problems(*problems)
    return document
