"""Where every number comes from: the appendix, and the log of corrections.

Only facts that the report prints are listed, each once, under the section that prints it first.
Both lists are written as finished HTML and Typst, by the templates of their names in `theme/`:
engines take seconds to carry hundreds of rows of Markdown through their filters.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.facts import spell
from pipeline.fill import fill
from pipeline.prose.manuscript import FORMS, Use
from pipeline.words import words

QUIET = ("sources", "note")  # columns whose corrections change nothing that is said


def listed(uses: Iterable[Use]) -> dict[str, list[str]]:
    """Group facts by the heading of the section that uses them first: names in reading order."""
    headings: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for use in uses:
        if use.name not in headings:
            headings[use.name] = use.line.heading
            groups.setdefault(use.line.heading, []).append(use.name)
    return groups


def write(
    facts: Mapping[str, dict], groups: Mapping[str, list[str]], folder: Path, lang: str
) -> None:
    """Write the appendix in both forms: by section each fact, who says so or how it is computed."""
    every = {name for names in groups.values() for name in names}
    say = words("appendix", lang)
    sections = [
        (heading or say.top, [_entry(facts[name], facts, every, lang) for name in names])
        for heading, names in groups.items()
    ]
    for form in FORMS:
        text = fill(f"appendix.{form}", sections=sections, words=say)
        (folder / f"sources-of-numbers.{form}").write_text(text, encoding="utf-8")


def _entry(fact: dict, facts: Mapping[str, dict], every: set[str], lang: str) -> dict[str, Any]:
    """Tell a fact as it prints, what is told of it, and what it stands on."""
    own = fact["kind"] == "derived"
    return {
        "name": fact["name"],
        "text": _spelled(fact, lang),
        "told": _told(fact, lang),
        "formula": fact["formula"][lang] if own else "",
        "inputs": [_input(name, facts, every, lang) for name in fact["inputs"]] if own else [],
        "sources": [] if own else fact["sources"],
    }


def _spelled(fact: dict, lang: str) -> str:
    basis = words("appendix", lang).basis.get(fact["qualifier"], "")
    return f"{basis} {fact['texts'][lang]['']}".lstrip()


def _told(fact: dict, lang: str) -> str:
    """Tell what a fact is, who says so, and when."""
    said = [] if fact["kind"] == "derived" else [fact["claimant"]]
    if fact["date"] and fact["unit"] != "date":
        said.append(spell.day(fact["date"], lang))
    if fact["confidence"] in ("medium", "low"):
        said.append(words("appendix", lang).confidence.format(fact["confidence"]))
    told = ", ".join(filter(None, said))
    return fact["label"][lang] + (f" ({told})." if told else ".")


def _input(name: str, facts: Mapping[str, dict], every: set[str], lang: str) -> dict[str, str]:
    """Tell what a fact is computed from; its name is "" where the appendix has no row for it."""
    if name.startswith("table:"):
        table = name.removeprefix("table:")
        return {"text": f"{words('appendix', lang).table} {table}", "name": ""}
    text = _spelled(facts[name], lang)
    if name in every:
        return {"text": text, "name": name}
    return {"text": f"{text} ({facts[name]['label'][lang]})", "name": ""}


def write_corrections(table: Path, folder: Path, lang: str) -> None:
    """Write the corrections of what the tables say in both forms, rows corrected alike as one.

    What only cites or notes otherwise stays in the log itself.
    """
    alike: dict[tuple[str, ...], list[dict[str, str]]] = {}
    with table.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
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
