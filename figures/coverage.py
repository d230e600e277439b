"""How many of the tally sheets did the opposition publish, and how much of each state do they
cover?"""

import altair as alt
import pandas as pd

from analysis import coverage
from figures import style

WORDS = {
    "en": {
        "title": (
            "By {publication.v2|day} the opposition had published copies of sheets for "
            "{coverage.v2.share|1} of all tables, more in some states than others"
        ),
        "subtitle": (
            "Share of the {roll.tables} tally sheets that it said it held or that it published, by "
            "date; share of registered voters covered, by state"
        ),
        "caption": "Claims of holding sheets came first; {coverage.july_30.share|1} stood on a "
        "website by "
        "{opposition.july_30.sheets_share.date|day}, and "
        "{coverage.v2.share|1} in a file of {publication.v2}. By state the first database "
        "covers from {coverage.v1.lowest_state.share} of registered voters to "
        "{coverage.v1.highest_state.share}; tables by state were not found. Hollow: sheets "
        "said to be held, and a count from one source, of low confidence. "
        "Diamond: a figure of the government's side; the files hold more.",
        "alt": "Line chart of the share of tally sheets published, above bars of voters covered by "
        "state, where the line stands at {coverage.july_30.share|1} "
        "on {opposition.july_30.sheets_share.date|day} and {coverage.v2.share|1} on "
        "{publication.v2|day}. Coverage of registered voters runs from "
        "{coverage.v1.lowest_state.share} in {coverage.v1.lowest_state.name} to "
        "{coverage.v1.highest_state.share} in {coverage.v1.highest_state.name}.",
        "long": "Time runs from {opposition.july_29.sheets_share.date} to {publication.v2}, then "
        "jumps "
        "to {opposition.january_3.sheets_share.date}. Before the "
        "line, hollow marks give {opposition.election_night.sheets_share} said to be held on "
        "election night and {opposition.july_29.sheets_share|1} that "
        "evening. The line rises from {coverage.july_30.share|1} over {coverage.v1.share|1} to "
        "{coverage.v2.share|1}, with a hollow mark at "
        "{coverage.january_3.share|1} much later. The contrary claim, "
        "{government.rodriguez.sheets_share}, is far below. States run from the least covered "
        "up.",
        "labels": {
            "states": "Voters covered by the first database: "
            "{coverage.v1.registered_share|1} in all",
            "july_29": "{0} held, it said that evening",
            "sheets": "Tally sheets that the opposition held or published",
            "axis": "{0} of sheets",
            "v1": "{0}\nfirst database",
            "election_night": "{0} held, it said on election night",
            "july_30": "{0}\non the site",
            "v2": "{0}\nsecond database",
            "rodriguez": (
                "{government.rodriguez.sheets_share} published, says J. Rodríguez\nof the "
                "government’s side"
            ),
            "january_3": "{0}\none source",
        },
    }
}
BESIDE = {
    "election_night": ("left", 10, 0),
    "july_29": ("left", 10, 3),
    "rodriguez": ("left", 10, 0),
    "january_3": ("right", 8, 20),
}  # align, dx, dy
TOP, ZERO, STATES, STEP = (
    44,
    292,
    354,
    20,
)  # pixels: the lines of all sheets and of none, where the states begin, the pitch of their rows


def data(tables, facts):
    """One row a count of sheets, by date, then one a state: percentage of sheets, or of registered
    voters, that is covered."""
    return coverage.claims_and_states(tables, facts).round({"covered_percent": 3})


def chart(rows, say):
    """Draw the sheets by date and, below, a bar a state: in one column on the narrow drawing, in
    two on the wide one."""
    states, columns = rows["what"] == "registered voters", 1 if say.narrow else 2
    height = STATES + STEP * states.sum() / columns
    heads = pd.DataFrame({"y": [8, STATES - 16], "name": [say("sheets"), say("states")]})
    bars = style.tracks(rows[states], say, "covered_percent", STATES, STEP, height, columns)
    parts = by_date(rows[~states], say, height), bars, [style.headings(heads, height)]
    return (
        alt.layer(*(alt.layer(*part) for part in parts))
        .resolve_scale(x="independent", y="independent")
        .properties(height=height)
    )


def by_date(rows, say, height):
    """Draw the line of what was published and a mark for each count; one that came long after
    stands at the right edge."""
    anchors = dict(
        zip(
            rows["date"].iloc[[0, -2, -1]],
            (48, 232, 307) if say.narrow else (84, 460, 627),
            strict=True,
        )
    )
    contrary, unsure = (
        rows["what"] == "stated",
        (rows["what"] == "held") | (rows["confidence"] == "low"),
    )
    rows = style.coat(rows, contrary.map({True: "maduro", False: "gonzalez"}), unsure).assign(
        shape=contrary.map({True: "diamond", False: "circle"})
    )
    rows["x"] = style.when(rows["date"], anchors)
    rows["label"] = rows["tip"] = [
        say(name).format(say.percent(round(share, 1)))
        for name, share in rows[["name", "covered_percent"]].to_numpy()
    ]
    ticks = {
        r["x"]: style.day(say, r["date"])
        for r in rows.to_dict("records")
        if r["name"] != "july_30" or not say.narrow
    }
    axis = style.axis(ticks, orient="bottom", offset=ZERO - height, grid=False, labelOverlap=False)
    scale = alt.Scale(domain=[0, 100], range=[ZERO, TOP], nice=False)
    base = alt.Chart(rows).encode(
        style.across("x", (0, say.width), 0, say.width, axis),
        alt.Y("covered_percent:Q").scale(scale).axis(None),
    )
    line = base.encode(stroke=alt.Stroke("edge:N").scale(None)).transform_filter(
        alt.datum.what == "published"
    )
    return [
        *style.levels(
            {0: say.percent(0), 50: say.percent(50), 100: say("axis").format(say.percent(100))},
            scale,
            say.width,
        ),
        line.transform_filter(alt.datum.confidence != "low").mark_line(strokeWidth=2),
        line.transform_filter(alt.FieldOneOfPredicate("name", ["v2", "january_3"])).mark_line(
            strokeWidth=2, strokeDash=[2, 4]
        ),
        style.coated(
            base.mark_point(size=90, strokeWidth=2, opacity=1).encode(
                shape=alt.Shape("shape:N").scale(None)
            )
        ),
        *style.beside(
            base, "name", {name: BESIDE.get(name, ("center", 0, -29)) for name in rows["name"]}
        ),
    ]
