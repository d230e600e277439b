"""Which edition of the report this is: its version, its date and the commit it was built from."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.errors import stop
from pipeline.tables import contract
from pipeline.tables.texts import show

CONTRACT = Path("data/datapackage.json")
META = Path("build/meta.yml")
CLOCK = "SOURCE_DATE_EPOCH"
SECONDS = re.compile(r"[0-9]{1,10}")
CENTURY = 4_102_444_800  # 2100-01-01; an archive cannot hold times after 2107


def edition() -> dict[str, str]:
    """Read version and date of the data; the clock is the data's, or SOURCE_DATE_EPOCH where it is
    set."""
    package = contract.read(CONTRACT.parent)
    day = package["created"][:10]
    if set_clock := os.environ.get(CLOCK):
        day = _day(set_clock)
    return {"version": package["version"], "date": day}


def _day(clock: str) -> str:
    if not SECONDS.fullmatch(clock) or int(clock) >= CENTURY:
        told = f"got {show(clock)}, expected whole seconds since 1970, before the year 2100"
        raise stop(CLOCK, told, hint="set it right in the environment, or unset it")
    return datetime.fromtimestamp(int(clock), UTC).date().isoformat()


def epoch(day: str) -> int:
    """Seconds since 1970 of the edition's day, at midnight UTC."""
    found = date.fromisoformat(day)
    return int(datetime(found.year, found.month, found.day, tzinfo=UTC).timestamp())


def write(commit: str) -> None:
    """Write the edition and its commit as metadata that both engines read."""
    known = edition() | {"commit": commit}
    known["date-text"] = date.fromisoformat(known["date"]).strftime("%-d %B %Y")
    lines = [f'{name}: "{known[name]}"' for name in ("version", "date", "date-text", "commit")]
    META.write_text("\n".join(lines) + "\n", encoding="utf-8")
