"""How much do the published tally sheets cover, and could those that are missing turn a state?

Method: sheets by voting tables, since each table issues one sheet. Tables by state were not found,
so the states are covered by registered voters; only the first file says how many are registered at
each table. Turnout on its sheets is valid and null votes divided by the voters registered there.

Voters not covered are those on a state's roll less those at its tables in the first file; the rolls
by state come from one copy, and sum to the council's roll. Voters abroad belong to no state. A lead
turns if Maduro can get more votes from them than it counts: if each of them votes, and for him (at
most), or as many as the state's own turnout makes. The second file turns no further state: what it
adds to a lead, for either side, is no more than the voters whom it covers besides.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis import results
from analysis.results import STATES, sources, totals
from analysis.tools import TABLES_ROLL, amount, derive, percent, spelled
from pipeline.model import Derived, Fact, Tables

# Name → the claim with a number of sheets, and what was done with them
SHEETS = {
    "july_30": ("opposition.july_30.sheets", "sheets the opposition had published"),
    "v1": ("opposition.august_2.sheets", "sheets in the first file"),
    "v2": ("opposition.august_6.sheets", "sheets in the second file"),
}
REGISTERED = ("on_sheets", "voters")  # at the tables of the first file; in all
# Could the voters not covered turn a state? With their votes, only if all of them vote, or not
TURNS = {
    "by_votes": "at the turnout of its sheets",
    "by_voters": "only if every one of them votes",
    "never": "not even if every one of them votes",
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield shares of sheets, the voters covered by the first file, in all and by state, and how
    many states the others could turn."""
    every = amount(known, TABLES_ROLL)
    for name, (claim, label) in SHEETS.items():
        yield derive(
            f"coverage.{name}.share",
            percent(amount(known, claim), every),
            "percent",
            label=f"{label}, as a share of all",
            formula="{0} ÷ {1} = {}",
            inputs=[claim, TABLES_ROLL],
            decimals=1,
        )
    total = totals(tables, "v1")
    yield derive(
        "coverage.v1.registered_share",
        percent(total["registered_on_sheets"], amount(known, "roll.domestic")),
        "percent",
        label="share of domestic voters covered by the first file",
        formula="{0} ÷ {1} = {}",
        inputs=["results.v1.registered", "roll.domestic"],
        decimals=1,
    )
    yield derive(
        "coverage.v1.turnout",
        percent(total["valid_votes"] + total["null_votes"], total["registered_on_sheets"]),
        "percent",
        label="turnout on the sheets in the first file",
        formula="({0} + {1}) ÷ {2} = {}",
        inputs=[f"results.v1.{what}" for what in ("valid_votes", "null_votes", "registered")],
        decimals=2,
    )
    yield from _states(tables)
    yield from _turns(tables)


def _states(tables: Tables) -> Iterator[Derived]:
    states = by_state(tables).to_dict("records")
    for words, row in (("lowest", states[0]), ("highest", states[-1])):
        places = [f"tallies_by_state/v1/{row['state']}", f"states/{row['state']}"]
        yield derive(
            f"coverage.v1.{words}_state.name",
            row["name"],
            "text",
            label=f"state with the {words} share of registered voters covered by the first file",
            formula=f"state with the {words} share",
            rows=places,
        )
        yield derive(
            f"coverage.v1.{words}_state.share",
            percent(row["registered_on_sheets"], row["registered_voters"]),
            "percent",
            label=f"{words} share of a state's registered voters covered by the first file",
            formula=" ÷ ".join(spelled(row[f"registered_{of}"]) for of in REGISTERED) + " = {}",
            rows=places,
            decimals=1,
        )


def _turns(tables: Tables) -> Iterator[Derived]:
    turns = list(not_covered(tables)["turns"])
    counts = {f"{how}.states": turns.count(how) for how in TURNS}
    labels = {f"{how}.states": words for how, words in TURNS.items()}
    counts["at_most.states"] = counts["by_votes.states"] + counts["by_voters.states"]
    labels["at_most.states"] = "at most, if every one of them votes"
    for name, states in counts.items():
        yield derive(
            f"coverage.v1.turned.{name}",
            states,
            "states",
            label=(
                "states that voters not covered by the first file could turn if they vote for "
                f"Maduro: {labels[name]}"
            ),
            formula="number of states, by whether the lead of González there is less than these",
            inputs=[STATES["v1"], "table:states"],
        )


def by_state(tables: Tables) -> pd.DataFrame:
    """Rows by state, those least covered by the first file first.

    Columns: state, name, sheets, registered_on_sheets, registered_voters, covered_percent,
    source_ids.
    """
    rows = tables["tallies_by_state"]
    rows = rows[rows["publication"] == "v1"].astype({"registered_on_sheets": int})
    rows = rows[["state", "sheets", "registered_on_sheets"]]
    states = tables["states"].rename(columns={"iso_3166_2": "state"})
    states = states[["state", "name", "registered_voters", "sources"]]
    rows = rows.merge(states, on="state", validate="one_to_one")
    rows["covered_percent"] = 100 * rows["registered_on_sheets"] / rows["registered_voters"]
    rows["source_ids"] = [";".join([sources(tables, "v1"), *cell]) for cell in rows.pop("sources")]
    return rows.sort_values("covered_percent", ignore_index=True)


def beside_shares(tables: Tables) -> pd.DataFrame:
    """Rows of `results.by_state`, with covered_percent of the same state and its sources too."""
    covered = by_state(tables)[["name", "covered_percent", "source_ids"]]
    rows = results.by_state(tables).merge(
        covered, on="name", validate="one_to_one", suffixes=("", "_of_covered")
    )
    both = zip(rows["source_ids"], rows.pop("source_ids_of_covered"), strict=True)
    rows["source_ids"] = [";".join(dict.fromkeys(";".join(cells).split(";"))) for cells in both]
    return rows


def not_covered(tables: Tables) -> pd.DataFrame:
    """Rows by state of the first file, those that turn with the fewest of the missing voters first.

    Columns: state, name, registered_voters, registered_on_sheets, missing_voters (on the roll, not
    on its sheets), missing_votes (of these, at the turnout of its sheets), lead_votes (of González
    before Maduro), the same three as {lead,missing_voters,missing_votes}_percent of the state's
    voters, turns (by_votes, by_voters, never), source_ids.
    """
    votes = tables["tallies_by_state"]
    counts = ["valid_votes", "null_votes", "gonzalez", "maduro"]
    votes = votes.loc[votes["publication"] == "v1", ["state", *counts]]
    rows = by_state(tables).merge(votes, on="state", validate="one_to_one")
    rows["missing_voters"] = rows["registered_voters"] - rows["registered_on_sheets"]
    rows["lead_votes"] = rows["gonzalez"] - rows["maduro"]
    cast = rows["missing_voters"] * (rows["valid_votes"] + rows["null_votes"])
    rows["missing_votes"] = cast / rows["registered_on_sheets"]
    rows["turns"] = "never"
    rows.loc[rows["missing_voters"] > rows["lead_votes"], "turns"] = "by_voters"
    rows.loc[cast > rows["lead_votes"] * rows["registered_on_sheets"], "turns"] = "by_votes"
    for part in ("lead_votes", "missing_votes", "missing_voters"):
        rows[f"{part}_percent"] = 100 * rows[part] / rows["registered_voters"]
    least = (rows["lead_votes"] / rows["missing_voters"]).rename("least")
    place = rows["turns"].map(list(TURNS).index)
    order = pd.DataFrame({"place": place, "least": least}).sort_values(["place", "least"]).index
    return rows.loc[order].drop(columns=[*counts, "sheets"]).reset_index(drop=True)
