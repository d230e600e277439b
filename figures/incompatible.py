"""What would the sheets nobody has published have to contain if both counts were true?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import incompatible
from figures import style

ROLES = style.CANDIDATES | {"others": "others"}
PARTS = ("published", "council", "remainder")


def rows(tables, facts):
    """One row a candidate: votes in the second bulletin, on the published sheets (second file), and
    what is left."""
    return incompatible.frame(tables, facts).sort_values("council_votes", ascending=False)


def chart(rows, words, look):
    """Draw two bars a candidate and, below them, the arrow from the published votes to the
    council's total."""
    each = [rows.assign(part=part, votes=rows[f"{part}_votes"]) for part in PARTS]
    long = pd.concat(each).sort_values("council_votes", ascending=False, kind="stable")
    long["row"] = long["candidate"] + "." + long["part"]
    long = long.assign(name=long["part"].map(words), person=long["candidate"].map(words))
    signs = long["part"].where(long["votes"] > 0, "negative")
    long["said"] = [
        words(f"say.{sign}").format(words.number(abs(votes)))
        for sign, votes in zip(signs, long["votes"], strict=True)
    ]
    tip = long["person"] + ", " + long["name"] + ": " + long["said"]
    long["tip"] = tip.str.replace("\n", " ")

    order = style.ledger(long, "candidate", "row")
    hue = style.hue("candidate", ROLES)
    span = (116, 276) if look.narrow else (150, 570)
    x = partial(style.across, domain=(0, 7.4e6), span=span)
    pale = alt.when("datum.part == 'council'").then(alt.value(0.6)).otherwise(alt.value(1))
    base = alt.Chart(long).encode(style.down("row", order), alt.Text("said:N"))
    bars = base.transform_filter("datum.part != 'remainder'").encode(x("votes"))
    arrows = base.transform_filter("datum.part == 'remainder'").encode(x("council_votes"))
    ink = {"color": style.color("ink"), "opacity": 1}
    right, left = alt.value("triangle-right"), alt.value("triangle-left")
    heads = alt.when("datum.votes < 0").then(left).otherwise(right)
    beside = alt.expr("datum.votes < 0 ? 'right' : 'left'"), alt.expr("datum.votes < 0 ? -7 : 7")
    inside = alt.expr("datum.votes < 0 ? 5 : -5")  # a head ends where its arrow does
    return alt.layer(
        bars.mark_bar(height=15).encode(hue, alt.X2Datum(0), opacity=pale, description="tip:N"),
        bars.mark_text(dx=7),
        arrows.mark_rule(strokeWidth=2.5, **ink).encode(alt.X2("published_votes")),
        arrows.mark_point(filled=True, size=130, xOffset=inside, **ink).encode(
            shape=heads, description="tip:N"
        ),
        arrows.mark_text(align=beside[0], dx=beside[1], dy=style.middle("said"), **style.BOLD),
        base.mark_text(dy=style.middle("name")).encode(alt.XValue(0), alt.Text("name:N")),
        style.headings(long, "candidate", order, "person"),
    ).properties(width=look.width, height=alt.Step(31))
