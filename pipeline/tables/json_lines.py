"""Finds the line of every value in a JSON text, so that a mistake can be told with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Pointer = tuple[str | int, ...]  # the keys and indexes that lead to a value; () is the whole
TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def places(text: str) -> Iterator[tuple[Pointer, int]]:
    """Give (pointer, line) of every value, in the order of the text; a key stands for its value.

    text: valid JSON, at least as far as the caller reads on.
    """
    # Of each open bracket: the index reached in a list, the key in an object, None before a key.
    inside: list[str | int | None] = []
    line, end = 1, 0
    yield (), line
    for token in TOKEN.finditer(text):
        line += text.count("\n", end, token.start())
        end = token.start()
        mark = token[0]
        if mark in ("}", "]"):
            inside.pop()
        elif mark == ",":
            inside[-1] = inside[-1] + 1 if isinstance(inside[-1], int) else None
        elif mark != ":":
            if inside and inside[-1] is None:
                inside[-1] = json.loads(mark)
                yield tuple(inside), line
                continue
            if inside and isinstance(inside[-1], int):
                yield tuple(inside), line
            if mark in ("{", "["):
                inside.append(None if mark == "{" else 0)


def first_twice(text: str) -> tuple[str, int]:
    """Find the first key that its object has already: (key, line); ("", 0) if there is none."""
    seen: set[Pointer] = set()
    for pointer, line in places(text):
        if pointer in seen:
            return str(pointer[-1]), line
        seen.add(pointer)
    return "", 0
