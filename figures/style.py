"""The look of every chart: its theme and the few helpers that all figures share.

A figure names roles, never colours; what colour a role has stands in theme/tokens.yml.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import altair as alt
import pandas as pd
import yaml
from numpy import interp

# quoted: a family with a bare digit counts as unknown and loses all text
FONT = "'Source Sans 3',sans-serif"
TOKENS = yaml.safe_load((Path(__file__).parent.parent / "theme/tokens.yml").read_text("utf-8"))
WIDTHS = {kind: drawing["width"] for kind, drawing in TOKENS["drawings"].items()}
SIZES = {kind: drawing["text"] for kind, drawing in TOKENS["drawings"].items()}
PALETTE = {role: tuple(pair) for role, pair in TOKENS["colours"].items()}  # (light, dark)

# From accepting the announced result to naming the other winner; congratulating wears Maduro's
# colour.
POSITIONS = {
    "congratulated": "maduro",
    "neutral": "neutral",
    "concern": "concern",
    "asked": "asked",
    "rejected": "rejected",
    "recognised": "recognised",
}
Align = Literal["left", "center", "right"]
CANDIDATES = ("maduro", "gonzalez")


def color(role: str) -> str:
    """Give the colour of a role on light pages; KeyError for a role that is not in the palette."""
    return PALETTE[role][0]


def on(role: str) -> str:
    """Give the colour of text that stands on a mark of this role."""
    return color(
        {"concern": "on-concern", "nodata": "muted", "paper": "ink"}.get(role, "on-strong")
    )


def scale(roles: Mapping[str, str] | Iterable[str]) -> alt.Scale:
    """Map values to the colours of roles: a mapping value → role, or the roles themselves."""
    roles = roles if isinstance(roles, Mapping) else {role: role for role in roles}
    return alt.Scale(domain=list(roles), range=[color(role) for role in roles.values()])


def paint(field: str, mapping: alt.Scale) -> alt.Color:
    """Encode colour by a field without a legend: marks are labelled where they stand."""
    return alt.Color(f"{field}:N").scale(mapping).legend(None)


def across(
    field: str, domain: tuple[float, float], left: float, right: float, axis: alt.Axis | None = None
) -> alt.X:
    """Place a quantity between two pixels of the drawing, leaving room for labels beside it."""
    return (
        alt.X(f"{field}:Q")
        .scale(domain=list(domain), range=[left, right], nice=False, zero=False, padding=0)
        .axis(axis)
        .title(None)
    )


def pixels(field: str, say) -> alt.X:
    """Place marks by the pixel at which they stand, counted from the left."""
    return across(field, (0, say.width), 0, say.width)


def down(field: str, height: float) -> alt.Y:
    """Place rows by the pixel at which they stand, counted from the top."""
    return (
        alt.Y(f"{field}:Q")
        .scale(domain=[0, height], range=[0, height], nice=False, zero=False, padding=0)
        .axis(None)
    )


def when(days: Iterable[str], anchors: Mapping[str, float]) -> list[float]:
    """Turn days (ISO) into pixels: in steps of equal length between the days whose pixels are
    given."""
    told, known = (
        [date.fromisoformat(day).toordinal() for day in some] for some in (days, anchors)
    )
    return interp(told, known, list(anchors.values())).tolist()


def axis(labels: Mapping[float, str], **more: Any) -> alt.Axis:
    """Make an axis with exactly these ticks, spelled as given."""
    spelled = json.dumps(
        {f"{value:g}": text for value, text in labels.items()}
    )  # a whole number has no decimals there
    return alt.Axis(values=list(labels), labelExpr=f"({spelled})[datum.value]", **more)


def levels(labels: Mapping[float, str], scale_: alt.Scale, width: float) -> list[alt.LayerChart]:
    """Draw faint lines across the drawing at these values, each label standing on its line at the
    left."""
    rows = alt.Chart(pd.DataFrame({"at": labels.keys(), "label": labels.values()}))
    y = alt.Y("at:Q").scale(scale_).axis(None)
    return [
        rows.mark_rule(color=color("grid")).encode(alt.XValue(0), y, alt.X2Value(width)),
        rows.mark_text(color=color("muted"), baseline="bottom", dy=-3).encode(
            alt.XValue(0), y, text="label:N"
        ),
    ]


def beside(
    base: alt.Chart, key: str, places: Mapping[str, tuple[Align, float, float]]
) -> list[alt.Chart]:
    """Write the `label` of each point beside it: value of `key` → alignment and the pixels by which
    the label is moved."""
    return [
        base.transform_filter(alt.datum[key] == name)
        .mark_text(align=align, dx=dx, dy=dy, lineBreak="\n")
        .encode(text="label:N")
        for name, (align, dx, dy) in places.items()
    ]


def write(
    rows: pd.DataFrame, say, height: float, text: str = "name", x: str | float = "x", **mark: Any
) -> alt.Chart:
    """Write a text a row, at the pixels `x` (of a column, or one for all) and `y`."""
    return (
        alt.Chart(rows)
        .mark_text(**mark)
        .encode(
            pixels(x, say) if isinstance(x, str) else alt.XValue(x),
            down("y", height),
            text=f"{text}:N",
        )
    )


def coat(rows: pd.DataFrame, roles: pd.Series, hollow: pd.Series | bool = False) -> pd.DataFrame:
    """Give rows the colours of their roles: `fill`, `edge`, `on` (text on the fill). Hollow marks
    have an edge alone, pale ones a darker edge."""
    filled = roles.mask(pd.Series(hollow, rows.index), "paper")
    edge = roles.map({"concern": "asked", "nodata": "line", "paper": "line"}).fillna(roles)
    return rows.assign(fill=filled.map(color), edge=edge.map(color), on=filled.map(on))


def coated(chart: alt.Chart) -> alt.Chart:
    """Encode the colours that `coat` gave, and what a mark says when it is pointed at."""
    return chart.encode(
        fill=alt.Fill("fill:N").scale(None),
        stroke=alt.Stroke("edge:N").scale(None),
        description="tip:N",
    )


def boxes(rows: pd.DataFrame, say, height: float, thick: float, **mark: Any) -> alt.Chart:
    """Draw a coated box a row from the pixel `x` to `x2`, so thick, with its middle at `y`."""
    return coated(
        alt.Chart(rows)
        .mark_bar(height=thick, **mark)
        .encode(pixels("x", say), alt.X2("x2"), down("y", height))
    )


def ledger(
    rows: pd.DataFrame, group: str, row: float, head: float
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Stack rows under the headings of their groups: rows with `y`, headings with `y`, and the
    height in pixels.

    Rows keep their order; a heading stands close above its group, at the top of the picture without
    a gap.
    """
    starts = rows[group] != rows[group].shift()
    y = (starts * head + row).cumsum() - row / 2 - (head - 22)
    heads = pd.DataFrame({group: rows[group][starts], "y": y[starts] - row / 2 - 14})
    return rows.assign(y=y), heads.reset_index(drop=True), float(y.iloc[-1] + row / 2)


