"""Rows of tables as readers are told of them: what a row is called, its day, its sources.

The contract says it: `called` names the column that names a row, `sourcesFrom` the column that says
on whose sources it stands, `own` a table that this report made itself. A row is written down as
`table/key`; where several columns make the key, as `table/one/other`.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.model import Tables
from pipeline.tables import contract

HOLE = re.compile(r"\{(\w+)\}")
TABLE = "table:"  # how an input names a table, or the part of it that one publication makes


class Rows:
    """The rows of all tables by place; ValueError for what is not there or has no source."""

    def __init__(self, package: dict, tables: Tables):
        self.resources = contract.by_name(package)
        self.tables = tables
        self.leads = {  # table → column → the table to whose rows it leads
            name: {
                key["fields"][0]: key["reference"]["resource"]
                for key in resource["schema"].get("foreignKeys", ())
                if len(key["fields"]) == 1
            }
            for name, resource in self.resources.items()
        }
        self.at = {
            "/".join([name, *(str(row[key]) for key in resource["schema"]["primaryKey"])]): row
            for name, resource in self.resources.items()
            for row in tables[name].to_dict("records")
        }

    def record(self, place: str) -> dict[str, Any]:
        """Return what `facts.json` tells of a row: what it is called, its day, its sources."""
        if place not in self.at:
            raise ValueError(f"got the row {place}, expected one that is in data/")
        table = place.partition("/")[0]
        if "called" not in self.resources[table]:
            raise ValueError(
                f"got the row {place}, whose table says in no column what it is called"
            )
        return {
            "called": {"en": self.called(place)},
            "date": self._day(place),
            "sources": self.sources(place),
        }

    def called(self, place: str) -> str:
        """Say what a row is called: Peru, where its column holds PER."""
        table = place.partition("/")[0]
        return self.spelled(table, self.resources[table]["called"], self.at[place])

    def says(self, table: str, row: Mapping[str, Any]) -> str:
        """Say what a row of a table of facts states, by the template of its table."""
        template = self.resources[table]["facts"]["says"]
        return HOLE.sub(lambda hole: self.spelled(table, hole[1], row), template)

    def spelled(self, table: str, column: str, row: Mapping[str, Any]) -> str:
        """Spell a cell in words: what the row is called to which it leads, what its code means."""
        value, other = str(row[column]), self.leads[table].get(column, "")
        if value and "called" in self.resources.get(other, ()):
            return self.called(f"{other}/{value}")
        codes = contract.fields(self.resources[table])[column].get("categories", ())
        meant = {code["value"]: code.get("label") for code in codes}
        return meant.get(value) or (value.replace("_", " ") if codes else value)

    def _day(self, place: str) -> str:
        row, table = self.at[place], place.partition("/")[0]
        if "date" in row:
            return row["date"]
        others = [f"{other}/{row[column]}" for column, other in self.leads[table].items()]
        return next((self.at[other]["date"] for other in others if "date" in self.at[other]), "")

    def sources(self, place: str) -> tuple[str, ...]:
        """Return the ids of a row's sources; none of a row that this report made itself."""
        row, table = self.at[place], place.partition("/")[0]
        column = self.resources[table].get("sourcesFrom")
        if column:
            return self.sources(f"{self.leads[table][column]}/{row[column]}")
        if not row.get("sources") and not self.resources[table].get("own"):
            raise ValueError(f"got the row {place}, which has no sources, expected one that has")
        return tuple(row.get("sources", ()))

    def behind(self, named: str) -> tuple[str, ...]:
        """Return the sources of `table:name`, or of `table:name/part`, its rows of a publication.

        None are returned of a table that has them row by row, or that this report made itself.
        """
        name, _, part = named.removeprefix(TABLE).partition("/")
        if name not in self.resources:
            raise ValueError(f"got the input {named}, expected a fact or a table that is there")
        resource = self.resources[name]
        if column := resource.get("sourcesFrom"):
            rows = self.tables[name][column].unique() if not part else [part]
            every = [self.record(f"{self.leads[name][column]}/{row}")["sources"] for row in rows]
            return tuple(dict.fromkeys(source for some in every for source in some))
        if part or (not resource.get("own") and "sources" not in contract.fields(resource)):
            raise ValueError(f"got the input {named}, a table without sources")
        return ()

    def table(self, named: str) -> dict[str, Any]:
        """Return what `facts.json` tells of an input that is a table, or a part of one."""
        name = named.removeprefix(TABLE).partition("/")[0]
        title = {"en": self.resources[name]["title"]}
        return {"name": name, "title": title, "sources": self.behind(named)}
