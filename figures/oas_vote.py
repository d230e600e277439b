"""How did the members of the Organization of American States vote on the draft of the first
week?"""

import altair as alt
import pandas as pd

from analysis import oas
from figures import style

WORDS = {
    "en": {
        "title": (
            "The draft got {oas.votes_for} votes for and {oas.votes_against} against, and still "
            "failed: it needed {oas.votes_needed}"
        ),
        "subtitle": (
            "Roll-call of the Permanent Council of the Organization of American States on "
            "{oas.votes_for.date}, one tile a member"
        ),
        "caption": "The draft, which asked for publication of the tallies, fell "
        "{oas.short_by|words} vote "
        "short of what it needed. Members by vote on "
        "{oas.votes_for.date}, from press reports of the roll-call; Venezuela was counted as "
        "absent although it had left the organization.",
        "alt": "Tile chart of the roll-call by vote, where {oas.votes_for} members vote for the "
        "draft, {oas.votes_against} against, {oas.abstentions} abstain and "
        "{oas.absences} are absent. An empty tile marks the vote that was missing to the "
        "{oas.votes_needed} needed.",
        "long": "For: {statements.oas-draft-resolution.yes.names}. Abstained: "
        "{statements.oas-draft-resolution.abstain.names}. Absent: "
        "{statements.oas-draft-resolution.absent.names}. Inside a group members stand by the "
        "alphabet.",
        "labels": {
            "yes": "For: {oas.votes_for}",
            "against": "Against: {oas.votes_against}",
            "abstain": "Abstained: {oas.abstentions}",
            "absent": "Absent: {oas.absences}",
            "missing": "{oas.votes_needed} needed",
            "needed": "{oas.votes_needed|bare}",
        },
    }
}
ROLES = {"yes": "asked", "against": "rejected", "abstain": "neutral", "absent": "nodata"}


def data(tables, facts):
    """One row a member: its vote and its name."""
    return oas.roll_call(tables)[["iso3", "name", "role", "source_ids"]].rename(
        columns={"role": "vote"}
    )


def chart(rows, say):
    """Draw tiles group by group, as many in a line as votes were needed, or half as many."""
    needed = int(say("needed"))
    in_line = needed // 2 if say.narrow else needed
    step = (say.width + 2) / in_line
    rows, heads, height = style.shelve(rows, "vote", ROLES, step, in_line)
    rows = rows.assign(
        role=rows["vote"].map(ROLES),
        code=rows["iso3"],
        tip=rows["name"] + ": " + rows["vote"].map(say).str.partition(":")[0],
    )
    gap = pd.DataFrame(
        {
            "x": [say.width - step + 3],
            "right": [say.width - 1],
            "y": [rows["y"][: needed - 1].max() + step / 2 - 1.5],
        }
    )
    span = (0, say.width), 0, say.width
    return alt.layer(
        *style.tiles(rows, say, (step - 3, step - 3), height),
        alt.Chart(gap)
        .mark_bar(
            height=step - 4,
            fill=style.color("paper"),
            stroke=style.color("ink"),
            strokeDash=[3, 3],
            strokeWidth=1.5,
        )
        .encode(style.across("x", *span), alt.X2("right"), style.down("y", height)),
        alt.Chart(gap)
        .mark_text(align="right")
        .encode(alt.XValue(say.width), alt.YValue(9), text=alt.value(say("missing"))),
        style.headings(heads.assign(name=heads["vote"].map(say)), height),
    ).properties(height=height)
