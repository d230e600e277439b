"""What one cell may hold, by the contract of its column: type, range, pattern, allowed values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline import tables
from pipeline.text_rules import show

Fault = tuple[str, str, str]  # got, expected, what to do
LISTED = 10  # allowed values that a message lists; the codebook has them all
KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "date": "a date, YYYY-MM-DD"}


def faults(field: dict, text: str, unit: str = "") -> Iterator[Fault]:
    """Find how a cell breaks the contract of its column: (got, expected, what to do)."""
    rules, kind = field.get("constraints", {}), field["type"]
    unit = f" (unit {unit})" if unit else ""
    if not text:
        if rules.get("required"):
            yield "nothing", KINDS.get(kind, "text") + unit, "fill the cell"
        return
    try:
        value = tables.value(field, text)
    except ValueError as error:
        yield show(text), f"{error}{unit}", _numeral(text, kind == "integer") if kind in ("integer", "number") else ""
        return
    if "enum" in rules or "pattern" in rules:
        yield from _allowed(rules, text, field.get("example", ""))
    if "minimum" in rules or "maximum" in rules:
        yield from _range(rules, value, unit)


def _allowed(rules: dict[str, Any], text: str, example: str) -> Iterator[Fault]:
    allowed = rules.get("enum")
    if allowed and text not in allowed:
        yield show(text), "one of " + ", ".join(allowed[:LISTED]) + (", …" if len(allowed) > LISTED else ""), nearest(text, allowed)
    elif "pattern" in rules and not re.fullmatch(rules["pattern"], text, re.ASCII):
        yield show(text), f"text like {example or rules['pattern']}", ""


def _range(rules: dict[str, Any], value: Any, unit: str) -> Iterator[Fault]:
    if "minimum" in rules and value < rules["minimum"]:
        yield show(value), f"at least {rules['minimum']}{unit}", ""
    if "maximum" in rules and value > rules["maximum"]:
        yield show(value), f"at most {rules['maximum']}{unit}", ""


def nearest(text: str, allowed: Iterable[str]) -> str:
    """Suggest the allowed value most like the one found."""
    found = difflib.get_close_matches(text, list(allowed), n=1, cutoff=0.5)
    return f'did you mean "{found[0]}"?' if found else ""


def _numeral(text: str, whole: bool) -> str:
    """Say how the number that was probably meant is written here."""
    bare = text.strip("%+ ")
    for guess in (re.sub(r"(?<=\d)[ ,.'](?=\d{3}(?!\d))", "", bare), re.sub(r"[.,]0+$", "", bare), bare.replace(",", ".")):
        if (tables.INTEGER if whole else tables.NUMBER).fullmatch(guess):
            return f"write {guess}"
    return "write digits only" + (", with a point before decimals" if not whole else "")
