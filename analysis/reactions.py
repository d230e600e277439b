"""Where did states stand on the first day, in the first week, and by the end of January 2025?

Method: a state stands where its latest own act puts it, or the latest text that it joined by name
(a signature, a vote, an alignment). A later act that takes nothing back leaves an earlier, stronger
one standing; the column `takes_back` of `positions` marks those that do. Own acts of low confidence
and names found on one list only are left out. A text issued in the name of a body is the body's:
every count is made a second time with the texts of bodies counted for all their members.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from analysis.tools import derive, derive_names
from pipeline.model import Derived, Fact, Tables

SAID = {  # in words
    "congratulated": "accepted the result",
    "asked": "asked for tallies or an audit",
    "concern": "voiced concern",
    "rejected": "rejected the result",
    "recognised": "said that González had won",
    "neutral": "were neutral, abstained or were absent",
}
STANCES = tuple(SAID)
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
PLACED = ["stance", "date", "act", "confidence", "source_ids"]  # what a row says of a state
NONE_FOUND, ITSELF = "no statement found", "Venezuela"
START, INAUGURATION = "council.first.maduro.votes.date", "event.2025-01-10.sworn-in"
WEEK_END, END = "reactions.first_week.end", "reactions.latest.end"
IN_WEEK, IN_THE_END = "in the first week", "by the end of the month of the inauguration"
OF_REGION = "states of the region"
WITH_BODIES = ", texts of bodies counted for their members"
REGION_COUNTS = ("congratulated", "asked", "rejected", "recognised")  # the others are told by name


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the windows, then counts and names of states by position, of all and of the region."""
    yield from _dates(known)
    yield from _first_week(tables, known)
    yield from _latest(tables, known)
    yield from _parts(tables, known)
    yield from _others(tables, known)
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
    strength = rows["stance"].map(STRENGTH).astype(int)  # of no type where nobody acted
    taken_back = rows["takes_back"].astype(bool)
    since = taken_back.groupby(rows["iso3"]).cumsum()
    strongest = strength.groupby([rows["iso3"], since]).cummax()
    return rows[strength == strongest].reset_index(drop=True)


def acts(tables: Tables, bodies: bool = False) -> pd.DataFrame:
    """Rows by act that can place a state, in the order in which they count.

    Columns: iso3, region, date, stance, takes_back, act, confidence, source_ids, own (its own act,
    not a text joined), place (of the row). On one day an own act comes after a joined one, and what
    takes back is last.
    """
    own = tables["positions"]
    own = own[(own["kind"] == "state") & (own["confidence"] != "low")]
    own = own.assign(own=True, place="positions/" + own["id"])
    joined = joins(tables, (*JOINED, BODY) if bodies else JOINED)
    rows = pd.concat([own, joined]).assign(source_ids=lambda rows: rows["sources"].map(";".join))
    rows = rows.sort_values(["iso3", "date", "takes_back", "own"], kind="stable")
    columns = "iso3 region date stance takes_back act confidence source_ids own place"
    return rows[columns.split()].reset_index(drop=True)


def joins(tables: Tables, roles: tuple[str, ...]) -> pd.DataFrame:
    """Rows by state and text that it joined in one of these roles, in the columns of `acts`."""
    rows = tables["statement_members"].merge(
        tables["statements"].drop(columns="sources"),
        left_on="statement",
        right_on="id",
        validate="many_to_one",
    )
    rows = rows[rows["role"].isin(roles) & ~rows["iso3"].isin(["", "VEN"])]
    rows = rows.merge(tables["countries"][["iso3", "region"]], on="iso3", validate="many_to_one")
    return rows.assign(
        stance=rows["stance"].where(~rows["role"].isin(NO_VOTE), "neutral"),
        act=rows["role"].map(ACTS) + rows["name"],
        confidence="medium",
        takes_back=False,
        own=False,
        place="statement_members/" + rows["statement"] + "/" + rows["member"],
    )


def _dates(known: Mapping[str, Fact]) -> Iterator[Derived]:
    spans = windows(known)
    for name, day, label, formula, source in (
        (
            "first_week.start",
            spans["first_day"],
            "first day of the first week",
            "day of the first bulletin",
            START,
        ),
        (
            "first_week.end",
            spans["first_week"],
            "last day of the first week",
            "a week from the first bulletin",
            START,
        ),
        (
            "latest.end",
            spans["latest"],
            "last day up to which positions are counted",
            "end of the month of the inauguration",
            INAUGURATION,
        ),
    ):
        yield derive(
            f"reactions.{name}", day, "date", label=label, formula=formula, inputs=[source]
        )


