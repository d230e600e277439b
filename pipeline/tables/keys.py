"""What holds between rows: unique and sorted keys, values that other tables know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from pipeline.errors import Problem
from pipeline.tables import contract
from pipeline.tables.read import Table, value
from pipeline.tables.texts import nearest, show

Tables = Mapping[str, Table]
HINTS = 5  # suggestions for each column: finding one among hundreds of names takes 20 ms


def within(resource: dict, table: Table) -> Iterator[Problem]:
    """Find rows that repeat a key or stand out of order, and cells that repeat an item of a
    list."""
    schema, columns = resource["schema"], contract.fields(resource)
    keys = [schema["primaryKey"], *schema.get("uniqueKeys", [])]
    keys += [
        [name]
        for name, field in columns.items()
        if contract.constraint(field, "unique") and [name] not in keys
    ]
    for key in keys:
        yield from _repeated(table, list(columns), key)
    yield from _unsorted(table, columns, schema["primaryKey"])
    for place, field in enumerate(columns.values()):
        if "listOf" in field:
            yield from _lists(table, place, field)


def _cells(names: list[str], key: list[str], cells: list[str]) -> tuple[str, ...]:
    return tuple(cells[names.index(name)] for name in key)


def _repeated(table: Table, names: list[str], key: list[str]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in table.rows:
        found = _cells(names, key, cells)
        if found in seen:
            told = f"got {show('/'.join(found))} a second time, expected it once"
            yield Problem(table.file, line, ", ".join(key), told, f"it is in line {seen[found]}")
        seen.setdefault(found, line)


def _unsorted(table: Table, columns: dict[str, dict], key: list[str]) -> Iterator[Problem]:
    """Find the first row out of order, numbers being ordered as numbers."""
    places = [list(columns).index(name) for name in key]
    rows = [
        (tuple(value(columns[name], cells[p]) for name, p in zip(key, places, strict=True)), line)
        for line, cells in table.rows
    ]
    for (before, _), (found, line) in pairwise(rows):
        if found < before:
            told = (
                f"got {show('/'.join(map(str, found)))} after {show('/'.join(map(str, before)))}, "
                "expected sorted rows"
            )
            yield Problem(
                table.file, line, ", ".join(key), told, "sort the table by " + ", ".join(key)
            )
            return


def _lists(table: Table, place: int, field: dict) -> Iterator[Problem]:
    for line, cells in table.rows:
        items = cells[place].split(field["listOf"]["separator"])
        for item in sorted({item for item in items if items.count(item) > 1}):
            yield Problem(
                table.file,
                line,
                field["name"],
                f"got {show(item)} twice, expected it once",
                "delete one",
            )


def between(package: dict, found: Tables) -> Iterator[Problem]:
    """Find values that name nothing in the table they refer to."""
    resources = contract.by_name(package)
    for name, table in found.items():
        fields = contract.fields(resources[name])
        for columns, target, keys, separator in _references(resources[name]):
            if target in found:
                known = {
                    _cells(list(contract.fields(resources[target])), keys, cells)
                    for _, cells in found[target].rows
                }
                yield from _dangling(
                    table,
                    [list(fields).index(column) for column in columns],
                    columns,
                    known,
                    target,
                    separator,
                )


def _references(resource: dict) -> Iterator[tuple[list[str], str, list[str], str | None]]:
    """List what refers to other tables: (columns, table, its columns, separator of a list)."""
    for key in resource["schema"].get("foreignKeys", []):
        yield key["fields"], key["reference"]["resource"], key["reference"]["fields"], None
    for column, field in contract.fields(resource).items():
        if "listOf" in field:
            yield (
                [column],
                field["listOf"]["resource"],
                [field["listOf"]["field"]],
                field["listOf"]["separator"],
            )


def _dangling(
    table: Table,
    places: list[int],
    columns: list[str],
    known: set,
    target: str,
    separator: str | None,
) -> Iterator[Problem]:
    firsts, hints = {key[0] for key in known}, HINTS
    for line, cells in table.rows:
        row = tuple(cells[place] for place in places)
        for item in [(part,) for part in row[0].split(separator)] if separator else [row]:
            if any(item) and item not in known:
                rest = item[0] in firsts  # then the other columns are at fault
                near = (
                    ["/".join(key) for key in sorted(known) if key[0] == item[0] or not rest]
                    if hints
                    else []
                )
                hints = max(0, hints - 1)
                column = ", ".join(columns[1:] if rest else columns[:1])
                yield Problem(
                    table.file,
                    line,
                    column,
                    f"got {show('/'.join(item))}, expected a row of {target}",
                    nearest("/".join(item), near),
                )
