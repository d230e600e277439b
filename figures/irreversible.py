"""Was the lead announced first irreversible: how much of the outstanding vote would the trailing
side have needed?"""

from functools import partial

import altair as alt

from analysis import irreversible
from figures import style


def rows(tables, facts):
    """One row a count: sheets in percent of all, votes outstanding, and what the trailing side
    needs of them in percent."""
    rows = irreversible.frame(facts).round(
        {"sheets_percent": 2, "outstanding_votes": 0, "needed_percent": 1}
    )
    return rows.astype({"lead_votes": int, "outstanding_votes": int}).sort_values(["side", "date"])


def chart(rows, words, look):
    """Draw under each claimant a bar a count, against the line of every vote still out."""
    order = ["head", *style.ledger(rows, "side", "moment")]
    rows = rows.assign(head="head", heading=rows["side"].map(words))
    days = rows["date"].map(partial(style.day, words))
    needs = [words.percent(share, 0) for share in rows["needed_percent"]]
    rows["name"] = rows["moment"].map(words) + ", " + days
    rows["label"] = rows["trailing"].map(words) + " " + needs
    rows["beside"] = rows["needed_percent"].clip(lower=100)  # no label on the line
    rows["covers"] = [words.percent(share, 0) for share in rows["sheets_percent"]]
    rows["tip"] = [
        words("tip").format(*texts)
        for texts in zip(rows["claimant"], days, rows["covers"], rows["label"], strict=True)
    ]

    lift = 10 if look.narrow else 0  # names stand above the bars, or before them
    span = (3, 190) if look.narrow else (240, 480)
    place = partial(style.across, domain=(0, 200), span=span)
    row = alt.Chart(rows).encode(style.down("moment", order))
    top = alt.Chart(rows[:1]).encode(style.down("head", order))
    bar = row.mark_bar(size=15, yOffset=lift, strokeWidth=1.5)
    said = row.mark_text(dx=8, dy=lift).encode(place("beside"), alt.Text("label:N"))
    covers = {"align": "right", "color": style.color("muted")}
    right = alt.XValue(look.width)
    size = 22 if look.narrow else 28
    whole = {"color": style.color("ink"), "opacity": 1, "thickness": 1.5, "size": size}
    return alt.layer(
        style.coat(bar, "trailing").encode(place("needed_percent"), alt.X2Datum(0)),
        row.mark_tick(yOffset=lift, **whole).encode(place(100)),
        top.mark_tick(**whole).encode(place(100)),
        said.encode(style.hue("trailing")),
        top.mark_text(dx=5, dy=-7, text=words("whole").format(words.percent(100))).encode(
            place(100)
        ),
        row.mark_text(dy=-lift).encode(alt.XValue(0), alt.Text("name:N")),
        row.mark_text(dy=-lift, **covers).encode(right, alt.Text("covers:N")),
        top.mark_text(text=words("covers"), **covers).encode(right),
        style.headings(rows, "side", order, "heading"),
    ).properties(width=look.width, height=alt.Step(42 if look.narrow else 28))
