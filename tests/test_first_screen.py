"""The first screens say which election, how far the report reaches, and both counts at a glance."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from lxml import html

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(site):
    return (site / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(page):
    return html.fromstring(page)


@pytest.fixture(scope="module")
def known(site):
    return json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]


def plain(element) -> str:
    return " ".join(element.text_content().split())


def test_the_head_says_what_where_and_when(tree, known):
    head = plain(tree.find(".//header"))
    assert "Venezuela’s presidential election of 28 July 2024" in head
    assert " ".join(known["event.2024-07-28.election"]["texts"]["en"][""].split()) in head
    assert re.search(r"about \d+ minutes to read", head)


def test_the_day_up_to_which_events_are_covered_is_that_of_the_last_row(tree, tables):
    last = date.fromisoformat(max(max(tables[name]["date"]) for name in ("events", "after")))
    (line,) = tree.xpath("//div[@class='covers']")
    assert f"Covers events up to {last.day} {last:%B %Y}" in plain(line)


def bars(page: str) -> list[tuple[list[float], list[float]]]:
    """List for each bar of the lead the shares that it prints, and how long its parts are drawn."""
    found = []
    for bar in html.fromstring(page).xpath("//div[@class='lead']/ul"):
        rule = re.search(rf"\.{bar.get('class').split()[1]}\{{grid-template-columns:([^}}]+)", page)
        printed = [float(plain(part).split()[-1].rstrip("%")) for part in bar]
        found.append((printed, [float(width) for width in re.findall(r"([\d.]+)fr", rule[1])]))
    return found


def test_each_part_of_a_bar_is_as_long_as_the_share_that_it_prints(page):
    assert len(bars(page)) == 2
    for printed, drawn in bars(page):
        assert drawn[:-1] == printed and round(sum(drawn), 6) == 100


def test_a_bar_that_is_drawn_longer_than_it_says_is_found(page):
    (_, drawn), _ = bars(page.replace("minmax(0,51.95fr)", "minmax(0,61.95fr)"))
    assert drawn[0] == 61.95 and round(sum(drawn), 6) != 100


def test_the_lead_names_both_counts_the_same_way_round(tree):
    names = [
        [plain(part).split()[0] for part in bar] for bar in tree.xpath("//div[@class='lead']/ul")
    ]
    assert names == [["Maduro", "González"]] * 2


def test_every_date_of_the_story_leads_to_its_section_and_they_stand_in_order(tree, known):
    days = tree.xpath("//div[@class='timeline']/ul/li")
    names = [
        day.xpath(".//a[starts-with(@href, '#fact-')]/@href")[0].removeprefix("#fact-")
        for day in days
    ]
    dates = [known[name]["value"] for name in names]
    assert 10 <= len(days) <= 14 and dates == sorted(dates)
    assert all(day.xpath(".//a[starts-with(@href, '#sec-')]") for day in days)


def test_people_and_words_have_a_sentence_each_one_click_from_every_main_section(tree):
    terms = tree.xpath("//dt[*[starts-with(@id, 'who-')]]")
    assert len(terms) >= 14
    assert all(plain(term.getnext()).count(". ") == 0 for term in terms), "one sentence each"
    for heading in tree.xpath("//main/h2[span]")[:13]:
        part = f"//main/*[preceding-sibling::h2[1][@id='{heading.get('id')}']]"
        assert tree.xpath(f"{part}//a[starts-with(@href, '#who-')]"), heading.get("id")
