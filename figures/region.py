"""Where did the states of Latin America and the Caribbean stand in the first week?"""

from textwrap import fill

import altair as alt
import pandas as pd

from analysis import reactions
from figures import style

ROLES = style.POSITIONS | {reactions.ITSELF: "paper", reactions.NONE_FOUND: "nodata"}
# Where the names of the parts stand on the grid: beside their states.
PARTS = {"Central America": (5, 1), "Caribbean": (3, 5), "South America": (8, 1)}


def rows(tables, facts):
    """One row a state: its place on the grid, its position at the end of the first week, and the
    act that says so."""
    return reactions.region(tables, facts)


def chart(rows, words, look):
    """Draw the tiles where the states lie, and the key in the free corner of the map or below."""
    said = {stance: words(stance) for stance in ROLES}
    when = [f", {words.date(day, 'dated')}" if day else "" for day in rows["date"]]
    rows["tip"] = rows["name"] + ": " + rows["stance"].map(said) + when
    short = [words(*state) for state in zip(rows["iso3"], rows["name"], strict=True)]
    rows["code"] = rows["iso3"] if look.narrow else short
    parts = pd.DataFrame(PARTS.values(), columns=["row", "column"])
    parts["name"] = [words(part) for part in PARTS]

    span = [0, 360 if look.narrow else 420]
    down = alt.Y("row:O").scale(domain=list(range(10)), range=span, paddingInner=0.07).axis(None)
    across = style.cells(alt.X, "column", 9)
    tiles = style.tiles(alt.Chart(rows).encode(across, down), "stance", ROLES)
    name = alt.Chart(parts).mark_text(
        align="center", color=style.color("muted"), dy=style.middle("name")
    )
    states = tiles + name.encode(across, down, alt.Text("name:N"))
    key = legend(rows, said, words, look.narrow)
    both = alt.layer(states, key.encode(across)).resolve_scale(y="independent")
    return both.properties(width=look.width - 4, height=700 if look.narrow else 420)


def legend(rows, said, words, narrow):
    """Draw a tile a position with the number of its states, and on the narrow drawing their names,
    which find no room on the map."""
    keys = pd.DataFrame({"stance": list(style.POSITIONS), "column": 0 if narrow else 6})
    names = [sorted(rows["name"][rows["stance"] == stance]) for stance in keys["stance"]]
    keys["count"], keys["said"] = [words.number(len(n)) for n in names], keys["stance"].map(said)
    keys["names"] = [fill(", ".join(n), 54) if narrow else "" for n in names]
    keys["lines"] = [len(lines.splitlines()) for lines in keys["names"]]
    keys["tip"] = keys["said"] + ": " + keys["count"]
    span = [366, 700] if narrow else [258, 420]
    down = alt.Y("stance:N").scale(domain=list(keys["stance"]), range=span, paddingInner=0.15)
    key = alt.Chart(keys).encode(down.axis(None))
    text = key.mark_text(dx=20, dy=alt.expr("-7 * datum.lines")).encode(alt.Text("said:N"))
    below = key.mark_text(dx=20, dy=alt.expr("14 - 7 * datum.lines"), color=style.color("muted"))
    tiles = style.tiles(key, "stance", ROLES, "count", width=29, height=22)
    return tiles + text + below.encode(alt.Text("names:N")).transform_filter("datum.lines")
