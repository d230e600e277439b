"""The look of every chart: its theme, the colours of roles, and the few marks that figures share.

A figure names roles, never colours; what colour a role has stands in theme/tokens.yml. A chart is
marks and encodings on one band of rows or a grid of cells; nothing here lays out by itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import yaml

# Ours has no digit in its name: of a family with one the engine takes every text a third too wide.
FONT = "Two Counts Sans, Arial, sans-serif"
TOKENS = yaml.safe_load((Path(__file__).parent.parent / "theme/tokens.yml").read_text("utf-8"))
WIDTHS = {kind: drawing["width"] for kind, drawing in TOKENS["drawings"].items()}
SIZES = {kind: drawing["text"] for kind, drawing in TOKENS["drawings"].items()}
PALETTE = {role: tuple(pair) for role, pair in TOKENS["colours"].items()}  # (light, dark)

CANDIDATES = {"maduro": "maduro", "gonzalez": "gonzalez"}
# From accepting the announced result to naming the other winner; congratulating wears Maduro's
# colour.
POSITIONS = {
    "congratulated": "maduro",
    "neutral": "waiting",
    "concern": "concern",
    "asked": "asked",
    "rejected": "rejected",
    "recognised": "recognised",
}
# Pale marks have a darker edge, and dark text.
EDGES = {"concern": "asked", "waiting": "neutral", "nodata": "line", "paper": "line"}
TEXTS = {"nodata": "muted", "paper": "ink"} | dict.fromkeys(
    ("waiting", "concern", "asked"), "on-concern"
)
NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]}
DOT = {"size": 90, "strokeWidth": 2, "opacity": 1, "filled": True}
BOLD: dict[str, Any] = {"fontWeight": 600}


@dataclass(frozen=True)
class Look:
    """How a figure is drawn: `width` in pixels, `narrow` for the column of a phone."""

    width: int
    narrow: bool


def color(role: str) -> str:
    """Give the colour of a role on light pages; KeyError for a role that is not in the palette."""
    return PALETTE[role][0]


def scale(roles: Mapping[str, str]) -> alt.Scale:
    """Map values to the colours of their roles: value → role."""
    return alt.Scale(domain=list(roles), range=[color(role) for role in roles.values()])


def hue(field: str, roles: Mapping[str, str] = CANDIDATES) -> alt.Color:
    """Colour marks and texts by the role of a field, without a legend: they say what they are."""
    return alt.Color(f"{field}:N").scale(scale(roles)).legend(None)


def coat(chart: alt.Chart, field: str, roles: Mapping[str, str] = CANDIDATES) -> alt.Chart:
    """Fill marks by the role of a field; those of rows with `hollow` true have their edge alone.

    Hollow means one thing in all figures: a weak or single source.
    """
    edges = {value: EDGES.get(role, role) for value, role in roles.items()}
    fill = alt.Fill(f"{field}:N").scale(scale(roles)).legend(None)
    return chart.encode(
        alt.Stroke(f"{field}:N").scale(scale(edges)).legend(None),
        fill=alt.when("datum.hollow").then(alt.value(color("paper"))).otherwise(fill),
        description="tip:N",
    )


def across(
    field: str | float, domain: tuple[float, float], span: tuple[float, float]
) -> alt.X | alt.XDatum:
    """Place a quantity, or one value, between two pixels, which leave room for texts beside it."""
    place = alt.Scale(domain=list(domain), range=list(span), nice=False, zero=False)
    x = alt.X(f"{field}:Q") if isinstance(field, str) else alt.XDatum(field)
    return x.scale(place).axis(None)


def down(field: str, order: Iterable[str]) -> alt.Y:
    """Place rows below each other in this order."""
    return alt.Y(f"{field}:N").scale(domain=list(order)).axis(None)


def persons(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each row once a candidate: `person`, `percent`, and whether that one is `ahead`."""
    columns = {f"{person}_percent": person for person in CANDIDATES}
    most = rows[list(columns)].max(axis=1)
    each = [
        rows.assign(person=person, percent=rows[column], ahead=rows[column] == most)
        for column, person in columns.items()
    ]
    return pd.concat(each, ignore_index=True)


