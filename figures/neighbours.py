"""Do tables of the same polling place differ by more than chance?"""

import altair as alt
import pandas as pd

from analysis import neighbours
from figures import style

KINDS = {"bars": "asked", "line": "ink"}
# The values marked on each axis, how wide a class is, and where bars and line are named
AXES = {
    "chance": ([-4, -2, 0, 2, 4], 0.5, [(1.2, 11), (0.6, 20)]),
    "pairs": ([0, 4, 8, 12, 16], 1, [(3, 20), (8, 6)]),
}


def rows(tables, facts):
    """One row a class of distance: of tables from their polling place, in standard deviations of
    chance; and between two tables of one place, in points, beside any two sheets."""
    rows = neighbours.frame(tables).round(4)
    return rows.assign(claimant=facts["opposition.august_6.sheets"].claimant)


def chart(rows, words, look):
    """Draw a panel a test: bars for the tables, a line for what stands against them."""
    shares = [words.percent(share, 1) for share in rows["percent"]]
    against = [words.percent(share, 1) for share in rows["against_percent"]]
    tips = rows["test"].map(lambda test: words(f"tip.{test}"))
    texts = zip(tips, rows["distance_from"].map("{:g}".format), shares, against, strict=True)
    rows["tip"] = [tip.format(*values).replace("-", "−") for tip, *values in texts]
    panels = {words(test): rows[rows["test"] == test] for test in AXES}
    return style.stack({head: panel(part, words, look) for head, part in panels.items()})


def panel(rows, words, look):
    """Draw the bars of a test and the line against them, each with its name."""
    test = rows["test"].iat[0]
    ticks, wide, places = AXES[test]
    x = alt.X("distance_from:Q").scale(domain=[ticks[0], ticks[-1]], nice=False)
    x = x.axis(values=ticks, format="d", grid=False).title(words(f"axis.{test}"))
    y = alt.Y("percent:Q").scale(domain=[0, 27]).axis(None)
    base = alt.Chart(rows.assign(to=rows["distance_from"] + wide))
    bar = base.mark_bar(color=style.color("concern"))
    line = base.mark_line(interpolate="step-after", strokeWidth=2, color=style.color("ink"))
    names = pd.DataFrame(places, columns=["distance_from", "percent"]).assign(kind=list(KINDS))
    names["said"] = [words(f"{kind}.{test}") for kind in KINDS]
    named = alt.Chart(names).mark_text(**style.BOLD)
    return alt.layer(
        bar.encode(x, alt.X2("to"), y, alt.Y2Datum(0), description="tip:N"),
        line.encode(x, alt.Y("against_percent:Q")),
        named.encode(style.hue("kind", KINDS), x="distance_from:Q", y="percent:Q", text="said:N"),
    ).properties(width=look.width - 24, height=130)
