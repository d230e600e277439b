"""What the columns of tables and of figures' rows hold, as files and pages tell it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.tables import contract

DATA = Path("data")
LOOKS = {  # of a column of rows that is no text → what its cells look like
    "number": re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "boolean": re.compile(r"True|False"),
}
KINDS = {"integer": "number", "number": "number", "date": "date", "boolean": "boolean"}


class Column(NamedTuple):
    """A column: `kind` is number, date, boolean or text; `unit` is "" where it has none."""

    name: str
    kind: str
    title: str
    description: str
    unit: str


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