def _first_week(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states had a position, and who stood where in the region."""
    until = windows(known)["first_week"]
    every = standing(tables, until)
    rows = every[every["region"].isin(REGION)]
    for name, some, states in (("reactions", every, "states"), ("region", rows, OF_REGION)):
        yield derive(
            f"{name}.first_week.states",
            len(some),
            "states",
            label=f"{states} with a position {IN_WEEK}",
            formula="number of states with a row up to {0} that places them",
            inputs=[WEEK_END, "table:positions", "table:statement_members"],
        )
    for stance in STANCES:
        label = f"{OF_REGION} that {SAID[stance]} {IN_WEEK}"
        chosen = rows[rows["stance"] == stance]
        name = f"region.first_week.{stance}"
        if stance in REGION_COUNTS:
            yield _states(f"{name}.count", chosen, label, WEEK_END)
        yield _names(tables, f"{name}.names", chosen, label, WEEK_END)
    rows = standing(tables, until, bodies=True)
    rows = rows[rows["region"].isin(REGION)]
    for stance in ("congratulated", "neutral"):
        yield _states(
            f"region.first_week.{stance}.count_with_bodies",
            rows[rows["stance"] == stance],
            f"{OF_REGION} that {SAID[stance]} {IN_WEEK}{WITH_BODIES}",
            WEEK_END,
        )


def _latest(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many states stood where in the end, by their own acts and with those of bodies."""
    until = windows(known)["latest"]
    for ending, told, bodies in (("", "", False), ("_with_bodies", WITH_BODIES, True)):
        rows = standing(tables, until, bodies)
        for stance in STANCES:
            yield _states(
                f"reactions.latest.{stance}.count{ending}",
                rows[rows["stance"] == stance],
                f"states that {SAID[stance]} {IN_THE_END}{told}",
                END,
            )
    rows = standing(tables, until)
    rows = rows[rows["stance"] == "recognised"]
    label = f"states that {SAID['recognised']} {IN_THE_END}"
    yield _names(tables, "reactions.latest.recognised.names", rows, label, END)


def _states(
    name: str,
    rows: pd.DataFrame,
    label: str,
    until: str,
    formula: str = "number of states by where they stand at the end of {0}",
) -> Derived:
    """Write down how many states there are in rows, one a state, at the end of a day (a fact)."""
    count, places = len(rows), rows["place"]
    return derive(name, count, "states", label=label, formula=formula, inputs=[until], rows=places)


def _names(tables: Tables, name: str, rows: pd.DataFrame, label: str, until: str) -> Derived:
    """Write down which states there are in rows, at the end of a day (a fact)."""
    return derive_names(
        tables,
        name,
        rows["iso3"],
        label=label,
        formula="names of states by where they stand at the end of {0}",
        inputs=[until, "table:positions"] if rows.empty else [until],  # where none was found
        rows=rows["place"],
    )


def _parts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield where the positions are at home, as far as the figures tell it."""
    rows = standing(tables, windows(known)["latest"])
    home, stance = rows["region"].map(part), rows["stance"]
    yield _states(
        "reactions.latest.asked.europe.count",
        rows[(home == "Europe") & (stance == "asked")],
        f"European states that {SAID['asked']} {IN_THE_END}",
        END,
    )
    for name, chosen, label in (
        ("congratulated.europe", home == "Europe", "European states"),
        ("recognised.elsewhere", home != "Americas", "states outside the Americas"),
    ):
        said = name.partition(".")[0]
        some = rows[chosen & (stance == said)]
        label = f"{label} that {SAID[said]} {IN_THE_END}"
        yield _names(tables, f"reactions.latest.{name}.names", some, label, END)


def _others(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield who stands where it does by a joined text, and the Caribbean of the first week."""
    spans = windows(known)
    rows = standing(tables, spans["latest"])
    yield _states(
        "reactions.latest.joined.count",
        rows[~rows["own"]],
        f"states placed {IN_THE_END} by a text that they joined, not by a text of their own",
        END,
    )
    first = standing(tables, spans["first_week"])
    yield _states(
        "region.first_week.congratulated.caribbean.count",
        first[(first["region"] == "Caribbean") & (first["stance"] == "congratulated")],
        f"Caribbean states that {SAID['congratulated']} {IN_WEEK}",
        WEEK_END,
    )


def _left_out(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    rows = low_only(tables, known)
    rows = rows.assign(place="positions/" + rows["id"])
    label = "states known from rows of low confidence alone"
    formula = "number of states that nothing else places by the end of {0}"
    yield _states("reactions.low_only.count", rows, label, END, formula)
    yield _names(tables, "reactions.low_only.names", rows, label, END)
    yield derive(
        "region.states",
        len(tables["tile_grid"]),
        "states",
        label="states of Latin America and the Caribbean, Venezuela among them",
        formula="number of tiles",
        inputs=["table:tile_grid"],
    )


def low_only(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows of `positions`, one a state that nothing places: its last of low confidence."""
    sure, rows = standing(tables, windows(known)["latest"]), tables["positions"]
    rows = rows[(rows["kind"] == "state") & ~rows["iso3"].isin(sure["iso3"])]
    return rows.sort_values("date").groupby("iso3").tail(1)


def region(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by tile of the region, with where its state stands at the end of the first week.

    Columns: iso3, row, column, name, stance (a code, "no statement found", or "Venezuela"),
    date, act, confidence, source_ids.
    """
    names = tables["countries"][["iso3", "name"]]
    rows = tables["tile_grid"][["iso3", "row", "column"]]
    rows = rows.merge(names, on="iso3", validate="one_to_one")
    placed = standing(tables, windows(known)["first_week"])[["iso3", *PLACED]]
    rows = rows.merge(placed, on="iso3", how="left")
    stance = rows["stance"].fillna(NONE_FOUND).where(rows["iso3"] != "VEN", ITSELF)
    return rows.assign(stance=stance).fillna("")


def everywhere(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by state and name, those counted by the end before those of low confidence alone.

    Columns: name, iso3, part (of the world), region (UN M49; small ones taken together by part),
    stance, date, act, confidence, source_ids.
    """
    names = tables["countries"][["iso3", "name"]]
    sure, low = standing(tables, windows(known)["latest"]), low_only(tables, known)
    low = low.assign(source_ids=low["sources"].map(";".join))
    rows = pd.concat([some.merge(names, on="iso3").sort_values("name") for some in (sure, low)])
    rows["part"] = rows["region"].map(part)
    rows["region"] = rows["region"].where(rows["region"].isin(LARGE), rows["part"])
    return rows[["name", "iso3", "part", "region", *PLACED]]


def part(region: str) -> str:
    """Return the part of the world in which a UN M49 region lies."""
    if region in REGION or "America" in region:
        return "Americas"
    return next((name for name in PARTS[1:-1] if name in region), "Oceania")