def dumbbells(
    rows: pd.DataFrame,
    say,
    domain: tuple[float, float],
    span: tuple[float, float],
    height: float,
    above: bool = False,
) -> list:
    """Draw the two candidates' shares of each row, joined, each labelled in its colour.

    rows: `y`, `name`, `maduro_percent`, `gonzalez_percent`, `tip`, `hollow` (looks uncertain),
    `named` (labels carry names), `places` (decimals). `above`: names stand above the marks.
    """
    rows = rows.assign(name_y=rows["y"] - 9 * above, y=rows["y"] + 11 * above)
    long = rows.melt(
        rows.columns.difference(["maduro_percent", "gonzalez_percent"]),
        var_name="who",
        value_name="share",
    )
    long["who"] = long["who"].str.removesuffix("_percent")
    long["label"] = (long["who"].map(say) + " ").where(long["named"], "") + [
        say.percent(share, None if places != places else int(places))
        for share, places in zip(long["share"], long["places"], strict=True)
    ]
    long = coat(long, long["who"], long["hollow"])
    ahead = long["share"] == long.groupby("y")["share"].transform("max")
    x, y, paints = across("share", domain, *span), down("y", height), scale(CANDIDATES)

    def labels(part: pd.DataFrame, **place: Any) -> alt.Chart:
        return alt.Chart(part).mark_text(**place).encode(x, y, paint("who", paints), text="label:N")

    return [
        alt.Chart(rows)
        .mark_rule(strokeWidth=2)
        .encode(across("maduro_percent", domain, *span), alt.X2("gonzalez_percent"), y),
        coated(alt.Chart(long).mark_point(size=90, strokeWidth=2, opacity=1).encode(x, y)),
        labels(long[ahead], align="left", dx=9),
        labels(long[~ahead], align="right", dx=-9),
        alt.Chart(rows).mark_text().encode(alt.XValue(0), down("name_y", height), text="name:N"),
    ]


