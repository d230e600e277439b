"""What is known of one figure, read from what the build has made so far."""

import csv
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import stop
from pipeline.pages.columns import Column, of_rows

FIGURES, SOURCES = Path("build/figures"), Path("data/sources.csv")
LIST = "source_ids"  # the column of the rows that names their sources
WORDS = ("kicker", "title", "subtitle", "reading", "note", "alt", "long", "source_line")


class Source(NamedTuple):
    """Who published what a figure plots. `url` is "" where the address is not to be printed."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    read: str  # whole, excerpt or none


@dataclass(frozen=True)
class Figure:
    """One figure: its words with all holes filled, its rows as text, the sources of its rows."""

    id: str
    lang: str
    kicker: str
    title: str
    subtitle: str
    reading: str
    note: str
    alt: str
    long: str
    source_line: str
    tables: tuple[str, ...]
    producers: tuple[str, ...]  # whose numbers these are, where that is not who published them
    heads: dict[str, str]  # columns for people, name → heading; empty for all
    holds: dict[str, str]  # what columns hold, name → description, where the words say it
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...]
    entries: dict[str, str]  # name of a state among the rows → anchor of its entry

    @property
    def drawn(self) -> Path:
        """The folder in which the build has drawn it."""
        return FIGURES / self.id / self.lang

    @property
    def module(self) -> str:
        return f"figures/{self.id.replace('-', '_')}.py"

    @property
    def measured(self) -> str:
        """What it shows, where and when: the kicker and the subtitle."""
        return f"{self.kicker}. {self.subtitle}."

    @cached_property
    def columns(self) -> list[Column]:
        """Each column, and what it holds."""
        return list(of_rows(self.header, self.rows, self.heads, self.holds, self.tables))

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who reported the data, each once, those of most rows first."""
        publisher = {source.id: source.publisher for source in self.sources}
        place = self.header.index(LIST)
        count = Counter(publisher[one] for row in self.rows for one in row[place].split(";") if one)
        return tuple(sorted(count, key=lambda name: (-count[name], name)))


def load_figure(name: str, lang: str) -> Figure:
    """Read what was drawn: words, rows exactly as plotted, and the sources that they name."""
    words, known = load_words(name, lang), all_sources()
    with (FIGURES / name / lang / "rows.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = [tuple(row) for row in csv.reader(handle)]
    figure = Figure(
        id=name,
        lang=lang,
        **{key: words[key] for key in WORDS},
        tables=tuple(words["tables"]),
        producers=tuple(words["producers"]),
        heads=words["columns"],
        holds=words["holds"],
        header=header,
        rows=tuple(rows),
        sources=tuple(known[key] for key in words["sources"] if key in known),
        entries=words["entries"],
    )
    unknown = [key for key in words["sources"] if key not in known]
    if unknown:
        told = f"its rows name sources that do not exist: {', '.join(unknown)}"
        raise stop(figure.module, told, hint=f"add them to {SOURCES}")
    return figure


def load_words(name: str, lang: str) -> dict[str, Any]:
    """Read the words of a figure, all holes filled."""
    return json.loads((FIGURES / name / lang / "words.json").read_text(encoding="utf-8"))


@cache
def all_sources() -> dict[str, Source]:
    """Read every source: id → source."""
    with SOURCES.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: _source(row) for row in csv.DictReader(handle)}


def _source(row: dict[str, str]) -> Source:
    return Source(
        id=row["id"],
        publisher=row["publisher"] or row["author"],
        title=f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"],
        date=row["published"],
        url=row["url"] if row["address"] == "given" else "",
        read=row["read"],
    )
