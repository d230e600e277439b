"""Check the prose, and write what the engines need beside it."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline import report
from pipeline.prose import appendix, manuscript, references
from pipeline.report import Report
from pipeline.words import words

DATA, FACTS, PROSE = Path("data"), Path("build/facts.json"), Path("report.qmd")
META = Path("build/meta.yml")


def write(figures: tuple[str, ...], commit: str, lang: str = "en") -> None:
    """Write the document as engines set it, its references, edition, corrections and appendix.

    Raises:
        Problems: all that is wrong with the prose.
    """
    published = json.loads(FACTS.read_text(encoding="utf-8"))
    facts = published["facts"]
    folder = Path("build/include") / lang
    folder.mkdir(parents=True, exist_ok=True)
    sources = references.write(DATA / "sources.csv", Path("build/sources.json"))
    appendix.write_corrections(DATA / "corrections.csv", folder, lang)
    (folder / "sources-of-numbers.html").touch()  # it is there for the check, and follows from it
    document = manuscript.check(PROSE, facts, set(sources), figures, lang)
    write_meta(report.read(commit), lang, manuscript.minutes(document))
    appendix.write(published, document, folder, lang)
    manuscript.write(PROSE, document, facts, lang)


def write_meta(work: Report, lang: str, minutes: int) -> None:
    """Write what documents print of the work, with its reading time in minutes, and their words."""
    said = words("report", lang)
    reuse = said.reuse.format(work.licence, work.licence_of_code)
    known = {
        "pagetitle": work.title,
        "subtitle": work.subtitle,
        "version": work.version,
        "date": work.date,
        "date-text": f"{work.day.day} {work.day:%B %Y}",
        "year": f"{work.day.year}",
        "id": f"{work.name}/{work.version}",
        "address": work.address("report.html"),
        "figures": work.address("figures/"),
        "keywords": list(work.keywords),
        "region": words("site", lang).locale.partition("_")[2],
        "commit": work.commit,
        "reading": said.reading.format(minutes),
        "words": vars(said) | {"reuse": reuse},
    }
    META.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
