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

# Name of the share → the claim with the number of sheets, and what it is
SHEETS = {
    "july_30": ("opposition.july_30.sheets", "sheets the opposition had published"),
    "v1": ("opposition.august_2.sheets", "sheets in the first file"),
    "v2": ("opposition.august_6.sheets", "sheets in the second file"),
    "january_3": ("opposition.january_3.sheets", "sheets in the latest count known"),
    "moe": ("moe.sheets", "sheets that MOE Colombia analysed"),
    "post": ("post.sheets", "sheets that the Washington Post analysed"),
    "rodriguez": ("government.rodriguez.sheets", "sheets that Jorge Rodríguez says are there"),
}
HELD = {
    "election_night": "opposition.election_night.sheets_share",
    "july_29": "opposition.july_29.sheets_share",
}
COUNTED = {"first": "council.first.counted", "second": "council.second.counted"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield shares of sheets, and the registered voters covered by the first file, in all and by
    state."""
    every = amount(known, TABLES_ROLL)
    for name, (claim, words) in SHEETS.items():
        yield derive(
            f"coverage.{name}.share",
            percent(amount(known, claim), every),
            "percent",
            f"{words}, as a share of all",
            "sheets divided by voting tables",
            (claim, TABLES_ROLL),
            2,
        )
    yield from _registered(tables, known)
    yield from _states(tables)


def _registered(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    total = totals(tables, "v1")
    covered = total["registered_on_sheets"]
    yield derive(
        "coverage.v1.registered",
        covered,
        "electors",
        "voters registered at the tables in the first file",
        "sum over states",
        (STATES,),
    )
    yield derive(
        "coverage.v1.registered_share",
        percent(covered, amount(known, "roll.domestic")),
        "percent",
        "share of domestic voters covered by the first file",
        "voters registered at its tables divided by all domestic voters",
        (STATES, "roll.domestic"),
        2,
    )
    cast = total["valid_votes"] + total["null_votes"]
    yield derive(
        "coverage.v1.turnout",
        percent(cast, covered),
        "percent",
        "turnout on the sheets in the first file",
        "valid and null votes divided by the voters registered at its tables",
        (STATES,),
        2,
    )


def _states(tables: Tables) -> Iterator[Derived]:
    states, inputs = by_state(tables).to_dict("records"), (STATES, "table:states")
    for words, row in (("lowest", states[0]), ("highest", states[-1])):
        yield derive(
            f"coverage.v1.{words}_state.name",
            row["name"],
            "text",
            f"state with the {words} share of registered voters covered by the first file",
            f"state with the {words} share",
            inputs,
        )
        yield derive(
            f"coverage.v1.{words}_state.share",
            percent(row["registered_on_sheets"], row["registered_voters"]),
            "percent",
            f"{words} share of a state's registered voters covered by the first file",
            "voters registered at its tables divided by all registered there",
            inputs,
            1,
        )


def by_state(tables: Tables) -> pd.DataFrame:
    """Rows by state, least covered first: state, name, sheets, registered_on_sheets,
    registered_voters, registered_percent, source_ids (first file)."""
    rows = tables["tallies_by_state"]
    rows = rows.loc[
        rows["publication"] == "v1", ["state", "sheets", "registered_on_sheets"]
    ].astype({"registered_on_sheets": int})
    states = tables["states"].rename(columns={"iso_3166_2": "state"})[
        ["state", "name", "registered_voters", "sources"]
    ]
    rows = rows.merge(states, on="state", validate="one_to_one")
    rows["registered_percent"] = 100 * rows["registered_on_sheets"] / rows["registered_voters"]
    rows["source_ids"] = [";".join([sources(tables, "v1"), *cell]) for cell in rows.pop("sources")]
    return rows.sort_values("registered_percent", ignore_index=True)


def over_time(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by date: key, what (held, published, analysed, stated, counted), claimant, side, date,
    confidence, sheets, sheets_percent, stated_percent, source_ids.

    `sheets` is empty where only a share was stated; `stated_percent` says which of the two was
    stated.
    """
    kinds = (
        {"moe": "analysed", "post": "analysed", "rodriguez": "stated"}
        | dict.fromkeys(HELD, "held")
        | dict.fromkeys(COUNTED, "counted")
    )
    every, rows = amount(known, TABLES_ROLL), []
    for key, claim in ({key: claim for key, (claim, _) in SHEETS.items()} | HELD | COUNTED).items():
        fact, stated = known[claim], known[claim].unit == "percent"
        share = amount(known, claim) if stated else percent(amount(known, claim), every)
        rows.append(
            {
                "key": key,
                "what": kinds.get(key, "published"),
                "claimant": fact.claimant,
                "side": fact.side,
                "date": fact.date,
                "confidence": fact.confidence,
                "sheets": None if stated else int(fact.value),
                "sheets_percent": float(share),
                "stated_percent": stated,
                "source_ids": ";".join(fact.sources),
            }
        )
    return (
        pd.DataFrame(rows)
        .astype({"sheets": "Int64"})
        .sort_values(["date", "sheets_percent"], ignore_index=True)
    )


def claims_and_states(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows of `over_time` on what the opposition held or published, then rows of `by_state`: the
    percentage of sheets, or of registered voters.

    Columns: name, what (held, published, stated, registered voters), claimant, date, confidence,
    covered_percent, source_ids.
    """
    counts, states = (
        over_time(known),
        by_state(tables).rename(columns={"registered_percent": "covered_percent"}),
    )
    counts = counts[counts["what"].isin(["held", "published", "stated"])].rename(
        columns={"key": "name", "sheets_percent": "covered_percent"}
    )
    file = known["opposition.august_2.sheets"]
    states = states.assign(
        what="registered voters",
        claimant=file.claimant,
        date=known["publication.v1"].value,
        confidence="high",
    )
    return pd.concat([counts, states], join="inner", ignore_index=True)
