"""The files of one figure that people take away, each saying inside whose and what it is.

A picture that has lost its page still carries title, author, licence, permanent id and source: as
RDF in SVG, as texts and XMP in PNG, as XMP in PDF, as `usermeta` in the Vega-Lite specification.
"""

import base64
import json
import re
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.charts import fonts
from pipeline.charts import svg as drawing
from pipeline.pages import cite
from pipeline.pages.record import Figure
from pipeline.pages.workbook import Sheet, cited, workbook
from pipeline.report import Report
from pipeline.theme import words

POINTS = 0.75  # in a pixel of 96 to the inch
CREATIVE_COMMONS = "http://creativecommons.org/ns#"
# The record of a drawn SVG; everything put into it is escaped.
RDF = (
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    f' xmlns:cc="{CREATIVE_COMMONS}"><cc:Work rdf:about="">{{0}}'
    '<cc:license rdf:resource="{1}"/></cc:Work></rdf:RDF></metadata>'
)
PAGE = Path("theme/figure.typ")
# Names of texts in a PNG, after the standard of the format
TEXTS = {
    "Title": "title",
    "Author": "creator",
    "Copyright": "rights",
    "Source": "source",
    "Description": "description",
    "Identifier": "identifier",
}
pikepdf.models.PdfMetadata.register_xml_namespace(CREATIVE_COMMONS, "cc")


def files(report: Report, figure: Figure) -> dict[str, bytes]:
    """Make every file of a figure but its pages: name → content."""
    name, item, module = figure.id, cite.of_figure(report, figure), Path(figure.module)
    picture = (figure.drawn / "full.svg").read_text(encoding="utf-8")
    spec = json.loads((figure.drawn / "spec.json").read_text(encoding="utf-8"))
    texts = {
        f"{name}.svg": svg(report, figure, picture),
        f"{name}.vl.json": specification(report, figure, spec),
        **{name + end: text for end, text in cite.forms(item).items()},
    }
    return {key: text.encode() for key, text in texts.items()} | {
        f"{name}.png": png(report, figure, figure.drawn / "full.png"),
        f"{name}-card.png": png(report, figure, figure.drawn / "card.png"),
        f"{name}.pdf": pdf(report, figure, figure.drawn / "full.svg", drawing.size(picture)[0]),
        f"{name}.csv": (figure.drawn / "rows.csv").read_bytes(),
        f"{name}.xlsx": sheets(report, figure),
        **{path.name: path.read_bytes() for path in (module, module.with_suffix(".yml"))},
    }


def about(report: Report, figure: Figure) -> dict[str, str]:
    """What every file says of itself: name of the field in Dublin Core → text."""
    return {
        "title": figure.title,
        "creator": report.by,
        "identifier": report.permanent_id(figure.id),
        "rights": f"{report.by}, {report.licence}, {report.licence_url}",
        "source": cite.credit(figure),
        "description": figure.alt,
        "language": figure.lang,
        "date": report.date,
    }


def svg(report: Report, figure: Figure, drawn: str) -> str:
    """Put the record into a drawn SVG, behind the tag of its root."""
    known = about(report, figure)
    work = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in known.items())
    work += f"<dcterms:isPartOf>{escape(report.title)}, {escape(report.version)}</dcterms:isPartOf>"
    if report.base:
        work += f'<dcterms:references rdf:resource="{escape(report.page(figure.id))}"/>'
    inside = RDF.format(work, escape(report.licence_url)) + _faces()
    return re.sub(r"<svg[^>]*>", lambda root: root[0] + inside, drawn, count=1)


def sheets(report: Report, figure: Figure) -> bytes:
    """Make the rows a workbook, with the words of the figure and all its sources."""
    say = words("workbook", figure.lang)
    item, credit = cite.of_figure(report, figure), cite.credit_line(report, figure)
    own = {say.measured: figure.measured, say.note: figure.note}
    sources = {one.id: f"{one.publisher}: {one.title} {one.url}".rstrip() for one in figure.sources}
    told = own | cited(report, item, credit) | {say.sources: say.no_address} | sources
    sheet = Sheet(say.rows, figure.columns, figure.rows)
    return workbook(report, figure.title, [sheet], told, figure.lang)


