"""Make the report's fonts from the variable ones in the wheels, and measure text with them.

Charts and PDF need static TTFs whose family names match exactly: the drawing engine drops all text,
silently, when a family is unknown, and swaps a whole run to a system font for one missing glyph.
The web page needs the same faces as small WOFF2 files.
"""

from __future__ import annotations

import importlib
import math
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from itertools import repeat
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FOLDER = Path("build/fonts")
STORE = Path(sys.prefix) / "share" / "report-fonts"
STAMP = "made-from.txt"
RECIPE = "5"  # raise it when the code below makes other bytes from the same wheels
FEATURES = [*subset.Options().layout_features, "tnum", "lnum", "onum", "pnum"]
# Latin with all its accents, punctuation, currency, sub- and superscripts, arrows, mathematics,
# boxes and shapes
LETTERS = [
    *range(0x20, 0x250),
    *range(0x2B0, 0x370),
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2300),
    *range(0x2500, 0x2700),
]
# What western names, Turkish and Czech ones need, with punctuation, arrows and a few signs; each
# block costs the page 6 kB
WEB_LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ĂăĄąĆćČčĐđĘęĞğİıŁłŃńŐőŒœŘřŚśŞşŠšŰűŹźŻżŽžȘșȚț"),
    *map(ord, "\u2009\u202f\u2011–—‘’“”„•…′″€←↑→↓↩−≈≤≥"),
]
WEB_FEATURES = ["kern", "ccmp", "locl", "tnum", "lnum"]


@dataclass(frozen=True)
class Face:
    """One static face: where it comes from, and what it is called."""

    family: str
    style: str
    weight: int
    package: str
    file: str
    web: bool = True
    kern: bool = True  # on the web: 8 kB of a face, which only running text is worth
    east: bool = True  # on the web: letters beyond western Europe, 3 kB, for names

    @property
    def name(self) -> str:
        return f"{self.family.replace(' ', '')}-{self.style}"


SANS, SERIF = "Source Sans 3", "Source Serif 4"
_SANS, _SERIF = "fontpkg_source_sans_3", "fontpkg_source_serif_4"
FACES = (
    Face(SANS, "Regular", 400, _SANS, "SourceSans3[wght].ttf"),
    Face(SANS, "Semibold", 600, _SANS, "SourceSans3[wght].ttf"),
    Face(SANS, "Italic", 400, _SANS, "SourceSans3-Italic[wght].ttf", web=False),
    Face(SERIF, "Regular", 400, _SERIF, "SourceSerif4[opsz,wght].ttf"),
    Face(SERIF, "Semibold", 600, _SERIF, "SourceSerif4[opsz,wght].ttf", kern=False, east=False),
    Face(SERIF, "Italic", 400, _SERIF, "SourceSerif4-Italic[opsz,wght].ttf", kern=False),
)
OPTICAL_SIZE = 14  # points: body text on a screen; the axis has no other use here


def made_from() -> str:
    """Say from which versions the faces are made: part of every cache key of a picture."""
    wheels = ("fontpkg-source-sans-3", "fontpkg-source-serif-4", "fonttools", "brotli")
    return (
        "\n".join([f"recipe {RECIPE}", *(f"{wheel} {version(wheel)}" for wheel in wheels)]) + "\n"
    )


