"""The files of one figure that people take away, each saying inside whose and what it is.

A picture that has lost its page still carries title, author, licence, permanent id and source: as
RDF in SVG, as texts and XMP in PNG, as XMP in PDF, as `usermeta` in the Vega-Lite specification.
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.charts import fonts
from pipeline.charts import svg as drawing
from pipeline.charts.figure import words_of
from pipeline.pages import cite
from pipeline.pages.record import Figure
from pipeline.report import Report

if TYPE_CHECKING:
    import typst

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
    name, item, module = figure.id, cite.record(report, figure), Path(figure.module)
    picture = (figure.drawn / "full.svg").read_text(encoding="utf-8")
    spec = json.loads((figure.drawn / "spec.json").read_text(encoding="utf-8"))
    texts = {
        f"{name}.svg": svg(report, figure, picture),
        f"{name}.vl.json": specification(report, figure, spec),
        f"{name}.bib": cite.bibtex(item),
        f"{name}.ris": cite.ris(item),
        f"{name}.csl.json": cite.csl(item),
    }
    return {key: text.encode() for key, text in texts.items()} | {
        f"{name}.png": png(report, figure, figure.drawn / "full.png"),
        f"{name}-card.png": png(report, figure, figure.drawn / "card.png"),
        f"{name}.pdf": pdf(report, figure, figure.drawn / "full.svg", drawing.size(picture)[0]),
        f"{name}.csv": (figure.drawn / "rows.csv").read_bytes(),
        **{path.name: path.read_bytes() for path in (module, words_of(module))},
    }


def about(report: Report, figure: Figure) -> dict[str, str]:
    """What every file says of itself: name of the field in Dublin Core → text."""
    return {
        "title": figure.title,
        "creator": report.by,
        "identifier": report.permanent_id(figure.id),
        "rights": f"{report.by}, {report.licence}, {report.licence_url}",
        "source": cite.credit(report, figure, named=len(figure.producers)),
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


def describe(document: pikepdf.Pdf, report: Report, figure: Figure) -> None:
    """Put the record into a PDF as XMP.

    The licence of a picture is stated on its own page, or by itself while there is no address.
    """
    known = about(report, figure)
    lists = {"creator": [known["creator"]], "date": [known["date"]], "language": {figure.lang}}
    with document.open_metadata(set_pikepdf_as_editor=False) as record:
        for name, value in (known | lists).items():
            record[f"dc:{name}"] = value
        record["xmpRights:Marked"] = "True"
        record["xmpRights:WebStatement"] = report.page(figure.id) or report.licence_url
        record["cc:license"] = report.licence_url


def png(report: Report, figure: Figure, drawn: Path) -> bytes:
    """Put the record into a drawn PNG, as texts and as the XMP that a PDF would have."""
    known, record, finished = about(report, figure), PngInfo(), BytesIO()
    for key, name in TEXTS.items():
        record.add_itxt(key, known[name])
    with pikepdf.new() as carrier:
        describe(carrier, report, figure)
        record.add_itxt("XML:com.adobe.xmp", carrier.Root.Metadata.read_bytes().decode())
    with Image.open(drawn) as picture:
        # Packed better than the drawing engine does; level 9 would cost a second for 2 %.
        picture.convert("RGB").save(finished, "PNG", pnginfo=record, compress_level=6)
    return finished.getvalue()


def pdf(report: Report, figure: Figure, drawn: Path, width: int) -> bytes:
    """Set a drawn SVG, `width` pixels wide, as a PDF/UA-1 of one page: text, alt text, record."""
    words = {
        "title": figure.title,
        "author": report.by,
        "alt": figure.alt,
        "id": report.permanent_id(figure.id),
        "lang": figure.lang,
        "file": f"/{drawn}",
        "width": str(width * POINTS),
    }
    made = typeset(PAGE, report.epoch, words)
    with pikepdf.open(BytesIO(made)) as document, BytesIO() as finished:
        describe(document, report, figure)
        document.save(finished, deterministic_id=True)
        return finished.getvalue()


def typeset(source: Path, epoch: int, words: dict[str, str] | None = None) -> bytes:
    """Set a PDF/UA-1 by Typst, with no font but ours and the clock given; words: its inputs."""
    import typst

    return typst.compile(
        source,
        root=Path(),
        font_paths=_fonts(),
        sys_inputs=words or {},
        pdf_standards=["ua-1"],
        timestamp=epoch,
    )


@cache
def _fonts() -> typst.Fonts:
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
        "citation": cite.apa(cite.record(report, figure)),
    }
    if report.base:
        record["address"] = report.page(figure.id)
    whole = spec | {"config": config, "usermeta": record}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
