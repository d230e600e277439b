"""The figures' pages in a real browser: from a disk and from a server, light and dark, with scripts
and without."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import FIRST_OF_EACH
from tests.test_citable_figures import FIGURES, marks, taken

pytestmark = pytest.mark.slow
LABELLED = "#live svg [aria-label]:not([role=graphics-document], [aria-roledescription=axis])"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1400, "height": 1000}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving(folder: Path):
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def server(site):
    with serving(site) as address:
        yield address


@contextmanager
def opened(browser, address: str, **options):
    """Open a page; at the end fail on any complaint of the console and on any request that leaves
    the site."""
    context = browser.new_context(**{"viewport": DESKTOP, **options})
    page = context.new_page()
    home, trouble = address.split("/figures/")[0], []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((home, "data:")) or trouble.append(f"request: {request.url}")
        ),
    )
    page.goto(address)
    yield page
    context.close()
    assert not trouble


@pytest.mark.loopback
@pytest.mark.parametrize("name", FIGURES)
def test_the_live_chart_appears_from_a_disk_and_from_a_server_and_goes_again(
    name, browser, site, server, project
):
    labels = sorted(marks(taken(project, name).page.find_class("wide")[0]))
    homes = (
        [site.as_uri(), server] if name == FIGURES[0] else [server]
    )  # the pages differ in their chart only
    for home in homes:
        with opened(browser, f"{home}/figures/{name}/index.html") as page:
            assert (
                page.locator("#static svg:visible").count() == 1
                and page.locator("#live").is_hidden()
            )
            page.click("#toggle")
            page.locator("#live svg").wait_for()
            assert page.locator("#static").is_hidden()
            assert (
                sorted(
                    page.eval_on_selector_all(
                        LABELLED, "all => all.map(e => e.ariaLabel.split(/\\s+/).join(' '))"
                    )
                )
                == labels
            )
            page.emulate_media(media="print")
            assert page.locator("#static").is_visible() and page.locator("#live").is_hidden()
            page.emulate_media(media="screen")
            page.click("#toggle")
            assert page.locator("#static svg:visible").count() == 1


def test_the_live_chart_wears_the_colours_of_the_page(browser, site):
    fills = {}
    for scheme in ("light", "dark"):
        with opened(
            browser, f"{site.as_uri()}/figures/{FIGURES[0]}/index.html", color_scheme=scheme
        ) as page:
            page.click("#toggle")
            page.locator("#live svg").wait_for()
            fills[scheme] = page.eval_on_selector_all(
                "#live svg path, #live svg text", "all => all.map(e => getComputedStyle(e).fill)"
            )
    assert len(fills["light"]) == len(fills["dark"])
    assert all(
        light != dark
        for light, dark in zip(*fills.values(), strict=True)
        if "0)" not in light and light != "none"
    )


@pytest.mark.parametrize("name", FIGURES)
def test_without_scripts_the_picture_stays_and_nothing_is_offered_that_would_not_work(
    name, browser, site
):
    address = f"{site.as_uri()}/figures/{name}/index.html"
    with opened(browser, address, java_script_enabled=False) as page:
        for viewport, kind in ((PHONE, "narrow"), (DESKTOP, "wide")):
            page.set_viewport_size(viewport)
            expect(page.locator(f"#static .{kind} svg")).to_be_visible()
            assert page.locator("#static svg:visible").count() == 1
            assert page.locator("button:visible").count() == 0


def test_when_the_library_cannot_be_had_the_picture_stays_and_the_page_says_so(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/vega.js", lambda route: route.abort())
    page.goto(f"{site.as_uri()}/figures/{FIGURES[0]}/index.html")
    page.click("#toggle")
    page.get_by_text("could not be drawn").wait_for()
    assert page.locator("#static svg:visible").count() == 1 and page.locator("#live").is_hidden()
    context.close()


@pytest.mark.loopback
@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "no-clipboard"])
def test_the_citation_can_be_copied_with_or_without_the_clipboard(
    allowed, browser, server, project
):
    figure = taken(project, FIGURES[0])
    with opened(browser, f"{server}/figures/{figure.id}/index.html") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"] if allowed else [])
        page.click("button[data-copy='bibtex']")
        page.get_by_text("Copied" if allowed else "Selected, copy", exact=False).wait_for()
        found = page.evaluate(
            "navigator.clipboard.readText()" if allowed else "getSelection().toString()"
        )
        assert found.strip() == figure.text(".bib").strip()


PAGES = [
    "index.html",
    *(f"{name}/{page}" for name in FIGURES for page in ("index.html", "embed.html")),
]
# One template makes all pages: axe reads the overview, and of the figures the first, the widest
# table and the longest.
READ = [
    "index.html",
    *(
        f"{name}/{page}"
        for name in (FIGURES[0], "rupture", "two-counts")
        for page in ("index.html", "embed.html")
    ),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES if os.environ.get("AXE") == "all" else READ)
def test_axe_finds_nothing(path, scheme, browser, site):
    from axe_playwright_python.sync_playwright import Axe

    # On a light phone with the tables open, on a dark desktop with the live chart: all parts are
    # seen once, at half the time.
    light = scheme == "light"
    with opened(
        browser,
        f"{site.as_uri()}/figures/{path}",
        viewport=PHONE if light else DESKTOP,
        color_scheme=scheme,
        bypass_csp=True,
    ) as page:
        page.eval_on_selector_all(
            "details", f"all => all.forEach(e => e.open = {str(light).lower()})"
        )
        if page.locator("#toggle").count() and not light:
            page.click("#toggle")
            page.locator("#live svg").wait_for()
        if os.environ.get("AXE") != "all":
            page.evaluate(FIRST_OF_EACH)
        # `preload` would fetch the stylesheets a second time
        result = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})
        assert not result.response["violations"], result.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_screen(path, browser, site):
    with opened(browser, f"{site.as_uri()}/figures/{path}") as page:
        for width in (320, 390, 768, 1400):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                f"{path} at {width} px"
            )


@pytest.mark.loopback
@pytest.mark.parametrize("name", FIGURES)
def test_an_embedded_figure_stands_whole_in_its_frame(
    name, browser, site, server, project, tmp_path
):
    code = (
        taken(project, name)
        .page.get_element_by_id("frame")
        .text_content()
        .replace('src="', f'src="{server}/')
    )
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/host.html").write_text(
        '<!DOCTYPE html><link rel="icon" href="data:,"><title>Host</title><body '
        f'style="margin:16px">{code}'
    )
    with serving(tmp_path) as other:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{other}/figures/host.html")
        for width in (360, 600, 1200):
            page.set_viewport_size({"width": width, "height": 900})
            frame = page.frame_locator("iframe")
            expect(frame.locator("svg:visible")).to_have_count(1)
            size = frame.locator("html").evaluate(
                "e => [e.scrollHeight, e.clientHeight, e.scrollWidth, e.clientWidth]"
            )
            assert size[0] <= size[1] and size[2] <= size[3], f"at {width} px: {size}"
            shown = frame.locator("svg:visible").evaluate(
                "e => e.getBoundingClientRect().height / e.viewBox.baseVal.height"
            )
            assert shown > 0.7, f"at {width} px the drawing is shown at {shown:.0%} of its size"
            assert frame.locator("figcaption").inner_text().startswith("Chart: ")
        context.close()


def test_the_next_and_previous_figure_and_all_figures_are_a_key_away(browser, site):
    with opened(browser, f"{site.as_uri()}/figures/index.html") as page:
        first = page.locator("main li h2 a").first
        title = first.inner_text()
        first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/index.html")
        assert page.locator("h1").inner_text() == title
        page.locator("a[rel=next]").focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        page.locator("a[rel=prev]").focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        assert page.locator("h1").inner_text() == title
