"""Make a drawn chart small, steady and fit to stand inside a page.

The drawing engine nests every mark in several groups, repeats fonts and colours on each of them,
and numbers its ids by a counter that lives as long as the process. Here a chart becomes a flat list
of marks in absolute coordinates, with what neighbours share written once: two fifths of the bytes,
without which the report's page would outgrow its limit, the same pixels, and no ids.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from xml.sax.saxutils import escape as xml_escape

from pipeline.charts import fonts

NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
POINT, LENGTH = re.compile(f"{NUMBER},{NUMBER}"), re.compile(f"([hv]){NUMBER}")
SHIFT = re.compile(r"translate\(([^,)]+),([^)]+)\)")
ROUNDED = re.compile(f"M{NUMBER},{NUMBER}(?:L{NUMBER},{NUMBER}C(?:{NUMBER},{NUMBER},?){{3}}){{4}}Z")
CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?$")
DEFAULTS = {
    "opacity": "1",
    "stroke-width": "1",
    "text-anchor": "start",
    "font-weight": "normal",
    "fill-opacity": "1",
    "stroke-dasharray": "",
}
INHERITED = ("fill", "stroke", "opacity", "stroke-width")
GEOMETRY = ("d", "x", "y", "x2", "y2", "aria-label", "transform")
NOISE = re.compile(r"class|role|aria-|pointer-events|version|cursor")
MARK = re.compile(r'(<(?!svg)[^>]*? )aria-label="([^"]*)"')
PLACE = re.compile(r'cx="([\d.]+)" cy="([\d.]+)"')
DOT = r'<circle cx="[\d.]+" cy="[\d.]+" r="'
DOTS = re.compile(rf'<g fill="([^"]+)">({DOT}([\d.]+)"/>(?:{DOT}\3"/>)+)</g>')
RUN, DRAWN = re.compile(r'(?:<path d="[^"]*"/>){2,}'), re.compile(r' d="([^"]*)"')
FIRST = re.compile(r'<tspan x="[^"]*" dy="0">([^<]*)</tspan>')  # of the lines of a text
TEXT, AT = re.compile(r"<(?:text|tspan)[^>]*"), re.compile(r'(?<= [xy]=")[\d.]+')
UNPAINTED = (None, "none", "transparent")


@dataclass
class Leaf:
    """One mark: its element, what places it, how it looks, and its text lines if it is text."""

    tag: str
    place: dict[str, str]
    look: dict[str, str]
    lines: list[tuple[str, str]] = field(default_factory=list)  # (dy, text)


def escape(text: str) -> str:
    """Make text fit for SVG, in elements and in double-quoted attributes."""
    return xml_escape(text, {'"': "&quot;"})


def num(value: float) -> str:
    """Spell a coordinate to a tenth of a pixel, without needless characters."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def leaves(svg: str) -> Iterator[Leaf]:
    """Yield the visible marks of a drawn chart in order; ValueError if it needs ids."""
    if "url(#" in svg:
        raise ValueError("got a clipped or shaded mark, expected none: leave out clip=True")
    yield from _walk(ET.fromstring(svg), 0.0, 0.0, {})


def _walk(node: ET.Element, x: float, y: float, look: dict[str, str]) -> Iterator[Leaf]:
    tag, turned = node.tag.partition("}")[2], "rotate" in node.get("transform", "")
    for dx, dy in SHIFT.findall("" if turned else node.get("transform", "")):
        x, y = x + float(dx), y + float(dy)
    if node.get("display") == "none" or node.get("opacity") == "0":
        return
    own = {k: v for k, v in node.attrib.items() if k not in GEOMETRY and not NOISE.match(k)}
    if tag in ("svg", "g"):
        shared = {k: v for k, v in own.items() if k in INHERITED and DEFAULTS.get(k) != v}
        for child in node:
            yield from _walk(child, x, y, look | shared)
    elif tag in ("path", "line", "text"):
        own = {k: v.removesuffix("px") for k, v in (look | own).items() if DEFAULTS.get(k) != v}
        leaf = Leaf(tag, {}, own, _lines(node) if tag == "text" else [])
        _place(leaf, node, x, y)
        if _seen(leaf):
            yield leaf


def _place(leaf: Leaf, node: ET.Element, x: float, y: float) -> None:
    """Give a mark its place in the whole drawing, as the element that says it in fewest letters."""
    d = node.get("d", "")
    circle = CIRCLE.match(d)
    if leaf.tag == "text" and "rotate" in node.get("transform", ""):
        leaf.place = {"transform": f"translate({num(x)},{num(y)}) {node.get('transform')}"}
    elif leaf.tag == "text":
        leaf.place = {"x": num(x), "y": num(y)}
    elif circle:
        leaf.tag = "circle"
        leaf.place = {"cx": num(x), "cy": num(y), "r": num(float(circle[1]))}
    elif leaf.tag == "line":
        leaf.tag, leaf.look["fill"] = "path", "none"
        across, down = (num(float(node.get(end, 0))) for end in ("x2", "y2"))
        leaf.place = {"d": f"M{num(x)} {num(y)}l{across} {down}"}
    elif ROUNDED.fullmatch(d):
        leaf.tag, leaf.place = "rect", rounded(d, x, y)
    else:
        leaf.place = {"d": moved(d, x, y)}
    if label := node.get("aria-label"):
        leaf.place["aria-label"] = label


