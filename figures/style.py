"""The look of every chart: one palette, one theme and the few helpers that all figures share.

A figure names roles, never colours. Each role has a colour for light and one for dark pages, and no
two roles share a colour, so that a drawn chart can be switched between the two by replacing one by
the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date

import altair as alt
import pandas as pd
from numpy import interp

# quoted: a family with a bare digit counts as unknown and loses all text
FONT = "'Source Sans 3',sans-serif"
WIDTHS = {"wide": 660, "narrow": 340}  # pixels; a chart is drawn at the width it is shown at
SIZES = {
    "wide": 13,
    "narrow": 12,
}  # pixels of the text on a chart; the wide one prints at 8.4 points

# role: (on light pages, on dark pages). Neither side of the contest has a party or flag colour.
PALETTE = {
    "paper": ("#ffffff", "#15171a"),
    "ink": ("#1b1d20", "#e8e9eb"),
    "muted": ("#5a6067", "#a8aeb5"),
    "grid": ("#e4e6e8", "#2d3136"),
    "line": ("#b4b9bf", "#4d545b"),
    "zero": ("#3c4146", "#c6cacf"),
    "maduro": ("#b35806", "#f1a340"),
    "gonzalez": ("#5e3c99", "#b8a3e6"),
    "others": ("#6d737a", "#9ba2a9"),
    "neutral": ("#757575", "#8f949c"),
    "concern": ("#9f94c6", "#665a99"),
    "asked": ("#7a68b5", "#8d7cc9"),
    "rejected": ("#553a99", "#b9a9ea"),
    "recognised": ("#2a0850", "#e9e2ff"),
    "nodata": ("#f3f4f5", "#212529"),
    "foreign": ("#00695f", "#4fc3b3"),
    "on-strong": ("#fefefe", "#111316"),
    "on-concern": ("#17191b", "#f7f7f8"),
}

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


def axis(labels: Mapping[float, str], **more: object) -> alt.Axis:
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
    base: alt.Chart, key: str, places: Mapping[str, tuple[str, float, float]]
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
    rows: pd.DataFrame, say, height: float, text: str = "name", x: str | float = "x", **mark: object
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


def boxes(rows: pd.DataFrame, say, height: float, thick: float, **mark: object) -> alt.Chart:
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

    rows: `y`, `name`, `maduro_percent`, `gonzalez_percent`, `tip`, the flags `hollow` (looks
    uncertain) and `named` (its labels carry the names), and `places`, its decimals. The row's name
    stands at the left, or above the marks.
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

    def labels(part: pd.DataFrame, **place: object) -> alt.Chart:
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


def config(narrow: bool = False, lang: str = "en") -> dict:
    """Build the Vega-Lite configuration of all charts at one of the two widths."""
    size = SIZES["narrow" if narrow else "wide"]
    numbers = {
        "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]},
        "es": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0$"]},
    }
    return {
        "font": FONT,
        "background": None,
        "padding": 0,
        "locale": {"number": numbers[lang]},
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


@alt.theme.register("house", enable=True)
def house() -> alt.theme.ThemeConfig:
    """Give charts shown in a notebook the look of the report."""
    return {"config": config()}


def css() -> str:
    """Write the palette as variables for the web page: light, and dark where the reader's system is
    dark."""
    lights, darks = (
        "".join(f"  --{role}: {pair[i]};\n" for role, pair in PALETTE.items()) for i in (0, 1)
    )
    note = "/* Made from PALETTE in figures/style.py. */\n"
    return (
        f"{note}:root {{\n{lights}}}\n@media (prefers-color-scheme: dark) {{\n:root "
        f"{{\n{darks}}}\n}}\n"
    )
