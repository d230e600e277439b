"""Is there a second cloud of sheets, at high turnout and a high share of one candidate?

Method: sheets of the first file, which alone gives the electors, by cells of turnout and of the
share of González. Added ballots for a candidate raise both at once (Klimek and others, 2012), so
they would show as a cloud away from the first. What is called high, low and few was chosen. Sizes
of polling places come from `polling_places`.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.results import COUNTS, sources
from analysis.tools import derive, percent
from pipeline.model import Derived, Fact, Tables

CELLS = "table:turnout_and_share/v1"
HIGH, LOW, FEW = 80, 50, 20  # percent
SIZE = 10  # points; width and height of a cell of the frame
CHOSEN = {
    "high": (HIGH, "percent", "from where turnout and share are called high here"),
    "low": (LOW, "percent", "below which turnout is called low here"),
    "few": (FEW, "percent", "below which the share of González is called low here"),
    "large": (3, "tables", "from how many tables on a polling place is called large here"),
}
PLACES = {1: ("single", "a single table"), 3: ("large", "three tables or more")}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield shares where turnout is high and low, sheets in the corners, and places by size."""
    for name, (value, unit, words) in CHOSEN.items():
        yield derive(f"fingerprint.{name}", value, unit, label=words)
    cells = tables["turnout_and_share"]
    high, low = cells[cells["turnout_from"] >= HIGH], cells[cells["turnout_from"] < LOW]
    for band, who, rows in (
        ("high", "gonzalez", high),
        ("high", "maduro", high),
        ("low", "gonzalez", low),
    ):
        yield derive(
            f"fingerprint.{band}.{who}.share",
            percent(int(rows[who].sum()), int(rows["valid_votes"].sum())),
            "percent",
            label=f"share of {COUNTS[who]} on sheets with {band} turnout",
            formula="his votes in these cells, ÷ their valid votes",
            inputs=[f"fingerprint.{band}", CELLS],
            decimals=1,
        )
    yield derive(
        "fingerprint.high.votes_share",
        percent(int(high["valid_votes"].sum()), int(cells["valid_votes"].sum())),
        "percent",
        label="valid votes on sheets with high turnout, of all in the first file",
        formula="valid votes in these cells, ÷ those in all",
        inputs=["fingerprint.high", CELLS],
        decimals=1,
    )
    yield from _sheets(cells, high)
    yield from _places(tables)


def _sheets(cells: pd.DataFrame, high: pd.DataFrame) -> Iterator[Derived]:
    share = high["gonzalez_share_from"]
    for name, rows, limits, words in (
        ("high", high, ["high"], "high turnout"),
        ("corner.gonzalez", high[share >= HIGH], ["high"], "high turnout and share of González"),
        ("corner.maduro", high[share < FEW], ["high", "few"], "high turnout, few for González"),
    ):
        yield derive(
            f"fingerprint.{name}.sheets",
            int(rows["sheets"].sum()),
            "sheets",
            label=f"sheets in the first file with {words}",
            formula="sheets in these cells",
            inputs=[*(f"fingerprint.{limit}" for limit in limits), CELLS],
        )
    for name, rows, words in (("high.", high, "sheets with high turnout"), ("", cells, "sheets")):
        yield derive(
            f"fingerprint.{name}electors",
            Fraction(int(rows["electors"].sum()), int(rows["sheets"].sum())),
            "electors",
            label=f"mean of the electors of {words} in the first file",
            formula="electors of these cells, ÷ their sheets",
            inputs=["fingerprint.high", CELLS] if name else [CELLS],
            decimals=0,
        )


def _places(tables: Tables) -> Iterator[Derived]:
    rows = tables["polling_places"].query("publication == 'v1'").set_index("tables")
    for size, (name, words) in PLACES.items():
        row = rows.loc[size, ["electors", "valid_votes", "gonzalez"]].astype(int).to_dict()
        for what, part, whole, label in (
            ("turnout", "valid_votes", "electors", "valid votes by electors"),
            ("gonzalez.share", "gonzalez", "valid_votes", "share of González"),
        ):
            yield derive(
                f"fingerprint.{name}.{what}",
                percent(row[part], row[whole]),
                "percent",
                label=f"{label} at polling places with {words}, in the first file",
                formula=f"{row[part]:,} ÷ {row[whole]:,} = {{}}",
                inputs=["table:polling_places/v1"],
                decimals=1,
            )


def frame(tables: Tables) -> pd.DataFrame:
    """Rows by cell of turnout and of González's share, ten points wide and high.

    Columns: turnout_from, gonzalez_share_from (lower ends, in percent), sheets, electors,
    valid_votes, gonzalez, maduro, source_ids.
    """
    rows = tables["turnout_and_share"]
    by = ["turnout_from", "gonzalez_share_from"]
    cells = rows.assign(**{name: (rows[name] // SIZE * SIZE).astype(int) for name in by})
    sums = cells.groupby(by, as_index=False)
    sums = sums[["sheets", "electors", "valid_votes", "gonzalez", "maduro"]].sum()
    return sums.astype(int).assign(source_ids=sources(tables, "v1"))
