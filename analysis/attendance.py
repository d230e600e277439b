"""Who came to the inauguration of 10 January 2025?

Method: states by the rank of whom they sent; attending is no position. Rows of low confidence are
left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.tools import derive, listing
from pipeline.model import Derived, Fact, Tables

RANKS = {
    "head": "states whose head of state or government came",
    "vice": "states that sent a deputy head of government",
    "minister": "states that sent a minister",
    "envoy": "states that sent an envoy or a delegation",
    "ambassador": "states that sent their ambassador",
    "nobody": "states that sent nobody, as they said or as was reported",
}
INPUTS = ("table:attendance",)


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield states by rank with their names, and how many sent somebody."""
    rows = tables["attendance"]
    rows = rows[(rows["confidence"] != "low") & (rows["iso3"] != "")]
    for rank, label in RANKS.items():
        codes = rows.loc[rows["rank"] == rank, "iso3"]
        how = "number of states by the rank of whom they sent"
        yield derive(f"attendance.{rank}.count", len(codes), "states", label, how, INPUTS)
        yield derive(
            f"attendance.{rank}.names",
            listing(tables, codes),
            "text",
            f"{label}: names",
            "names of those states",
            (*INPUTS, "table:countries"),
        )
    came = int((rows["rank"] != "nobody").sum())
    label = "states known to have sent somebody"
    yield derive("attendance.came.count", came, "states", label, "number of those states", INPUTS)
