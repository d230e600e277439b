"""The files of one figure that people take away, each saying inside whose it is, what it is, and
from where.

A picture that has lost its page still carries title, author, licence, permanent id and source: as
RDF in SVG, as text chunks and XMP in PNG, as XMP in PDF, as `usermeta` in the Vega-Lite
specification.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

from pipeline import edition
from pipeline.charts import fonts
from pipeline.pages import cite, describe
from pipeline.pages.record import FIGURES, Figure, Report, page, permanent_id

TEXT = (b"iTXt", b"tEXt", b"zTXt")
POINTS = 0.75  # in a pixel of 96 to the inch
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cc": "http://creativecommons.org/ns#",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}
# The one picture of the page. Words come in as inputs, so that nothing in them is ever read as
# markup.
TYPST = b"""#let known = sys.inputs
#set document(title: known.title, author: known.author, description: known.alt)
#set document(keywords: known.id, date: auto)
#set page(width: auto, height: auto, margin: 0pt)
#set text(font: "Source Sans 3", lang: known.lang)
#image(known.file, alt: known.alt, width: float(known.width) * 1pt)
"""


def about(report: Report, figure: Figure) -> dict[str, str]:
    """What every file says of itself: name of the field → text."""
    return {
        "title": figure.title,
        "creator": report.by,
        "identifier": permanent_id(report, figure.id),
        "rights": f"{report.by}, {report.licence}, {report.licence_url}",
        "source": cite.credit(report, figure, named=len(figure.producers)),
        "description": figure.alt,
        "language": figure.lang,
        "date": report.date,
    }


def svg(report: Report, figure: Figure, drawn: str) -> str:
    """Put the record of this version into a drawn SVG, in place of any it has."""
    work = "".join(
        f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in about(report, figure).items()
    )
    work += f"<dcterms:isPartOf>{escape(report.title)}, {escape(report.version)}</dcterms:isPartOf>"
    address = (
        f"<dcterms:references rdf:resource={_quoted(page(report, figure.id))}/>"
        if report.base
        else ""
    )
    used = "".join(
        f" xmlns:{prefix}={_quoted(NAMESPACES[prefix])}"
        for prefix in ("rdf", "dc", "dcterms", "cc")
    )
    record = (
        f'<metadata><rdf:RDF{used}><cc:Work rdf:about="">{work}{address}'
        f"<cc:license rdf:resource={_quoted(report.licence_url)}/></cc:Work></rdf:RDF></metadata>"
    )
    bare = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.S)
    return re.sub(r"<svg[^>]*>", lambda root: root[0] + record, bare, count=1)


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def xmp(report: Report, figure: Figure) -> str:
    """The record as an XMP packet."""
    known = about(report, figure)
    texts = {
        name: f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(known[name])}</rdf:li></rdf:Alt>'
        for name in ("title", "rights", "description")
    }
    lists = {
        "creator": f"<rdf:Seq><rdf:li>{escape(known['creator'])}</rdf:li></rdf:Seq>",
        "date": f"<rdf:Seq><rdf:li>{known['date']}</rdf:li></rdf:Seq>",
        "language": f"<rdf:Bag><rdf:li>{known['language']}</rdf:li></rdf:Bag>",
    }
    plain = {name: escape(known[name]) for name in ("identifier", "source")}
    fields = "".join(
        f"<dc:{name}>{text}</dc:{name}>" for name, text in sorted((texts | lists | plain).items())
    )
    rights = (
        "<xmpRights:Marked>True</xmpRights:Marked>"
        f"<xmpRights:WebStatement>{statement(report, figure)}</xmpRights:WebStatement>"
    )
    used = "".join(
        f" xmlns:{prefix}={_quoted(NAMESPACES[prefix])}" for prefix in ("dc", "xmpRights", "cc")
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta '
        'xmlns:x="adobe:ns:meta/">'
        f"<rdf:RDF xmlns:rdf={_quoted(NAMESPACES['rdf'])}><rdf:Description "
        f'rdf:about=""{used}>{fields}{rights}'
        "<cc:license "
        f"rdf:resource={_quoted(report.licence_url)}/></rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    )


def statement(report: Report, figure: Figure) -> str:
    """Where the licence of this picture is stated: its own page, or the licence itself while there
    is no address."""
    return escape(page(report, figure.id) or report.licence_url)


def png(report: Report, figure: Figure, drawn: bytes) -> bytes:
    """Put the record into a PNG in place of any it has; the pixels stay as they are."""
    known = about(report, figure)
    texts = {
        "Title": "title",
        "Author": "creator",
        "Copyright": "rights",
        "Source": "source",
        "Description": "description",
        "Identifier": "identifier",
    }
    record = [_itxt(key, known[name]) for key, name in texts.items()] + [
        _itxt("XML:com.adobe.xmp", xmp(report, figure))
    ]
    header, *others = _chunks(drawn)
    return (
        drawn[:8]
        + header
        + b"".join(record)
        + b"".join(chunk for chunk in others if chunk[4:8] not in TEXT)
    )


def _chunks(picture: bytes) -> Iterator[bytes]:
    at = 8  # after the signature
    while at < len(picture):
        end = at + 12 + struct.unpack(">I", picture[at : at + 4])[0]
        yield picture[at:end]
        at = end


def _itxt(key: str, text: str) -> bytes:
    body = (
        key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    )  # not compressed, no language, no translated key
    return (
        struct.pack(">I", len(body))
        + b"iTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    )


def png_size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    return struct.unpack(">II", picture[16:24])


def pdf(report: Report, figure: Figure, drawing: Path, width: int) -> bytes:
    """Set a drawn SVG, `width` pixels wide, as a PDF/UA-1 of one page that has its text, alt text
    and record inside."""
    import pikepdf
    import typst

    words = {
        "title": figure.title,
        "author": report.by,
        "alt": figure.alt,
        "id": permanent_id(report, figure.id),
        "lang": figure.lang,
    }
    words |= {"file": drawing.name, "width": str(width * POINTS)}
    made = typst.compile(
        TYPST,
        root=drawing.parent,
        font_paths=_fonts(),
        sys_inputs=words,
        pdf_standards=["ua-1"],
        timestamp=edition.epoch(report.date),
    )
    known = about(report, figure)
    with pikepdf.open(BytesIO(made)) as document, BytesIO() as finished:
        with document.open_metadata(set_pikepdf_as_editor=False) as record:
            for name in ("identifier", "rights", "source"):
                record[f"dc:{name}"] = known[name]
            record["xmpRights:Marked"] = "True"
            record["xmpRights:WebStatement"] = statement(report, figure)
        document.save(finished, deterministic_id=True)
        return finished.getvalue()


@cache
def _fonts() -> object:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.FOLDER)]
    )


def specification(report: Report, figure: Figure, drawn: str) -> str:
    """Give the Vega-Lite specification its record, which editors leave alone, and the white ground
    that its colours are made for."""
    spec = json.loads(drawn)
    spec["background"] = "white"
    spec["config"] = {key: value for key, value in spec["config"].items() if key != "background"}
    record = about(report, figure) | {
        "report": report.title,
        "version": report.version,
        "citation": cite.apa(report, figure),
    }
    address = {"address": page(report, figure.id)} if report.base else {}
    return json.dumps(spec | {"usermeta": record | address}, ensure_ascii=False, indent=1) + "\n"


def files(report: Report, figure: Figure) -> dict[str, bytes]:
    """Make every file of a figure but its pages: name → content."""
    drawn, name = FIGURES / figure.id / figure.lang, figure.id
    picture = (drawn / "full.svg").read_text(encoding="utf-8")
    width = int(re.search(r'\bwidth="(\d+)', picture)[1])
    texts = {
        f"{name}.svg": svg(report, figure, picture),
        f"{name}.vl.json": specification(
            report, figure, (drawn / "spec.json").read_text(encoding="utf-8")
        ),
        f"{name}.csv-metadata.json": describe.csvw(report, figure),
        f"{name}.bib": cite.bibtex(report, figure),
        f"{name}.ris": cite.ris(report, figure),
        f"{name}.csl.json": cite.csl(report, figure),
    }
    return {key: text.encode() for key, text in texts.items()} | {
        f"{name}.png": png(report, figure, (drawn / "full.png").read_bytes()),
        f"{name}.pdf": pdf(report, figure, drawn / "full.svg", width),
        f"{name}.csv": (drawn / "rows.csv").read_bytes(),
        Path(figure.module).name: Path(figure.module).read_bytes(),
    }
