"""A picture that leaves the report stays whole: without our font, in other programs, in a frame."""

from __future__ import annotations

import io
import json
import re
from contextlib import contextmanager

import altair
import pytest
import vl_convert
from lxml import etree
from PIL import Image, ImageChops

from tests.browser import serving
from tests.test_citable_figures import FIGURES, taken

pytestmark = pytest.mark.slow
FACES = re.compile(r"<style>.*?</style>", re.S)
FAMILY = re.compile(r'font-family="[^"]*"')
# Wider than ours by a sixth, and the one that Wikipedia's and many other renderers fall back to.
OTHER = "DejaVu Sans"
EDGE = 10  # pixels of the margin that stay empty


def in_another_font(svg: str) -> str:
    """Take our font out of a picture, as a program does that knows no embedded fonts."""
    return FAMILY.sub(f'font-family="{OTHER}"', FACES.sub("", svg))


def beyond(page, svg: str) -> list[str]:
    """List the texts that leave a picture on either side, as Chromium sets them."""
    page.set_content(svg)
    return page.evaluate(
        """() => { const svg = document.querySelector("svg"), room = svg.viewBox.baseVal.width;
        return [...svg.querySelectorAll("text")].filter(text => {
            const box = text.getBBox(), at = text.getCTM().e - svg.getCTM().e;
            return box.x + at < 0 || box.x + at + box.width > room;
        }).map(text => text.textContent); }"""
    )


def test_every_picture_is_whole_in_a_browser_without_our_font(site, browser):
    page, texts = browser.new_page(), 0
    for name in FIGURES:
        svg = (site / f"figures/{name}/{name}.svg").read_text(encoding="utf-8")
        texts += svg.count("<text")
        assert beyond(page, in_another_font(svg)) == [], name
    assert texts > 20 * len(FIGURES)
    page.close()


def test_a_picture_whose_texts_may_grow_is_found(site, browser):
    svg = (site / "figures/two-counts/two-counts.svg").read_text(encoding="utf-8")
    page = browser.new_page()
    assert beyond(page, re.sub(r' textLength="[^"]*"', "", in_another_font(svg)))
    page.close()


def edges(png: bytes) -> tuple[int, int]:
    """Say how many pixels are white on the left and on the right of a picture."""
    with Image.open(io.BytesIO(png)) as picture:
        flat = picture.convert("RGB")
    left, _, right, _ = ImageChops.invert(flat).getbbox()
    return left, flat.width - right


@pytest.mark.parametrize("name", FIGURES)
def test_every_picture_is_whole_in_a_program_that_is_no_browser(name, site):
    svg = (site / f"figures/{name}/{name}.svg").read_text(encoding="utf-8")
    assert min(edges(vl_convert.svg_to_png(in_another_font(svg), scale=1))) >= EDGE


def test_inside_an_image_of_a_page_a_picture_has_its_font(site, browser, tmp_path):
    """A page cannot lend its fonts to an image, so the picture has to carry them."""
    picture = site / "figures/two-counts/two-counts.svg"
    poor = tmp_path / "poor.svg"
    poor.write_text(FACES.sub("", picture.read_text(encoding="utf-8")), encoding="utf-8")
    shots = [shot(browser, path.as_uri(), tmp_path) for path in (picture, picture, poor)]
    assert shots[0] == shots[1] != shots[2]


def shot(browser, address: str, folder) -> bytes:
    host = folder / "host.html"
    host.write_text(f'<!DOCTYPE html><title>Host</title><img src="{address}">', encoding="utf-8")
    page = browser.new_page(viewport={"width": 760, "height": 300})
    page.goto(host.as_uri())
    page.wait_for_function("document.images[0].complete")
    taken = page.screenshot()
    page.close()
    return taken


def written(svg: str) -> str:
    """Read all texts of a picture as one line."""
    texts = etree.fromstring(svg.encode()).iter("{*}text")
    return " ".join(" ".join(part for part in text.itertext()) for text in texts)


