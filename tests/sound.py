"""The tables as they are, read once, and a database of them that a test changes in a copy."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache

from pipeline.errors import Problem
from pipeline.tables import check, contract, rules
from pipeline.tables.read import Table
from tests.conftest import ROOT

DATA = ROOT / "data"
PACKAGE = contract.read(DATA)
RESOURCES = contract.by_name(PACKAGE)
HELPERS = {"items", "cells"}  # they are made of every table


@cache
def tables() -> dict[str, Table]:
    """Read the tables as text: name → table; all are sound."""
    found, problems = check.sound(DATA, PACKAGE)
    assert problems == []
    return found


@cache
def _filled() -> sqlite3.Connection:
    return rules.fill(PACKAGE, tables())


@contextmanager
def database(found: dict[str, Table]) -> Iterator[sqlite3.Connection]:
    """Give a database of tables: a copy of that of the sound ones, with the rows that differ."""
    held = sqlite3.connect(":memory:", cached_statements=0)
    _filled().backup(held)
    for name, table in found.items():
        if table is not tables()[name]:
            _change(held, name, table)
    with closing(held):  # SQLite's memory is limited for all databases at once
        yield rules.limited(held)


def _change(held: sqlite3.Connection, name: str, table: Table) -> None:
    """Put the rows of a changed table that differ in the place of the sound ones."""
    now, before = dict(table.rows), dict(tables()[name].rows)
    lines = {line for line in {*now, *before} if now.get(line) != before.get(line)}
    listed = ", ".join(map(str, lines)) or "NULL"
    held.execute(f'DELETE FROM "{name}" WHERE _line IN ({listed})')
    for helper in HELPERS:
        held.execute(f"DELETE FROM {helper} WHERE table_name = ? AND _line IN ({listed})", [name])
    changed = [(line, row) for line, row in table.rows if line in lines]
    rules.insert(held, RESOURCES[name], Table(table.file, table.header, changed))


def read_by(rule: dict) -> set[str]:
    """List the words of a rule's query, among them the tables that it reads."""
    return set(re.findall(r"\w+", "\n".join(rule["sql"])))


def refers_to(resource: dict) -> set[str]:
    """List the tables that a table refers to, and itself."""
    schema = resource["schema"]
    lists = [field["listOf"] for field in schema["fields"] if "listOf" in field]
    keys = [key["reference"] for key in schema.get("foreignKeys", [])]
    return {resource["name"], *(there["resource"] for there in [*lists, *keys])}


def problems_of(name: str, table: Table) -> Iterator[Problem]:
    """Put one changed table among the sound ones: what the queries say that concern it.

    Rules that read the items of every list take longest, so they come last.
    """
    found = tables() | {name: table}
    resources = [one for one in PACKAGE["resources"] if name in refers_to(one)]
    reading = [one for one in PACKAGE["rules"] if {name, *HELPERS} & read_by(one)]
    reading.sort(key=lambda one: bool(HELPERS & read_by(one)))
    with database(found) as held:
        yield from rules.between(held, {"resources": resources, "rules": reading}, found)
