"""What would the sheets nobody has published have to contain if both counts were true?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import incompatible
from figures import style

WORDS = {
    "en": {
        "title": (
            "The published sheets hold {incompatible.v2.gonzalez.excess} more votes for González "
            "than the council gives him in all"
        ),
        "subtitle": (
            "Votes on the published sheets, and what is left up to the council's second bulletin, "
            "by candidate"
        ),
        "caption": "If the published sheets are genuine the bulletin cannot be right, and the "
        "other way "
        "round. Compared are the opposition's second database of {publication.v2}, "
        "{coverage.v2.share|1} of the sheets, and the council's "
        "bulletin of {council.second.maduro.votes.date}, {council.second.counted} of them.",
        "alt": "Bar chart with an arrow for each candidate from the votes on the published sheets "
        "to "
        "the council's total, where Maduro's arrow adds "
        "{incompatible.v2.maduro.remainder} votes. The arrow of González points backwards: he "
        "has {results.v2.gonzalez.votes} on the published sheets and "
        "{council.second.gonzalez.votes} in the bulletin.",
        "long": "The scale is in millions of votes. Maduro: {results.v2.maduro.votes} on the "
        "published "
        "sheets, {council.second.maduro.votes} in the bulletin. "
        "González: {results.v2.gonzalez.votes} and {council.second.gonzalez.votes}. The other "
        "candidates: {results.v2.others.votes} and {second.others.votes}, "
        "which leaves {incompatible.v2.others.remainder}. The sheets missing from the file are "
        "{incompatible.v2.missing_sheets} of {roll.tables}.",
        "labels": {
            "maduro": "Maduro",
            "gonzalez": "González",
            "others": "Other candidates",
            "published": "Published sheets",
            "council": "Council",
            "remainder": "Unpublished sheets",
        },
    }
}
PARTS = ("published", "council", "remainder")
PLUS = "+"


def data(tables, facts):
    """One row a candidate: votes in the second bulletin, on the published sheets (second file), and
    what is left."""
    rows = incompatible.frame(tables, facts)
    return rows[rows["publication"] == "v2"].sort_values("council_votes", ascending=False)


def chart(rows, say):
    """Draw two bars a candidate and, below them, the arrow from the published votes to the
    council's total."""
    long = pd.DataFrame(
        [
            row | {"part": part, "votes": row[f"{part}_votes"]}
            for row in rows.to_dict("records")
            for part in PARTS
        ]
    )
    long, heads, height = style.ledger(long, "candidate", row=23, head=40)
    arrow = long["part"] == "remainder"
    long["from"], long["to"] = (
        long["published_votes"].where(arrow, 0),
        long["council_votes"].where(arrow, long["votes"]),
    )
    long["end"], long["name"] = long[["from", "to"]].max(axis=1), long["part"].map(say)
    long["label"] = [
        (PLUS if part == "remainder" and votes > 0 else "") + say.number(votes)
        for part, votes in zip(long["part"], long["votes"], strict=True)
    ]
    long["tip"] = [
        f"{say(r['candidate'])}, {r['name']}: {r['label']}" for r in long.to_dict("records")
    ]
    long["shape"] = (long["votes"] < 0).map({True: "triangle-left", False: "triangle-right"})
    base, bars, arrows = (
        alt.Chart(part).encode(y=style.down("y", height))
        for part in (long, long[~arrow], long[arrow])
    )
    x = partial(
        style.across,
        domain=(0, 7.4e6),
        left=112 if say.narrow else 140,
        right=say.width - (70 if say.narrow else 86),
    )
    hue = style.paint("candidate", style.scale(rows["candidate"]))
    return alt.layer(
        bars.transform_filter("datum.part == 'published'")
        .mark_bar(height=15)
        .encode(x("from"), alt.X2("to"), hue, description="tip:N"),
        bars.transform_filter("datum.part == 'council'")
        .mark_bar(height=13, strokeWidth=2, color=style.color("paper"))
        .encode(
            x("from"),
            alt.X2("to"),
            stroke=alt.Stroke("candidate:N").scale(style.scale(rows["candidate"])).legend(None),
            description="tip:N",
        ),
        arrows.mark_rule(strokeWidth=2, color=style.color("ink")).encode(x("from"), alt.X2("to")),
        arrows.mark_point(filled=True, size=110, opacity=1).encode(
            x("to"), shape=alt.Shape("shape:N").scale(None), description="tip:N"
        ),
        bars.mark_text(dx=8).encode(x("end"), text="label:N"),
        arrows.mark_text(dx=8, fontWeight=600).encode(x("end"), text="label:N"),
        base.mark_text().encode(alt.XValue(0), text="name:N"),
        style.headings(heads.assign(name=heads["candidate"].map(say)), height),
    ).properties(height=height)
