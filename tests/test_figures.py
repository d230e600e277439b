"""Every figure of the report keeps the same promises: words, rows, sources, size, colour, contrast,
legibility."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from figures import style
from pipeline.charts import draw, fonts, rows, svg
from pipeline.charts.figure import Picture, load

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
IDS = sorted(
    path.stem.replace("_", "-")
    for path in (ROOT / "figures").glob("*.py")
    if path.stem not in ("__init__", "style")
)
SET = {
    "two-counts",
    "irreversible",
    "incompatible",
    "one-decimal",
    "coverage",
    "by-state",
    "by-sheet",
    "rupture",
    "region",
    "world",
    "shift",
    "oas-vote",
    "toll",
}
KINDS = ("wide", "narrow")
WORDS = ("title", "subtitle", "note", "alt", "long")
# Contrast that WCAG 2.2 asks of text, and of what must be seen to understand a graphic.
TEXT, MARKS = 4.5, 3.0
NOTE, COLUMNS = 25, 6  # words of a note; columns that people read of a table
MODULE, STYLE = 60, 200  # lines


@pytest.fixture(scope="module")
def drawn(project):
    """All figures as the build drew them: id → picture, and the folder with their files."""
    build = project / "build"
    return {name: as_specified(name, build) for name in IDS}, build


def as_specified(name: str, build: Path) -> Picture:
    """Read a picture up to its specifications from a build; the chart itself has no title."""
    files = build / "figures" / name / "en"
    words, wide = (
        json.loads((files / f"{part}.json").read_text(encoding="utf-8"))
        for part in ("words", "spec")
    )
    table = rows.back((files / "rows.csv").read_text(encoding="utf-8"), words["kinds"])
    figure = load(ROOT / "figures" / f"{name.replace('-', '_')}.py")
    picture = Picture(figure, "en", table, words)
    picture.specs["wide"] = {key: wide[key] for key in wide if key != "title"}
    return picture


@pytest.fixture
def picture(drawn, request):
    return drawn[0][request.param]


def folder(drawn, picture):
    return drawn[1] / "figures" / picture.figure.id / "en"


every = pytest.mark.parametrize("picture", IDS, indirect=True)


def test_the_report_has_its_figures():
    assert set(IDS) >= SET


def columns_without(text: str, facts) -> list[str]:
    """List positions whose heading does not bear its count and, in brackets, that with the texts of
    bodies."""
    names = [
        name
        for name in facts
        if name.startswith("reactions.latest.")
        and f"{name}_with_bodies" in facts
        and name.endswith(".count")
    ]
    return [
        name
        for name in names
        if f"{facts[name].value} ({facts[f'{name}_with_bodies'].value} with bodies)" not in text
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_headings_of_the_world_bear_both_counts(kind, drawn, facts):
    text = (folder(drawn, drawn[0]["world"]) / f"{kind}.svg").read_text()
    assert columns_without(text, facts) == []
    asked = "reactions.latest.asked.count"
    assert columns_without(text.replace(f"{facts[asked].value} (", "(0"), facts) == [asked]


@every
def test_words_say_what_they_should(picture):
    words, template = picture.words, picture.figure.template["en"]
    assert picture.figure.module.__doc__.strip().endswith("?"), (
        "the module opens with the question that it answers"
    )
    assert "{" in template["alt"], "the alt text tells the finding with its numbers"
    assert re.match(
        r"(Bar|Dot|Scatter|Line|Tile|Histogram|Matrix|Chronology|Timeline|Grid|Column|Area|Slope|Strip|Band)",
        words["alt"],
    ), "alt names the kind of chart"
    assert len(re.findall(r"[.!?](?:\s+[A-ZÁÉÍÓÚ]|$)", words["alt"])) in (1, 2, 3), (
        "the alt text is about two sentences"
    )
    assert len(words["alt"]) <= 420, "a listener cannot skim"
    assert not re.match(r"(An? )?(image|picture|chart) of", words["alt"], re.IGNORECASE)
    assert len({words[key] for key in WORDS}) == 5, "no text is said again"
    assert not re.search(r"[{}]", "".join(words[key] for key in WORDS)), "every hole is filled"
    assert len(fonts.wrap(words["title"], 21, 660, "Semibold")) <= 2, (
        "the title takes two lines at most"
    )
    assert not words["title"].endswith("."), "a title is no sentence with a full stop"
    assert len(words["note"].split()) <= NOTE
    assert 2 <= len(words["columns"]) <= COLUMNS
    assert not re.search(
        r"[a-z]_[a-z]", json.dumps([*words["columns"].values(), *spoken(words)])
    ), "no label is one of the machine"


HEADS = {"maduro": "Maduro", "gonzalez": "González", "percent": "%", "date": "", "points": "point"}


@every
def test_a_heading_says_whose_and_in_what_unit_the_numbers_below_it_are(picture):
    wrong = [
        f"{column}: {head}"
        for column, head in picture.words["columns"].items()
        for part, said in HEADS.items()
        if part in column.split("_") and said not in head
    ]
    assert wrong == []


def spoken(words: dict) -> list[str]:
    return [*words["labels"].values(), words["reading"]]


@every
def test_a_picture_says_where_and_when_and_what_hollow_means(picture):
    assert (
        picture.words["kicker"].replace("\u00a0", " ")
        == "Venezuela, presidential election of 28 July 2024"
    )
    hollow = "hollow" in picture.rows and picture.rows["hollow"].any()
    assert ("weak or single source" in picture.words["reading"]) == hollow


@every
def test_rows_name_sources_that_exist(picture, tables):
    known = set(tables["sources"]["id"])
    for row in picture.rows.to_dict("records"):
        named = {source for source in row["source_ids"].split(";") if source}
        assert named <= known
        assert named or row.get("date") == "", f"a row that says something names who said it: {row}"
    assert not [column for column in picture.rows.columns if column.startswith("_")], (
        "columns of the machine are not published"
    )
    assert picture.words["tables"] and set(picture.words["tables"]) <= set(tables)


@every
def test_drawings_have_the_widths_they_are_shown_at_and_fit_a_page(picture, drawn):
    for kind in KINDS:
        width, height = svg.size((folder(drawn, picture) / f"{kind}.svg").read_text())
        assert width == style.WIDTHS[kind]
        assert height <= (760 if kind == "wide" else 1100), (
            "a wide chart fits a printed page with its caption"
        )


@every
def test_drawings_are_small_and_carry_no_ids(picture, drawn):
    for kind in KINDS:
        text = (folder(drawn, picture) / f"inline-{kind}.svg").read_text()
        assert len(text.encode()) <= 24_000
        assert not re.search(r' id="|style=|class=|<script|url\(', text)
        assert set(re.findall(r'"(#[0-9a-f]{3,8})"', text)) == set(), (
            "every colour can change with the page"
        )


def test_all_drawings_together_leave_room_in_one_page(drawn):
    pictures, _ = drawn
    sizes = [
        (folder(drawn, picture) / f"inline-{kind}.svg").stat().st_size
        for picture in pictures.values()
        for kind in KINDS
    ]
    assert sum(sizes) <= 300_000


@every
def test_marks_can_be_pointed_at_and_heard(picture, drawn):
    for kind in KINDS:
        root = ET.fromstring((folder(drawn, picture) / f"{kind}.svg").read_text())
        assert root.get("role") == "img" and root.get("aria-label") == picture.words["alt"]
        spoken = [
            node.get("aria-label")
            for node in root.iter()
            if node is not root and node.get("aria-label")
        ]
        assert spoken and all(re.search(r"\w", label) for label in spoken)
        assert not [label for label in spoken if re.search(r"\b(nan|None|null|undefined)\b", label)]


@every
def test_no_gap_of_the_data_is_printed(picture, drawn):
    for kind in KINDS:
        root = ET.fromstring((folder(drawn, picture) / f"{kind}.svg").read_text())
        texts = [text for text in root.itertext() if text.strip()]
        assert texts and not [
            text for text in texts if re.search(r"\b(nan|None|null|undefined|NaT)\b", text)
        ]


def squeezed(text: str) -> str:
    """Leave out all spaces: where a line breaks, a drawing has none."""
    return "".join(text.split())


@every
def test_a_taken_picture_shows_what_it_is_and_whose(picture, drawn):
    from PIL import Image

    root = ET.fromstring((folder(drawn, picture) / "full.svg").read_text())
    told = squeezed("".join(root.itertext()))
    for key in ("kicker", "title", "subtitle", "reading", "note", "source_line"):
        assert squeezed(picture.words[key]) in told, key
    assert "CCBY4.0" in told
    name = picture.figure.id
    bitmap = Image.open(drawn[1].parent / f"_output/figures/{name}/{name}.png")
    bitmap.load()
    assert bitmap.mode == "RGB", "opaque, so that it can be pasted on any ground"
    assert bitmap.width == 2 * 720


@every
def test_the_specification_draws_the_same_chart_for_everybody(picture, drawn):
    spec = json.loads((folder(drawn, picture) / "spec.json").read_text())
    assert "url" not in json.dumps(spec.get("datasets", {})).lower() or "http" not in json.dumps(
        spec["datasets"]
    )
    assert " ".join(spec["title"]["text"]) == picture.words["title"]


@every
def test_cleaning_changes_no_pixel_that_anyone_could_see(picture, drawn):
    from PIL import Image, ImageChops

    raw = draw.engine().vegalite_to_svg(picture.specs["wide"])
    clean = (folder(drawn, picture) / "wide.svg").read_text()
    one, other = (
        Image.open(io.BytesIO(draw.engine().svg_to_png(text, scale=1))).convert("RGBA")
        for text in (raw, clean)
    )
    ground = Image.new("RGBA", other.size, "white")
    one = one.crop((0, 0, *other.size))  # the page's picture is as wide as its column
    difference = ImageChops.difference(
        Image.alpha_composite(ground, one).convert("L"),
        Image.alpha_composite(ground, other).convert("L"),
    )
    seen = sum(difference.point(lambda value: 255 * (value > 96)).histogram()[255:])
    assert seen <= 0.0005 * other.width * other.height, f"{seen} pixels differ"


@every
def test_modules_stay_small(picture):
    assert len(picture.figure.path.read_text().splitlines()) <= MODULE


def test_the_shared_look_stays_small():
    assert len((ROOT / "figures/style.py").read_text().splitlines()) <= STYLE


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_page(page):
    colours = {role: pair[page] for role, pair in style.PALETTE.items()}
    for role in (
        "ink",
        "muted",
        "maduro",
        "gonzalez",
        "others",
        "foreign",
        "rejected",
        "recognised",
    ):
        assert contrast(colours[role], colours["paper"]) >= TEXT, role
    for role in ("neutral", "asked", "zero"):
        assert contrast(colours[role], colours["paper"]) >= MARKS, role
    for role in (*style.POSITIONS.values(), "gonzalez", "foreign", "others"):
        over = colours[style.TEXTS.get(role, "on-strong")]
        assert contrast(colours[role], over) >= TEXT, f"text on {role}"


def test_no_two_roles_share_a_colour():
    for page in (0, 1):
        colours = [pair[page] for pair in style.PALETTE.values()]
        assert len(set(colours)) == len(colours)
    assert all(
        re.fullmatch(r"#[0-9a-f]{6}", colour) for pair in style.PALETTE.values() for colour in pair
    )
