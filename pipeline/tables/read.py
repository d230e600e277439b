"""Reads the tables: first as text, strictly, then typed by the contract.

Text comes first because a reader that guesses types (pandas takes "n/a" for missing and 1,5 for
text) would hide exactly the mistakes that the check looks for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import reading
from pipeline.errors import Problem, Problems, show, stop
from pipeline.tables import cells, contract

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Table:
    """A table as text: header, and rows with the line of the file on which each begins."""

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def column(self, name: str) -> Iterator[tuple[int, str]]:
        """Go through one column: line and cell of each row."""
        return ((line, cell) for line, (cell,) in self.values([name]))

    def values(self, names: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Go through several columns: line and cells of each row."""
        places = [self.header.index(name) for name in names]
        return ((line, tuple(row[place] for place in places)) for line, row in self.rows)

    def wrong(self, line: int, column: str, got: str, expected: str, hint: str = "") -> Problem:
        """Make a problem of this table."""
        return Problem(self.file, line, column, f"got {got}, expected {expected}", hint)


def content(path: Path) -> str:
    """Return the text of a table's file as it is; Problems if it is no readable UTF-8 file."""
    return reading.decoded(reading.content(path, "the table that the contract lists"), path)


def parse(text: str, file: str) -> Table:
    """Split CSV text into cells, keeping the line on which each row begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, begins = [], 1
    try:
        for row in reader:
            rows.append((begins, row))
            begins = reader.line_num + 1  # quoted cells may span lines
    except csv.Error as error:
        told = f"got a broken row ({error}), expected CSV cells"
        hint = 'close every "; write " inside a cell as ""'
        raise stop(file, told, line=begins, hint=hint) from None
    if not rows:
        told = "got an empty file, expected a header and rows"
        raise stop(file, told, line=1, hint=reading.RESTORE)
    return Table(file, rows[0][1], rows[1:])


def load(folder: Path) -> dict[str, pandas.DataFrame]:
    """Load every table of the contract, typed: name → DataFrame, with the CSV line in `_line`.

    Integers are int64, or Int64 where cells may be empty; other types as `cells.value` gives them.
    Tables are taken as checked: a cell that is not of its type raises Problems for that cell alone.
    """
    frames = {}
    for name, resource in contract.by_name(contract.read(folder)).items():
        path = folder / resource["path"]
        frames[name] = _frame(resource, parse(content(path), str(path)))
    return frames


def _frame(resource: dict, table: Table) -> pandas.DataFrame:
    import pandas  # heavy: the check must not wait for it

    columns: dict[str, Any] = {}
    for name, field in contract.fields(resource).items():
        values = [_value(table, line, field, text) for line, text in table.column(name)]
        columns[name] = pandas.Series(values, dtype=_dtype(field))
    columns["_line"] = pandas.Series([line for line, _ in table.rows], dtype="int64")
    return pandas.DataFrame(columns)


def _value(table: Table, line: int, field: dict, text: str) -> Any:
    try:
        return cells.value(field, text)
    except ValueError as error:
        raise Problems(table.wrong(line, field["name"], show(text), str(error))) from None


def _dtype(field: dict) -> str:
    if field["type"] == "integer":
        return "int64" if field["constraints"].get("required") else "Int64"
    return "bool" if field["type"] == "boolean" else "object"
