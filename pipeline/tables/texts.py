"""What any text in a table may look like: plain, visible, one way of writing each letter.

A look-alike letter or a mark that turns the direction of writing makes two cells differ that read
the same; a cell that begins with = runs as a formula when a reader opens the table in a
spreadsheet, and where lists are separated by semicolons, a new cell begins after each of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator

Fault = tuple[str, str, str]  # got, expected, what to do
PUNCTUATION = "¡¿«»“”‘’–—…·°ºª§€£×½"
# Latin with its accents; × and ÷ are no letters
LETTERS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
ODD = re.compile(f"[^ -~{LETTERS}{PUNCTUATION}]")
FORMULA = ("=", "+", "-", "@")
LATER = re.compile(r""";[ "']*[=+@-]""")  # a formula where a semicolon begins a cell
SHOWN = 60
MEANT = "if it is meant, allow it in pipeline/tables/texts.py"


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


def faults(text: str, limit: int, number: bool = False) -> Iterator[Fault]:
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
        yield f"{show(text)} with {name}", plain, f"write what your keyboard has for it; {MEANT}"
    tidy = re.sub(" +", " ", text).strip(" ")
    if text != tidy:
        expected = "text without leading, trailing or double spaces"
        yield show(text), expected, f"write {show(tidy)}"
    if text.startswith(FORMULA) and not number:
        expected = "text that no spreadsheet takes for a formula"
        yield show(text), expected, f"begin with a word instead of {show(text[0])}"
    elif later := LATER.search(text):
        yield show(later[0]), "no formula after a semicolon", "write a word or a comma between them"
