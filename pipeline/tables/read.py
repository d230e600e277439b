"""Reads the tables: first as text, strictly, then typed by the contract.

Text comes first because a reader that guesses types (pandas takes "n/a" for missing and 1,5 for
text) would hide exactly the mistakes that the check looks for.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import reading
from pipeline.errors import stop
from pipeline.tables import contract

if TYPE_CHECKING:
    import pandas

MAX_ROWS = 5_000
TOO_MUCH = "split it, or raise the limit in pipeline/tables/read.py"
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
csv.field_size_limit(reading.LARGEST)  # the check itself says when a cell is too long, and where


@dataclass(frozen=True)
class Table:
    """A table as text: header, and rows with the line of the file on which each begins."""

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


def content(path: Path) -> str:
    """Return the text of a table's file; Problems if it is no regular, readable, modest UTF-8
    file."""
    data = reading.content(path, "the table that the contract lists")
    return reading.decoded(data, path, _column_at)


def _column_at(data: bytes, place: int) -> str:
    start = data.rfind(b"\n", 0, place) + 1
    header = data.split(b"\n", 1)[0].decode("latin-1").split(",")
    cells = next(csv.reader([data[start:place].decode("latin-1")]), [])
    return header[min(max(len(cells), 1), len(header)) - 1] if start else ""


def parse(text: str, file: str) -> Table:
    """Split CSV text into cells, keeping the line on which each row begins (quoted cells may span
    lines)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = reader.line_num + 1
            if len(rows) > MAX_ROWS + 1:
                raise stop(
                    file,
                    f"got more than {MAX_ROWS:,} rows, expected fewer",
                    line=begins - 1,
                    hint=TOO_MUCH,
                )
    except csv.Error as error:
        hint = 'close every "; write " inside a cell as ""'
        raise stop(
            file, f"got a broken row ({error}), expected CSV cells", line=begins, hint=hint
        ) from None
    if not rows:
        raise stop(
            file,
            "got an empty file, expected a header and rows",
            line=1,
            hint="restore it from version control",
        )
    return Table(file, rows[0][1], rows[1:])


def read(path: Path) -> Table:
    """Read one CSV file as text; Problems if it cannot be read at all."""
    return parse(content(path), str(path))


def value(field: dict, text: str) -> Any:
    """Turn a cell into a value of its column's type; ValueError says what was expected instead.

    integer → int; number → int or Decimal (51.20 keeps its two decimals); boolean → bool;
    date → ISO text; list column → tuple of text; any other → text. An empty cell is None in a
    number column, () in a list and "" elsewhere.
    """
    kind = field["type"]
    if "listOf" in field:
        return tuple(text.split(field["listOf"]["separator"])) if text else ()
    if kind in ("integer", "number"):
        return _number(field, text) if text else None
    if kind == "boolean" and text not in ("true", "false"):
        raise ValueError("true or false")
    if kind == "date" and text:
        _day(text)
    return text == "true" if kind == "boolean" else text


def _number(field: dict, text: str) -> int | Decimal:
    whole = field["type"] == "integer"
    if not (INTEGER if whole else NUMBER).fullmatch(text):
        raise ValueError("a whole number" if whole else "a number")
    return int(text) if INTEGER.fullmatch(text) else Decimal(text)


def _day(text: str) -> None:
    if not DAY.fullmatch(text):
        raise ValueError("a date, YYYY-MM-DD")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day that exists, YYYY-MM-DD") from None


def load(folder: Path) -> dict[str, pandas.DataFrame]:
    """Load every table of the contract, typed: name → DataFrame, with the CSV line in `_line`.

    Integers are int64, or Int64 where cells may be empty; other types as `value` gives them.
    Tables are taken as checked: a cell that is not of its type raises Problems for that cell alone.
    """
    package = contract.read(folder)
    return {
        name: _frame(resource, read(folder / resource["path"]))
        for name, resource in contract.by_name(package).items()
    }


def _frame(resource: dict, table: Table) -> pandas.DataFrame:
    import pandas  # heavy: the check must not wait for it

    columns: dict[str, Any] = {}
    for place, (name, field) in enumerate(contract.fields(resource).items()):
        cells = [_cell(table, line, field, cells[place]) for line, cells in table.rows]
        columns[name] = pandas.Series(cells, dtype=_dtype(field))
    columns["_line"] = pandas.Series([line for line, _ in table.rows], dtype="int64")
    return pandas.DataFrame(columns)


def _cell(table: Table, line: int, field: dict, text: str) -> Any:
    try:
        return value(field, text)
    except ValueError as error:
        raise stop(
            table.file, f'got "{text}", expected {error}', line=line, column=field["name"]
        ) from None


def _dtype(field: dict) -> str:
    if field["type"] == "integer":
        return "int64" if contract.constraint(field, "required") else "Int64"
    return "bool" if field["type"] == "boolean" else "object"
