"""The report is one work with one title, and whoever cites it by any road cites the same."""

from __future__ import annotations

import json
import re
import warnings

import pikepdf
import pytest
import yaml
from lxml import html

from tests import cited
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
AUTHOR = CFF["authors"][0]["name"]
STYLE = "harvard-cite-them-right"  # the one that the processor brings along


@pytest.fixture(scope="module")
def page(site):
    return html.fromstring((site / "report.html").read_text(encoding="utf-8"))


def test_the_report_is_cited_the_same_by_every_road(site, page):
    told = cited.told(site / "report")
    assert cited.of_head(page) == told
    assert (told.kind, told.author) == ("report", AUTHOR)
    assert (told.title, told.version) == (cited.straight(CFF["title"]), f"Version {CFF['version']}")
    assert "-".join(f"{part:02}" for part in told.day) == CFF["date-released"]
    assert told.note.startswith(f"Data: {CFF['references'][0]['authors'][0]['name']}, ")


def test_the_work_has_one_title_everywhere(site, page):
    title = CFF["title"]
    with pikepdf.open(site / "report.pdf") as document:
        assert cited.straight(document.open_metadata()["dc:title"]) == cited.straight(title)
    assert page.findtext(".//title") == title
    package = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
    assert f"“{title}”" in package["title"]
    assert f"*{title}* (Version {CFF['version']})" in (ROOT / "README.md").read_text("utf-8")
    preferred = CFF["preferred-citation"]
    same = ("title", "authors", "version", "date-released")
    assert [preferred[name] for name in same] == [CFF[name] for name in same]


def test_the_section_on_citing_holds_the_citation_to_copy_and_names_whose_data_these_are(
    page, site
):
    section = page.get_element_by_id("sec-cite").getparent()
    apa = section.xpath(".//*[@id='apa']")[0].text_content()
    version = f"(Version {CFF['version']})."
    assert apa == f"{AUTHOR}. ({CFF['date-released'][:4]}). {CFF['title']} {version}"
    for id, end in (("bibtex", ".bib"), ("ris", ".ris")):
        assert page.get_element_by_id(id).text_content() == (site / f"report{end}").read_text(
            "utf-8"
        )
    credit = page.get_element_by_id("credit").text_content()
    names = [one["authors"][0]["name"] for one in CFF["references"]]
    assert credit.startswith(f"Data: {', '.join(names)}")
    assert all((site / link).exists() for link in page.xpath("//link[@rel='alternate']/@href"))


def test_a_citation_processor_prints_report_version_and_address_once(site):
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    paths = [site / "report.csl.json", *sorted(site.glob("figures/*/*.csl.json"))]
    items = [json.loads(path.read_text(encoding="utf-8"))[0] for path in paths]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it knows no licence
        style = CitationStylesStyle(STYLE, validate=False)
        book = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        book.register(Citation([CitationItem(item["id"].lower())]))
    printed = [str(entry) for entry in book.bibliography()]
    assert len(printed) == len(items)
    for text in printed:
        assert text.startswith(f"{AUTHOR} ({CFF['date-released'][:4]})")
        assert text.lower().count(f"version {CFF['version']}") == 1, text
        assert cited.straight(text).count(cited.straight(CFF["title"])) == 1, text
        assert not re.search(r"fig-|[{}\\<>]", text), text
