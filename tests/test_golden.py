"""What readers see, written down: every chart mark by mark, the report, its appendix, a figure's
page.

Whatever changes one of these changes a file of `tests/__snapshots__/`, where a reviewer reads it as
a difference. `make accept` shows the differences and then renews the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.conftest import ROOT
from tests.drawing import Mark, marks

pytestmark = pytest.mark.slow
IDS = sorted(
    path.stem.replace("_", "-")
    for path in (ROOT / "figures").glob("*.py")
    if path.stem not in ("__init__", "style")
)
BLOCKS = ("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "tr", "figcaption", "summary")


class Text(SingleFileSnapshotExtension):
    """A file of text for each test."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def accepted(snapshot):
    """What this test last gave and somebody accepted."""
    return snapshot.use_extension(Text)


def parse(page: Path) -> html.HtmlElement:
    return html.parse(str(page), html.HTMLParser(encoding="utf-8"))


def spoken(element: html.HtmlElement) -> str:
    """Read the text of an element as one line."""
    return " ".join("".join(element.itertext()).split())


def line(mark: Mark) -> str:
    """Write a mark as a line: shape, fill, edge, place, and what it says."""
    place = f"{mark.left:.0f} {mark.top:.0f}"
    if mark.shape != "text":
        place += f" to {mark.right:.0f} {mark.bottom:.0f}"
    look = f"{mark.fill or '-'}/{mark.stroke or '-'}" + f" {mark.more}" * bool(mark.more)
    said = f"“{mark.text}”" if mark.text else mark.label
    return f"{mark.shape:<6} {look:<24} {place:<20} {said}".rstrip()


def figure(report: html.HtmlElement, page: html.HtmlElement, name: str) -> Iterator[str]:
    """Write what a reader gets of a figure: its words in the report and on its page, and its
    marks."""
    own = report.get_element_by_id(f"fig-{name}")
    yield from (spoken(part) for part in own.iter("p", "figcaption"))
    yield f"Alternative text: {own.find('.//svg').get('aria-label')}"
    yield from (f"On its page: {spoken(part)}" for part in page.iterfind(".//main//p"))
    for drawing in own.iter("svg"):
        yield f"\n{drawing.get('width')} x {drawing.get('height')}"
        yield from map(line, marks(drawing))


def blocks(root: html.HtmlElement) -> list[str]:
    """List the blocks of text of a page, a line each; what stands inside a block is part of it."""
    found = []
    for element in root.iter(*BLOCKS):
        if not any(above.tag in BLOCKS for above in element.iterancestors()) and not within_chart(
            element
        ):
            cells = [spoken(cell) for cell in element] if element.tag == "tr" else [spoken(element)]
            found.append(f"{element.tag:<10} {' | '.join(cells)}".rstrip())
    return found


def within_chart(element: html.HtmlElement) -> bool:
    return any(above.tag == "svg" for above in element.iterancestors())


@pytest.mark.parametrize("name", IDS)
def test_figure(name, site, accepted):
    report = parse(site / "report.html").getroot()
    page = parse(site / f"figures/{name}/index.html").getroot()
    assert "\n".join(figure(report, page, name)) + "\n" == accepted


@pytest.mark.parametrize("part", ["report", "appendix", "figure-page"])
def test_text(part, site, accepted):
    text = blocks(parse(site / "report.html").find(".//main"))
    ends = [
        i for i, row in enumerate(text) if re.match(r"h2 .*(Where every number|References)", row)
    ]
    parts = {
        "report": text[: ends[0]],
        "appendix": text[ends[0] : ends[1]],
        "figure-page": blocks(parse(site / "figures/two-counts/index.html").find(".//body")),
    }
    assert "\n".join(parts[part]) + "\n" == accepted
