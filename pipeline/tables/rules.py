"""What holds between rows and tables: keys, order and references, then the rules of the contract.

A rule is a query of SQLite on a copy of the tables in memory; each row it returns is a problem.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline import reading, schema
from pipeline.errors import Problem, nearest, show
from pipeline.tables import cells, contract
from pipeline.tables.read import Table

Tables = Mapping[str, Table]
Row = tuple[int, tuple[str, ...]]  # the line of a row, and its cells in some columns
SUGGESTED = 5  # of references to no row: finding the name meant among hundreds takes 20 ms
AFFINITY = {"integer": "INTEGER", "number": "NUMERIC"}
# A note names a source in square brackets: [publisher.2024-08-01]
BRACKETS = re.compile(r"\[([^\]]*)\]")
NAME = re.compile(r"[a-z0-9-]+\.(?:[0-9]{4}|undated)[^\s,;]*")
HELPERS = """
CREATE TABLE items (table_name, _line INTEGER, column_name, item);
CREATE TABLE cells (table_name, key, column_name, _line INTEGER, value);
CREATE INDEX cells_by_place ON cells (table_name, key, column_name);
"""


def problems(package: dict, found: Tables) -> Iterator[Problem]:
    """Find what is wrong between the rows of all tables that are sound each by itself.

    A query that is refused or returns no such rows is a problem of the contract.
    """
    database = fill(package, found)
    try:
        yield from between(database, package, found)
    finally:
        database.close()


def between(database: sqlite3.Connection, package: dict, found: Tables) -> Iterator[Problem]:
    """Hold tables, and the database that they were put into, to keys and rules of a contract."""
    for resource in package["resources"]:
        if resource["name"] in found:
            yield from _keys(resource, found)
    unusable = []
    for place, rule in enumerate(package["rules"]):
        try:
            yield from broken(database, package, rule, found)
        except (sqlite3.Error, sqlite3.Warning, LookupError, ValueError, TypeError) as error:
            told = f"got a query that cannot be used ({error}), expected one that only reads"
            hint = "each row: line, column, got, expected and perhaps table"
            unusable.append((("rules", place, "sql"), told, hint))
    if unusable:
        path = Path(next(iter(found.values())).file).with_name(contract.FILE)
        yield from schema.told(path, reading.text(path), unusable)


def _keys(resource: dict, found: Tables) -> Iterator[Problem]:
    """Find what is wrong between the rows of a table, and those of the tables it refers to.

    References to a table that is not sound itself are not looked at.
    """
    table, held, fields = found[resource["name"]], resource["schema"], contract.fields(resource)
    unique = [[name] for name, field in fields.items() if field["constraints"].get("unique")]
    keys = [held["primaryKey"], *held.get("uniqueKeys", []), *unique]
    for key in (key for place, key in enumerate(keys) if key not in keys[:place]):
        yield from _repeated(table, key)
    yield from _unsorted(table, held["primaryKey"], fields)
    for key in held.get("foreignKeys", []):
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
        near = sorted("/".join(key) for key in alike) if place < SUGGESTED else []
        expected, hint = f"a row of {Path(there.file).stem}", nearest("/".join(values), near)
        yield table.wrong(line, column, _shown(values), expected, hint)


def _shown(values: tuple[str, ...]) -> str:
    return show("/".join(values))


def broken(database: sqlite3.Connection, package: dict, rule: dict, found: Tables) -> list[Problem]:
    """Run one rule, if all tables that it reads are sound.

    Raises sqlite3.Error, LookupError, ValueError or TypeError for a query that is no rule.
    """
    names, query = set(contract.by_name(package)), "\n".join(rule["sql"])
    words = set(re.findall(r"\w+", query))
    needed = names if words & {"items", "cells"} else names & words | {rule["table"]}
    if not needed <= set(found):
        return []
    hint = f"rule {rule['name']}: {rule['says'].rstrip('.')}"
    return [_problem(row, rule["table"], found, hint) for row in database.execute(query).fetchall()]


def _problem(row: tuple, table: str, found: Tables, hint: str) -> Problem:
    """Make a problem of a row of a rule: line, column, got, expected and perhaps another table."""
    line, column, got, expected, name = row if len(row) > 4 else (*row, table)
    found[name].header.index(column)
    cells_there = dict(found[name].rows).get(int(line), [])
    stands = isinstance(got, str) and any(got in cell for cell in cells_there)
    return found[name].wrong(line, column, show(got) if stands else str(got), str(expected), hint)


def fill(package: dict, found: Tables) -> sqlite3.Connection:
    """Copy tables into a database whose queries only read.

    Empty cells are NULL; helpers hold the items of lists, and every cell.
    """
    database = sqlite3.connect(":memory:", cached_statements=0)
    database.executescript(HELPERS)
    for name, table in found.items():
        resource = contract.by_name(package)[name]
        fields = contract.fields(resource)
        columns = [
            f'"{column}" {AFFINITY.get(fields[column]["type"], "TEXT")}' for column in fields
        ]
        columns = ["_line INTEGER", *columns, *(f'"{n}_step" REAL' for n in _numbers(fields))]
        database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
        insert(database, resource, table)
    return limited(database)


def limited(database: sqlite3.Connection) -> sqlite3.Connection:
    """Let the queries of a filled database only read."""
    database.commit()
    database.execute("PRAGMA query_only = ON")
    return database


def insert(database: sqlite3.Connection, resource: dict, table: Table) -> None:
    """Put rows into a table that is there, with what the helpers hold of them."""
    name, fields = resource["name"], contract.fields(resource)
    numbers = _numbers(fields)
    lists = [column for column in fields if column == "note" or "listOf" in fields[column]]
    rows, items, every = [], [], []
    for line, row in table.rows:
        held = dict(zip(fields, row, strict=True))
        rows.append((line, *(cell or None for cell in row), *(_step(held[n]) for n in numbers)))
        for column in lists:
            found = _items(fields[column], held[column])
            items += [(name, line, column, item) for item in found]
        key = "/".join(held[column] for column in resource["schema"]["primaryKey"])
        every += [(name, key, column, line, cell) for column, cell in held.items()]
    marks = ", ".join("?" * (1 + len(fields) + len(numbers)))
    database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    database.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", items)
    database.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?)", every)


def _numbers(fields: dict[str, dict]) -> list[str]:
    return [column for column, field in fields.items() if field["type"] == "number"]


def _step(text: str) -> float:
    """Give the unit of the last printed decimal."""
    return float(f"1e-{len(text.partition('.')[2])}")


def _items(field: dict, cell: str) -> list[str]:
    """List the items of a list, or the sources that a note names."""
    if "listOf" in field:
        return [item for item in cells.value(field, cell) if item]
    return NAME.findall(" ".join(BRACKETS.findall(cell)))
