"""Do tables of the same polling place differ by more than chance?

Method: voters of a place are taken to fall to its tables by chance, so the votes for González on
one table are drawn without return from those of its place. `neighbouring_tables` counts the tables
by their distance from that, in standard deviations of the draw; beside them stands a normal curve.
`pairs_of_sheets` counts pairs by how many points his shares lie apart: tables of one place, and any
two sheets. Both are of the second file.
"""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist

import pandas as pd

from analysis.results import OF_THE_SECOND, sources
from analysis.tools import derive, percent
from pipeline.model import Derived, Fact, Tables

TABLES, PAIRS = "table:neighbouring_tables/v2", "table:pairs_of_sheets/v2"
NEAR = 5  # points; up to where two shares are called near here
ENDS, FARTHEST = 4, 16  # standard deviations and points, where the frame ends
AWAY = {"wide": (2, "two"), "far": (3, "three")}  # standard deviations, in words
OF_PAIRS = {"same_place": "pairs of tables of one polling place", "anywhere": "pairs of any sheets"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many pairs are near, and how many tables lie within two standard deviations and
    beyond three, counted and by chance."""
    yield from _pairs(tables)
    rows = tables["neighbouring_tables"].query("publication == 'v2'")
    whole = int(rows["tables"].sum())
    yield derive(
        "neighbours.tables",
        whole,
        "tables",
        label=f"tables {OF_THE_SECOND} at polling places with several",
        formula="sum of the tables",
        inputs=[TABLES],
    )
    for name, (limit, words) in AWAY.items():
        chosen = f"neighbours.{name}"
        label = f"how many standard deviations are called {name} here"
        yield derive(chosen, limit, "standard deviations", label=label)
        inside = rows["difference_from"].ge(-limit) & rows["difference_from"].lt(limit)
        counted = int(rows.loc[inside, "tables"].sum())
        yield derive(
            f"neighbours.within_{name}.tables",
            counted,
            "tables",
            label=f"tables within {words} standard deviations of their polling place",
            formula="sum of the tables within {0}",
            inputs=[chosen, TABLES],
        )
        yield derive(
            f"neighbours.within_{name}.by_chance",
            whole * within(limit),
            "tables",
            label=f"tables that a normal curve would have within {words} standard deviations",
            formula="{0} × the area below the curve within {1}",
            inputs=["neighbours.tables", chosen],
            decimals=0,
        )
    yield from _far(whole, counted)


def _pairs(tables: Tables) -> Iterator[Derived]:
    near, pairs = "neighbours.near", tables["pairs_of_sheets"].query("publication == 'v2'")
    yield derive(near, NEAR, "points", label="up to where two shares are called near here")
    for which, words in OF_PAIRS.items():
        part = pairs.loc[pairs["points_from"] < NEAR, which].sum()
        yield derive(
            f"neighbours.{which}.near_share",
            percent(int(part), int(pairs[which].sum())),
            "percent",
            label=f"{words} {OF_THE_SECOND} whose shares of González are near",
            formula="sum of the pairs less than {0} points apart, ÷ all pairs",
            inputs=[near, PAIRS],
            decimals=1,
        )


def _far(whole: int, counted: int) -> Iterator[Derived]:
    """Yield the tables beyond the far limit, of which so many lie within it."""
    far, words = AWAY["far"]
    for name, value, of in (
        ("tables", whole - counted, "tables"),
        ("by_chance", whole * (1 - within(far)), "tables of a normal curve"),
    ):
        yield derive(
            f"neighbours.beyond_far.{name}",
            value,
            "tables",
            label=f"{of} that lie more than {words} standard deviations from their place",
            formula="{0} less those within",
            inputs=["neighbours.tables", f"neighbours.within_far.{name}"],
            decimals=0,
        )


def within(limit: float) -> Fraction:
    """Return the part of a normal curve that lies within so many standard deviations."""
    return Fraction(NormalDist().cdf(limit) - NormalDist().cdf(-limit))


def frame(tables: Tables) -> pd.DataFrame:
    """Rows by class of distance, of tables from their place and between the sheets of a pair.

    Columns: test (chance or pairs), distance_from (standard deviations, or points), count (tables,
    or pairs of one place), percent of these in the class, against_percent (of a normal curve, or of
    any two sheets), source_ids. The first and last class of tables hold all beyond; pairs end where
    no tables of one place are further apart, or hardly any.
    """
    away = tables["neighbouring_tables"].query("publication == 'v2'")
    held = away["difference_from"].astype(float).clip(-ENDS, ENDS - 0.5)
    counts = away.groupby(held)["tables"].sum().reset_index()
    ends = [-math.inf, *counts["difference_from"][1:], math.inf]
    curve = [NormalDist().cdf(end) for end in ends]
    every = tables["pairs_of_sheets"].query("publication == 'v2'")
    pairs, sums = every[every["points_from"] < FARTHEST], every[list(OF_PAIRS)].sum()
    parts = {
        "chance": {
            "distance_from": counts["difference_from"],
            "count": counts["tables"],
            "percent": 100 * counts["tables"] / counts["tables"].sum(),
            "against_percent": [100 * (b - a) for a, b in pairwise(curve)],
        },
        "pairs": {
            "distance_from": pairs["points_from"].astype(float),
            "count": pairs["same_place"],
            "percent": 100 * pairs["same_place"] / sums["same_place"],
            "against_percent": 100 * pairs["anywhere"] / sums["anywhere"],
        },
    }
    rows = pd.concat(pd.DataFrame({"test": test} | part) for test, part in parts.items())
    return rows.assign(source_ids=sources(tables, "v2")).reset_index(drop=True)
