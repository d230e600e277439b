"""Where every number comes from: the appendix, and the log of corrections.

Only facts that the report prints are listed, each once, under the section that prints it first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.facts import spell
from pipeline.prose.manuscript import Use
from pipeline.words import words

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>@$~^\"'=&-])")
WIDTHS = (11, 26, 18, 18, 23)  # of the columns of the log, against each other
QUIET = ("sources", "note")  # columns whose corrections change nothing that is said


def escape(text: str) -> str:
    """Make text of a table plain in Markdown: whatever it holds prints as it stands."""
    return SPECIAL.sub(r"\\\1", str(text).replace("\n", " "))


def listed(uses: Iterable[Use]) -> dict[tuple[str, str], list[str]]:
    """Group facts by the section of their first use: (id, heading) → names, in reading order."""
    first: dict[str, tuple[str, str]] = {}
    groups: dict[tuple[str, str], list[str]] = {}
    for use in uses:
        if use.name not in first:
            first[use.name] = (use.line.section, use.line.heading)
            groups.setdefault(first[use.name], []).append(use.name)
    return groups


def rows(facts: Mapping[str, dict], groups: Mapping[tuple[str, str], list[str]], lang: str) -> str:
    """Write the appendix: by section each fact, who says so or how it is computed, sources."""
    every = {name for names in groups.values() for name in names}
    parts = []
    for (_, heading), names in groups.items():
        head = escape(heading or words("appendix", lang).top)
        entries = [
            f"[{escape(_spelled(facts[name], lang))}]{{#fact-{name}}}\n"
            f":   {_history(facts[name], facts, every, lang)}\n"
            for name in names
        ]
        title = escape(heading or words("appendix", lang).top)
        head = f"### {title} {{.unnumbered .unlisted}}\n\n::: {{.appendix}}\n"
        parts.append(head + "\n".join(entries) + ":::\n")
    return "\n".join(parts)


def _spelled(fact: dict, lang: str) -> str:
    basis = words("appendix", lang).basis.get(fact["qualifier"], "")
    return f"{basis} {fact['texts'][lang]['']}".lstrip()


def _history(fact: dict, facts: Mapping[str, dict], every: set[str], lang: str) -> str:
    """Tell what a fact is, who says so and when, how it is computed, and its sources."""
    say, own = words("appendix", lang), fact["kind"] == "derived"
    said = [] if own else [fact["claimant"]]
    if fact["date"] and fact["unit"] != "date":
        said.append(spell.day(fact["date"], lang))
    if fact["confidence"] in ("medium", "low"):
        said.append(say.confidence.format(fact["confidence"]))
    told = ", ".join(filter(None, said))
    text = escape(fact["label"][lang]) + (f" ({escape(told)})." if told else ".")
    if own:
        inputs = ", ".join(_input(name, facts, every, lang) for name in fact["inputs"])
        how = escape(fact["formula"][lang])
        return f"{text} {say.computed} {how}; {say.inputs} {inputs}."
    if fact["sources"]:
        text += f" {say.single}" if len(fact["sources"]) == 1 else ""
        text += f" [{_cited(fact['sources'])}]"
    return text


def _cited(sources: Iterable[str]) -> str:
    return "; ".join(f"@{source}" for source in sources)


def _input(name: str, facts: Mapping[str, dict], every: set[str], lang: str) -> str:
    if name.startswith("table:"):
        return f"{words('appendix', lang).table} {escape(name.removeprefix('table:'))}"
    text = escape(_spelled(facts[name], lang))
    if name in every:
        return f"[{text}](#fact-{name})"
    return f"{text} ({escape(facts[name]['label'][lang])})"


def write_corrections(table: Path, path: Path, lang: str) -> None:
    """Write the corrections of what the tables say as a table, or the sentence that there is none.

    What only cites or notes otherwise stays in the log itself.
    """
    alike: dict[tuple[str, ...], list[dict[str, str]]] = {}
    with table.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["table"] != "sources" and row["column"] not in QUIET:
                same = tuple(text for name, text in row.items() if name != "row")
                alike.setdefault(same, []).append(row)
    lines = [words("appendix", lang).none]
    if alike:
        rule = "|" + "|".join("-" * width for width in WIDTHS) + "|"
        lines = ["| " + " | ".join(words("appendix", lang).heads) + " |", rule]
        lines += [_correction(rows, lang) for rows in alike.values()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _correction(rows: list[dict[str, str]], lang: str) -> str:
    """Write one row of the log, of rows that were corrected alike."""
    row = rows[0]
    where = f"{row['table']}: {', '.join(row['row'] for row in rows)}, {row['column']}"
    before, now = row["from"], row["to"]
    if row["column"] == "quote":
        before, now = (f"“{text}”" if text else "" for text in (before, now))
    cells = map(escape, (spell.day(row["date"], lang), where, before, now, row["reason"]))
    cited = _cited(filter(None, row["sources"].split(";")))
    return "| " + " | ".join(cells) + (f" [{cited}]" if cited else "") + " |"
