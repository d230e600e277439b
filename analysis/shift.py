"""How did positions move, from the first day to the end of the month of the inauguration?

Method: where each state stands at the end of a day, by the rule of `reactions`.
A state moved if it has a position in the first week and another code at the end.
"""

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from analysis.reactions import END, WEEK_END, standing, turns, windows
from analysis.tools import derive, derive_names
from pipeline.model import Derived, Fact, Tables

NOT_YET = "not yet"
WEEK = 7  # days from the first bulletin until the first week is over
# In the order in which they are told
ENDS = ("recognised", "rejected", "concern", "asked", "neutral", "congratulated")


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states moved or stayed, and which."""
    moves = pairs(tables, known)
    was, now = moves["first_week"], moves["latest"]
    moved = (was != NOT_YET) & (was != now)
    for name, chosen, label in (
        ("moved", moved, "states whose code changed after the first week"),
        ("stayed", was == now, "states whose code at the end is that of the first week"),
    ):
        yield derive(
            f"shift.{name}.count",
            int(chosen.sum()),
            "states",
            label=label,
            formula="number of states by where they stand at the end of {0} and at that of {1}",
            inputs=[WEEK_END, END],
            rows=moves.loc[chosen, "latest_place"] if name == "stayed" else _both(moves[chosen]),
        )
    yield from _changed(tables, known)
    yield from _names(tables, known)


def _changed(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states changed position after the first week, back and late ones included."""
    ends = steps(tables, known).drop_duplicates("iso3").set_index("iso3")["end"]
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
            formula="number of states that moved after {0} and by the end of {1}",
            inputs=[WEEK_END, END],
            rows=_path(tables, known, chosen.index),
        )


def _names(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    moves = pairs(tables, known)
    was, now = moves["first_week"], moves["latest"]
    for name, codes, label in (
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
    ):
        yield derive_names(
            tables,
            f"shift.{name}.names",
            codes,
            label=label,
            formula="names of those states that moved after {0} and by the end of {1}",
            inputs=[WEEK_END, END],
            rows=_path(tables, known, codes),
        )


def pairs(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by coded state: iso3, first_week (a code, or "not yet") and latest, places of both."""
    spans = windows(known)
    week, end = (
        standing(tables, spans[name])[["iso3", "stance", "place"]].rename(
            columns={"stance": name, "place": f"{name}_place"}
        )
        for name in ("first_week", "latest")
    )
    rows = end.merge(week, on="iso3", how="left").fillna(NOT_YET)
    return rows[["iso3", "first_week", "latest", "first_week_place", "latest_place"]]


def _both(moves: pd.DataFrame) -> list[str]:
    """List the rows that place states at the end of the first week and in the end."""
    every = moves[["first_week_place", "latest_place"]].to_numpy().ravel()
    return [place for place in dict.fromkeys(every) if place != NOT_YET]


def _path(tables: Tables, known: Mapping[str, Fact], codes: Collection[str]) -> pd.Series:
    """Return the places of all rows by which some states changed position until the end."""
    rows = changes(tables, windows(known)["latest"])
    return rows.loc[rows["iso3"].isin(codes), "place"]


def later_moved(tables: Tables, known: Mapping[str, Fact]) -> set[str]:
    """Return the codes of states without a position in the first week and with several later."""
    moves = pairs(tables, known)
    new = moves.loc[moves["first_week"] == NOT_YET, "iso3"]
    rows = turns(tables)
    rows = rows[rows["iso3"].isin(new) & (rows["date"] <= windows(known)["latest"])]
    several = rows.groupby("iso3")["stance"].nunique() > 1
    return set(several.index[several])


def changes(tables: Tables, until: str) -> pd.DataFrame:
    """Rows of `turns` until a day (ISO) at whose end a state stood elsewhere than before it."""
    rows = turns(tables)
    rows = rows[rows["date"] <= until].groupby(["iso3", "date"]).tail(1)
    return rows[rows["stance"] != rows.groupby("iso3")["stance"].shift()]


def steps(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by stretch of days on which a state that moved after the first week held one position.

    Columns: end (last code), name, iso3, stance, date, until (the day of the next stretch),
    from_day, to_day (the same in days since the first bulletin), moved (day of the last move), act,
    confidence, source_ids; by end, day of the last move, and name.
    """
    first, week, until = windows(known).values()
    rows = changes(tables, until)
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
