"""What one cell may hold, by the contract of its column, and the value that it stands for."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.tables import texts
from pipeline.tables.contract_rules import compiled
from pipeline.tables.texts import Fault, nearest, show

MAX_CELL = 1_000  # characters; twice the longest note
LISTED = 10  # allowed values that a message lists; the codebook has them all
DIGITS = 15  # what a spreadsheet, JSON or a double keeps exactly; a longer number is a slip
NUMERIC = ("integer", "number")
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A host has a name: this leaves out every form of an IP address, and names without a dot.
ADDRESS = re.compile(r"(https?)://((?:[a-z0-9-]+\.)+[a-z]{2,63})(?::443)?(?:[/?#][^\s\\]*)?", re.I)
# Other scripts, whose letters look like plain ones, and reserved names that never stand for a
# public site (RFC 6761, RFC 6762, and ICANN for "internal")
HIDDEN = re.compile(
    r"(.*\.)?xn--.*|.*\.(arpa|example|internal|invalid|local|localhost|onion|test)", re.I
)
KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date, YYYY-MM-DD",
}


def value(field: dict, text: str) -> Any:
    """Turn a cell into a value of its column's type; ValueError says what was expected instead.

    integer → int; number → int or Decimal (51.20 keeps its two decimals); boolean → bool;
    date → ISO text; list column → tuple of text; any other → text. An empty cell is None in a
    number column, () in a list and "" elsewhere.
    """
    kind = field["type"]
    if "listOf" in field:
        return tuple(text.split(field["listOf"]["separator"])) if text else ()
    if kind in NUMERIC:
        return _number(text, kind) if text else None
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError(KINDS[kind])
        return text == "true"
    if kind == "date" and text:
        if not DAY.fullmatch(text):
            raise ValueError(KINDS[kind])
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError("a day that exists, YYYY-MM-DD") from None
    return text


def _number(text: str, kind: str) -> int | Decimal:
    if not (INTEGER if kind == "integer" else NUMBER).fullmatch(text):
        raise ValueError(KINDS[kind])
    return int(text) if INTEGER.fullmatch(text) else Decimal(text)


def faults(field: dict, text: str, unit: str = "") -> list[Fault]:
    """List how a cell breaks the contract of its column, whatever other cells hold.

    unit: the unit of a number, for the message.
    """
    limit = field["constraints"].get("maxLength", MAX_CELL)
    plain = [*texts.faults(text, limit, field["type"] in NUMERIC)]
    return plain or [*_meaning(field, text, f" (unit {unit})" if unit else "")]


def _meaning(field: dict, text: str, unit: str) -> Iterator[Fault]:
    limits, kind = field["constraints"], field["type"]
    if not text:
        if limits.get("required"):
            yield "nothing", KINDS.get(kind, "text") + unit, "fill the cell"
        return
    try:
        found = value(field, text)
    except ValueError as error:
        yield show(text), f"{error}{unit}", _numeral(text, kind) if kind in NUMERIC else ""
        return
    if kind in NUMERIC and (digits := sum(map(str.isdigit, text))) > DIGITS:
        yield f"a number of {digits} digits", f"at most {DIGITS}{unit}", "see which are typed twice"
    elif kind in NUMERIC and text.startswith("-") and not found:
        yield show(text), f"a zero without a sign{unit}", f"write {text[1:]}"
    elif why := _address(text, field.get("httpHosts", ())) if "format" in field else "":
        yield show(text), "an https address of a public site", why
    elif "enum" in limits and text not in limits["enum"]:
        more = ", …" if len(limits["enum"]) > LISTED else ""
        listed = ", ".join(limits["enum"][:LISTED]) + more
        yield show(text), f"one of {listed}", nearest(text, limits["enum"])
    elif "pattern" in limits and not compiled(limits["pattern"]).fullmatch(text):
        yield show(text), f"text like {field.get('example', limits['pattern'])}", ""
    elif "minimum" in limits and found < limits["minimum"]:
        yield show(text), f"at least {limits['minimum']}{unit}", ""
    elif "maximum" in limits and found > limits["maximum"]:
        yield show(text), f"at most {limits['maximum']}{unit}", ""


def _numeral(text: str, kind: str) -> str:
    """Say how the number that was probably meant is written here."""
    bare = text.strip("%+ ")
    for guess in (
        re.sub(r"(?<=\d)[ ,.'](?=\d{3}(?!\d))", "", bare),
        re.sub(r"[.,]0+$", "", bare),
        bare.replace(",", "."),
    ):
        if (INTEGER if kind == "integer" else NUMBER).fullmatch(guess):
            return f"write {guess}"
    return "write digits only" + (", with a point before decimals" if kind == "number" else "")


def _address(text: str, by_http: Container[str]) -> str:
    """Say what to do with an address to which no reader should be sent, or ""."""
    found = ADDRESS.fullmatch(text)
    if not found or HIDDEN.fullmatch(found[2]):
        return "copy it again from the browser: https:// and a host by its name, without a port"
    if found[1] == "http" and found[2] not in by_http:
        return f"write https, or list {found[2]} in httpHosts of the contract if it has none"
    return ""
