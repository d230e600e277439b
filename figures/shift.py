"""Which states changed their position between the first bulletin and the end of the month of the
inauguration, when, and towards what?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import shift
from figures import style

WORDS = {
    "en": {
        "title": "{shift.moved.count|Words} states ended with another position than in the first "
        "week; "
        "{shift.to_recognised.count|words} of them came to say "
        "that González had won",
        "subtitle": (
            "Where every state stood that moved, {reactions.first_week.start} to "
            "{reactions.latest.end}; the first week is drawn wider"
        ),
        "caption": "{shift.to_rejected.count|Words} others came to reject the result; "
        "{shift.asked_to_neutral.names} went from asking to neutral. Also shown are "
        "{shift.back_again.names}, which left their position and came back to it, and "
        "{shift.later_moved.names}, which first spoke later. {shift.stayed.count} of "
        "{reactions.first_week.states} with a position in that week ended as they stood, and "
        "{shift.later.count} more spoke only later. "
        "States stand by their own acts and the texts that they joined by name; texts of "
        "bodies are not counted.",
        "alt": "Timeline of coloured bands, a band for each state that moved, grouped by where it "
        "ended, where {shift.moved.count|words} ended "
        "with another code than in the first week. Of these, {shift.to_recognised.names} came "
        "to say that González had won.",
        "long": "The horizontal scale is time, in parts: the first week up to "
        "{reactions.first_week.end}, and from there to {reactions.latest.end}. Bands "
        "change colour on the day of a statement; groups run from saying that González had won "
        "to accepting the result, inside a group by the day of the last "
        "change. Peru went back to asking on {position.peru.2024-09-05.asked} and later said "
        "again that González had won. Antigua and Barbuda asked for the "
        "tallies on {position.antigua-and-barbuda.2024-08-16.asked} and later recognised "
        "Maduro again. Mexico asked for tallies and took no side in the end.",
        "labels": {
            "congratulated": "accepted",
            "neutral": "neutral",
            "concern": "concern",
            "asked": "asked",
            "rejected": "rejected",
            "recognised": "González won",
            "to.congratulated": "Ended by accepting the result",
            "to.neutral": "Ended neutral",
            "to.concern": "Ended by voicing concern",
            "to.asked": "Ended by asking for tallies or an audit",
            "to.rejected": "Ended by rejecting the result",
            "to.recognised": "Ended by saying that González had won",
            "week": "First week",
            "sworn": "Maduro sworn in",
            "start": "{reactions.first_week.start|iso}",
            "week_end": "{reactions.first_week.end|iso}",
            "end": "{reactions.latest.end|iso}",
            "sworn_on": "{event.2025-01-10.sworn-in|iso}",
        },
    }
}


def data(tables, facts):
    """One row a stretch of days on which a state that moved held one position: from, up to, what it
    said at the start."""
    return shift.steps(tables, facts)


def chart(rows, say):
    """Draw a band a state, the first week wider than the time that follows it."""
    lanes, heads, height = style.ledger(
        rows.drop_duplicates("iso3"), "end", row=44 if say.narrow else 25, head=40
    )
    lanes["y"], heads["y"], height = lanes["y"] + 22 + 10 * say.narrow, heads["y"] + 22, height + 22
    left, turn, right = (0, 106, say.width) if say.narrow else (128, 252, say.width - 56)
    start, week, end = (pd.Timestamp(say(day)) for day in ("start", "week_end", "end"))
    pixel = partial(
        style.when,
        anchors={
            str(day.date()): at
            for day, at in ((start, left), (week + pd.Timedelta(days=1), turn), (end, right))
        },
    )
    rows = style.coat(rows, rows["stance"].map(style.POSITIONS)).merge(lanes[["iso3", "y"]])
    rows = rows.assign(
        x=pixel(rows["date"]), x2=pixel(rows["until"]), label=rows["stance"].map(say)
    )
    room = rows["label"].map(say.measure) + 8
    rows["label_x"] = (
        rows["x"].where((rows["x"] >= turn) | (rows["x"] + room <= turn), turn + 3) + 5
    )
    rows["label"] = rows["label"].where(rows["label_x"] - 5 + room <= rows["x2"], "")
    rows["tip"] = [
        f"{r['name']}, {say.date(r['date'], 'dated')}: {r['act']}" for r in rows.to_dict("records")
    ]
    months = [
        str(day.date()) for day in pd.date_range(week, end, freq="MS")[: 1 if say.narrow else 3 : 2]
    ]
    told = {
        str(start.date()): say("week"),
        **{day: say.date(day) for day in months},
        say("sworn_on"): say("sworn"),
    }
    marks = pd.DataFrame({"x": pixel(told), "y": 8, "label": told.values()}).assign(
        x=lambda marks: marks["x"].round() + 0.5
    )
    lines = marks[["x"]][1:].merge(
        lanes.assign(y=lanes["y"] - 12.5, foot=lanes["y"] + 12.5)[["y", "foot"]], how="cross"
    )
    names, muted = (
        lanes.assign(y=lanes["y"] - 21 * say.narrow, when=lanes["moved"].map(say.date)),
        {"color": style.color("muted")},
    )
    return alt.layer(
        alt.Chart(lines)
        .mark_rule()
        .encode(style.pixels("x", say), style.down("y", height), alt.Y2("foot")),
        style.write(marks[:-1], say, height, "label", **muted),
        style.write(marks[-1:], say, height, "label", right, align="right", **muted),
        style.boxes(
            rows.assign(x=rows["x"] + 0.5, x2=rows["x2"] - 0.5), say, height, 17, strokeWidth=1
        ),
        alt.Chart(marks[:1])
        .mark_rule(strokeWidth=5, color=style.color("paper"))
        .encode(alt.XValue(turn), alt.YValue(20), alt.Y2Value(height)),
        style.write(rows, say, height, "label", "label_x").encode(alt.Color("on:N").scale(None)),
        style.write(names, say, height, x=0),
        style.write(names, say, height, "when", say.width, align="right", **muted),
        style.headings(heads.assign(name=[say(f"to.{end}") for end in heads["end"]]), height),
    ).properties(height=height)
