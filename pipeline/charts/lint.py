"""What a figure must keep to before anything of it is written.

Each rule stands for a defect that shows no error anywhere: a missing glyph swaps the font of a
whole label, an unknown font drops all text, a colour outside the palette stays light on a dark
page.
"""

import math
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from pipeline.charts import fonts
from pipeline.charts.figure import Figure, at
from pipeline.charts.say import unfilled
from pipeline.charts.svg import Leaf
from pipeline.errors import Problem

TEXTS = ("title", "subtitle", "note", "alt", "long")  # every figure has these


def words(figure: Figure, lang: str, facts: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the words of one language: alt text of its own, every hole filled."""
    given = figure.template[lang]
    alt, note = (" ".join(given[key].split()).casefold().rstrip(".") for key in ("alt", "note"))
    if alt == note:
        hint = "a listener hears both: let alt describe the picture"
        yield figure.wording(f"alt is the note again ({lang})", hint, "alt:")
    yield from holes(figure.path.with_suffix(".yml"), given, facts, lang)


def holes(path: Path, part: Any, facts: Mapping[str, Any], lang: str) -> Iterator[Problem]:
    """Find the holes that no fact fills in the words of a file: texts, in lists and by name."""
    if isinstance(part, str):
        for hole, message, hint in unfilled(part, facts, lang):
            yield at(path, message, hint, hole)
    else:
        for inner in part.values() if isinstance(part, dict) else part:
            yield from holes(path, inner, facts, lang)


def rows(figure: Figure, lang: str, table: Any) -> Iterator[Problem]:
    """Check what a figure plots: something, with its sources, and the columns that people read."""
    if not len(table):
        told = "rows() gives no rows, expected something to draw"
        yield figure.problem(told, "look at the filters", "def rows")
    elif "source_ids" not in table.columns:
        hint = "every row names its sources, separated by ;"
        yield figure.problem("rows without a column source_ids", hint, "def rows")
    given = figure.template[lang]
    named = [name for key in ("columns", "holds") for name in given.get(key) or {}]
    for name in [name for name in named if name not in table.columns]:
        hint = f"rows() of {figure.path} gives {', '.join(table.columns)}"
        yield figure.wording(f"no column {name} ({lang})", hint, f"{name}:")


def drawing(
    figure: Figure, marks: list[Leaf], palette: set[str], least: int, size: tuple[int, int]
) -> Iterator[Problem]:
    """Check what was drawn: marks and texts inside, no text covered, tiny or without glyphs.

    palette: the colours allowed; least: pixels of the smallest type; size: width and height.
    """
    yield from _places(figure, marks, size)
    for mark in marks:
        if any(not (-3 <= x <= size[0] + 3 and -3 <= y <= size[1] + 3) for x, y in corners(mark)):
            told = f"a {mark.tag} lies outside the {size[0]} px drawing"
            yield figure.problem(told, "widen its scale", "def chart")
        for key in ("fill", "stroke"):
            colour = mark.look.get(key, "none")
            if colour not in palette and colour != "none":
                told = f"{key} {colour} is not in the palette"
                yield figure.problem(told, "use style.color(role)", colour)
        if mark.tag == "text":
            yield from _type(figure, mark, least)


def _places(figure: Figure, marks: list[Leaf], size: tuple[int, int]) -> Iterator[Problem]:
    """Check where texts stand: inside, and none on another; of many the first is told."""
    where = f"the {size[0]} px drawing"
    texts = [mark for mark in marks if mark.tag == "text" and "y" in mark.place]
    boxes = [(spoken(mark), extent(mark)) for mark in texts]
    cut = [
        f'"{text}" is cut at the edge of {where}'
        for text, (left, top, right, bottom) in boxes
        if left < -1 or top < -2 or right > size[0] + 1 or bottom > size[1] + 2
    ]
    covered = []
    for (under, one), (text, other) in combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        if across > 1 and down > 1:
            covered.append(f'"{text}" covers "{under}" in {where}')
    for told, hint in ((cut, "leave room for it"), (covered, "give them room, or write fewer")):
        if told:
            more = f", and {len(told) - 1} more" if len(told) > 1 else ""
            yield figure.problem(told[0] + more, hint, "def chart")


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
    for letter in fonts.missing(text, fonts.face(mark.look)):
        told = f'no glyph for "{letter}" (U+{ord(letter):04X}) in "{text}"'
        written = figure.wording(told, "write it otherwise", letter)
        yield written if written.line else figure.problem(told, "write it otherwise", letter)


def spoken(mark: Leaf) -> str:
    """Read a text mark as one line."""
    return " ".join(part for _, part in mark.lines)


def extent(mark: Leaf) -> tuple[float, float, float, float]:
    """Measure the box of a text mark in pixels: left, top, right, bottom."""
    size, leading = float(mark.look["font-size"]), [float(dy) for dy, _ in mark.lines]
    width = max(fonts.width(part, size, fonts.face(mark.look)) for _, part in mark.lines)
    x, y = float(mark.place["x"]), float(mark.place["y"])
    left = x - {"middle": width / 2, "end": width}.get(mark.look.get("text-anchor", "start"), 0)
    return left, y + leading[0] - 0.68 * size, left + width, y + math.fsum(leading) + 0.18 * size


def corners(mark: Leaf) -> list[tuple[float, float]]:
    """List the points at which a mark is put down, in pixels; text has an extent of its own."""
    if mark.tag == "circle":
        return [(float(mark.place["cx"]), float(mark.place["cy"]))]
    found, x, y = [], 0.0, 0.0
    for step, told in re.findall(r"([MLClhv])([^A-Za-z]*)", mark.place.get("d", "")):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", told)]
        if step in "hv":
            x, y = (x + numbers[0], y) if step == "h" else (x, y + numbers[0])
        else:
            x, y = (x + numbers[0], y + numbers[1]) if step == "l" else (numbers[-2], numbers[-1])
        found.append((x, y))
    return found
