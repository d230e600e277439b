"""How did positions move, from the first day to the end of the month of the inauguration?

Method: where each state stands at the end of a day, by the rule of `reactions`.
A state moved if it has a position in the first week and another code at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from analysis.reactions import INAUGURATION, INPUTS, STANCES, standing, turns, windows
from analysis.tools import derive, listing
from pipeline.model import Derived, Fact, Tables

NOT_YET = "not yet"
# In the order in which they are told
ENDS = ("recognised", "rejected", "concern", "asked", "neutral", "congratulated")


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states moved, stayed or came later, which, and every flow of codes."""
    moves = pairs(tables, known)
    was, now = moves["first_week"], moves["latest"]
    moved = (was != NOT_YET) & (was != now)
    back = back_again(tables, known)
    chosen = {
        "moved": (moved, "states whose code changed after the first week"),
        "stayed": (was == now, "states whose code at the end is that of the first week"),
        "later": (was == NOT_YET, "states first coded after the first week"),
        "to_recognised": (
            moved & (now == "recognised"),
            "states that came to say that González had won after the first week",
        ),
        "to_rejected": (
            moved & (now == "rejected"),
            "states that came to reject the result after the first week",
        ),
        "later_moved": (
            moves["iso3"].isin(later_moved(tables, known)),
            "states first coded after the first week that moved later",
        ),
        "back_again": (
            moves["iso3"].isin(back),
            "states that ended as in the first week after another position between",
        ),
    }
    for name, (rows, label) in chosen.items():
        yield from _told(tables, f"shift.{name}", moves.loc[rows, "iso3"], label)
    for (before, after), codes in moves[was != NOT_YET].groupby(["first_week", "latest"])["iso3"]:
        label = f"states coded {before} in the first week and {after} at the end"
        yield from _told(tables, f"shift.{before}_to_{after}", codes, label)


def _told(tables: Tables, name: str, codes: pd.Series, label: str) -> Iterator[Derived]:
    inputs = (*INPUTS, INAUGURATION)
    how = "number of states, first-week code against the last"
    yield derive(f"{name}.count", len(codes), "states", label, how, inputs)
    yield derive(
        f"{name}.names",
        listing(tables, codes),
        "text",
        f"{label}: names",
        "names of those states",
        (*inputs, "table:countries"),
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


def flows(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by pair of codes: first_week, latest, states, names (joined)."""
    rows = pairs(tables, known).groupby(["first_week", "latest"])["iso3"].agg(list).reset_index()
    names = [listing(tables, codes)["en"] for codes in rows["iso3"]]
    return rows.assign(states=rows["iso3"].map(len), names=names).drop(columns="iso3")


def moments(known: Mapping[str, Fact]) -> list[str]:
    """List the days (ISO) at whose end positions are counted.

    They are the first day, the end of the first week, and each month's last day up to the end.
    """
    spans = windows(known)
    day, end = date.fromisoformat(spans["first_week"]), date.fromisoformat(spans["latest"])
    found = [spans["first_day"], spans["first_week"]]
    while day < end:
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found.append(day.isoformat())
        day += timedelta(days=1)
    return found


def over_time(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by day and code, "not yet" included, zero counts too: date, stance, states."""
    days = moments(known)
    every, rows = len(standing(tables, days[-1])), []
    for day in days:
        counts = standing(tables, day)["stance"].value_counts()
        for stance in STANCES:
            rows.append({"date": day, "stance": stance, "states": int(counts.get(stance, 0))})
        rows.append({"date": day, "stance": NOT_YET, "states": every - int(counts.sum())})
    return pd.DataFrame(rows)


def steps(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by stretch of days on which a state that moved after the first week held one position.

    Columns: end (last code), name, iso3, stance, date, until (the day of the next stretch), moved
    (day of the last move), act, confidence, source_ids; by end, day of the last move, and name.
    """
    week, until = (windows(known)[name] for name in ("first_week", "latest"))
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
    order = rows["end"].map(ENDS.index)
    rows = rows.assign(order=order).sort_values(["order", "moved", "name", "date"])
    columns = ["end", "name", "iso3", "stance", "date", "until", "moved", "act", "confidence"]
    return rows[[*columns, "source_ids"]]
