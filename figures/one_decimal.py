"""How near do the announced counts lie to what their percentages would give, and how rare is
that?"""

from functools import partial

import altair as alt
import pandas as pd

from analysis import one_decimal
from figures import style

ROLES = style.CANDIDATES | {"others": "others"}
SMALL = {"size": 20, "filled": True, "opacity": 1, "color": style.color("line")}


def rows(tables, facts):
    """One row a count: its percentage (one decimal in the first bulletin and in the states, else
    two), and the distance in votes from it."""
    rows = one_decimal.frame(tables, facts)
    return rows.round({"percent": 2, "distance_votes": 3, "step_votes": 3, "distance_steps": 6})


def chart(rows, words, look):
    """Draw a band a count, as long as its percentage leaves room, with a dot where the count lies;
    on those of the first bulletin a grey dot a state."""
    states = rows["count"] == one_decimal.BY_STATE
    rows["group"] = rows["count"].where(~states, one_decimal.bulletins.FIRST)
    rows["row"] = rows["group"] + "." + rows["candidate"]
    rows = pd.DataFrame([told(row, words) for row in rows.to_dict("records")])
    whole, span = rows[~states], (106, 278) if look.narrow else (150, 560)
    order = ["top", *style.ledger(whole, "group", "row")]
    x, y = partial(style.across, domain=(-0.5, 0.5), span=span), style.down("row", order)
    band, cloud = alt.Chart(whole).encode(y), alt.Chart(rows[states]).encode(y)
    apart = alt.YOffset("place:N").scale(range=[5, 25])
    heads = {"row": "top", "at": [-0.5, 0, 0.5], "said": map(words, ("below", "exact", "above"))}
    top = alt.Chart(pd.DataFrame(heads)).encode(y)
    side = alt.expr("datum.at < 0 ? 'left' : datum.at > 0 ? 'right' : 'center'")
    right, muted = alt.XValue(look.width), {"color": style.color("muted"), "dy": -7}
    away = top.transform_filter("!datum.at").mark_text(align="right", text=words("away"), **muted)
    return alt.layer(
        band.mark_bar(height=26, color=style.color("nodata")).encode(x(-0.5), alt.X2Datum(0.5)),
        band.mark_tick(size=26, thickness=1.5, color=style.color("zero")).encode(x(0)),
        style.coat(band.mark_point(**style.DOT), "candidate", ROLES).encode(x("distance_steps")),
        cloud.mark_point(**SMALL).encode(x("distance_steps"), apart, description="tip:N"),
        band.mark_text().encode(alt.XValue(0), alt.Text("name:N")),
        band.mark_text(align="right").encode(right, alt.Text("said:N")),
        top.mark_text(align=side, **muted).encode(x("at"), alt.Text("said:N")),
        away.encode(right),
        style.headings(whole, "group", order, "heading"),
    ).properties(width=look.width, height=alt.Step(30, **{"for": "position"}))


def told(row, words):
    """Add to a row its name, how many votes its count lies off, and both in a sentence."""
    votes, source = row["distance_votes"], words(row["count"]).partition(":")[0]
    name = f"{words(row['candidate'])}, {words.percent(row['percent'], row['decimals'])}"
    said = words("more" if votes > 0 else "less") + words.number(abs(votes), int(abs(votes) < 1))
    tip = f"{name}: {words('tip').format(words.number(row['votes']), said, source)}"
    tip = tip if row["place"] == one_decimal.WHOLE else f"{row['place']}: {tip}"
    return row | {"name": name, "said": said, "tip": tip, "heading": words(row["group"])}
