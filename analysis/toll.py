"""Who counted the dead and the arrested, until when, and what did each count?

Method: the counts side by side, as stated, by who counted and until when. They differ by definition
and overlap, so nothing is added up. A count is a claim of the topic `toll` named after a day; those
named otherwise are parts of one (deaths verified, investigated, or found to involve State forces)
and stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.tools import derive
from pipeline.model import Derived, Fact, Tables

KINDS = {"deaths": "deaths", "arrests": "arrests", "held": "people held"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many counted deaths, arrests and people held, and how many counts there are; never
    a sum of counts."""
    rows = frame(tables)
    for kind, label in KINDS.items():
        counts = rows[(rows["kind"] == kind) & ~rows["part"]]
        inputs = tuple(counts["id"])
        yield derive(
            f"toll.{kind}.counts",
            len(counts),
            "counts",
            f"published counts of {label}",
            "number of counts named after a day",
            inputs,
        )
        yield derive(
            f"toll.{kind}.counters",
            counts["counter"].nunique(),
            "counters",
            f"those who published a count of {label}",
            "number of different claimants, the offices of a government taken as one",
            inputs,
        )


def frame(tables: Tables) -> pd.DataFrame:
    """Rows by kind, counter and last day counted: id, kind, part, counter, claimant, side, persons,
    qualifier, date, until, measure, confidence, source_ids."""
    rows = tables["claims"]
    rows = rows[rows["topic"] == "toll"].rename(columns={"value": "persons"})
    names = rows["id"].str.split(".")
    rows = rows.assign(
        kind=names.str[1],
        part=[not re.search(r"\d", name[2]) for name in names],
        counter=rows["claimant"].str.partition(" (")[0],
        until=rows["period_end"].where(rows["period_end"] != "", rows["date"]),
        source_ids=rows["sources"].map(";".join),
    )
    columns = [
        "id",
        "kind",
        "part",
        "counter",
        "claimant",
        "side",
        "persons",
        "qualifier",
        "date",
        "until",
        "measure",
        "confidence",
        "source_ids",
    ]
    return (
        rows[columns]
        .astype({"persons": int})
        .sort_values(["kind", "counter", "until", "id"], ignore_index=True)
    )


def bars(tables: Tables) -> pd.DataFrame:
    """Rows of `frame`, by kind and counter in the order of the last day counted, parts after whole
    counts and large ones first.

    Of a counter's counts of one thing up to the same day the largest stands for all.
    """
    rows = frame(tables).sort_values(["part", "until", "persons"], kind="stable")
    rows = rows.drop_duplicates(["kind", "counter", "until", "measure"], keep="last")
    latest = (
        rows["until"].where(~rows["part"]).groupby([rows["kind"], rows["counter"]]).transform("max")
    )
    rows = rows.assign(
        latest=latest,
        order=rows["kind"].map(list(KINDS).index),
        size=-rows["persons"] * rows["part"],
    )
    rows = rows.sort_values(
        ["order", "latest", "counter", "part", "size"], kind="stable", ignore_index=True
    )
    return rows[
        [
            "kind",
            "counter",
            "claimant",
            "side",
            "part",
            "id",
            "persons",
            "qualifier",
            "until",
            "date",
            "measure",
            "confidence",
            "source_ids",
        ]
    ]
