"""The figures' pages in a real browser: from a disk and from a server, light and dark, with scripts
and without."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser import COLOURS, WHOLE, sampled, serving, violations
from tests.test_citable_figures import FIGURES, taken

pytestmark = pytest.mark.slow
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1400, "height": 1000}
# One template makes all pages: these are of the first figure, of the widest table and the longest.
SOME = (FIGURES[0], "rupture", "two-counts")
WIDTHS = (320, 768, 1100)  # the narrowest, and just above what style sheets change at


@pytest.fixture(scope="module")
def server(site):
    with serving(site) as address:
        yield address


def watched(context, trouble: list[str]):
    """Open a tab that notes all that the console says and every request."""
    page = context.new_page()
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(f"request: {request.url}"))
    return page


def left(trouble: list[str], home: str) -> list[str]:
    """Leave out the requests that stay in the site."""
    allowed = f"request: {home}", "request: data:"
    return [told for told in trouble if not told.startswith(allowed)]


@contextmanager
def opened(browser, address: str, **options):
    """Open a page; at the end fail on any complaint of the console and on any request that leaves
    the site."""
    context, trouble = browser.new_context(**{"viewport": DESKTOP, **options}), []
    page = watched(context, trouble)
    page.goto(address)
    yield page
    context.close()
    assert left(trouble, address.split("/figures/")[0]) == []


def tab(**options):
    """A fixture: a tab that tests use one after the other, and what went wrong in it."""

    @pytest.fixture(scope="module")
    def one(browser):
        context, trouble = browser.new_context(viewport=DESKTOP, **options), []
        yield watched(context, trouble), trouble
        context.close()

    return one


scripted, scriptless = tab(), tab(java_script_enabled=False)


@contextmanager
def visited(tab, address: str):
    """Go to a page in a tab, as large and bright as any; fail as if it was opened for it."""
    page, trouble = tab
    trouble.clear()
    page.set_viewport_size(DESKTOP)
    page.emulate_media(media="screen")
    page.goto(address)
    yield page
    assert left(trouble, address.split("/figures/")[0]) == []


def too_wide(page, widths: tuple[int, ...]) -> list[int]:
    """List the widths of screens on which a page is wider than the screen."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    page.set_viewport_size(DESKTOP)
    return found


@pytest.mark.loopback
@pytest.mark.parametrize("name", FIGURES)
def test_a_page_is_no_wider_than_any_screen_and_shows_one_picture_there(
    name, scripted, site, server
):
    homes = [site.as_uri(), server] if name == FIGURES[0] else [server]  # they differ in the chart
    for home in homes:
        with visited(scripted, f"{home}/figures/{name}/index.html") as page:
            page.eval_on_selector_all("details", "all => all.forEach(e => e.open = true)")
            assert too_wide(page, WIDTHS if WHOLE or name in SOME else WIDTHS[:1]) == []
            assert page.locator("#static svg:visible").count() == 1
            page.emulate_media(media="print")
            assert page.locator("#static svg:visible").count() == 1


@pytest.mark.parametrize("name", SOME)
def test_without_scripts_the_picture_stays_and_nothing_is_offered_that_would_not_work(
    name, scriptless, site
):
    with visited(scriptless, f"{site.as_uri()}/figures/{name}/index.html") as page:
        for viewport, kind in ((PHONE, "narrow"), (DESKTOP, "wide")):
            page.set_viewport_size(viewport)
            expect(page.locator(f"#static .{kind} svg")).to_be_visible()
            assert page.locator("#static svg:visible").count() == 1
            assert page.locator("button:visible").count() == 0


@pytest.mark.loopback
@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "no-clipboard"])
def test_the_citation_can_be_copied_with_or_without_the_clipboard(
    allowed, browser, server, project
):
    figure = taken(project, FIGURES[0])
    with opened(browser, f"{server}/figures/{figure.id}/index.html") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"] if allowed else [])
        page.click("summary:has-text('BibTeX')")
        page.click("button[data-copy='bibtex']")
        page.get_by_text("Copied" if allowed else "Selected, copy", exact=False).wait_for()
        found = page.evaluate(
            "navigator.clipboard.readText()" if allowed else "getSelection().toString()"
        )
        assert found.strip() == figure.text(".bib").strip()


# test_open_to_all.py reads every other kind of page, and a frame.
READ = [f"{name}/index.html" for name in (FIGURES if WHOLE else SOME)]
READ += [f"{name}/embed.html" for name in FIGURES if WHOLE]


@pytest.mark.parametrize("path", READ)
def test_axe_finds_nothing(path, browser, site):
    """On a light phone with the tables open; on a dark desktop its colours."""
    with opened(
        browser, f"{site.as_uri()}/figures/{path}", viewport=PHONE, bypass_csp=True
    ) as page:
        page.eval_on_selector_all("details", "all => all.forEach(e => e.open = true)")
        sampled(page)
        assert violations(page) == ""
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="dark")
        assert violations(page, rules=() if WHOLE else COLOURS) == ""


def test_the_next_and_previous_figure_and_all_figures_are_a_key_away(browser, site):
    with opened(browser, f"{site.as_uri()}/figures/index.html") as page:
        first = page.locator("main li h3 a").first
        named = first.inner_text()
        first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/index.html")
        title = page.locator("h1").inner_text()
        assert named.endswith(title)
        page.locator("a[rel=next]").focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        page.locator("a[rel=prev]").focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        assert page.locator("h1").inner_text() == title
