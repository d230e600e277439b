"""How many people died and how many were arrested, by whose count and until when?"""

import altair as alt
import pandas as pd

from analysis import toll
from figures import style

WORDS = {
    "en": {
        "title": "On deaths the later counts lie close together, on arrests they part: {foro_penal.arrests.august_7} or {government.arrests.august_7} by {foro_penal.arrests.august_7.date|day}",
        "subtitle": "Persons, by who counted them and up to which day, that of the statement if no other is named; deaths and arrests have scales of their own",
        "caption": "By {foro_penal.arrests.august_7.date} Foro Penal had verified {foro_penal.arrests.august_7} arrests and the government counted "
        "{government.arrests.august_7}. Each bar is one count as its counter published it, from {government.arrests.july_30.date} to "
        "{un_mission.deaths.state_forces.date}; definitions and periods differ and the same persons stand in several, so nothing may be added up. Thinner bars "
        "are parts of a count: deaths verified, investigated, or with State forces found involved. Hollow bars: known from a single report or from reports that depend on each other.",
        "alt": "Bar chart of published counts of deaths, arrests and people held, grouped by counter, where deaths reach {un_mission.deaths.september_17} with the UN "
        "Fact-Finding Mission, {hrw.deaths.september_4} with Human Rights Watch and {government.deaths.november_15} with the Attorney General. Arrests by "
        "{foro_penal.arrests.august_7.date} are {foro_penal.arrests.august_7} with Foro Penal and {government.arrests.august_7} with the government.",
        "long": "Inside each block counters run by the last day they counted. Deaths begin with {foro_penal.deaths.july_30} counted by Foro Penal up to "
        "{foro_penal.deaths.july_30.date} and end with at least {un_commissioner.deaths.december_13} that the UN High Commissioner wants investigated. The government "
        "goes from {government.arrests.july_30} arrests to more than {government.arrests.august_8}. Foro Penal's people held, {foro_penal.held.september_30} and "
        "then {foro_penal.held.october_28}, are those still in detention on the day, not all who were ever arrested.",
        "labels": {
            "deaths": "Deaths", "arrests": "Arrests", "held": "Still held, of those arrested after the vote", "until": "to {0}", "on": "on {0}", "at least": "at least {0}",
            "more than": "more than {0}", "tip": "{0}, {1}: {2} {3}",
            "deaths.Foro Penal": "Foro Penal", "deaths.Provea": "Provea", "deaths.Human Rights Watch": "Human Rights Watch",
            "deaths.UN Fact-Finding Mission": "UN Fact-Finding Mission", "deaths.Government": "Attorney General", "deaths.UN High Commissioner": "UN High Commissioner",
            "arrests.Foro Penal": "Foro Penal", "arrests.Government": "Government", "arrests.UN Fact-Finding Mission": "UN Fact-Finding Mission",
            "held.Foro Penal": "Foro Penal",
            "hrw.deaths.verified": "{0} it verified itself", "un_mission.deaths.investigated": "{0} investigated",
            "un_mission.deaths.state_forces": "{0} involving State forces", "of these": "of these",
            "about.deaths.UN Fact-Finding Mission": "parts as of {un_mission.deaths.state_forces.date|month}", "about.deaths.Government": "none ascribed to the security forces", "about.deaths.UN High Commissioner": "killings to be investigated",
            "about.arrests.Foro Penal": "only those it holds arbitrary", "about.arrests.UN Fact-Finding Mission": "preliminary, from others’ data",
            "about.held.Foro Penal": "those it calls political prisoners",
        },
    }
}  # fmt: skip
TABLES = ("claims",)
BLOCKS = ("deaths", "arrests", "held")
SIDES = {"government": "maduro", "independent": "others"}


