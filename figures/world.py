"""Where did each state stand last, and how do the parts of the world differ?"""

import altair as alt
import pandas as pd

from analysis import reactions
from figures import style

HEAD = ["code", "column", "line"]  # all that the name of a part needs


def rows(tables, facts):
    """One row a state and name, counted ones before those of low confidence: its region, its last
    position, and what it did when."""
    rows = reactions.everywhere(tables, facts)
    return rows.assign(hollow=rows["confidence"] == "low")


def chart(rows, words, look):
    """Draw the tiles of each position under its heading, by part of the world: a cell with its name
    comes before its states."""
    in_line = 5 if look.narrow else 9
    rows["code"] = [words(*state) for state in zip(rows["iso3"], rows["name"], strict=True)]
    when = [f", {words.date(day, 'dated')}" for day in rows["date"]]
    low = rows["hollow"].map({True: words("not counted"), False: ""})
    rows["tip"] = rows["name"] + ": " + rows["stance"].map(words) + when + low
    parts = rows.drop_duplicates(["stance", "part"]).assign(name="")
    parts["code"] = parts["part"].map(words)
    both = pd.concat([parts, rows])
    place = both["part"].map(reactions.PARTS.index)
    both = both.iloc[place.argsort(kind="stable")]
    cell = both.groupby("stance").cumcount()
    both["column"], both["line"] = cell % in_line, cell // in_line

    column = style.cells(alt.X, "column", in_line)
    line = alt.Y("line:O").scale(paddingInner=0.1).axis(None)
    blocks = {}
    for stance in style.POSITIONS:
        cells = both[both["stance"] == stance]
        states, heads = cells[cells["name"] != ""], cells.loc[cells["name"] == "", HEAD]
        tiles = style.tiles(alt.Chart(states).encode(column, line), "stance", style.POSITIONS)
        names = alt.Chart(heads).mark_text(align="center", **style.BOLD).encode(column, line)
        block = tiles + names.encode(alt.Text("code:N"))
        blocks[words(f"head.{stance}")] = block.properties(width=look.width, height=alt.Step(34))
    return style.stack(blocks)
