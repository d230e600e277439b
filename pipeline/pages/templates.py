"""What stands on the page of a figure, on its bare version for frames, and on the page of all
figures."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from pipeline import reading
from pipeline.charts import fonts, svg
from pipeline.errors import Problems, mistake, stop
from pipeline.facts import spell
from pipeline.pages import cite, describe, downloads
from pipeline.pages.record import FIGURES, LIST, Figure, Report, page, permanent_id

THEME, PALETTE = Path("theme"), Path("build/palette.css")
WORDS = THEME / "figure-words.yml"
SHARED = "shared"  # the folder of what all pages use
# Nothing but this folder's own files, on a server and from a disk alike: Chromium and Firefox count
# `file:` as 'self'.
CLOSED = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
POLICY = f"{CLOSED}; script-src 'self'; img-src 'self' data:; connect-src 'none'"
BARE_POLICY = f"{CLOSED}; img-src data:"
FORMATS = (
    ("CSV", "data_csv", ".csv"),
    ("SVG", "picture_svg", ".svg"),
    ("PNG", "picture_png", ".png"),
    ("PDF", "picture_pdf", ".pdf"),
    ("JSON", "spec_json", ".vl.json"),
    ("CSVW", "metadata_json", ".csv-metadata.json"),
)
CITATIONS = (".bib", ".ris", ".csl.json")
MARK = re.compile(r'<(?!svg)(\w+)([^>]*?) aria-label="([^"]*)"([^>]*?)(/?)>')
SHAPES = {
    "integer": "n",
    "number": "n",
    "date": "d",
}  # class of a cell: set to the right, never broken
NAMED = 3  # publishers in the credit line below an embedded figure
SWITCH = 532  # width of a frame from which on the wide drawing is shown: 500 pixels and its padding


class Words(SimpleNamespace):
    """The words of the pages in one language; Problems for one that is missing."""

    def __getattr__(self, name: str) -> Any:
        raise stop(WORDS, f"got no {name}, expected words for it", hint=reading.RESTORE)


@cache
def words(lang: str) -> Words:
    """Read the words of the pages in a language."""
    found = reading.from_yaml(WORDS, lang)[lang]
    if not isinstance(found, dict):
        raise stop(
            WORDS, f"got {lang} without names, expected names and words", hint=reading.RESTORE
        )
    return Words(**found)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(THEME),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def _fill(template: str, report: Report, language: str, **known: object) -> bytes:
    """Fill a template; Problems name its line."""
    told = {"report": report, "words": words(language), "day": spell.day(report.date, language)}
    try:
        return _templates().get_template(template).render(**told, **known).encode()
    except TemplateError as error:
        raise Problems(mistake(THEME / template, error)) from None


def figure_page(
    report: Report,
    figure: Figure,
    beside: tuple[Figure | None, Figure | None],
    files: dict[str, bytes],
) -> bytes:
    """The page of one figure; `beside` are the ones before and after it, `files` what can be taken
    away."""
    size = downloads.png_size(files[f"{figure.id}.png"])
    return _fill(
        "figure.html",
        report,
        figure.lang,
        shared=f"../{SHARED}",
        policy=POLICY,
        figure=figure,
        previous=beside[0],
        next=beside[1],
        wide=drawn(figure, "wide"),
        narrow=drawn(figure, "narrow"),
        live=live(figure),
        table=table(figure),
        downloads=_downloads(figure, files),
        snippets=snippets(report, figure),
        frame=frame(report, figure),
        module=Path(figure.module).name,
        module_source=report.source(figure.module),
        address=page(report, figure.id),
        permanent_id=permanent_id(report, figure.id),
        latest=f"{report.base}/latest/figures/{figure.id}/" if report.base else "",
        tags=describe.tags(report, figure, size),
        json_ld=describe.json_ld(report, figure),
        credit=cite.credit(report, figure, place="here"),
        credit_full=cite.credit(report, figure, len(figure.producers)),
        apa=cite.apa(report, figure),
        bibtex=cite.bibtex(report, figure),
        ris=cite.ris(report, figure),
    )


def bare_page(report: Report, figure: Figure) -> bytes:
    """The bare version for frames: title, picture and credit line, no script."""
    return _fill(
        "bare.html",
        report,
        figure.lang,
        shared=f"../{SHARED}",
        policy=BARE_POLICY,
        figure=figure,
        wide=drawn(figure, "wide"),
        narrow=drawn(figure, "narrow"),
        credit_short=cite.credit(report, figure, NAMED),
        address=page(report, figure.id),
    )


def index_page(report: Report, figures: Iterable[Figure], lang: str) -> bytes:
    """All figures at a glance: title, finding, small picture, files."""
    cards = [
        {
            "figure": f,
            "picture": _thumbnail(f),
            "files": [(kind, f.id + end) for kind, _, end in FORMATS[:4]],
        }
        for f in figures
    ]
    return _fill(
        "figure-index.html", report, lang, shared=SHARED, policy=POLICY, lang=lang, cards=cards
    )


def index_json(report: Report, figures: Iterable[Figure]) -> bytes:
    """All figures for machines, in the order of the report."""
    head = {
        "title": report.title,
        "version": report.version,
        "date": report.date,
        "creator": report.by,
        "licence": report.licence_url,
    }
    ends = [*(end for _, _, end in FORMATS), *CITATIONS]
    listed = [
        {
            "id": figure.id,
            "permanent_id": permanent_id(report, figure.id),
            "title": figure.title,
            "finding": figure.finding,
            "caption": figure.caption,
            "alt": figure.alt,
            "page": page(report, figure.id) or f"{figure.id}/index.html",
            "files": {end.lstrip("."): f"{figure.id}/{figure.id}{end}" for end in ends},
            "rows": len(figure.rows),
            "columns": list(figure.header),
            "tables": list(figure.tables),
            "module": figure.module,
            "producers": list(figure.producers),
            "citation": cite.apa(report, figure),
        }
        for figure in figures
    ]
    return (json.dumps(head | {"figures": listed}, ensure_ascii=False, indent=1) + "\n").encode()


def drawn(figure: Figure, kind: str) -> str:
    """The picture at one of its two widths, in the colours of the page.

    The label of a mark becomes a title, which browsers show without any script: inside an image no
    element may have a name.
    """
    picture = (
        (FIGURES / figure.id / figure.lang / f"inline-{kind}.svg")
        .read_text(encoding="utf-8")
        .strip()
    )
    return MARK.sub(
        lambda mark: (
            f"<{mark[1]}{mark[2]}{mark[4]}><title>{mark[3]}</title>"
            + (f"</{mark[1]}>" if mark[5] else "")
        ),
        picture,
    )


def _thumbnail(figure: Figure) -> str:
    """The picture without its name and labels, which the text of its card gives."""
    bare = re.sub(
        r' role="img"| aria-label="[^"]*"|<title>[^<]*</title>', "", drawn(figure, "wide")
    )
    return bare.replace("<svg ", '<svg preserveAspectRatio="xMinYMid" ', 1)


def live(figure: Figure) -> str:
    """The specification for the page, by width: without its title, which the page prints, and in
    the page's colours."""
    folder, found = FIGURES / figure.id / figure.lang, {}
    for kind, name in (("wide", "spec.json"), ("narrow", "spec-narrow.json")):
        if (folder / name).exists():
            spec = json.loads((folder / name).read_text(encoding="utf-8"))
            found[kind] = {
                key: value for key, value in spec.items() if key not in ("title", "usermeta")
            }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    light = PALETTE.read_text(encoding="utf-8").partition("@media")[0]
    variables = {
        colour: f"var(--{role},{colour})"
        for role, colour in re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light)
    }
    return describe.script(
        re.sub(r'(?<=")#[0-9a-f]{6}(?=")', lambda hit: variables.get(hit[0], hit[0]), text)
    )


