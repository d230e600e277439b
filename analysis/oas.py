"""How did the members of the OAS vote on the draft of the first week, and how far was it from
passing?

Method: the roll-call, member by member, beside the totals as reported; the draft needed a majority
of all members. The size of a joint text is its list of signatories with a code of their own, which
leaves out the European Union.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.tools import amount, derive, listing
from pipeline.model import Derived, Fact, Tables

DRAFT = "oas-draft-resolution"
ROLES = {
    "yes": "members that voted for the draft",
    "abstain": "members that abstained",
    "absent": "members absent",
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how short the draft fell, members by vote with their names, and signatories of each
    joint text."""
    votes = ("oas.votes_needed", "oas.votes_for")
    yield derive(
        "oas.short_by",
        amount(known, votes[0]) - amount(known, votes[1]),
        "votes",
        "votes by which the draft fell short",
        "votes needed minus votes for",
        votes,
    )
    yield derive(
        "oas.members",
        len(roll_call(tables)),
        "states",
        "members listed in the roll-call",
        "number of members",
        ("table:statement_members",),
    )
    for role, label in ROLES.items():
        codes = members(tables, DRAFT, role)["iso3"]
        yield derive(
            f"statements.{DRAFT}.{role}.count",
            len(codes),
            "states",
            label,
            "number of members in the roll-call",
            ("table:statement_members",),
        )
        yield derive(
            f"statements.{DRAFT}.{role}.names",
            listing(tables, codes),
            "text",
            f"{label}: names",
            "names of those members",
            ("table:statement_members", "table:countries"),
        )
    for row in tables["statements"].to_dict("records"):
        if row["kind"] == "statement":
            states = members(tables, row["id"], "signatory")["iso3"]
            yield derive(
                f"statements.{row['id']}.states",
                int((states != "").sum()),
                "states",
                f"states that signed: {row['name']}",
                (
                    "number of signatories that are states, later adherents and those of a single "
                    "list left out"
                ),
                ("table:statement_members",),
            )


def members(tables: Tables, statement: str, role: str) -> pd.DataFrame:
    """Rows of `statement_members` of one statement and role."""
    rows = tables["statement_members"]
    return rows[(rows["statement"] == statement) & (rows["role"] == role)]


def roll_call(tables: Tables) -> pd.DataFrame:
    """Rows by member of the OAS, by vote and name: iso3, name, role (yes, abstain, absent),
    source_ids."""
    rows = tables["statement_members"]
    rows = rows[rows["statement"] == DRAFT].rename(columns={"member": "name"})
    order = list(ROLES)
    rows = rows.assign(
        source_ids=rows["sources"].map(";".join), order=rows["role"].map(order.index)
    )
    return rows.sort_values(["order", "name"], ignore_index=True)[
        ["iso3", "name", "role", "source_ids"]
    ]
