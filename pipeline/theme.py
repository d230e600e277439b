"""What `theme/` holds: the words that the machine itself says, its templates, and the colours.

Charts and PDF read the colours themselves.
"""

import base64
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipeline import reading, schema
from pipeline.errors import Problems, mistake, stop

THEME = Path("theme")
WORDS, TOKENS, FACES = THEME / "words.yml", THEME / "tokens.yml", THEME / "fonts/faces.css"
# of a page of text
SHEETS = [THEME / f"{name}.css" for name in ("page", "header", "copyable", "print")]
# comments, and space around braces, are for who writes a sheet, not for who loads a page
IDLE = re.compile(r"/\*.*?\*/\s*|(?<=[{};,])\s+|\s+(?=[{}])", re.S)
FONT = re.compile(r'url\("([\w-]+\.woff2)"\)')


class Words(SimpleNamespace):
    """The words of one part in one language; Problems for one that is missing."""

    def __getattr__(self, name: str) -> Any:
        raise stop(WORDS, f"got no {name}, expected words for it", hint=reading.RESTORE)


@cache
def words(part: str, lang: str) -> Words:
    """Read the words of a part: `pages`, `citations` or `appendix`; raise what is missing."""
    parts = reading.from_yaml(WORDS, lang)[lang]
    if not isinstance(parts.get(part), dict):
        told = f"got no {part} of {lang}, expected names and words"
        raise stop(WORDS, told, hint=reading.RESTORE)
    return Words(**parts[part])


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(THEME),
        autoescape=lambda name: not str(name).endswith(".typ"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    found.filters |= {"typst": typst, "cited": cited}
    return found


def fill(template: str, **known: object) -> str:
    """Fill a template: a page for the web, or a list for web or Typst; Problems name its line."""
    from jinja2 import TemplateError

    try:
        return _templates().get_template(template).render(**known)
    except TemplateError as error:
        raise Problems(mistake(THEME / template, error)) from None


def typst(text: str) -> str:
    """Write a text as a Typst string, in which nothing is markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def cited(sources: Iterable[str], kind: str) -> str:
    """Leave a mark where sources are cited; the filter puts their numbers there.

    No text of a table can look like one: HTML has `<` escaped, and a Typst string has `"` escaped.
    """
    from markupsafe import Markup

    listed = ";".join(sources)
    return Markup(f"<!--cite {listed}-->") if kind == "html" else f'#sources("{listed}")'


def colours(path: Path = TOKENS) -> dict[str, list[str]]:
    """Read role → [on light pages, on dark pages], of charts and of pages, in the file's order."""
    tokens = schema.read(path, "tokens")
    return tokens["colours"] | tokens["pages"]


def write_styles(palette: Path, page: Path) -> None:
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
    page.write_text(IDLE.sub("", "".join(sheets)), encoding="utf-8")


def _embedded(font: re.Match[str]) -> str:
    content = base64.b64encode(reading.content(FACES.parent / font[1], "a font")).decode()
    return f'url("data:font/woff2;base64,{content}")'