def _downloads(figure: Figure, files: dict[str, bytes]) -> list[dict[str, str]]:
    names = words(figure.lang)

    def size(file: str) -> str:
        return f"{spell.number(max(1, round(len(files[file]) / 1000)), figure.lang)}\u00a0kB"

    return [
        {
            "kind": kind,
            "what": getattr(names, what),
            "name": figure.id + end,
            "size": size(figure.id + end),
        }
        for kind, what, end in FORMATS
    ]


def table(figure: Figure) -> dict[str, list]:
    """Every row that is plotted: numbers spelled for people, sources by their number in the list
    below the table."""
    shapes = [SHAPES.get(str(column["datatype"]), "") for column in describe.columns(figure)]
    place = {source.id: n for n, source in enumerate(figure.sources, 1)}

    def cell(header: str, text: str, shape: str) -> dict:
        shown = spell.number(Decimal(text), figure.lang) if shape == "n" and text else text
        numbers = [place[one] for one in text.split(";") if one] if header == LIST else None
        return {"value": text, "text": shown, "kind": shape, "numbers": numbers}

    rows = [
        [cell(*triple) for triple in zip(figure.header, row, shapes, strict=True)]
        for row in figure.rows
    ]
    titles = [
        words(figure.lang).source_ids if header == LIST else header.replace("_", " ")
        for header in figure.header
    ]
    return {
        "columns": [
            {"title": title, "kind": shape} for title, shape in zip(titles, shapes, strict=True)
        ],
        "rows": rows,
    }


