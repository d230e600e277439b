"""Where every number comes from: the appendix, the corrections log and what the engines know of
facts.

Only facts that the report prints are listed, each once, under the section that prints it first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.facts import spell
from pipeline.prose.manuscript import Use

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>@$~^\"'=&-])")
WIDTHS = (11, 26, 18, 18, 23)  # of the columns of the log, against each other
QUIET = ("sources", "note")  # columns whose corrections change nothing that is said
WORDS = {
    "en": {
        "computed": "Computed here:",
        "from": "from",
        "table": "the table",
        "single": "Single source.",
        "confidence": "{0} confidence",
        "top": "Key findings",
        "basis": {
            "about": "about ",
            "almost": "almost ",
            "at least": "at least ",
            "more than": "more than ",
        },
        "none": "No correction has been made since the first edition.",
        "heads": ("Date", "Table: rows, column", "From", "To", "Reason"),
    },
}


def escape(text: str) -> str:
    """Make text of a table plain in Markdown: whatever it holds prints as it stands."""
    return SPECIAL.sub(r"\\\1", str(text).replace("\n", " "))


def listed(uses: Iterable[Use]) -> dict[tuple[str, str], list[str]]:
    """Group the facts used by the section of their first use: (id, heading) → names, in reading
    order."""
    seen: set[str] = set()
    groups: dict[tuple[str, str], list[str]] = {}
    for use in uses:
        if use.name not in seen:
            seen.add(use.name)
            groups.setdefault((use.section, use.heading), []).append(use.name)
    return groups


def rows(facts: Mapping[str, dict], groups: Mapping[tuple[str, str], list[str]], lang: str) -> str:
    """Write the appendix: a heading a section, and below it each fact with who says so, how it is
    computed and its sources."""
    every = {name for names in groups.values() for name in names}
    parts = []
    for (_, heading), names in groups.items():
        entries = [
            (
                f"[{escape(_spelled(facts[n], lang))}]{{#fact-{n}}}\n:   "
                f"{_history(facts[n], facts, every, lang)}\n"
            )
            for n in names
        ]
        parts.append(
            (
                f"### {escape(heading or WORDS[lang]['top'])} {{.unnumbered .unlisted}}\n\n::: "
                f"{{.appendix}}\n"
            )
            + "\n".join(entries)
            + ":::\n"
        )
    return "\n".join(parts)


def _spelled(fact: dict, lang: str) -> str:
    return WORDS[lang]["basis"].get(fact["qualifier"], "") + fact["texts"][lang][""]


def _history(fact: dict, facts: Mapping[str, dict], every: set[str], lang: str) -> str:
    words = WORDS[lang]
    own = fact["kind"] == "derived"
    said = [
        "" if own else fact["claimant"],
        spell.day(fact["date"], lang) if fact["date"] and fact["unit"] != "date" else "",
    ]
    if fact["confidence"] in ("medium", "low"):
        said.append(words["confidence"].format(fact["confidence"]))
    text = f"{escape(fact['label'][lang])}"
    told = ", ".join(filter(None, said))
    text += f" ({escape(told)})." if told else "."
    if own:
        inputs = ", ".join(_input(name, facts, every, lang) for name in fact["inputs"])
        text += f" {words['computed']} {escape(fact['formula'][lang])}; {words['from']} {inputs}."
    cited = [f"@{source}" for source in fact["sources"]]
    if cited and not own:
        text += (f" {words['single']}" if len(cited) == 1 else "") + f" [{'; '.join(cited)}]"
    return text


def _input(name: str, facts: Mapping[str, dict], every: set[str], lang: str) -> str:
    if name.startswith("table:"):
        return f"{WORDS[lang]['table']} {escape(name.removeprefix('table:'))}"
    text = escape(_spelled(facts[name], lang))
    return (
        f"[{text}](#fact-{name})"
        if name in every
        else f"{text} ({escape(facts[name]['label'][lang])})"
    )


def write_corrections(table: Path, path: Path, lang: str) -> None:
    """Write the corrections of what the tables say as a table, or the sentence that there is none.

    What only cites or notes otherwise stays in the log itself.
    """
    words = WORDS[lang]
    with table.open(encoding="utf-8", newline="") as handle:
        rows = [
            r
            for r in csv.DictReader(handle)
            if r["table"] != "sources" and r["column"] not in QUIET
        ]
    if not rows:
        path.write_text(words["none"] + "\n", encoding="utf-8")
        return
    alike: dict[tuple, list[str]] = {}
    for r in rows:
        same = tuple(
            r[name] for name in ("date", "table", "column", "from", "to", "reason", "sources")
        )
        alike.setdefault(same, []).append(r["row"])
    rule = "|" + "|".join("-" * width for width in WIDTHS) + "|"
    head = ["| " + " | ".join(words["heads"]) + " |", rule]
    body = []
    for (day, name, column, before, now, reason, sources), changed in alike.items():
        cited = "; ".join(f"@{source}" for source in sources.split(";") if source)
        if column == "quote":
            before, now = (f"“{text}”" if text else "" for text in (before, now))
        cells = [
            escape(text)
            for text in (
                spell.day(day, lang),
                f"{name}: {', '.join(changed)}, {column}",
                before,
                now,
                reason,
            )
        ]
        body.append("| " + " | ".join(cells) + (f" [{cited}]" if cited else "") + " |")
    path.write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")
