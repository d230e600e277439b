"""Finish the PDF that an engine has set: say what links lead to and whose it is, and pack it."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2

from pipeline.pages import downloads
from pipeline.report import Report
from pipeline.theme import words


def finish(source: Path, target: Path, work: Report, lang: str = "en") -> None:
    """Write a PDF anew: its links described, its record as XMP, its many small objects packed.

    Packing makes it a third of the size; pages and tags are those of the source.
    """
    printed, packed = pypdfium2.PdfDocument(source), BytesIO()
    with pikepdf.open(source) as document:
        describe_links(document, printed, words("report", lang).leads)
        downloads.describe(document, work, about(work, document), work.address("report.html"))
        document.save(
            packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    printed.close()
    # written by us: on a full disk the library ends the process
    target.write_bytes(packed.getvalue())


def keep(source: Path, files: list[Path], target: Path, work: Report) -> None:
    """Write a finished PDF with files in it, as PDF/A-3a: the text, and the data it rests on."""
    kinds = {".csv": "text/csv", ".json": "application/json"}
    with pikepdf.open(source) as document:
        for path in files:
            spec = pikepdf.AttachedFileSpec(
                document,
                path.read_bytes(),
                filename=path.name,
                description=path.name,
                mime_type=kinds[path.suffix],
                mod_date=f"D:{work.day:%Y%m%d}000000Z",
                relationship=pikepdf.Name.Data,
            )
            document.attachments[path.name] = spec
        document.Root.AF = pikepdf.Array([spec.obj for spec in document.attachments.values()])
        with document.open_metadata(set_pikepdf_as_editor=False) as record:
            record["pdfaid:part"] = "3"
        document.save(
            target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )


def about(work: Report, document: pikepdf.Pdf) -> dict[str, str]:
    """What the file says of itself: name of the field in Dublin Core → text."""
    return {
        "title": str(document.docinfo.Title),
        "creator": work.by,
        "identifier": f"{work.name}/{work.version}",
        "description": str(document.docinfo.get("/Subject", "")),
        "rights": f"{work.by}, {work.licence}, {work.licence_url}",
        "language": str(document.Root.Lang),
        "date": work.date,
    }


def describe_links(document: pikepdf.Pdf, printed: pypdfium2.PdfDocument, said: str) -> None:
    """Describe links within the document by the words that they stand on, and their page.

    Typst describes them by the page alone, which says nothing in a list of links.

    said: a template with holes for the words and the number of the page
    """
    numbers: dict[object, int] = {
        page.objgen: number for number, page in enumerate(document.pages, 1)
    }
    for page, text in zip(document.pages, printed, strict=True):
        found = text.get_textpage()
        for link in page.get("/Annots", []):
            to = link.get("/Dest")
            if isinstance(to, pikepdf.Array) and (on := words_under(link, found)):
                link.Contents = said.format(on, numbers[to[0].objgen])


def words_under(link: pikepdf.Object, text: pypdfium2.PdfTextPage) -> str:
    """Read the words on which a link stands, line by line.

    A box is made lower by a fifth, into which the letters of other lines reach.
    """
    corners = [float(number) for number in link.get("/QuadPoints", link.Rect)]
    lines = []
    for start in range(0, len(corners), 8):
        xs, ys = corners[start : start + 8 : 2], corners[start + 1 : start + 8 : 2]
        edge = (max(ys) - min(ys)) / 5
        lines.append(text.get_text_bounded(min(xs), min(ys) + edge, max(xs), max(ys) - edge))
    return " ".join(" ".join(lines).split())
