"""Could the sheets that nobody published turn the result?"""

from functools import partial

import altair as alt

from analysis import missing
from figures import style


def rows(tables, facts):
    """One row a scenario of what the sheets missing from the first file hold: votes and shares in
    all, and the lead of González."""
    rows = missing.frame(tables, facts).round(2)
    return rows.assign(claimant=facts["opposition.august_2.sheets"].claimant)


def chart(rows, words, look):
    """Draw a dumbbell a scenario, and at the right the lead of González in votes."""
    order = ["top", *rows["scenario"]]
    rows = rows.assign(top="top")
    rows["name"] = rows["scenario"].map(words)
    rows["lead"] = rows["lead_votes"].map(words.number)
    long = style.persons(rows)
    person = long["person"].map(words)
    said = [words.percent(share, 1) for share in long["percent"]]
    first = long["scenario"] == order[1]
    long["label"] = (person + " ").where(first, "") + said
    long["tip"] = long["name"].str.replace("\n", " ") + ": " + person + " " + said

    lift = 10 if look.narrow else 0  # names stand above the marks, or before them
    span = (92, 245) if look.narrow else (300, 500)
    place = partial(style.across, domain=(25, 72), span=span)
    row = alt.Chart(rows).encode(style.down("scenario", order))
    top = alt.Chart(rows[:1]).encode(style.down("top", order))
    muted = style.color("muted")
    right = {"align": "right", "color": muted}
    return alt.layer(
        alt.Chart(rows[:1]).mark_rule(color=style.color("grid")).encode(place(50)),
        top.mark_text(dx=4, color=muted, text=words.percent(50)).encode(place(50)),
        style.dumbbells(alt.Chart(long).encode(style.down("scenario", order)), place, lift),
        row.mark_text(dy=-lift).encode(alt.XValue(0), alt.Text("name:N")),
        row.mark_text(dy=-lift, **right).encode(alt.XValue(look.width), alt.Text("lead:N")),
        top.mark_text(text=words("lead"), **right).encode(alt.XValue(look.width)),
    ).properties(width=look.width, height=alt.Step(44 if look.narrow else 25))
