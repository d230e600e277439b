"""Where did states stand on the first day, in the first week, and by the end of January 2025?

Method: a state stands where its latest own act puts it, or the latest text that it joined by name
(a signature, a vote, an alignment). A later act that takes nothing back leaves an earlier, stronger
one standing; the column `takes_back` of `positions` marks those that do. Own acts of low confidence
and names found on one list only are left out. A text issued in the name of a body is the body's:
every count is made a second time with the texts of bodies counted for all their members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from analysis.tools import derive, listing
from pipeline.model import Derived, Fact, Tables

STANCES = ("congratulated", "asked", "concern", "rejected", "recognised", "neutral")
STRENGTH = dict(neutral=0, concern=1, asked=2, rejected=3, recognised=4, congratulated=4)
JOINED = ("signatory", "yes", "abstain", "absent", "aligned")  # a late or doubtful name is no act
BODY = "member"
NO_VOTE = ("abstain", "absent")  # neutral, whatever the draft says
ACTS = {  # role → what joining was
    "signatory": "Joins: ",
    "yes": "Votes for: ",
    "abstain": "Abstains on: ",
    "absent": "Absent from the vote on: ",
    "aligned": "Aligns itself with: ",
    BODY: "As a member: ",
}
PARTS = ("Americas", "Europe", "Asia", "Africa", "Oceania")
LARGE = (  # regions with many coded states; the others are taken together by part of the world
    "South America",
    "Central America",
    "Caribbean",
    "Northern America",
    "Northern Europe",
    "Western Europe",
    "Southern Europe",
    "Eastern Europe",
    "Western Asia",
)
REGION = ("South America", "Central America", "Caribbean")  # Latin America and the Caribbean
NONE_FOUND, ITSELF = "no statement found", "Venezuela"
START, INAUGURATION = "council.first.maduro.votes.date", "event.2025-01-10.sworn-in"
WORDS = {
    "first_day": "on the first day",
    "first_week": "in the first week",
    "latest": "by the end of the month of the inauguration",
}
INPUTS = ("table:positions", "table:statements", "table:statement_members", START)
COUNTED = {False: "", True: ", texts of bodies counted for their members"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the windows, then counts and names of states by position, of all and of the region."""
    yield from _dates(known)
    for window, until in windows(known).items():
        inputs = (*INPUTS, INAUGURATION) if window == "latest" else INPUTS
        for bodies in (False, True):
            rows = standing(tables, until, bodies)
            yield from _counts(
                tables, f"reactions.{window}", "", rows, bodies, WORDS[window], inputs
            )
            rows = rows[rows["region"].isin(REGION)]
            yield from _counts(
                tables, f"region.{window}", " of the region", rows, bodies, WORDS[window], inputs
            )
    yield from _parts(tables, known)
    yield from _left_out(tables, known)


def windows(known: Mapping[str, Fact]) -> dict[str, str]:
    """Return the last day (ISO) of each window; all begin on the day of the first bulletin."""
    start = date.fromisoformat(known[START].value)
    month = date.fromisoformat(known[INAUGURATION].value).replace(day=1)
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    week = start + timedelta(days=6)
    return {
        "first_day": start.isoformat(),
        "first_week": week.isoformat(),
        "latest": end.isoformat(),
    }


def standing(tables: Tables, until: str, bodies: bool = False) -> pd.DataFrame:
    """Rows of `turns`, one a state: where it stands at the end of a day (ISO)."""
    rows = turns(tables, bodies)
    rows = rows[rows["date"] <= until]
    return rows.groupby("iso3").tail(1).sort_values("iso3", ignore_index=True)


def turns(tables: Tables, bodies: bool = False) -> pd.DataFrame:
    """Rows of `acts`, by state and date: those that placed a state when they came."""
    rows = acts(tables, bodies)
    kept: list[int] = []
    for _, state in rows.groupby("iso3", sort=True):
        stands = -1
        for place, stance, back in zip(
            state.index, state["stance"], state["takes_back"], strict=True
        ):
            if back or STRENGTH[stance] >= stands:
                stands = STRENGTH[stance]
                kept.append(place)
    return rows.loc[kept].reset_index(drop=True)


