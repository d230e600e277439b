"""Which edition of the report this is: its version, its date and the commit it was built from."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import manifest

CONTRACT = Path("data/datapackage.json")
META = Path("build/meta.yml")


def edition() -> dict[str, str]:
    """Read version and date of the data; the clock is the data's, or SOURCE_DATE_EPOCH where it is set."""
    package = json.loads(CONTRACT.read_text(encoding="utf-8"))
    day = package["created"][:10]
    if os.environ.get("SOURCE_DATE_EPOCH"):
        day = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC).date().isoformat()
    return {"version": package["version"], "date": day, "commit": manifest.commit()}


def epoch(day: str) -> int:
    """Seconds since 1970 of the edition's day, at midnight UTC."""
    found = date.fromisoformat(day)
    return int(datetime(found.year, found.month, found.day, tzinfo=UTC).timestamp())


def write(known: dict[str, str]) -> None:
    """Write the edition as metadata that both engines read."""
    spelled = date.fromisoformat(known["date"]).strftime("%-d %B %Y")
    lines = [f'version: "{known["version"]}"', f'date: "{known["date"]}"', f'date-text: "{spelled}"', f'commit: "{known["commit"]}"']
    META.write_text("\n".join(lines) + "\n", encoding="utf-8")
