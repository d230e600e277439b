"""Every kind of page, with all that can be opened open: for narrow windows, fingers, screen readers
and slow lines."""

from __future__ import annotations

import pytest

from tests.browser import COLOURS, FIRST_OF_EACH, serving, violations

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
    tab.evaluate(FIRST_OF_EACH)
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


@pytest.mark.parametrize("width", [390, 1400])
def test_no_line_moves_while_a_page_comes(browser, site, width):
    moved = {}
    with serving(site) as home, browser.new_context() as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        for address in MOVES:
            page.goto("about:blank")
            page.goto(f"{home}/{address}")
            moved[address] = page.evaluate(MOVED)
    assert {address: far for address, far in moved.items() if far > 0.05} == {}


def test_fonts_hold_every_letter_of_every_page(site):
    """So that no letter is drawn by another font; those of the sans, and of its bolder face."""
    from fontTools.ttLib import TTFont
    from lxml import html

    letters = {
        letter
        for path in site.rglob("*.html")
        for letter in html.fromstring(path.read_bytes()).xpath("string(//body)")
        if letter > " "
    }
    assert len(letters) > 100
    for face in ("Sans-Regular", "Sans-Semibold", "Serif-Regular", "Serif-Semibold"):
        there = TTFont(site / f"figures/shared/TwoCounts{face}.woff2").getBestCmap()
        assert letters <= set(map(chr, there)), face
