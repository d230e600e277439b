"""Who leads in each of the states, on the published sheets?"""

from functools import partial

import altair as alt

from analysis import coverage
from figures import style


def rows(tables, facts):
    """One row a state, widest lead first: votes, shares of valid votes in percent, and the
    percentage of registered voters whose table is in the first database."""
    sheets = coverage.beside_shares(tables).iloc[::-1].round(4).drop(columns="state")
    return sheets.assign(claimant=facts["opposition.august_6.sheets"].claimant)


def chart(rows, words, look):
    """Draw a dumbbell a state, and at the right how many of its voters the sheets cover."""
    order = ["head", *rows["name"]]
    rows = rows.assign(head="head")
    rows["covers"] = [words.percent(share, 0) for share in rows["covered_percent"]]
    long = style.persons(rows)
    long["who"] = long["person"].map(words)
    long["label"] = [words.percent(share, 1) for share in long["percent"]]
    said = long[["name", "who", "label"]].to_numpy()
    long["tip"] = [words("tip").format(*texts) for texts in said]

    lift = 9 if look.narrow else 0  # names stand above the marks, or before them
    span = (50, 285) if look.narrow else (210, 520)
    place = partial(style.across, domain=(16, 82), span=span)
    row = alt.Chart(rows).encode(style.down("name", order))
    top = alt.Chart(rows[:1]).encode(style.down("head", order))
    who = alt.Chart(long[long["name"] == order[1]]).encode(style.down("head", order))
    muted = style.color("muted")
    covers = {"align": "right", "color": muted}
    return alt.layer(
        alt.Chart(rows[:1]).mark_rule(color=style.color("grid")).encode(place(50)),
        top.mark_text(dx=4, dy=lift, color=muted, text=words.percent(50)).encode(place(50)),
        who.mark_text(align="center", dy=lift, **style.BOLD).encode(
            place("percent"), style.hue("person"), alt.Text("who:N")
        ),
        style.dumbbells(alt.Chart(long).encode(style.down("name", order)), place, lift),
        row.mark_text(dy=-lift).encode(alt.XValue(0), alt.Text("name:N")),
        row.mark_text(dy=-lift, **covers).encode(alt.XValue(look.width), alt.Text("covers:N")),
        top.mark_text(dy=-lift, text=words("covers"), **covers).encode(alt.XValue(look.width)),
    ).properties(width=look.width, height=alt.Step(38 if look.narrow else 24))
