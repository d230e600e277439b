"""Measure text with the report's fonts, which lie in `theme/fonts/` (`make fonts` made them)."""

import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path("theme/fonts")
FAMILY = "Two Counts Sans"  # of all charts


@cache
def advances(style: str) -> dict[str, float]:
    """Read how wide each letter of a face is, as a share of the font size."""
    font = TTFont(FOLDER / f"{FAMILY.replace(' ', '')}-{style}.ttf", lazy=True)
    em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
    return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def face(look: Mapping[str, str]) -> str:
    """Name the face in which a text with these attributes is set."""
    if look.get("font-style") == "italic":
        return "Italic"
    return "Semibold" if look.get("font-weight") in ("600", "bold", "700") else "Regular"


def missing(text: str, style: str = "Regular") -> list[str]:
    """List the characters of a text for which a face has no glyph."""
    return sorted(set(text) - advances(style).keys() - {"\n"})


def width(text: str, size: float, style: str = "Regular") -> float:
    """Measure a text in pixels at a font size in pixels, kerning left aside (it is below 1 %)."""
    # fsum: Python's own sum of floats gives other last digits since 3.12
    return size * math.fsum(advances(style).get(letter, 0.5) for letter in text)


def wrap(text: str, size: float, limit: float, style: str = "Regular") -> list[str]:
    """Break a text at spaces into lines of at most `limit` pixels; no-break spaces hold."""
    lines: list[str] = []
    for word in re.split(r"[ \n]+", text.strip()):
        if lines and width(f"{lines[-1]} {word}", size, style) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
