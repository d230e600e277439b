"""What is known of one figure, read from what the build has made so far."""

import csv
import json
from collections import Counter
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from pipeline.errors import stop
from pipeline.pages.columns import Column, of_rows

FIGURES, SOURCES = Path("build/figures"), Path("data/sources.csv")
LIST = "source_ids"  # the column of the rows that names their sources


class Source(NamedTuple):
    """Who published what a figure plots. `url` is "" where the address is not to be printed."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    read: str  # whole, excerpt or none


class Figure(SimpleNamespace):
    """One figure: all that its `words.json` has by name, all holes filled, and what it plots.

    heads, holds: columns for people, name → heading (empty for all), and what they hold
    header, rows: the names of all columns, and the rows as text
    sources: who published what the rows stand on
    """

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
    listed = words.pop("sources")
    figure = Figure(header=header, rows=rows, heads=words.pop("columns"), **words)
    if unknown := [key for key in listed if key not in known]:
        told = f"its rows name sources that do not exist: {', '.join(unknown)}"
        raise stop(figure.module, told, hint=f"add them to {SOURCES}")
    figure.sources = [known[key] for key in listed]
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
