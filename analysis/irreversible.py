"""Was the announced lead irreversible: what share of the outstanding votes would the trailing side
have needed?

Method: the sheets still out are taken to hold as many votes each as those counted, so outstanding
votes are votes counted / share of sheets counted * share not counted. To draw level, the trailing
side needs (outstanding + lead) / 2 of them, everyone else's votes going to the leader. Beyond the
whole, it cannot. A claimant's widest count is the base: valid votes, or voters on its sheets, or,
where it gave no more, the votes of the two (on the first evening; with others as in its later files
the need would be lower by about a point).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis.tools import amount, derive, joined_sources, percent, spelled
from pipeline.model import Derived, Fact, Tables

# In order of publication: what the claims of each moment begin with, and what it is
MOMENTS = {
    "council.first": "the council's first bulletin",
    "opposition.july_29": "the opposition's figures of the first evening",
    "opposition.july_30": "the opposition's figures of the second day",
    "council.second": "the council's second bulletin",
    "opposition.august_2": "the opposition's first file",
    "opposition.august_6": "the opposition's second file",
}
BASES = {"valid_votes": "valid votes", "voters": "voters on held sheets"}


@dataclass(frozen=True)
class Moment:
    """One publication: exact votes, shares in percent, and the names of the facts behind it."""

    gonzalez: Fraction
    maduro: Fraction
    counted: Fraction
    outstanding: Fraction
    base: str
    two: tuple[str, str]  # facts with the votes of the two
    stands_on: tuple[str, ...]  # facts with the votes of the base, and with the share counted

    @property
    def lead(self) -> Fraction:
        return abs(self.gonzalez - self.maduro)

    @property
    def needed_lead(self) -> Fraction:
        """Lead that the trailing side needs among outstanding votes; may exceed the whole."""
        return percent(self.lead, self.outstanding)

    @property
    def needed(self) -> Fraction:
        """Share that the trailing side needs of outstanding votes; may exceed the whole."""
        return percent((self.outstanding + self.lead) / 2, self.outstanding)


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the share that the trailing side would need at each publication, and the first lead."""
    for start, words in MOMENTS.items():
        row = moment(known, start)
        yield derive(
            f"irreversible.{start.split('.')[1]}.needed_share",
            row.needed,
            "percent",
            label=(
                f"share of votes outstanding that the trailing side needs to draw level, at {words}"
            ),
            formula=(
                "half of the sum of votes outstanding and lead, divided by votes outstanding: "
                f"({spelled(row.outstanding)} + {spelled(row.lead)}) ÷ 2 ÷ "
                f"{spelled(row.outstanding)} = {{}}"
            ),
            inputs=[*row.two, *row.stands_on],
            decimals=0,
        )
    first, words = moment(known, "council.first"), MOMENTS["council.first"]
    yield derive(
        "irreversible.first.lead",
        first.lead,
        "votes",
        label=f"lead in {words}",
        formula="{1} − {0} = {}",
        inputs=first.two,
    )
    yield derive(
        "irreversible.first.outstanding_votes",
        first.outstanding,
        "votes",
        label=f"votes outstanding, at {words}",
        formula="{0} ÷ {1} × (100% − {1}) = {}",
        inputs=first.stands_on,
        decimals=0,
    )


def moment(known: Mapping[str, Fact], start: str) -> Moment:
    """Work out one publication from the claims whose names begin with its own."""
    gonzalez, maduro = f"{start}.gonzalez.votes", f"{start}.maduro.votes"
    kind = next((kind for kind in BASES if f"{start}.{kind}" in known), "")
    base = [f"{start}.{kind}"] if kind else [gonzalez, maduro]
    counted = next(name for name in (f"{start}.counted", f"{start}.sheets_share") if name in known)
    share = amount(known, counted) / 100
    return Moment(
        gonzalez=amount(known, gonzalez),
        maduro=amount(known, maduro),
        counted=amount(known, counted),
        outstanding=sum(amount(known, name) for name in base) / share * (1 - share),
        base=BASES.get(kind, "votes of the two leading candidates"),
        two=(gonzalez, maduro),
        stands_on=(*base, counted),
    )


def frame(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows for the figure, by publication.

    Columns: moment, claimant, side, date, trailing, sheets_percent, lead_votes, base,
    outstanding_votes, needed_lead_percent (may exceed the whole), needed_percent (likewise),
    hollow (does it rest on a weak claim, or one of a single source?), source_ids.
    """
    rows = []
    for start in MOMENTS:
        found = moment(known, start)
        fact = known[found.two[0]]
        behind = [known[name] for name in (*found.two, *found.stands_on)]
        rows.append(
            {
                "moment": start.split(".")[1],
                "claimant": fact.claimant,
                "side": fact.side,
                "date": fact.date,
                "trailing": "gonzalez" if found.maduro > found.gonzalez else "maduro",
                "sheets_percent": float(found.counted),
                "lead_votes": float(found.lead),
                "base": found.base,
                "outstanding_votes": float(found.outstanding),
                "needed_lead_percent": float(found.needed_lead),
                "needed_percent": float(found.needed),
                "hollow": any(weak(claim) for claim in behind),
                "source_ids": joined_sources(behind),
            }
        )
    return pd.DataFrame(rows)


def weak(claim: Fact) -> bool:
    """Tell whether a claim is of low confidence, or of medium from a single source."""
    return claim.confidence == "low" or (claim.confidence == "medium" and len(claim.sources) == 1)
