"""Who leads in each of the states, on the published sheets?"""

import altair as alt
import pandas as pd

from analysis import results
from figures import style

WORDS = {
    "en": {
        "title": (
            "On the published sheets González leads in all {results.v2.states.gonzalez} federal "
            "entities, most narrowly in {results.v2.closest_state.name}"
        ),
        "subtitle": (
            "Share of valid votes for the leading candidates by state, on the {results.v2.sheets} "
            "sheets of the opposition's second database; widest lead first"
        ),
        "caption": "The lead is widest in {results.v2.widest_state.name}, with "
        "{results.v2.widest_state.share|1} for González, and smallest in "
        "{results.v2.closest_state.name}, with {results.v2.closest_state.share|1}. Shares of "
        "valid votes, from the file that the opposition published on "
        "{publication.v2}, added up by state.",
        "alt": "Dot plot of both candidates' shares in {results.v2.states.count} states, sorted by "
        "the lead, where González is ahead in every one. His share "
        "runs from {results.v2.closest_state.share|1} in {results.v2.closest_state.name} to "
        "{results.v2.widest_state.share|1} in {results.v2.widest_state.name}.",
        "long": "States are sorted from the widest lead at the top to the smallest at the bottom. "
        "In "
        "{results.v2.widest_state.name} Maduro has "
        "{results.v2.widest_state.maduro_share|1}, in {results.v2.closest_state.name} "
        "{results.v2.closest_state.maduro_share|1}. In all states together González "
        "has {results.v2.gonzalez.share} and Maduro {results.v2.maduro.share}.",
        "labels": {"maduro": "Maduro", "gonzalez": "González"},
    }
}


def data(tables, facts):
    """One row a state, widest lead first: votes, and shares of valid votes in percent."""
    rows = results.by_state(tables).iloc[::-1].round(2)
    return rows[
        [
            "name",
            "sheets",
            "valid_votes",
            "gonzalez",
            "maduro",
            "others",
            "gonzalez_percent",
            "maduro_percent",
            "lead_points",
            "source_ids",
        ]
    ]


def chart(rows, say):
    """Draw a dumbbell a state, the candidates' names above their first marks."""
    top, step, domain, span = 22, 22, (15, 85), (158, 292) if say.narrow else (200, 600)
    height = top + step * len(rows)
    rows["y"] = [top + step * (i + 0.5) for i in range(len(rows))]
    rows["hollow"], rows["named"], rows["places"] = False, False, 1
    rows["tip"] = [
        style.tip(say, r["name"], gonzalez=r["gonzalez_percent"], maduro=r["maduro_percent"])
        for r in rows.to_dict("records")
    ]
    names = pd.DataFrame(
        {
            "who": style.CANDIDATES,
            "name": map(say, style.CANDIDATES),
            "y": 10,
            "share": [rows[f"{who}_percent"][0] for who in style.CANDIDATES],
        }
    )
    return alt.layer(
        *style.dumbbells(rows, say, domain, span, height),
        alt.Chart(names)
        .mark_text(align="center", fontWeight=600)
        .encode(
            style.across("share", domain, *span),
            style.down("y", height),
            style.paint("who", style.scale(style.CANDIDATES)),
            text="name:N",
        ),
    ).properties(height=height)
