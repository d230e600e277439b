"""What any text in a table may look like: plain, visible, one way of writing each letter, inert in
a spreadsheet.

A look-alike letter or a mark that turns the direction of writing makes two cells differ that read
the same; a cell that begins with = runs as a formula when a reader opens the table in a
spreadsheet, and where lists are separated by semicolons, a new cell begins after each of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator

PUNCTUATION = "¡¿«»“”‘’–—…·°ºª§€£×½"
# Latin with its accents; × and ÷ are no letters
LETTERS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
ODD = re.compile(f"[^ -~{LETTERS}{PUNCTUATION}]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LATER = re.compile(r""";[ "']*[=+@-]""")  # a formula where a semicolon begins a cell
MAX_CELL = 1_000  # twice the longest note
SHOWN = 60
PLAIN = {
    "\t": " ",
    "\n": " ",
    "\u2212": "-",
    "\u2010": "-",
}  # what Unicode itself does not call the same


def show(text: object) -> str:
    """Quote text for a message, cut short, with every character that cannot be seen spelled out."""
    whole = str(text)
    cut = whole[:SHOWN] + ("…" if len(whole) > SHOWN else "")
    seen = "".join(
        c if c.isprintable() and not unicodedata.combining(c) else f"\\u{ord(c):04x}" for c in cut
    )
    return f'"{seen}"' + (f" ({len(whole):,} characters)" if len(whole) > SHOWN else "")


def nearest(text: str, allowed: Iterable[str]) -> str:
    """Suggest the allowed value most like the one found."""
    found = difflib.get_close_matches(text, list(allowed), n=1, cutoff=0.5)
    return f'did you mean "{found[0]}"?' if found else ""


def cell(text: str, limit: int = MAX_CELL, number: bool = False) -> Iterator[tuple[str, str, str]]:
    """Find what is wrong with one cell: (got, expected, what to do), for each fault; a number may
    begin with a sign."""
    if len(text) > limit:
        yield show(text), f"at most {limit:,} characters", "shorten it"
        return
    if not unicodedata.is_normalized("NFC", text):
        yield (
            show(text),
            "letters composed with their accents (Unicode NFC)",
            "type the accented letter again",
        )
    elif odd := ODD.search(text):
        yield (
            f"{show(text)} with {_name(odd[0])}",
            "Latin letters, digits and common punctuation",
            _instead(odd[0]),
        )
    if text != text.strip(" ") or "  " in text:
        yield (
            show(text),
            "text without leading, trailing or double spaces",
            f"write {show(re.sub(' +', ' ', text).strip())}",
        )
    if text.startswith(FORMULA) and not number:
        yield (
            show(text),
            "text that no spreadsheet takes for a formula",
            f"begin with a word instead of {show(text[0])}",
        )
    elif later := LATER.search(text):
        yield show(later[0]), "no formula after a semicolon", "write a word or a comma between them"


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character')}"


def _instead(char: str) -> str:
    plain = PLAIN.get(char) or unicodedata.normalize("NFKC", char)
    if plain != char and not ODD.search(plain):
        return f"write {show(plain)}"
    kind = unicodedata.category(char)
    if kind[0] == "Z":
        return 'write " "'
    if kind[0] == "C" or kind == "So":
        return "delete it"
    return (
        "write the character of the keyboard that looks like it; if it is meant, allow it in "
        "pipeline/tables/texts.py"
    )
