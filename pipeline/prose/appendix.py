"""Where every number comes from: the appendix, and the log of corrections.

Each fact that the report prints is listed once, under the section that prints it first, and after
them those that others are computed from; what one row of a table states is one entry. Both lists
are written as finished HTML and Typst, by the templates of their names in `theme/`: engines take
seconds to carry hundreds of rows of Markdown through their filters.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import reading
from pipeline.facts import spell
from pipeline.facts.rows import TABLE
from pipeline.prose.manuscript import FORMS, HEADING, INCLUDED, numbered, uses
from pipeline.prose.tree import Line
from pipeline.theme import fill, words

QUIET = ("sources", "note")  # columns whose corrections change nothing that is said
PIECE = re.compile(r"\{(\d*)\}")  # of a formula: {} its own text, {0} that of its first input


class Link(NamedTuple):
    """A text that leads to a place of the page, or to none if there is no place."""

    to: str
    text: str


def places(document: list[Line], lang: str) -> dict[str, Link]:
    """Name each section and figure as they are numbered: heading, or file of a figure → its link.

    What stands before the first heading is the top of the page.
    """
    said, known = words("report", lang), {"": Link("report", words("appendix", lang).top)}
    sections = figures = 0
    for line in document:
        if figure := INCLUDED.fullmatch(line.file):
            if line.file not in known:
                figures += 1
                known[line.file] = Link(f"fig-{figure[1]}", f"{said.fig}\u00a0{figures}")
        elif heading := HEADING.match(line.text):
            sections += numbered(line.text)
            text = f"{said.sec}\u00a0{sections}" if numbered(line.text) else heading[1]
            known[line.heading] = Link(heading[2] or "", text)
    return known


def listed(document: list[Line]) -> dict[str, list[str]]:
    """Group facts by the heading of the section that uses them first: names in reading order."""
    headings: dict[str, str] = {}
    for use in uses(document):
        headings.setdefault(use.name, use.line.heading)
    groups: dict[str, list[str]] = {}
    for name, heading in headings.items():
        groups.setdefault(heading, []).append(name)
    return groups


class Appendix:
    """The entries of the appendix, as the templates need them.

    published: what `facts.json` holds
    """

    def __init__(self, published: Mapping[str, Any], document: list[Line], lang: str):
        self.facts, self.rows, self.tables = (published[k] for k in ("facts", "rows", "tables"))
        self.lang, self.say = lang, words("appendix", lang)
        self.groups = listed(document)
        known = places(document, lang)
        self.used: dict[str, dict[Link, None]] = {}
        for use in uses(document):
            at = known.get(use.line.file) or known[use.line.heading]
            self.used.setdefault(use.name, {})[at] = None
        self.groups[self.say.behind] = [*self._behind()]
        self.entries: dict[tuple[str, str], list[str]] = {}  # row of a table, or fact → facts
        for name in (name for names in self.groups.values() for name in names):
            self.entries.setdefault(self._key(name), []).append(name)
        sets = {frozenset(self.facts[names[0]]["rows"]) for names in self.entries.values()}
        self.often = Counter(row for rows in sets for row in rows)  # in how many lists it stands
        self.shown: dict[str, str] = {}  # row → its id on the page
        self.alike: dict[frozenset[str], str] = {}  # rows shown together → the fact that shows them

    def sections(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield the headings with their entries."""
        told = set()
        for heading, names in self.groups.items():
            keys = [key for key in dict.fromkeys(map(self._key, names)) if key not in told]
            told.update(keys)
            if keys:
                yield heading or self.say.top, [self._entry(self.entries[key]) for key in keys]

    def _key(self, name: str) -> tuple[str, str]:
        fact = self.facts[name]
        return (fact["table"], fact["row"]) if fact["table"] else ("", name)

    def _behind(self) -> Iterator[str]:
        """Yield the facts that others are computed from and that the report itself prints not."""
        known = {name for names in self.groups.values() for name in names}
        waiting = sorted(known)
        for name in waiting:
            for one in self.facts[name]["inputs"]:
                if one in self.facts and one not in known:
                    known.add(one)
                    waiting.append(one)
                    yield one

    def _entry(self, names: list[str]) -> dict[str, Any]:
        """Tell facts of one row, or a derived one: as they print, what they are, on what they
        stand, where they are used."""
        names = sorted(names)  # a number before its date
        fact = self.facts[names[0]]
        own = fact["kind"] == "derived"
        links = dict.fromkeys(at for name in names for at in self.used.get(name, ()))
        return {
            "facts": [(name, self._spelled(name), name in self.used) for name in names],
            "told": self._told(names),
            "own": own,
            "formula": self._formula(fact) if own else [],
            "inputs": self._inputs(fact) if own else [],
            "tables": [self.tables[name] for name in fact["inputs"] if name.startswith(TABLE)],
            "sources": [] if own else fact["sources"],
            "used": list(links) if len(links) > 1 else [],  # else the number itself leads there
        } | self._rows(names[0])

    def _spelled(self, name: str) -> str:
        fact = self.facts[name]
        basis = self.say.basis.get(fact["qualifier"], "") if fact["unit"] != "date" else ""
        return f"{basis} {fact['texts'][self.lang]['']}".lstrip()

    def _told(self, names: list[str]) -> str:
        """Tell what facts are, who says so, and when."""
        fact = self.facts[names[0]]
        said = [] if fact["kind"] == "derived" else [fact["claimant"]]
        if fact["date"] and fact["date"] not in (self.facts[name]["value"] for name in names):
            said.append(spell.day(fact["date"], self.lang))
        if until := self.facts.get(f"{fact['row']}.until"):
            said.append(self.say.until.format(spell.day(until["value"], self.lang)))
        if fact["confidence"] in ("medium", "low"):
            said.append(self.say.confidence.format(fact["confidence"]))
        told, label = ", ".join(filter(None, said)), fact["label"][self.lang]
        return label[:1].upper() + label[1:] + (f" ({told})." if told else ".")

    def _formula(self, fact: dict) -> list[Link]:
        """Split a formula into its words and the texts of its inputs, which lead to their rows."""
        pieces = PIECE.split(fact["formula"][self.lang])
        found = [Link("", pieces[0])]
        for place, text in zip(pieces[1::2], pieces[2::2], strict=True):
            name = fact["inputs"][int(place)] if place else ""
            found += [Link(name, self._spelled(name or fact["name"])), Link("", text)]
        return found

    def _inputs(self, fact: dict) -> list[Link]:
        """List the inputs that stand not in the formula."""
        told = {
            fact["inputs"][int(place)]
            for place in PIECE.findall(fact["formula"][self.lang])
            if place
        }
        names = [name for name in fact["inputs"] if name in self.facts and name not in told]
        return [Link(name, self._spelled(name)) for name in names]

    def _rows(self, name: str) -> dict[str, Any]:
        """List the rows behind a fact, those of one day and one first source together.

        That source is cited; all that a row has stand in its table. Rows are told once: later they
        are links, and a fact that stands on the same rows as one before is led there.
        """
        rows = self.facts[name]["rows"]
        same = self.alike.setdefault(frozenset(rows), name)
        if not rows or same != name:
            led = Link(same, self._spelled(same)) if rows else ""
            return {"rows": [], "again": [], "same": led}
        told = sorted((self._row(row), row) for row in rows if row in self.shown)
        twice = Counter(called for (called, _), _ in told)
        again = [
            Link(self.shown[row], f"{called} ({self._day(day)})" if twice[called] > 1 else called)
            for (called, day), row in told
        ]
        days: dict[str, dict[tuple[str, ...], list[Link]]] = {}
        new = sorted((self._row(row)[::-1], row) for row in rows if row not in self.shown)
        for (day, called), row in new:
            self.shown[row] = f"r{len(self.shown) + 1}"
            link = Link(self.shown[row] if self.often[row] > 1 else "", called)
            sources = tuple(self.rows[row]["sources"][:1])
            days.setdefault(self._day(day), {}).setdefault(sources, []).append(link)
        return {"rows": days, "again": again, "same": ""}

    def _row(self, row: str) -> tuple[str, str]:
        """Say what a row is called, and its ISO date."""
        return self.rows[row]["called"][self.lang], self.rows[row]["date"]

    def _day(self, iso: str) -> str:
        return spell.day(iso, self.lang) if iso else ""


