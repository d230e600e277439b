"""The PDF as a reader leafs through it: what belongs together stands together, every link leads to
what it names, and every picture is the one that its caption tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import html

from tests.drawing import marks

pytestmark = pytest.mark.slow
CAPTION = re.compile(r"\bFigure (\d+):")


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


PLACE = tuple[int, float]  # a page, and how far down on it


def down(document: pypdfium2.PdfDocument, page: int, y: float) -> PLACE:
    return page, document[page].get_height() - y


@cache
def texts(document: pypdfium2.PdfDocument) -> list[str]:
    """Read the text of each page."""
    return [page.get_textpage().get_text_range() for page in document]


@cache
def captions(document: pypdfium2.PdfDocument) -> dict[int, PLACE]:
    """Find where the caption of each figure stands: number → place."""
    found: dict[int, PLACE] = {}
    for page, text in enumerate(texts(document)):
        for match in CAPTION.finditer(text):
            top = document[page].get_textpage().get_charbox(match.start())[3]
            found.setdefault(int(match[1]), down(document, page, top))
    return found


def headings(document: pypdfium2.PdfDocument) -> dict[str, PLACE]:
    """Find where each heading with a bookmark stands: what it says, without number → place."""
    marks_ = [mark for mark in document.get_toc() if mark.level == 0]
    places = [(mark.get_dest().get_index(), mark.get_dest().get_view()[1][1]) for mark in marks_]
    titles = [re.sub(r"^\d+ ?", "", mark.get_title()) for mark in marks_]
    return {t: down(document, *place) for t, place in zip(titles, places, strict=True)}


def homes(document: pypdfium2.PdfDocument, report: Path) -> dict[int, tuple[PLACE, PLACE]]:
    """Say for each figure where its section begins, and where the next one does."""
    sections = re.split(r"^## ", report.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = headings(document)
    starts = [found[section.partition(" {")[0]] for section in sections]
    spans = []
    for section, span in zip(sections[:-1], pairwise(starts), strict=True):
        drawn = re.findall(r"include build/include/en/(?!corrections)", section)
        spans += [span] * len(drawn)
    return dict(enumerate(spans, 1))


def mentions(document: pypdfium2.PdfDocument, report: Path) -> dict[int, int]:
    """Find the page on which each figure is first mentioned in the text: number → page."""
    first = min(span[0] for span in homes(document, report).values())[0]
    found: dict[int, int] = {}
    for page in range(first, len(document)):
        for match in re.finditer(r"\bFigure\s(\d+)(?![\d:])", texts(document)[page]):
            found.setdefault(int(match[1]), page)
    return found


def strayed(places: dict[int, PLACE], homes: dict[int, tuple[PLACE, PLACE]]) -> list[int]:
    """List figures that stand above the heading of their section or below the next one."""
    return [n for n, place in places.items() if not homes[n][0] < place < homes[n][1]]


def test_every_figure_is_printed_between_the_headings_of_its_section(printed, built):
    document, report = printed[0], built[1] / "report.qmd"
    places, sections = captions(document), homes(document, report)
    assert set(places) == set(sections) and len(places) >= 13
    assert strayed(places, sections) == []


def test_a_figure_above_its_heading_or_below_the_next_is_found():
    span = (4, 300.0), (6, 200.0)
    places = {1: (4, 250.0), 2: (5, 700.0), 3: (6, 250.0), 4: (6, 150.0)}
    assert strayed(places, dict.fromkeys(places, span)) == [1, 3]


def test_no_figure_is_far_from_where_the_text_first_names_it(printed, built):
    document, report = printed[0], built[1] / "report.qmd"
    named = mentions(document, report)
    away = {n: place[0] - named[n] for n, place in captions(document).items()}
    assert all(-2 <= pages <= 1 for pages in away.values()), away


def blank(page: pypdfium2.PdfPage) -> float:
    """Measure the share of the type area that is left empty, below or between what stands on it."""
    picture = page.render(scale=0.5, grayscale=True).to_numpy().squeeze()
    ink = (picture[36:388] < 250).any(axis=1)
    runs = [len(run) for run in "".join("x" if row else " " for row in ink).split("x")]
    return sum(run for run in runs if run > 18) / len(ink)  # 36 points are a heading's


def test_no_page_is_left_half_empty_but_the_last_of_a_part(printed, built):
    document, report = printed[0], built[1] / "report.qmd"
    parts = re.findall(
        r"^## (.*?) \{#sec-(?:before|numbers|references)\}", report.read_text(), re.M
    )
    found = headings(document)
    ends = {found[part][0] - 1 for part in [*parts, list(found)[-1]]} | {len(document) - 1}
    empty = {n: blank(page) for n, page in enumerate(document) if n not in ends}
    assert len(ends) == 5 and {n + 1: share for n, share in empty.items() if share > 0.3} == {}


def test_a_link_to_a_figure_leads_to_the_page_on_which_it_is_printed(printed):
    document, path = printed
    said = filter(None, map(re.compile(r"Figure\s(\d+), page (\d+)").fullmatch, described(path)))
    led = {(int(match[1]), int(match[2])) for match in said}
    assert len(led) >= 13
    assert led == {(n, place[0] + 1) for n, place in captions(document).items()}


def described(path: Path) -> list[str]:
    """List what each link says of itself to those who do not see on what it stands."""
    with pikepdf.open(path) as document:
        return [str(link.Contents) for page in document.pages for link in page.get("/Annots", [])]


def test_every_link_is_described_by_what_it_leads_to(printed):
    told = described(printed[1])
    assert len(told) > 1500
    assert [text for text in told if re.fullmatch(r"(page \d+)?", text)] == []


def test_sources_are_printed_with_whole_addresses(printed, page):
    document, _ = printed
    behind = squeezed("".join(texts(document)))
    addresses = page.xpath("//ol[@class='references']//a/@href")
    assert len(addresses) > 400
    assert [one for one in addresses if squeezed(one) not in behind] == []


def test_titles_in_another_language_are_marked_as_such(printed):
    with pikepdf.open(printed[1]) as document:
        marked = {
            str(entry.Lang)
            for entry in document.objects
            if isinstance(entry, pikepdf.Dictionary) and "/Lang" in entry
        }
    assert {"en-GB", "es", "pt", "it", "de"} <= marked
    assert {lang for lang in marked if "-" in lang} == {"en-GB"}


SMALLEST = 8.0  # points


def test_no_letter_is_printed_smaller_than_8_points(printed):
    document, _ = printed
    small = {}
    for number, page in enumerate(document, 1):
        for part in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            size = part.get_font_size() * part.get_matrix().d
            if 0 < abs(size) < SMALLEST - 0.05:
                small[number] = round(abs(size), 2)
    assert small == {}


# --- what the PDF says beside the page


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
    for number, (place, _) in captions(document).items():
        figure = page.xpath("//figure[starts-with(@id, 'fig-')]")[number - 1]
        drawn = {mark.text for mark in marks(figure.find(".//svg")) if mark.text}
        told = squeezed(texts(document)[place])
        missing = [text for text in drawn if squeezed(text) not in told]
        found += [figure.get("id")] * (len(missing) > len(drawn) / 10)
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
    read = [page.get_textpage() for page in pages]
    place = {page.objgen: number for number, page in enumerate(document.pages)}
    for number, page in enumerate(document.pages):
        for link in page.get("/Annots", []):
            to = link.get("/Dest")
            if not isinstance(to, pikepdf.Array) or place[to[0].objgen] < first:
                continue
            if number < 2 and re.match(r"\d+ [A-Z]", str(link.Contents)):  # of the contents
                continue
            there, x, y = read[place[to[0].objgen]], float(to[2]), float(to[3])
            boxes = (x - 1, y - 36, x + 240, y - 2), (x - 20, y - 11, x, y + 1)
            said = squeezed("".join(read[number].get_text_bounded(*box) for box in parts(link)))
            if number >= first and said.isalpha():  # a state, which leads into the list of another
                continue
            yield said, *(squeezed(there.get_text_bounded(*box)) for box in boxes)
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
    terms = {one.get("id"): one.getparent()[0].text_content() for one in page.xpath("//dt/*[@id]")}
    facts = page.xpath("//main//a[starts-with(@href, '#fact-')]")
    return {
        (squeezed(fact.text_content()), squeezed(terms[fact.get("href")[1:]])) for fact in facts
    }


def meant(said: str, text: str) -> bool:
    """Tell whether a link stands on a text, or on its last word, where a page ends before that."""
    return said == text or (said.isalpha() and text.endswith(said))


def misled(led: list[tuple[str, str, str]], known: set[tuple[str, str]]) -> list[str]:
    """List links to rows of the appendix and to sources that lead to that of another number."""
    terms = {
        said: tuple(term for text, term in known if meant(said, text)) for said, *_ in set(led)
    }
    return [
        f"{said} to {there}"
        for said, there, before in led
        if said != re.sub(r"^.*\D", "", before)
        and terms[said]
        and not there.startswith(terms[said])
    ]


def test_every_printed_number_leads_to_its_row_or_its_source(printed, page):
    document, path = printed
    led, known = list(links(path, first_page(document))), rows(page)
    assert misled(led, known) == []
    other = {(text, f"another {term}") for text, term in known}
    assert len(misled(led, other)) > 500, "a link to another row is found"


def test_the_printed_appendix_is_as_honest_as_that_of_the_page(printed, page):
    document, _ = printed
    pages = range(first_page(document), len(document))
    told = squeezed("".join(texts(document)[n] for n in pages))
    heard = squeezed("".join("".join(row.itertext()) for row in page.iter("dd")))
    for words in ("Single source.", "low confidence).", "medium confidence).", "Computed here:"):
        assert heard.count(squeezed(words)) == told.count(squeezed(words)) > 2, words
