"""What does the article that the report started from name?

Method: rows of positions and measures marked as standing in that article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.tools import derive
from pipeline.model import Derived, Fact, Tables


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many actors, missions and measures the starting article names."""
    positions, measures = (
        tables[name][tables[name]["in_starting_article"]] for name in ("positions", "measures")
    )
    yield derive(
        "article.actors",
        positions["actor"].nunique(),
        "actors",
        "actors abroad that the starting article names",
        "number of different actors with a marked row",
        ("table:positions",),
    )
    yield derive(
        "article.measures",
        len(measures),
        "measures",
        "diplomatic measures that the starting article names",
        "number of marked rows",
        ("table:measures",),
    )
    missions = measures[measures["measure"] == "expelled_mission"]
    yield derive(
        "article.missions",
        len(missions),
        "missions",
        "expelled missions that the starting article names",
        "number of marked rows that order a mission out",
        ("table:measures",),
    )
