"""Plants hostile texts in a short report: in its tables, in words of a figure and in its header."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from tests.conftest import ROOT, change
from tests.test_hostile_tables import NASTY_TEXT

ALT = "&lt;i&gt; and <b> stay as they are typed. "
HEADER = {  # what stands in the header: what is typed there
    "title": "'= A \"quoted\" \\\\ #title'",
    "author": "['Bo \"B\" #1', 'C \\\\ D']",
}


def plant(folder: Path) -> Path:
    """Make labels, titles and acts that are printed hostile in a copy of the short report."""
    facts = json.loads((folder / "_output/facts.json").read_text(encoding="utf-8"))["facts"]
    printed = (ROOT / "report.qmd").read_text(encoding="utf-8")
    free = [
        name
        for name, fact in facts.items()
        if fact["table"] == "claims"
        and fact["unit"] != "date"
        and f"fact {name} " in printed
        # these have to say whose they are
        and not re.search("maduro|gonzalez|others", name)
        and name == fact["row"]
    ]
    texts = dict(zip(free, NASTY_TEXT, strict=False))
    replace(folder / "data/claims.csv", "subject", texts)
    sources = dict.fromkeys(source for name in texts for source in facts[name]["sources"])
    replace(folder / "data/sources.csv", "title", dict(zip(sources, NASTY_TEXT, strict=False)))
    with (folder / "build/figures/region/en/rows.csv").open(encoding="utf-8", newline="") as handle:
        drawn = {row["act"] for row in csv.DictReader(handle)}
    acts = [row["id"] for row in rows(folder / "data/positions.csv") if row["act"] in drawn]
    replace(folder / "data/positions.csv", "act", dict(zip(acts, NASTY_TEXT, strict=False)))
    change(folder / "figures/toll.yml", "  alt: >-\n    ", f"  alt: >-\n    {ALT}\n    ")
    report = folder / "report.qmd"
    told = " ".join(f"{{{{< fact {name} >}}}}" for name in texts)
    change(report, "## Methods", f"{told}\n\n## Methods")
    text = report.read_text(encoding="utf-8")
    for key, typed in HEADER.items():
        text = re.sub(f"^{key}: .*$", lambda _, to=f"{key}: {typed}": to, text, count=1, flags=re.M)
    report.write_text(text, encoding="utf-8")
    return folder


def planted(folder: Path) -> dict[str, str]:
    """Give the hostile texts that label claims: row id → text."""
    subjects = {row["id"]: row["subject"] for row in rows(folder / "data/claims.csv")}
    return {row: subject for row, subject in subjects.items() if subject in NASTY_TEXT}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def replace(path: Path, column: str, texts: dict[str, str]) -> None:
    """Put a text into a column of the rows named."""
    table = rows(path)
    for row in table:
        row[column] = texts.get(row["id"], row[column])
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, table[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
