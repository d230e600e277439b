"""Finds the line of every value in a JSON text, so that a mistake can be told with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Pointer = tuple[str | int, ...]  # the keys and indexes that lead to a value; () is the whole

SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # half a character, which YAML does not know


def places(text: str) -> list[tuple[Pointer, int]]:
    """Give (pointer, line) of every value of a valid JSON text; a key stands for its value.

    JSON is YAML as well, whose parser keeps lines. What it cannot follow has no places but line 1.
    """
    import yaml  # 0.02 s that a text without a mistake saves

    plain = SURROGATE.sub(r"\\u00", text)
    try:
        tree = yaml.compose(plain, Loader=yaml.CSafeLoader)
        return [*_below(tree, (), 1)]
    except (yaml.YAMLError, RecursionError):
        return [((), 1)]


def _below(node: Any, at: Pointer, line: int) -> Iterator[tuple[Pointer, int]]:
    yield at, line
    if node.id == "mapping":
        for key, value in node.value:
            yield from _below(value, (*at, key.value), key.start_mark.line + 1)
    elif node.id == "sequence":
        for place, value in enumerate(node.value):
            yield from _below(value, (*at, place), value.start_mark.line + 1)


def first_twice(text: str) -> tuple[str, int] | None:
    """Find the first key that its object has already: (key, line), None if there is none."""
    seen: set[Pointer] = set()
    for pointer, line in places(text):
        if pointer in seen:
            return str(pointer[-1]), line
        seen.add(pointer)
    return None
