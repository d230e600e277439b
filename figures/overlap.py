"""Can the council's bulletins rest on other sheets than those that were published?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import overlap
from figures import style

PARTS = ("least", "council")


def rows(tables, facts):
    """One row a bulletin and share of sheets that it may have counted: sheets in common with the
    second file at least, the fewest votes of González on them, and his votes in the bulletin."""
    rows = overlap.frame(tables, facts).query("publication == 'v2'")
    return rows.assign(claimant=facts["opposition.august_6.sheets"].claimant)


def chart(rows, words, look):
    """Draw two bars a case: the fewest votes on the shared sheets, and, paler, the bulletin's."""
    long = pd.concat(rows.assign(part=part, votes=rows[f"{part}_votes"]) for part in PARTS)
    long = long.sort_values("counted_percent", kind="stable")
    long["row"] = long["case"] + "." + long["part"]
    long["name"] = long["part"].map(words)
    long["said"] = long["votes"].map(words.number)
    long["heading"] = [
        words(case).format(words.percent(share), words.number(sheets))
        for case, share, sheets in long[["case", "counted_percent", "sheets"]].to_numpy()
    ]
    long["tip"] = long["heading"] + ": " + long["name"] + " " + long["said"]

    order = style.ledger(long, "case", "row")
    span = (116, 270) if look.narrow else (170, 570)
    x = partial(style.across, domain=(0, 7.4e6), span=span)
    pale = alt.when("datum.part == 'council'").then(alt.value(0.6)).otherwise(alt.value(1))
    base = alt.Chart(long).encode(style.down("row", order))
    bars = base.mark_bar(height=15, color=style.color("gonzalez"))
    return alt.layer(
        bars.encode(x("votes"), alt.X2Datum(0), opacity=pale, description="tip:N"),
        base.mark_text(dx=7).encode(x("votes"), alt.Text("said:N")),
        base.mark_text().encode(alt.XValue(0), alt.Text("name:N")),
        style.headings(long, "case", order, "heading"),
    ).properties(width=look.width, height=alt.Step(22))
