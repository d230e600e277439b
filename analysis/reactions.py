"""Where did states stand: on the first day, in the first week, and by the end of the month of the inauguration?

Method: one position for each state, coded by the handbook in the codebook. Only rows of states count, and none of low
confidence; joint texts count through the states' own rows, so no state counts twice. A state's position in a window is
its last row in it by date. Of two rows on one day the more cautious counts: the handbook writes two where officials of
one government differ (a minister's post and his ministry's text, say), and a count should not rest on the bolder one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from analysis.tools import derive, listing
from pipeline.model import Derived, Fact, Tables

STANCES = ("congratulated", "asked", "concern", "rejected", "recognised", "neutral")
BOLDEST_FIRST = ("recognised", "congratulated", "rejected", "asked", "concern", "neutral")
PARTS = ("Americas", "Europe", "Asia", "Africa", "Oceania")
LARGE = ("South America", "Central America", "Caribbean", "Northern America", "Northern Europe", "Western Europe", "Southern Europe", "Eastern Europe",
         "Western Asia")  # regions with many coded states; those of the other regions are taken together by part of the world
REGION = ("South America", "Central America", "Caribbean")  # Latin America and the Caribbean, by UN M49
NONE_FOUND, ITSELF = "no statement found", "Venezuela"
START, INAUGURATION = "council.first.maduro.votes.date", "event.2025-01-10.sworn-in"
WORDS = {"first_day": "on the first day", "first_week": "in the first week", "latest": "by the end of the month of the inauguration"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the windows, then counts and names of states by position, of all states and of the region."""
    yield from _dates(known)
    for window, (since, until) in windows(known).items():
        rows = last(tables, since, until)
        edges = (START, INAUGURATION) if window == "latest" else (START,)
        for scope, place, chosen in (("reactions", "", rows), ("region", " of the region", rows[rows["region"].isin(REGION)])):
            yield derive(f"{scope}.{window}.states", len(chosen), "states", f"states{place} with a coded position {WORDS[window]}",
                         "number of states with a row of medium or high confidence", ("table:positions", *edges))  # fmt: skip
            for stance in STANCES:
                codes = chosen.loc[chosen["stance"] == stance, "iso3"]
                label = f"states{place} whose last position {WORDS[window]} is coded {stance}"
                yield derive(f"{scope}.{window}.{stance}.count", len(codes), "states", label,
                             "number of states by their last row in the window", ("table:positions", *edges))  # fmt: skip
                yield derive(f"{scope}.{window}.{stance}.names", listing(tables, codes), "text", f"{label}: names",
                             "names of those states", ("table:positions", "table:countries", *edges))  # fmt: skip
    yield from _parts(tables, known)
    yield from _left_out(tables)


def windows(known: Mapping[str, Fact]) -> dict[str, tuple[str, str]]:
    """Return first and last day (ISO) of each window: the day of the first bulletin, the week from it, and up to the end of the inauguration's month."""
    start = date.fromisoformat(known[START].value)
    month = date.fromisoformat(known[INAUGURATION].value).replace(day=1)
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    first = start.isoformat()
    return {"first_day": (first, first), "first_week": (first, (start + timedelta(days=6)).isoformat()), "latest": (first, end.isoformat())}


def last(tables: Tables, since: str, until: str) -> pd.DataFrame:
    """Rows of `positions`, one a state: its last of medium or high confidence within two ISO dates, both included."""
    rows = tables["positions"]
    rows = rows[(rows["kind"] == "state") & (rows["confidence"] != "low") & rows["date"].between(since, until)]
    rows = rows.assign(caution=rows["stance"].map(BOLDEST_FIRST.index)).sort_values(["date", "caution"], kind="stable")
    return rows.groupby("iso3").tail(1).drop(columns="caution").sort_values("iso3", ignore_index=True)


def _dates(known: Mapping[str, Fact]) -> Iterator[Derived]:
    spans = windows(known)
    yield derive("reactions.first_week.start", spans["first_week"][0], "date", "first day of the first week",
                 "day of the first bulletin", (START,))  # fmt: skip
    yield derive("reactions.first_week.end", spans["first_week"][1], "date", "last day of the first week",
                 "a week from the day of the first bulletin", (START,))  # fmt: skip
    yield derive("reactions.latest.end", spans["latest"][1], "date", "last day up to which positions are counted",
                 "end of the month of the inauguration", (INAUGURATION,))  # fmt: skip


