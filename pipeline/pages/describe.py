"""The description of one figure for machines: the side-car of its CSV, schema.org, and the tags
that Zotero and previews read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache

from pipeline.pages import cite
from pipeline.pages.record import CONTRACT, LIST, Figure, Report, Source, page, permanent_id
from pipeline.tables import contract

CSVW = "http://www.w3.org/ns/csvw"
TYPES = (  # CSVW datatype, and what every cell that is not empty looks like
    ({"base": "boolean", "format": "True|False"}, re.compile(r"True|False")),
    ("integer", re.compile(r"-?\d{1,18}")),
    ("number", re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")),
    ("date", re.compile(r"\d{4}-\d{2}-\d{2}")),
    ("string", re.compile(r".*", re.S)),
)
MIME = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@cache
def units() -> frozenset[str]:
    """Gather the units that the tables' contract knows; a column of a figure ends in one of
    them."""
    resources = contract.read(CONTRACT.parent)["resources"]
    fields = [field for resource in resources for field in resource["schema"]["fields"]]
    named = {field["unit"] for field in fields if "unit" in field}
    listed = {
        unit
        for field in fields
        if field["name"] == "unit"
        for unit in field["constraints"].get("enum", ())
    }
    return frozenset({"percent"} | named | listed)


def unit(header: str) -> str:
    """Read the unit off the name of a column: `share_percent` is in percent; "" if it ends in
    none."""
    return next(
        (
            known
            for known in sorted(units(), key=len, reverse=True)
            if header == known or header.endswith(f"_{known}")
        ),
        "",
    )


def kind(cells: Iterable[str]) -> str | dict[str, str]:
    """Find the narrowest datatype that fits all cells of a column; empty cells fit all of them."""
    filled = [cell for cell in cells if cell]
    return next(
        name
        for name, shape in TYPES
        if all(shape.fullmatch(cell) for cell in filled) and (filled or name == "string")
    )


def columns(figure: Figure) -> list[dict]:
    """Describe each column of the rows: name, type, and unit where it has one."""
    described = []
    for place, header in enumerate(figure.header):
        column = {"name": header, "titles": list(dict.fromkeys([header, header.replace("_", " ")]))}
        column["datatype"] = kind(row[place] for row in figure.rows)
        if column["datatype"] in ("integer", "number") and unit(header):
            column["schema:unitText"] = unit(header).replace("_", " ")
        if header == LIST:
            column |= {"separator": ";", "dc:description": "ids of rows of sources.csv"}
        described.append(column)
    return described


def csvw(report: Report, figure: Figure) -> str:
    """The side-car of the CSV: title, makers, producers, licence, version, permanent id, and every
    column."""
    known = {
        "@context": [CSVW, {"@language": figure.lang}],
        "url": f"{figure.id}.csv",
        "dc:title": figure.title,
        "dc:description": figure.caption,
        "dc:creator": report.by,
        "dc:identifier": permanent_id(report, figure.id),
        "dc:license": {"@id": report.licence_url},
        "dc:issued": {"@value": report.date, "@type": "xsd:date"},
        "dc:isPartOf": report.title,
        "schema:version": report.version,
        "schema:creditText": cite.credit(report, figure),
        "schema:citation": cite.apa(report, figure),
        "dc:source": [described(source) for source in figure.sources],
    }
    if page(report, figure.id):
        known["schema:url"] = {"@id": page(report, figure.id)}
    rows = {
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": columns(figure)},
    }
    return json.dumps(known | rows, ensure_ascii=False, indent=1) + "\n"


def described(source: Source) -> str:
    """Describe a source in one line: id, publisher, title, date, and its address where that is
    printed."""
    when = f" ({source.date})" if source.date else ""
    return f"{source.id}: {source.publisher}, {source.title}{when}" + (
        f", {source.url}" if source.url else ""
    )


def json_ld(report: Report, figure: Figure) -> str:
    """The figure as a picture and its rows as a dataset, in the vocabulary of schema.org."""
    place = lambda name: report.address(f"figures/{figure.id}/{name}") or name  # noqa: E731
    shared = {
        "creator": {"@type": "Organization", "name": report.by},
        "license": report.licence_url,
        "version": report.version,
        "datePublished": report.date,
        "inLanguage": figure.lang,
        "isAccessibleForFree": True,
        "creditText": cite.credit(report, figure),
        "keywords": list(report.keywords),
    }
    picture = shared | {
        "@type": "ImageObject",
        "@id": place("") + "#picture",
        "identifier": permanent_id(report, figure.id),
        "name": figure.title,
        "caption": figure.caption,
        "description": figure.alt,
        "url": place("index.html"),
        "contentUrl": place(f"{figure.id}.svg"),
        "thumbnailUrl": place(f"{figure.id}.png"),
        "encodingFormat": MIME["svg"],
        "copyrightNotice": f"{report.by}, {report.licence}",
        "acquireLicensePage": place("index.html") + "#cite",
        "isPartOf": {"@type": "Report", "name": report.title, "version": report.version},
        "encoding": [
            {
                "@type": "MediaObject",
                "contentUrl": place(f"{figure.id}.{end}"),
                "encodingFormat": mime,
            }
            for end, mime in MIME.items()
        ],
    }
    rows = shared | {
        "@type": "Dataset",
        "@id": place("") + "#data",
        "identifier": permanent_id(report, figure.id) + "/data",
        "name": figure.title,
        "description": f"{figure.caption} {figure.subtitle}",
        "url": place("index.html") + "#data",
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": place(f"{figure.id}.csv"),
            "encodingFormat": "text/csv",
        },
        "variableMeasured": [_variable(column) for column in columns(figure)],
        "isBasedOn": [_work(source) for source in figure.sources],
    }
    graph = {
        "@context": "https://schema.org",
        "@graph": [picture | {"isBasedOn": {"@id": rows["@id"]}}, rows],
    }
    return script(json.dumps(graph, ensure_ascii=False, separators=(",", ":")))


def script(text: str) -> str:
    """Make JSON fit to stand in a script element: no `<` is left that could end it."""
    return text.replace("<", "\\u003c")


def _variable(column: dict) -> dict:
    found = {"@type": "PropertyValue", "name": column["name"], "description": column["titles"][-1]}
    return found | ({"unitText": column["schema:unitText"]} if "schema:unitText" in column else {})


def _work(source: Source) -> dict:
    found = {
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
    }
    return (
        found
        | ({"datePublished": source.date} if source.date else {})
        | ({"url": source.url} if source.url else {})
    )


def tags(report: Report, figure: Figure, size: tuple[int, int]) -> list[tuple[str, str, str]]:
    """The tags of the page's head as (attribute, name, content); those that need an absolute
    address only where there is one."""
    place = lambda name: report.address(f"figures/{figure.id}/{name}")  # noqa: E731
    day = report.date.replace("-", "/")
    # With `citation_title` alone Zotero takes a page for a journal article; `inbook_title` makes it
    # a part of the report.
    found = [
        ("name", "citation_title", figure.title),
        *(("name", "citation_author", name) for name in report.authors),
        ("name", "citation_publication_date", day),
        ("name", "citation_inbook_title", report.title),
        ("name", "citation_language", figure.lang),
        ("name", "citation_abstract", figure.caption),
        ("name", "citation_public_url", place("")),
        ("name", "citation_abstract_html_url", place("")),
        ("name", "citation_pdf_url", place(f"{figure.id}.pdf")),
        ("name", "dcterms.identifier", permanent_id(report, figure.id)),
        ("name", "dcterms.license", report.licence_url),
        ("name", "dcterms.isVersionOf", f"{report.name}/fig-{figure.id}"),
        ("property", "og:type", "article"),
        ("property", "og:site_name", report.short),
        ("property", "og:title", figure.title),
        ("property", "og:description", figure.finding),
        ("property", "og:locale", {"en": "en_GB", "es": "es_419"}[figure.lang]),
        ("property", "og:url", place("")),
        ("property", "og:image", place(f"{figure.id}.png")),
    ]
    if report.base:
        found += [
            ("property", "og:image:type", "image/png"),
            ("property", "og:image:width", str(size[0])),
            ("property", "og:image:height", str(size[1])),
            ("property", "og:image:alt", figure.alt),
            ("name", "twitter:card", "summary_large_image"),
        ]
    return [tag for tag in found if tag[2]]
