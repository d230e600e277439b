"""How many null votes do the published sheets hold, beside the council's and earlier elections?

Method: null votes as a share of valid and null votes together. Earlier counts stand as their source
has them; elections differ in their ballots and machines.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis.results import sources, totals
from analysis.tools import amount, derive, joined_sources, percent
from pipeline.model import Derived, Fact, Tables

# Name, null votes, valid votes (or all ballots), in words
SECOND = ("second", "council.second.null_votes", "council.second.valid_votes", "second bulletin")
FILE = ("v2", "results.v2.null_votes", "results.v2.valid_votes", "second file")
EARLIER = [
    ("2012", "null.2012.votes", "null.2012.valid_votes", "presidential election of 2012"),
    ("2013", "null.2013.votes", "null.2013.valid_votes", "presidential election of 2013"),
    ("2015", "null.2015.votes", "null.2015.ballots", "parliamentary election of 2015"),
    ("2017", "null.2017.votes", "null.2017.valid_votes", "elections of governors in 2017"),
    ("2018", "null.2018.votes", "null.2018.valid_votes", "presidential election of 2018"),
]
WITHOUT = {  # sheets without a null vote, and all
    "2013": ("null.2013.tables_without", "null.2013.tables", "tables of 2013"),
    "v2": ("recount.v2.sheets_without_null", "results.v2.sheets", "sheets of the second file"),
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the share of null votes by count, the share of sheets without any, and how many times
    as large the bulletin's share is."""
    for name, nulls, rest, words in (*EARLIER, SECOND, FILE):
        whole = "{1}" if rest.endswith("ballots") else "({0} + {1})"
        yield derive(
            f"nulls.{name}.share",
            share(tables, known, nulls, rest),
            "percent",
            label=f"share of null votes, {words}",
            formula=f"{{0}} ÷ {whole} = {{}}",
            inputs=[nulls, rest],
            decimals=3 if name == "v2" else 2,
        )
    for name, (without, every, words) in WITHOUT.items():
        yield derive(
            f"nulls.{name}.without_share",
            percent(count(tables, known, without), count(tables, known, every)),
            "percent",
            label=f"{words} without a null vote",
            formula="{0} ÷ {1} = {}",
            inputs=[without, every],
            decimals=1,
        )
    second, file = (share(tables, known, *one[1:3]) for one in (SECOND, FILE))
    yield derive(
        "nulls.times",
        second / file,
        "times",
        label="how many times the second bulletin's share of null votes is that of the second file",
        formula="{0} ÷ {1} = {}",
        inputs=["nulls.second.share", "nulls.v2.share"],
        decimals=0,
    )


def count(tables: Tables, known: Mapping[str, Fact], name: str) -> Fraction:
    """Return a claim, or a total of the second file."""
    if name in known:
        return amount(known, name)
    return Fraction(totals(tables, "v2")[name.rpartition(".")[2]])


def share(tables: Tables, known: Mapping[str, Fact], nulls: str, rest: str) -> Fraction:
    """Return null votes in percent of ballots: of all, or of null and valid votes together."""
    null, other = count(tables, known, nulls), count(tables, known, rest)
    return percent(null, other if rest.endswith("ballots") else null + other)


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by count, earlier elections first.

    Columns: count (of_2012 and so on, of_second, of_v2), claimant, confidence, null_votes, ballots,
    null_percent, source_ids.
    """
    rows = []
    for name, nulls, rest, _ in (*EARLIER, SECOND, FILE):
        null, part = count(tables, known, nulls), share(tables, known, nulls, rest)
        ours = name == FILE[0]  # our sum of what the opposition published
        claim = known["opposition.august_6.sheets" if ours else nulls]
        ids = sources(tables, "v2") if ours else joined_sources([claim])
        row: dict[str, Any] = {
            "count": f"of_{name}",
            "claimant": claim.claimant,
            "confidence": claim.confidence,
        }
        row |= {"null_votes": int(null), "ballots": round(100 * null / part)}
        rows.append(row | {"null_percent": float(part), "source_ids": ids})
    return pd.DataFrame(rows)
