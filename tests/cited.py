"""Reads a citation by every road there is, and tells what reference managers make of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import bibtexparser
import pypandoc
import rispy
from lxml import html

KINDS = {"incollection": "chapter", "CHAP": "chapter", "techreport": "report", "RPRT": "report"}


class Cited(NamedTuple):
    """What a citation says, in straight quotes."""

    kind: str
    key: str
    author: str
    title: str
    within: str
    version: str
    day: tuple[int, ...]
    licence: str
    abstract: str
    note: str
    address: str


def straight(text: str) -> str:
    """Undo what some of them do to quotes, minus signs and spaces."""
    text = re.sub(r"[“”]", '"', re.sub(r"[’‘]", "'", text)).replace("\N{MINUS SIGN}", "-")
    return re.sub(r"<[^>]*>|\s+", " ", text).strip()


def of_item(item: dict) -> Cited:
    """Tell what an item of CSL-JSON says."""
    version = item.get("edition") or f"{item['genre']} {item['number']}"
    (author,) = item["author"]
    return Cited(
        item["type"],
        item["id"],
        author["literal"],
        straight(item["title"]),
        straight(item.get("container-title", "")),
        version,
        tuple(item["issued"]["date-parts"][0]),
        item["license"],
        straight(item["abstract"]),
        straight(item["note"]),
        item.get("URL", ""),
    )


def of_head(page: html.HtmlElement) -> Cited:
    """Tell what the head of a page says, as Zotero reads it: a body's name ends in a comma."""
    head = {meta.get("name"): meta.get("content") for meta in page.xpath("//head/meta[@name]")}
    assert head["citation_author"].endswith(",")
    within = head.get("citation_inbook_title", "")
    number = f"{head.get('z.reportType')} {head.get('citation_technical_report_number')}"
    note = head["z.extra"]
    return Cited(
        "chapter" if within else head["z.itemType"],
        re.search(r"Permanent id: (\S+)\.$", note)[1].replace("/", ":"),
        head["citation_author"].rstrip(","),
        straight(head["citation_title"]),
        straight(within),
        head["so.version"] if within else number,
        tuple(map(int, head["citation_publication_date"].split("/"))),
        head["dcterms.rights"],
        straight(head["citation_abstract"]),
        straight(note),
        head.get("citation_public_url", ""),
    )


def of_bibtex(text: str) -> Cited:
    """Tell what a BibTeX entry says, its names and its letters as Pandoc reads them."""
    library = bibtexparser.parse_string(text)
    (entry,) = library.entries
    assert not library.failed_blocks and entry.fields_dict["author"].value.startswith("{")
    known = {name: field.value for name, field in entry.fields_dict.items()}
    (read,) = json.loads(pypandoc.convert_text(text, "csljson", format="bibtex"))
    assert "\N{MINUS SIGN}" not in text, "pdfLaTeX stops at it"
    version = known.get("edition") or f"{known['type']} {known['number']}"
    return Cited(
        KINDS[entry.entry_type],
        entry.key,
        read["author"][0]["literal"],
        straight(read["title"]),
        straight(read.get("container-title", "")),
        version,
        (*read["issued"]["date-parts"][0][:2], int(known["day"])),
        known["copyright"],
        straight(read["abstract"]),
        straight(read["note"]),
        known.get("url", ""),
    )


def of_ris(text: str) -> Cited:
    """Tell what a RIS record says."""
    (record,) = rispy.loads(text)
    (author,) = record["authors"]
    assert author.endswith(","), "or a body's name is parted"
    other = dict.fromkeys(re.findall(r"^CR  - (.+)$", text, re.M))
    return Cited(
        KINDS[record["type_of_reference"]],
        record["id"],
        author.rstrip(","),
        straight(record["title"]),
        straight(record.get("secondary_title", "")),
        record.get("edition") or f"{record['type_of_work']} {record['issn']}",
        tuple(map(int, record["date"].strip("/").split("/"))),
        "".join(other),
        straight(record["abstract"]),
        straight(record["notes"][0]),
        (record.get("urls") or [""])[0],
    )


def told(stem: Path) -> Cited:
    """Read the three files of a citation, which say the same; stem: their path without its end."""

    def text(end: str) -> str:
        return stem.with_name(stem.name + end).read_text(encoding="utf-8")

    (item,) = json.loads(text(".csl.json"))
    found = of_item(item)
    assert of_bibtex(text(".bib")) == found
    assert of_ris(text(".ris")) == found
    return found
