"""Could the sheets that are missing from the opposition's first database turn a state?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import coverage
from figures import style


def rows(tables, facts):
    """One row a state that could turn, those that turn most easily first: the lead of González in
    votes, the voters whose tables are missing, and their votes at the turnout of the state's other
    sheets; each also in percent of the state's registered voters."""
    rows = coverage.not_covered(tables).query("turns != 'never'").round(2)
    rows["missing_votes"] = rows["missing_votes"].round().astype(int)
    return rows.assign(claimant=facts["opposition.august_2.sheets"].claimant)


def chart(rows, words, look):
    """Draw for each state a bar of the missing voters, in it one of their votes, and the lead."""
    order = ["head", *style.ledger(rows, "turns", "name")]
    rows = rows.assign(head="head", who="gonzalez")
    rows["heading"] = rows["turns"].map(words)
    for column in ("lead_votes", "missing_votes", "missing_voters"):
        rows[f"{column}_said"] = rows[column].map(words.number)
    said = rows[["name", "lead_votes_said", "missing_voters_said", "missing_votes_said"]]
    rows["tip"] = [words("tip").format(*texts) for texts in said.to_numpy()]

    lift = 9 if look.narrow else 0  # names stand above the marks, or before them
    span = (0, 330) if look.narrow else (130, 470)
    place = partial(style.across, domain=(0, 38), span=span)
    row = alt.Chart(rows).encode(style.down("name", order))
    top = alt.Chart(rows[:1]).encode(style.down("head", order))
    bar = row.mark_bar(size=14, yOffset=lift).encode(alt.X2Datum(0), description="tip:N")
    ticks = pd.DataFrame({"percent": [10, 20, 30], "head": "head"})
    ticks["said"] = ticks["percent"].map(words.percent)
    tick = alt.Chart(ticks).encode(place("percent"))
    right, left = alt.XValue(look.width), alt.XValue(look.width - 110)
    missing, lead = ({"align": "right", "color": style.color(r)} for r in ("muted", "gonzalez"))
    return alt.layer(
        tick.mark_rule(color=style.color("grid")),
        tick.mark_text(align="center", dy=lift, color=style.color("muted")).encode(
            style.down("head", order), alt.Text("said:N")
        ),
        bar.encode(place("missing_voters_percent"), color=alt.value(style.color("grid"))),
        bar.encode(place("missing_votes_percent"), color=alt.value(style.color("line"))),
        style.coat(row.mark_point(**style.DOT, yOffset=lift), "who").encode(
            place("lead_votes_percent")
        ),
        row.mark_text(dy=-lift).encode(alt.XValue(0), alt.Text("name:N")),
        row.mark_text(dy=-lift, **lead).encode(left, alt.Text("lead_votes_said:N")),
        row.mark_text(dy=-lift, **missing).encode(right, alt.Text("missing_voters_said:N")),
        top.mark_text(dy=-lift, text=words("lead"), **lead).encode(left),
        top.mark_text(dy=-lift, text=words("missing"), **missing).encode(right),
        style.headings(rows, "turns", order, "heading"),
    ).properties(width=look.width, height=alt.Step(34 if look.narrow else 22))
