"""How did the members of the Organization of American States vote on the draft of the first
week?"""

import altair as alt
import pandas as pd

from analysis import oas
from figures import style

ROLES = {"yes": "asked", "against": "rejected", "abstain": "waiting", "absent": "nodata"}


def rows(tables, facts):
    """One row a member: its vote and its name."""
    return oas.roll_call(tables).rename(columns={"role": "vote"})


def chart(rows, words, look):
    """Draw the tiles of each vote under its heading, and the empty place of the missing vote."""
    in_line, needed = 5 if look.narrow else 9, int(words("needed"))
    place = rows.groupby("vote").cumcount()
    rows = rows.assign(
        column=place % in_line,
        line=place // in_line,
        code=[words(code, name) for code, name in zip(rows["iso3"], rows["name"], strict=True)],
        tip=rows["name"] + ": " + rows["vote"].map(words),
    )
    last = pd.DataFrame({"column": [(needed - 1) % in_line], "line": [(needed - 1) // in_line]})
    column = style.cells(alt.X, "column", in_line)
    line = alt.Y("line:O").scale(paddingInner=0.1).axis(None)
    missing = alt.Chart(last).encode(column, line)
    empty = missing.mark_rect(
        fill=style.color("paper"), stroke=style.color("ink"), strokeDash=[3, 3]
    )
    said = missing.mark_text(align="center", dy=-7, text=words("missing"))
    groups = {}
    for vote in ROLES:
        base = alt.Chart(rows[rows["vote"] == vote]).encode(column, line)
        tiles = style.tiles(base, "vote", ROLES)
        tiles = tiles + empty + said if vote == "yes" else tiles
        groups[words(f"head.{vote}")] = tiles.properties(width=look.width, height=alt.Step(44))
    return style.stack(groups)
