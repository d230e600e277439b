"""How much material does the report stand on?

Method: rows of the tables, and different values in their columns.
"""

from collections.abc import Iterator, Mapping

from analysis.tools import derive
from pipeline.model import Derived, Fact, Tables

ROWS = {
    "claims": "attributed figures",
    "positions": "coded positions",
    "measures": "diplomatic measures",
    "events": "dated events",
    "after": "events after January 2025",
    "sources": "sources",
}
DATED = ("events", "measures", "after")
READ = {
    "whole": "sources read whole",
    "excerpt": "sources read as an excerpt",
    "none": "sources not opened",
}
ORIGINALS = ("official", "primary", "primary_repost", "document_repost")


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield rows by table, coded states and bodies, the latest day, sources."""
    for table, label in ROWS.items():
        yield derive(
            f"corpus.{table}",
            len(tables[table]),
            "rows",
            label=label,
            formula="number of rows",
            inputs=[f"table:{table}"],
        )
    positions = tables["positions"]
    for name, kind, column in (("states", "state", "iso3"), ("bodies", "body", "actor")):
        yield derive(
            f"corpus.{name}",
            positions.loc[positions["kind"] == kind, column].nunique(),
            name,
            label=f"{name} with a coded position",
            formula=f"number of different {name} in its rows",
            inputs=["table:positions"],
        )
    last, told = max(tables[name]["date"].max() for name in DATED), "day of the last event told"
    inputs = [f"table:{name}" for name in DATED]
    yield derive("corpus.last_event", last, "date", label=told, formula="latest day", inputs=inputs)
    yield from _sources(tables)


def _sources(tables: Tables) -> Iterator[Derived]:
    read = tables["sources"]["read"]
    originals = tables["sources"]["kind"].isin(ORIGINALS)
    how = "number of sources by how much was read"
    counts = [(f"sources_read.{name}", read == name, label, how) for name, label in READ.items()]
    counts += [
        (
            "originals",
            originals,
            "official and primary documents, or full copies of them",
            "number of sources of these kinds",
        ),
        (
            "originals_not_opened",
            originals & (read == "none"),
            "originals known by address alone",
            "number of sources of these kinds that were not opened",
        ),
    ]
    for name, chosen, label, formula in counts:
        yield derive(
            f"corpus.{name}",
            int(chosen.sum()),
            "rows",
            label=label,
            formula=formula,
            inputs=["table:sources"],
        )
