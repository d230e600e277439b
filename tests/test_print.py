"""The PDF as a reader leafs through it: what belongs together stands together, every link leads to
what it names, and every picture is the one that its caption tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import html

from tests.drawing import marks

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


# --- what the PDF says beside the page


@pytest.fixture(scope="module")
def page(project):
    parser = html.HTMLParser(encoding="utf-8")
    return html.parse(str(project / "_output/report.html"), parser).getroot()


@pytest.fixture(scope="module")
def printed(built):
    """The PDF of an engine, opened by the library that reads texts: with its path."""
    path = built[1] / "_output/report.pdf"
    document = pypdfium2.PdfDocument(path)
    yield document, path
    document.close()


def squeezed(text: str) -> str:
    """Leave out spaces, and hyphens, which stand where a line is broken."""
    return re.sub(r"[\s\x00-\x1f\ufffe\u00ad\u2010-]", "", text)


def test_each_printed_picture_has_the_alternative_text_of_that_on_the_page(printed, page):
    heard = [svg.get("aria-label") for svg in page.xpath("//figure//svg[1]")]
    with pikepdf.open(printed[1]) as document:
        alts = sorted(
            str(entry.Alt)
            for entry in document.objects
            if isinstance(entry, pikepdf.Dictionary) and "/Alt" in entry
        )
    assert alts == sorted(heard)


def unlabelled(document: pypdfium2.PdfDocument, page: html.HtmlElement) -> list[str]:
    """List figures of the page whose labels are not all printed where their caption is."""
    found = []
    for number, place in captions(document).items():
        figure = page.xpath("//figure[starts-with(@id, 'fig-')]")[number - 1]
        texts = {mark.text for mark in marks(figure.find(".//svg")) if mark.text}
        told = squeezed(document[place].get_textpage().get_text_range())
        missing = [text for text in texts if squeezed(text) not in told]
        found += [figure.get("id")] * (len(missing) > len(texts) / 10)
    return found


def test_the_picture_above_a_caption_is_that_of_its_figure(printed, page):
    assert unlabelled(printed[0], page) == []


def test_a_picture_above_the_caption_of_another_is_found(printed, page):
    page = deepcopy(page)  # which other tests read
    for figure in page.xpath("//figure[starts-with(@id, 'fig-')]"):
        svg = figure.find(".//svg")
        for mark in svg.iter("text"):
            mark.text = "Elsewhere"
    ids = page.xpath("//figure[starts-with(@id, 'fig-')]/@id")
    assert len(unlabelled(printed[0], page)) == len(ids)


def links(path: Path, first: int) -> Iterator[tuple[str, str, str]]:
    """Read every link that leads to the page `first` or a later one: its text, what begins where it
    leads, and the number that stands before that."""
    document, pages = pikepdf.open(path), pypdfium2.PdfDocument(path)
    texts = [page.get_textpage() for page in pages]
    place = {page.objgen: number for number, page in enumerate(document.pages)}
    for number, page in enumerate(document.pages):
        for link in page.get("/Annots", []):
            to = link.get("/Dest")
            if not isinstance(to, pikepdf.Array) or place[to[0].objgen] < first:
                continue
            there, x, y = texts[place[to[0].objgen]], float(to[2]), float(to[3])
            boxes = (x - 1, y - 36, x + 240, y - 2), (x - 20, y - 11, x, y + 1)
            lines = (texts[number].get_text_bounded(*box) for box in parts(link))
            found = (there.get_text_bounded(*box) for box in boxes)
            yield squeezed("".join(lines)), *map(squeezed, found)
    pages.close()
    document.close()


def parts(link: pikepdf.Object) -> Iterator[tuple[float, float, float, float]]:
    """Give the boxes of a link, one for each line that it stands on, without the edges into which
    the letters of the lines above and below reach."""
    corners = [float(value) for value in link.get("/QuadPoints", link.Rect)]
    for start in range(0, len(corners), 8):
        xs, ys = corners[start : start + 8 : 2], corners[start + 1 : start + 8 : 2]
        edge = (max(ys) - min(ys)) / 5
        yield min(xs), min(ys) + edge, max(xs), max(ys) - edge


def first_page(document: pypdfium2.PdfDocument) -> int:
    """Say on which page the appendix begins; references follow it."""
    marks_ = {mark.get_title(): mark.get_dest().get_index() for mark in document.get_toc()}
    return next(page for title, page in marks_.items() if title.endswith("every number comes from"))


def rows(page: html.HtmlElement) -> set[tuple[str, str]]:
    """List how the page prints facts and how the rows that they lead to begin."""
    terms = {term.get("id"): term.text_content() for term in page.xpath("//dt/a")}
    facts = page.xpath("//main//a[starts-with(@href, '#fact-')]")
    return {
        (squeezed(fact.text_content()), squeezed(terms[fact.get("href")[1:]])) for fact in facts
    }


def misled(path: Path, first: int, known: set[tuple[str, str]]) -> list[str]:
    """List links to rows of the appendix and to sources that lead to that of another number."""
    return [
        f"{said} to {there}"
        for said, there, before in links(path, first)
        if said != re.sub(r"^.*\D", "", before)
        and not any(said == text and there.startswith(term) for text, term in known)
    ]


def test_every_printed_number_leads_to_its_row_or_its_source(printed, page):
    document, path = printed
    assert misled(path, first_page(document), rows(page)) == []
    other = {(text, f"another {term}") for text, term in rows(page)}
    assert len(misled(path, first_page(document), other)) > 500, "a link to another row is found"


def test_the_printed_appendix_is_as_honest_as_that_of_the_page(printed, page):
    document, _ = printed
    pages = range(first_page(document), len(document))
    told = squeezed("".join(document[n].get_textpage().get_text_range() for n in pages))
    heard = squeezed("".join("".join(row.itertext()) for row in page.iter("dd")))
    for words in ("Single source.", "low confidence).", "medium confidence).", "Computed here:"):
        assert heard.count(squeezed(words)) == told.count(squeezed(words)) > 2, words