def acts(tables: Tables, bodies: bool = False) -> pd.DataFrame:
    """Rows by act that can place a state, in the order in which they count.

    Columns: iso3, region, date, stance, takes_back, act, confidence, source_ids, own (its own act,
    not a text joined). On one day an own act comes after a joined one, and what takes back is last.
    """
    own = tables["positions"]
    own = own[(own["kind"] == "state") & (own["confidence"] != "low")].assign(own=True)
    joined = joins(tables, (*JOINED, BODY) if bodies else JOINED)
    rows = pd.concat([own, joined]).assign(source_ids=lambda rows: rows["sources"].map(";".join))
    rows = rows.sort_values(["iso3", "date", "takes_back", "own"], kind="stable")
    columns = ["iso3", "region", "date", "stance", "takes_back", "act", "confidence", "source_ids"]
    return rows[[*columns, "own"]].reset_index(drop=True)


def joins(tables: Tables, roles: tuple[str, ...]) -> pd.DataFrame:
    """Rows by state and text that it joined in one of these roles, in the columns of `acts`."""
    rows = tables["statement_members"].merge(
        tables["statements"], left_on="statement", right_on="id", validate="many_to_one"
    )
    rows = rows[rows["role"].isin(roles) & ~rows["iso3"].isin(["", "VEN"])]
    rows = rows.merge(tables["countries"][["iso3", "region"]], on="iso3", validate="many_to_one")
    return rows.assign(
        stance=rows["stance"].where(~rows["role"].isin(NO_VOTE), "neutral"),
        act=rows["role"].map(ACTS) + rows["name"],
        confidence="medium",
        takes_back=False,
        own=False,
    )


def _counts(
    tables: Tables,
    scope: str,
    place: str,
    rows: pd.DataFrame,
    bodies: bool,
    when: str,
    inputs: tuple[str, ...],
) -> Iterator[Derived]:
    """Yield how many states there are and how many stand where; by the first count, which."""
    end = "_with_bodies" if bodies else ""
    label = f"states{place} with a position {when}{COUNTED[bodies]}"
    how = "number of states by where they stand at the end of the window"
    yield derive(f"{scope}.states{end}", len(rows), "states", label, how, inputs)
    for stance in STANCES:
        codes = rows.loc[rows["stance"] == stance, "iso3"]
        label = f"states{place} that stand at {stance} {when}{COUNTED[bodies]}"
        name = f"{scope}.{stance}"
        yield derive(f"{name}.count{end}", len(codes), "states", label, how, inputs)
        if not bodies:
            yield derive(
                f"{name}.names",
                listing(tables, codes),
                "text",
                f"{label}: names",
                "names of those states",
                (*inputs, "table:countries"),
            )


def _dates(known: Mapping[str, Fact]) -> Iterator[Derived]:
    spans = windows(known)
    for name, day, label, how, source in (
        (
            "first_week.start",
            "first_day",
            "first day of the first week",
            "day of the first bulletin",
            START,
        ),
        (
            "first_week.end",
            "first_week",
            "last day of the first week",
            "a week from the first bulletin",
            START,
        ),
        (
            "latest.end",
            "latest",
            "last day up to which positions are counted",
            "end of the month of the inauguration",
            INAUGURATION,
        ),
    ):
        yield derive(f"reactions.{name}", spans[day], "date", label, how, (source,))


