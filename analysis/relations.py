"""What became of diplomatic relations: who expelled, withdrew, suspended or broke off, when?

Method: counts of measures by kind, as announced. An order that a mission leave says nothing of the
legal status of relations; a break counts only where one was expressly announced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from analysis.tools import derive, listing
from pipeline.model import Derived, Fact, Tables

VENEZUELA = "VEN"
# Name → kind of measure, who took it (Venezuela or another), what it is
KINDS = {
    "expelled": ("expelled_mission", True, "countries whose missions Venezuela ordered out"),
    "withdrawn": (
        "withdrew_own_staff",
        True,
        "countries from which Venezuela withdrew its own staff",
    ),
    "broken": (
        "severed_relations",
        True,
        "countries with which Venezuela announced a break of relations",
    ),
    "flights_suspended": (
        "suspended_flights",
        True,
        "countries with which Venezuela suspended flights",
    ),
    "suspended": (
        "suspended_relations",
        False,
        "countries that put relations with Venezuela on hold",
    ),
    "expelled_venezuela": (
        "expelled_mission",
        False,
        "countries that ordered Venezuela's mission out",
    ),
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield counts and names of countries by kind of measure, and the days between the order and
    the breaks."""
    for name, (kind, by_venezuela, label) in KINDS.items():
        rows = taken(tables, kind, by_venezuela)
        inputs = tuple("measure." + rows["id"])
        codes = rows["target_iso3" if by_venezuela else "imposing_iso3"]
        yield derive(
            f"relations.{name}.count",
            len(set(codes)),
            "countries",
            label,
            "number of countries with such a measure",
            inputs,
        )
        yield derive(
            f"relations.{name}.names",
            listing(tables, codes),
            "text",
            f"{label}: names",
            "names of those countries",
            (*inputs, "table:countries"),
        )
    custody = tables["measures"][tables["measures"]["measure"] == "custody_of_embassy"]
    inputs = (*("measure." + custody["id"]), "table:countries")
    yield derive(
        "relations.custody.names",
        listing(tables, custody["target_iso3"]),
        "text",
        "countries whose missions in Caracas another country took over",
        "names",
        inputs,
    )
    yield from _days(tables, known)


def taken(tables: Tables, kind: str, by_venezuela: bool) -> pd.DataFrame:
    """Rows of `measures` of a kind, taken by Venezuela or by others against it, by date."""
    rows = tables["measures"]
    side = rows["imposing_iso3"] == VENEZUELA if by_venezuela else rows["target_iso3"] == VENEZUELA
    return rows[(rows["measure"] == kind) & side].sort_values(["date", "id"])


def _days(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    order, *_ = "measure." + taken(tables, "expelled_mission", True)["id"]
    for which, row in zip(
        ("first", "second"),
        taken(tables, "severed_relations", True).to_dict("records"),
        strict=False,
    ):
        yield _between(
            known,
            f"relations.days_to_{which}_break",
            order,
            f"measure.{row['id']}",
            f"days from the order to the {which} announced break",
        )
    rows = tables["measures"].sort_values("date")
    held = [
        rows.loc[rows["measure"] == kind, "id"].iloc[0]
        for kind in ("custody_of_embassy", "revoked_custody")
    ]
    yield _between(
        known,
        "relations.days_of_custody",
        *(f"measure.{one}" for one in held),
        "days from the first custody of a mission to its revocation",
    )


def _between(known: Mapping[str, Fact], name: str, earlier: str, later: str, label: str) -> Derived:
    first, second = (date.fromisoformat(known[one].value) for one in (earlier, later))
    return derive(
        name,
        (second - first).days,
        "days",
        label,
        "days between the dates of the two measures",
        (earlier, later),
    )


def timeline(tables: Tables) -> pd.DataFrame:
    """Rows by measure and date: id, date, measure, imposing, target, other (the country that is not
    Venezuela), by_venezuela, confidence, note, source_ids."""
    names = tables["countries"].set_index("iso3")["name"]
    rows = tables["measures"].sort_values(["date", "id"], ignore_index=True)
    by_venezuela = rows["imposing_iso3"] == VENEZUELA
    rows = rows.assign(
        imposing=rows["imposing_iso3"].map(names),
        target=rows["target_iso3"].map(names),
        by_venezuela=by_venezuela,
    )
    rows["other_iso3"] = rows["target_iso3"].where(
        rows["target_iso3"] != VENEZUELA, rows["imposing_iso3"]
    )
    rows["other"] = rows["other_iso3"].map(names)
    rows["source_ids"] = rows["sources"].map(";".join)
    return rows[
        [
            "id",
            "date",
            "measure",
            "imposing",
            "target",
            "other",
            "other_iso3",
            "by_venezuela",
            "joint",
            "confidence",
            "note",
            "source_ids",
        ]
    ]


def by_country(tables: Tables) -> pd.DataFrame:
    """Rows of `timeline` for the countries whose missions Venezuela ordered out or with which it
    broke, by country and date; joint and own measures alike."""
    wanted = {
        code
        for kind in ("expelled_mission", "severed_relations")
        for code in taken(tables, kind, True)["target_iso3"]
    }
    rows = timeline(tables)
    return rows[rows["other_iso3"].isin(wanted)].sort_values(
        ["other", "date", "id"], ignore_index=True
    )


def chronology(tables: Tables, since: str, until: str) -> pd.DataFrame:
    """Rows of `timeline` within two ISO dates, both included, for the countries of `by_country` and
    for Brazil, which took over some of their missions.

    Columns: date, kind (the measure, after "venezuela." or "other."), imposing, target, other,
    other_iso3, by_venezuela, confidence, source_ids.
    """
    rows = timeline(tables)
    concerned = set(by_country(tables)["other_iso3"]) | {"BRA"}
    rows["kind"] = rows["by_venezuela"].map({True: "venezuela.", False: "other."}) + rows["measure"]
    rows = rows[rows["date"].between(since, until) & rows["other_iso3"].isin(concerned)]
    return rows[
        [
            "date",
            "kind",
            "imposing",
            "target",
            "other",
            "other_iso3",
            "by_venezuela",
            "confidence",
            "source_ids",
        ]
    ]
