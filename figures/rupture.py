"""Who did what to whom, day by day, after the first bulletin?"""

import altair as alt

from analysis import reactions, relations
from figures import style

SIDES = {True: "maduro", False: "foreign"}  # by Venezuela, or by another state
# Columns: room for the sentences, then the countries, of which long names stand between short ones
COLUMNS = [*range(5), "ARG", "CRI", "PAN", "CHL", "DOM", "PER", "URY", "BRA", "PRY"]
SOLID, ROUND = alt.expr("datum.breaks ? 1 : 0.25"), alt.expr("datum.by_venezuela ? 0 : 9")


def rows(tables, facts):
    """One row a measure, by date: who took it, towards whom, what it was."""
    span = reactions.windows(facts)
    return relations.chronology(tables, span["first_day"], span["latest"])


def told(rows, words):
    """Say each measure as a sentence, and name its line, year and country."""
    by = [words(f"by {name}", name) for name in rows["imposing"]]
    rows["act"] = by + (" " + rows["kind"].map(words))
    dated = [f", {words.date(day, 'dated')}: " for day in rows["date"]]
    rows["tip"], rows["line"] = rows["other"] + dated + rows["act"], rows["date"] + rows["act"]
    rows["head"] = [words(*state) for state in zip(rows["other_iso3"], rows["other"], strict=True)]
    rows["year"] = rows["heading"] = rows["date"].str[:4]
    return rows.assign(breaks=rows["kind"].str.endswith("severed_relations"))


def chart(rows, words, look):
    """Draw a line a measure and day, and its tiles in columns of countries, or below it by name."""
    rows, narrow, lower = told(rows, words), look.narrow, 2 if look.narrow else 0
    rows["day"] = [style.day(words, d) if narrow else words.date(d) for d in rows["date"]]
    cell = rows.groupby("line").cumcount()
    rows["place"] = rows["line"] + (cell // 3).map(str) if narrow else rows["line"]
    rows["column"] = cell % 3 if narrow else rows["other_iso3"].map(COLUMNS.index)
    order = style.ledger(rows, *(("line", "place") if narrow else ("year", "line")))
    across = style.cells(alt.X, "column", 3 if narrow else len(COLUMNS), gap=0.04)
    tile = alt.Chart(rows).encode(across, style.down("place", order))
    box = tile.mark_rect(height={"band": 0.84}, fillOpacity=SOLID, cornerRadius=ROUND)
    name = tile.mark_text(align="center").encode(alt.Text("other:N" if narrow else "other_iso3:N"))
    line = alt.Chart(rows.drop_duplicates("line")).encode(style.down("line", order))
    said = line.mark_text(fontWeight=alt.expr("datum.breaks ? 600 : 400"), dy=lower)
    first = alt.Chart(rows.drop_duplicates("date")).encode(style.down("line", order))
    day = first.mark_text(color=style.color("muted"), align="right" if narrow else "left", dy=lower)
    layers = [
        style.coat(box, "by_venezuela", SIDES),
        name.encode(style.hue("breaks", {True: "on-strong", False: "ink"})),
        said.encode(alt.XValue(0 if narrow else 44), alt.Text("act:N")),
        day.encode(alt.XValue(look.width if narrow else 0), alt.Text("day:N")),
    ]
    if not narrow:
        top = alt.Chart(rows.drop_duplicates("other")).encode(across, alt.YValue(-14))
        head = top.mark_text(align="center", dy=style.middle("head")).encode(alt.Text("head:N"))
        lines = line.mark_rule(color=style.color("grid"), yOffset=11)
        layers += [lines, head, style.headings(rows, "year", order, "heading")]
    return alt.layer(*layers).properties(width=look.width - 4, height=alt.Step(22))
