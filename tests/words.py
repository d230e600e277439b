"""Read the page as its readers do: paragraphs and sentences, and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import textstat
import yaml
from lxml import html

CLASS = "contains(concat(' ', @class, ' '), ' {} ')"
# Citations say where to look and are no part of a sentence: [12], or (El Pitazo 2024).
CITATIONS = ("cite", "citation", "footnote-ref")
FRAMES = ("figure-tools", "figure-title", "note-title", "callout-title", "footnotes")
TEXTS = ("p", "li", "dd", "td", "th", "figcaption")
# (Figure 3), and brackets left empty; "Figure 3 shows" is part of its sentence.
POINTER = re.compile(r" ?\((?:(?:Figure|Section|Table) \d+[,; ]*)*\)")
QUOTED = re.compile(r'“[^”]*”|"[^"]*"|«[^»]*»')


class Paragraph(NamedTuple):
    """A paragraph or list item, and the head in bold that runs into it, if it has one."""

    head: str
    text: str


def sections(page: str) -> dict[str, list[Paragraph]]:
    """Give the prose under each heading, by the heading's id: no figure, table or citation."""
    main = main_without(page, *CITATIONS, *FRAMES, tags=("figure", "table"))
    found: dict[str, list[Paragraph]] = {}
    for element in main.iter("h2", "p", "li", "dd"):
        if element.tag == "h2":
            under = found.setdefault(element.get("id"), [])
        elif found and not element.xpath("ancestor::li"):
            under.append(Paragraph(take_head(element), plain(element)))
    return {name: [p for p in under if p.head or p.text] for name, under in found.items()}


def everything(page: str) -> list[str]:
    """List all that the report says in words of its own: prose, tables, captions, alt texts."""
    texts = []
    for element in main_without(page, *CITATIONS).iter(*TEXTS, "svg", "h2"):
        if element.get("id") == "sec-numbers":
            break  # from here on it is rows of the tables, and titles of sources
        texts.append(element.get("aria-label", "") if element.tag == "svg" else plain(element))
    return texts


def titles(page: str) -> list[str]:
    """List the headings, those that run in included, and the titles of figures and notes."""
    one = " or ".join(CLASS.format(name) for name in FRAMES if name.endswith("title"))
    headings = html.document_fromstring(page).xpath(f"//h1 | //h2 | //h3 | //h4 | //p[{one}]")
    run_in = [p.head for paragraphs in sections(page).values() for p in paragraphs]
    return [*map(plain, headings), *filter(None, run_in)]


def main_without(page: str, *classes: str, tags: tuple[str, ...] = ()) -> html.HtmlElement:
    """Parse the main part of a page, and take some elements out of it."""
    main = html.document_fromstring(page).find(".//main")
    unwanted = [f"self::{tag}" for tag in tags] + [CLASS.format(name) for name in classes]
    for element in main.xpath(f".//*[{' or '.join(unwanted)}]"):
        element.drop_tree()
    return main


def take_head(paragraph: html.HtmlElement) -> str:
    """Take out the head that runs into a paragraph: words in bold at its start, with their stop."""
    first = next(iter(paragraph), None)
    if first is None or first.tag != "strong" or (paragraph.text or "").strip():
        return ""
    head = plain(first)
    if not head.endswith((".", "?", "!", ":")):
        return ""
    first.drop_tree()
    return head


def plain(element: html.HtmlElement) -> str:
    """Give the text of an element on a line, with straight apostrophes and without pointers."""
    line = " ".join(element.text_content().replace("’", "'").split())
    return re.sub(r" (?=[.,;:?!])", "", POINTER.sub("", line))


def words(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


def sentences(texts: list[str]) -> list[str]:
    """Split texts where a stop is followed by a space; the one in 51.95% is not."""
    return [s for text in texts for s in re.split(r"(?<=[.?!])[”\")]*\s+", text) if s]


def grade(texts: list[str]) -> float:
    """Say for how many years one went to school to read this with ease, by Flesch and Kincaid.

    textstat ends a sentence at every stop, so those within numbers go: 51.95% and 1,977,376 are
    a word of one syllable each, since nobody spells them out when reading.
    """
    ended = [re.sub(r"(?<=\d)[.,](?=\d)", "", s).rstrip('.?!”") ') for s in sentences(texts)]
    return textstat.flesch_kincaid_grade(". ".join(ended) + ".")


def written(file: Path) -> list[str]:
    """List all texts of a file of words, however deep they stand, holes and all."""

    def texts(part: Any) -> Iterator[str]:
        if isinstance(part, str):
            yield part
        else:
            for inner in part.values() if isinstance(part, dict) else part:
                yield from texts(inner)

    return list(texts(yaml.safe_load(file.read_text(encoding="utf-8"))))
