"""The same person and the same position have the same colour on every page, in every figure and in
print."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from figures import style
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
PAGES = {light for light, _ in style.TOKENS["pages"].values()}
LIGHT = {light for light, _ in style.PALETTE.values()}
MEANING = {role: style.color(role) for role in (*style.CANDIDATES, *style.POSITIONS.values())}
SETS = "g G rg RG sc SC scn SCN"  # operators that choose a colour


def colours(document: Path) -> set[str]:
    """List the colours that a PDF paints with, as #rrggbb."""
    found: set[str] = set()
    with pikepdf.open(document) as pdf:
        for page in pdf.pages:
            forms = [
                x
                for x in page.resources.get("/XObject", {}).values()
                if x.get("/Subtype") == "/Form"
            ]
            for content in (page, *forms):
                for operands, _ in pikepdf.parse_content_stream(content, SETS):
                    if not isinstance(operands[-1], pikepdf.Name):
                        levels = [round(float(value) * 255) for value in operands]
                        found.add(
                            "#"
                            + "".join(f"{v:02x}" for v in levels * (3 if len(levels) == 1 else 1))
                        )
    return found


def test_the_printed_report_has_the_colours_of_the_charts_and_the_page_and_no_others(built):
    used = colours(built[1] / "_output/report.pdf")
    assert used - LIGHT - PAGES == set()
    assert {role for role, colour in MEANING.items() if colour not in used} == set()


def test_every_printed_figure_has_the_colours_of_the_charts(site):
    for document in sorted(site.glob("figures/*/*.pdf")):
        assert colours(document) - LIGHT == set(), document.name


def test_every_page_gives_each_role_the_colours_of_the_charts(site):
    sheets = [path for path in sorted(site.rglob("*.*")) if path.suffix in (".html", ".css")]
    defined = {path.name: variables for path in sheets if (variables := roles(path))}
    assert "report.html" in defined and len(defined) > 1
    expected = {role: list(style.PALETTE[role]) for role in MEANING}
    assert {name: found for name, found in defined.items() if found != expected} == {}


def roles(path: Path) -> dict[str, list[str]]:
    """Read the colours, light and then dark, that a page or style sheet gives to persons and
    positions."""
    text = path.read_text(encoding="utf-8")
    found = {role: re.findall(rf"--{role}:\s*(#[0-9a-f]{{6}})", text) for role in MEANING}
    return found if any(found.values()) else {}


def test_colours_are_typed_in_one_file_alone():
    typed = re.compile(r"#[0-9a-f]{6}\b")
    files = [*Path(ROOT / "theme").rglob("*.*"), *Path(ROOT / "figures").glob("*.py")]
    texts = [path for path in files if path.suffix in (".css", ".typ", ".html", ".js", ".py")]
    assert {path.name for path in texts if typed.search(path.read_text(encoding="utf-8"))} == set()


# The colour that a page gives to each role where it is read, and that of its ground.
GIVEN = """roles => [
    ...roles.map(role => getComputedStyle(document.documentElement).getPropertyValue("--" + role)),
    getComputedStyle(document.body).backgroundColor]"""
PLACES = (
    "report.html",
    "data/index.html",
    "figures/index.html",
    "figures/toll/index.html",
    "figures/toll/embed.html",
)


def test_readers_get_the_colours_of_their_light_or_dark_system(browser, site):
    roles = {**style.PALETTE, **style.TOKENS["pages"]}
    with browser.new_context() as context:
        opened = context.new_page()
        for path in PLACES:
            opened.goto((site / path).as_uri())
            for dark, scheme in enumerate(("light", "dark")):
                opened.emulate_media(color_scheme=scheme)
                expected = [roles[role][dark] for role in (*MEANING, "paper", "ink")]
                ground = roles["paper"][dark]
                rgb = f"rgb({', '.join(str(int(ground[i : i + 2], 16)) for i in (1, 3, 5))})"
                given = opened.evaluate(GIVEN, [*MEANING, "paper", "ink"])
                assert [colour.strip() for colour in given] == [*expected, rgb], (path, scheme)
