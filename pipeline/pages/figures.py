"""What stands beside the report for each figure: its folder with page and downloads, its bare
version for frames, the page of all figures, and the front of the site, which leads to
everything in it."""

import re
import shutil
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline import report
from pipeline.charts import fonts, include, svg
from pipeline.charts.figure import SHARED
from pipeline.facts import spell
from pipeline.pages import cite, downloads
from pipeline.pages.page import BARE_POLICY, POLICY, Page, filled, lean, put
from pipeline.pages.record import LIST, Column, Figure, load_figure, load_words
from pipeline.prose.manuscript import Place
from pipeline.report import Report
from pipeline.theme import THEME, words

PALETTE = Path("build/palette.css")
FINDINGS = re.compile(r'<section class="key-findings".*?</section>', re.S)
ARCHIVE = "<!--everything-->"  # where the site says what the archive of it is called
FORMATS = (
    ("CSV", "data_csv", ".csv"),
    ("XLSX", "data_xlsx", ".xlsx"),
    ("SVG", "picture_svg", ".svg"),
    ("PNG", "picture_png", ".png"),
    ("PDF", "picture_pdf", ".pdf"),
    ("JSON", "spec_json", ".vl.json"),
)
LABELS = re.compile(r' role="img"| (aria|data)-label="[^"]*"')
# A cell's class: to the right, never broken
SHAPES = {"number": "n", "date": "d", "boolean": "", "text": ""}


def write_page(
    folder: Path, here: Place, before: Place | None, after: Place | None, lang: str = "en"
) -> None:
    """Make the folder of a figure: its page, its bare version for frames, what can be taken away.

    before, after: the figures that its page leads to
    """
    work, figure = report.read(), load_figure(here.figure, lang)
    files = downloads.files(work, figure)
    sizes = {end: max(1, round(len(files[figure.id + end]) / 1000)) for _, _, end in FORMATS}
    item, both = cite.of_figure(work, figure), _both(work, figure)
    page = filled(
        "figure.html",
        work,
        lang,
        **both,
        page=Page(figure.title, figure.measured, f"figures/{figure.id}/", figure.id, figure.alt),
        where=here,
        height=svg.size(both["wide"])[1],
        policy=POLICY,
        root="../../",
        here="figures",
        current="true",
        previous=_beside(before, lang),
        next=_beside(after, lang),
        heads=[figure.columns[n] for n in shown(figure)],
        table=table(figure),
        shapes=SHAPES,
        formats=FORMATS,
        sizes={end: spell.number(kilobytes, lang) for end, kilobytes in sizes.items()},
        permanent_id=work.permanent_id(figure.id),
        name=figure.id,
        item=item,
        forms=cite.forms(item),
        apa=cite.apa(item),
        credit=cite.credit_line(work, figure),
        pdf=f"{both['place']}{figure.id}.pdf",
    )
    bare = filled("bare.html", work, lang, **both, policy=BARE_POLICY)
    put(folder, files | {"index.html": lean(page), "embed.html": lean(bare)})


def _both(work: Report, figure: Figure) -> dict[str, Any]:
    """What both pages of a figure show; `place` is their public folder, "" without a base."""
    pictures = {kind: drawn(figure, kind) for kind in ("wide", "narrow")}
    return pictures | {"figure": figure, "place": work.page(figure.id), "shared": f"../{SHARED}"}


def _beside(place: Place | None, lang: str) -> dict[str, Any] | None:
    return place and place._asdict() | {"title": load_words(place.figure, lang)["title"]}


def write_index(folder: Path, *places: Place, lang: str = "en") -> None:
    """Make the page of all figures, by the sections of the report, and remove what is of none."""
    figures = {place: load_figure(place.figure, lang) for place in places}
    first = figures[places[0]]
    say = words("pages", lang)
    sections = groupby(figures.items(), lambda item: (item[0].section, item[0].heading))
    page = filled(
        "figure-index.html",
        report.read(),
        lang,
        shared=SHARED,
        policy=POLICY,
        root="../",
        here="figures",
        page=Page(say.all, say.figures_intro, "figures/", first.id, first.alt),
        sections=[(heading, list(cards)) for heading, cards in sections],
        formats=FORMATS[:-1],
        # without their names and labels, which the text of their cards gives
        pictures={one.id: LABELS.sub("", drawn(one, "narrow")) for one in figures.values()},
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(page, encoding="utf-8")
    kept = {figure.id for figure in figures.values()} | {SHARED, "index.html"}
    for old in folder.iterdir():
        if old.name not in kept:
            shutil.rmtree(old) if old.is_dir() else old.unlink()


def write_front(page: Path, documents: Path, *places: Place, lang: str = "en") -> None:
    """Write the front, with the findings as the report has them and its first figure.

    places: of all figures, in the order of the report
    """
    work, first = report.read(), load_figure(places[0].figure, lang)
    text = (documents / "report.html").read_text(encoding="utf-8")
    findings = found[0] if (found := FINDINGS.search(text)) else ""
    text = filled(
        "front.html",
        work,
        lang,
        root="",
        here="front",
        front=words("front", lang),
        shared=f"figures/{SHARED}",
        policy=POLICY,
        page=Page(work.title, work.abstract, "", first.id, first.alt),
        # their links lead into the report, and what leads back to them is left out
        findings=re.sub(r' id="use-[^"]*"', "", findings).replace('href="#', 'href="report.html#'),
        first=first,
        picture=drawn(first, "narrow"),
        figures=[(place, load_words(place.figure, lang)["title"]) for place in places],
        archive=ARCHIVE,
    )
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")


def share(folder: Path) -> None:
    """Put what all pages use into one folder: look, scripts, fonts."""
    scripts = [THEME / f"{name}.js" for name in ("faces", "marks", "figure", "copy", "embed")]
    sheets = [THEME / f"{name}.css" for name in ("header", "figure", "copyable", "front", "print")]
    faces = [fonts.FOLDER / "faces.css", *fonts.FOLDER.glob("*.woff2")]
    put(folder, {path.name: path for path in (*sheets, *scripts, PALETTE, *faces)})


def drawn(figure: Figure, kind: str) -> str:
    """The picture at one of its two widths, in the colours of the page.

    A mark keeps its label as data, for the script that shows it: inside an image no element may
    have a name.
    """
    picture = (figure.drawn / f"inline-{kind}.svg").read_text(encoding="utf-8")
    return svg.MARK.sub(r'\1data-label="\2"', picture.strip())


def shown(figure: Figure) -> list[int]:
    """The places of the columns that people read: those that its words name, and the sources."""
    names = [*figure.heads, LIST] if figure.heads else figure.header
    return [figure.header.index(name) for name in names]


def table(figure: Figure) -> list[list[dict[str, Any]]]:
    """Every row that is plotted: numbers and codes spelled out, sources by place in the list."""
    place = {source.id: n for n, source in enumerate(figure.sources, 1)}
    columns, names = figure.columns, include.names(figure.labels)

    def cell(column: Column, text: str) -> dict[str, Any]:
        number, listed = column.kind == "number" and text, column.name == LIST
        return {
            "value": text,
            "text": spell.number(Decimal(text), figure.lang) if number else names.get(text, text),
            "kind": SHAPES[column.kind],
            "numbers": [place[one] for one in text.split(";") if one] if listed else None,
        }

    return [[cell(columns[n], row[n]) for n in shown(figure)] for row in figure.rows]
