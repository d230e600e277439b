"""Checks the YAML header: what the theme prints, and nothing that would change the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import reading
from pipeline.errors import Problem, stop

REQUIRED = ("title", "author")
LISTS = ("author", "keywords")  # a text or a list of texts
TEXTS = ("title", "subtitle", "title-short", "lang", "abstract", "description")
EXAMPLE = 'begin with ---, title: "…", author: "…", ---'
LANGUAGE = re.compile(r"[a-z]{2}")


def split(path: Path) -> tuple[list[str], list[str]]:
    """Read a document and part its lines: header with marks, body. Raises Problems."""
    rows = reading.text(path, "the report's text").split("\n")
    if rows[0].strip() != "---":
        return [], rows
    ends = (i for i, row in enumerate(rows[1:], 1) if row.strip() in ("---", "..."))
    end = next(ends, None)
    if end is None:
        raise stop(path, "got a header without its end, expected --- behind it", line=1)
    return rows[: end + 1], rows[end + 1 :]


def problems(path: Path) -> list[Problem]:
    """List what is wrong with the header, or with a document that has nothing behind it.

    Raises Problems if there is no header that could be read.
    """
    header, body = split(path)
    if not header:
        raise stop(path, "got no header, expected title and author", line=1, hint=EXAMPLE)
    # The opening mark stays, so that lines count from the top of the file.
    known = reading.yaml_text("\n".join(header[:-1]) + "\n", path)
    found = list(_wrong(path, header, known))
    if not "".join(body).strip():
        told = "got nothing behind the header, expected the report"
        found.append(Problem(str(path), len(header), "", told, reading.RESTORE))
    return found


def _wrong(path: Path, header: list[str], known: dict[str, Any]) -> Iterator[Problem]:
    for key in REQUIRED:
        if known.get(key) in (None, "", []):
            yield Problem(str(path), 1, "", f"got no {key}, expected one", EXAMPLE)
    for key, value in known.items():
        line = next((i for i, row in enumerate(header, 1) if row.startswith(f"{key}:")), 1)
        if key not in (*TEXTS, *LISTS):
            told = f"got the key {key}, expected one of {', '.join(sorted((*TEXTS, *LISTS)))}"
            yield Problem(str(path), line, "", told, "settings of the build stand in _quarto.yml")
        elif key == "lang" and not LANGUAGE.fullmatch(str(value)):
            yield Problem(str(path), line, "", f"got lang {value}, expected two letters as en")
        elif not _is_text(value) and not (key in LISTS and _are_texts(value)):
            kind = type(value).__name__
            told = f"got {key} of type {kind}, expected text"
            yield Problem(str(path), line, "", told, "set it in quotes")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))