def build(folder: Path = FOLDER) -> Path:
    """Put all faces into the folder unless they are there for these versions; return it.

    Making them takes 10 s, once for an environment: what is made is kept in it and copied from
    there.
    """
    if not _finished(folder):
        kept = _kept()
        shutil.rmtree(folder, ignore_errors=True)
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.copytree(kept, fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another build was faster, with the same bytes
            shutil.rmtree(fresh)
    return folder


def _kept() -> Path:
    """Make all faces in the Python environment unless they are there; a kill or a second build
    leaves no half of them."""
    kept = STORE if os.access(sys.prefix, os.W_OK) else FOLDER.with_name("fonts-made")
    if _finished(kept):
        return kept
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
    fresh.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:  # by file, so that each of the large files is read once
        list(pool.map(_make, sorted({face.file for face in FACES}, reverse=True), repeat(fresh)))
    (fresh / STAMP).write_text(made_from(), encoding="utf-8")
    if not _finished(kept):
        shutil.rmtree(kept, ignore_errors=True)
    try:
        fresh.rename(kept)
    except OSError:  # another build was faster, with the same bytes
        shutil.rmtree(fresh)
    return kept


def _finished(folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text(encoding="utf-8") == made_from()


def _make(file: str, folder: Path) -> None:
    for face in FACES:
        if face.file == file:
            font = _static(face)
            _save(font, folder / f"{face.name}.ttf")
            if face.web:
                letters = [code for code in WEB_LETTERS if face.east or not 0x100 <= code < 0x250]
                _save(
                    _subset(font, letters, WEB_FEATURES[not face.kern :]),
                    folder / f"{face.name}.woff2",
                    flavor="woff2",
                )


@cache
def _variable(package: str, file: str) -> bytes:
    """Reduce a variable font to the letters kept: instancing it is then three times as fast."""
    path = Path(importlib.import_module(package).__file__).parent / "files" / file
    with BytesIO() as buffer:
        _subset(TTFont(path, recalcTimestamp=False), LETTERS).save(buffer)
        return buffer.getvalue()


def _subset(font: TTFont, letters: list[int], features: list[str] = FEATURES) -> TTFont:
    options = subset.Options(
        layout_features=features,
        name_IDs=["*"],
        notdef_outline=True,
        glyph_names=False,
        hinting=False,
    )
    options.drop_tables += ["STAT"] if "fvar" not in font else []
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    return font


def _static(face: Face) -> TTFont:
    font = TTFont(BytesIO(_variable(face.package, face.file)), recalcTimestamp=False)
    place = {"wght": face.weight, "opsz": OPTICAL_SIZE}
    font = instancer.instantiateVariableFont(
        font, {axis.axisTag: place[axis.axisTag] for axis in font["fvar"].axes}, inplace=True
    )
    _rename(font, face)
    return font


def _rename(font: TTFont, face: Face) -> None:
    """Name the face so that every reader finds it: family as asked for, weight and slope in its
    tables."""
    names, italic, semibold = font["name"], face.style == "Italic", face.weight == 600
    names.names = [record for record in names.names if record.nameID in (0, 5, 8, 9, 11, 13, 14)]
    plain = face.family if not semibold else f"{face.family} {face.style}"
    given = {
        1: plain,
        2: "Italic" if italic else "Regular",
        3: f"{face.name};{version(face.package)}",
        4: f"{face.family} {face.style}",
        6: face.name,
        16: face.family,
        17: face.style,
    }
    for identifier, text in given.items():
        names.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = 0x01 | 0x80 if italic else 0x40 | 0x80
    font["head"].macStyle = 0x02 if italic else 0


def _save(font: TTFont, path: Path, flavor: str | None = None) -> None:
    font.flavor = flavor
    font.save(path, reorderTables=None if flavor else False)


@cache
def _measures(family: str, style: str) -> tuple[dict[int, int], dict[int, float]]:
    name = next(face.name for face in FACES if (face.family, face.style) == (family, style))
    font = TTFont(build() / f"{name}.ttf", lazy=True)
    em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
    return font.getBestCmap(), {
        code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()
    }


def missing(text: str, family: str = SANS, style: str = "Regular") -> list[str]:
    """List the characters of a text for which a face has no glyph."""
    return sorted(
        {
            letter
            for letter in text
            if ord(letter) not in _measures(family, style)[0] and letter != "\n"
        }
    )


def width(text: str, size: float, family: str = SANS, style: str = "Regular") -> float:
    """Measure a text in pixels at a font size in pixels, kerning left aside (it is below 1 %)."""
    advances = _measures(family, style)[1]
    # fsum: Python's own sum of floats gives other last digits since 3.12
    return size * math.fsum(advances.get(ord(letter), 0.5) for letter in text)


def wrap(text: str, size: float, limit: float, style: str = "Regular") -> list[str]:
    """Break a text at spaces into lines of at most `limit` pixels; no-break spaces hold."""
    lines: list[str] = []
    for word in re.split(r"[ \n]+", text.strip()):
        if lines and width(f"{lines[-1]} {word}", size, style=style) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
