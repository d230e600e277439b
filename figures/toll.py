"""How many people died and how many were arrested, by whose count and until when?"""

import altair as alt

from analysis import toll
from figures import style

WORDS = {
    "en": {
        "title": "On deaths the later counts lie close together, on arrests they part: "
        "{foro_penal.arrests.august_7} or {government.arrests.august_6} in "
        "the first days of August",
        "subtitle": (
            "Persons, by who counted them and up to which day, that of the statement if no other "
            "is named; deaths and arrests have scales of their own"
        ),
        "caption": "By {foro_penal.arrests.august_7.date} Foro Penal had verified "
        "{foro_penal.arrests.august_7} arrests and the government counted "
        "{government.arrests.august_6}. Each bar is one count as published, from "
        "{government.arrests.july_30.date} to {un_mission.deaths.state_forces.date}; "
        "definitions and periods differ and the same persons stand in several, so nothing may "
        "be added up. Thinner bars are parts of a count: deaths verified, "
        "investigated, of soldiers (as the president first gave them), of others than the "
        "forces, or with State forces found involved. Hollow bars: known from one report or "
        "from reports that depend on each other.",
        "alt": "Bar chart of published counts of deaths, arrests and people held, grouped by "
        "counter, "
        "where deaths reach {un_mission.deaths.september_17} with "
        "the UN Fact-Finding Mission, {hrw.deaths.april_30} with Human Rights Watch and "
        "{government.deaths.november_15} with the Attorney General. Arrests "
        "by {foro_penal.arrests.august_7.date} are {foro_penal.arrests.august_7} with Foro "
        "Penal and {government.arrests.august_6} with the government.",
        "long": "Inside each block counters run by the last day they counted. Deaths begin with "
        "{foro_penal.deaths.july_30} counted by Foro Penal up to "
        "{foro_penal.deaths.july_30.date} and end with at least "
        "{un_commissioner.deaths.december_13} that the UN High Commissioner wants "
        "investigated. The "
        "government goes from {government.arrests.july_30} arrests to more than "
        "{government.arrests.august_8}. Foro Penal's people held, "
        "{foro_penal.held.september_30} and then {foro_penal.held.october_28}, are those still "
        "in detention on the day, not all who were ever arrested.",
        "labels": {
            "deaths": "Deaths",
            "arrests": "Arrests",
            "held": "Still held, of those arrested after the vote",
            "until": "to {0}",
            "on": "on {0}",
            "at least": "at least {0}",
            "more than": "more than {0}",
            "tip": "{0}, {1}: {2} {3}",
            "deaths.Government": "Attorney General",
            "hrw.deaths.verified": "{0} it verified itself",
            "hrw.deaths.protesters_and_bystanders": "{0} not of the forces",
            "government.deaths.soldiers": "{0} soldiers",
            "un_mission.deaths.investigated": "{0} investigated",
            "of these": "of these",
            "un_mission.deaths.state_forces": "{0} involving State forces",
            "about.deaths.UN Fact-Finding Mission": "parts as of "
            "{un_mission.deaths.state_forces.date|month}",
            "about.deaths.Government": "none ascribed to the security forces",
            "about.deaths.UN High Commissioner": "killings to be investigated",
            "about.arrests.Foro Penal": "only those it holds arbitrary",
            "about.arrests.UN Fact-Finding Mission": "preliminary, from others’ data",
            "about.held.Foro Penal": "those it calls political prisoners",
        },
    }
}
SIDES = {"government": "maduro", "independent": "others"}


def data(tables, facts):
    """One row a count, by block and counter in the order of the last day counted; of counts up to
    one day the later, larger one."""
    return toll.bars(tables)


def chart(rows, say):
    """Draw a bar a count under the name of its counter; on the wide drawing the blocks stand beside
    each other."""
    deaths, counter, block = (
        rows["kind"] == "deaths",
        ~rows.duplicated(["kind", "counter"]),
        ~rows.duplicated("kind"),
    )
    second = ~deaths & (not say.narrow)
    y = (19 + 27 * counter + 28 * block).groupby(
        second
    ).cumsum() - 20  # room for the name above a counter's first count, more above a block's
    rows, height = rows.assign(at=second * (say.width / 2 + 14), y=y), float(y.max() + 10)
    full, longest = (
        (say.width if say.narrow else say.width / 2 - 14) - 94 - 102,
        rows.groupby(deaths)["persons"].transform("max"),
    )
    rows["x"], rows["x2"] = rows["at"] + 94, rows["at"] + 94 + full * rows["persons"] / longest
    rows["count"] = [
        say(hedge, "{0}").format(say.number(persons))
        for hedge, persons in zip(rows["qualifier"], rows["persons"], strict=True)
    ]
    records = rows.to_dict("records")
    rows["label"] = [
        say("of these")
        if r["part"]
        else say("on" if r["kind"] == "held" else "until").format(style.day(say, r["until"]))
        for r in records
    ]
    rows["said"] = [say(r["id"], "{0}").format(r["count"]) for r in records]
    rows["tip"] = [
        say("tip").format(
            r["claimant"],
            say("until").format(say.date(r["until"], "dated")),
            r["count"],
            r["measure"],
        )
        for r in records
    ]
    rows = style.coat(rows, rows["side"].map(SIDES), hollow=rows["confidence"] != "high")
    rows["name"] = [say(f"{r['kind']}.{r['counter']}", r["counter"]) for r in records]
    rows["about"] = [say(f"about.{r['kind']}.{r['counter']}", "") for r in records]
    rows["about_x"], muted = (
        rows["at"] + rows["name"].map(say.measure) + 8,
        {"color": style.color("muted")},
    )
    heads, blocks = (
        rows[counter].assign(y=y - 19),
        rows[block].assign(y=y - 44, name=rows["kind"].map(say)),
    )
    return alt.layer(
        *(
            style.boxes(rows[rows["part"] == part], say, height, thick, strokeWidth=1.5)
            for part, thick in ((False, 11), (True, 6))
        ),
        style.write(rows, say, height, "said", "x2", dx=7),
        style.write(rows, say, height, "label", "at", **muted),
        style.write(heads, say, height, "name", "at"),
        style.write(heads, say, height, "about", "about_x", **muted),
        style.write(blocks, say, height, "name", "at", fontWeight=600),
    ).properties(height=height)
