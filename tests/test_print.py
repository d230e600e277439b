"""The PDF as a reader leafs through it: what belongs together stands together."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

pytestmark = pytest.mark.slow
CAPTION = re.compile(r"\bFigure (\d+):")


def strayed(captions: dict[int, int], homes: dict[int, tuple[int, int]]) -> list[int]:
    """List figures that stand before their section begins or after the next one does, by pages."""
    return [n for n, page in captions.items() if not homes[n][0] <= page <= homes[n][1]]


def captions(document: pypdfium2.PdfDocument) -> dict[int, int]:
    """Find the page on which each figure's caption stands: number → page."""
    found: dict[int, int] = {}
    for page in range(len(document)):
        for match in CAPTION.finditer(document[page].get_textpage().get_text_range()):
            found.setdefault(int(match[1]), page)
    return found


def homes(document: pypdfium2.PdfDocument, report: Path) -> dict[int, tuple[int, int]]:
    """Say for each figure on which page its section begins, and on which the next one does."""
    sections = re.split(r"^## ", report.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    starts = [mark.get_dest().get_index() for mark in document.get_toc() if mark.level == 0]
    starts = [*starts[-len(sections) :], len(document)]
    spans = []
    for section, span in zip(sections, pairwise(starts), strict=True):
        drawn = re.findall(r"include build/include/en/(?!corrections)", section)
        spans += [span] * len(drawn)
    return dict(enumerate(spans, 1))


def test_every_figure_is_printed_in_its_section(built):
    _, folder = built
    document = pypdfium2.PdfDocument(folder / "_output/report.pdf")
    places, sections = captions(document), homes(document, folder / "report.qmd")
    assert set(places) == set(sections) and len(places) >= 13
    assert strayed(places, sections) == []
    document.close()


def test_a_figure_a_section_late_is_found():
    assert strayed({1: 5, 2: 6, 3: 9}, {1: (4, 5), 2: (5, 8), 3: (5, 8)}) == [3]
