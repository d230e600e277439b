"""What stands on the page of a figure, on its bare version for frames, and on that of all."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline.charts import svg
from pipeline.charts.figure import SHARED
from pipeline.facts import spell
from pipeline.pages import cite
from pipeline.pages.columns import Column
from pipeline.pages.page import Page, filled
from pipeline.pages.record import LIST, Figure
from pipeline.prose.manuscript import Place
from pipeline.report import Report
from pipeline.words import words

PALETTE = Path("build/palette.css")
# Nothing but this folder's own files, on a server and from a disk alike: Chromium and Firefox count
# `file:` as 'self'.
CLOSED = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
POLICY = f"{CLOSED}; script-src 'self'; img-src 'self' data:; connect-src 'none'"
BARE_POLICY = f"{CLOSED}; script-src 'self'; img-src data:"
FORMATS = (
    ("CSV", "data_csv", ".csv"),
    ("XLSX", "data_xlsx", ".xlsx"),
    ("SVG", "picture_svg", ".svg"),
    ("PNG", "picture_png", ".png"),
    ("PDF", "picture_pdf", ".pdf"),
    ("JSON", "spec_json", ".vl.json"),
)
# A cell's class: to the right, never broken
SHAPES = {"number": "n", "date": "d", "boolean": "", "text": ""}


def figure_page(
    report: Report, figure: Figure, where: Place, beside: list[Any], files: dict[str, bytes]
) -> bytes:
    """The page of one figure; `files` are what can be taken away.

    beside: place and title of the figures before and after it, None for none
    """
    item, both = cite.of_figure(report, figure), _of(report, figure)
    kilobytes = {end: round(len(files[figure.id + end]) / 1000) for _, _, end in FORMATS}
    page = Page(figure.title, figure.measured, f"figures/{figure.id}/", figure.id, figure.alt)
    return filled(
        "figure.html",
        report,
        figure.lang,
        **both,
        page=page,
        where=where,
        height=svg.size(both["wide"])[1],
        policy=POLICY,
        root="../../",
        here="figures",
        current="true",
        previous=beside[0],
        next=beside[1],
        heads=[figure.columns[n] for n in shown(figure)],
        table=table(figure),
        shapes=SHAPES,
        formats=FORMATS,
        sizes={end: spell.number(max(1, size), figure.lang) for end, size in kilobytes.items()},
        permanent_id=report.permanent_id(figure.id),
        name=figure.id,
        item=item,
        forms=cite.forms(item),
        apa=cite.apa(item),
        credit=cite.credit_line(report, figure),
        pdf=f"{both['place']}{figure.id}.pdf",
    ).encode()


def bare_page(report: Report, figure: Figure) -> bytes:
    """The bare version for frames: title, picture and credit line, no script."""
    known = _of(report, figure) | {"policy": BARE_POLICY}
    return filled("bare.html", report, figure.lang, **known).encode()


def _of(report: Report, figure: Figure) -> dict[str, Any]:
    """What both pages of a figure show; `place` is their public folder, "" without a base."""
    pictures = {kind: drawn(figure, kind) for kind in ("wide", "narrow")}
    return pictures | {"figure": figure, "place": report.page(figure.id), "shared": f"../{SHARED}"}


def index_page(report: Report, figures: Mapping[Place, Figure], lang: str) -> bytes:
    """All figures at a glance, by the sections of the report."""
    say, first = words("pages", lang), next(iter(figures.values()))
    path, description = "figures/", say.figures_intro
    sections = groupby(figures.items(), lambda item: (item[0].section, item[0].heading))
    return filled(
        "figure-index.html",
        report,
        lang,
        shared=SHARED,
        policy=POLICY,
        root="../",
        here="figures",
        page=Page(say.all, description, path, first.id, first.alt),
        sections=[(heading, list(cards)) for heading, cards in sections],
        formats=FORMATS[:-1],
        pictures={figure.id: _thumbnail(figure) for figure in figures.values()},
    ).encode()


def drawn(figure: Figure, kind: str) -> str:
    """The picture at one of its two widths, in the colours of the page.

    A mark keeps its label as data, for the script that shows it: inside an image no element may
    have a name.
    """
    picture = (figure.drawn / f"inline-{kind}.svg").read_text(encoding="utf-8")
    return svg.MARK.sub(r'\1data-label="\2"', picture.strip())


def _thumbnail(figure: Figure) -> str:
    """The picture without its name and labels, which the text of its card gives."""
    return re.sub(r' role="img"| (aria|data)-label="[^"]*"', "", drawn(figure, "narrow"))


def shown(figure: Figure) -> list[int]:
    """The places of the columns that people read: those that its words name, and the sources."""
    names = [*figure.heads, LIST] if figure.heads else figure.header
    return [figure.header.index(name) for name in names]


def table(figure: Figure) -> list[list[dict[str, Any]]]:
    """Every row that is plotted: numbers spelled for people, sources by their place in the list."""
    place = {source.id: n for n, source in enumerate(figure.sources, 1)}
    columns = figure.columns

    def cell(column: Column, text: str) -> dict[str, Any]:
        number, listed = column.kind == "number" and text, column.name == LIST
        return {
            "value": text,
            "text": spell.number(Decimal(text), figure.lang) if number else text,
            "kind": SHAPES[column.kind],
            "numbers": [place[one] for one in text.split(";") if one] if listed else None,
        }

    return [[cell(columns[n], row[n]) for n in shown(figure)] for row in figure.rows]
