"""What became of diplomatic relations: who expelled, withdrew, suspended or broke off, when?

Method: counts of measures by kind, as announced. An order that a mission leave says nothing of the
legal status of relations; a break counts only where one was expressly announced.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from analysis.tools import derive, derive_names, places
from pipeline.model import Derived, Fact, Tables

VENEZUELA = "VEN"
# Name → kind of measure taken by Venezuela, of what it is a list
KINDS = {
    "expelled": ("expelled_mission", "countries whose missions Venezuela ordered out"),
    "withdrawn": (
        "withdrew_own_staff",
        "countries from which Venezuela withdrew its own staff",
    ),
    "broken": (
        "severed_relations",
        "countries with which Venezuela announced a break of relations",
    ),
    "flights_suspended": (
        "suspended_flights",
        "countries with which Venezuela suspended flights",
    ),
}
# Measures that change what one state keeps in the other, in the order in which they came on a day
CHIEF = (
    "other.suspended_relations",
    "other.withdrew_own_staff",
    "other.recalled_ambassador",
    "venezuela.expelled_mission",
    "venezuela.withdrew_own_staff",
    "venezuela.suspended_flights",
    "other.closed_own_mission",
    "venezuela.severed_relations",
    "other.expelled_mission",
    "other.custody_of_embassy",
    "venezuela.revoked_custody",
    "venezuela.expelled_staff",
    "other.ended_ambassador_mission",
    "venezuela.consular_closure",
)


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield countries by kind of measure, whose missions went into custody, and for how long."""
    for name, (kind, label) in KINDS.items():
        rows = taken(tables, kind)
        yield derive_names(
            tables,
            f"relations.{name}.names",
            rows["target_iso3"],
            label=label,
            rows=places("measures", rows),
        )
    kind, label = KINDS["expelled"]
    expelled = taken(tables, kind)
    yield derive(
        "relations.expelled.count",
        expelled["target_iso3"].nunique(),
        "countries",
        label=label,
        rows=places("measures", expelled),
    )
    yield from _custody(tables, known)


def taken(tables: Tables, kind: str) -> pd.DataFrame:
    """Rows of `measures` of a kind that Venezuela took, by date."""
    rows = tables["measures"]
    rows = rows[(rows["measure"] == kind) & (rows["imposing_iso3"] == VENEZUELA)]
    return rows.sort_values(["date", "id"])


def _custody(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    rows = tables["measures"].sort_values("date")
    custody = rows[rows["measure"] == "custody_of_embassy"]
    revoked = rows[rows["measure"] == "revoked_custody"]
    yield derive_names(
        tables,
        "relations.custody.names",
        custody["target_iso3"],
        label="countries whose missions in Caracas another country took over",
        rows=places("measures", custody),
    )
    ends = [f"measure.{some['id'].iloc[0]}" for some in (custody, revoked)]
    first, last = (date.fromisoformat(known[name].value) for name in ends)
    yield derive(
        "relations.days_of_custody",
        (last - first).days,
        "days",
        label="days from the first custody of a mission to its revocation",
        formula="days from {0} to {1}",
        inputs=ends,
    )


def timeline(tables: Tables) -> pd.DataFrame:
    """Rows by measure, by date.

    Columns: date, kind (the measure, after "venezuela." or "other."), imposing, target, other (the
    country that is not Venezuela), other_iso3, by_venezuela, confidence, source_ids.
    """
    names = tables["countries"].set_index("iso3")["name"]
    rows = tables["measures"].sort_values(["date", "id"], ignore_index=True)
    by_venezuela = rows["imposing_iso3"] == VENEZUELA
    against = rows["target_iso3"] == VENEZUELA
    other = rows["target_iso3"].where(~against, rows["imposing_iso3"])
    return pd.DataFrame(
        {
            "date": rows["date"],
            "kind": by_venezuela.map({True: "venezuela.", False: "other."}) + rows["measure"],
            "imposing": rows["imposing_iso3"].map(names),
            "target": rows["target_iso3"].map(names),
            "other": other.map(names),
            "other_iso3": other,
            "by_venezuela": by_venezuela,
            "confidence": rows["confidence"],
            "source_ids": rows["sources"].map(";".join),
        }
    )


def chronology(tables: Tables, since: str, until: str) -> pd.DataFrame:
    """Rows of `timeline` within two ISO dates, both included, by date and in the order of CHIEF.

    They are the chief measures with countries whose missions Venezuela ordered out or with which
    it broke, and with Brazil, which took over some of these missions.
    """
    rows = timeline(tables)
    broken = [taken(tables, kind) for kind in ("expelled_mission", "severed_relations")]
    concerned = {*pd.concat(broken)["target_iso3"], "BRA"}
    rows = rows[rows["date"].between(since, until) & rows["other_iso3"].isin(concerned)]
    rows = rows[rows["kind"].isin(CHIEF)].assign(order=lambda rows: rows["kind"].map(CHIEF.index))
    return rows.sort_values(["date", "order"], kind="stable").drop(columns="order")
