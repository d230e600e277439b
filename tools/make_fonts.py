"""Make the report's fonts in `theme/fonts/` from the variable ones in the wheels.

Run by hand, `make fonts`, when a wheel is renewed or a letter is missing; the build only reads what
is committed. Charts and PDF need static TTFs whose family names match exactly: the drawing engine
drops all text, silently, when a family is unknown, and swaps a whole run to a system font for one
missing glyph. The web page needs the same faces as small WOFF2 files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

FOLDER = Path("theme/fonts")
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
# On the web, where each letter is sent to every reader: what the pages use, which a test holds them
# to, with the marks of western prose; headings and running text need no signs of code. Any other
# letter is drawn by the reader's own system.
WEB = [*range(0x20, 0x7F), *map(ord, "\u00a0«°·»¿×÷–—‘’“”…←↑→↓↩−")]
WEB += map(ord, "ÁÇÉÍÑÓÖÚÜàáâãäçèéêëíîñóôõöúûüćčğ")
TEXT = [letter for letter in WEB if chr(letter) not in '"$*<>@[\\]^`{|}~«°»↑↓↩']
# Half as fine a grid as that of the TTFs, and outlines of fewer points, off by two thousandths of a
# letter: nothing that a screen shows, and a fifth of the bytes.
GRID, NEAR = 500, 2
NAMES = (0, 1, 2, 14)  # what browsers and the licence ask for
OPTICAL_SIZE = 14  # points: body text on a screen; the axis has no other use here


@dataclass(frozen=True)
class Face:
    """One static face: where it comes from, and what it is called."""

    family: str
    style: str
    weight: int
    package: str
    file: str
    web: bool = True
    kern: bool = False  # on the web: 2 kB of a face, which only running text is worth
    letters: tuple[int, ...] = tuple(TEXT)  # on the web

    @property
    def name(self) -> str:
        return f"{self.family.replace(' ', '')}-{self.style}"


SANS, SERIF = "Two Counts Sans", "Two Counts Serif"
_SANS, _SERIF = "fontpkg_source_sans_3", "fontpkg_source_serif_4"
FACES = (
    Face(SANS, "Regular", 400, _SANS, "SourceSans3[wght].ttf", kern=True, letters=tuple(WEB)),
    Face(SANS, "Semibold", 600, _SANS, "SourceSans3[wght].ttf"),
    Face(SANS, "Italic", 400, _SANS, "SourceSans3-Italic[wght].ttf", web=False),
    Face(SERIF, "Regular", 400, _SERIF, "SourceSerif4[opsz,wght].ttf", kern=True),
    Face(SERIF, "Semibold", 600, _SERIF, "SourceSerif4[opsz,wght].ttf"),
    Face(SERIF, "Italic", 400, _SERIF, "SourceSerif4-Italic[opsz,wght].ttf", web=False),
)


def main(folder: Path = FOLDER) -> None:
    """Write every face into a folder, and say from which versions they are made."""
    for face in FACES:
        make(face, folder)
        print(f"fonts: {folder / face.name}")
    tools = ("fontpkg-source-sans-3", "fontpkg-source-serif-4", "fonttools", "brotli")
    print("fonts: made from", ", ".join(f"{tool} {version(tool)}" for tool in tools))


def make(face: Face, folder: Path) -> None:
    """Write a face as TTF and, where the page uses it, as WOFF2."""
    font = static(face)
    font.save(folder / f"{face.name}.ttf", reorderTables=False)
    if face.web:
        small = cut(font, [*face.letters], ["kern"] if face.kern else [])
        smooth(small)
        scale_upem(small, GRID)
        small["name"].names = [one for one in small["name"].names if one.nameID in NAMES]
        small.flavor = "woff2"
        small.save(folder / f"{face.name}.woff2", reorderTables=None)


@cache
def variable(package: str, file: str) -> bytes:
    """Reduce a variable font to the letters kept: instancing it is then three times as fast."""
    with (files(package) / "files" / file).open("rb") as source, BytesIO() as buffer:
        cut(TTFont(source, recalcTimestamp=False), LETTERS, FEATURES).save(buffer)
        return buffer.getvalue()


def cut(font: TTFont, letters: list[int], features: list[str]) -> TTFont:
    """Leave out of a font all letters and features but these."""
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


def smooth(font: TTFont) -> None:
    """Draw each outline anew with as few points as keep it as near as `NEAR`, in units."""
    shapes, outlines = font.getGlyphSet(), font["glyf"]
    for name in font.getGlyphOrder():
        if not outlines[name].isComposite():
            drawn = TTGlyphPen(None)
            shapes[name].draw(Qu2CuPen(Cu2QuPen(drawn, NEAR), NEAR / 2, all_cubic=True))
            outlines[name] = drawn.glyph()


def static(face: Face) -> TTFont:
    """Freeze a variable font at the weight of a face."""
    font = TTFont(BytesIO(variable(face.package, face.file)), recalcTimestamp=False)
    place = {"wght": face.weight, "opsz": OPTICAL_SIZE}
    axes = {axis.axisTag: place[axis.axisTag] for axis in font["fvar"].axes}
    font = instancer.instantiateVariableFont(font, axes, inplace=True)
    rename(font, face)
    return font


def rename(font: TTFont, face: Face) -> None:
    """Name a face so that every reader finds it: family as asked for, weight and slope."""
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


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
