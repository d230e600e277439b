"""How near do the announced counts lie to what their percentages would give, and how rare is
that?"""

from functools import partial

import altair as alt

from analysis import one_decimal
from figures import style

WORDS = {
    "en": {
        "title": "The first bulletin's counts lie within a vote of percentages of one decimal",
        "subtitle": (
            "Distance of each count from the votes that its percentage gives exactly; the grey bar "
            "holds all counts that round to that percentage"
        ),
        "caption": "Of all ways to split {council.first.valid_votes} votes, counts that fit to the "
        "nearest vote, as these do, are {one_decimal.exact_odds|millions}. The "
        "match hangs on the figure for the others: with the one that a single outlet prints, "
        "Maduro's count misses by "
        "{one_decimal.variant.maduro_miss} votes. It does not say who won. Counts announced by "
        "the council on {council.first.maduro.votes.date} and "
        "{council.second.maduro.votes.date}, against its printed percentages, and the "
        "opposition's of {publication.v2}, against the nearest ones.",
        "alt": "Dot plot of counts inside the range that their percentages allow, where all counts "
        "of "
        "the first bulletin sit in the very middle: Maduro "
        "{one_decimal.maduro.residual|1}, González {one_decimal.gonzalez.residual|1} and the "
        "others {one_decimal.others.residual|1} votes away. In the second "
        "bulletin Maduro's count is {one_decimal.second.maduro_miss} votes off the middle and "
        "González's {one_decimal.second.gonzalez_miss}.",
        "long": "Rows are grouped by publication. All grey bars have the same length, but they "
        "stand "
        "for different ranges: in the first bulletin, with "
        "percentages of one decimal, {one_decimal.step} votes from end to end, and far fewer "
        "in the other groups, whose percentages have a decimal "
        "more. The counts of the second bulletin and of the opposition's database lie away "
        "from the middle, on either side. The shortcut by which others "
        "found the odds gives {one_decimal.heuristic_odds}, our count of all splits "
        "{one_decimal.exact_odds}.",
        "labels": {
            "council.first": "First bulletin, {0}: less than a vote away",
            "council.second": "Second bulletin, {0}",
            "opposition.august_6": "Opposition’s database, {0}",
            "maduro": "Maduro, {0}",
            "gonzalez": "González, {0}",
            "others": "Others, {0}",
            "middle": "Exactly the percentage",
            "away": "Votes away",
            "end": "{0} votes",
            "tip": "{0}: {1} votes, {2} from the exact percentage",
        },
    }
}
PLUS, MINUS = "+", "−"
ENDS = (
    ("low", "less", "left"),
    ("high", "more", "right"),
)  # where the range of a group is written under its bars


def data(tables, facts):
    """One row a count: its percentage (one decimal in the first bulletin, then two), and the
    distance in votes from it."""
    rows = one_decimal.frame(tables, facts)
    first = rows["count"] == "council.first"
    rows = rows[
        rows["decimals"].eq(1) & first
        | rows["decimals"].eq(2) & ~first & rows["candidate"].ne("others")
    ]
    return rows.round({"percent": 2, "distance_votes": 3, "step_votes": 3, "distance_steps": 6})


def chart(rows, say):
    """Draw a bar a count, as long as its percentage leaves room, with a mark where the count
    lies."""
    rows, heads, height = style.ledger(rows, "count", row=24, head=62)
    rows["y"], heads["y"], height = rows["y"] + 28, heads["y"] + 28, height + 50
    rows = rows.assign(
        low=-0.5, middle=0, high=0.5
    )  # a count further off would round to the next percentage
    rows["label"] = [
        PLUS * (votes > 0) + say.number(votes, 1 if abs(votes) < 1 else 0)
        for votes in rows["distance_votes"]
    ]
    rows["name"] = [
        say(r["candidate"]).format(say.percent(r["percent"], r["decimals"]))
        for r in rows.to_dict("records")
    ]
    rows["tip"] = [
        say("tip").format(r["name"], say.number(r["votes"]), r["label"])
        for r in rows.to_dict("records")
    ]
    heads["name"] = [
        say(key).format(say.date(rows.loc[rows["count"] == key, "date"].iloc[0]))
        for key in heads["count"]
    ]
    rows["less"], rows["more"] = (
        ["".join((sign, say("end").format(say.number(step / 2)))) for step in rows["step_votes"]]
        for sign in (MINUS, PLUS)
    )
    x = partial(
        style.across,
        domain=(-0.5, 0.5),
        left=124 if say.narrow else 170,
        right=say.width - (68 if say.narrow else 100),
    )
    base = alt.Chart(rows).encode(y=style.down("y", height))
    ends = base.transform_filter(
        alt.FieldOneOfPredicate("y", list(rows.groupby("count")["y"].max()))
    )
    return alt.layer(
        base.mark_bar(height=13, color=style.color("grid")).encode(x("low"), alt.X2("high")),
        base.mark_tick(size=24, thickness=1.5, color=style.color("zero"), opacity=1).encode(
            x("middle")
        ),
        base.mark_point(filled=True, size=90, opacity=1).encode(
            x("distance_steps"),
            style.paint("candidate", style.scale(["maduro", "gonzalez", "others"])),
            description="tip:N",
        ),
        *(
            ends.mark_text(align=align, dy=22, color=style.color("muted")).encode(x(at), text=text)
            for at, text, align in ENDS
        ),
        base.mark_text(align="right").encode(alt.XValue(say.width), text="label:N"),
        base.mark_text().encode(alt.XValue(0), text="name:N"),
        style.headings(heads, height),
        *(
            alt.Chart(rows[:1])
            .mark_text(align=align)
            .encode(at, alt.YValue(8), text=alt.value(say(key)))
            for key, at, align in (
                ("middle", x("middle"), "center"),
                ("away", alt.XValue(say.width), "right"),
            )
        ),
    ).properties(height=height)
