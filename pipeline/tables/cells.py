"""What one cell may hold, by the contract of its column, and the value that it stands for.

Any text is plain, visible, and written in one way. A look-alike letter or a mark that turns the
direction of writing makes two cells differ that read the same; a cell that begins with = runs as a
formula when a reader opens the table in a spreadsheet, and where lists are separated by semicolons,
a new cell begins after each of them.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.errors import nearest, show

Fault = tuple[str, str, str]  # got, expected, what to do
PUNCTUATION = "¡¿«»“”‘’–—…·°ºª§€£×½"
# Latin with its accents; × and ÷ are no letters
LETTERS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
ODD = re.compile(f"[^ -~{LETTERS}{PUNCTUATION}]")
FORMULA = re.compile(r"""(^|;[ "']*)[=+@-]""")
MAX_CELL = 1_000  # characters; twice the longest note
LISTED = 10  # allowed values that a message lists; the codebook has them all
NUMERIC = ("integer", "number")
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A host has a name: this leaves out every form of an IP address, and names without a dot.
ADDRESS = re.compile(r"(https?)://((?:[a-z0-9-]+\.)+[a-z]{2,63})(?::443)?(?:[/?#][^\s\\]*)?", re.I)
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
        if text and not (INTEGER if kind == "integer" else NUMBER).fullmatch(text):
            raise ValueError(KINDS[kind])
        return (int(text) if INTEGER.fullmatch(text) else Decimal(text)) if text else None
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


def faults(field: dict, text: str, unit: str = "") -> list[Fault]:
    """List how a cell breaks the contract of its column, whatever other cells hold.

    unit: the unit of a number, for the message.
    """
    plain = [*_odd(text, field["constraints"].get("maxLength", MAX_CELL), field["type"])]
    return plain or [*_meaning(field, text, f" (unit {unit})" if unit else "")]


def _odd(text: str, limit: int, kind: str) -> Iterator[Fault]:
    """Find what is wrong with a text, whatever it means; a number may begin with a sign."""
    if len(text) > limit:
        yield show(text), f"at most {limit:,} characters", "shorten it"
        return
    if not unicodedata.is_normalized("NFC", text):
        again = "type the accented letter again"
        yield show(text), "letters composed with their accents (Unicode NFC)", again
    elif odd := ODD.search(text):
        name = f"U+{ord(odd[0]):04X} {unicodedata.name(odd[0], 'control character')}"
        plain = "Latin letters, digits and common punctuation"
        hint = f"write what your keyboard has for it; if it is meant, allow it in {__name__}"
        yield f"{show(text)} with {name}", plain, hint
    tidy = re.sub(" +", " ", text).strip(" ")
    if text != tidy:
        expected = "text without leading, trailing or double spaces"
        yield show(text), expected, f"write {show(tidy)}"
    if FORMULA.search(text) and kind not in NUMERIC:
        expected = "text that no spreadsheet takes for a formula"
        yield show(text), expected, "begin with a word, behind a semicolon too"


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
    if why := _address(text, field.get("httpHosts", ())) if "format" in field else "":
        yield show(text), "an https address of a public site", why
    elif "enum" in limits and text not in limits["enum"]:
        more = ", …" if len(limits["enum"]) > LISTED else ""
        listed = ", ".join(limits["enum"][:LISTED]) + more
        yield show(text), f"one of {listed}", nearest(text, limits["enum"])
    elif "pattern" in limits and not re.fullmatch(limits["pattern"], text):
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
    if not found:
        return "copy it again from the browser: https:// and a host by its name, without a port"
    if found[1] == "http" and found[2] not in by_http:
        return f"write https, or list {found[2]} in httpHosts of the contract if it has none"
    return ""
