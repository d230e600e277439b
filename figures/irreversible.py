"""Was the lead announced first irreversible: how much of the outstanding vote would the trailing
side have needed?"""

import altair as alt

from analysis import irreversible
from figures import style

WORDS = {
    "en": {
        "title": (
            "Both sides called a lead irreversible when the other needed "
            "{irreversible.first.needed_share|0} or {irreversible.july_29.needed_share|0} of what "
            "was left"
        ),
        "subtitle": (
            "Share of the outstanding votes that the trailing candidate would need, by the share "
            "of tally sheets counted or held"
        ),
        "caption": "The first bulletin left {irreversible.first.outstanding_votes|0} votes to "
        "count and a "
        "lead of {irreversible.first.lead}. Each point is one "
        "count as its claimant published it, {council.first.maduro.share.date} to "
        "{opposition.august_6.gonzalez.votes.date}; that of the opposition's "
        "first evening rests on the votes for González and Maduro, these two alone. The "
        "outstanding sheets are taken to hold as many votes each as the counted "
        "ones. Above the dark line the trailing side could not catch up.",
        "alt": "Scatter plot of counts by sheets counted and by what the trailing side needs, "
        "where "
        "the council's first bulletin, at "
        "{council.first.counted} of sheets, leaves González needing "
        "{irreversible.first.needed_share|1} of the outstanding votes. On the opposition's "
        "first "
        "evening, at {opposition.july_29.sheets_share|1}, Maduro would already have needed "
        "{irreversible.july_29.needed_share|1}, more than there were.",
        "long": "The horizontal scale runs over sheets counted or held, the vertical one over the "
        "share of outstanding votes needed. The council's points rise from "
        "{irreversible.first.needed_share|1} to {irreversible.second.needed_share|1} from its "
        "first bulletin to its second. The opposition's points all lie above the line: "
        "{irreversible.july_29.needed_share|1}, {irreversible.july_30.needed_share|1}, "
        "{irreversible.august_2.needed_share|1} and "
        "{irreversible.august_6.needed_share|1}. In the council's counts González trails, in "
        "the opposition's Maduro.",
        "labels": {
            "all": "All outstanding votes",
            "sheets": "{0} of sheets",
            "first": "Council, {0}:\nGonzález needs {1}",
            "second": "Council, {0}:\nGonzález needs {1}",
            "july_29": "Opposition, {0}:\nMaduro needs {1}",
            "august_6": "Opposition, {0}:\nMaduro needs {1}",
            "tip": "{0}, {1}: {2} of the outstanding votes",
        },
    }
}
LEADS = {
    "council": "maduro",
    "opposition": "gonzalez",
}  # a count wears the colour of the candidate whom it puts ahead
# where a point's label stands: its alignment and the pixels by which it is moved, on the wide and
# on the narrow drawing
BESIDE = {
    "first": (("left", 12, 0), ("left", 10, 0)),
    "second": (("right", -12, -14), ("right", -12, -14)),
    "july_29": (("left", -6, 22), ("left", -6, 22)),
    "august_6": (("right", 6, -34), ("right", 6, -34)),
}


def data(tables, facts):
    """One row a count: sheets in percent of all, votes outstanding, and what the trailing side
    needs of them in percent."""
    rows = irreversible.frame(facts).round(
        {"sheets_percent": 2, "outstanding_votes": 0, "needed_percent": 1}
    )
    return rows.astype({"lead_votes": int, "outstanding_votes": int}).sort_values(["side", "date"])


def chart(rows, say):
    """Draw a line of points a claimant, and the line beyond which nothing helps."""
    height, left = 330, 46 if say.narrow else 80
    ticks = {
        v: (say("sheets") if v == 70 else "{0}").format(say.percent(v)) for v in (70, 80, 90, 100)
    }
    x = style.across(
        "sheets_percent",
        (70, 100),
        left,
        say.width - 24,
        style.axis(ticks, orient="bottom", offset=-26, grid=False),
    )
    scale = alt.Scale(domain=[30, 210], range=[height - 26, 0], nice=False, padding=0)
    rows["tip"] = [
        say("tip").format(r["claimant"], say.date(r["date"]), say.percent(r["needed_percent"]))
        for r in rows.to_dict("records")
    ]
    rows["label"] = [label(r, say) for r in rows.to_dict("records")]
    base = alt.Chart(rows).encode(
        x,
        alt.Y("needed_percent:Q").scale(scale).axis(None),
        style.paint("side", style.scale(LEADS)),
    )
    whole = alt.Chart(rows[:1]).encode(alt.YDatum(100).axis(None), alt.XValue(say.width))
    return alt.layer(
        *style.levels({v: say.percent(v) for v in (50, 100, 150)}, scale, say.width),
        whole.mark_rule(color=style.color("zero"), strokeWidth=1.5).encode(x2=alt.value(0)),
        whole.mark_text(align="right", dy=-9).encode(text=alt.value(say("all"))),
        base.mark_line(strokeWidth=2),
        base.mark_point(size=90, filled=True, opacity=1).encode(description="tip:N"),
        *style.beside(
            base.encode(color=alt.value(style.color("ink"))),
            "moment",
            {moment: places[say.narrow] for moment, places in BESIDE.items()},
        ),
    ).properties(height=height)


def label(row, say):
    """Write what stands beside a point."""
    text = say(row["moment"], "").format(
        say.date(row["date"]), say.percent(row["needed_percent"], 0)
    )
    return say.wrap(text, 84) if say.narrow and row["moment"] == "july_29" else text
