"""Colours for the pages, from `theme/tokens.yml`; charts and PDF read that file themselves."""

import base64
import re
from pathlib import Path

from pipeline import reading, schema

TOKENS = Path("theme/tokens.yml")
FACES = Path("theme/fonts/faces.css")
# of a page of text
SHEETS = [Path("theme", f"{name}.css") for name in ("page", "header", "copyable", "print")]
COMMENT = re.compile(r"/\*.*?\*/\s*", re.S)  # for who writes a sheet, not for who loads a page
FONT = re.compile(r'url\("([\w-]+\.woff2)"\)')


def colours(path: Path = TOKENS) -> dict[str, list[str]]:
    """Read role → [on light pages, on dark pages], of charts and of pages, in the file's order."""
    tokens = schema.read(path, "tokens")
    return tokens["colours"] | tokens["pages"]


def write(palette: Path, page: Path) -> None:
    """Write all colours as variables of the pages, and the whole style sheet of a page of text.

    Dark colours hold where the reader's system is dark. The sheet of a page holds its fonts, so
    that one file is the page.
    """
    light, dark = (
        "".join(f"  --{role}: {pair[i]};\n" for role, pair in colours().items()) for i in (0, 1)
    )
    variables = (
        "/* Made of theme/tokens.yml. */\n"
        f":root {{\n  color-scheme: light dark;\n{light}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n"
    )
    palette.write_text(variables, encoding="utf-8")
    faces = reading.text(FACES).replace("swap", "block")  # they are there: no line moves for them
    sheets = [FONT.sub(_embedded, faces), variables, *map(reading.text, SHEETS)]
    page.write_text(COMMENT.sub("", "".join(sheets)), encoding="utf-8")


def _embedded(font: re.Match[str]) -> str:
    content = base64.b64encode(reading.content(FACES.parent / font[1], "a font")).decode()
    return f'url("data:font/woff2;base64,{content}")'
