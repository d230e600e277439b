"""Can a bulletin rest on other sheets than those that were published?

Method: a bulletin on a number of all sheets, and a publication, have at least as many sheets in
common as both together exceed all there are. `fewest_votes` gives the votes on so many published
sheets with the fewest for González: the bulletin cannot have counted fewer for him, if the sheets
are genuine and it counted them right. The first bulletin gives its share without decimals, so half
a point less and more are computed too; tables abroad count as tables like the others.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.bulletins import FIRST, SECOND
from analysis.results import sources
from analysis.tools import amount, derive, spelled
from pipeline.model import Derived, Fact, Tables

CASES = ("low", "stated", "high", "second")  # in the order of the shares counted
WORDS = {
    "low": "the first bulletin, if half a point was rounded up",
    "stated": "the first bulletin",
    "high": "the first bulletin, if half a point was rounded down",
    "second": "the second bulletin",
}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the fewest votes of González on the sheets that the second file has in common with each
    bulletin, and how many these are; of the first file, how far they exceed the bulletin's."""
    rows = frame(tables, known)
    for row in rows[rows["publication"] == "v2"].to_dict("records"):
        name, both = f"overlap.{row['case']}", f"the second file and {WORDS[row['case']]}"
        yield derive(
            f"{name}.gonzalez.votes",
            row["least_votes"],
            "votes",
            label=f"votes at least of González on the sheets that are both in {both}",
            formula="sum over so many published sheets with the fewest votes for him",
            inputs=["table:fewest_votes/v2"],
        )
        if row["case"] in ("stated", "second"):
            yield derive(
                f"{name}.sheets",
                row["sheets"],
                "sheets",
                label=f"sheets at least that are both in {both}",
                formula="sheets of both, less all sheets there are",
                inputs=["table:fewest_votes/v2"],
            )
        else:
            yield derive(
                f"{name}.counted",
                Fraction(row["counted_percent"]),
                "percent",
                label=f"share of all sheets in {WORDS[row['case']]}",
                formula="half a point beside {0}",
                inputs=[f"{FIRST}.counted"],
                decimals=1,
            )
    low = rows[(rows["publication"] == "v1") & (rows["case"] == "low")]
    yield _excess(low.to_dict("records")[0])


def _excess(low: Mapping) -> Derived:
    return derive(
        "overlap.low.v1.excess",
        low["least_votes"] - low["council_votes"],
        "votes",
        label=f"votes of González on sheets of the first file and {WORDS['low']}, beyond his there",
        formula=f"{spelled(low['least_votes'])} − {{0}} = {{}}",
        inputs=[f"{FIRST}.gonzalez.votes", "table:fewest_votes/v1"],
    )


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by publication and share of sheets counted, lowest share first.

    Columns: publication, case (low, stated, high of the first bulletin; second), counted_percent,
    sheets (in common at least), least_votes (of González on them), council_votes, source_ids.
    """
    rows = tables["fewest_votes"].sort_values(["publication", "counted"], kind="stable")
    cases = list(CASES) * rows["publication"].nunique()
    council = [
        int(amount(known, f"{SECOND if case == 'second' else FIRST}.gonzalez.votes"))
        for case in cases
    ]
    return pd.DataFrame(
        {
            "publication": rows["publication"],
            "case": cases,
            "counted_percent": rows["counted"].astype(float),
            "sheets": rows["in_common"],
            "least_votes": rows["gonzalez"],
            "council_votes": council,
            "source_ids": [sources(tables, one) for one in rows["publication"]],
        }
    ).reset_index(drop=True)