def _seen(leaf: Leaf) -> bool:
    """Tell whether a mark shows at all, and drop what it says of a stroke that it does not have."""
    if leaf.look.get("stroke") in UNPAINTED:
        leaf.look = {k: v for k, v in leaf.look.items() if not k.startswith("stroke")}
    painted = any(leaf.look.get(paint) not in UNPAINTED for paint in ("fill", "stroke"))
    filled = any(text for _, text in leaf.lines) if leaf.tag == "text" else leaf.place.get("d", "0")
    return painted and bool(filled)


def _lines(node: ET.Element) -> list[tuple[str, str]]:
    parts = [(child.get("dy", "0"), child.text or "") for child in node]
    return parts or [("0", node.text or "")]


def moved(d: str, x: float, y: float) -> str:
    """Move a path: points shift, lengths (h, v) stay; ValueError for an arc.

    A circle is no arc here: it became an element of its own.
    """
    if "A" in d:
        raise ValueError("got a mark with an arc, expected straight ones, curves and circles")
    lengths = LENGTH.sub(lambda hit: hit[1] + num(float(hit[2])), d)
    return POINT.sub(lambda hit: f"{num(float(hit[1]) + x)} {num(float(hit[2]) + y)}", lengths)


def rounded(d: str, x: float, y: float) -> dict[str, str]:
    """Read the path of a rectangle with round corners as what it is."""
    across, down = ([float(point[axis]) for point in POINT.findall(d)] for axis in (0, 1))
    left, top, corner = min(across), min(down), across[0] - min(across)
    place = (x + left, y + top, max(across) - left, max(down) - top, corner)
    return dict(zip(("x", "y", "width", "height", "rx"), map(num, place), strict=True))


def body(marks: Iterable[Leaf], base: Mapping[str, str], held: bool = False) -> str:
    """Write marks as SVG: neighbours that look the same share a group.

    held: each text says how wide it is in our font, so that it stays whole in any other.
    """

    def look(leaf: Leaf) -> str:
        own = {k: v for k, v in leaf.look.items() if base.get(k) != v}
        return _attributes(dict(sorted(own.items())))

    out = []
    for shared, run in groupby(marks, key=look):
        together = list(run)
        if len(together) == 1 or not shared:
            out += [_element(leaf, shared, held) for leaf in together]
        else:
            out += [f"<g{shared}>", *(_element(leaf, "", held) for leaf in together), "</g>"]
    return "".join(out)


def _attributes(given: Mapping[str, str]) -> str:
    return "".join(f' {key}="{escape(value)}"' for key, value in given.items())


def _element(leaf: Leaf, attributes: str, held: bool) -> str:
    start = f"<{leaf.tag}{_attributes(leaf.place)}{attributes}"
    if leaf.tag != "text":
        return f"{start}/>"
    size, face = float(leaf.look.get("font-size", 0)), fonts.face(leaf.look)
    widths = [holding(text, size, face) if held else "" for _, text in leaf.lines]
    if len(leaf.lines) == 1:
        return f"{start}{widths[0]}>{escape(leaf.lines[0][1])}</text>"
    x = leaf.place.get("x", "0")
    spans = (
        f'<tspan x="{x}" dy="{num(float(dy))}"{width}>{escape(text)}</tspan>'
        for (dy, text), width in zip(leaf.lines, widths, strict=True)
    )
    return f"{start}>{''.join(spans)}</text>"


def holding(text: str, size: float, face: str) -> str:
    """Give the attributes that hold a text to the width that it has in our font."""
    return f' textLength="{num(fonts.width(text, size, face))}" lengthAdjust="spacingAndGlyphs"'


def size(svg: str) -> tuple[int, int]:
    """Read width and height in pixels of a drawn chart."""
    root = ET.fromstring(svg)
    return round(float(root.attrib["width"])), round(float(root.attrib["height"]))


def document(inner: str, width: int, height: int, attributes: dict[str, str]) -> str:
    """Wrap marks as a picture whose root has these attributes."""
    root = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"}
    root |= {"width": f"{width}", "height": f"{height}"} | attributes
    return f"<svg{_attributes(root)}>{inner}</svg>\n"


def labels(svg: str) -> list[str]:
    """List what the marks of a picture say, in their order."""
    return [label for _, label in MARK.findall(svg)]


def silent(svg: str) -> str:
    """Empty the labels of marks: on a page, those of the other width say the same."""
    return MARK.sub(lambda mark: f'{mark[1]}aria-label=""', svg)


def light(svg: str) -> str:
    """Write a picture for a page that has two dozen: what looks alike and says nothing as one path,
    texts on whole pixels."""
    svg = TEXT.sub(lambda tag: AT.sub(lambda at: f"{float(at[0]):.0f}", tag[0]), svg)
    svg = FIRST.sub(r"\1", DOTS.sub(_points, svg))
    return RUN.sub(lambda run: f'<path d="{"".join(dict.fromkeys(DRAWN.findall(run[0])))}"/>', svg)


def _points(dots: re.Match[str]) -> str:
    line, across, down = "", 0.0, 0.0
    for x, y in (map(float, place) for place in PLACE.findall(dots[2])):
        line += f"m{num(x - across)} 0h0" if line and y == down else f"M{num(x)} {num(y)}h0"
        across, down = x, y
    width = f'stroke-width="{num(2 * float(dots[3]))}" stroke-linecap="round"'
    return f'<path d="{line}" fill="none" stroke="{dots[1]}" {width}/>'


def themed(svg: str, palette: Mapping[str, tuple[str, str]]) -> str:
    """Let the page choose the colours: each hex becomes the variable of its role."""
    roles = {light: role for role, (light, _) in palette.items()}
    return re.sub(
        r'(?<==")#[0-9a-f]{6}(?=")',
        lambda hit: f"var(--{roles[hit[0]]})" if hit[0] in roles else hit[0],
        svg,
    )
