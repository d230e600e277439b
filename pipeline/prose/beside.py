"""Check the prose, and write what the engines need beside it."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline import report
from pipeline.prose import appendix, manuscript, references

DATA, FACTS, PROSE = Path("data"), Path("build/facts.json"), Path("report.qmd")


def write(figures: tuple[str, ...], commit: str, lang: str = "en") -> None:
    """Write references, edition, corrections, and the appendix of what the prose prints.

    Raises:
        Problems: all that is wrong with the prose.
    """
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
    include = Path("build/include") / lang
    include.mkdir(parents=True, exist_ok=True)
    sources = references.write(DATA / "sources.csv", Path("build/sources.json"))
    report.write_meta(report.read(commit))
    appendix.write_corrections(DATA / "corrections.csv", include / "corrections.md", lang)
    numbers = include / "sources-of-numbers.md"
    numbers.write_text("", encoding="utf-8")
    pages = {*figures, *manuscript.OF_TABLES}
    document = manuscript.check(PROSE, facts, set(sources), pages, lang)
    printed = appendix.listed(manuscript.uses(document))
    numbers.write_text(appendix.rows(facts, printed, lang), encoding="utf-8")
