"""How did the members of the OAS vote on the draft of the first week, and how far was it from
passing?

Method: the roll-call, member by member, beside the totals as reported; the draft needed a majority
of all members. The size of a joint text is its list of signatories with a code of their own, which
leaves out the European Union.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.tools import amount, derive, derive_names
from pipeline.model import Derived, Fact, Tables

DRAFT, JOINT_TEXT = "oas-draft-resolution", "un-new-york"
ROLES = {
    "yes": "members that voted for the draft",
    "abstain": "members that abstained",
    "absent": "members absent",
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how short the draft fell, members by vote, and the size of the text read at the UN."""
    votes = ("oas.votes_needed", "oas.votes_for")
    yield derive(
        "oas.short_by",
        amount(known, votes[0]) - amount(known, votes[1]),
        "votes",
        label="votes by which the draft fell short",
        formula="{0} − {1} = {}",
        inputs=votes,
    )
    for role, label in ROLES.items():
        yield derive_names(
            tables,
            f"statements.{DRAFT}.{role}.names",
            members(tables, DRAFT, role)["iso3"],
            label=label,
            rows=places(members(tables, DRAFT, role)),
        )
    signed = members(tables, JOINT_TEXT, "signatory")
    signed = signed[signed["iso3"] != ""]
    yield derive(
        f"statements.{JOINT_TEXT}.states",
        len(signed),
        "states",
        label="states that signed the joint text read at the UN in New York",
        formula=(
            "number of signatories that are states, later adherents and those of a single list "
            "left out"
        ),
        rows=places(signed),
    )


def places(rows: pd.DataFrame) -> list[str]:
    """Say where rows of `statement_members` stand, for facts that count or list them."""
    return list("statement_members/" + rows["statement"] + "/" + rows["member"])


def members(tables: Tables, statement: str, role: str) -> pd.DataFrame:
    """Rows of `statement_members` of one statement and role."""
    rows = tables["statement_members"]
    return rows[(rows["statement"] == statement) & (rows["role"] == role)]


def roll_call(tables: Tables) -> pd.DataFrame:
    """Rows by member of the OAS, by vote and name: iso3, name, role (as in ROLES), source_ids."""
    rows = pd.concat([members(tables, DRAFT, role).sort_values("member") for role in ROLES])
    rows = rows.rename(columns={"member": "name"}).assign(
        source_ids=lambda rows: rows["sources"].map(";".join)
    )
    return rows[["iso3", "name", "role", "source_ids"]].reset_index(drop=True)
