"""What would the sheets nobody has published have to contain if the published ones are genuine and
the council is right?

Method: the council's second bulletin minus the published totals, candidate by candidate; a
remainder below none cannot be. The bulletin leaves some sheets out, which may be among the
published; so the excess is also divided by those. Apart from the council, the voters registered at
the tables whose sheets are missing from the first file say how many votes these can hold.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis import bulletins
from analysis.results import COUNTS, sources, totals
from analysis.tools import TABLES_ROLL, amount, derive, percent
from pipeline.model import Derived, Fact, Tables

FILE = "the second file"
VALID = f"{bulletins.SECOND}.valid_votes"
MADURO, GONZALEZ = (f"{bulletins.SECOND}.{who}.votes" for who in ("maduro", "gonzalez"))


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield remainders by candidate, votes for each missing sheet, and voters not covered."""
    yield from _remainders(tables, known)
    yield from _missing_sheets(tables, known)
    yield from _uncounted_sheets(tables, known)
    yield from _electors(tables, known)


def _remainders(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    council, published = bulletins.votes(known, bulletins.SECOND), totals(tables, "v2")
    for who, claim in (("maduro", MADURO), ("others", "second.others.votes")):
        yield derive(
            f"incompatible.v2.{who}.remainder",
            council[who] - published[who],
            "votes",
            label=f"votes of {COUNTS[who]} that the sheets missing from {FILE} would have to hold",
            formula="{0} − {1} = {}",
            inputs=[claim, f"results.v2.{who}.votes"],
        )
    yield derive(
        "incompatible.v2.gonzalez.excess",
        published["gonzalez"] - council["gonzalez"],
        "votes",
        label=f"votes of González in {FILE} beyond his votes in the second bulletin",
        formula="{0} − {1} = {}",
        inputs=["results.v2.gonzalez.votes", GONZALEZ],
    )
    yield derive(
        "incompatible.v2.valid_votes.remainder",
        amount(known, VALID) - published["valid_votes"],
        "votes",
        label=f"valid votes that the sheets missing from {FILE} would have to hold",
        formula="{0} − {1} = {}",
        inputs=[VALID, "results.v2.valid_votes"],
    )


def _missing_sheets(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    total = totals(tables, "v2")
    missing = amount(known, TABLES_ROLL) - total["sheets"]
    yield derive(
        "incompatible.v2.missing_sheets",
        missing,
        "sheets",
        label=f"sheets missing from {FILE}",
        formula="{0} − {1} = {}",
        inputs=[TABLES_ROLL, "results.v2.sheets"],
    )
    yield derive(
        "incompatible.v2.votes_per_sheet",
        percent(total["valid_votes"], total["sheets"]) / 100,
        "votes",
        label=f"mean of valid votes on a sheet in {FILE}",
        formula="{0} ÷ {1} = {}",
        inputs=["results.v2.valid_votes", "results.v2.sheets"],
        decimals=0,
    )
    yield derive(
        "incompatible.v2.maduro_per_missing_sheet",
        (amount(known, MADURO) - total["maduro"]) / missing,
        "votes",
        label=f"votes that Maduro would need on each sheet missing from {FILE}",
        formula="{0} ÷ {1} = {}",
        inputs=["incompatible.v2.maduro.remainder", "incompatible.v2.missing_sheets"],
        decimals=0,
    )


def _uncounted_sheets(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield what sheets left out of the second bulletin would hold, were they all published."""
    counted = "council.second.counted"
    excess = totals(tables, "v2")["gonzalez"] - amount(known, GONZALEZ)
    uncounted = amount(known, TABLES_ROLL) * (100 - amount(known, counted)) / 100
    yield derive(
        "incompatible.uncounted_sheets",
        uncounted,
        "sheets",
        label="sheets that the second bulletin left out",
        formula="{0} × (100% − {1}) = {}",
        inputs=[TABLES_ROLL, counted],
        decimals=0,
    )
    yield derive(
        "incompatible.excess_per_uncounted_sheet",
        excess / uncounted,
        "votes",
        label=(
            "votes of González that each sheet left out of the second bulletin would have to hold"
        ),
        formula="{0} ÷ {1} = {}",
        inputs=["incompatible.v2.gonzalez.excess", "incompatible.uncounted_sheets"],
        decimals=0,
    )


def _electors(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    at_home = amount(known, "roll.domestic") - totals(tables, "v1")["registered_on_sheets"]
    yield derive(
        "incompatible.v1.uncovered_electors",
        at_home,
        "electors",
        label="voters registered at tables missing from the first file",
        formula="{0} − {1} = {}",
        inputs=["roll.domestic", "results.v1.registered"],
    )
    yield derive(
        "incompatible.v1.uncovered_electors_with_abroad",
        at_home + amount(known, "roll.abroad"),
        "electors",
        label="voters registered at tables missing from the first file, and abroad",
        formula="{0} + {1} = {}",
        inputs=["incompatible.v1.uncovered_electors", "roll.abroad"],
    )


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by candidate: the second bulletin against the second file.

    Columns: publication, candidate, council_votes, published_votes, remainder_votes (below none
    where the file has more), source_ids.
    """
    council, published = bulletins.votes(known, bulletins.SECOND), totals(tables, "v2")
    ids = ";".join(dict.fromkeys([*known[MADURO].sources, *sources(tables, "v2").split(";")]))
    rows = [
        {
            "publication": "v2",
            "candidate": who,
            "council_votes": int(council[who]),
            "published_votes": published[who],
            "remainder_votes": int(council[who]) - published[who],
            "source_ids": ids,
        }
        for who in COUNTS
    ]
    return pd.DataFrame(rows)
