"""What one cell may hold, by the contract of its column: type, range, pattern, allowed values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from pipeline.tables import read
from pipeline.tables.contract_rules import compiled
from pipeline.tables.texts import nearest, show

Fault = tuple[str, str, str]  # got, expected, what to do
LISTED = 10  # allowed values that a message lists; the codebook has them all
DIGITS = 15  # what a spreadsheet, JSON or a double keeps exactly; a longer number is a slip
ZERO = re.compile(r"-0(\.0+)?")
# A host has a name: this leaves out every form of an IP address, and names without a dot.
HOST = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,63}")
# Reserved names that never stand for a public site (RFC 6761, RFC 6762, and ICANN for "internal")
RESERVED = (".arpa", ".example", ".internal", ".invalid", ".local", ".localhost", ".onion", ".test")
ADDRESS = "an https address of a public site"
KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date, YYYY-MM-DD",
}


def faults(field: dict, text: str, unit: str = "") -> Iterator[Fault]:
    """Find how a cell breaks the contract of its column: (got, expected, what to do)."""
    rules, kind = field.get("constraints", {}), field["type"]
    unit = f" (unit {unit})" if unit else ""
    if not text:
        if rules.get("required"):
            yield "nothing", KINDS.get(kind, "text") + unit, "fill the cell"
        return
    try:
        value = read.value(field, text)
    except ValueError as error:
        yield (
            show(text),
            f"{error}{unit}",
            _numeral(text, kind == "integer") if kind in ("integer", "number") else "",
        )
        return
    if kind in ("integer", "number"):
        yield from _digits(text, unit)
    if field.get("format") == "uri" and (why := _address(text, field.get("httpHosts", {}))):
        yield show(text), ADDRESS, why
        return
    if "enum" in rules or "pattern" in rules:
        yield from _allowed(rules, text, field.get("example", ""))
    if "minimum" in rules or "maximum" in rules:
        yield from _range(rules, value, unit)


def _allowed(rules: dict[str, Any], text: str, example: str) -> Iterator[Fault]:
    allowed = rules.get("enum")
    if allowed and text not in allowed:
        yield (
            show(text),
            "one of " + ", ".join(allowed[:LISTED]) + (", …" if len(allowed) > LISTED else ""),
            nearest(text, allowed),
        )
    elif "pattern" in rules and not compiled(rules["pattern"]).fullmatch(text):
        yield show(text), f"text like {example or rules['pattern']}", ""


def _digits(text: str, unit: str) -> Iterator[Fault]:
    if ZERO.fullmatch(text):
        yield show(text), f"a zero without a sign{unit}", f"write {text[1:]}"
    if (count := sum(map(str.isdigit, text))) > DIGITS:
        yield f"a number of {count} digits", f"at most {DIGITS}{unit}", "see which are typed twice"


def _address(text: str, by_http: Iterable[str]) -> str:
    """Say why no reader should be sent to an address, or "": the first reason is enough."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "copy it again from the browser"
    slashes = "write / instead of \\" if "\\" in text else ""
    return _who(parts.netloc, host) or _where(parts.scheme, host, port, by_http) or slashes


def _who(netloc: str, host: str) -> str:
    """Say what is wrong with the host of an address, or ""."""
    if "@" in netloc:
        return f"delete what stands before the @: the browser would go to {show(host)}"
    if host.startswith("xn--") or ".xn--" in host:
        return "take an address in plain letters: those of other scripts look like them"
    if not HOST.fullmatch(host) or host.endswith(RESERVED):
        return f"name a site on the internet, not {show(host)}"
    return ""


def _where(scheme: str, host: str, port: int | None, by_http: Iterable[str]) -> str:
    """Say what is wrong with the way to a host, or ""."""
    if port not in (None, 443):
        return f"delete the port {port}"
    if scheme == "http" and host in by_http:
        return ""
    if scheme == "http":
        return f"write https, or list {host} in httpHosts of the contract if it has none"
    return "" if scheme == "https" else "begin with https://"


def _range(rules: dict[str, Any], value: Any, unit: str) -> Iterator[Fault]:
    if "minimum" in rules and value < rules["minimum"]:
        yield show(value), f"at least {rules['minimum']}{unit}", ""
    if "maximum" in rules and value > rules["maximum"]:
        yield show(value), f"at most {rules['maximum']}{unit}", ""


def _numeral(text: str, whole: bool) -> str:
    """Say how the number that was probably meant is written here."""
    bare = text.strip("%+ ")
    for guess in (
        re.sub(r"(?<=\d)[ ,.'](?=\d{3}(?!\d))", "", bare),
        re.sub(r"[.,]0+$", "", bare),
        bare.replace(",", "."),
    ):
        if (read.INTEGER if whole else read.NUMBER).fullmatch(guess):
            return f"write {guess}"
    return "write digits only" + (", with a point before decimals" if not whole else "")