@cache
def _faces() -> str:
    """The two faces of charts as a style sheet of an SVG, which then needs no font beside it."""
    faces = []
    for name, weight in (("Regular", 400), ("Semibold", 600)):
        path = fonts.FOLDER / f"{fonts.FAMILY.replace(' ', '')}-{name}.woff2"
        font = base64.b64encode(path.read_bytes()).decode()
        faces.append(
            f'@font-face {{ font-family: "{fonts.FAMILY}"; font-weight: {weight}; '
            f'src: url("data:font/woff2;base64,{font}") format("woff2") }}'
        )
    return f"<style>{' '.join(faces)}</style>"


def describe(document: pikepdf.Pdf, report: Report, known: dict[str, str], page: str) -> None:
    """Put a record into a PDF as XMP.

    known: name of the field in Dublin Core → text
    page: the address at which the licence is stated; "" while there is none
    """
    lists = {
        "creator": [known["creator"]],
        "date": [known["date"]],
        "language": {known["language"]},
    }
    with document.open_metadata(set_pikepdf_as_editor=False) as record:
        for name, value in (known | lists).items():
            record[f"dc:{name}"] = value
        record["xmpRights:Marked"] = "True"
        record["xmpRights:WebStatement"] = page or report.licence_url


def png(report: Report, figure: Figure, drawn: Path) -> bytes:
    """Put the record into a drawn PNG, as texts and as the XMP that a PDF would have."""
    known, record, finished = about(report, figure), PngInfo(), BytesIO()
    for key, name in TEXTS.items():
        record.add_itxt(key, known[name])
    with pikepdf.new() as carrier:
        describe(carrier, report, known, report.page(figure.id))
        with carrier.open_metadata(set_pikepdf_as_editor=False) as more:
            more["cc:license"] = report.licence_url  # which the standard of PDFs does not know
        record.add_itxt("XML:com.adobe.xmp", carrier.Root.Metadata.read_bytes().decode())
    with Image.open(drawn) as picture:
        # Packed better than the drawing engine does; level 9 would cost a second for 2 %.
        picture.convert("RGB").save(finished, "PNG", pnginfo=record, compress_level=6)
    return finished.getvalue()


def pdf(report: Report, figure: Figure, drawn: Path, width: int) -> bytes:
    """Set a drawn SVG, `width` pixels wide, as a PDF of one page: text, alt text, record."""
    words = {
        "title": figure.title,
        "author": report.by,
        "alt": figure.alt,
        "id": report.permanent_id(figure.id),
        "page": report.page(figure.id),
        "lang": figure.lang,
        "file": f"/{drawn}",
        "width": str(width * POINTS),
    }
    made = typeset(PAGE, report.epoch, words)
    with pikepdf.open(BytesIO(made)) as document, BytesIO() as finished:
        describe(document, report, about(report, figure), report.page(figure.id))
        document.save(finished, deterministic_id=True)
        return finished.getvalue()


def typeset(source: Path, epoch: int, words: dict[str, str] | None = None) -> bytes:
    """Set a PDF by Typst, accessible and to be archived; no font but ours, the clock given.

    words: its inputs
    """
    import typst

    return typst.compile(
        source,
        root=Path(),
        font_paths=_fonts(),
        sys_inputs=words or {},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=epoch,
    )


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.FOLDER)]
    )


def specification(report: Report, figure: Figure, spec: dict) -> str:
    """Give the Vega-Lite specification its record, which editors leave alone, and a white ground.

    Its colours are made for white, which the page around it may not be.
    """
    config = spec["config"] | {"background": "white", "padding": 16}
    record = about(report, figure) | {
        "report": report.title,
        "version": report.version,
        "citation": cite.plain(cite.of_figure(report, figure)),
    }
    if report.base:
        record["address"] = report.page(figure.id)
    whole = spec | {"config": config, "usermeta": record}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
