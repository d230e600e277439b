"""Who did what to whom, day by day, after the first bulletin?"""

import altair as alt
import pandas as pd

from analysis import reactions, relations
from figures import style

WORDS = {
    "en": {
        "title": "Venezuela ordered out the missions of {relations.expelled.count|words} countries "
        "on "
        "{reactions.first_week.start|day}, and announced a break "
        "with one of them the next day",
        "subtitle": (
            "Measures between Venezuela and the countries whose missions it ordered out or with "
            "which it broke, up to {reactions.latest.end}"
        ),
        "caption": "Only with {relations.broken.names} did Venezuela announce a break; an order "
        "that a "
        "mission leave says nothing of the legal status of "
        "relations. Each line is a kind of measure on the day of its announcement, from press "
        "and official texts, with a column for each country. Lesser "
        "measures, such as suspended consular hours, are in the table of measures.",
        "alt": "Chronology of measures in lines of tiles, where Venezuela on "
        "{reactions.first_week.start} orders out the missions of "
        "{relations.expelled.names}. It announces a break with Peru on "
        "{measure.venezuela.peru.2024-07-30.severed-relations} and with Paraguay on "
        "{measure.venezuela.paraguay.2025-01-06.severed-relations}.",
        "long": "On the first day Venezuela also withdraws its own staff from "
        "{relations.withdrawn.names}. Flights are suspended with "
        "{relations.flights_suspended.names}. Brazil takes over the missions of "
        "{relations.custody.names}; Venezuela ends that custody "
        "{relations.days_of_custody} days later. Panama put relations on hold before "
        "Venezuela's order, and Peru ordered Venezuela's mission out on the same "
        "day.",
        "labels": {
            "venezuela.expelled_mission": "Venezuela orders out the mission of",
            "venezuela.withdrew_own_staff": "Venezuela withdraws its staff from",
            "venezuela.suspended_flights": "Venezuela suspends flights with",
            "venezuela.severed_relations": "Venezuela breaks relations with",
            "venezuela.revoked_custody": "Venezuela ends the custody by",
            "venezuela.expelled_staff": "Venezuela asks out the last staff of",
            "venezuela.consular_closure": "Venezuela wants consulates closed of",
            "other.suspended_relations": "Relations put on hold by",
            "other.withdrew_own_staff": "Own staff withdrawn by",
            "other.expelled_mission": "Venezuela’s mission ordered out by",
            "other.recalled_ambassador": "Ambassador recalled by",
            "other.closed_own_mission": "Own mission closed by",
            "other.custody_of_embassy": "Brazil takes into custody the mission of",
            "other.ended_ambassador_mission": "Ambassador’s mission ended by",
        },
    }
}
BREAK = "venezuela.severed_relations"


def data(tables, facts):
    """One row a measure, by date: who took it, towards whom, what it was."""
    spans = reactions.windows(facts)
    rows = relations.chronology(tables, spans["first_day"], spans["latest"])
    return rows[rows["kind"].isin(list(WORDS["en"]["labels"]))]


def chart(rows, say):
    """Draw a line a kind of measure and day; each country keeps its column, so that its story reads
    downwards."""
    order, columns = (
        list(say.labels).index,
        list(dict.fromkeys(rows.sort_values(["date", "other"])["other_iso3"])),
    )
    rows = rows.sort_values(
        ["date", "kind"],
        key=lambda column: column.map(order) if column.name == "kind" else column,
        ignore_index=True,
    )
    step, gap, left = (44, 6, 0) if say.narrow else (26, 6, 352)
    across, down = (say.width - left + 2) / len(columns), 10 if say.narrow else -11
    lines = rows[["date", "kind"]].drop_duplicates(ignore_index=True)
    new = ~lines["date"].duplicated()
    lines["y"] = (step + gap * new).cumsum() - step - gap + (8 if say.narrow else step / 2)
    height = float(lines["y"].max() + down + 24)
    rows = rows.merge(lines)
    rows["x"], rows["y"] = left + rows["other_iso3"].map(columns.index) * across, rows["y"] + down
    rows["role"], rows["code"] = (
        rows["by_venezuela"].map({True: "maduro", False: "foreign"}),
        rows["other_iso3"],
    )
    rows["tip"] = [
        f"{say.date(r['date'], 'dated')}: {say(r['kind'])} {r['other']}"
        for r in rows.to_dict("records")
    ]
    lines["day"] = [style.day(say, day) for day in lines["date"]]
    lines["name"], broke = lines["kind"].map(say), lines["kind"] == BREAK
    lanes = pd.DataFrame(
        {"x": [left + across * (i + 0.5) - 1 for i in range(0 if say.narrow else len(columns))]}
    )
    return alt.layer(
        alt.Chart(lanes).mark_rule(color=style.color("grid")).encode(style.pixels("x", say)),
        *style.tiles(rows, say, (across - 2, 22), height),
        style.write(lines[~broke], say, height, x=0 if say.narrow else 86),
        style.write(lines[broke], say, height, x=0 if say.narrow else 86, fontWeight=600),
        style.write(
            lines[new],
            say,
            height,
            "day",
            say.width if say.narrow else 0,
            color=style.color("muted"),
            align="right" if say.narrow else "left",
        ),
    ).properties(height=height)
