"""What a figure must keep to before anything of it is written.

Each rule stands for a defect that shows no error anywhere: a missing glyph swaps the font of a
whole label, an unknown font drops all text, a colour outside the palette stays light on a dark
page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from pipeline.charts import fonts
from pipeline.charts.figure import Figure
from pipeline.charts.say import unfilled
from pipeline.charts.svg import Leaf
from pipeline.errors import Problem

WORDS = ("title", "subtitle", "caption", "alt", "long")


def words(figure: Figure, lang: str, facts: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the words of one language: all there, alt text of its own, every hole filled."""
    given = figure.module.WORDS[lang]
    texts = {key: str(given.get(key, "")) for key in WORDS}
    for key, text in texts.items():
        if not text.strip():
            hint = "every figure has a title, subtitle, caption, alt and long"
            if key == "alt":
                hint = "say what kind of chart it is and what it finds, with its numbers"
            yield figure.problem(f"no {key} ({lang})", hint, "WORDS")
    if _plain(texts["alt"]) and _plain(texts["alt"]) == _plain(texts["caption"]):
        hint = "a listener hears both: let alt describe the picture"
        yield figure.problem(f"alt is the caption again ({lang})", hint, '"alt"')
    for template in [*texts.values(), *given.get("labels", {}).values()]:
        for hole, message, hint in unfilled(template, facts, lang):
            yield figure.problem(message, hint, hole)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".")


def rows(figure: Figure, table: Any) -> Iterator[Problem]:
    """Check what a figure plots: something, with its sources."""
    if not len(table):
        told = "data() gives no rows, expected something to draw"
        yield figure.problem(told, "look at the filters", "def data")
    elif "source_ids" not in table.columns:
        hint = "every row names its sources, separated by ;"
        yield figure.problem("rows without a column source_ids", hint, "def data")


def drawing(
    figure: Figure, marks: list[Leaf], palette: set[str], least: int, size: tuple[int, int]
) -> Iterator[Problem]:
    """Check what was drawn: marks and texts inside, no text cut, covered, tiny or without glyphs.

    palette: the colours allowed; least: pixels of the smallest type; size: width and height.
    """
    where = f"in the {size[0]} px drawing"
    texts = [mark for mark in marks if mark.tag == "text" and "y" in mark.place]
    boxes = [(spoken(mark), extent(mark)) for mark in texts]
    for text, (left, top, right, bottom) in boxes:
        if left < -1 or top < -2 or right > size[0] + 1 or bottom > size[1] + 2:
            told = f'"{text}" is cut at the edge of the {size[0]} px drawing'
            yield figure.problem(told, "leave room for it")
    for (under, one), (text, other) in combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        if across > 1 and down > 1:
            yield figure.problem(f'"{text}" covers "{under}" {where}', "move one of them")
    for mark in marks:
        if any(not (-3 <= x <= size[0] + 3 and -3 <= y <= size[1] + 3) for x, y in corners(mark)):
            told = f"a {mark.tag} lies outside the {size[0]} px drawing"
            yield figure.problem(told, "widen its scale")
        for key in ("fill", "stroke"):
            colour = mark.look.get(key, "none")
            if colour not in palette and colour != "none":
                told = f"{key} {colour} is not in the palette"
                yield figure.problem(told, "use style.color(role)", colour)
        if mark.tag == "text":
            yield from _type(figure, mark, least)


def _type(figure: Figure, mark: Leaf, least: int) -> Iterator[Problem]:
    """Check how a text is set: level, in a font that is there, large enough, every glyph there."""
    text, size = spoken(mark), mark.look.get("font-size", "0")
    if "transform" in mark.place:
        yield figure.problem(f'"{text}" is turned on its side', "write it level", "angle")
    family = mark.look.get("font-family", "").split(",")[0].strip("'\"")
    if family != fonts.FAMILY:
        hint = f"charts are set in {fonts.FAMILY}; leave fonts to figures/style.py"
        yield figure.problem(f'unknown font "{family}"', hint, family)
        return
    if float(size) < least:
        hint = f"at least {least} px at this width"
        yield figure.problem(f'text of {size} px: "{text}"', hint, "fontSize")
    for letter in fonts.missing(text, face(mark.look)):
        told = f'no glyph for "{letter}" (U+{ord(letter):04X}) in "{text}"'
        yield figure.problem(told, "write it otherwise", letter)


def face(look: Mapping[str, str]) -> str:
    """Name the face in which a text with these attributes is set."""
    if look.get("font-style") == "italic":
        return "Italic"
    return "Semibold" if look.get("font-weight") in ("600", "bold", "700") else "Regular"


def spoken(mark: Leaf) -> str:
    """Read a text mark as one line."""
    return " ".join(part for _, part in mark.lines)


def extent(mark: Leaf) -> tuple[float, float, float, float]:
    """Measure the box of a text mark in pixels: left, top, right, bottom."""
    size, leading = float(mark.look["font-size"]), [float(dy) for dy, _ in mark.lines]
    width = max(fonts.width(part, size, face(mark.look)) for _, part in mark.lines)
    x, y = float(mark.place["x"]), float(mark.place["y"])
    left = x - {"middle": width / 2, "end": width}.get(mark.look.get("text-anchor", "start"), 0)
    return left, y + leading[0] - 0.68 * size, left + width, y + math.fsum(leading) + 0.18 * size


def corners(mark: Leaf) -> list[tuple[float, float]]:
    """List the points at which a mark is put down, in pixels; text has an extent of its own."""
    if mark.tag == "circle":
        return [(float(mark.place["cx"]), float(mark.place["cy"]))]
    points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", mark.place.get("d", ""))
    return [(float(x), float(y)) for x, y in points]
