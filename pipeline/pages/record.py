"""What is known of one figure, read from what the build has made so far, and what columns hold."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from pipeline import reading
from pipeline.errors import stop
from pipeline.tables import contract

FIGURES, SOURCES = Path("build/figures"), Path("data/sources.csv")
LIST = "source_ids"  # the column of the rows that names their sources
DATA = Path("data")
LOOKS = {  # of a column of rows that is no text → what its cells look like
    "number": re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "boolean": re.compile(r"True|False"),
}
KINDS = {"integer": "number", "number": "number", "date": "date", "boolean": "boolean"}


class Source(NamedTuple):
    """Who published what a figure plots. `url` is "" where the address is not to be printed."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    read: str  # whole, excerpt or none


class Column(NamedTuple):
    """A column: `kind` is number, date, boolean or text; `unit` is "" where it has none."""

    name: str
    kind: str
    title: str
    description: str
    unit: str


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
    rows = reading.rows(FIGURES / name / lang / "rows.csv")
    cells = [tuple(row.values()) for row in rows]
    listed, heads = words.pop("sources"), words.pop("columns")
    figure = Figure(header=tuple(rows[0]), rows=cells, heads=heads, **words)
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
    return {row["id"]: _source(row) for row in reading.rows(SOURCES)}


def _source(row: dict[str, str]) -> Source:
    return Source(
        id=row["id"],
        publisher=row["publisher"] or row["author"],
        title=f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"],
        date=row["published"],
        url=row["url"] if row["address"] == "given" else "",
        read=row["read"],
    )


def of_table(resource: dict[str, Any]) -> list[Column]:
    """List the columns of a table, as its contract tells them."""
    return [
        Column(
            name,
            KINDS.get(field["type"], "text"),
            field["title"],
            field["description"],
            field.get("unit") or (f"as {field['unitFrom']} says" if "unitFrom" in field else ""),
        )
        for name, field in contract.fields(resource).items()
    ]


def of_rows(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    heads: Mapping[str, str],
    holds: Mapping[str, str],
    tables: Iterable[str],
) -> Iterator[Column]:
    """Tell the columns of a figure's rows.

    What one holds, its words say (`holds`, else its heading in `heads`), or the contract of the
    tables that it reads, where they agree; its unit that contract, or the last part of its name.
    """
    fields = _fields()
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        same = [fields[table][name] for table in tables if name in fields[table]]
        told = {field.description for field in same}
        known = same[0] if len(told) == 1 else None
        title = heads.get(name) or name.replace("_", " ")
        described = holds.get(name) or heads.get(name) or (known.description if known else title)
        last = name.rpartition("_")[2]
        unit = known.unit if known and known.unit else last if last in _units() else ""
        yield Column(name, _kind(cells), title, described, unit)


def _kind(cells: Iterable[str]) -> str:
    """Say what all cells that are not empty look like."""
    filled = [cell for cell in cells if cell]
    fitting = (kind for kind, like in LOOKS.items() if all(map(like.fullmatch, filled)))
    return next(fitting, "text") if filled else "text"


@cache
def _fields() -> dict[str, dict[str, Column]]:
    """Read the columns of every table: table → name → column."""
    tables = contract.by_name(contract.read(DATA))
    return {name: {one.name: one for one in of_table(table)} for name, table in tables.items()}


@cache
def _units() -> set[str]:
    """List every unit that a column of the tables has, or that a cell may name."""
    found: set[str] = set()
    for table in contract.read(DATA)["resources"]:
        fields = contract.fields(table)
        found |= {field["unit"] for field in fields.values() if "unit" in field}
        named = [fields[field["unitFrom"]] for field in fields.values() if "unitFrom" in field]
        found |= {one["value"] for field in named for one in field["categories"]}
    return found
