"""Could the sheets that nobody published turn the result?

Method: the first file, since it alone gives the electors of each table. Missing are the electors of
the council's domestic roll who are registered at none of its tables. Each scenario gives them a
turnout and votes: those of their state; of polling places with one table; of the published sheets
with the smallest share of González, as many as hold so many electors; all for Maduro, at the
turnout of the file or at full turnout. The last three are bounds, not guesses. Shares of González
are known by cells of 2.5 points, of which the last one that is needed counts in part.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import coverage
from analysis.results import COUNTS, STATES, sources, totals
from analysis.tools import amount, derive, percent, spelled
from pipeline.model import Derived, Fact, Tables

ROLL = "roll.domestic"
SCENARIOS = {  # in words, and on what it stands besides the sums by state
    "states": ("if the missing vote as their state does", "table:states"),
    "small_places": (
        "if the missing vote as polling places with a single table do",
        ROLL,
        "table:polling_places/v1",
    ),
    "lowest": (
        "if the missing vote as the published sheets with the lowest shares of González do",
        ROLL,
        "table:turnout_and_share/v1",
    ),
    "all_votes": ("if all who vote among the missing vote for Maduro", ROLL),
    "all_electors": ("if all of the missing vote, and for Maduro", ROLL),
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield by scenario the votes and shares of both candidates and the lead of González."""
    votes_by_scenario = scenarios(tables, known)
    for scenario, (words, *needs) in SCENARIOS.items():
        votes = votes_by_scenario[scenario]
        whole = sum(votes.values())
        for who in ("gonzalez", "maduro"):
            yield derive(
                f"missing.{scenario}.{who}.share",
                percent(votes[who], whole),
                "percent",
                label=f"share of {COUNTS[who]} {words}",
                formula=f"{spelled(votes[who])} ÷ {spelled(whole)} = {{}}",
                inputs=[STATES["v1"], *needs],
                decimals=1,
            )
        yield derive(
            f"missing.{scenario}.lead",
            votes["gonzalez"] - votes["maduro"],
            "votes",
            label=f"lead of González {words}",
            formula=f"{spelled(votes['gonzalez'])} − {spelled(votes['maduro'])} = {{}}",
            inputs=[STATES["v1"], *needs],
        )


def scenarios(tables: Tables, known: Mapping[str, Fact]) -> dict[str, dict[str, int]]:
    """Return the votes of each candidate by scenario, in whole votes: scenario → candidate → votes.

    "published" is the file as it stands.
    """
    published = totals(tables, "v1")
    missing = amount(known, ROLL) - published["registered_on_sheets"]
    cast = published["valid_votes"] * missing / published["registered_on_sheets"]
    nobody = dict.fromkeys(COUNTS, Fraction(0))
    more = {
        "published": nobody,
        "states": _like_their_states(tables),
        "small_places": _like_small_places(tables, missing),
        "lowest": _like_the_lowest(tables, missing),
        "all_votes": nobody | {"maduro": cast},
        "all_electors": nobody | {"maduro": missing},
    }
    return {
        name: {who: published[who] + round(votes[who]) for who in COUNTS}
        for name, votes in more.items()
    }


def _like_their_states(tables: Tables) -> dict[str, Fraction]:
    rows = coverage.not_covered(tables)[["state", "missing_voters", "registered_on_sheets"]]
    votes = tables["tallies_by_state"].query("publication == 'v1'")[["state", *COUNTS]]
    rows = rows.merge(votes, on="state", validate="one_to_one").to_dict("records")
    return {
        who: sum(
            (
                Fraction(row[who] * row["missing_voters"], row["registered_on_sheets"])
                for row in rows
            ),
            Fraction(0),
        )
        for who in COUNTS
    }


def _like_small_places(tables: Tables, missing: Fraction) -> dict[str, Fraction]:
    rows = tables["polling_places"].query("publication == 'v1' and tables == 1")
    return _like(rows.to_dict("records")[0], missing)


def _like_the_lowest(tables: Tables, missing: Fraction) -> dict[str, Fraction]:
    """Sum the published sheets from the lowest share of González on, up to so many electors."""
    cells = tables["turnout_and_share"].groupby("gonzalez_share_from", as_index=False)
    columns = ["electors", "valid_votes", "gonzalez", "maduro"]
    votes, left = dict.fromkeys(COUNTS, Fraction(0)), missing
    for row in cells[columns].sum().to_dict("records"):
        part = _like(row, min(left, Fraction(row["electors"])))
        votes = {who: votes[who] + part[who] for who in COUNTS}
        left -= min(left, Fraction(row["electors"]))
    return votes


def _like(row: Mapping, electors: Fraction) -> dict[str, Fraction]:
    """Give so many electors the votes that those of a row cast."""
    others = row["valid_votes"] - row["gonzalez"] - row["maduro"]
    votes = {"gonzalez": row["gonzalez"], "maduro": row["maduro"], "others": others}
    return {who: int(votes[who]) * electors / int(row["electors"]) for who in COUNTS}


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by scenario, from the published votes to those most in favour of Maduro.

    Columns: scenario, {gonzalez,maduro,others}_votes, {gonzalez,maduro}_percent of the valid votes,
    lead_votes, source_ids.
    """
    rows = []
    for scenario, votes in scenarios(tables, known).items():
        row: dict[str, Any] = {"scenario": scenario} | {
            f"{who}_votes": votes[who] for who in COUNTS
        }
        for who in ("gonzalez", "maduro"):
            row[f"{who}_percent"] = float(percent(votes[who], sum(votes.values())))
        rows.append(row | {"lead_votes": votes["gonzalez"] - votes["maduro"]})
    return pd.DataFrame(rows).assign(source_ids=sources(tables, "v1"))
