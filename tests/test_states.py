"""The page of all states and bodies holds every row of the tables where it belongs, and never
disagrees with the figures."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from lxml import html

from pipeline.charts import lint
from pipeline.pages import states
from pipeline.tables import contract
from tests.browser import COLOURS, sampled, violations
from tests.conftest import ROOT

LIGHT = 70_000  # bytes as servers send it
WHOLE = 460_000
PACKAGE = contract.read(ROOT / "data")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1400, "height": 1000}


def plain(element) -> str:
    """Read the text of an element as one line, with typewriter quotes."""
    text = " ".join("".join(element.itertext()).split())
    return re.sub("[“”]", '"', re.sub("[‘’]", "'", text))


def straight(text: str) -> str:
    return re.sub("[“”]", '"', re.sub("[‘’]", "'", " ".join(text.split())))


def label(table: str, column: str, code: str) -> str:
    """What the contract says of a code."""
    field = contract.fields(contract.by_name(PACKAGE)[table])[column]
    return next(one["label"] for one in field["categories"] if one["value"] == code)


class Row:
    """One row of an entry as a reader sees it: its day, its text, its sources, where it leads."""

    def __init__(self, element):
        self.day = element.find("time").get("datetime")
        self.text = plain(element.find("div"))
        told = element.xpath(".//p[@class='from']")[0]
        self.said = plain(told)
        self.addresses = {link.get("href") for link in told.iter("a")}
        self.links = {
            (plain(a), a.get("href")) for a in element.xpath(".//p[not(@class='from')]//a")
        }
        self.listed = [plain(line) for line in element.xpath(".//p[@class='members']")]
        self.square = [one.get("class") for one in element.iter("i")]


@pytest.fixture(scope="module")
def page(site):
    return html.parse(str(site / "states/index.html"), html.HTMLParser(encoding="utf-8")).getroot()


@pytest.fixture(scope="module")
def entries(page) -> dict:
    """Anchor → (its element, its rows)."""
    found = {one.get("id"): one for one in page.iter("article")}
    return {slug: (one, [Row(li) for li in one.xpath("./ol/li")]) for slug, one in found.items()}


@pytest.fixture(scope="module")
def place(tables) -> dict[str, str]:
    """Code, name or other name of an actor → anchor."""
    found = {}
    for row in tables["names"].itertuples():
        for name in filter(None, (row.iso3, row.name, *row.also.split(";"))):
            found[name] = row.slug
    return found


def the(rows: list[Row], what: str, *conditions) -> Row:
    """Take the one row out of an entry that fits; fail if there is none."""
    fitting = [row for row in rows if all(condition(row) for condition in conditions)]
    assert fitting, what
    rows.remove(fitting[0])
    return fitting[0]


@pytest.mark.slow
def test_every_state_and_body_has_an_entry_of_its_name(entries, tables):
    named = {row.slug: row.name for row in tables["names"].itertuples()}
    assert set(entries) == set(named)
    for slug, (element, _) in entries.items():
        assert plain(element.find("h3")).startswith(named[slug])
    assert set(tables["countries"]["name"]) <= set(named.values())


@pytest.mark.slow
def test_every_row_of_the_tables_stands_in_its_entry_with_its_sources(
    entries, tables, place, record_property
):
    """And nothing else stands there but the joint texts of a body with their members."""
    left = {slug: list(rows) for slug, (_, rows) in entries.items()}
    sources = tables["sources"].set_index("id")
    joined = Counter()

    def sourced(ids):
        known = sources.loc[list(ids)]
        wanted = {row.url for row in known.itertuples() if row.address == "given"}
        names = [straight(row.publisher or row.author) for row in known.itertuples()]
        return lambda row: row.addresses == wanted and all(name in row.said for name in names)

    def on(day):
        return lambda row: row.day == day

    def says(*texts):
        return lambda row: all(straight(text).lower() in row.text.lower() for text in texts if text)

    taken = []
    for act in tables["positions"].itertuples():
        actor = place[act.iso3 or act.actor]
        conditions = on(act.date), says(act.act, act.quote), sourced(act.sources)
        taken.append((actor, the(left[actor], act.id, *conditions)))
        hollow = " hollow" * (act.confidence == "low")
        assert taken[-1][1].square == [f"sq {act.stance}{hollow}"], act.id
        told = {"high": "", "medium": "medium confidence", "low": "low confidence"}[act.confidence]
        assert told in taken[-1][1].text.lower(), act.id
    for one in tables["attendance"].itertuples():
        rank = label("attendance", "rank", one.rank)
        conditions = on(one.date), says(rank, one.note), sourced(one.sources)
        the(left[place[one.iso3 or one.actor]], one.actor, *conditions)
    for one in tables["measures"].itertuples():
        what = label("measures", "measure", one.measure)
        for code in (one.imposing_iso3, one.target_iso3):
            conditions = [on(one.date), says(what)]
            if code != "VEN":  # its entry leads to those of the others
                conditions += [says(one.note), sourced(one.sources)]
            the(left[place[code]], one.id, *conditions)
    texts = tables["statements"].set_index("id")
    usual = tables["statement_members"].groupby("statement")["sources"].agg(lambda x: x.mode()[0])
    home = {text: row.slug for row in tables["names"].itertuples() for text in row.texts}
    listed = defaultdict(set)
    for rows in entries.values():
        for row in rows[1]:
            for name, target in row.links:
                listed[row.day].add((name, target))
    for one in tables["statement_members"].itertuples():
        text, actor = texts.loc[one.statement], place[one.iso3 or one.member]
        link = (straight(text["name"]), f"#{home[one.statement]}")
        here = [row for row in left[actor] if row.day == text["date"] and link in row.links]
        with_an_act = [row for slug, row in taken if slug == actor and link in row.links]
        assert bool(here) + bool(with_an_act) == 1, f"{one.statement}/{one.member}"
        if here:
            left[actor].remove(here[0])
            stance = "neutral" if one.role in ("abstain", "absent") else text["stance"]
            assert here[0].square == [f"sq {stance}"], f"{one.statement}/{one.member}"
            assert (
                says(label("statement_members", "role", one.role))(here[0]) or one.role == "member"
            )
            assert sourced(one.sources)(here[0]) or one.sources == usual[one.statement]
        joined[one.statement] += 1
        assert (one.member, f"#{actor}") in listed[text["date"]], f"{one.statement}/{one.member}"
    assert joined == dict(zip(texts.index, texts["members"], strict=True))
    own = [(slug, row.day) for slug, rows in left.items() for row in rows]
    assert all(row.listed for rows in left.values() for row in rows), own
    count = sum(len(rows) for _, rows in entries.values())
    record_property("told", f"states: {len(entries)} entries with {count} rows, all of the tables")


def drawn(site: Path, figure: str) -> list[dict[str, str]]:
    with (site / f"figures/{figure}/{figure}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(site: Path, figure: str) -> dict[str, str]:
    path = site.parent / f"build/figures/{figure}/en/words.json"
    return json.loads(path.read_text(encoding="utf-8"))["labels"]


def counted(element) -> list[tuple[str, str, str]]:
    """The lines that say where a state is counted: the code of its square, its words, the line."""
    lines = element.xpath("./ul[@class='counted']/li")
    return [
        (
            "".join(square.get("class").split()[1] for square in line.iter("i")),
            "".join(plain(word) for word in line.iter("b")),
            plain(line),
        )
        for line in lines
        if not plain(line).startswith("With the texts of bodies")
    ]


@pytest.mark.slow
def test_every_state_is_counted_where_the_figures_draw_it(site, entries, place):
    told = {slug: counted(element) for slug, (element, _) in entries.items()}
    world = {place[row["iso3"]]: row for row in drawn(site, "world")}
    said = words(site, "world")
    assert said == said | {k: v for k, v in words(site, "region").items() if k in said}
    for slug, lines in told.items():
        code, phrase, line = lines[-1] if lines else ("", "", "")
        row = world.get(slug)
        assert code == (row["stance"] if row else ""), slug
        assert phrase == (said[code] if row else ""), slug
        weak = bool(row) and row["confidence"] == "low"
        squares = [one.get("class") for one in entries[slug][0].xpath(".//ul//i")]
        assert ("but not counted" in line) == weak == (f"sq {code} hollow" in squares), slug
        assert weak or not row or f"({row['confidence']} confidence)" in line, slug
    for row in drawn(site, "region"):
        lines = told[place[row["iso3"]]]
        placed = row["stance"] in said
        assert (lines[0][0] if lines else "") == (row["stance"] if placed else ""), row["name"]
    moved = {place[row["iso3"]] for row in drawn(site, "shift")}
    assert moved == {
        slug for slug, (one, _) in entries.items() if "changed after the first week" in plain(one)
    }
    for row in drawn(site, "oas-vote"):
        role = label("statement_members", "role", row["vote"])
        _, rows = entries[place[row["iso3"]]]
        votes = [one.text for one in rows if any("OAS" in name for name, _ in one.links)]
        assert any(role in text.lower() for text in votes), row["name"]


@pytest.mark.slow
def test_the_page_is_light_and_every_link_in_it_has_a_target(site, page):
    content = (site / "states/index.html").read_bytes()
    assert len(gzip.compress(content, 9, mtime=0)) < LIGHT and len(content) < WHOLE
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert not [name for name, count in Counter(ids).items() if count > 1]
    for link in page.iter("a", "link"):
        href = link.get("href")
        if href.startswith("#"):
            assert href[1:] in ids, href
        elif not re.match("https?:|data:", href):
            # the front page is made by another step
            there = (site / "states" / href.partition("#")[0]).resolve()
            assert there.exists() or href == "../index.html", href


def test_the_anchor_of_a_state_is_its_name_and_stays(tables):
    rows = {row.slug: row for row in tables["names"].itertuples()}
    for row in rows.values():
        assert row.kind != "state" or row.slug == states.find([row.name]).replace(" ", "-")
    known = "chile holy-see european-union united-states guinea-bissau un-secretary-general g7 oecs"
    assert set(known.split()) <= set(rows)


def test_a_hole_in_its_words_that_no_fact_fills_is_told_with_its_line(tmp_path):
    path = tmp_path / "words.yml"
    path.write_text("en:\n  intro:\n    - Up to {no.fact}.\n")
    found = lint.holes(path, {"intro": ["Up to {no.fact}."]}, {}, "en")
    assert [(one.file, one.line) for one in found] == [(str(path), 3)]


@pytest.mark.slow
def test_it_is_found_by_name_by_other_names_and_by_code(site, browser):
    tab = browser.new_page(viewport=DESKTOP)
    tab.goto((site / "states/index.html").as_uri())
    assert tab.locator("article:visible").count() == len(tab.query_selector_all("article"))
    for asked, slug in (
        ("Chile", "chile"),
        ("USA", "united-states"),
        ("u.k.", "united-kingdom"),
        ("Britain", "united-kingdom"),
        ("Czechia", "czechia"),
        ("czech republic", "czechia"),
        ("CZE", "czechia"),
        ("TÜRKIYE", "turkey"),
        ("turkiye", "turkey"),
        ("st lucia", "saint-lucia"),
        ("Vatican", "holy-see"),
        ("EU", "european-union"),  # and those whose names say that they are of it
        ("Polisario", "sahrawi-republic"),
    ):
        tab.fill("#name", asked)
        seen = [one.get_attribute("id") for one in tab.locator("article:visible").all()]
        assert slug in seen and len(seen) <= (2 if asked != "EU" else 5), (asked, seen)
    assert tab.locator("section:visible").count() == 1
    assert not tab.is_visible(".jump") and not tab.is_visible(".reading-page")
    tab.fill("#name", "Atlantis")
    assert tab.locator("article:visible").count() == 0
    assert "does not mean" in tab.locator("output").inner_text()
    tab.fill("#name", "pan")
    tab.press("#name", "Enter")
    assert tab.url.endswith("#panama")
    tab.evaluate("location.hash = 'chile'")  # as a link from the index or another page does
    tab.wait_for_function("document.getElementById('chile').checkVisibility()")
    tab.close()


@pytest.mark.slow
def test_without_script_the_whole_list_is_there_and_no_field_that_does_nothing(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    tab = context.new_page()
    tab.goto((site / "states/index.html").as_uri() + "#holy-see")
    assert tab.locator("#holy-see").is_visible() and not tab.locator("#find").is_visible()
    assert tab.locator(".jump a").count() > tab.locator("article").count()
    context.close()


@pytest.mark.slow
def test_the_page_of_states_can_be_used_by_all(site, browser):
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    tab, trouble = context.new_page(), []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.goto((site / "states/index.html").as_uri())
    sampled(tab)
    assert violations(tab) == ""
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, rules=COLOURS) == ""
    assert trouble == []
    context.close()


TILES = {  # page: drawing, whose tile, and how it is followed
    "report.html": ("#fig-region .plot", "Peru", "mouse"),
    "figures/world/index.html": (".drawing", "Belarus", "finger"),
    "figures/rupture/index.html": (".drawing", "Peru", "key"),
    "figures/oas-vote/embed.html": (".drawing", "Mexico", "mouse"),
}


@pytest.mark.slow
def test_the_tile_of_a_state_leads_to_its_entry(site, browser):
    """By mouse, by Enter and by a second tap; out of a frame, into a tab of its own."""
    context = browser.new_context(viewport=DESKTOP, has_touch=True, reduced_motion="reduce")
    tab = context.new_page()
    for path, (drawing, name, way) in TILES.items():
        tab.goto((site / path).as_uri())
        svg = tab.locator(f"{drawing} svg:visible").first
        tile = svg.locator(f"[data-label^='{name}']").first
        if "embed" in path:
            with context.expect_page() as opened:
                follow(tab, svg, tile, way)
            tab = opened.value
        else:
            follow(tab, svg, tile, way)
        tab.wait_for_url(f"**/states/index.html#{name.lower()}")
    context.close()


def follow(tab, svg, tile, way: str) -> None:
    """Follow a tile to where it leads."""
    if way == "mouse":
        tile.click()
    elif way == "finger":
        tile.tap()
        assert "index.html#" not in tab.url, "the first tap says what the tile is"
        assert tab.locator(".tip.again").is_visible()
        tile.tap()
    else:
        label = tile.get_attribute("data-label").replace("; ", "\n").replace("\xa0", " ")
        svg.focus()
        for _ in range(200):
            tab.keyboard.press("ArrowRight")
            if tab.locator(".tip").inner_text().replace("\xa0", " ") == label:
                break
        tab.keyboard.press("Enter")


@pytest.mark.slow
def test_every_state_of_a_figure_is_a_link_without_script(site, place):
    report = html.parse(str(site / "report.html"), html.HTMLParser(encoding="utf-8")).getroot()
    for figure in ("region", "world", "oas-vote", "shift", "rupture"):
        rows = drawn(site, figure)
        wanted = {place[row.get("iso3") or row["other_iso3"]] for row in rows}
        text = (site / f"figures/{figure}/index.html").read_text(encoding="utf-8")
        for one in (report, html.fromstring(text.encode())):
            links = {a.get("href") for a in one.iter("a") if "/index.html#" in a.get("href")}
            assert wanted <= {link.partition("states/index.html#")[2] for link in links}, figure
