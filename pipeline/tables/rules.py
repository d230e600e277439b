"""What holds between rows and tables: queries of SQLite on a copy of the tables in memory.

Keys, order and references are told by the contract in the words of Data Package; a query is made
for each. The contract's own rules are queries already. Each row that a query returns is a problem.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import Problem
from pipeline.tables import contract
from pipeline.tables.read import Table
from pipeline.tables.texts import nearest, show

Tables = Mapping[str, Table]
AFFINITY = {"integer": "INTEGER", "number": "NUMERIC"}
# A note names a source in square brackets: [publisher.2024-08-01]
BRACKETS = re.compile(r"\[([^\]]*)\]")
NAME = re.compile(r"[a-z0-9-]+\.(?:[0-9]{4}|undated)[^\s,;]*")
HELPERS = """
CREATE TABLE items (table_name, _line INTEGER, column_name, item);
CREATE TABLE cells (table_name, key, column_name, _line INTEGER, value);
CREATE INDEX cells_by_place ON cells (table_name, key, column_name);
"""
# What repeats a key; the first row out of order; items that stand twice in a cell; what names no
# row of another table. Each query returns line, column, got, expected, what to do.
REPEATED = """
SELECT _line, '{named}', show({key}) || ' a second time', 'it once', 'it is in line ' || first
FROM (SELECT *, min(_line) OVER (PARTITION BY {columns}) AS first FROM "{table}" AS row) AS row
WHERE _line > first
"""
UNSORTED = """
SELECT row._line, '{named}', show({key}) || ' after ' || show({key_before}), 'sorted rows',
  'sort the table by {named}'
FROM "{table}" AS row JOIN "{table}" AS before ON before.rowid = row.rowid - 1
WHERE ({columns}) < ({columns_before}) ORDER BY row._line LIMIT 1
"""
DOUBLED = """
SELECT _line, column_name, show(item) || ' twice', 'it once', 'delete one'
FROM items WHERE table_name = '{table}' AND column_name = '{column}'
GROUP BY _line, item HAVING count(*) > 1
"""
# Where the first column of a key is known, the others are at fault. Five suggestions are enough:
# finding one among hundreds of names takes 20 ms.
DANGLING = """
SELECT row._line,
  CASE WHEN row."{first}" IN (SELECT "{there_first}" FROM "{target}") AND '{rest}' <> ''
    THEN '{rest}' ELSE '{first}' END,
  show({key}), 'a row of {target}',
  CASE WHEN row_number() OVER (ORDER BY row._line) <= 5
    THEN near({key}, (SELECT group_concat({there_key}, char(10)) FROM "{target}" AS there)) END
