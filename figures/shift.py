"""Which states changed their position after the first bulletin, when, and towards what?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import shift
from figures import style


def rows(tables, facts):
    """One row a stretch of days on which a state that moved held one position."""
    return shift.steps(tables, facts)


def chart(rows, words, look):
    """Draw a band a state, the first week wider than the time that follows it."""
    rows = pd.DataFrame([told(row, words) for row in rows.to_dict("records")])
    last, head = (words("last") + " ", "") if look.narrow else ("", words("last"))
    rows["last"] = last + rows["moved"].map(words.date)
    lift, line, step = (10, 19, 39) if look.narrow else (0, 24, 24)
    sworn = (pd.Timestamp(words("sworn_on")) - pd.Timestamp(rows["date"].min())).days
    said = map(words, ("start", "turn", "sworn"))
    ticks = pd.DataFrame({"name": "top", "day": [0, shift.WEEK, sworn], "said": said})
    order = ["top", *style.ledger(rows, "end", "name")]
    span = (1, 106, 339) if look.narrow else (128, 252, 604)
    x = partial(style.across, domain=(0, shift.WEEK, rows["to_day"].max()), span=span)
    y, right = style.down("name", order), alt.XValue(look.width)
    keys = {words(f"key.{stance}"): role for stance, role in style.POSITIONS.items()}
    texts = {key: style.TEXTS.get(role, "on-strong") for key, role in keys.items()}
    key = {"orient": "top", "columns": 2 if look.narrow else 3, "symbolType": "square"}
    fill = alt.Fill("key:N").scale(style.scale(keys)).legend(**key)
    bar, top, state = (alt.Chart(t).encode(y) for t in (rows, ticks, rows.drop_duplicates("name")))
    band = style.coat(bar.mark_bar(height=17, yOffset=lift, x2Offset=-1.5), "key", keys)
    on = bar.transform_filter("datum.named").mark_text(dx=5, dy=lift)
    turn = {"size": 18, "thickness": 3, "opacity": 1, "color": style.color("paper")}
    muted = {"color": style.color("muted"), "align": "right"}
    side = {"align": alt.expr(f"datum.day == {sworn} ? 'center' : 'left'"), "dy": -7}
    return alt.layer(
        state.mark_tick(size=line, yOffset=lift, color=style.color("zero")).encode(x(sworn)),
        band.encode(x("from_day"), alt.X2("to_day"), fill=fill),
        state.mark_tick(yOffset=lift, **turn).encode(x(shift.WEEK)),
        on.encode(x("at"), alt.Text("label:N"), style.hue("key", texts)),
        state.mark_text(dy=-lift).encode(alt.XValue(0), alt.Text("name:N")),
        state.mark_text(dy=-lift, **muted).encode(right, alt.Text("last:N")),
        top.transform_filter("!datum.day").mark_text(dy=7, text=head, **muted).encode(right),
        top.mark_text(**muted | side).encode(x("day"), alt.Text("said:N")),
        style.headings(rows, "end", order, "heading"),
    ).properties(width=look.width, height=alt.Step(step))


def told(row, words):
    """Add to a stretch what is written of it, and on which day its label stands, off the turn."""
    room = 45 if row["date"] == row["moved"] else 2  # days; where it ends, the heading says as well
    at = max(row["from_day"], shift.WEEK) if row["from_day"] > 4 else row["from_day"]
    tip = f"{row['name']}, {words.date(row['date'], 'dated')}: {row['act']}"
    named = {"label": words(row["stance"]), "key": words(f"key.{row['stance']}")}
    named["heading"] = words(f"to.{row['end']}")
    return row | named | {"tip": tip, "at": at, "named": row["to_day"] - row["from_day"] > room}
