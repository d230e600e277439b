"""Who says how the vote went, and on how much of it does each count rest?"""

import altair as alt

from analysis import counts
from figures import style

WORDS = {
    "en": {
        "title": (
            "The council gives Maduro {council.second.maduro.share}; the sheets that the "
            "opposition published give González {results.v2.gonzalez.share}"
        ),
        "subtitle": (
            "Share of the vote for the leading candidates in the counts, samples and polls of the "
            "vote that we found, in percent"
        ),
        "caption": "Maduro leads in the council's bulletins, in a poll of a firm that the press "
        "calls "
        "close to the government and in a poll of doubted origin. Polls before the vote are "
        "left out. Each line is one count as its claimant "
        "published it, {edison.gonzalez.share.date} to {carter.final.gonzalez.share.date}, "
        "with the share of tally sheets it covers. Hollow marks: a share of "
        "the votes for this pair only, or low confidence.",
        "alt": "Dot plot of both candidates' shares in published counts, grouped by who counted, "
        "where the council's second bulletin has Maduro at "
        "{council.second.maduro.share} and González at {council.second.gonzalez.share}. On the "
        "opposition's last database of sheets it is the other way round: "
        "González {results.v2.gonzalez.share}, Maduro {results.v2.maduro.share}.",
        "long": "Rows are grouped: the council's bulletins, the opposition's sheets, checks of "
        "those "
        "sheets by others, then samples and polls; inside a group "
        "they run by date. In the council's rows Maduro stands on the right, ahead. In the "
        "later rows they change sides; the checks of medium or high "
        "confidence give González between {counts.outside.gonzalez.lowest|bare} and "
        "{counts.outside.gonzalez.highest} and Maduro between "
        "{counts.outside.maduro.lowest|bare} and {counts.outside.maduro.highest}. The "
        "exceptions are Hinterlaces, with {hinterlaces.exit_poll.maduro.share} for Maduro, and "
        "the poll of "
        "Lewis & Thompson, whose origin is doubted, with {lewis_thompson.maduro.share}.",
        "labels": {
            "council": "Announced by the electoral council",
            "opposition": "Sheets held or published by the opposition",
            "checks": "The same sheets, checked by others",
            "samples": "Samples and polls",
            "maduro": "Maduro",
            "gonzalez": "González",
            "sheets": "{0} of sheets",
            "council.first": "First bulletin",
            "council.second": "Second bulletin",
            "opposition.july_29": "First evening",
            "opposition.july_30": "Next day",
            "opposition.august_2": "First database",
            "opposition.august_6": "Second database",
            "post": "Washington Post",
            "ap": "Associated Press",
            "moe": "MOE Colombia",
            "carter.october_2": "Carter Center (“more than”)",
            "carter.final": "Carter Center",
            "edison": "Edison, exit poll",
            "lewis_thompson": "Lewis & Thompson",
            "altavista.july_30": "AltaVista, sample",
            "altavista.august_1": "AltaVista, sample",
            "hinterlaces.exit_poll": "Hinterlaces, exit poll",
            "target_data.exit_poll": "Target Data, exit poll",
            "meganalisis.exit_poll": "Meganalisis, morning",
        },
    }
}


def data(tables, facts):
    """One row a published count, by group and date: shares in percent, and the percentage of sheets
    it covers."""
    return counts.grouped(facts)


def chart(rows, say):
    """Draw a dumbbell a row under the heading of its group, with the sheets it covers at the
    right."""
    rows, heads, height = style.ledger(rows, "group", row=42 if say.narrow else 26, head=38)
    heads["name"] = heads["group"].map(say)
    records = rows.to_dict("records")
    rows["name"] = [f"{say(r['count'])}, {style.day(say, r['date'])}" for r in records]
    rows["covers"] = [
        say("sheets").format(say.percent(share, 0)) if share == share else ""
        for share in rows["sheets_percent"]
    ]
    rows["hollow"] = (rows["base"] == "votes of the two") | (rows["confidence"] == "low")
    rows["places"] = [counts.places(r) for r in records]
    rows["named"] = ~rows["group"].duplicated()
    rows["tip"] = [
        style.tip(say, r["claimant"], maduro=r["maduro_percent"], gonzalez=r["gonzalez_percent"])
        for r in records
    ]
    covers = rows.assign(y=rows["y"] - 9 * say.narrow)
    return alt.layer(
        style.write(
            covers, say, height, "covers", say.width, align="right", color=style.color("muted")
        ),
        *style.dumbbells(
            rows, say, (10, 70), (92, 242) if say.narrow else (250, 472), height, above=say.narrow
        ),
        style.headings(heads, height),
    ).properties(height=height)
