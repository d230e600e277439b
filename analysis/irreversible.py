"""Was the announced lead irreversible: what share of the outstanding votes would the trailing side
have needed?

Method: the sheets still out are taken to hold as many votes each as those counted, so outstanding
votes are votes counted / share of sheets counted * share not counted. To draw level, the trailing
side needs (outstanding + lead) / 2 of them, everyone else's votes going to the leader. Beyond the
whole, it cannot. A claimant's widest count is the base: valid votes, or voters on its sheets, or,
where it gave no more, the votes of the two (on the first evening; with others as in its later files
the need would be lower by about a point).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.tools import amount, derive, percent
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
BASES = {
    "valid_votes": "valid votes",
    "voters": "voters on held sheets",
    "": "votes of the two leading candidates",
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield, for each publication, the lead, the outstanding votes and the share the trailing side
    would need."""
    for start, words in MOMENTS.items():
        row = moment(known, start)
        name, two, base = f"irreversible.{row['moment']}", row["two"], row["stands_on"]
        yield derive(
            f"{name}.lead",
            row["lead"],
            "votes",
            f"lead in {words}",
            "votes of the leading candidate minus those of the trailing",
            two,
        )
        level = "that the trailing side needs to draw level"
        for part, unit, decimals, label, formula in (
            (
                "outstanding",
                "votes",
                0,
                "votes outstanding",
                (
                    f"{row['base']} divided by the share of sheets counted, times the share not "
                    "counted"
                ),
            ),
            (
                "needed_lead",
                "percent",
                1,
                f"lead among votes outstanding {level}",
                "lead divided by votes outstanding",
            ),
            (
                "needed",
                "percent",
                1,
                f"share of votes outstanding {level}",
                "half of the sum of votes outstanding and lead, divided by votes outstanding",
            ),
        ):
            full = f"{name}.{part}_{'votes' if unit == 'votes' else 'share'}"
            yield derive(
                full,
                row[part],
                unit,
                f"{label}, at {words}",
                formula,
                base if part == "outstanding" else [*two, *base],
                decimals,
            )
    first = moment(known, "council.first")
    yield derive(
        "irreversible.outstanding_votes",
        first["outstanding"],
        "votes",
        "votes outstanding at the first bulletin",
        "valid votes divided by the share of sheets counted, times the share not counted",
        first["stands_on"],
        0,
    )
    base = ("council.first.valid_votes", "council.first.counted", "council.second.roll")
    votes, counted, roll = (amount(known, name) for name in base)
    yield derive(
        "irreversible.implied_turnout",
        percent(votes / (counted / 100), roll),
        "percent",
        "turnout that the first bulletin implies",
        (
            "valid votes divided by the share of sheets counted, then by the roll stated with the "
            "second bulletin"
        ),
        base,
        2,
    )


def moment(known: Mapping[str, Fact], start: str) -> dict:
    """Work out one publication: exact votes, shares in percent, and the facts with the votes of the
    two and with the base."""
    two = [f"{start}.{who}.votes" for who in ("gonzalez", "maduro")]
    kind = next(kind for kind in BASES if f"{start}.{kind}" in known or not kind)
    base = [f"{start}.{kind}"] if kind else two
    counted = next(name for name in (f"{start}.counted", f"{start}.sheets_share") if name in known)
    gonzalez, maduro = (amount(known, name) for name in two)
    share = amount(known, counted) / 100
    outstanding = sum(amount(known, name) for name in base) / share * (1 - share)
    lead = abs(gonzalez - maduro)
    return {
        "moment": start.split(".")[1],
        "claimant": known[two[0]].claimant,
        "side": known[two[0]].side,
        "date": known[two[0]].date,
        "trailing": "gonzalez" if maduro > gonzalez else "maduro",
        "counted": share * 100,
        "lead": lead,
        "base": BASES[kind],
        "outstanding": outstanding,
        "needed_lead": percent(lead, outstanding),
        "needed": percent((outstanding + lead) / 2, outstanding),
        "two": two,
        "stands_on": [*base, counted],
    }


def frame(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows for the figure, by publication.

    Columns: moment, claimant, side, date, trailing, sheets_percent, lead_votes, base,
    outstanding_votes, needed_lead_percent (may exceed the whole), needed_percent (likewise),
    source_ids.
    """
    rows = []
    for found in (moment(known, start) for start in MOMENTS):
        sources = dict.fromkeys(
            source
            for name in [*found.pop("two"), *found.pop("stands_on")]
            for source in known[name].sources
        )
        rows.append(
            {
                key: float(value) if isinstance(value, Fraction) else value
                for key, value in found.items()
            }
            | {"source_ids": ";".join(sources)}
        )
    units = {"counted": "sheets_percent", "lead": "lead_votes", "outstanding": "outstanding_votes"}
    units |= {"needed": "needed_percent", "needed_lead": "needed_lead_percent"}
    return pd.DataFrame(rows).rename(columns=units)