def _parts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield where the positions are at home, as far as the figures tell it."""
    spans = windows(known)
    rows, inputs = standing(tables, spans["latest"]), (*INPUTS, INAUGURATION)
    until = WORDS["latest"]
    home, stance = rows["region"].map(part), rows["stance"]
    yield derive(
        "reactions.latest.asked.europe.count",
        int(((home == "Europe") & (stance == "asked")).sum()),
        "states",
        f"European states that stand at asked {until}",
        "number of those states",
        inputs,
    )
    for name, chosen, label in (
        (
            "congratulated.europe",
            (home == "Europe") & (stance == "congratulated"),
            "European states that stand at congratulated",
        ),
        (
            "recognised.elsewhere",
            (home != "Americas") & (stance == "recognised"),
            "states outside the Americas that stand at recognised",
        ),
    ):
        yield derive(
            f"reactions.latest.{name}.names",
            listing(tables, rows.loc[chosen, "iso3"]),
            "text",
            f"{label} {until}: names",
            "names of those states",
            (*inputs, "table:countries"),
        )
    first = standing(tables, spans["first_week"])
    caribbean = (first["region"] == "Caribbean") & (first["stance"] == "congratulated")
    yield derive(
        "region.first_week.congratulated.caribbean.count",
        int(caribbean.sum()),
        "states",
        f"Caribbean states that stand at congratulated {WORDS['first_week']}",
        "number of those states",
        INPUTS,
    )
    own = rows["own"].value_counts()
    yield derive(
        "reactions.latest.joined.count",
        int(own.get(False, 0)),
        "states",
        f"states placed {until} by a text that they joined, not by a text of their own",
        "number of states whose standing act is in statement_members only",
        inputs,
    )


def _left_out(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    codes, inputs = sorted(low_only(tables, known)["iso3"]), (*INPUTS, INAUGURATION)
    label = "states known from rows of low confidence alone"
    yield derive(
        "reactions.low_only.count",
        len(codes),
        "states",
        label,
        "number of states with a row and no act that places them",
        inputs,
    )
    yield derive(
        "reactions.low_only.names",
        listing(tables, codes),
        "text",
        f"{label}: names",
        "names of those states",
        (*inputs, "table:countries"),
    )
    yield derive(
        "region.states",
        len(tables["tile_grid"]),
        "states",
        "states of Latin America and the Caribbean, Venezuela among them",
        "number of tiles",
        ("table:tile_grid",),
    )


def low_only(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows of `positions`, one a state that nothing places: its last of low confidence."""
    sure, rows = standing(tables, windows(known)["latest"]), tables["positions"]
    rows = rows[(rows["kind"] == "state") & ~rows["iso3"].isin(sure["iso3"])]
    return rows.sort_values("date").groupby("iso3").tail(1)


def region(tables: Tables, known: Mapping[str, Fact], window: str = "first_week") -> pd.DataFrame:
    """Rows by tile of the region, with where its state stands at the end of a window.

    Columns: iso3, row, column, iso2, name, stance (a code, "no statement found", or "Venezuela"),
    date, act, confidence, source_ids.
    """
    names = tables["countries"][["iso3", "iso2", "name"]]
    tiles = tables["tile_grid"][["iso3", "row", "column"]].merge(
        names, on="iso3", validate="one_to_one"
    )
    return _described(tiles.merge(_placed(tables, known, window), on="iso3", how="left"))


def world(tables: Tables, known: Mapping[str, Fact], window: str = "latest") -> pd.DataFrame:
    """Rows by state with a position at the end of a window, by part, region and name.

    Columns: iso3, iso2, name, region (UN M49), stance, date, act, confidence, source_ids, part.
    """
    names = tables["countries"][["iso3", "iso2", "name", "region"]]
    rows = names.merge(_placed(tables, known, window), on="iso3")
    rows = _described(rows.assign(part=rows["region"].map(part)))
    return rows.sort_values(["part", "region", "name"], ignore_index=True)


def everywhere(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by state, those counted by the end before those known from low confidence alone.

    Columns: name, iso3, part (of the world), region (UN M49; small ones taken together by part),
    stance, date, act, confidence, source_ids.
    """
    sure, low = world(tables, known), low_only(tables, known)
    low = low.assign(source_ids=low["sources"].map(";".join), part=low["region"].map(part))
    low = low.merge(tables["countries"][["iso3", "name"]], on="iso3")
    rows = pd.concat([sure.sort_values("name"), low.sort_values("name")])
    rows["region"] = rows["region"].where(rows["region"].isin(LARGE), rows["part"])
    columns = ["name", "iso3", "part", "region", "stance", "date", "act", "confidence"]
    return rows[[*columns, "source_ids"]]


def part(region: str) -> str:
    """Return the part of the world in which a UN M49 region lies."""
    if region in REGION or "America" in region:
        return "Americas"
    return next((name for name in PARTS[1:-1] if name in region), "Oceania")


def _placed(tables: Tables, known: Mapping[str, Fact], window: str) -> pd.DataFrame:
    rows = standing(tables, windows(known)[window])
    return rows[["iso3", "stance", "date", "act", "confidence", "source_ids"]]


def _described(rows: pd.DataFrame) -> pd.DataFrame:
    rows["stance"] = rows["stance"].fillna(NONE_FOUND).where(rows["iso3"] != "VEN", ITSELF)
    return rows.fillna("")
