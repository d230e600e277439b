"""What the contract tells in the words of Data Package: keys, the order of rows, references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import Problem
from pipeline.tables import cells, contract
from pipeline.tables.read import Table
from pipeline.tables.texts import nearest, show

Row = tuple[int, tuple[str, ...]]  # the line of a row, and its cells in some columns
SUGGESTED = 5  # of references to no row: finding the name meant among hundreds takes 20 ms


def problems(resource: dict, found: Mapping[str, Table]) -> Iterator[Problem]:
    """Find what is wrong between the rows of a table, and those of the tables it refers to.

    found: the tables that are sound each by itself; references to others are not looked at
    """
    table, schema, fields = found[resource["name"]], resource["schema"], contract.fields(resource)
    unique = [[name] for name, field in fields.items() if field["constraints"].get("unique")]
    keys = [schema["primaryKey"], *schema.get("uniqueKeys", []), *unique]
    for key in (key for place, key in enumerate(keys) if key not in keys[:place]):
        yield from _repeated(table, key)
    yield from _unsorted(table, schema["primaryKey"], fields)
    for key in schema.get("foreignKeys", []):
        rows = [row for row in table.values(key["fields"]) if any(row[1])]
        there = found.get(key["reference"]["resource"])
        yield from _dangling(table, key["fields"], rows, there, key["reference"]["fields"])
    for name, field in ((name, field) for name, field in fields.items() if "listOf" in field):
        lists = ((line, cells.value(field, cell)) for line, cell in table.column(name))
        rows = [(line, (item,)) for line, items in lists for item in items]
        for line, item in (row for row, times in Counter(rows).items() if times > 1):
            yield table.wrong(line, name, f"{_shown(item)} twice", "it once", "delete one")
        there = found.get(field["listOf"]["resource"])
        yield from _dangling(table, [name], rows, there, [field["listOf"]["field"]])


def _repeated(table: Table, key: list[str]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for line, values in table.values(key):
        if first.setdefault(values, line) != line:
            got, hint = f"{_shown(values)} a second time", f"it is in line {first[values]}"
            yield table.wrong(line, ", ".join(key), got, "it once", hint)


def _unsorted(table: Table, key: list[str], fields: dict[str, dict]) -> Iterator[Problem]:
    """Find the first row that stands behind a greater one."""
    named, before = ", ".join(key), ((), "")
    for line, texts in table.values(key):
        values = [cells.value(fields[name], text) for name, text in zip(key, texts, strict=True)]
        if tuple(values) < before[0]:
            got, hint = f"{_shown(texts)} after {before[1]}", f"sort the table by {named}"
            yield table.wrong(line, named, got, "sorted rows", hint)
            return
        before = tuple(values), _shown(texts)


def _dangling(
    table: Table, columns: list[str], rows: list[Row], there: Table | None, names: list[str]
) -> Iterator[Problem]:
    """Find rows that name no row of another table; where the first column is known, others err."""
    if not there:
        return
    known = {values for _, values in there.values(names)}
    first, rest = {values[0] for values in known}, ", ".join(columns[1:])
    for place, (line, values) in enumerate(row for row in rows if row[1] not in known):
        column = rest if rest and values[0] in first else columns[0]
        alike = [key for key in known if key[0] == values[0]] or known
        near = ["/".join(key) for key in sorted(alike)] if place < SUGGESTED else []
        expected = f"a row of {Path(there.file).stem}"
        yield table.wrong(line, column, _shown(values), expected, nearest("/".join(values), near))


def _shown(values: tuple[str, ...]) -> str:
    return show("/".join(values))
