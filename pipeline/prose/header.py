"""Checks the YAML header: what the theme prints, and nothing that would change the build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import reading
from pipeline.errors import Problem, stop

REQUIRED = ("title", "author")
LISTS = ("author", "keywords")  # a text or a list of texts
TEXTS = ("title", "subtitle", "title-short", "lang", "abstract", "description")
KEYS = sorted((*TEXTS, *LISTS))
EXAMPLE = 'begin with ---, title: "…", author: "…", ---'


def split(path: Path) -> tuple[list[str], list[str]]:
    """Read a document and part its lines: header with marks, body. Raises Problems."""
    rows = reading.text(path, "the report's text").split("\n")
    if rows[0].strip() != "---":
        return [], rows
    ends = [i for i, row in enumerate(rows) if i and row.strip() in ("---", "...")]
    if not ends:
        raise stop(path, "got a header without its end, expected --- behind it", line=1)
    return rows[: ends[0] + 1], rows[ends[0] + 1 :]


def problems(path: Path) -> list[Problem]:
    """List what is wrong with the header; raise Problems if none could be read."""
    header, _ = split(path)
    if not header:
        raise stop(path, "got no header, expected title and author", line=1, hint=EXAMPLE)
    # The opening mark stays, so that lines count from the top of the file.
    known = reading.yaml_text("\n".join(header[:-1]) + "\n", path)
    lines = {row.partition(":")[0]: i for i, row in enumerate(header, 1)}
    return [
        Problem(str(path), lines.get(key, 1), "", *told)
        for key in {**dict.fromkeys(REQUIRED), **known}
        for told in _wrong(key, known.get(key))
    ]


def _wrong(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a value of the header, and what to do."""
    texts = value if key in LISTS and isinstance(value, list) else [value]
    if key not in KEYS:
        told = f"got the key {key}, expected one of {', '.join(KEYS)}"
        yield told, "settings of the build stand in _quarto.yml"
    elif key in REQUIRED and value in (None, "", []):
        yield f"got no {key}, expected one", EXAMPLE
    elif not all(isinstance(text, str) for text in texts):
        yield f"got {key} of type {type(value).__name__}, expected text", "set it in quotes"
