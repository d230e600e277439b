"""Every derived fact is computed a second time, by other means: the queries of second_route.sql.

SQL counts in double precision where the analysis has exact rationals, so fractions agree to a part
in a billion; whole numbers, names and dates agree exactly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction

import duckdb
import pytest

from tests.conftest import ROOT

# A query's name stands alone on the comment line above it; other comments hold a space.
NAME = re.compile(r"^-- ([a-z][\w.-]*)\n", re.MULTILINE)
SETUP, *NAMED = NAME.split((ROOT / "tests/second_route.sql").read_text(encoding="utf-8"))
QUERIES = dict(zip(NAMED[::2], NAMED[1::2], strict=True))
# An empty cell is an empty text, not a missing one.
CSV = "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', "
CSV += "nullstr = 'never'"


@pytest.fixture(scope="module")
def database():
    """The CSV files as tables of text, under their names, with what the queries share."""
    connection = duckdb.connect(config={"threads": 1})
    for path in sorted((ROOT / "data").glob("*.csv")):
        connection.execute(f"create table {path.stem} as select * from read_csv('{path}', {CSV})")
    connection.execute(SETUP)
    return connection


@pytest.fixture(scope="module")
def derived(facts):
    return {name: fact.value for name, fact in facts.items() if fact.kind == "derived"}


def agree(value: object, other: object) -> bool:
    """Compare exactly, but for fractions against double precision."""
    if isinstance(value, Mapping):
        value = value["en"]
    if isinstance(value, str) or isinstance(other, str):
        return value == other
    if isinstance(value, int) and isinstance(other, int):
        return value == other
    near = 1e-9 if abs(Fraction(value)) > 1 else 1e-6
    return other is not None and math.isclose(Fraction(value), other, rel_tol=1e-9, abs_tol=near)


def test_every_derived_fact_has_a_second_route_and_every_query_a_fact(derived):
    assert list(QUERIES) == sorted(derived), "one query a fact in second_route.sql, by name"


def test_both_routes_agree_on_every_derived_fact(derived, database, record_property):
    wrong = []
    for name, query in QUERIES.items():
        other = database.execute(query).fetchone()[0]
        if not agree(derived[name], other):
            wrong.append(f"{name}: {derived[name]} in analysis, {other} in SQL")
    assert not wrong, "\n".join(wrong)
    record_property("told", f"{len(derived)} derived numbers agree on two routes")


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (5, 6),
        (Fraction(1, 3), 0.3334),
        ("Peru", "Chile"),
        ({"en": "Peru"}, "Chile"),
        (Fraction(1, 3), None),
        ("7", 7),
    ],
)
def test_routes_that_differ_are_told_apart(value, other):
    assert not agree(value, other)


@pytest.mark.parametrize(
    ("value", "other"), [(5, 5), (Fraction(1, 3), 1 / 3), ({"en": "Peru"}, "Peru"), (7, 7.0)]
)
def test_routes_that_agree_are_taken_as_such(value, other):
    assert agree(value, other)
