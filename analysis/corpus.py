"""How much material does the report stand on?

Method: rows of the tables, and different values in their columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.tools import derive
from pipeline.model import Derived, Fact, Tables

ROWS = {
    "claims": "attributed figures",
    "findings": "attributed findings",
    "positions": "coded positions",
    "measures": "diplomatic measures",
    "events": "dated events",
    "after": "events after January 2025",
    "attendance": "states at the inauguration",
    "statements": "joint texts and votes",
    "statement_members": "memberships of joint texts and votes",
    "sources": "sources",
    "corrections": "corrections",
}
DIFFERENT = {
    "claimants": ("claims", "claimant", "claimants"),
    "languages": ("sources", "language", "languages of the sources"),
    "publishers": ("sources", "publisher", "publishers of the sources"),
}

READ = {
    "whole": "sources read whole",
    "excerpt": "sources read as an excerpt",
    "none": "sources not opened",
}
ORIGINALS = ("official", "primary", "primary_repost", "document_repost")


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield rows by table, different claimants, languages and publishers, and coded states and
    bodies."""
    for table, label in ROWS.items():
        yield derive(
            f"corpus.{table}",
            len(tables[table]),
            "rows",
            label,
            "number of rows",
            (f"table:{table}",),
        )
    for name, (table, column, label) in DIFFERENT.items():
        different = tables[table][column]
        yield derive(
            f"corpus.{name}",
            different[different != ""].nunique(),
            name,
            label,
            "number of different values",
            (f"table:{table}",),
        )
    positions = tables["positions"]
    for kind, column, name in (("state", "iso3", "states"), ("body", "actor", "bodies")):
        yield derive(
            f"corpus.{name}",
            positions.loc[positions["kind"] == kind, column].nunique(),
            name,
            f"{name} with a coded position",
            f"number of different {name}",
            ("table:positions",),
        )
    sources = tables["sources"]
    for read, label in READ.items():
        yield derive(
            f"corpus.sources_read.{read}",
            int((sources["read"] == read).sum()),
            "rows",
            label,
            "number of sources by how much was read",
            ("table:sources",),
        )
    yield derive(
        "corpus.originals",
        int(sources["kind"].isin(ORIGINALS).sum()),
        "rows",
        "official and primary documents, or full copies of them",
        "number of sources of these kinds",
        ("table:sources",),
    )
    unopened = sources["kind"].isin(ORIGINALS) & (sources["read"] == "none")
    yield derive(
        "corpus.originals_not_opened",
        int(unopened.sum()),
        "rows",
        "originals known by address alone",
        "number of sources of these kinds that were not opened",
        ("table:sources",),
    )
    cited = int(tables["sources"]["cited"].sum())
    yield derive(
        "corpus.sources_cited",
        cited,
        "rows",
        "sources that a row of a table cites",
        "number of sources marked as cited",
        ("table:sources",),
    )
