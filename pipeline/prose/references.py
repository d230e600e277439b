"""The sources as CSL JSON, the form that Pandoc, Quarto and reference managers read."""

from __future__ import annotations

import csv
import json
from pathlib import Path

TYPES = {
    "academic": "article-journal",
    "dataset": "dataset",
    "blog": "post-weblog",
    "official": "report",
    "primary": "report",
}

READ = {"whole": "Read whole", "none": "Not opened"}  # the others were read as excerpts


def issued(edtf: str) -> dict:
    """Turn an EDTF date, uncertain (`~`) or an interval (`a/b`), into a CSL date."""
    if not edtf:
        return {}
    parts = [
        [int(n) for n in part.split("-")]
        for part in edtf.rstrip("~").split("/")
        if part[:1].isdigit()
    ]
    return {"issued": {"date-parts": parts[:2]} | ({"circa": True} if edtf.endswith("~") else {})}


def names(author: str) -> list[dict]:
    """List `;`-separated authors as they sign: guessing family names would turn bodies into
    people."""
    return [{"literal": name} for name in filter(None, map(str.strip, author.split(";")))]


def item(row: dict[str, str]) -> dict:
    """Make the CSL item of one row of `sources`; a description stands in brackets, as APA has
    it."""
    title = f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"]
    entry = {
        "id": row["id"],
        "type": TYPES.get(row["kind"], "article-newspaper"),
        "title": title,
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