def write(published: Mapping[str, Any], document: list[Line], folder: Path, lang: str) -> None:
    """Write the appendix in both forms: by section each fact, who says so or how it is computed."""
    sections = [*Appendix(published, document, lang).sections()]
    for form in FORMS:
        text = fill(f"appendix.{form}", sections=sections, words=words("appendix", lang))
        (folder / f"sources-of-numbers.{form}").write_text(text, encoding="utf-8")


def write_corrections(table: Path, folder: Path, lang: str) -> None:
    """Write the corrections of what the tables say in both forms, rows corrected alike as one.

    What only cites or notes otherwise stays in the log itself.
    """
    alike: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in reading.rows(table):
        if row["table"] != "sources" and row["column"] not in QUIET:
            same = tuple(text for name, text in row.items() if name != "row")
            alike.setdefault(same, []).append(row)
    corrections = [_correction(rows, lang) for rows in alike.values()]
    for form in FORMS:
        known = {"corrections": corrections, "words": words("appendix", lang)}
        text = fill(f"corrections.{form}", **known)
        (folder / f"corrections.{form}").write_text(text, encoding="utf-8")


def _correction(rows: list[dict[str, str]], lang: str) -> dict[str, Any]:
    row = rows[0]
    where = f"{row['table']}: {', '.join(row['row'] for row in rows)}, {row['column']}"
    before, now = row["from"], row["to"]
    if row["column"] == "quote":
        before, now = (f"“{text}”" if text else "" for text in (before, now))
    sources = [one for one in row["sources"].split(";") if one]
    cells = (spell.day(row["date"], lang), where, before, now)
    return {"cells": cells, "reason": row["reason"], "sources": sources}
