"""The web page in a real browser: every number can be asked who says so, by anybody, with nothing
but the keyboard."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import json
import re
from datetime import date

import pypdfium2
import pytest
from lxml import html

from pipeline.theme import words
from tests.browser import COLOURS, FIRST_OF_EACH, WHOLE, violations

pytestmark = pytest.mark.slow
# In bytes, as it lies there and as servers send it, for which a reader on a slow line waits.
LIMIT, SENT = 812_000, 200_000
FACTS = "//main//a[starts-with(@href, '#fact-')][not(ancestor::*[@class='appendix'])]"
ROWS = "//div[@class='appendix']//dd"
SIZES = {"phone": (390, 844), "desktop": (1400, 1000)}


@pytest.fixture(scope="module")
def tree(site):
    return html.fromstring((site / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def address(site):
    return (site / "report.html").as_uri()


def window(name: str) -> dict[str, int]:
    return dict(zip(("width", "height"), SIZES[name], strict=True))


@pytest.fixture(scope="module")
def opened(browser, address):
    """A desktop page, opened once, and what its console complains of and what it asks for."""
    context = browser.new_context(viewport=window("desktop"))
    page, trouble = context.new_page(), []
    page.on(
        "console",
        lambda message: message.type in ("error", "warning") and trouble.append(message.text),
    )
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith(("data:", address)) or trouble.append(f"request: {request.url}")
        ),
    )
    page.goto(address)
    yield page, trouble
    context.close()


@pytest.fixture
def page(opened):
    """That page as it was, with no card open; it fails the test if the console complains or a
    request leaves."""
    page, trouble = opened
    page.set_viewport_size(window("desktop"))
    page.emulate_media(media="screen")
    page.mouse.move(0, 0)
    page.keyboard.press("Escape")
    yield page
    assert not trouble


def test_the_page_is_one_modest_file(site, tree):
    page = (site / "report.html").read_bytes()
    assert len(page) < LIMIT and len(gzip.compress(page, 9)) < SENT
    outside = [
        e.get("src") or e.get("href")
        for e in tree.iter("script", "link", "img", "iframe", "source")
        if e.get("rel") != "alternate" and (e.get("src") or e.get("href") or "data:")[:5] != "data:"
    ]
    assert [
        address
        for address in outside
        if not address.startswith(("http", "es/")) or address.endswith((".js", ".css"))
    ] == []


def test_every_printed_fact_leads_to_its_row_and_every_row_leads_back(tree, record_property):
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    facts = tree.xpath(FACTS)
    targets = {link.get("href")[1:] for link in facts}
    assert facts and targets <= ids
    firsts = {link.get("href"): f"#{link.get('id')}" for link in reversed(facts) if link.get("id")}
    rows = tree.xpath("//dt//a[starts-with(@href,'#use-')]")
    assert firsts == {f"#{row.get('id')}": row.get("href") for row in rows}
    assert firsts.keys() == {f"#{target}" for target in targets}
    record_property(
        "told", f"facts: the report prints {len(targets)} facts in {len(facts)} places, all traced"
    )


def plain(element) -> str:
    """Read the text of an element as one line."""
    return " ".join(element.text_content().split())


def misled(tree, facts: dict[str, dict]) -> list[str]:
    """List the links of numbers that lead to a row, a source or a place of another number."""
    places = {element.get("id"): element for element in tree.iter() if element.get("id")}
    sources = {one: str(place) for place, one in enumerate(tree.xpath("//ol/li/@id"), 1)}
    found = []

    def check(query: str, expected) -> None:
        for link in tree.xpath(query):
            if plain(link) not in expected(link.get("href")[1:]):
                found.append(f"{plain(link)} to {link.get('href')}")

    check(FACTS, lambda row: spelled(facts[row.removeprefix("fact-")]))
    check(f"{ROWS}//a[starts-with(@href, '#fact-')]", lambda row: {plain(places[row])})
    check("//main//span[@class='cite']//a", lambda source: {sources[source]})
    check("//main//a[contains(@class, 'xref')]", lambda place: {named(places[place])})
    return found


def spelled(fact: dict) -> set[str]:
    return {" ".join(text.split()) for text in fact["texts"]["en"].values()}


def named(place) -> str:
    """Say how the page names a figure, a table or a section: Figure 1, Section 2."""
    if place.tag == "figure":
        return plain(place.find(".//figcaption/strong"))
    number = place.find("span")
    return plain(place) if number is None else f"Section {plain(number)}"


def test_every_number_leads_to_what_it_is_the_number_of(site, tree):
    """A fact to its row, an input of a row to the row that says it, a citation to its source, a
    cross-reference to what has its number."""
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]
    assert misled(tree, facts) == []


def test_a_number_that_leads_to_that_of_another_is_found(site):
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]
    page = html.fromstring((site / "report.html").read_text(encoding="utf-8"))
    for query, wrong in {
        "//main//a[@href='#fact-roll.tables']": "fact-roll.abroad",
        f"{ROWS}//a[starts-with(@href, '#fact-')]": "fact-council.first.maduro.votes",
        f"{ROWS}//span[@class='cite']//a": page.xpath("//ol/li/@id")[-1],
        "//a[contains(@class, 'xref')][starts-with(@href, '#fig-')]": "fig-toll",
        "//a[contains(@class, 'xref')][starts-with(@href, '#sec-')]": "sec-methods",
    }.items():
        page.xpath(query)[0].set("href", f"#{wrong}")
    assert len(misled(page, facts)) == 5


def test_what_can_be_taken_below_a_figure_is_of_that_figure(tree):
    for tools in tree.xpath("//div[@class='figure-tools']"):
        name = tools.getprevious().get("id").removeprefix("fig-")
        folder = f"figures/{name}/"
        links = [link.get("href").removeprefix(folder) for link in tools.xpath("p/a")]
        files = [f"{name}.{end}" for end in ("csv", "svg", "png", "pdf")]
        assert links == ["index.html#data", *files, "index.html#cite", "index.html"], name


def test_the_page_says_the_day_of_its_edition(tree, site):
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))
    day = date.fromisoformat(facts["date"])
    (told,) = tree.xpath("//header//time")
    assert (told.get("datetime"), plain(told)) == (facts["date"], f"{day.day} {day:%B %Y}")
    assert f"({day.day} {day:%B %Y})" in plain(tree.find(".//footer"))
    assert f"Version {facts['version']}" in plain(tree.find(".//header"))


def test_every_correction_of_what_the_tables_say_is_printed(project, tree):
    """What only cites or notes otherwise, or corrects a source, stays in the log itself."""
    with (project / "data/corrections.csv").open(encoding="utf-8", newline="") as handle:
        log = [row for row in csv.DictReader(handle) if row["table"] != "sources"]
    (table,) = tree.xpath("//table[.//th='Reason']")
    printed = [[plain(cell) for cell in row] for row in table.iterfind("tbody/tr")]
    told = [row for row in log if row["column"] not in ("sources", "note")]
    assert len(told) > 20
    for row in told:
        day = date.fromisoformat(row["date"])
        alike = [
            cells
            for cells in printed
            if cells[0] == f"{day.day} {day:%B %Y}"
            and re.search(rf"^{row['table']}: .*\b{re.escape(row['row'])}, ", cells[1])
            and cells[1].endswith(f", {row['column']}")
            and [cell.strip("“”") for cell in cells[2:4]] == [row["from"], row["to"]]
            and cells[4].startswith(row["reason"])
        ]
        assert len(alike) == 1, row


def test_the_manifest_lists_every_file_of_the_site_with_its_checksum(site):
    listed = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["files"]
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    del files["manifest.json"]
    assert listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    }


def test_ids_are_unique(tree):
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})[:5]


def test_no_style_or_handler_stands_in_an_attribute(tree):
    found = [
        (e.tag, name)
        for e in tree.iter()
        for name in e.attrib
        if name == "style" or name.startswith("on")
    ]
    assert not found, found[:5]


def open_doors(page: str) -> list[str]:
    """List what the policy of a page leaves open: all, something beside itself, or its own
    script."""
    tree = html.fromstring(page)
    policies = tree.xpath("//head/meta[@http-equiv='Content-Security-Policy']")
    if not policies:
        return ["no policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policies[0].get("content").split(";"))
    found = [
        f"{name} {rules.get(name)}"
        for name in ("default-src", "base-uri", "form-action")
        if rules.get(name) != "'none'"
    ]
    found += [
        f"{name} {told}" for name, told in rules.items() if re.search(r"\*|http|unsafe", told)
    ]
    early = [
        e.tag
        for e in policies[0].itersiblings(preceding=True)
        if e.tag in ("script", "style", "link")
    ]
    return found + [f"{tag} before the policy" for tag in early]


def unsealed(page: str) -> list[str]:
    """List the scripts and styles of a page whose contents its policy does not name."""
    tree = html.fromstring(page)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    blocks = re.findall(r"<(script|style)(?![^>]*(?:src=|json))[^>]*>(.*?)</\1>", page, re.S)
    digests = [
        (kind, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())
        for kind, text in blocks
    ]
    return [kind for kind, digest in digests if f"'sha256-{digest}'" not in policy]


def test_what_is_left_out_of_the_page_means_nothing_to_a_browser(page, project, site):
    """It reads the same tree, but for space between tags, from what the engine wrote as from what
    is sent."""
    read = "text => new DOMParser().parseFromString(text, 'text/html').documentElement.outerHTML"

    def tree(text: str) -> str:
        return re.sub(r"\s*(<[^>]*>)\s*", r"\1", page.evaluate(read, text))

    whole = (project / "build/documents/report.html").read_text(encoding="utf-8")
    sent = (site / "report.html").read_text(encoding="utf-8")
    sent = re.sub(r'\n<meta http-equiv="Content-Security-Policy"[^>]*>', "", sent, count=1)
    assert len(sent) < len(whole) - 20_000
    assert tree(sent) == tree(whole) != tree(sent.replace(" id=use-2", " id=use-3", 1))


def test_every_page_of_the_site_forbids_all_but_itself(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 28
    assert {
        str(path.relative_to(site)): found
        for path in pages
        if (found := open_doors(path.read_text(encoding="utf-8")))
    } == {}
    assert [path.name for path in pages if unsealed(path.read_text(encoding="utf-8"))] == []


def test_a_page_with_an_open_door_is_found(site):
    page = (site / "report.html").read_text(encoding="utf-8")
    assert open_doors(re.sub(r"<meta http-equiv=.Content-Security-Policy[^>]*>", "", page)) == [
        "no policy"
    ]
    assert open_doors(page.replace("default-src 'none'", "default-src *")) == [
        "default-src *",
        "default-src *",
    ]
    assert unsealed(page.replace("<script>", "<script>alert(1);", 1)) == ["script"]


def misflagged(tree, facts: dict[str, dict]) -> list[str]:
    """List rows of the appendix that hide, or make up, that a number is weak or of one source."""
    found = []
    for term in tree.xpath("//dt[*[starts-with(@id, 'fact-')]]"):
        name = term.xpath("./*/@id[starts-with(., 'fact-')]")[0].removeprefix("fact-")
        told, fact = " ".join(term.getnext().itertext()), facts[name]
        weak = [level for level in ("medium", "low") if fact["confidence"] == level]
        if [level for level in ("medium", "low") if f"{level} confidence)" in told] != weak:
            found.append(f"{name}: confidence")
        if ("Single source." in told) != (fact["kind"] == "claim" and len(fact["sources"]) == 1):
            found.append(f"{name}: single source")
    return found


def test_the_appendix_says_of_each_number_how_sure_it_is_and_if_it_has_one_source(site, tree):
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]
    assert misflagged(tree, facts) == []
    weak = [fact | {"confidence": "low", "sources": ["one"]} for fact in facts.values()]
    assert len(misflagged(tree, {fact["name"]: fact for fact in weak})) > 400


def leads_nowhere(tree) -> set[str]:
    """Name the rows of the appendix from which some way ends at no source and at no table."""
    places = {element.get("id"): element for element in tree.iter() if element.get("id")}
    told = {
        name: place.getparent().getnext()
        if place.getparent().tag == "dt"
        else place.xpath("ancestor::dd")[0]
        for name, place in places.items()
        if re.match(r"fact-|r\d", name) and place.tag in ("a", "span")
    }
    chosen = words("appendix", "en").chosen

    def ends(name: str) -> bool:
        row = told[name]
        if row.xpath(".//*[@class='cite'] | .//a[starts-with(@href, 'data/')]"):
            return True
        hrefs = row.xpath(".//a[not(ancestor::*[@class='used'])]/@href")
        return all(map(ends, (href[1:] for href in hrefs))) if hrefs else chosen in plain(row)

    return {name for name in told if not ends(name)}


def test_every_row_of_the_appendix_ends_at_a_source_or_at_rows_that_have_them(tree):
    assert leads_nowhere(tree) == set()


def test_a_row_that_ends_nowhere_is_found_with_all_that_stand_on_it(site):
    page = html.fromstring((site / "report.html").read_text(encoding="utf-8"))
    row = page.get_element_by_id("fact-council.second.maduro.votes").getparent().getnext()
    row.find("span[@class='cite']").drop_tree()
    assert {"fact-council.second.maduro.votes", "fact-between.maduro.share"} <= leads_nowhere(page)


def test_a_row_says_where_its_number_is_used_and_leads_there(tree):
    """The text of each link is the number that its section or figure has on the page."""
    ids = {element.get("id"): element for element in tree.iter() if element.get("id")}
    links = tree.xpath("//dd/span[@class='used']/a")
    named_ = {link.get("href")[1:]: plain(link) for link in links}
    assert len(links) > 100
    for place, text in named_.items():
        if place != "report":
            assert named(ids[place]) == text
    used = ids["fact-council.second.maduro.share"].getparent().getnext().find("span[@class='used']")
    assert "Section 2" in plain(used) and "Figure 1" in plain(used)


def test_each_row_of_a_table_is_told_once(tree):
    rows = [plain(row) for row in tree.xpath("//dl//dd")]
    seven = next(row for row in rows if row.startswith("Countries whose missions Venezuela"))
    assert "29 July 2024: Argentina, Chile, Costa Rica, Dominican Republic, Panama, Peru" in seven
    assert sum(row.startswith("Countries whose missions Venezuela") for row in rows) == 2
    assert "Dates and sources stand at 7." in next(
        row for row in reversed(rows) if row.startswith("Countries whose missions Venezuela")
    )


def test_by_keyboard_alone_a_number_its_card_and_its_source_are_reached_and_left(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(200):  # cards on the way have links of their own
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.key-findings a[href^=\"#fact-\"]')"):
            break
    name = page.evaluate("document.activeElement.hash")
    card = page.locator("[role=dialog]")
    card.wait_for(state="visible", timeout=3000)
    assert "National Electoral Council" in card.inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null"), (
        "what the card offers is next in order"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href").startswith("https://")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hash") == name and card.count() == 0
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#fact-')")
    assert page.locator(f"[id='{name[1:]}']").is_visible()
    page.go_back()
    page.wait_for_function("!location.hash.startsWith('#fact-')")


def behind(name: str, places: dict) -> list[str]:
    """List the sources behind a row: its own, and those of its inputs or of the rows it counts."""
    place = places[name]
    if (
        place.tag == "span" and place.getparent().tag != "dt"
    ):  # a row of a table, in a list; its sources follow it
        return [str(one) for one in place.xpath("following-sibling::*[@class='cite'][1]/a/@href")]
    row = place.getparent().getnext()
    inputs = row.xpath("span[@class='rows']/a/@href | self::*[not(span[@class='rows'])]/a/@href")
    below = [behind(one[1:], places) for one in inputs if one.startswith("#")]
    own = row.xpath(".//span[@class='cite']/a/@href")
    return list(dict.fromkeys([*own, *(one for some in below for one in some)]))


def test_a_card_says_what_the_row_of_its_number_says_and_shows_the_sources_behind_it(page, tree):
    """A number that is computed stands on the sources of what it is computed from."""
    places = {element.get("id"): element for element in tree.iter() if element.get("id")}
    sources = {entry.get("id"): plain(entry) for entry in tree.xpath("//ol/li[@id]")}
    links = [link.get("href")[1:] for link in tree.xpath(FACTS)]
    computed = [name for name in links if places[name].getparent().getnext().xpath("./a")]
    counts = ["fact-relations.expelled.count", "fact-incompatible.v2.maduro_per_missing_sheet"]
    for name in (*links[:2], *computed[:2], *computed[-2:], *counts):
        page.locator(f"main a[href='#{name}']").first.hover()
        card = page.locator("[role=dialog]")
        card.wait_for(timeout=3000)
        listed = [" ".join(text.split()) for text in card.locator("li").all_text_contents()]
        cited = behind(name, places)[:6]
        told = " ".join(card.inner_text().split())
        row = plain(places[name].getparent().getnext())
        assert re.split(r" \[| Used in", row)[0] in told and " ." not in told, name
        assert listed == [sources[one[1:]] for one in cited], name
        assert cited or "from the table" in row, name
        page.keyboard.press("Escape")


def test_a_card_stands_beside_the_text_and_leads_to_every_place_that_prints_its_number(page, tree):
    name = "fact-council.second.maduro.share"
    page.locator(f".key-findings a[href='#{name}']").hover()
    card = page.locator("[role=dialog]")
    card.wait_for(timeout=3000)
    text, box = page.locator("main").bounding_box(), card.bounding_box()
    assert text["x"] + text["width"] < box["x"] and box["x"] + box["width"] <= SIZES["desktop"][0]
    places = card.locator(".used a")
    links = [place.get_attribute("href") for place in places.all()]
    assert links[0] == "#report" and {"#sec-announced", "#fig-two-counts"} <= {*links}
    names = [name.replace("\u00a0", " ") for name in places.all_text_contents()]
    for place, link in zip(names[1:], links[1:], strict=True):
        (target,) = tree.xpath(f"//*[@id='{link[1:]}']")
        assert place == named(target)
    card.get_by_role("button", name="Close").click()
    assert card.count() == 0 and page.evaluate("document.activeElement.hash") == f"#{name}"


def test_a_list_of_names_ends_on_a_ring_that_nobody_has_to_hear_and_has_no_line(page):
    """A line below every name of a long list would be noise; as inputs they are plain links."""
    ends = """links => links.map(link => [
        getComputedStyle(link, "::after").content, getComputedStyle(link).textDecorationColor,
    ])"""
    lists = page.locator("main > :not(.appendix) a[href^='#fact-'][href$='.names']")
    assert lists.count() > 5
    assert {*map(tuple, lists.evaluate_all(ends))} == {('"°" / ""', "rgba(0, 0, 0, 0)")}
    others = page.locator(".appendix a[href$='.names'], .key-findings a:not([href$='.names'])")
    assert '"°"' not in " ".join(end for end, _ in others.evaluate_all(ends))


def test_a_card_gives_a_line_to_cite_its_number_by(page):
    page.locator(".key-findings a[href^='#fact-']").nth(1).hover()
    page.get_by_role("button", name="Cite this number").click()
    line = page.locator(".card output:not(:empty)").inner_text()
    assert re.search(r"25,073\. .* Two Counts contributors .* Version \d", line), line


def test_the_contents_follow_the_reader(page):
    for place in ("sec-checks", "sec-before", "sec-world"):
        page.evaluate(f"document.getElementById('{place}').scrollIntoView()")
        page.locator(f".toc a[aria-current][href='#{place}']").wait_for(timeout=3000)


def test_what_is_folded_opens_for_a_link_and_can_be_filtered(page):
    folds = "document.querySelectorAll('.appendix details[open]').length"
    page.get_by_label("Filter by any word").first.fill("hinterlaces")
    rows = page.locator(".appendix dt:visible").count()
    assert 0 < rows < 10 and page.evaluate(folds) >= 1
    page.get_by_label("Filter by any word").first.fill("")
    assert page.evaluate(folds) == 0
    page.evaluate("location.hash = '#fact-roll.abroad'")
    page.locator("[id='fact-roll.abroad']").wait_for(state="visible", timeout=3000)
    page.locator(".appendix details[open] summary").click()


def test_a_pointer_and_a_finger_open_the_card_as_well(browser, address):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        phone = context.new_page()
        phone.goto(address)
        assert phone.locator(".appendix details[open]").count() == 0
        phone.locator("main a[href^='#fact-']").first.tap()
        assert phone.locator("[role=dialog]").is_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, (
            "the card widens the page"
        )
        sheet = phone.locator("[role=dialog]").bounding_box()
        assert (sheet["x"], sheet["width"], round(sheet["y"] + sheet["height"])) == (0, 390, 844)


def test_a_chart_says_its_marks_by_keyboard(page):
    page.evaluate(
        "[...document.querySelectorAll('.plot svg')].find(s => s.tabIndex === 0 && "
        "s.getClientRects().length).focus()"
    )
    page.keyboard.press("ArrowRight")
    first = page.locator(".tip").inner_text()
    page.keyboard.press("ArrowRight")
    assert first and page.locator(".tip").inner_text() not in ("", first)


def test_without_script_every_number_is_still_a_link(browser, address):
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(address)
        link = plain.locator("main a[href^='#fact-']").first
        name = link.get_attribute("href")[1:]
        link.click()
        assert plain.url.endswith(f"#{name}") and plain.locator(f"[id='{name}']").is_visible()
        assert plain.locator(".toc a").first.is_visible()
        assert (
            plain.locator(".plot svg").first.is_visible()
            or plain.locator(".plot svg").nth(1).is_visible()
        )


# In the other colours only the contrast differs; on the other screen what stands around the text,
# and the first figure. AXE=all reads every look whole.
SHORTER = "document.querySelectorAll('main figure ~ *').forEach(e => e.remove())"
LOOKS = (
    # window, colours, what is cut off before, rules: all if none is named
    ("phone", "light", FIRST_OF_EACH, ()),
    ("desktop", "dark", "", COLOURS),
    ("phone", "dark", SHORTER, COLOURS),
    ("desktop", "light", "", ()),
)


def test_accessibility_rules_are_kept(browser, address):
    with browser.new_context(bypass_csp=True) as context:
        opened = context.new_page()
        opened.goto(address)
        for size, scheme, cut, rules in LOOKS:
            opened.set_viewport_size(window(size))
            opened.emulate_media(color_scheme=scheme)
            if not WHOLE:
                opened.evaluate(cut)
            assert violations(opened, rules=() if WHOLE else rules) == "", f"{size}, {scheme}"


def test_printed_pages_hide_what_only_a_screen_can_use(page):
    page.emulate_media(media="print")
    for screen in ("nav.toc", ".figure-tools", ".plot svg:last-child"):
        assert not page.locator(screen).first.is_visible(), screen
    assert page.locator("main").is_visible() and page.locator(".on-paper").is_visible()


def test_printed_from_a_browser_the_report_takes_hardly_more_paper_than_the_pdf(page, site):
    page.emulate_media(media="print")
    sheets = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) < 1.2 * len(pypdfium2.PdfDocument(site / "report.pdf"))
