"""The sources as CSL JSON, the form that Pandoc, Quarto and reference managers read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

TYPES = {
    "academic": "article-journal",
    "dataset": "dataset",
    "blog": "post-weblog",
    "official": "report",
    "primary": "report",
}
READ = {"whole": "Read whole", "none": "Not opened"}  # the others were read as excerpts


def issued(edtf: str) -> dict[str, Any]:
    """Turn an EDTF date, uncertain (`~`) or an interval (`a/b`), into a CSL date."""
    if not edtf:
        return {}
    days = [day for day in edtf.rstrip("~").split("/") if day[:1].isdigit()]
    parts = [[int(number) for number in day.split("-")] for day in days]
    return {"issued": {"date-parts": parts} | ({"circa": True} if edtf.endswith("~") else {})}


def names(author: str) -> list[dict[str, str]]:
    """List `;`-separated authors as they sign; guessed family names would make people of bodies."""
    return [{"literal": name.strip()} for name in author.split(";") if name.strip()]


def item(row: dict[str, str]) -> dict[str, Any]:
    """Make the CSL item of a row of `sources`; descriptions stand in brackets, as APA has it."""
    entry: dict[str, Any] = {
        "id": row["id"],
        "type": TYPES.get(row["kind"], "article-newspaper"),
        "title": f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"],
        "language": row["language"],
    }
    if row["publisher"] and row["publisher"] != row["author"]:
        entry["container-title"] = row["publisher"]
    if row["author"] or not row["publisher"]:
        entry["author"] = names(row["author"])
    if row["read"] in READ:
        entry["note"] = READ[row["read"]]
    if row["url"]:
        entry["URL"] = row["url"]
    return entry | issued(row["published"])


def write(table: Path, path: Path) -> list[str]:
    """Write every source as CSL JSON and return their ids."""
    with table.open(encoding="utf-8", newline="") as handle:
        entries = [item(row) for row in csv.DictReader(handle)]
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [entry["id"] for entry in entries]