def dumbbells(base: alt.Chart, place: Callable[[str], alt.X], lift: float = 0) -> alt.LayerChart:
    """Draw the two shares of each row, joined, each with its `label` on its outer side.

    base: rows of `persons`, placed down; place: a field → its encoding; lift: pixels downwards.
    """
    who = hue("person")
    said = base.encode(place("percent"), who, alt.Text("label:N"))
    line = base.mark_rule(strokeWidth=2, yOffset=lift)
    return alt.layer(
        line.encode(place("maduro_percent"), alt.X2("gonzalez_percent")),
        coat(base.mark_point(**DOT, yOffset=lift), "person").encode(place("percent")),
        said.transform_filter("datum.ahead").mark_text(dx=9, dy=lift),
        said.transform_filter("!datum.ahead").mark_text(dx=-9, dy=lift, align="right"),
    )


def cells(channel: Any, field: str, count: int, gap: float = 0.07) -> Any:
    """Place tiles in one of `count` columns or rows; `channel` is alt.X or alt.Y."""
    return channel(f"{field}:O").scale(domain=list(range(count)), paddingInner=gap).axis(None)


def ledger(rows: pd.DataFrame, group: str, row: str) -> list[str]:
    """List the rows in order, each group below its own name, for `down`."""
    groups = rows.groupby(group, sort=False)[row]
    return [name for head, part in groups for name in [head, *part.unique()]]


def headings(rows: pd.DataFrame, group: str, order: list[str], text: str) -> alt.Chart:
    """Write the heading of each group of a ledger, from a column of its rows."""
    heads = rows.drop_duplicates(group)[[group, text]]
    return (
        alt.Chart(heads)
        .mark_text(dy=3, **BOLD)
        .encode(alt.XValue(0), down(group, order), alt.Text(f"{text}:N"))
    )


def tiles(
    chart: alt.Chart, field: str, roles: Mapping[str, str], text: str = "code", **shape: Any
) -> alt.Chart:
    """Draw a tile a cell in the colour of its role, with a text on it."""
    over = {value: TEXTS.get(role, "on-strong") for value, role in roles.items()}
    on = alt.when("datum.hollow").then(alt.value(color("ink"))).otherwise(hue(field, over))
    box = coat(chart.mark_rect(strokeWidth=1.5, **shape), field, roles)
    name = chart.mark_text(align="center", dy=middle(text))
    return box + name.encode(alt.Text(f"{text}:N"), color=on)


def middle(text: str) -> alt.Expr:
    """Lift a text of several lines, of which Vega puts the first where one line would stand."""
    return alt.expr(f"-7 * (length(split(datum.{text}, '\\n')) - 1)")


def stack(charts: Mapping[str, alt.Chart]) -> alt.VConcatChart:
    """Put charts below each other, each under its heading: heading → chart."""
    headed = [
        chart.properties(title=alt.Title(heading, fontSize=SIZES["wide"], offset=7))
        for heading, chart in charts.items()
    ]
    return alt.vconcat(*headed, spacing=14)


def day(words: Any, iso: str) -> str:
    """Spell a day in brief: without the year if that is the year of the vote."""
    return words.date(iso, "short" if iso < "2025" else "dated")


def config(narrow: bool = False) -> dict[str, Any]:
    """Build the Vega-Lite configuration of all charts at one of the two widths."""
    size = SIZES["narrow" if narrow else "wide"]
    ink, muted = color("ink"), color("muted")
    label = {"labelFontSize": size, "labelColor": muted, "labelLimit": 0, "labelFlush": False}
    above = {"titleFontSize": size, "titleColor": muted, "titleFontWeight": "normal"}
    subtitle = {"subtitleFontSize": 14, "subtitleColor": muted, "subtitlePadding": 6}
    title = {"fontSize": 20, "color": ink, "anchor": "start", "frame": "group", "offset": 18}
    text = {"fontSize": size, "color": ink, "align": "left", "baseline": "middle"}
    return {
        "font": FONT,
        "background": None,
        "padding": 0,
        "locale": {"number": NUMBERS},
        "view": {"stroke": None},
        "mark": {"color": ink},
        "bar": {"color": color("neutral")},
        "text": text | {"lineBreak": "\n"},
        "rule": {"color": color("line")},
        "axis": label | above | {"domain": False, "ticks": False, "gridColor": color("grid")},
        "axisX": {"titleAnchor": "start", "titleAlign": "left"},
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -12},
        "header": {"labelFontSize": size, "labelAnchor": "start", "title": None},
        "legend": {"labelFontSize": size, "labelColor": ink, "title": None},
        "title": title | subtitle | BOLD,
    }
