"""Where did the states of Latin America and the Caribbean stand in the first week?"""

import altair as alt
import pandas as pd

from analysis import reactions
from figures import style

WORDS = {
    "en": {
        "title": "In the first week the region split: {region.first_week.congratulated.count} "
        "states "
        "accepted the result, {region.first_week.asked.count} asked for "
        "tallies, {region.first_week.rejected.count} rejected it, "
        "{region.first_week.recognised.count} said that González had won",
        "subtitle": "Position of each state of Latin America and the Caribbean at the end of the "
        "week from "
        "{reactions.first_week.start|day} to "
        "{reactions.first_week.end}",
        "caption": "No position has a majority of the {region.first_week.states} states, Venezuela "
        "left "
        "out. One tile is one state, set where it lies; it stands where "
        "its latest own act or the latest text that it joined by name puts it, up to "
        "{reactions.first_week.end}. With the texts of bodies counted for their "
        "members, {region.first_week.congratulated.count_with_bodies} accepted the result and "
        "{region.first_week.neutral.count_with_bodies} were neutral; the other numbers stay. "
        "Acts of low confidence are left out.",
        "alt": "Tile map of {region.states} states coloured by their position, where "
        "{region.first_week.congratulated.count} accepted the result, "
        "{region.first_week.congratulated.caribbean.count} of them in the Caribbean. "
        "{region.first_week.recognised.count} recognised González, "
        "{region.first_week.rejected.count} rejected the result and "
        "{region.first_week.asked.count} asked for tallies or an audit.",
        "long": "Congratulated Maduro or accepted the result: "
        "{region.first_week.congratulated.names}. "
        "Neutral, waiting, abstaining or absent: {region.first_week.neutral.names}. Voiced "
        "concern: "
        "{region.first_week.concern.names}. Asked for tallies or an audit: "
        "{region.first_week.asked.names}. Rejected the result: "
        "{region.first_week.rejected.names}. Said that González had won: "
        "{region.first_week.recognised.names}.",
        "labels": {
            "congratulated": "accepted the result",
            "neutral": "neutral or no vote",
            "concern": "voiced concern",
            "asked": "asked for tallies or an audit",
            "rejected": "rejected the result",
            "recognised": "said González had won",
            "Venezuela": "Venezuela",
            "no statement found": "no statement found",
        },
    }
}
NONE = {reactions.ITSELF: "paper", reactions.NONE_FOUND: "nodata"}


def data(tables, facts):
    """One row a state: its place on the grid, its position at the end of the first week, and the
    act that says so."""
    return reactions.region(tables, facts).drop(columns="iso2")


def chart(rows, say):
    """Draw the tiles where the states lie, and the key with counts in the order of the scale:
    beside them, or below."""
    step = (say.width + 2 - 212 * (not say.narrow)) / (rows["column"].max() + 1)
    rows = rows.assign(
        x=rows["column"] * step,
        y=rows["row"] * step,
        code=rows["iso3"],
        role=rows["stance"].map(style.POSITIONS | NONE),
    )
    rows["tip"] = [
        f"{r['name']}: {say(r['stance'])}" + (f", {say.date(r['date'])}" if r["date"] else "")
        for r in rows.to_dict("records")
    ]
    bottom = (rows["row"].max() + 1) * step
    keys = pd.DataFrame({"stance": list(style.POSITIONS)})
    keys["x"], keys["y"] = (
        0 if say.narrow else say.width - 198,
        keys.index * 27 + (bottom + 14 if say.narrow else 3.5 * step),
    )
    keys["role"], keys["name"] = keys["stance"].map(style.POSITIONS), keys["stance"].map(say)
    keys["code"] = [say.number((rows["stance"] == stance).sum()) for stance in keys["stance"]]
    keys["tip"], keys["at"] = keys["name"] + ": " + keys["code"], keys["x"] + 34
    height = float(keys["y"].max() + 24 if say.narrow else bottom)
    labels = alt.Chart(keys.assign(y=keys["y"] + 11)).mark_text()
    return alt.layer(
        *style.tiles(rows, say, (step - 2, step - 2), height),
        *style.tiles(keys, say, (26, 22), height),
        labels.encode(
            style.across("at", (0, say.width), 0, say.width), style.down("y", height), text="name:N"
        ),
    ).properties(height=height)
