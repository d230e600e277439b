"""Every kind of page, with all that can be opened open: for narrow windows, fingers, screen readers
and slow lines."""

from __future__ import annotations

from functools import cache

import pytest
from fontTools.ttLib import TTFont

from tests.browser import COLOURS, sampled, serving, violations
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
OPEN = "document.querySelectorAll('details').forEach(list => { list.open = true; })"
WIDE = "document.documentElement.scrollWidth > innerWidth"
FRAME = "figures/two-counts/embed.html"
KINDS = ("index.html", "figures/index.html", FRAME, "data/index.html", "versions.html")
MORE = ("report.html", "figures/world/index.html", "states/index.html", "rebuild/index.html")
# how far what is seen moves while a page comes, as browsers score it: at most 0.05 each
MOVES = ("index.html", "report.html", "report.html#fact-roll.abroad", "report.html#sec-world")
MOVES += ("figures/two-counts/index.html", "states/index.html", "states/index.html#chile")
MOVED = """new Promise(done => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((one) => { sum += one.value; });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""

SET = """(() => {
    const found = {}, texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode, look = getComputedStyle(text.parentElement);
        if (text.parentElement.closest("script, style")) continue;
        const face = `${look.fontFamily.split('"')[1]} ${look.fontStyle} ${look.fontWeight}`;
        found[face] = (found[face] || "") + text.data;
    }
    return found;
})()"""


@pytest.fixture(scope="module")
def tab(browser):
    with browser.new_context(bypass_csp=True) as context:
        yield context.new_page()


@pytest.mark.parametrize("page", KINDS)
def test_rules_of_accessibility_are_kept_on_every_kind_of_page(tab, site, page):
    """Report, figure and states have tests of their own, with their cards and fields."""
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.emulate_media(color_scheme="light")
    tab.goto((site / page).as_uri())
    tab.evaluate(OPEN)
    sampled(tab)
    assert violations(tab) == ""
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": 1400, "height": 1000})
    assert violations(tab, rules=[*COLOURS, "target-size"]) == ""


@pytest.mark.parametrize("page", KINDS + MORE)
def test_nothing_is_wider_than_a_narrow_window_or_one_with_letters_twice_as_large(tab, site, page):
    tab.set_viewport_size({"width": 320, "height": 800})
    tab.goto((site / page).as_uri())
    tab.evaluate(OPEN)
    assert not tab.evaluate(WIDE)
    tab.set_viewport_size({"width": 640, "height": 800})
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not tab.evaluate(WIDE)


@pytest.mark.parametrize(("width", "pages"), [(390, MOVES), (1400, MOVES[:2] + MOVES[-3:-1])])
def test_no_line_moves_while_a_page_comes(browser, site, width, pages):
    moved = {}
    with serving(site) as home, browser.new_context() as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        for address in pages:
            page.goto("about:blank")
            page.goto(f"{home}/{address}")
            moved[address] = page.evaluate(MOVED)
    assert {address: far for address, far in moved.items() if far > 0.05} == {}


@pytest.mark.parametrize("page", KINDS + MORE)
def test_no_letter_is_drawn_by_another_font(tab, site, page):
    tab.goto((site / page).as_uri())
    letters = tab.evaluate(SET)
    assert len(letters) > 1
    assert foreign(letters) == {}
    assert foreign({"Two Counts Serif normal 400": "a†", "Two Counts Sans normal 600": "Ω"}) == {
        "Two Counts Serif normal 400": {"†"},
        "Two Counts Sans normal 600": {"Ω"},
    }


def foreign(letters: dict[str, str]) -> dict[str, set[str]]:
    """Find the letters that the face in which they are set does not hold, by face."""
    return {
        look: missing
        for look, text in letters.items()
        if look.startswith("Two Counts")
        and (missing := {one for one in text if one > " "} - held(*look.rsplit(" ", 2)))
    }


@cache
def held(family: str, slope: str, weight: str) -> set[str]:
    """Say which letters a face holds; those of the sans may be slanted, those of the serif not."""
    if slope == "italic" and family.endswith("Serif"):
        return set()
    style = "Semibold" if int(weight) > 500 else "Regular"
    path = ROOT / f"theme/fonts/{family.replace(' ', '')}-{style}.woff2"
    return {*map(chr, TTFont(path).getBestCmap())}