def shelve(
    rows: pd.DataFrame, group: str, order: Iterable[str], step: float, in_line: int
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Set boxes in lines under the heading of their group: rows with `x` and `y`, headings with
    `y`, and the height in pixels.

    A group without rows keeps its heading: that nobody is in it is a finding too.
    """
    top, tops, heads = 0, {}, []
    for name in order:
        tops[name] = top + 22
        heads.append({group: name, "y": top + 9})
        top += 22 + -(-(rows[group] == name).sum() // in_line) * step + 15
    place = rows.groupby(group).cumcount()
    return (
        rows.assign(x=place % in_line * step, y=rows[group].map(tops) + place // in_line * step),
        pd.DataFrame(heads),
        float(top - 15),
    )


def tiles(
    rows: pd.DataFrame,
    say,
    size: tuple[float, float],
    height: float,
    edge: float = 1,
    low: float = 0,
) -> list[alt.Chart]:
    """Draw a small box a row, with its code on it.

    rows: `x`, `y` (pixels of the top left corner), `role`, `code`, `tip`, and `hollow` where some
    are. `edge` is the width of the outline, `low` lowers the codes.
    """
    rows = coat(rows, rows["role"], rows.get("hollow", False))
    rows = rows.assign(
        x2=rows["x"] + size[0], middle=rows["x"] + size[0] / 2, y=rows["y"] + size[1] / 2
    )
    codes = write(rows, say, height, "code", "middle", align="center", dy=low)
    return [
        boxes(rows, say, height, size[1], strokeWidth=edge),
        codes.encode(alt.Color("on:N").scale(None)),
    ]


def tracks(
    rows: pd.DataFrame, say, percent: str, top: float, step: float, height: float, columns: int = 1
) -> list[alt.Chart]:
    """Draw a bar a row on a track that stands for the whole, between its `name` and its percentage,
    in one column or more from `top` down."""
    each, wide = len(rows) // columns, (say.width - 36 * (columns - 1)) / columns
    at = [(i // each * (wide + 36), top + step * (i % each + 0.5)) for i in range(len(rows))]
    rows = rows.assign(
        x=[x for x, _ in at],
        y=[y for _, y in at],
        label=[say.percent(share, 1) for share in rows[percent]],
    )
    rows = rows.assign(
        start=rows["x"] + 112,
        whole=rows["x"] + wide - 48,
        end=rows["x"] + wide,
        tip=rows["name"] + ": " + rows["label"],
    )
    rows["to"] = rows["start"] + (rows["whole"] - rows["start"]) * rows[percent] / 100
    base = alt.Chart(rows).encode(pixels("start", say), down("y", height))
    return [
        base.mark_bar(height=9, color=color("grid")).encode(alt.X2("whole")),
        base.mark_bar(height=9, color=color("neutral")).encode(alt.X2("to"), description="tip:N"),
        write(rows, say, height),
        write(rows, say, height, "label", "end", align="right"),
    ]


def tip(say, name: str, **shares: float) -> str:
    """Write what a mark says when it is pointed at or read aloud: `name: Maduro 51.2%, González
    44.2%`."""
    return f"{name}: " + ", ".join(
        f"{say(key)} {say.percent(value)}" for key, value in shares.items()
    )


def day(say, iso: str) -> str:
    """Spell a day in brief: without the year if that is the year of the vote."""
    return say.date(iso, "short" if iso < "2025" else "dated")


def headings(heads: pd.DataFrame, height: float) -> alt.Chart:
    """Write the headings of groups, from columns `y` and `name`."""
    return (
        alt.Chart(heads)
        .mark_text(fontWeight=600)
        .encode(alt.XValue(0), down("y", height), text="name:N")
    )


NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]}


def config(narrow: bool = False) -> dict[str, Any]:
    """Build the Vega-Lite configuration of all charts at one of the two widths."""
    size = SIZES["narrow" if narrow else "wide"]
    return {
        "font": FONT,
        "background": None,
        "padding": 0,
        "locale": {"number": NUMBERS},
        "view": {"stroke": None},
        "mark": {"color": color("ink")},
        "text": {"fontSize": size, "color": color("ink"), "align": "left", "baseline": "middle"},
        "rule": {"color": color("line")},
        "axis": {
            "labelFontSize": size,
            "labelColor": color("muted"),
            "labelPadding": 6,
            "labelFlush": False,
            "titleFontSize": size,
            "titleColor": color("muted"),
            "titleFontWeight": "normal",
            "titlePadding": 6,
            "gridColor": color("grid"),
            "domain": False,
            "ticks": False,
            "tickCount": 5,
        },
        "axisX": {"titleAnchor": "start", "titleAlign": "left"},
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -12},
        "title": {
            "anchor": "start",
            "frame": "group",
            "fontSize": 20,
            "fontWeight": 600,
            "color": color("ink"),
            "offset": 18,
            "subtitleFontSize": 14,
            "subtitleColor": color("muted"),
            "subtitlePadding": 6,
        },
    }
