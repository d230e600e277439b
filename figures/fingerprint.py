"""Is there a second cloud of sheets, at high turnout and a high share of one candidate?"""

import math

import altair as alt
import pandas as pd

from analysis import fingerprint
from figures import style

CLASSES = {0: 0.12, 10: 0.26, 100: 0.44, 1000: 1}  # from how many sheets on, and how dark
TICKS = [20, 40, 60, 80, 100]  # percent


def rows(tables, facts):
    """One row a cell of ten points of turnout and of González's share: sheets, electors, valid
    votes and votes of both."""
    rows = fingerprint.frame(tables)
    return rows.assign(claimant=facts["opposition.august_2.sheets"].claimant)


def chart(rows, words, look):
    """Draw a tile a cell with its number of sheets, in the colour of the candidate with more votes
    on them, darker with more sheets."""
    ahead = rows["gonzalez"] > rows["maduro"]
    rows["who"] = ahead.map({True: "gonzalez", False: "maduro"})
    dark = pd.cut(rows["sheets"], [*CLASSES, math.inf], right=False, labels=False)
    rows["dark"] = dark.map(list(CLASSES.values()).__getitem__)
    rows["said"] = rows["sheets"].map(words.number)
    both = rows[["turnout_from", "gonzalez_share_from", "said"]].to_numpy()
    rows["tip"] = [
        words("tip").format(words.percent(x), words.percent(y), said) for x, y, said in both
    ]
    for way in ("turnout", "gonzalez_share"):
        rows[f"{way}_to"] = rows[f"{way}_from"] + fingerprint.SIZE
        rows[f"{way}_middle"] = rows[f"{way}_from"] + fingerprint.SIZE / 2

    across, height = (285, 340) if look.narrow else (560, 310)
    shown = {"values": TICKS, "labelExpr": "datum.label + '%'", "grid": False}
    x = alt.X("turnout_from:Q").scale(domain=[10, 100], nice=False)
    y = alt.Y("gonzalez_share_from:Q").scale(domain=[0, 100], nice=False)
    x, y = x.axis(**shown).title(words("turnout")), y.axis(**shown).title(words("share"))
    base = alt.Chart(rows)
    tile = base.mark_rect(stroke=style.color("paper"), strokeWidth=1.5)
    tile = tile.encode(x, y, alt.X2("turnout_to"), alt.Y2("gonzalez_share_to"), style.hue("who"))
    pale, strong = (alt.value(style.color(role)) for role in ("ink", "on-strong"))
    name = base.mark_text(align="center").encode(
        alt.X("turnout_middle:Q"),
        alt.Y("gonzalez_share_middle:Q"),
        alt.Text("said:N"),
        color=alt.when("datum.dark == 1").then(strong).otherwise(pale),
    )
    darkness = alt.Opacity("dark:Q").scale(None).legend(None)
    return (tile.encode(darkness, description="tip:N") + name).properties(
        width=across, height=height
    )
