"""How many of the tally sheets did the opposition publish, and how much of each state do they cover?"""

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from analysis import coverage
from figures import style

WORDS = {
    "en": {
        "title": "By {publication.v2|day} the opposition had published {coverage.v2.share|1} of all tally sheets, more in some states than in others",
        "subtitle": "Share of the {roll.tables} tally sheets that it said it held or that it published, by date; share of registered voters covered, by state",
        "caption": "Claims of holding sheets came first; {coverage.july_30.share|1} stood on a website by {opposition.july_30.sheets_share.date|day}, and "
        "{coverage.v2.share|1} in a file of {publication.v2}. By state the first database covers from {coverage.v1.lowest_state.share} of registered voters to "
        "{coverage.v1.highest_state.share}; tables by state were not found. Hollow: sheets said to be held, and a count from one source, of low confidence. "
        "Diamond: a claim of the government's side, which the files contradict.",
        "alt": "Line chart of the share of tally sheets published, above bars of voters covered by state, where the line stands at {coverage.july_30.share|1} on "
        "{opposition.july_30.sheets_share.date|day} and {coverage.v2.share|1} on {publication.v2|day}. Coverage of registered voters runs from "
        "{coverage.v1.lowest_state.share} in {coverage.v1.lowest_state.name} to {coverage.v1.highest_state.share} in {coverage.v1.highest_state.name}.",
        "long": "Time runs from {opposition.july_29.sheets_share.date} to {publication.v2}, then jumps to {opposition.january_3.sheets_share.date}. Before the line, "
        "hollow marks give {opposition.election_night.sheets_share} said to be held on election night and {opposition.july_29.sheets_share|1} that evening. The line "
        "rises from {coverage.july_30.share|1} over {coverage.v1.share|1} to {coverage.v2.share|1}, with a hollow mark at {coverage.january_3.share|1} far behind. The contrary "
        "claim, {government.rodriguez.sheets_share}, stands far below. States run from the least to the most covered; all together reach {coverage.v1.registered_share|1}.",
        "labels": {
            "sheets": "Tally sheets that the opposition held or published", "states": "Voters covered by the first database: {coverage.v1.registered_share|1} in all",
            "axis": "{0} of sheets", "election_night": "{0} held, it said on election night", "july_29": "{0} held, it said that evening", "july_30": "{0}\non the site",
            "v1": "{0}\nfirst database", "v2": "{0}\nsecond database", "january_3": "{0}\none source",
            "rodriguez": "{government.rodriguez.sheets_share} published, says J. Rodríguez\nof the government’s side",
        },
    }
}  # fmt: skip
TABLES = ("claims", "tallies_by_state", "states")
# where the label of a count stands: its alignment and the pixels by which it is moved
BESIDE = {"election_night": ("left", 10, 0), "july_29": ("left", 10, 3), "rodriguez": ("left", 10, 0), "january_3": ("right", 8, 20)}
TOP, ZERO, STATES, STEP = 44, 292, 354, 20  # pixels: the lines of all sheets and of none, where the states begin, the pitch of their rows


def data(tables, facts):
    """One row a count of sheets, by date, then one a state: percentage of sheets, or of registered voters, that is covered."""
    counts, states = coverage.over_time(facts), coverage.by_state(tables)
    counts = counts[counts["what"].isin(["held", "published", "stated"])].rename(columns={"key": "name", "sheets_percent": "covered_percent"})
    file = {"what": "registered voters", "claimant": "Comando Con Venezuela", "date": facts["publication.v1"].value, "confidence": "high"}
    states = states.rename(columns={"registered_percent": "covered_percent"}).assign(**file)
    return pd.concat([counts, states], join="inner").round({"covered_percent": 3})


def chart(rows, say):
    """Draw the sheets by date and, below, a bar a state: in one column on the narrow drawing, in two on the wide one."""
    state, columns = rows["what"] == "registered voters", 1 if say.narrow else 2
    height = STATES + STEP * state.sum() / columns
    parts = by_date(rows[~state].copy(), say, height), by_state(rows[state].copy(), say, height, columns)
    heads = alt.Chart(pd.DataFrame({"y": [8, STATES - 16], "name": [say("sheets"), say("states")]})).mark_text(fontWeight=600)
    heads = heads.encode(alt.XValue(0), style.down("y", height), text="name:N")
    return alt.layer(*(alt.layer(*part) for part in parts), heads).resolve_scale(x="independent", y="independent").properties(height=height)


