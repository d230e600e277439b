"""Make a drawn chart small, steady and fit to stand inside a page.

The drawing engine nests every mark in several groups, repeats fonts and colours on each of them,
and numbers its ids by a counter that lives as long as the process. Here a chart becomes a flat list
of marks in absolute coordinates, with what neighbours share written once: a quarter of the bytes,
the same pixels, and no ids.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
SHIFT = re.compile(r"translate\(([^,)]+),([^)]+)\)")
CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?$")
POINTS = {"M": 2, "L": 2, "T": 2, "C": 6, "S": 4, "Q": 4, "H": 1, "V": 1, "A": 7}
DEFAULTS = {
    "opacity": "1",
    "stroke-width": "1",
    "text-anchor": "start",
    "font-weight": "normal",
    "fill-opacity": "1",
    "stroke-dasharray": "",
}
INHERITED = ("fill", "stroke", "opacity", "stroke-width")
NOISE = re.compile(r"^(class|role|aria-(?!label)|pointer-events|transform|version|cursor)")
GEOMETRY = ("d", "cx", "cy", "r", "x", "y", "transform", "aria-label")


@dataclass
class Leaf:
    """One mark: its element, what places it, how it looks, and its text lines if it is text."""

    tag: str
    place: dict[str, str]
    look: dict[str, str]
    lines: list[tuple[str, str]] = field(default_factory=list)  # (dy, text)


def escape(text: str) -> str:
    """Make text fit for SVG, in elements and in double-quoted attributes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def num(value: float) -> str:
    """Spell a coordinate to a tenth of a pixel, without needless characters."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def leaves(svg: str) -> Iterator[Leaf]:
    """Yield the visible marks of a drawn chart in order; ValueError if it needs ids (clips,
    gradients)."""
    if "url(#" in svg:
        raise ValueError("got a clipped or shaded mark, expected none: leave out clip=True")
    yield from _walk(ET.fromstring(svg), 0.0, 0.0, {})


def _walk(node: ET.Element, x: float, y: float, look: dict[str, str]) -> Iterator[Leaf]:
    tag = node.tag.partition("}")[2]
    transform = node.get("transform", "")
    turned = "rotate" in transform
    for dx, dy in SHIFT.findall("" if turned else transform):
        x, y = x + float(dx), y + float(dy)
    own = {k: v for k, v in node.attrib.items() if not NOISE.match(k)}
    if node.get("display") == "none" or own.get("opacity") == "0":
        return
    if tag in ("svg", "g"):
        kept = {k: v for k, v in own.items() if k in INHERITED and DEFAULTS.get(k) != v}
        for child in node:
            yield from _walk(child, x, y, look | kept)
    elif tag in ("path", "line", "text"):
        yield from _leaf(tag, node, own, (x, y), look, transform if turned else "")


def _leaf(
    tag: str, node: ET.Element, own: dict, at: tuple[float, float], look: dict, turned: str
) -> Iterator[Leaf]:
    geometry = {
        key: own.pop(key) for key in ("d", "x", "y", "x2", "y2", "aria-label") if key in own
    }
    own = {k: v.removesuffix("px") for k, v in (look | own).items() if DEFAULTS.get(k) != v}
    lines = _lines(node) if tag == "text" else []
    if tag == "text":
        own.pop("stroke", None) if own.get("stroke") == "none" else None
        place = {"transform": _turn(turned, at)} if turned else {"x": num(at[0]), "y": num(at[1])}
    elif tag == "line":
        end = at[0] + float(geometry.get("x2", 0)), at[1] + float(geometry.get("y2", 0))
        tag, place = "path", {"d": f"M{num(at[0])} {num(at[1])}" + _stroke(at, end)}
        own["fill"] = "none"
    elif CIRCLE.match(geometry.get("d", "")):
        tag, place = (
            "circle",
            {"cx": num(at[0]), "cy": num(at[1]), "r": num(float(CIRCLE.match(geometry["d"])[1]))},
        )
    else:
        place = {"d": shifted(geometry.get("d", ""), *at)}
    painted = [own.get(key, "none") not in ("none", "transparent") for key in ("fill", "stroke")]
    if (
        not any(painted)
        or (tag == "path" and not place["d"])
        or (tag == "text" and not any(t for _, t in lines))
    ):
        return
    own = {k: v for k, v in own.items() if painted[1] or not k.startswith("stroke")}
    label = {"aria-label": geometry["aria-label"]} if "aria-label" in geometry else {}
    yield Leaf(tag, place | label, own, lines)


def _lines(node: ET.Element) -> list[tuple[str, str]]:
    parts = [(child.get("dy", "0"), child.text or "") for child in node]
    return parts or [("0", node.text or "")]


def _turn(transform: str, at: tuple[float, float]) -> str:
    return f"translate({num(at[0])},{num(at[1])}) {transform}"


def _stroke(start: tuple[float, float], end: tuple[float, float]) -> str:
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (
        f"h{num(dx)}"
        if not round(dy, 1)
        else f"v{num(dy)}"
        if not round(dx, 1)
        else f"l{num(dx)} {num(dy)}"
    )


def shifted(d: str, x: float, y: float) -> str:
    """Move a path: absolute coordinates shift, relative ones stay; all are rounded."""
    out = []
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", d.replace("e-", "E-")):
        values = [float(v) for v in NUMBER.findall(rest.replace("E-", "e-"))]
        size = POINTS.get(command)
        for i in range(len(values)) if size else ():
            place = i % size
            if command == "A":
                values[i] += x if place == 5 else y if place == 6 else 0
            else:
                values[i] += y if command == "V" or (command != "H" and place % 2) else x
        out.append(command + " ".join(map(num, values)).replace(" -", "-"))
    return "".join(out)


def body(marks: Iterable[Leaf], base: Mapping[str, str]) -> str:
    """Write marks as SVG: neighbours that look the same share a group, unlabelled lines share a
    path."""
    out = []
    marks = [
        Leaf(m.tag, m.place, {k: v for k, v in m.look.items() if base.get(k) != v}, m.lines)
        for m in marks
    ]
    for look, run in groupby(marks, key=lambda leaf: leaf.look):
        run = list(_merged(list(run)))
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in sorted(look.items()))
        if len(run) == 1 or not attributes:
            out += [_element(leaf, attributes) for leaf in run]
        else:
            out += [f"<g{attributes}>", *(_element(leaf, "") for leaf in run), "</g>"]
    return "".join(out)


def _merged(run: list[Leaf]) -> Iterator[Leaf]:
    def joinable(leaf: Leaf) -> bool:
        return (
            leaf.tag == "path"
            and "aria-label" not in leaf.place
            and leaf.look.get("fill") == "none"
        )

    for together, part in groupby(run, key=joinable):
        part = list(part)
        if together:
            yield Leaf("path", {"d": "".join(leaf.place["d"] for leaf in part)}, part[0].look)
        else:
            yield from part


def _element(leaf: Leaf, attributes: str) -> str:
    place = "".join(f' {key}="{escape(value)}"' for key, value in leaf.place.items())
    if leaf.tag != "text":
        return f"<{leaf.tag}{place}{attributes}/>"
    if len(leaf.lines) == 1:
        return f"<text{place}{attributes}>{escape(leaf.lines[0][1])}</text>"
    x = leaf.place.get("x", "0")
    spans = "".join(
        f'<tspan x="{x}" dy="{num(float(dy))}">{escape(text)}</tspan>' for dy, text in leaf.lines
    )
    return f"<text{place}{attributes}>{spans}</text>"


def size(svg: str) -> tuple[int, int]:
    """Read width and height in pixels of a drawn chart."""
    found = re.search(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"', svg)
    return round(float(found[1])), round(float(found[2]))


def document(inner: str, width: int, height: int, base: Mapping[str, str], more: str = "") -> str:
    """Wrap marks as a picture with an accessible name or, with `more`, other attributes of its
    root."""
    shared = "".join(f' {key}="{escape(value)}"' for key, value in base.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"'
        f'{shared} stroke-miterlimit="10"{more}>{inner}</svg>\n'
    )


def themed(svg: str, palette: Mapping[str, tuple[str, str]]) -> str:
    """Let the page choose the colours: each hex becomes the variable of its role."""
    roles = {light: role for role, (light, _) in palette.items()}
    return re.sub(
        r'(?<==")#[0-9a-f]{6}(?=")',
        lambda hit: f"var(--{roles[hit[0]]})" if hit[0] in roles else hit[0],
        svg,
    )


def dark(svg: str, palette: Mapping[str, tuple[str, str]]) -> str:
    """Redraw a picture in the colours of dark pages."""
    darks = dict(palette.values())
    return re.sub(r'(?<==")#[0-9a-f]{6}(?=")', lambda hit: darks.get(hit[0], hit[0]), svg)
