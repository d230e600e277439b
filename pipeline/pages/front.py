"""The front of the site: what it is, its findings, and the way to everything in it."""

import re
from pathlib import Path

from pipeline import report
from pipeline.charts.figure import SHARED
from pipeline.pages.figures import drawn
from pipeline.pages.page import POLICY, Page, filled
from pipeline.pages.record import load_figure, load_words
from pipeline.prose.manuscript import Place
from pipeline.words import words

FINDINGS = re.compile(r'<section class="key-findings".*?</section>', re.S)
ARCHIVE = "<!--everything-->"  # where the site says what the archive of it is called


def write(page: Path, documents: Path, *places: Place, lang: str = "en") -> None:
    """Write the front, with the findings as the report has them and its first figure.

    places: of all figures, in the order of the report
    """
    work, first = report.read(), load_figure(places[0].figure, lang)
    text = (documents / "report.html").read_text(encoding="utf-8")
    findings = found[0] if (found := FINDINGS.search(text)) else ""
    text = filled(
        "front.html",
        work,
        lang,
        root="",
        here="front",
        front=words("front", lang),
        shared=f"figures/{SHARED}",
        policy=POLICY,
        page=Page(work.title, work.abstract, "", first.id, first.alt),
        # their links lead into the report, and what leads back to them is left out
        findings=re.sub(r' id="use-[^"]*"', "", findings).replace('href="#', 'href="report.html#'),
        first=first,
        picture=drawn(first, "narrow"),
        figures=[(place, load_words(place.figure, lang)["title"]) for place in places],
        archive=ARCHIVE,
    )
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
