"""What holds across tables: the contract's rules, run as SQL on a copy of the tables in memory."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import Problem
from pipeline.tables import contract
from pipeline.tables.read import MAX_ROWS, Table
from pipeline.tables.texts import MAX_CELL, show

AFFINITY = {"integer": "INTEGER", "number": "NUMERIC"}
# A note names a source in square brackets: [publisher.2024-08-01]
BRACKETS = re.compile(r"\[([^\]]*)\]")
NAME = re.compile(r"[a-z0-9-]+\.(?:[0-9]{4}|undated)[^\s,;]*")
READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
NEVER = {"load_extension", "random", "randomblob"}  # functions that run code or answer by chance
STEPS = 20_000_000  # of SQLite, made within a second; the longest rule takes 239,000
MEMORY, LONGEST = 100_000_000, 100_000  # bytes of all of SQLite, and of one value
HELPERS = """
CREATE TABLE items (table_name, _line INTEGER, column_name, item);
CREATE TABLE cells (table_name, key, column_name, _line INTEGER, value);
CREATE INDEX cells_by_place ON cells (table_name, key, column_name);
"""


class Unusable(Exception):
    """A query that cannot be run, or returns no rows of a rule: `got …, expected …`."""


def problems(package: dict, found: Mapping[str, Table]) -> Iterator[Problem]:
    """Run every rule whose tables are all sound; each row that a query returns is one problem.

    A query that is refused, takes too long or returns no such rows is a problem of the contract.
    """
    database = fill(package, found)
    _guard(database)
    names = set(contract.by_name(package))
    unusable = []
    for place, rule in enumerate(package.get("rules", [])):
        words = set(re.findall(r"\w+", contract.sql(rule)))
        needed = names if words & {"items", "cells"} else names & words | {rule["table"]}
        if needed <= set(found):
            try:
                yield from [*_broken(database, rule, names, found)]
            except Unusable as fault:
                unusable.append((("rules", place, "sql"), str(fault), "mend the query"))
    database.close()
    if unusable:
        path = Path(next(iter(found.values())).file).with_name(contract.FILE)
        yield from contract.told(path, package, unusable)


def _guard(database: sqlite3.Connection) -> None:
    """Let queries read and nothing else, within limits that are the same on every machine."""
    database.execute("PRAGMA temp_store = MEMORY")
    database.execute(f"PRAGMA hard_heap_limit = {MEMORY}")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    database.set_progress_handler(lambda: True, STEPS)
    database.set_authorizer(_allowed)


def _allowed(action: int, _: str | None, name: str | None, *__: str | None) -> int:
    never = action == sqlite3.SQLITE_FUNCTION and name in NEVER
    return sqlite3.SQLITE_OK if action in READING and not never else sqlite3.SQLITE_DENY


def _broken(
    database: sqlite3.Connection, rule: dict, names: set[str], found: Mapping[str, Table]
) -> Iterator[Problem]:
    for row in _rows(database, contract.sql(rule)):
        name = row[4] if len(row) == 5 else rule["table"]
        if name in found:
            yield _problem(row, rule, found[name])
        elif name not in names:
            raise Unusable(f"got rows of {show(name)}, expected the name of a table")


def _rows(database: sqlite3.Connection, query: str) -> Iterator[tuple]:
    """Run a query within the limits; each row is line, column, got, expected and perhaps table."""
    try:
        cursor = database.execute(query)
        width = len(cursor.description or ())
        if width not in (4, 5):
            told = f"got a query of {width} columns, expected line, column, got, expected"
            raise Unusable(f"{told} and perhaps table")
        for count, row in enumerate(cursor, 1):
            if count > MAX_ROWS:
                raise Unusable(f"got more than {MAX_ROWS:,} rows, expected those that break a rule")
            yield row
    except MemoryError:
        told = f"got a query that needs more than {MEMORY:,} bytes, expected a smaller one"
        raise Unusable(told) from None
    except (sqlite3.Error, sqlite3.Warning) as error:
        why = f"SQLite refuses ({error})"
        if str(error) == "interrupted":
            why = f"still runs after {STEPS:,} steps"
        raise Unusable(f"got a query that {why}, expected one that only reads and ends") from None


def _problem(row: tuple, rule: dict, table: Table) -> Problem:
    line, column, got, expected = row[:4]
    last = table.rows[-1][0] if table.rows else 1
    if not isinstance(line, int) or not 1 <= line <= last + 1:  # one row may be missing at the end
        raise Unusable(f"got {show(line)} for a line, expected a line of {Path(table.file).name}")
    if column not in table.header:
        raise Unusable(f"got {show(column)}, expected a column of {Path(table.file).name}")
    cells = dict(table.rows).get(line, ())
    told = show(got) if isinstance(got, str) and any(got in cell for cell in cells) else _short(got)
    hint = f"rule {rule['name']}: {rule['says'].rstrip('.')}"
    return Problem(table.file, line, column, f"got {told}, expected {_short(expected)}", hint)


def _short(text: object) -> str:
    return show(text) if len(str(text)) > MAX_CELL else str(text)


def fill(package: dict, found: Mapping[str, Table]) -> sqlite3.Connection:
    """Copy tables into a database: empty cells are NULL, helpers hold list items and cells."""
    database = sqlite3.connect(":memory:", cached_statements=0)
    database.executescript(HELPERS)
    history = found.get("corrections")
    for name, table in found.items():
        resource = contract.by_name(package)[name]
        _copy(database, name, contract.fields(resource), table)
        _items(database, name, contract.fields(resource), table)
        if history and history.rows:
            _every_cell(database, name, resource, table)
    return database


def _copy(database: sqlite3.Connection, name: str, fields: dict[str, dict], table: Table) -> None:
    numbers = [place for place, field in enumerate(fields.values()) if field["type"] == "number"]
    columns = [
        f'"{column}" {AFFINITY.get(field["type"], "TEXT")}' for column, field in fields.items()
    ]
    columns += [f'"{list(fields)[place]}_step" REAL' for place in numbers]
    database.execute(f'CREATE TABLE "{name}" (_line INTEGER, {", ".join(columns)})')
    marks = ", ".join("?" * (len(columns) + 1))
    rows = (
        (line, *(cell or None for cell in cells), *(_step(cells[place]) for place in numbers))
        for line, cells in table.rows
    )
    database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)


def _step(text: str) -> float:
    return float(f"1e-{len(text.partition('.')[2])}")


def _items(database: sqlite3.Connection, name: str, fields: dict[str, dict], table: Table) -> None:
    rows = []
    for place, (column, field) in enumerate(fields.items()):
        separator = field.get("listOf", {}).get("separator")
        if separator or column == "note":
            for line, cells in table.rows:
                items = (
                    cells[place].split(separator)
                    if separator
                    else NAME.findall(" ".join(BRACKETS.findall(cells[place])))
                )
                rows += [(name, line, column, item) for item in items if item]
    database.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", rows)


def _every_cell(database: sqlite3.Connection, name: str, resource: dict, table: Table) -> None:
    names = list(contract.fields(resource))
    places = [names.index(column) for column in resource["schema"]["primaryKey"]]
    for line, cells in table.rows:
        key = "/".join(cells[place] for place in places)
        database.executemany(
            "INSERT INTO cells VALUES (?, ?, ?, ?, ?)",
            [(name, key, c, line, v) for c, v in zip(names, cells, strict=True)],
        )
