"""Read a chart as it was drawn: every mark with its place, the roles of its colours and what it
says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path
from lxml import etree

from figures import style

ROLES = {light: role for role, (light, _) in style.PALETTE.items()}
SPEAKING = ".//*[@data-label]"
SHAPES = ("path", "circle", "rect", "text")
LOOK = ("fill", "stroke", "opacity", "stroke-dasharray", "text-anchor", "font-weight")


class Mark(NamedTuple):
    """One mark of a drawing; places are pixels from its top left corner."""

    shape: str  # path, circle or text
    fill: str  # role of the palette, or nothing
    stroke: str
    left: float
    top: float
    right: float
    bottom: float
    text: str  # what is written, if it is text
    label: str  # what it says when it is pointed at or heard
    more: str  # whatever else makes it look as it does

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def colour(self) -> str:
        """The role that the eye sees: hollow marks have it on their edge alone."""
        return self.stroke if self.fill in ("", "paper") else self.fill


def marks(svg: etree._Element) -> list[Mark]:
    """List the marks of an SVG element in the order in which they are painted."""
    for mark, label in zip(svg.xpath(SPEAKING), labels(svg), strict=True):
        mark.set("data-label", label)
    return list(_walk(svg, {}))


def labels(svg: etree._Element) -> list[str]:
    """List what the marks of a drawing on a page say; those that say nothing say what the drawing
    before them does, as the script of the page lets them."""
    framed = "ancestor::*[@class='plot' or @class='drawing'][1]//*[local-name()='svg']"
    first = (svg.xpath(framed) or [svg])[0].xpath(SPEAKING)
    own = [mark.get("data-label") for mark in svg.xpath(SPEAKING)]
    return [label or first[at].get("data-label") for at, label in enumerate(own)]


def _walk(node: etree._Element, look: dict[str, str]) -> Iterator[Mark]:
    look = look | {key: node.get(key) for key in LOOK if node.get(key)}
    name = str(node.tag).rpartition("}")[2]
    if name not in SHAPES:
        for child in node:
            yield from _walk(child, look)
        return
    label = node.get("data-label") or node.get("aria-label") or node.findtext("{*}title") or ""
    label = " ".join(label.split())
    more = " ".join(f"{key}={look[key]}" for key in LOOK[2:] if key in look)
    painted = role(look.get("fill", "")), role(look.get("stroke", ""))
    shape = "circle" if node.get("stroke-linecap") == "round" else name.replace("rect", "path")
    for box in boxes(name, node):
        yield Mark(shape, *painted, *box, written(node) if name == "text" else "", label, more)


def role(paint: str) -> str:
    """Name the role of a colour, written as itself or as the page's variable."""
    return ROLES.get(paint, paint.removeprefix("var(--").removesuffix(")").replace("none", ""))


def boxes(shape: str, node: etree._Element) -> Iterator[tuple[float, float, float, float]]:
    """Give the box of a shape; a path that draws several lines is as many marks."""
    if shape == "text":
        x, y = float(node.get("x", 0)), float(node.get("y", 0))
        yield x, y, x, y
    elif shape == "circle":
        x, y, r = (float(node.get(key)) for key in ("cx", "cy", "r"))
        yield x - r, y - r, x + r, y + r
    elif shape == "rect":
        x, y, width, height = (float(node.get(key)) for key in ("x", "y", "width", "height"))
        yield x, y, x + width, y + height
    elif node.get("stroke-linecap") == "round":
        r, x, y = float(node.get("stroke-width")) / 2, 0.0, 0.0
        for way, across, down in re.findall(r"([Mm])([\d.-]+) ([\d.-]+)h0", node.get("d")):
            x, y = (float(across), float(down)) if way == "M" else (x + float(across), y)
            yield x - r, y - r, x + r, y + r
    else:
        parts = re.findall(r"M[^M]*", node.get("d"))
        for d in (
            parts
            if "Z" not in node.get("d") or all(part.endswith("Z") for part in parts)
            else [node.get("d")]
        ):
            pen = BoundsPen(None)
            parse_path(d, pen)
            yield pen.bounds


def written(node: etree._Element) -> str:
    """Read a text of one line or more as one line."""
    return " ".join(" ".join(part.split(" ")) for part in node.itertext() if part.strip())