def _parts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield where the positions are at home, as far as the figures tell it."""
    rows, inputs = last(tables, *windows(known)["latest"]), ("table:positions", START, INAUGURATION)
    home, stance, until = rows["region"].map(part), rows["stance"], WORDS["latest"]
    yield derive("reactions.latest.europe.states", int((home == "Europe").sum()), "states", f"European states with a coded position {until}",
                 "number of states whose region lies in Europe", inputs)  # fmt: skip
    yield derive("reactions.latest.asked.europe.count", int(((home == "Europe") & (stance == "asked")).sum()), "states",
                 f"European states whose last position {until} is coded asked", "number of those states", inputs)  # fmt: skip
    for name, chosen, label in (
        ("congratulated.europe", (home == "Europe") & (stance == "congratulated"), f"European states whose last position {until} is coded congratulated"),
        ("recognised.elsewhere", (home != "Americas") & (stance == "recognised"), f"states outside the Americas whose last position {until} is coded recognised"),
    ):
        yield derive(f"reactions.latest.{name}.names", listing(tables, rows.loc[chosen, "iso3"]), "text", f"{label}: names", "names of those states",
                     (*inputs, "table:countries"))  # fmt: skip
    first = last(tables, *windows(known)["first_week"])
    caribbean = (first["region"] == "Caribbean") & (first["stance"] == "congratulated")
    yield derive("region.first_week.congratulated.caribbean.count", int(caribbean.sum()), "states",
                 f"Caribbean states whose last position {WORDS['first_week']} is coded congratulated", "number of those states",
                 ("table:positions", START))  # fmt: skip


def _left_out(tables: Tables) -> Iterator[Derived]:
    rows = tables["positions"]
    rows = rows[rows["kind"] == "state"]
    codes = sorted(set(rows["iso3"]) - set(rows.loc[rows["confidence"] != "low", "iso3"]))
    label = "states known from rows of low confidence alone"
    yield derive("reactions.low_only.count", len(codes), "states", label,
                 "number of states without a row of medium or high confidence", ("table:positions",))  # fmt: skip
    yield derive("reactions.low_only.names", listing(tables, codes), "text", f"{label}: names", "names of those states",
                 ("table:positions", "table:countries"))  # fmt: skip
    yield derive("region.states", len(tables["tile_grid"]), "states",
                 "states of Latin America and the Caribbean, Venezuela among them", "number of tiles", ("table:tile_grid",))  # fmt: skip


def region(tables: Tables, known: Mapping[str, Fact], window: str = "first_week") -> pd.DataFrame:
    """Rows by tile: iso3, row, column, iso2, name, stance (a code, "no statement found", or "Venezuela"), date, act, confidence, source_ids."""
    tiles = tables["tile_grid"][["iso3", "row", "column"]].merge(tables["countries"][["iso3", "iso2", "name"]], on="iso3", validate="one_to_one")
    return _described(tiles.merge(_own(tables, known, window), on="iso3", how="left"))


def world(tables: Tables, known: Mapping[str, Fact], window: str = "latest") -> pd.DataFrame:
    """Rows by coded state: iso3, iso2, name, region (UN M49), part (of the world), stance, date, act, confidence, source_ids."""
    rows = tables["countries"][["iso3", "iso2", "name", "region"]].merge(_own(tables, known, window), on="iso3")
    return _described(rows.assign(part=rows["region"].map(part))).sort_values(["part", "region", "name"], ignore_index=True)


def everywhere(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by state, those counted by the end before those known from low confidence alone, each by name.

    Columns: name, iso3, part (of the world), region (UN M49; small ones taken together by part), stance, date, act, confidence, source_ids.
    """
    sure, rows = world(tables, known), tables["positions"]
    low = rows[(rows["kind"] == "state") & ~rows["iso3"].isin(sure["iso3"])].sort_values("date").groupby("iso3").tail(1)
    low = low.assign(source_ids=low["sources"].map(";".join), part=low["region"].map(part)).merge(tables["countries"][["iso3", "name"]], on="iso3")
    rows = pd.concat([sure.sort_values("name"), low.sort_values("name")])
    rows["region"] = rows["region"].where(rows["region"].isin(LARGE), rows["part"])
    return rows[["name", "iso3", "part", "region", "stance", "date", "act", "confidence", "source_ids"]]


def part(region: str) -> str:
    """Return the part of the world in which a UN M49 region lies."""
    if region in REGION or "America" in region:
        return "Americas"
    return next((name for name in PARTS[1:-1] if name in region), "Oceania")


def _own(tables: Tables, known: Mapping[str, Fact], window: str) -> pd.DataFrame:
    rows = last(tables, *windows(known)[window])
    return rows[["iso3", "stance", "date", "act", "confidence", "id"]].assign(source_ids=rows["sources"].map(";".join)).rename(columns={"id": "position"})


def _described(rows: pd.DataFrame) -> pd.DataFrame:
    rows["stance"] = rows["stance"].fillna(NONE_FOUND).where(rows["iso3"] != "VEN", ITSELF)
    return rows.fillna("")
