"""How did positions move, from the first day to the end of the month of the inauguration?

Method: where each state stands at the end of a day, by the rule of `reactions`.
A state moved if it has a position in the first week and another code at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.reactions import INAUGURATION, INPUTS, standing, turns, windows
from analysis.tools import derive, derive_names
from pipeline.model import Derived, Fact, Tables

NOT_YET = "not yet"
WEEK = 7  # days from the first bulletin until the first week is over
# In the order in which they are told
ENDS = ("recognised", "rejected", "concern", "asked", "neutral", "congratulated")
STOOD_ON = (*INPUTS, INAUGURATION)
TO_RECOGNISED = "states that came to say that González had won after the first week"


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states moved, stayed or came later, where they went, and which."""
    moves = pairs(tables, known)
    was, now = moves["first_week"], moves["latest"]
    moved = (was != NOT_YET) & (was != now)
    for name, chosen, label in (
        ("moved", moved, "states whose code changed after the first week"),
        ("stayed", was == now, "states whose code at the end is that of the first week"),
        ("later", was == NOT_YET, "states first coded after the first week"),
        ("to_recognised", moved & (now == "recognised"), TO_RECOGNISED),
        (
            "to_rejected",
            moved & (now == "rejected"),
            "states that came to reject the result after the first week",
        ),
    ):
        yield derive(
            f"shift.{name}.count",
            int(chosen.sum()),
            "states",
            label=label,
            formula="number of states, first-week code against the last",
            inputs=STOOD_ON,
        )
    yield from _changed(tables, known)
    yield from _names(tables, known)


def _changed(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states changed position after the first week, back and late ones included."""
    ends = steps(tables, known).drop_duplicates("iso3")["end"]
    changed = "states that changed position after the first week"
    for name, chosen, label in (
        ("changed", ends, changed),
        ("changed.recognised", ends[ends == "recognised"], f"{changed} and ended on González"),
        ("changed.rejected", ends[ends == "rejected"], f"{changed} and ended by rejecting"),
    ):
        yield derive(
            f"shift.{name}.count",
            len(chosen),
            "states",
            label=label,
            formula="number of states with another code on some day after the first week",
            inputs=STOOD_ON,
        )


def _names(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    moves = pairs(tables, known)
    was, now = moves["first_week"], moves["latest"]
    to_recognised = ~was.isin([NOT_YET, "recognised"]) & (now == "recognised")
    for name, codes, label in (
        ("to_recognised", moves.loc[to_recognised, "iso3"], TO_RECOGNISED),
        (
            "asked_to_neutral",
            moves.loc[(was == "asked") & (now == "neutral"), "iso3"],
            "states coded asked in the first week and neutral at the end",
        ),
        (
            "later_moved",
            later_moved(tables, known),
            "states first coded after the first week that moved later",
        ),
        (
            "back_again",
            back_again(tables, known),
            "states that ended as in the first week after another position between",
        ),
    ):
        yield derive_names(
            tables, f"shift.{name}.names", codes, label=f"{label}: names", inputs=STOOD_ON
        )


def pairs(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by coded state: iso3, first_week (a code, or "not yet") and latest."""
    spans = windows(known)
    week, end = (
        standing(tables, spans[name])[["iso3", "stance"]].rename(columns={"stance": name})
        for name in ("first_week", "latest")
    )
    rows = end.merge(week, on="iso3", how="left").fillna(NOT_YET)
    return rows[["iso3", "first_week", "latest"]]


def back_again(tables: Tables, known: Mapping[str, Fact]) -> set[str]:
    """Return the codes of states that left the position of their first week and came back to it."""
    spans, moves = windows(known), pairs(tables, known)
    since = moves.merge(turns(tables)[["iso3", "date", "stance"]], on="iso3")
    between = (since["date"] > spans["first_week"]) & (since["stance"] != since["first_week"])
    same = since["first_week"] == since["latest"]
    return set(since.loc[between & same & (since["date"] <= spans["latest"]), "iso3"])


def later_moved(tables: Tables, known: Mapping[str, Fact]) -> set[str]:
    """Return the codes of states without a position in the first week and with several later."""
    moves = pairs(tables, known)
    new = moves.loc[moves["first_week"] == NOT_YET, "iso3"]
    rows = turns(tables)
    rows = rows[rows["iso3"].isin(new) & (rows["date"] <= windows(known)["latest"])]
    several = rows.groupby("iso3")["stance"].nunique() > 1
    return set(several.index[several])


def steps(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by stretch of days on which a state that moved after the first week held one position.

    Columns: end (last code), name, iso3, stance, date, until (the day of the next stretch),
    from_day, to_day (the same in days since the first bulletin), moved (day of the last move), act,
    confidence, source_ids; by end, day of the last move, and name.
    """
    first, week, until = windows(known).values()
    rows = turns(tables)
    rows = rows[rows["date"] <= until].groupby(["iso3", "date"]).tail(1)
    rows = rows[rows["stance"] != rows.groupby("iso3")["stance"].shift()]
    moved = rows[rows.duplicated("iso3") & (rows["date"] > week)]
    rows = rows[rows["iso3"].isin(moved["iso3"])]
    rows = rows.merge(tables["countries"][["iso3", "name"]], on="iso3")
    states = rows.groupby("iso3")
    rows = rows.assign(
        until=states["date"].shift(-1).fillna(until),
        end=states["stance"].transform("last"),
        moved=states["date"].transform("last"),
    )
    for column, day in (("from_day", "date"), ("to_day", "until")):
        rows[column] = (pd.to_datetime(rows[day]) - pd.Timestamp(first)).dt.days
    order = rows["end"].map(ENDS.index)
    rows = rows.assign(order=order).sort_values(["order", "moved", "name", "date"])
    columns = "end name iso3 stance date until from_day to_day moved act confidence source_ids"
    return rows[columns.split()]
