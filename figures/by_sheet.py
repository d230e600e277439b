"""How are the published tally sheets distributed by the share that González has on them?"""

import altair as alt
import pandas as pd

from analysis import results
from figures import style

MAJORITY = 50
SHARES_OF = ("results.v2.gonzalez.share", "council.second.gonzalez.share")
TOPS = (650, 980, 1090)  # up to how many sheets each line rises above the hill
SHARES = {"values": [0, 25, 50, 75, 100], "labelExpr": "datum.label + '%'", "grid": False}
ON_LINE = {"labelAlign": "left", "labelPadding": 0, "labelBaseline": "bottom"}


def rows(tables, facts):
    """One row a point of González's share: sheets, valid votes and votes of the leading candidates
    on these sheets."""
    return results.by_sheet(tables).assign(claimant=facts["opposition.august_6.sheets"].claimant)


def chart(rows, words, look):
    """Draw a bar a point, in the colour of the candidate with more votes on its sheets, and lines
    at a majority and at the shares of all votes."""
    ahead = rows["gonzalez"] > rows["maduro"]
    rows["who"] = ahead.map({True: "gonzalez", False: "maduro"})
    rows["until"] = rows["gonzalez_share_from"] + 1
    rows["tip"] = [
        words("tip").format(words.percent(share), words.number(sheets), words(who))
        for share, sheets, who in rows[["gonzalez_share_from", "sheets", "who"]].to_numpy()
    ]
    hill = rows.set_index("gonzalez_share_from")["sheets"]
    at = [MAJORITY, *(float(words(f"at.{name}")) for name in SHARES_OF)]
    lines = pd.DataFrame({"gonzalez_share_from": at, "sheets": TOPS})
    lines["text"] = [words.percent(MAJORITY), *map(words, SHARES_OF)]
    lines["foot"] = [hill[int(share)] for share in at]

    unit = f"datum.label + (datum.value == 600 ? ' {words('sheets')}' : '')"
    span = [20, 320 if look.narrow else 620]  # whole pixels
    x = alt.X("gonzalez_share_from:Q").scale(domain=[0, 100], range=span)
    x = x.axis(**SHARES).title(words("axis"))
    y = alt.Y("sheets:Q").scale(domain=[0, 1090], nice=False)
    y = y.axis(values=[200, 400, 600], labelExpr=unit, **ON_LINE).title(None)
    bar = alt.Chart(rows).mark_bar().encode(x, alt.X2("until"), y, alt.Y2Datum(0))
    line = alt.Chart(lines).encode(x, y)
    one = alt.Chart(rows[:1]).encode(y=alt.datum(300))
    maduro = {"text": words("leads.maduro"), "color": style.color("maduro"), **style.BOLD}
    gonzalez = {"text": words("leads.gonzalez"), "color": style.color("on-strong"), **style.BOLD}
    return alt.layer(
        bar.encode(style.hue("who"), description="tip:N"),
        line.mark_rule(color=style.color("zero")).encode(alt.Y2("foot")),
        line.mark_text(dx=6, baseline="top").encode(alt.Text("text:N")),
        one.mark_text(align="right", **maduro).encode(x=alt.datum(35)),
        one.mark_text(align="center", **gonzalez).encode(x=alt.datum(70)),
    ).properties(width=look.width, height=360)
