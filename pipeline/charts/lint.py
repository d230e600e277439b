"""What a figure must keep to before anything of it is written: words, rows, fonts, glyphs, colours,
width.

Each rule stands for a defect that shows no error anywhere: a missing glyph swaps the font of a
whole label, an unknown font drops all text, a colour outside the palette stays light on a dark
page.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.charts import fonts
from pipeline.charts.say import unfilled
from pipeline.charts.svg import Leaf
from pipeline.errors import Problem, Problems, mistake

WORDS = ("title", "subtitle", "caption", "alt", "long")
NOT_FIGURES = ("__init__", "style")
SHARED = "shared"


@dataclass(frozen=True)
class Figure:
    """One figure: the name it has everywhere, the file it is made in, and its module."""

    id: str
    path: Path
    module: ModuleType

    def problem(self, message: str, hint: str = "", near: str = "") -> Problem:
        """Name the line of the module that first holds `near`, or the file."""
        rows = self.path.read_text(encoding="utf-8").splitlines()
        line = next((i for i, row in enumerate(rows, 1) if near and near in row), 0)
        return Problem(str(self.path), line, "", message, hint)


def load(path: Path) -> Figure:
    """Load a figure from its module; Problems with the line that stops it from loading."""
    spec = importlib.util.spec_from_file_location(f"figures.{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (
        Exception,
        SystemExit,
    ) as error:  # whatever a module can raise, its author gets the line, not a trace
        raise Problems(mistake(path, error)) from None
    return Figure(path.stem.replace("_", "-"), path, module)


def discover(folder: Path) -> list[Figure]:
    """Load every figure module of a folder, in the order of their names; raise what stops one from
    loading."""
    found, problems = [], []
    for path in sorted(folder.glob("*.py")):
        if path.stem in NOT_FIGURES:
            continue
        try:
            found.append(load(path))
        except Problems as wrong:
            problems += wrong.problems
    problems += [p for figure in found for p in _shape(figure, found)]
    if problems:
        raise Problems(*problems)
    return found


def _shape(figure: Figure, others: Iterable[Figure]) -> Iterator[Problem]:
    for name in ("WORDS", "data", "chart"):
        if not hasattr(figure.module, name):
            yield figure.problem(
                f"no {name}, expected WORDS, data(tables, facts) and chart(rows, say)"
            )
    if figure.id == SHARED:
        yield figure.problem(
            f'the name "{SHARED}" is taken by what all figures share', "rename the module"
        )
    twin = next(
        (other for other in others if other.id == figure.id and other.path != figure.path), None
    )
    if twin and figure.path > twin.path:
        yield figure.problem(
            f'the id "{figure.id}" is taken by {twin.path}', "rename one of the two files"
        )


def words(figure: Figure, lang: str, facts: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the words of one language: all there, alt text of its own, every hole filled."""
    given = figure.module.WORDS[lang]
    for key in WORDS:
        if not str(given.get(key, "")).strip():
            hint = (
                "say what kind of chart it is and what it finds, with its numbers"
                if key == "alt"
                else ""
            )
            yield figure.problem(
                f"no {key} ({lang})",
                hint or "every figure has a title, subtitle, caption, alt and long",
                "WORDS",
            )
    if _plain(given.get("alt")) and _plain(given.get("alt")) == _plain(given.get("caption")):
        yield figure.problem(
            f"alt is the caption again ({lang})",
            "a listener hears both: let alt describe the picture",
            '"alt"',
        )
    for template in [*(given.get(key, "") for key in WORDS), *given.get("labels", {}).values()]:
        for hole in unfilled(template, facts, lang):
            yield figure.problem(hole.message, hole.hint, hole.hole)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold().rstrip(".")


def rows(figure: Figure, table: Any) -> Iterator[Problem]:
    """Check what a figure plots: something, with its sources."""
    if not len(table):
        yield figure.problem(
            "data() gives no rows, expected something to draw", "look at the filters", "def data"
        )
    elif "source_ids" not in table.columns:
        yield figure.problem(
            "rows without a column source_ids",
            "every row names its sources, separated by ;",
            "def data",
        )


def drawing(
    figure: Figure, marks: list[Leaf], palette: set[str], least: int, size: tuple[int, int]
) -> Iterator[Problem]:
    """Check what was drawn: colours of the palette, known fonts, glyphs for every letter, no tiny,
    cut or covered type."""
    texts = [
        (mark, box)
        for mark in marks
        if mark.tag == "text" and "y" in mark.place
        for box in [extent(mark)]
    ]
    for i, (mark, box) in enumerate(texts):
        if box[0] < -1 or box[1] < -2 or box[2] > size[0] + 1 or box[3] > size[1] + 2:
            yield figure.problem(
                f'"{spoken(mark)}" is cut at the edge of the {size[0]} px drawing',
                "leave room for it",
            )
        for other, place in texts[:i]:
            if (
                min(box[2], place[2]) - max(box[0], place[0]) > 1
                and min(box[3], place[3]) - max(box[1], place[1]) > 1
            ):
                yield figure.problem(
                    f'"{spoken(mark)}" covers "{spoken(other)}" in the {size[0]} px drawing',
                    "move one of them",
                )
    for mark in marks:
        if any(not (-3 <= x <= size[0] + 3 and -3 <= y <= size[1] + 3) for x, y in corners(mark)):
            yield figure.problem(
                f"a {mark.tag} lies outside the {size[0]} px drawing", "widen its scale"
            )
        for key in ("fill", "stroke"):
            colour = mark.look.get(key, "none")
            if colour not in palette and colour != "none":
                yield figure.problem(
                    f"{key} {colour} is not in the palette", "use style.color(role)", colour
                )
        if mark.tag == "text":
            yield from _text(figure, mark, least)


def _text(figure: Figure, mark: Leaf, least: int) -> Iterator[Problem]:
    text = spoken(mark)
    if "transform" in mark.place:
        yield figure.problem(f'"{text}" is turned on its side', "write it level", "angle")
    family = mark.look.get("font-family", "").split(",")[0].strip("'\"")
    if family != fonts.SANS:
        yield figure.problem(
            f'unknown font "{family}"',
            f"charts are set in {fonts.SANS}; leave fonts to figures/style.py",
            family,
        )
        return
    if float(mark.look.get("font-size", 0)) < least:
        yield figure.problem(
            f'text of {mark.look.get("font-size")} px: "{text}"',
            f"at least {least} px at this width",
            "fontSize",
        )
    for letter in fonts.missing(text, style=face(mark.look)):
        yield figure.problem(
            f'no glyph for "{letter}" (U+{ord(letter):04X}) in "{text}"',
            "write it otherwise",
            letter,
        )


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
    width = max(fonts.width(part, size, style=face(mark.look)) for _, part in mark.lines)
    x, y = float(mark.place["x"]), float(mark.place["y"])
    left = x - {"middle": width / 2, "end": width}.get(mark.look.get("text-anchor", "start"), 0)
    return left, y + leading[0] - 0.68 * size, left + width, y + math.fsum(leading) + 0.18 * size


def corners(mark: Leaf) -> list[tuple[float, float]]:
    """List the points at which a mark is put down, in pixels; text has an extent of its own."""
    if mark.tag == "circle":
        return [(float(mark.place["cx"]), float(mark.place["cy"]))]
    return [
        (float(x), float(y))
        for x, y in re.findall(r"[ML](-?[\d.]+)[ ,]?(-?[\d.]+)", mark.place.get("d", ""))
    ]
