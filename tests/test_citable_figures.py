"""Every figure can be taken, opened, checked and cited by itself, and all its files say the
same."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import altair
import bibtexparser
import jsonschema
import pandas
import pikepdf
import pytest
import rispy
import yaml
from lxml import etree, html
from PIL import Image

from pipeline import fresh, steps
from tests import cited, pdf
from tests.conftest import BASE, GUIDED, ROOT, SMALL, change
from tests.drawing import labels
from tests.test_engines import breaks

pytestmark = pytest.mark.slow
FIGURES = sorted(
    path.stem.replace("_", "-")
    for path in (ROOT / "figures").glob("*.py")
    if path.stem not in ("__init__", "style")
)
ENDS = (
    ".svg",
    ".png",
    "-card.png",
    ".pdf",
    ".csv",
    ".xlsx",
    ".vl.json",
    ".bib",
    ".ris",
    ".csl.json",
)
NS = {
    "svg": "http://www.w3.org/2000/svg",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cc": "http://creativecommons.org/ns#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
RESOURCE = f"{{{NS['rdf']}}}resource"
CONTRACT = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
DAY = tuple(int(part) for part in CONTRACT["created"][:10].split("-"))
WORK = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["title"]
LICENCE, AUTHORS = "https://creativecommons.org/licenses/by/4.0/", "Two Counts contributors"


@dataclass(frozen=True)
class Taken:
    """One figure as a reader takes it from the site."""

    id: str
    folder: Path
    words: dict

    def file(self, end: str) -> Path:
        return self.folder / f"{self.id}{end}"

    def text(self, end: str) -> str:
        return self.file(end).read_text(encoding="utf-8")

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.text(".csv"))))

    @cached_property
    def spec(self) -> dict:
        return json.loads(self.text(".vl.json"))

    @cached_property
    def page(self) -> html.HtmlElement:
        return html.fromstring((self.folder / "index.html").read_text(encoding="utf-8"))


def taken(project: Path, name: str, site: Path | None = None) -> Taken:
    words = json.loads(
        (project / f"build/figures/{name}/en/words.json").read_text(encoding="utf-8")
    )
    return Taken(name, (site or project / "_output/figures") / name, words)


@pytest.fixture(scope="module", params=FIGURES)
def figure(request, project):
    return taken(project, request.param)


@pytest.fixture(scope="module")
def version(project):
    return json.loads((project / "data/datapackage.json").read_text(encoding="utf-8"))["version"]


# --- the files


def test_every_file_of_a_figure_is_there(figure):
    pair = (f"{figure.id.replace('-', '_')}.{end}" for end in ("py", "yml"))
    names = {"index.html", "embed.html", *pair, *(figure.id + end for end in ENDS)}
    assert {path.name for path in figure.folder.iterdir()} == names
    assert all(path.stat().st_size for path in figure.folder.iterdir())


def same(cell: str, value: object) -> str:
    """Spell a cell of the CSV or a value of the specification alike."""
    if value is None or cell == "":
        return ""
    try:
        return repr(float(cell))
    except ValueError:
        return cell


def test_rows_of_the_csv_the_specification_and_the_page_are_the_same(figure):
    header = list(figure.rows[0])
    every = figure.spec["datasets"].values()
    tables = [rows for rows in every if rows and set(header) <= set(rows[0])]
    plotted = {
        tuple(same(str(row[key] if row[key] is not None else ""), row[key]) for key in header)
        for rows in tables
        for row in rows
    }
    assert plotted == {tuple(same(cell, cell) for cell in row.values()) for row in figure.rows}
    shown = columns(figure)
    cells = [
        [
            td.text_content().rstrip("\n")
            if td.find("data") is None
            else td.find("data").get("value")
            for td in tr
        ]
        for tr in figure.page.xpath("//tbody/tr")
    ]
    assert cells == [[row[name] for name in shown] for row in figure.rows]


def columns(figure: Taken) -> dict[str, str]:
    """Give the columns that people read on the page of a figure, the sources last: name → heading.

    A figure whose words name none shows all.
    """
    named = figure.words["columns"] or {
        name: name.replace("_", " ") for name in figure.rows[0] if name != "source_ids"
    }
    return named | {"source_ids": "Sources"}


def test_the_table_of_the_page_is_headed_by_the_words_of_the_figure(figure):
    heads = [head.text_content() for head in figure.page.xpath("//thead//th")]
    assert heads == list(columns(figure).values())


def marks(svg: html.HtmlElement) -> list[str]:
    """List the labels of all marks of a picture on a page."""
    return [" ".join(label.split()) for label in labels(svg)]


def test_every_row_is_drawn_at_both_widths_and_in_the_picture_to_take_away(figure):
    labels = [
        Counter(marks(svg)) for svg in figure.page.xpath("//*[@id='static']//*[local-name()='svg']")
    ]
    drawn = list(labels[0].elements())
    assert len(labels) == 2 and labels[0] == labels[1]
    assert Counter(drawn) == Counter(
        " ".join(label.split()) for label in etree.parse(figure.file(".svg")).xpath("//@aria-label")
    )
    values = {
        " ".join(str(value).split())
        for rows in figure.spec["datasets"].values()
        for row in rows
        for value in row.values()
    }
    assert len(drawn) >= len(figure.rows)
    assert [label for label in drawn if not said(label, values)] == []


def said(label: str, values: set[str]) -> bool:
    """Tell whether a label is a value of what is plotted, or made of such by Vega: “State: Zulia;
    Sheets: 3045”."""
    return label in values or all(part.partition(": ")[2] in values for part in label.split("; "))


def test_pandas_reads_the_csv_without_options(figure):
    rows = pandas.read_csv(figure.file(".csv"))
    assert list(rows.columns) == list(figure.rows[0]) and len(rows) == len(figure.rows)
    assert not [name for name in rows.columns if name.startswith("Unnamed")]


def test_the_page_names_the_sources_of_the_rows_and_knows_which_columns_are_numbers(figure):
    ids = {one for row in figure.rows for one in row["source_ids"].split(";") if one}
    assert {code.text for code in figure.page.xpath("//ol[@class='sources']/li/code")} == ids
    read = pandas.read_csv(figure.file(".csv"))
    for head, name in zip(figure.page.xpath("//thead//th"), columns(figure), strict=True):
        numeric = read[name].dtype.kind in "if" and read[name].notna().any()
        assert (head.get("class") == "n") == numeric, name


def test_the_specification_obeys_the_schema_of_vega_lite(figure):
    path = Path(altair.__file__).parent / "vegalite/v6/schema/vega-lite-schema.json"
    jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8"))).validate(figure.spec)
    assert (
        figure.spec["usermeta"]["title"] == figure.words["title"]
        and figure.spec["description"] == figure.words["alt"]
    )


def test_svg_says_inside_whose_and_what_it_is(figure, version):
    tree = etree.parse(figure.file(".svg"))
    work = tree.find(".//svg:metadata/rdf:RDF/cc:Work", NS)
    assert work.findtext("dc:title", namespaces=NS) == figure.words["title"]
    assert work.findtext("dc:creator", namespaces=NS) == AUTHORS
    assert work.findtext("dc:identifier", namespaces=NS) == f"two-counts/{version}/fig-{figure.id}"
    assert work.find("cc:license", NS).get(RESOURCE) == LICENCE and "Data: " in work.findtext(
        "dc:source", namespaces=NS
    )
    assert len(tree.findall(".//svg:metadata", NS)) == 1 and not tree.xpath(
        "//*[local-name()='script']"
    )


def test_png_and_card_say_it_too_each_in_its_size(figure, version):
    root = etree.parse(figure.file(".svg")).getroot()
    twice = 2 * int(root.get("width")), 2 * int(root.get("height"))
    for end, size in ((".png", twice), ("-card.png", (1200, 630))):
        with Image.open(figure.file(end)) as picture:
            picture.load()
            assert picture.size == size, "a card has the size that social networks ask for"
            says_whose_it_is(picture.text, figure, version)


def says_whose_it_is(told: dict[str, str], figure: Taken, version: str):
    assert (told["Title"], told["Author"]) == (figure.words["title"], AUTHORS)
    assert (
        "CC BY 4.0" in told["Copyright"]
        and "Data: " in told["Source"]
        and told["Description"] == figure.words["alt"]
    )
    packet = etree.fromstring(told["XML:com.adobe.xmp"].encode())
    assert (
        packet.findtext(".//dc:identifier", namespaces=NS)
        == f"two-counts/{version}/fig-{figure.id}"
    )
    assert packet.findtext(".//cc:license", namespaces=NS) == LICENCE


def test_pdf_says_it_too_and_is_accessible(figure, version):
    with pikepdf.open(figure.file(".pdf")) as document:
        told = document.open_metadata()
        assert (told["dc:title"], told["dc:identifier"]) == (
            figure.words["title"],
            f"two-counts/{version}/fig-{figure.id}",
        )
        assert (
            list(told["dc:creator"]) == [AUTHORS]
            and told["xmpRights:WebStatement"]
            and "Data: " in told["dc:source"]
        )
        assert len(document.pages) == 1 and str(document.Root.Lang) == "en"
        alts = [
            str(entry.Alt)
            for entry in document.objects
            if isinstance(entry, pikepdf.Dictionary) and "/Alt" in entry
        ]
        assert alts == [figure.words["alt"]]
    assert breaks(figure.file(".pdf")) == []


def test_text_in_the_pdf_can_be_selected(figure):
    text = pdf.text(figure.file(".pdf"))
    found = " ".join(text.split())
    assert set(figure.words["title"].split()) <= set(found.split())
    assert AUTHORS in found and "CC BY 4.0" in found


# --- the citation


def test_bibtex_ris_and_csl_are_read_by_others_and_agree(figure, version):
    key = f"two-counts:{version}:fig-{figure.id}"
    told = cited.told(figure.folder / figure.id)
    assert told.title == cited.straight(figure.words["title"])
    assert (told.kind, told.key, told.version) == ("chapter", key, f"Version {version}")
    assert told.author == AUTHORS and told.day == DAY and told.within == cited.straight(WORK)
    assert told.licence == "CC BY 4.0" and told.abstract == cited.straight(figure.words["note"])


def test_a_citation_credits_whose_numbers_these_are_before_those_who_reported_them(figure):
    page, words = figure.page, figure.words
    assert page.get_element_by_id("bibtex").text_content() == figure.text(".bib")
    assert page.get_element_by_id("ris").text_content() == figure.text(".ris")
    credit = page.get_element_by_id("credit").text_content()
    line = re.fullmatch(
        rf"Data: (\S.+), as reported by (\S.+)\. Chart: {AUTHORS}, CC BY 4.0\.", credit
    )
    assert line and line[1].startswith(words["producers"][0]), "the first of its source line"
    assert words["source_line"].startswith(f"Data: {words['producers'][0]}")
    note = json.loads(figure.text(".csl.json"))[0]["note"]
    assert note.startswith(credit.partition(" Chart:")[0])
    origin = page.get_element_by_id("origin").getparent().text_content()
    assert all(name in origin for name in words["producers"]), "the page names all"


def pictures(page: html.HtmlElement, part: str) -> list[bytes]:
    """Give the wide and the narrow picture of a page as it holds them."""
    found = (page.xpath(f"//*[@{part}]//*[@class='{kind}']/*")[0] for kind in ("wide", "narrow"))
    return [html.tostring(picture) for picture in found]


def test_the_embedded_version_shows_title_pictures_and_credit_of_the_figure(figure):
    bare = html.fromstring((figure.folder / "embed.html").read_text(encoding="utf-8"))
    assert pictures(bare, "class='drawing'") == pictures(figure.page, "id='static'")
    assert bare.findtext(".//h1") == figure.page.findtext(".//h1") == figure.words["title"]
    credit = " ".join(bare.find(".//figcaption").text_content().split())
    told = " ".join(f"{figure.words['note']} {figure.words['source_line']}.".split())
    assert credit.startswith(told) and f"version {CONTRACT['version']}" in credit
    line = re.fullmatch(r"Data: \S.+\. Chart: (.+)", figure.words["source_line"])
    assert line[1] == f"{AUTHORS}, CC BY 4.0"


def test_the_head_of_the_page_serves_zotero_previews_and_search_engines(figure, version):
    head = {
        (m.get("name") or m.get("property")): m.get("content")
        for m in figure.page.xpath("//meta[@name or @property]")
    }
    item = json.loads(figure.text(".csl.json"))[0]
    assert cited.of_head(figure.page) == cited.of_item(item)
    assert head["citation_title"] == " ".join(figure.words["title"].split())
    assert head["og:title"] == figure.words["title"]
    assert not [
        name
        for name, content in head.items()
        if re.match(r"og:(url|image)|citation_\w*url", name) and not content.startswith("https://")
    ]
    graph = json.loads(figure.page.xpath("//script[@type='application/ld+json']")[0].text)["@graph"]
    picture, rows = (
        next(node for node in graph if node["@type"] == kind) for kind in ("ImageObject", "Dataset")
    )
    assert (
        picture["identifier"] == f"two-counts/{version}/fig-{figure.id}"
        and picture["license"] == LICENCE
    )
    assert [one["name"] for one in rows["variableMeasured"]] == list(figure.rows[0]) and picture[
        "isBasedOn"
    ]["@id"] == rows["@id"]


# --- the pages as documents


def pages(site: Path) -> list[Path]:
    return sorted((site / "figures").rglob("*.html"))


def test_no_page_asks_for_anything_elsewhere_and_its_policy_forbids_it(site):
    for path in pages(site):
        tree = html.fromstring(path.read_text(encoding="utf-8"))
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert (
            policy.startswith("default-src 'none'")
            and "unsafe" not in policy
            and "http" not in policy
        )
        assert not [
            link
            for link in tree.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src")
            if ":" in link
        ]
        assert not tree.xpath("//@style | //@onclick | //@onload | //style")
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_the_page_of_all_figures_shows_each_with_its_finding_in_the_order_of_the_report(
    site, project
):
    prose = (project / "report.qmd").read_text(encoding="utf-8")
    shown = [
        name for name in re.findall(r"build/include/en/([a-z0-9-]+)\.md", prose) if name in FIGURES
    ]
    tree = html.fromstring((site / "figures/index.html").read_text(encoding="utf-8"))
    assert tree.xpath("//main//li/@id") == shown and sorted(shown) == FIGURES
    for name, card in zip(shown, tree.xpath("//main//li"), strict=True):
        words = project / f"build/figures/{name}/en/words.json"
        assert json.loads(words.read_text(encoding="utf-8"))["title"] in card.text_content()
        assert all((site / "figures" / path).exists() for path in card.xpath(".//a/@href"))


def test_an_address_that_is_withheld_is_never_printed():
    from pipeline.pages.record import _source

    row = {
        "id": "a",
        "publisher": "A",
        "author": "",
        "title": "T",
        "title_is_description": "false",
        "published": "",
        "address": "given",
        "read": "whole",
    }
    assert _source(row | {"url": "https://example.org/a"}).url == "https://example.org/a"
    assert _source(row | {"url": "https://example.org/a", "address": "withheld"}).url == ""


def test_title_authors_and_licence_are_typed_once_and_the_rest_agrees(project):
    cff = yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))
    prose = (project / "report.qmd").read_text(encoding="utf-8").split("---")[1]
    header, short = yaml.safe_load(prose), cff["title"].partition(":")[0]
    package = json.loads((project / "data/datapackage.json").read_text(encoding="utf-8"))
    assert (header["title"], header["author"]) == (short, AUTHORS)
    assert [person["title"] for person in package["contributors"]] == [AUTHORS]
    typed = re.compile(rf"{AUTHORS}|{short}|CC.BY", re.I)
    modules = (project / "pipeline").rglob("*.py")
    found = {path.name for path in modules if typed.search(path.read_text(encoding="utf-8"))}
    assert found == {"report.py"}


# --- building them


PAGES = (
    "from pipeline import errors, steps; kinds = 'page', 'all', 'shared'; "
    "pages = [s for s in steps.table() if s.name.split()[0] in kinds]; "
    "raise SystemExit(errors.told('pages', lambda: steps.make(pages)))"
)


def make_pages(project: Path, **environment: str) -> Path:
    done = try_pages(project, **environment)
    assert done.returncode == 0, done.stderr
    return project / "build/pages/figures"


def try_pages(project: Path, **environment: str) -> subprocess.CompletedProcess:
    """Make the pages as the build does, in a process of their own."""
    told = {"PATH": "/usr/bin:/bin", **environment}
    return subprocess.run(
        [sys.executable, "-c", PAGES], cwd=project, capture_output=True, text=True, env=told
    )


@pytest.fixture
def copied(small, tmp_path):
    """A copy of the short report, as it was built, that a test may change."""
    away = shutil.ignore_patterns("_output", "quarto", "pandoc")
    return Path(shutil.copytree(small, tmp_path / "project", ignore=away))


def listed(project: Path) -> list[str]:
    page = project / "build/pages/figures/index.html"
    return html.fromstring(page.read_text(encoding="utf-8")).xpath("//main//li/@id")


def test_only_what_changed_is_made_again(project, tmp_path, monkeypatch):
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("_output", "quarto", "pandoc"))
    monkeypatch.chdir(copy)
    order = listed(copy)
    words = copy / f"build/figures/{order[3]}/en/words.json"
    words.write_text(json.dumps(json.loads(words.read_text()) | {"note": "Another note."}))
    fresh.look_again()
    made = [
        step.name
        for step in steps.table()
        if step.name.split()[0] in ("page", "all") and step.why()
    ]
    assert made == [*(f"page {name}" for name in order[2:5]), "all figures"], (
        "the pages beside it name its title"
    )


def test_a_figure_that_is_gone_leaves_no_page(small):
    """The short report was built on top of the long one."""
    shown = {path.name for path in (small / "_output/figures").iterdir()}
    assert shown == {*SMALL, "index.html", "shared"} and {*listed(small)} == SMALL


def test_with_a_public_address_the_versioned_one_is_cited_everywhere(small, version):
    """The short report has one."""
    figure = taken(small, "toll")
    address = f"{BASE}/{version}/figures/{figure.id}/"
    assert figure.page.xpath("//link[@rel='canonical']/@href") == [address]
    assert figure.page.get_element_by_id("apa").text_content().endswith(address)
    assert cited.told(figure.folder / figure.id).address == address
    assert f'src="{address}embed.html"' in figure.page.get_element_by_id("frame").text_content()
    assert (
        f'pd.read_csv("{address}{figure.id}.csv")'
        in figure.page.get_element_by_id("load-python").text_content()
    )
    assert (
        f'=IMPORTDATA("{address}{figure.id}.csv")'
        in figure.page.get_element_by_id("load-sheet").text_content()
    )
    assert figure.page.xpath("//meta[@property='og:image']/@content") == [
        f"{address}{figure.id}-card.png"
    ]
    with pikepdf.open(figure.file(".pdf")) as document:
        assert document.open_metadata()["xmpRights:WebStatement"] == address


def test_a_public_address_that_is_none_stops_the_build_with_its_place(copied):
    settings = copied / "_quarto.yml"
    change(settings, BASE, "example.org")
    done = try_pages(copied)
    assert done.returncode == 1 and done.stderr.startswith(
        '_quarto.yml:9: report/base-url: got "example.org", expected '
    )


HOSTILE = (
    '</script><script>alert("1")</script> {{ 7*7 }} & \\input{x} {%% 50% $x_1^2~ #b '
    "[l](javascript:x) \u202e"
)


TEXTS = ("kicker", "title", "subtitle", "reading", "note", "alt", "long", "source_line")


def test_what_stands_in_a_table_is_text_in_every_file(copied, browser):
    name = "toll"
    folder = copied / f"build/figures/{name}/en"
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    (folder / "words.json").write_text(
        json.dumps(words | dict.fromkeys(TEXTS, HOSTILE) | {"producers": [HOSTILE]})
    )
    rows = list(csv.reader(io.StringIO((folder / "rows.csv").read_text(encoding="utf-8"))))
    place = rows[0].index("source_ids") - 1
    rows[1][place] = HOSTILE
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)
    figure = taken(copied, name, make_pages(copied))
    assert figure.rows[0][rows[0][place]] == HOSTILE and len(figure.page.xpath("//script")) == 5
    assert figure.page.xpath("//h1")[0].text == HOSTILE
    assert (
        len(bibtexparser.parse_string(figure.text(".bib")).entries) == 1
        and len(rispy.loads(figure.text(".ris"))) == 1
    )
    assert (
        etree.parse(figure.file(".svg")).findtext(".//cc:Work/dc:title", namespaces=NS) == HOSTILE
    )
    with Image.open(figure.file(".png")) as picture:
        picture.load()
        assert picture.text["Title"] == HOSTILE
    page = browser.new_page()
    said = []
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    page.on("console", lambda message: said.append(message.text))
    page.goto((figure.folder / "index.html").as_uri())
    assert not said and page.locator("h1").inner_text().startswith("</script>")
    page.close()


def test_an_ordinary_chart_as_the_guide_shows_it_becomes_a_figure_in_all_formats(small):
    """The short report has one that the long one, of which it was made, has not."""
    figure = taken(small, GUIDED)
    test_every_file_of_a_figure_is_there(figure)
    test_rows_of_the_csv_the_specification_and_the_page_are_the_same(figure)
    test_every_row_is_drawn_at_both_widths_and_in_the_picture_to_take_away(figure)
    test_bibtex_ris_and_csl_are_read_by_others_and_agree(figure, CONTRACT["version"])
    assert GUIDED in listed(small)
    page = (small / "_output/report.html").read_text(encoding="utf-8")
    assert html.fromstring(page).get_element_by_id(f"fig-{GUIDED}") is not None
