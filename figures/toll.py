"""How many people died and how many were arrested, by whose count and until when?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import toll
from figures import style

SIDES = {"government": "maduro", "independent": "others"}
PANELS = {"deaths": ["deaths"], "arrests": ["arrests", "held"]}


def rows(tables, facts):
    """One row a count, by kind and counter in the order of the last day counted; of counts up to
    one day the later, larger one; `hollow` where the source is weak, or a single one not sure."""
    rows = toll.bars(tables)
    single = ~rows["source_ids"].str.contains(";") & (rows["confidence"] == "medium")
    return rows.assign(hollow=single | (rows["confidence"] == "low"))


def chart(rows, words, look):
    """Draw a panel for deaths, a dot a person, and one for arrests and people held, with bars."""
    rows = pd.DataFrame([told(row, words) for row in rows.to_dict("records")])
    rows["day"] = rows["day"].mask(rows.duplicated(["block", "date"]), "")
    parts = {words(name): rows[rows["kind"].isin(kinds)] for name, kinds in PANELS.items()}
    width = look.width if look.narrow else 316
    stack = style.stack({head: body(part, width) for head, part in parts.items()})
    return stack if look.narrow else alt.hconcat(*stack.vconcat, spacing=28)


def told(row, words):
    """Add to a row its counter and day, how many persons it counts, and all in a sentence."""
    block = f"{row['kind']}.{row['counter']}"
    count = words(row["qualifier"] or "count").format(words.number(row["persons"]))
    until = words("until").format(words.date(row["until"])) if row["until"] < row["date"] else ""
    said = words(row["id"], "{0}").format(count) + until
    tip = f"{row['claimant']}, {words.date(row['date'], 'dated')}: {count} {row['measure']}{until}"
    named = {"name": words(block, row["counter"]), "day": style.day(words, row["date"])}
    return row | named | {"block": block, "said": said, "tip": tip}


def body(rows, width):
    """Draw the counts of a panel, those of deaths as dots, below the names of their counters."""
    order = style.ledger(rows, "block", "id")
    x = partial(style.across, domain=(0, rows["persons"].max()), span=(82, 222))
    base = alt.Chart(rows).encode(style.down("id", order))
    unseen = alt.expr("datum.kind == 'deaths' ? 0.01 : 1")  # over the dots, for pointers to find
    bar = style.coat(base.mark_bar(height=13, opacity=unseen), "side", SIDES)
    each = base.transform_filter("datum.kind == 'deaths'")
    each = each.transform_calculate(one="sequence(datum.persons)").transform_flatten(["one"])
    dot = each.mark_circle(size=16, opacity=alt.expr("datum.part ? 0.6 : 1"), xOffset=2.5)
    return alt.layer(
        dot.encode(x("one"), style.hue("side", SIDES)),
        bar.encode(x("persons"), alt.X2Datum(0)),
        base.mark_text(dx=6, dy=style.middle("said")).encode(x("persons"), alt.Text("said:N")),
        base.mark_text(color=style.color("muted")).encode(alt.XValue(0), alt.Text("day:N")),
        style.headings(rows, "block", order, "name").mark_text(dy=5),
    ).properties(width=width, height=alt.Step(24))