def data(tables, facts):
    """One row a count, by block and counter in the order of the last day counted; of counts up to one day the later, larger one."""
    rows = toll.frame(tables).sort_values(["part", "until", "persons"], kind="stable").drop_duplicates(["kind", "counter", "until", "measure"], keep="last")
    latest = rows["until"].where(~rows["part"]).groupby([rows["kind"], rows["counter"]]).transform("max")
    rows = rows.assign(latest=latest, size=-rows["persons"] * rows["part"]).sort_values(["kind", "latest", "counter", "part", "size"], kind="stable", key=lambda column: column.map(BLOCKS.index) if column.name == "kind" else column)
    return rows[["kind", "counter", "claimant", "side", "part", "id", "persons", "qualifier", "until", "date", "measure", "confidence", "source_ids"]]


def chart(rows, say):
    """Draw a bar a count under the name of its counter; on the wide drawing the blocks stand beside each other."""
    rows, height = place(rows, say)
    rows["unit"] = rows["kind"].where(rows["kind"] == "deaths", "arrests")
    full = (say.width if say.narrow else say.width / 2 - 14) - 66 - 102
    rows["from"], rows["to"] = rows["x"] + 66, rows["x"] + 66 + full * rows["persons"] / rows.groupby("unit")["persons"].transform("max")
    rows["count"] = [(say(hedge) if hedge else "{0}").format(say.number(persons)) for hedge, persons in zip(rows["qualifier"], rows["persons"], strict=True)]
    records = rows.to_dict("records")
    rows["label"] = [say("of these") if r["part"] else say("on" if r["kind"] == "held" else "until").format(say.date(r["until"])) for r in records]
    rows["said"] = [say(r["id"]).format(r["count"]) if r["part"] else r["count"] for r in records]
    rows["tip"] = [say("tip").format(r["claimant"], say("until").format(say.date(r["until"], "dated")), r["count"], r["measure"]) for r in records]
    rows["fill"] = rows["side"].map(SIDES).map(style.color).where(rows["confidence"] == "high", style.color("paper"))
    heads = rows[~rows.duplicated(["kind", "counter"])]
    keys = heads["kind"] + "." + heads["counter"]
    heads = heads.assign(y=heads["y"] - 19, name=keys.map(say), about=[say(f"about.{key}") if f"about.{key}" in say.labels else "" for key in keys])
    heads["about_x"] = heads["x"] + heads["name"].map(say.measure) + 8
    blocks = heads[~heads.duplicated("kind")].assign(y=lambda tops: tops["y"] - 25, name=lambda tops: tops["kind"].map(say))
    across = lambda field: style.across(field, (0, say.width), 0, say.width)  # noqa: E731
    base, names = (alt.Chart(part).encode(y=style.down("y", height)) for part in (rows, heads))
    bars = [base.transform_filter(alt.datum.part == part).mark_bar(height=6 if part else 11, strokeWidth=1.5) for part in (False, True)]
    return alt.layer(
        *(bar.encode(
            across("from"), alt.X2("to"), fill=alt.Fill("fill:N").scale(None), description="tip:N",
            stroke=alt.Stroke("side:N").scale(style.scale(SIDES)).legend(None),
        ) for bar in bars),
        base.mark_text(dx=7).encode(across("to"), text="said:N"),
        base.mark_text(color=style.color("muted")).encode(across("x"), text="label:N"),
        names.mark_text().encode(across("x"), text="name:N"),
        names.mark_text(color=style.color("muted")).encode(across("about_x"), text="about:N"),
        alt.Chart(blocks).mark_text(fontWeight=600).encode(across("x"), style.down("y", height), text="name:N"),
    ).properties(height=height)  # fmt: skip


def place(rows, say):
    """Give each count its place, and the height: room for the name above a counter's first count, more above a block's."""
    second = (rows["kind"] != "deaths") & (not say.narrow)
    counter, block = ~rows.duplicated(["kind", "counter"]), ~rows.duplicated("kind")
    y = (19 + 27 * counter + 28 * block).groupby(second).cumsum() - 20
    return rows.assign(x=second * (say.width / 2 + 14), y=y), float(y.max() + 10)
