"""How did positions move, from the first day to the end of the month of the inauguration?

Method: the position of each state at the end of a day is its last row up to then, by the rules of `reactions`.
A state moved if it has a position in the first week and another code at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from analysis.reactions import INAUGURATION, STANCES, START, last, windows
from analysis.tools import derive, listing
from pipeline.model import Derived, Fact, Tables

NOT_YET = "not yet"
ENDS = ("recognised", "rejected", "concern", "asked", "neutral", "congratulated")  # in the order in which they are told


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states moved, stayed or came later, which, and every flow from one code to another."""
    moves = pairs(tables, known)
    was, now = moves["first_week"], moves["latest"]
    inputs = ("table:positions", START, INAUGURATION)
    chosen = {
        "moved": ((was != NOT_YET) & (was != now), "states whose code changed after the first week"),
        "stayed": (was == now, "states whose code at the end is that of the first week"),
        "later": (was == NOT_YET, "states first coded after the first week"),
        "to_recognised": ((was != NOT_YET) & (was != now) & (now == "recognised"), "states that came to say that González won after the first week"),
        "to_rejected": ((was != NOT_YET) & (was != now) & (now == "rejected"), "states that came to reject the result after the first week"),
        "from_congratulated": ((was == "congratulated") & (was != now), "states that congratulated in the first week and were coded otherwise at the end"),
    }
    for name, (rows, label) in chosen.items():
        codes = moves.loc[rows, "iso3"]
        yield derive(f"shift.{name}.count", len(codes), "states", label, "number of states, first-week code against the last", inputs)
        yield derive(f"shift.{name}.names", listing(tables, codes), "text", f"{label}: names", "names of those states",
                     (*inputs, "table:countries"))  # fmt: skip
    for (before, after), codes in moves[was != NOT_YET].groupby(["first_week", "latest"])["iso3"]:
        label = f"states coded {before} in the first week and {after} at the end"
        yield derive(f"shift.{before}_to_{after}.count", len(codes), "states", label, "number of states with this pair of codes", inputs)
        if before != after:
            yield derive(f"shift.{before}_to_{after}.names", listing(tables, codes), "text", f"{label}: names", "names of those states",
                         (*inputs, "table:countries"))  # fmt: skip


def pairs(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by coded state: iso3, first_week (a code, or "not yet") and latest."""
    spans = windows(known)
    week, end = (last(tables, *spans[name])[["iso3", "stance"]].rename(columns={"stance": name}) for name in ("first_week", "latest"))
    return end.merge(week, on="iso3", how="left").fillna(NOT_YET)[["iso3", "first_week", "latest"]]


def flows(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by pair of codes: first_week, latest, states, names (joined)."""
    rows = pairs(tables, known).groupby(["first_week", "latest"])["iso3"].agg(list).reset_index()
    return rows.assign(states=rows["iso3"].map(len), names=[listing(tables, codes)["en"] for codes in rows["iso3"]]).drop(columns="iso3")


def moments(known: Mapping[str, Fact]) -> list[str]:
    """List the days (ISO) at whose end positions are counted: first day, end of the first week, and each month's last day up to the end."""
    spans = windows(known)
    day, end, found = date.fromisoformat(spans["first_week"][1]), date.fromisoformat(spans["latest"][1]), list(spans["first_day"][1:])
    found.append(day.isoformat())
    while day < end:
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found.append(day.isoformat())
        day += timedelta(days=1)
    return found


def over_time(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by day and code, "not yet" included, zero counts too: date, stance, states."""
    start, (*_, end) = windows(known)["latest"][0], moments(known)
    every, rows = len(last(tables, start, end)), []
    for day in moments(known):
        counts = last(tables, start, day)["stance"].value_counts()
        rows += [{"date": day, "stance": stance, "states": int(counts.get(stance, 0))} for stance in STANCES]
        rows.append({"date": day, "stance": NOT_YET, "states": every - int(counts.sum())})
    return pd.DataFrame(rows)


def steps(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by stretch of days on which a state that ever moved held one position, by the last position, the day of the last move, and name.

    Columns: end (last code), name, iso3, stance, date, until (the day of the next stretch), moved (day of the last move), act, confidence, source_ids.
    """
    since, until = windows(known)["latest"]
    days = sorted(day for day in tables["positions"]["date"].unique() if since <= day <= until)
    rows = pd.concat([last(tables, day, day) for day in days]).sort_values(["iso3", "date"], kind="stable")
    rows = rows[rows["stance"] != rows.groupby("iso3")["stance"].shift()]
    rows = rows[rows.duplicated("iso3", keep=False)].merge(tables["countries"][["iso3", "name"]], on="iso3")
    states = rows.groupby("iso3")
    rows = rows.assign(until=states["date"].shift(-1).fillna(until), end=states["stance"].transform("last"), moved=states["date"].transform("last"))
    rows = rows.sort_values(["end", "moved", "name", "date"], key=lambda column: column.map(ENDS.index) if column.name == "end" else column)
    return rows.assign(source_ids=rows["sources"].map(";".join))[
        ["end", "name", "iso3", "stance", "date", "until", "moved", "act", "confidence", "source_ids"]
    ]