@pytest.mark.parametrize("name", FIGURES)
def test_every_specification_says_what_it_shows_in_any_vega_client(name, project, site):
    figure = taken(project, name)
    spec = json.loads((site / f"figures/{name}/{name}.vl.json").read_text(encoding="utf-8"))
    told = " ".join(written(vl_convert.vegalite_to_svg(spec)).split())
    for key in ("kicker", "title", "subtitle", "reading", "note", "source_line"):
        assert " ".join(figure.words[key].split()) in told, key
    assert "CC BY 4.0" in told


def test_altair_opens_a_specification_with_its_title_and_room_for_it(site):
    file = site / "figures/two-counts/two-counts.vl.json"
    spec = json.loads(file.read_text(encoding="utf-8"))
    opened = altair.Chart.from_dict(spec).to_dict()
    assert opened["title"] == spec["title"]
    assert opened["config"]["padding"] > 0, "without room around it a title is cut off"


COLUMNS = (320, 400, 660, 1000)  # pixels of a column in somebody's page
LEAST = 11  # pixels of the smallest type
HOST = """<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Host</title>
<body style="margin: 0"><div style="width: {}px">{}</div>"""
# How high and wide the page in the frame is, how high and wide the frame, the smallest type shown.
MEASURE = """e => {
    const drawn = [...document.querySelectorAll(".drawing svg")].find(one => one.checkVisibility());
    const scale = drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width;
    const texts = [...drawn.querySelectorAll("text")].map(text => getComputedStyle(text).fontSize);
    return [e.scrollHeight, e.clientHeight, e.scrollWidth, e.clientWidth,
            scale * Math.min(...texts.map(parseFloat))];
}"""


@contextmanager
def hosted(browser, site, folder, codes: list[str]):
    """Open a page of another origin, in a wide window, with frames in a column; yield it."""
    with serving(site) as home, serving(folder) as other:
        code = "".join(codes).replace('src="', f'src="{home}/')
        (folder / "host.html").write_text(HOST.format(400, code), encoding="utf-8")
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{other}/host.html")
        yield page
        page.close()


@pytest.fixture(scope="module")
def host(browser, site, project, tmp_path_factory):
    """A page elsewhere that embeds every figure by the code that its page offers."""
    codes = [
        taken(project, name).page.get_element_by_id("frame").text_content() for name in FIGURES
    ]
    with hosted(browser, site, tmp_path_factory.mktemp("host"), codes) as page:
        yield page


@pytest.mark.loopback
@pytest.mark.parametrize("width", COLUMNS)
def test_a_figure_in_a_frame_is_whole_in_columns_of_every_width(width, host, project):
    host.eval_on_selector("div", "(e, width) => { e.style.width = width + 'px' }", width)
    frames = host.query_selector_all("iframe")
    assert len(frames) == len(FIGURES)
    for name, element in zip(FIGURES, frames, strict=True):
        element.scroll_into_view_if_needed()
        frame = element.content_frame()
        tall, high, wide, room, type_ = settled(host, frame)
        assert tall <= high and wide <= room, f"{name} in {width} px: {tall} of {high} px"
        assert type_ >= LEAST, f"{name} in {width} px: type of {type_:.1f} px"
        told = " ".join(frame.locator("body").inner_text().split())
        for key in ("kicker", "title", "reading", "note"):
            words = taken(project, name).words[key]
            assert " ".join(words.split()) in told, key


def settled(page, frame) -> list[float]:
    """Measure a frame once it is as high as what stands in it, or after two seconds."""
    frame.locator(".drawing svg:visible").wait_for()
    for _ in range(40):
        measured = frame.locator("html").evaluate(MEASURE)
        if measured[0] == measured[1]:
            break
        page.wait_for_timeout(50)
    return measured


@pytest.mark.loopback
def test_where_no_script_may_run_the_frame_scrolls_and_the_type_keeps_its_size(
    browser, site, project, tmp_path
):
    code = taken(project, "two-counts").page.get_element_by_id("frame").text_content()
    bare = re.sub(r"<script>.*?</script>", "", code, flags=re.S)
    with hosted(browser, site, tmp_path, [bare]) as page:
        frame = page.query_selector("iframe").content_frame()
        frame.locator(".drawing svg:visible").wait_for()
        measured = frame.locator("html").evaluate(MEASURE)
    assert measured[0] > measured[1] and measured[4] >= LEAST
