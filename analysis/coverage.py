"""How many of the tally sheets has anybody published, and how many registered voters do they cover,
state by state?

Method: sheets by voting tables, since each table issues one sheet. Tables by state were not found,
so the states are covered by registered voters; only the first file says how many are registered at
each table. Turnout on its sheets is valid and null votes divided by the voters registered there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.results import STATES, sources, totals
from analysis.tools import TABLES_ROLL, amount, derive, percent
from pipeline.model import Derived, Fact, Tables

# Name → the claim with a number or a share of sheets, and what was done with them
SHEETS = {
    "july_30": ("opposition.july_30.sheets", "published"),
    "v1": ("opposition.august_2.sheets", "published"),
    "v2": ("opposition.august_6.sheets", "published"),
    "january_3": ("opposition.january_3.sheets", "published"),
    "rodriguez": ("government.rodriguez.sheets", "stated"),
    "election_night": ("opposition.election_night.sheets_share", "held"),
    "july_29": ("opposition.july_29.sheets_share", "held"),
}
LABELS = {
    "july_30": "sheets the opposition had published",
    "v1": "sheets in the first file",
    "v2": "sheets in the second file",
    "january_3": "sheets in the latest count known",
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield shares of sheets, and the voters covered by the first file, in all and by state."""
    every = amount(known, TABLES_ROLL)
    for name, label in LABELS.items():
        claim, _ = SHEETS[name]
        yield derive(
            f"coverage.{name}.share",
            percent(amount(known, claim), every),
            "percent",
            label=f"{label}, as a share of all",
            formula="sheets divided by voting tables",
            inputs=[claim, TABLES_ROLL],
            decimals=2,
        )
    total = totals(tables, "v1")
    yield derive(
        "coverage.v1.registered_share",
        percent(total["registered_on_sheets"], amount(known, "roll.domestic")),
        "percent",
        label="share of domestic voters covered by the first file",
        formula="voters registered at its tables divided by all domestic voters",
        inputs=[STATES, "roll.domestic"],
        decimals=2,
    )
    yield derive(
        "coverage.v1.turnout",
        percent(total["valid_votes"] + total["null_votes"], total["registered_on_sheets"]),
        "percent",
        label="turnout on the sheets in the first file",
        formula="valid and null votes divided by the voters registered at its tables",
        inputs=[STATES],
        decimals=2,
    )
    yield from _states(tables)


def _states(tables: Tables) -> Iterator[Derived]:
    states, inputs = by_state(tables).to_dict("records"), [STATES, "table:states"]
    for words, row in (("lowest", states[0]), ("highest", states[-1])):
        yield derive(
            f"coverage.v1.{words}_state.name",
            row["name"],
            "text",
            label=f"state with the {words} share of registered voters covered by the first file",
            formula=f"state with the {words} share",
            inputs=inputs,
        )
        yield derive(
            f"coverage.v1.{words}_state.share",
            percent(row["registered_on_sheets"], row["registered_voters"]),
            "percent",
            label=f"{words} share of a state's registered voters covered by the first file",
            formula="voters registered at its tables divided by all registered there",
            inputs=inputs,
            decimals=1,
        )


def by_state(tables: Tables) -> pd.DataFrame:
    """Rows by state, those least covered by the first file first.

    Columns: name, sheets, registered_on_sheets, registered_voters, covered_percent, source_ids.
    """
    rows = tables["tallies_by_state"]
    rows = rows[rows["publication"] == "v1"].astype({"registered_on_sheets": int})
    rows = rows[["state", "sheets", "registered_on_sheets"]]
    states = tables["states"].rename(columns={"iso_3166_2": "state"})
    states = states[["state", "name", "registered_voters", "sources"]]
    rows = rows.merge(states, on="state", validate="one_to_one").drop(columns="state")
    rows["covered_percent"] = 100 * rows["registered_on_sheets"] / rows["registered_voters"]
    rows["source_ids"] = [";".join([sources(tables, "v1"), *cell]) for cell in rows.pop("sources")]
    return rows.sort_values("covered_percent", ignore_index=True)


def over_time(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by date, of what the opposition held or published and of what was said of it.

    Columns: name, what (held, published, stated), claimant, date, confidence, sheets (empty where
    only a share was stated), covered_percent (of all sheets), source_ids.
    """
    rows = []
    for name, (claim, what) in SHEETS.items():
        fact, stated = known[claim], known[claim].unit == "percent"
        share = amount(known, claim) if stated else percent(fact.value, known[TABLES_ROLL].value)
        rows.append(
            {
                "name": name,
                "what": what,
                "claimant": fact.claimant,
                "date": fact.date,
                "confidence": fact.confidence,
                "sheets": None if stated else int(fact.value),
                "covered_percent": float(share),
                "source_ids": ";".join(fact.sources),
            }
        )
    found = pd.DataFrame(rows).astype({"sheets": "Int64"})
    return found.sort_values(["date", "covered_percent"], ignore_index=True)


def claims_and_states(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows of `over_time`, then rows of `by_state`, in the columns of the former.

    `what` is "registered voters" for a state, and covered_percent a percentage of these.
    """
    states = by_state(tables).assign(
        what="registered voters",
        claimant=known["opposition.august_2.sheets"].claimant,
        date=known["publication.v1"].value,
        confidence="high",
    )
    return pd.concat([over_time(known), states], join="inner", ignore_index=True)
