"""How many null votes are on the published sheets, beside other counts?"""

from functools import partial

import altair as alt

from analysis import nulls
from figures import style

ROLES = {"file": "gonzalez", "council": "neutral"}


def rows(tables, facts):
    """One row a count: null votes, ballots, and the share of null votes; `hollow` where a single
    source that is not sure has them."""
    rows = nulls.frame(tables, facts)
    single = ~rows["source_ids"].str.contains(";") & (rows["confidence"] == "medium")
    return rows.round({"null_percent": 4}).assign(hollow=single)


def chart(rows, words, look):
    """Draw a bar a count, the published sheets last."""
    file = rows["count"] == "of_v2"
    rows["whose"] = file.map({True: "file", False: "council"})
    rows["group"] = rows["count"].isin(["of_second", "of_v2"]).map({True: "vote", False: "earlier"})
    rows["heading"] = rows["group"].map(words)
    rows["name"] = rows["count"].map(words)
    places = file.map({True: 3, False: 2})
    rows["said"] = [words.percent(*one) for one in zip(rows["null_percent"], places, strict=True)]
    numbers = rows["null_votes"].map(words.number)
    rows["tip"] = rows["name"] + ": " + numbers + ", " + rows["said"]

    order = style.ledger(rows, "group", "count")
    x = partial(style.across, domain=(0, 5), span=(150, 285) if look.narrow else (240, 560))
    base = alt.Chart(rows).encode(style.down("count", order))
    bar = base.mark_bar(height=15).encode(x("null_percent"), alt.X2Datum(0))
    return alt.layer(
        style.coat(bar, "whose", ROLES),
        base.mark_text(dx=7).encode(x("null_percent"), alt.Text("said:N")),
        base.mark_text().encode(alt.XValue(0), alt.Text("name:N")),
        style.headings(rows, "group", order, "heading"),
    ).properties(width=look.width, height=alt.Step(24))