def snippets(report: Report, figure: Figure) -> list[tuple[str, str]]:
    """The lines that load the rows: by address where there is one, else from the file beside the
    page."""
    address = report.address(f"figures/{figure.id}/{figure.id}.csv")
    file = address or f"{figure.id}.csv"
    sheet = (
        f'=IMPORTDATA("{address}")'
        if address
        else f'= Csv.Document(File.Contents("{file}"), [Delimiter=",", Encoding=65001])'
    )
    kind = "Google Sheets" if address else "Excel, Power Query"
    return [
        ("Python, pandas", f'import pandas as pd\nrows = pd.read_csv("{file}")'),
        ("R", f'rows <- read.csv("{file}")'),
        (f"{words(figure.lang).spreadsheet} ({kind})", sheet),
    ]


def frame(report: Report, figure: Figure) -> str:
    """The code that puts the bare version into another page: as wide as there is room, as high as
    picture and words need.

    Up to `SWITCH` pixels the frame shows the narrow drawing, beyond the wide one, so the height
    changes there from one to the other: before that when the wide one is higher, after it, margins
    included, when the narrow one is.
    """
    narrow, wide = (
        svg.size(drawn(figure, kind))[1] + words_height(report, figure, width)
        for kind, width in (("narrow", 320), ("wide", SWITCH))
    )
    address = report.address(f"figures/{figure.id}/embed.html") or f"figures/{figure.id}/embed.html"
    slope, (low, high) = (wide - narrow) / 40, sorted((wide, narrow))
    start = SWITCH + (48 if narrow > wide else -40)
    height = f"clamp({low}px, calc({narrow - slope * start:.0f}px + {100 * slope:.0f}vw), {high}px)"
    return (
        f'<iframe src="{escape(address)}" title="{escape(figure.title)}" width="100%" '
        f'height="{high}" '
        f'style="border: 0; height: {height}" loading="lazy"></iframe>'
    )


def words_height(report: Report, figure: Figure, width: int) -> int:
    """How many pixels the words of the bare version take in a frame of this width, by the sizes in
    figure.css."""
    room = width - 32
    title = min(22.0, max(18.0, 16 + 0.009 * width))
    credit = cite.credit(report, figure, NAMED) + f" {report.short}, version {report.version}."
    lines = (
        title * 1.25 * len(fonts.wrap(figure.title, title, room, "Semibold")),
        15 * 1.4 * len(fonts.wrap(figure.subtitle, 15, room)),
        14 * 1.45 * len(fonts.wrap(credit, 14, room)),
    )
    return round(math.fsum(lines)) + 50  # margins
