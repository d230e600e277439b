"""What holds across tables: the contract's rules, run as SQL on a copy of the tables in memory."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline import contract
from pipeline.errors import Problem, stop
from pipeline.tables import Table
from pipeline.text_rules import show

AFFINITY = {"integer": "INTEGER", "number": "NUMERIC"}
# A note names a source in square brackets: [publisher.2024-08-01]
BRACKETS = re.compile(r"\[([^\]]*)\]")
NAME = re.compile(r"[a-z0-9-]+\.(?:[0-9]{4}|undated)[^\s,;]*")
HELPERS = """
CREATE TABLE items (table_name, _line, column_name, item);
CREATE TABLE cells (table_name, key, column_name, _line, value);
"""


def problems(package: dict, found: Mapping[str, Table]) -> Iterator[Problem]:
    """Run every rule whose tables are all sound; each row that a query returns is one problem."""
    database = fill(package, found)
    names = set(contract.by_name(package))
    for rule in package.get("rules", []):
        words = set(re.findall(r"\w+", contract.sql(rule)))
        needed = names if words & {"items", "cells"} else names & words
        if needed <= set(found):
            yield from _broken(database, rule, found)
    database.close()


def _broken(database: sqlite3.Connection, rule: dict, found: Mapping[str, Table]) -> Iterator[Problem]:
    try:
        rows = database.execute(contract.sql(rule)).fetchall()
    except sqlite3.Error as error:
        path = str(Path(found[rule["table"]].file).with_name(contract.FILE))
        raise stop(path, f'got a rule "{rule["name"]}" that SQLite refuses ({error}), expected a query') from None
    for line, column, got, expected, *other in rows:
        table = found[other[0] if other else rule["table"]]
        cells = dict(table.rows).get(line, ())
        told = show(got) if isinstance(got, str) and any(got in cell for cell in cells) else got
        yield Problem(table.file, line, column, f"got {told}, expected {expected}", f"rule {rule['name']}: {rule['says'].rstrip('.')}")


def fill(package: dict, found: Mapping[str, Table]) -> sqlite3.Connection:
    """Copy tables into a database: empty cells are NULL, helpers hold list items and cells."""
    database = sqlite3.connect(":memory:")
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
    columns = [f'"{column}" {AFFINITY.get(field["type"], "TEXT")}' for column, field in fields.items()]
    columns += [f'"{list(fields)[place]}_step" REAL' for place in numbers]
    database.execute(f'CREATE TABLE "{name}" (_line INTEGER, {", ".join(columns)})')
    marks = ", ".join("?" * (len(columns) + 1))
    rows = ((line, *(cell or None for cell in cells), *(_step(cells[place]) for place in numbers)) for line, cells in table.rows)
    database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)


def _step(text: str) -> float:
    return float(f"1e-{len(text.partition('.')[2])}")


def _items(database: sqlite3.Connection, name: str, fields: dict[str, dict], table: Table) -> None:
    rows = []
    for place, (column, field) in enumerate(fields.items()):
        separator = field.get("listOf", {}).get("separator")
        if separator or column == "note":
            for line, cells in table.rows:
                items = cells[place].split(separator) if separator else NAME.findall(" ".join(BRACKETS.findall(cells[place])))
                rows += [(name, line, column, item) for item in items if item]
    database.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", rows)


def _every_cell(database: sqlite3.Connection, name: str, resource: dict, table: Table) -> None:
    names = list(contract.fields(resource))
    places = [names.index(column) for column in resource["schema"]["primaryKey"]]
    for line, cells in table.rows:
        key = "/".join(cells[place] for place in places)
        database.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?)", [(name, key, c, line, v) for c, v in zip(names, cells, strict=True)])
