"""What is known of one figure, read from what the build has made so far."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import stop
from pipeline.report import WEB

FIGURES, SOURCES = Path("build/figures"), Path("data/sources.csv")
LIST = "source_ids"  # the column of the rows that names their sources
KINDS = {  # of a column → what its cells look like
    "number": re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "text": re.compile(r".*", re.S),
}
WORDS = ("kicker", "title", "subtitle", "reading", "note", "alt", "long", "source_line")


class Source(NamedTuple):
    """Who published what a figure plots. `url` is "" where the address is not to be printed."""

    id: str
    publisher: str
    title: str
    date: str
    url: str


class Column(NamedTuple):
    """A column of the rows: `kind` is number, date or text."""

    name: str
    kind: str
    title: str


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
    heads: dict[str, str]  # columns for people, name → heading; empty for all
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...]

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
        """Each column, by what all its cells that are not empty look like."""
        found = []
        for name, cells in zip(self.header, zip(*self.rows, strict=True), strict=True):
            filled = [cell for cell in cells if cell]
            fitting = (kind for kind, like in KINDS.items() if all(map(like.fullmatch, filled)))
            kind = next(fitting) if filled else "text"
            title = self.heads.get(name) or name.replace("_", " ")
            found.append(Column(name, kind, title))
        return found

    @property
    def producers(self) -> tuple[str, ...]:
        """The publishers of the data, each once, those of most rows first."""
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
        heads=words["columns"],
        header=header,
        rows=tuple(rows),
        sources=tuple(known[key] for key in words["sources"] if key in known),
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
    """Drop an address that is withheld, or that no browser should follow."""
    shown = row["address"] == "given" and WEB.match(row["url"])
    return Source(
        id=row["id"],
        publisher=row["publisher"] or row["author"],
        title=f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"],
        date=row["published"],
        url=row["url"] if shown else "",
    )
