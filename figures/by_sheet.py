"""How are the published tally sheets distributed by the share that González has on them?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import results
from figures import style

WORDS = {
    "en": {
        "title": (
            "González leads on {recount.v2.sheets_led.gonzalez} of the published sheets, Maduro on "
            "{recount.v2.sheets_led.maduro}"
        ),
        "subtitle": (
            "Number of tally sheets by the share of valid votes that González has on them; the "
            "{results.v2.sheets} sheets of the opposition's second database"
        ),
        "caption": "The sheet in the middle gives González about {results.v2.by_sheet.median}; "
        "there is "
        "one hill. A bar is a point of González's share, in the colour of the candidate with "
        "more votes on its sheets taken together; {recount.v2.sheets_tied} sheets are "
        "level. From the file that the opposition published on {publication.v2}. The lines "
        "mark González's share of all votes, on these sheets and in the council's bulletin of "
        "{council.second.gonzalez.share.date}.",
        "alt": "Histogram of {results.v2.sheets} tally sheets by the share of González, where the "
        "bars form a single hill and the sheet in the middle has "
        "{results.v2.by_sheet.median}. González leads on {results.v2.sheets_led_share|1} of "
        "the sheets and Maduro on {results.v2.sheets_led_maduro_share|1}.",
        "long": "The horizontal scale is the share of González from none to all votes, the "
        "vertical "
        "one the number of sheets. The lowest share on any sheet is "
        "{results.v2.by_sheet.lowest}, the highest {results.v2.by_sheet.highest}; the "
        "quartiles are {results.v2.by_sheet.lower_quartile} and "
        "{results.v2.by_sheet.upper_quartile}. The hill rises slowly from the left, has its "
        "peak to the right of the sheet in the middle and falls steeply from there. "
        "On {results.v2.by_sheet.majority} sheets González has at least as many votes as all "
        "others together. The lines stand at "
        "{council.second.gonzalez.share|1} and {results.v2.gonzalez.share|1}.",
        "labels": {
            "maduro": "Maduro leads on\n{recount.v2.sheets_led.maduro} sheets",
            "gonzalez": "González leads on\n{recount.v2.sheets_led.gonzalez} sheets",
            "axis": "{0} for González",
            "sheets": "{0} sheets",
            "tip": "{0} for González: {1} sheets",
            "council.second.gonzalez.share": "Council’s second\nbulletin: "
            "{council.second.gonzalez.share|1}",
            "results.v2.gonzalez.share": "All these sheets\ntogether: "
            "{results.v2.gonzalez.share|1}",
            "at.council.second.gonzalez.share": "{council.second.gonzalez.share|bare}",
            "at.results.v2.gonzalez.share": "{results.v2.gonzalez.share|bare}",
        },
    }
}
LINES = ("council.second.gonzalez.share", "results.v2.gonzalez.share")


def data(tables, facts):
    """One row a point of González's share: sheets, valid votes and votes of the leading candidates
    on these sheets."""
    return results.by_sheet(tables).assign(claimant=facts["opposition.august_6.sheets"].claimant)


def chart(rows, say):
    """Draw a bar a point, in the colour of the candidate with more votes on its sheets, and lines
    at the shares of all votes."""
    height, zero = 362, 336
    rows["who"] = (rows["gonzalez"] > rows["maduro"]).map({True: "gonzalez", False: "maduro"})
    rows["until"] = rows["gonzalez_share_from"] + (
        1 if say.narrow else 5 / 6
    )  # whole pixels, or else seams show
    rows["tip"] = [
        say("tip").format(say.percent(r["gonzalez_share_from"]), say.number(r["sheets"]))
        for r in rows.to_dict("records")
    ]
    ticks = {
        v: (say("axis") if v == 50 else "{0}").format(say.percent(v)) for v in (0, 25, 50, 75, 100)
    }
    scale = alt.Scale(domain=[0, 900], range=[zero, 0], nice=False)
    y, hue = (
        alt.Y("sheets:Q").scale(scale).axis(None),
        style.paint("who", style.scale(style.CANDIDATES)),
    )
    axis = style.axis(ticks, orient="bottom", offset=zero - height, grid=False, labelOverlap=False)
    x = partial(style.across, domain=(0, 100), left=20, right=320 if say.narrow else 620, axis=axis)
    notes = pd.DataFrame({"who": ["gonzalez", "maduro"], "at": [54, 36], "sheets": [565, 270]})
    pins = pd.DataFrame(
        {
            "at": [float(say(f"at.{name}")) for name in LINES],
            "text": [say(name) for name in LINES],
            "top": [390, 880],
        }
    )
    pins["sheets"] = [
        int(rows.loc[rows["gonzalez_share_from"] == int(at), "sheets"].iloc[0]) for at in pins["at"]
    ]
    return alt.layer(
        *style.levels(
            {
                200: say.number(200),
                400: say.number(400),
                600: say("sheets").format(say.number(600)),
            },
            scale,
            say.width,
        ),
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x("gonzalez_share_from"), alt.X2("until"), y, alt.Y2Datum(0), hue, description="tip:N"
        ),
        alt.Chart(pins).mark_rule(color=style.color("zero")).encode(x("at"), y, alt.Y2("top")),
        *(
            pin.mark_text(align=align, dx=dx, lineBreak="\n", baseline="top").encode(
                x("at"), alt.Y("top:Q").scale(scale).axis(None), text="text:N"
            )
            for pin, align, dx in (
                (alt.Chart(pins[:1]), "right", -6),
                (alt.Chart(pins[1:]), "left", 6),
            )
        ),
        alt.Chart(notes.assign(text=notes["who"].map(say)))
        .mark_text(align="right", lineBreak="\n", fontWeight=600)
        .encode(x("at"), y, hue, text="text:N"),
    ).properties(height=height)
