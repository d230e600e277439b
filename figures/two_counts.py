"""Who says how the vote went, and on how much of it does each count rest?"""

from functools import partial

import altair as alt

from analysis import counts
from figures import style


def rows(tables, facts):
    """One row a count, by group and date: shares in percent, votes where they were stated, the
    percentage of sheets covered; `hollow` where the source is weak."""
    rows = counts.grouped(facts)
    return rows.assign(hollow=rows["confidence"] == "low")


def chart(rows, words, look):
    """Draw a dumbbell a count under the heading of its group, the sheets it covers at the right."""
    order = style.ledger(rows, "group", "count")
    turned = (rows["maduro_percent"] > rows["gonzalez_percent"]).diff() != 0
    rows["name"] = rows["count"].map(words) + ", " + [style.day(words, d) for d in rows["date"]]
    rows["heading"] = rows["group"].map(words)
    rows["covers"] = [
        words.percent(share, 0) if share == share else words("not stated")
        for share in rows["sheets_percent"]
    ]
    long = style.persons(rows.assign(named=turned | ~rows["group"].duplicated()))
    own = long["person"] == "maduro"
    decimals = long["maduro_decimals"].where(own, long["gonzalez_decimals"])
    said = [words.percent(*one) for one in zip(long["percent"], decimals, strict=True)]
    person = long["person"].map(words)
    long["label"] = (person + " ").where(long["named"], "") + said
    long["tip"] = long["claimant"] + ": " + person + " " + said

    lift = 10 if look.narrow else 0  # names stand above the marks, or before them
    span = (92, 250) if look.narrow else (262, 480)
    place = partial(style.across, domain=(10, 70), span=span)
    row = alt.Chart(rows).encode(style.down("count", order))
    top = alt.Chart(rows[:1]).encode(style.down("group", order))
    muted = style.color("muted")
    covers = {"align": "right", "color": muted}
    return alt.layer(
        alt.Chart(rows[:1]).mark_rule(color=style.color("grid")).encode(place(50)),
        top.mark_text(dx=4, color=muted, text=words.percent(50)).encode(place(50)),
        style.dumbbells(alt.Chart(long).encode(style.down("count", order)), place, lift),
        row.mark_text(dy=-lift).encode(alt.XValue(0), alt.Text("name:N")),
        row.mark_text(dy=-lift, **covers).encode(alt.XValue(look.width), alt.Text("covers:N")),
        top.mark_text(text=words("covers"), **covers).encode(alt.XValue(look.width)),
        style.headings(rows, "group", order, "heading"),
    ).properties(width=look.width, height=alt.Step(42 if look.narrow else 25))
