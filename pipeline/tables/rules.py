"""What holds between rows and tables: queries of SQLite on a copy of the tables in memory.

The rules of the contract are such queries. Each row that one returns is a problem.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import Problem
from pipeline.tables import contract, keys
from pipeline.tables.read import Table
from pipeline.tables.texts import show

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
    """Hold tables, and the database that they were put into, to keys and rules of a contract."""
    for resource in package["resources"]:
        if resource["name"] in found:
            yield from keys.problems(resource, found)
    unusable = []
    for place, rule in enumerate(package["rules"]):
        try:
            yield from broken(database, package, rule, found)
        except Unusable as fault:
            unusable.append((("rules", place, "sql"), str(fault), "mend the query"))
    if unusable:
        path = Path(next(iter(found.values())).file).with_name(contract.FILE)
        yield from contract.told(path, package, unusable)


def broken(database: sqlite3.Connection, package: dict, rule: dict, found: Tables) -> list[Problem]:
    """Run one rule, if all tables that it reads are sound; Unusable if its query is none."""
    names, query = set(contract.by_name(package)), "\n".join(rule["sql"])
    words = set(re.findall(r"\w+", query))
    needed = names if words & {"items", "cells"} else names & words | {rule["table"]}
    if not needed <= set(found):
        return []
    hint = f"rule {rule['name']}: {rule['says'].rstrip('.')}"
    try:
        rows = database.execute(query).fetchall()
    except (sqlite3.Error, sqlite3.Warning) as error:
        told = f"got a query that SQLite refuses ({error}), expected one that only reads"
        raise Unusable(told) from None
    return [_problem(row, rule["table"], found, hint) for row in rows]


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


def fill(package: dict, found: Tables) -> sqlite3.Connection:
    """Copy tables into a database whose queries only read.

    Empty cells are NULL; helpers hold the items of lists, and every cell.
    """
    database = sqlite3.connect(":memory:", cached_statements=0)
    database.executescript(HELPERS)
    for name, table in found.items():
        copy(database, contract.by_name(package)[name], table)
    return limited(database)


def limited(database: sqlite3.Connection) -> sqlite3.Connection:
    """Let the queries of a filled database only read."""
    database.commit()
    database.execute("PRAGMA query_only = ON")
    return database


def copy(database: sqlite3.Connection, resource: dict, table: Table) -> None:
    """Copy one table into a database, and into its helpers."""
    name, fields = resource["name"], contract.fields(resource)
    columns = [f'"{column}" {AFFINITY.get(fields[column]["type"], "TEXT")}' for column in fields]
    columns = ["_line INTEGER", *columns, *(f'"{n}_step" REAL' for n in _numbers(fields))]
    database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
    insert(database, resource, table)


def insert(database: sqlite3.Connection, resource: dict, table: Table) -> None:
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
