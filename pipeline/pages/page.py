"""What every page has: words, the day, its head for machines, the header that leads on."""

import base64
import hashlib
import re
import shutil
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pipeline.facts import spell
from pipeline.report import Report
from pipeline.theme import colours, fill, words

# Nothing but this folder's own files, on a server and from a disk alike: Chromium and Firefox count
# `file:` as 'self'.
CLOSED = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
POLICY = f"{CLOSED}; script-src 'self'; img-src 'self' data:; connect-src 'none'"
BARE_POLICY = f"{CLOSED}; script-src 'self'; img-src data:"
# What a self-contained page may load: its own scripts and styles, by their hashes
SEALED = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; font-src data:; "
    "script-src {scripts}; style-src {styles}"
)
BLOCK = {
    "scripts": re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.S),
    "styles": re.compile(r"<style([^>]*)>(.*?)</style>", re.S),
}
VERBATIM = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.S)
SHORTER = (  # what a parser of pages takes for the same; Quarto writes all of it out
    (r"></(?:path|circle|rect)>", "/>"),
    (r"\s*</(?:li|dd|dt|td|th|tr)>\s*(?=<)", ""),
    (r'=""(?=[\s/>])', ""),
    ("&nbsp;", "\u00a0"),
    (r'(?<=[a-z])="([\w.:/#%()+,;?&-]*[\w.#%)])"(?=[\s>])(?=[^<>]*>)', r"=\1"),
)
CHARSET = re.compile(r"<meta charset=\"?utf-8\"?\s*/?>", re.I)
BARS = ("maduro", "gonzalez")  # the colours of the icon


class Page(NamedTuple):
    """What a page is to search engines and to those who share it.

    path: its place in the site; a folder stands for its index
    figure, alt: the figure whose card is shown with its address, and what is seen on it
    """

    title: str
    description: str
    path: str
    figure: str
    alt: str


def filled(template: str, report: Report, lang: str, **known: object) -> str:
    """Fill a template of `theme/` with what all pages know, and with what this one does.

    Pages that lead on need `root`, from there to the front, and `here`, a place of the header.
    """
    told = {
        "report": report,
        "lang": lang,
        "words": words("pages", lang),
        "site": words("site", lang),
        "day": spell.day(report.date, lang),
        "icon": icon(),
    }
    return fill(template, **told, **known)


def put(folder: Path, files: Mapping[str, bytes | str | Path]) -> None:
    """Make a folder of files in place of what was there: name → content, or a file with it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        if isinstance(content, Path):
            content = content.read_bytes()
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def icon() -> str:
    """The icon of all pages as an address that holds it."""
    bars = [colours()[role][0] for role in BARS]
    return "data:image/svg+xml," + quote(fill("icon.svg", bars=bars).strip(), safe="=:/'")


def sealed(html: str) -> str:
    """Give a self-contained page a policy that allows, by hash, its own scripts and styles only."""
    found = {}
    for kind, pattern in BLOCK.items():
        blocks = [text for attributes, text in pattern.findall(html) if "json" not in attributes]
        digests = (hashlib.sha256(text.encode()).digest() for text in blocks)
        hashes = {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}
        found[kind] = " ".join(sorted(hashes)) or "'none'"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{SEALED.format(**found)}">'
    return CHARSET.sub(lambda tag: tag[0] + "\n" + policy, html, count=1)


def lean(html: str) -> str:
    """Leave out the letters of a page that it means the same without, not of scripts and styles."""
    parts = VERBATIM.split(html)
    for at, (pattern, short) in product(range(0, len(parts), 2), SHORTER):
        parts[at] = re.sub(pattern, short, parts[at])
    return "".join(parts)