def by_date(rows, say, height):
    """Draw the line of what was published and a mark for each count; one that came long after stands at the right edge."""
    left, day = (48, 23) if say.narrow else (84, 47)
    days = [date.fromisoformat(one).toordinal() for one in rows["date"]]
    rows["x"] = [min(left + day * (one - min(days)), say.width - 33) for one in days]
    contrary, records = rows["what"] == "stated", rows.to_dict("records")
    rows["hue"] = contrary.map({True: style.color("maduro"), False: style.color("gonzalez")})
    rows["fill"] = rows["hue"].where((rows["what"] != "held") & (rows["confidence"] != "low"), style.color("paper"))
    rows["shape"] = contrary.map({True: "diamond", False: "circle"})
    rows["label"] = [say(r["name"]).format(say.percent(round(r["covered_percent"], 1))) for r in records]
    ticks = {r["x"]: say.date(r["date"], "short" if r["date"] < "2025" else "dated") for r in records if r["name"] != "july_30" or not say.narrow}
    scale = alt.Scale(domain=[0, 100], range=[ZERO, TOP], nice=False)
    x = style.across("x", (0, say.width), 0, say.width, style.axis(ticks, orient="bottom", offset=ZERO - height, grid=False, labelOverlap=False))
    base = alt.Chart(rows).encode(x, alt.Y("covered_percent:Q").scale(scale).axis(None))
    line = base.encode(stroke=alt.Stroke("hue:N").scale(None)).transform_filter(alt.datum.what == "published")
    marks = base.mark_point(size=90, strokeWidth=2, opacity=1)
    return [
        *style.levels({0: say.percent(0), 50: say.percent(50), 100: say("axis").format(say.percent(100))}, scale, say.width),
        line.transform_filter(alt.datum.confidence != "low").mark_line(strokeWidth=2),
        line.transform_filter(alt.FieldOneOfPredicate("name", ["v2", "january_3"])).mark_line(strokeWidth=2, strokeDash=[2, 4]),
        marks.encode(fill=alt.Fill("fill:N").scale(None), stroke=alt.Stroke("hue:N").scale(None), shape=alt.Shape("shape:N").scale(None), description="label:N"),
        *(base.transform_filter(alt.datum.name == name).mark_text(align=align, dx=dx, dy=dy, lineBreak="\n").encode(text="label:N")
          for name in rows["name"] for align, dx, dy in [BESIDE.get(name, ("center", 0, -29))]),
    ]  # fmt: skip


def by_state(rows, say, height, columns):
    """Draw a bar a state on a track that stands for all its registered voters."""
    each, wide = len(rows) // columns, (say.width - 36 * (columns - 1)) / columns
    rows["x"], rows["y"] = zip(*[(i // each * (wide + 36), STATES + STEP * (i % each + 0.5)) for i in range(len(rows))], strict=True)
    rows["from"], rows["whole"], rows["end"] = rows["x"] + 112, rows["x"] + wide - 48, rows["x"] + wide
    rows["to"] = rows["from"] + (rows["whole"] - rows["from"]) * rows["covered_percent"] / 100
    rows["label"] = [say.percent(share, 1) for share in rows["covered_percent"]]
    rows["tip"] = rows["name"] + ": " + rows["label"]
    x, base = partial(style.across, domain=(0, say.width), left=0, right=say.width), alt.Chart(rows).encode(y=style.down("y", height))
    return [
        base.mark_bar(height=9, color=style.color("grid")).encode(x("from"), alt.X2("whole")),
        base.mark_bar(height=9, color=style.color("neutral")).encode(x("from"), alt.X2("to"), description="tip:N"),
        base.mark_text().encode(x("x"), text="name:N"),
        base.mark_text(align="right").encode(x("end"), text="label:N"),
    ]
