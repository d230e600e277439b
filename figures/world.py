"""Where did each state stand last, and how do the regions of the world differ?"""

import altair as alt
import pandas as pd

from analysis import reactions
from figures import style

WORDS = {
    "en": {
        "title": "By {reactions.latest.end|month}, {reactions.latest.congratulated.count} states "
        "had "
        "accepted the result, {reactions.latest.asked.count} asked for tallies, "
        "{reactions.latest.rejected.count} rejected it and {reactions.latest.recognised.count} "
        "said that González had won",
        "subtitle": (
            "Where states stand by their own acts and texts joined, to {reactions.latest.end}; in "
            "brackets, with bodies’ texts counted for members"
        ),
        "caption": "With the texts of bodies counted, "
        "{reactions.latest.congratulated.count_with_bodies} "
        "accept the result, {reactions.latest.asked.count_with_bodies} ask "
        "and {reactions.latest.rejected.count_with_bodies} reject it, most of these in the "
        "European Union. The columns are a scale, no ranking. A later act that takes nothing "
        "back leaves a stronger, earlier act standing. Hollow tiles: "
        "{reactions.low_only.count} more states, known "
        "from lists or reports of low confidence alone and not counted. States without a "
        "statement found are left out.",
        "alt": "Matrix of tiles, one a state, regions by positions, where those that asked for "
        "tallies fill the longest column, with "
        "{reactions.latest.asked.count} states, {reactions.latest.asked.europe.count} of them "
        "European. {reactions.latest.congratulated.count|Words} states "
        "accepted the announced result and {reactions.latest.recognised.count|words} said that "
        "González had won.",
        "long": "In the order of the columns: accepted the result "
        "{reactions.latest.congratulated.count}, neutral {reactions.latest.neutral.count}, "
        "concern "
        "{reactions.latest.concern.count}, asked {reactions.latest.asked.count}, rejected "
        "{reactions.latest.rejected.count}, recognised "
        "{reactions.latest.recognised.count}. Outside the Americas the last holds "
        "{reactions.latest.recognised.elsewhere.names}; in Europe the first holds "
        "{reactions.latest.congratulated.europe.names}. Hollow: {reactions.low_only.names}.",
        "labels": {
            "congratulated": "Accepted\nthe result",
            "neutral": "Neutral\nor no vote",
            "concern": "Voiced\nconcern",
            "asked": "Asked for tallies\nor an audit",
            "rejected": "Rejected\nthe result",
            "recognised": "Said González\nhad won",
            "low": " (low confidence)",
            "Asia": "Rest of Asia",
            "with_bodies.congratulated": "{reactions.latest.congratulated.count_with_bodies}",
            "with_bodies.neutral": "{reactions.latest.neutral.count_with_bodies}",
            "with_bodies.concern": "{reactions.latest.concern.count_with_bodies}",
            "with_bodies.asked": "{reactions.latest.asked.count_with_bodies}",
            "with_bodies.rejected": "{reactions.latest.rejected.count_with_bodies}",
            "with_bodies.recognised": "{reactions.latest.recognised.count_with_bodies}",
        },
    }
}
COLUMNS = {
    "congratulated": 3,
    "neutral": 2,
    "concern": 1,
    "asked": 4,
    "rejected": 2,
    "recognised": 3,
}  # tiles side by side
LEFT = {
    "congratulated": 106,
    "neutral": 212,
    "concern": 286,
    "asked": 348,
    "rejected": 488,
    "recognised": 563,
}


def data(tables, facts):
    """One row a state, counted ones before those of low confidence: its region, last position, and
    what it did when."""
    return reactions.everywhere(tables, facts)


def chart(rows, say):
    """Draw a tile a state: on the wide drawing regions by positions, on the narrow one the
    positions below each other."""
    rows, heads, names, height = place(rows, say)
    tips = [
        (
            f"{r['name']}: {say(r['stance'])}, "
            f"{say.date(r['date'], 'dated')}{say(r['confidence'], '')}"
        ).replace("\n", " ")
        for r in rows.to_dict("records")
    ]
    rows = rows.assign(
        code=rows["iso3"],
        role=rows["stance"].map(style.POSITIONS),
        hollow=rows["confidence"] == "low",
        tip=tips,
    )
    lines = (
        alt.Chart(names[: 0 if say.narrow else None])
        .mark_rule(color=style.color("grid"))
        .encode(alt.XValue(0), alt.X2Value(say.width))
    )
    return alt.layer(
        lines.encode(style.down("line", height)),
        *style.tiles(
            rows, say, (25.5, 17.5) if say.narrow else (29, 18.5), height, edge=1.5, low=0.25
        ),
        style.write(heads, say, height, fontWeight=600, lineBreak="\n", baseline="top"),
        style.write(names, say, height, x=0, baseline="top"),
    ).properties(height=height)


def place(rows, say):
    """Place tiles, in rows of regions and columns of positions or stacked by position; give tiles,
    headings, names of rows, height."""
    order = (
        [(stance, part) for stance in COLUMNS for part in reactions.PARTS]
        if say.narrow
        else [*reactions.LARGE, *reactions.PARTS]
    )
    rows["band"] = (
        list(zip(rows["stance"], rows["part"], strict=True)) if say.narrow else rows["region"]
    )
    cell, wide = (
        rows.groupby(["band", "stance"]).cumcount(),
        9 if say.narrow else rows["stance"].map(COLUMNS),
    )
    tall = ((cell // wide + 1) * 21).groupby(rows["band"]).max().to_dict()
    names = pd.DataFrame(
        [(band, tall[band]) for band in order if band in tall], columns=["band", "tall"]
    )
    starts = (
        ~names["band"].str[0].duplicated()
    )  # a position's first row, when the positions are stacked
    names["y"] = (
        (names["tall"] + (4 + 34 * starts if say.narrow else 11)).cumsum()
        - names["tall"]
        + (-12 if say.narrow else 47)
    )
    rows["x"] = (68 if say.narrow else rows["stance"].map(LEFT)) + cell % wide * (
        30 if say.narrow else 32
    )
    rows["y"] = (
        rows["band"].map(dict(zip(names["band"], names["y"], strict=True))) + cell // wide * 21
    )
    sure = rows["stance"][rows["confidence"] != "low"].value_counts()
    counts = {s: f"{sure[s]} ({say(f'with_bodies.{s}')})" for s in COLUMNS}
    titles = [
        f"{say(s)}: {counts[s]}".replace("\n", " ") if say.narrow else f"{counts[s]}\n{say(s)}"
        for s in COLUMNS
    ]
    heads = (
        pd.DataFrame({"x": 0, "y": names["y"][starts] - 21})
        if say.narrow
        else pd.DataFrame({"x": LEFT.values(), "y": 0})
    )
    names["name"] = [
        say(f"parts.{band[1]}", band[1]) if say.narrow else say(band, band)
        for band in names.pop("band")
    ]
    return (
        rows.drop(columns="band"),
        heads.assign(name=titles),
        names.assign(line=names["y"] - 6, y=names["y"] + 4),
        float(rows["y"].max() + 20),
    )
