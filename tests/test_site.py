"""The site as it is published: everything is found from its front, no link is dead, and every page
says what it is to those who share it and to search engines."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml
from lxml import etree, html

from tests.conftest import BASE, ROOT

pytestmark = pytest.mark.slow
WORDS = yaml.safe_load((ROOT / "theme/words.yml").read_text(encoding="utf-8"))["en"]
PLACES = WORDS["site"]["places"]
CONTRACT = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
VERSION = CONTRACT["version"]
HEAVY = 120_000  # bytes of a figure's page
ATOM = {"a": "http://www.w3.org/2005/Atom"}
# What schema.org lets these have, and Google asks of them
NEEDED = {
    "Report": {"@id", "name", "creator", "license", "version", "datePublished"},
    "ImageObject": {"@id", "name", "contentUrl", "license", "creator", "acquireLicensePage"},
    "Dataset": {"@id", "name", "description", "distribution", "license", "spatialCoverage"},
    "ClaimReview": {"claimReviewed", "reviewRating", "itemReviewed", "author", "url"},
    "NewsArticle": {"@id", "headline", "publisher", "datePublished"},
}


@dataclass(frozen=True)
class Site:
    """A finished site, each of its pages parsed once; `home` is where it lies, with its slash."""

    folder: Path
    home: str

    @cached_property
    def files(self) -> set[str]:
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix() for path in paths}

    @cached_property
    def pages(self) -> dict[str, html.HtmlElement]:
        names = sorted(name for name in self.files if name.endswith(".html"))
        return {name: html.fromstring((self.folder / name).read_bytes()) for name in names}

    @cached_property
    def anchors(self) -> dict[str, set[str]]:
        return {name: set(page.xpath("//@id")) for name, page in self.pages.items()}

    def named(self, address: str) -> str | None:
        """Name the file of this site that an address means, None for one elsewhere.

        What is newest is this version, at the time that it is published.
        """
        path = urldefrag(address).url.replace(f"{BASE}/latest/", self.home)
        if not path.startswith(self.home):
            return None
        path = unquote(path.removeprefix(self.home))
        return path + "index.html" if path.endswith("/") or not path else path

    def links(self, name: str) -> list[str]:
        """List the addresses of all that a page or a style sheet leads to or loads."""
        if name in self.pages:
            found = [link for _, _, link, _ in self.pages[name].iterlinks()]
        elif name.endswith(".css"):
            text = (self.folder / name).read_text(encoding="utf-8")
            found = re.findall(r'url\("([^"]+)"\)', text)
        else:
            found = []
        whole = (urljoin(self.home + name, link) for link in found)
        return [link for link in whole if not link.startswith("data:")]

    def dead(self) -> list[str]:
        """List the links that lead to no file of the site, or to no place in it."""
        found = []
        for name in self.pages:
            for link in self.links(name):
                target, place = self.named(link), urldefrag(link).fragment
                if target is None:
                    continue
                if target not in self.files or (place and place not in self.anchors[target]):
                    found.append(f"{name}: {link}")
        return found

    def outside(self) -> set[str]:
        every = (link for name in self.pages for link in self.links(name))
        return {link for link in every if self.named(link) is None and not link.startswith(BASE)}

    def reached(self) -> set[str]:
        """List all files to which links lead from the front, one after the other."""
        found, left = {"index.html"}, ["index.html"]
        while left:
            new = {self.named(link) for link in self.links(left.pop())} & self.files - found
            found |= new
            left += new
        return found


@pytest.fixture(scope="module")
def local(site):
    """The long report, which has no address yet, as it lies on a disk."""
    return Site(site, "file:///site/")


@pytest.fixture(scope="module")
def published(small):
    """The short report at its public address."""
    return Site(small / "_output", f"{BASE}/{VERSION}/")


@pytest.fixture(params=["local", "published"])
def either(request):
    return request.getfixturevalue(request.param)


def test_no_link_of_any_page_is_dead(either, record_property):
    assert either.dead() == []
    count = sum(len(either.links(name)) for name in either.pages)
    record_property("told", f"links: {count:,} on {len(either.pages)} pages, none dead")


def test_every_file_is_found_from_the_front(either):
    listed = {f"data/{table['path']}" for table in CONTRACT["resources"]}
    cards = {name for name in either.files if name.endswith("-card.png")}  # for those who share
    assert either.files - either.reached() - listed - cards == set()


def test_a_page_leads_elsewhere_only_to_sources_and_licences(either):
    with (ROOT / "data/sources.csv").open(encoding="utf-8", newline="") as handle:
        given = {row["url"] for row in csv.DictReader(handle) if row["address"] == "given"}
    texts = (ROOT / "data/README.md", ROOT / "CHANGELOG.md", ROOT / "docs/rebuild.md")
    told = {link for path in texts for link in re.findall(r"\((https?://\S+?)\)", path.read_text())}
    allowed = {urldefrag(link).url for link in given | told}
    assert {urldefrag(link).url for link in either.outside()} - allowed == set()


def test_every_page_leads_to_every_place_by_the_same_header(either):
    own = {"report.html": "report", "data/index.html": "data", "states/index.html": "states"}
    for name, page in either.pages.items():
        if name.endswith("embed.html"):
            continue
        (header,) = page.xpath("//nav[contains(@class, 'site')]")
        told = {
            link.text: urljoin(either.home + name, link.get("href")) for link in header.iter("a")
        }
        assert {word: told[word] for word, _ in PLACES.values()} == {
            word: either.home + path for word, path in PLACES.values()
        }, name
        here = header.xpath(".//*[@aria-current]/text()")
        place = own.get(name) or ("figures" if name.startswith("figures/") else "")
        assert here == ([PLACES[place][0]] if place else []), name


def test_every_page_says_what_it_is_to_those_who_share_it(published):
    for name, page in published.pages.items():
        metas = page.xpath("//meta[@name or @property]")
        head = {one.get("name") or one.get("property"): one.get("content") for one in metas}
        if name.endswith("embed.html"):
            assert head["robots"] == "noindex"
            continue
        address = published.home + name.removesuffix("index.html")
        assert page.xpath("//link[@rel='canonical']/@href") == [head["og:url"]] == [address]
        assert 50 < len(head["description"]) < 400 and head["og:description"] == head["description"]
        assert head["og:title"] and page.findtext(".//title") and head["og:image:alt"]
        assert published.named(head["og:image"]) in published.files
        assert head["twitter:card"] == "summary_large_image"
        (icon,) = page.xpath("//link[@rel='icon']/@href")
        assert icon.startswith("data:image/svg+xml,%3Csvg")
        feed = urljoin(published.home + name, *page.xpath("//link[contains(@type, 'atom')]/@href"))
        assert published.named(feed) == "feed.xml"


def graph(page: html.HtmlElement) -> list[dict]:
    """Read what a page says of itself in the vocabulary of schema.org."""
    found = [
        json.loads(text) for text in page.xpath("//script[@type='application/ld+json']/text()")
    ]
    return [node for one in found for node in one["@graph"]]


def test_report_tables_and_figures_are_described_to_search_engines(either):
    kinds = {}
    for name, page in either.pages.items():
        for node in graph(page):
            assert NEEDED[node["@type"]] <= {key for key, value in node.items() if value}, name
            assert node["@type"] != "Dataset" or 50 <= len(node["description"]) <= 5000, node["@id"]
            kinds.setdefault(node["@type"], []).append(node)
    tables = [one for one in kinds["Dataset"] if "isPartOf" in one]
    assert [one["distribution"]["contentUrl"].rpartition("/")[2] for one in tables] == [
        table["path"] for table in CONTRACT["resources"]
    ]
    days = [one["temporalCoverage"] for one in tables if "temporalCoverage" in one]
    assert len(days) > 5 and all(
        re.fullmatch(r"(\d{4}-\d\d-\d\d)/(?!\1)?\S{10}", day) for day in days
    )
    drawn = {name.split("/")[1] for name in either.pages if name.count("/") == 2}
    assert len(kinds["ImageObject"]) == len(drawn - {"shared"})


def test_each_checked_statement_has_its_verdict_for_search_engines(local):
    page = local.pages["report.html"]
    (table,) = page.xpath("//figure[.//th='Verdict']")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")]
    told = [
        [node["claimReviewed"], node["reviewRating"]["alternateName"]]
        for node in graph(page)
        if node["@type"] == "ClaimReview"
    ]
    plain = str.maketrans("“”‘’\u00a0", "\"\"'' ")
    assert told and [[text.translate(plain) for text in pair] for pair in told] == [
        [text.translate(plain) for text in row[:2]] for row in rows[1:]
    ]


def test_the_front_shows_the_findings_and_every_figure_and_sends_readers_on(either):
    front, report = either.pages["index.html"], either.pages["report.html"]
    findings = ".//section[@class='key-findings']//li"
    shown, told = (
        [" ".join(one.text_content().split()) for one in page.iterfind(findings)]
        for page in (front, report)
    )
    assert shown and shown == told
    order = [one.get("id").removeprefix("fig-") for one in report.xpath("//figure[@class='fig']")]
    links = front.xpath("//ol[@class='titles']/li/a/@href")
    assert [link.split("/")[1] for link in links] == order


def test_the_archive_holds_all_of_the_site_but_itself(either):
    (name,) = (name for name in either.files if name.endswith(".zip"))
    top = name.removesuffix(".zip")
    with zipfile.ZipFile(either.folder / name) as packed:
        inside = {one.removeprefix(f"{top}/"): packed.read(one) for one in packed.namelist()}
    front = inside.pop("index.html")
    assert {*inside} == either.files - {name, "manifest.json", "index.html"}
    assert all((either.folder / path).read_bytes() == content for path, content in inside.items())
    assert name.encode() not in front, "who has unpacked it does not look for it there"
    size = f"{(either.folder / name).stat().st_size / 10**6:.1f} MB"
    (line,) = either.pages["index.html"].xpath(f"//li[a/@href='{name}']")
    assert size in line.text_content()


def test_versions_are_told_on_a_page_and_in_a_feed(either):
    log = re.findall(r"^## ([\d.]+) \(", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    page, feed = either.pages["versions.html"], etree.parse(either.folder / "feed.xml")
    assert page.xpath("//main//h2/@id") == [f"v{number}" for number in log]
    entries = feed.xpath("/a:feed/a:entry", namespaces=ATOM)
    assert [one.findtext("a:title", namespaces=ATOM) for one in entries] == [
        f"Version {number}" for number in log
    ]
    for one in [feed.getroot(), *entries]:  # what RFC 4287 asks of each
        assert re.fullmatch(r"urn:uuid:[\da-f-]{36}", one.findtext("a:id", namespaces=ATOM))
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT00:00:00Z", one.findtext("a:updated", namespaces=ATOM)
        )
    ids = feed.xpath("//a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    assert feed.findtext("a:author/a:name", namespaces=ATOM)


def test_a_published_version_leads_to_the_newest_and_to_all_others(published):
    page = published.pages["versions.html"]
    log = re.findall(r"^## ([\d.]+) \(", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert page.xpath("//main//h2/a/@href") == [f"{BASE}/{number}/" for number in log]
    for name, page in published.pages.items():
        if not name.endswith("embed.html"):
            assert page.xpath(f"//footer//a/@href[. = '{BASE}/latest/']"), name


def figures(site: Site) -> dict[str, html.HtmlElement]:
    named = re.compile(r"figures/([\w-]+)/index.html")
    return {found[1]: page for name, page in site.pages.items() if (found := named.match(name))}


def test_the_page_of_a_figure_has_what_readers_need_first_and_is_light(local):
    for name, page in figures(local).items():
        assert page.xpath("//main//h2/@id") == ["download", "data", "cite", "embed", "origin"], name
        assert local.folder.joinpath(f"figures/{name}/index.html").stat().st_size < HEAVY, name
        kept = page.xpath("//details//pre/@id")
        assert {"bibtex", "ris", "frame", "load-python"} <= set(kept), "formats are folded away"
        credits = page.xpath("count(//main//p[starts-with(normalize-space(text()), 'Data: ')])")
        assert credits == 1, name


def test_a_figures_page_and_the_gallery_number_it_and_its_section_as_the_report_does(local):
    report, gallery = local.pages["report.html"], local.pages["figures/index.html"]
    order = [one.get("id").removeprefix("fig-") for one in report.xpath("//figure[@class='fig']")]
    for number, name in enumerate(order, 1):
        heading = report.xpath(f"//figure[@id='fig-{name}']/preceding::h2[1]")[0]
        section, _, title = " ".join(heading.text_content().split()).partition(" ")
        page = figures(local)[name]
        place = " ".join(page.xpath("//nav[@class='beside']/span")[0].text_content().split())
        assert place == f"In the report: Figure {number}, section {section}, {title}"
        beside = [link.split("/")[1] for link in page.xpath("//nav[@class='on']/a/@href")]
        assert beside == order[max(0, number - 2) : number - 1] + order[number : number + 1]
        (card,) = gallery.xpath(f"//li[@id='{name}']")
        assert card.find(".//h3//span").text == f"Figure {number}"
        over = " ".join(card.xpath("ancestor::section/h2")[0].text_content().split())
        assert over == f"{section} {title}"


def test_each_table_of_the_codebook_leads_to_its_file_and_says_how_large_it_is(local):
    page = local.pages["data/index.html"]
    for table in CONTRACT["resources"]:
        (link,) = page.xpath(
            f"//h3[@id='{table['name']}']/following::a[@href='{table['path']}'][1]"
        )
        size = max(1, (local.folder / "data" / table["path"]).stat().st_size // 1000)
        rows = f", {table['rowCount']:,} rows" if "rowCount" in table else ""
        assert f"({size} kB){rows}. " in " ".join(link.getparent().text_content().split())