FROM {here} AS row LEFT JOIN "{target}" AS there ON {same}
WHERE there._line IS NULL AND {key} <> '{nothing}'
"""


class Unusable(Exception):
    """A query that cannot be run, or returns no rows of a rule: `got …, expected …`."""


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
    """Put the queries of a contract to the tables, and to the database that they were put into."""
    for resource in package["resources"]:
        if not (table := found.get(resource["name"])):
            continue
        for query in [*_of_keys(resource), *_of_references(resource, found)]:
            for line, column, got, expected, hint in database.execute(query):
                yield table.wrong(line, column, got, expected, hint or "")
    unusable = []
    for place, rule in enumerate(package["rules"]):
        try:
            yield from broken(database, package, rule, found)
        except Unusable as fault:
            unusable.append((("rules", place, "sql"), str(fault), "mend the query"))
    if unusable:
        path = Path(next(iter(found.values())).file).with_name(contract.FILE)
        yield from contract.told(path, package, unusable)


def _of_keys(resource: dict) -> Iterator[str]:
    """Make the queries for keys, for the order of rows and for lists that repeat an item."""
    table, schema, fields = resource["name"], resource["schema"], contract.fields(resource)
    unique = [[name] for name, field in fields.items() if field["constraints"].get("unique")]
    keys = [schema["primaryKey"], *schema.get("uniqueKeys", []), *unique]
    for key in (key for place, key in enumerate(keys) if key not in keys[:place]):
        for query in [REPEATED, UNSORTED] if key == schema["primaryKey"] else [REPEATED]:
            yield query.format(
                table=table,
                named=", ".join(key),
                key=_joined(key),
                columns=_listed(key),
                key_before=_joined(key, "before"),
                columns_before=_listed(key, "before"),
            )
    for name, field in fields.items():
        if "listOf" in field:
            yield DOUBLED.format(table=table, column=name)


def _of_references(resource: dict, found: Tables) -> Iterator[str]:
    """Make the queries for what refers to sound tables: foreign keys, and items of lists."""
    name = resource["name"]
    for key in resource["schema"].get("foreignKeys", []):
        there = key["reference"]
        if there["resource"] in found:
            yield _dangling(f'"{name}"', key["fields"], there["resource"], there["fields"])
    for column, field in contract.fields(resource).items():
        there = field.get("listOf", {})
        if there.get("resource") in found:
            items = f"SELECT _line, item AS \"{column}\" FROM items WHERE table_name = '{name}'"
            here = f"({items} AND column_name = '{column}')"
            yield _dangling(here, [column], there["resource"], [there["field"]])


def _dangling(here: str, columns: list[str], target: str, names: list[str]) -> str:
    pairs = zip(columns, names, strict=False)
    return DANGLING.format(
        here=here,
        first=columns[0],
        rest=", ".join(columns[1:]),
        key=_joined(columns),
        nothing="/" * (len(columns) - 1),
        target=target,
        there_first=names[0],
        there_key=_joined(names, "there"),
        same=" AND ".join(f'row."{column}" IS there."{name}"' for column, name in pairs),
    )


def _joined(columns: list[str], of: str = "row") -> str:
    """Spell the values of columns as one text in SQL, with / between them."""
    return " || '/' || ".join(f"coalesce({of}.\"{column}\", '')" for column in columns)


def _listed(columns: list[str], of: str = "row") -> str:
    return ", ".join(f'{of}."{column}"' for column in columns)


def _near(text: str, known: str) -> str:
    """Suggest one of many lines, if possible one that begins with the same part before the /."""
    keys = known.split("\n")
    same = [key for key in keys if key.startswith(text.partition("/")[0] + "/")]
    return nearest(text, same or keys)


def broken(database: sqlite3.Connection, package: dict, rule: dict, found: Tables) -> list[Problem]:
    """Run one rule, if all tables that it reads are sound; Unusable if its query is none."""
    names, query = set(contract.by_name(package)), "\n".join(rule["sql"])
    words = set(re.findall(r"\w+", query))
    needed = names if words & {"items", "cells"} else names & words | {rule["table"]}
    if not needed <= set(found):
        return []
    hint = f"rule {rule['name']}: {rule['says'].rstrip('.')}"
    return [_problem(row, rule["table"], found, hint) for row in _rows(database, query)]


def _problem(row: tuple, table: str, found: Tables, hint: str) -> Problem:
    """Make a problem of a row of a rule: line, column, got, expected and perhaps another table."""
    line, column, got, expected, name = (*row, table, "", "", "")[:5]
    rows = dict(found[name].rows) if name in found else {}
    last = max(rows, default=1) + 1  # one row may be missing at the end
    if not rows or line not in range(1, last + 1) or column not in found[name].header:
        told = f"got the row {show(row)}, expected line, column, got, expected and perhaps table"
        raise Unusable(told)
    stands = isinstance(got, str) and any(got in cell for cell in rows.get(line, []))
    return found[name].wrong(line, column, show(got) if stands else str(got), str(expected), hint)


def _rows(database: sqlite3.Connection, query: str) -> list[tuple]:
    try:
        return database.execute(query).fetchall()
    except (sqlite3.Error, sqlite3.Warning) as error:
        told = f"got a query that SQLite refuses ({error}), expected one that only reads"
        raise Unusable(told) from None


def fill(package: dict, found: Tables) -> sqlite3.Connection:
    """Copy tables into a database whose queries only read.

    Empty cells are NULL; helpers hold the items of lists and, once there are corrections, cells.
    """
    database = sqlite3.connect(":memory:", cached_statements=0)
    database.executescript(HELPERS)
    corrected = "corrections" in found and bool(found["corrections"].rows)
    for name, table in found.items():
        copy(database, contract.by_name(package)[name], table, corrected)
    return limited(database)


def limited(database: sqlite3.Connection) -> sqlite3.Connection:
    """Let the queries of a filled database only read."""
    database.commit()
    database.create_function("show", 1, show)
    database.create_function("near", 2, _near)
    database.execute("PRAGMA query_only = ON")
    return database


def copy(database: sqlite3.Connection, resource: dict, table: Table, every_cell: bool) -> None:
    """Copy one table into a database, its list items and, if asked for, each of its cells."""
    name, fields = resource["name"], contract.fields(resource)
    columns = [f'"{column}" {AFFINITY.get(fields[column]["type"], "TEXT")}' for column in fields]
    columns = ["_line INTEGER", *columns, *(f'"{n}_step" REAL' for n in _numbers(fields))]
    database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
    insert(database, resource, table, every_cell)


def insert(database: sqlite3.Connection, resource: dict, table: Table, every_cell: bool) -> None:
    """Put rows into a table that is there, with what the helpers hold of them."""
    name, fields = resource["name"], contract.fields(resource)
    numbers = _numbers(fields)
    lists = [column for column in fields if column == "note" or "listOf" in fields[column]]
    rows, items, cells = [], [], []
    for line, row in table.rows:
        held = dict(zip(fields, row, strict=True))
        rows.append((line, *(cell or None for cell in row), *(_step(held[n]) for n in numbers)))
        for column in lists:
            found = _items(fields[column], held[column])
            items += [(name, line, column, item) for item in found]
        if every_cell:
            key = "/".join(held[column] for column in resource["schema"]["primaryKey"])
            cells += [(name, key, column, line, cell) for column, cell in held.items()]
    marks = ", ".join("?" * (1 + len(fields) + len(numbers)))
    database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    database.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", items)
    database.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?)", cells)


def _numbers(fields: dict[str, dict]) -> list[str]:
    return [column for column, field in fields.items() if field["type"] == "number"]


def _step(text: str) -> float:
    """Give the unit of the last printed decimal."""
    return float(f"1e-{len(text.partition('.')[2])}")


def _items(field: dict, cell: str) -> list[str]:
    """List the items of a list, or the sources that a note names."""
    if "listOf" in field:
        return [item for item in cell.split(field["listOf"]["separator"]) if item]
    return NAME.findall(" ".join(BRACKETS.findall(cell)))
