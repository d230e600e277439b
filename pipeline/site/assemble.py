"""Put the site together in `build/next/`, ready to take the place of `_output/`."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
from pathlib import Path

from pipeline import edition
from pipeline.errors import Problems, refused, stop
from pipeline.site import manifest, swap
from pipeline.site.swap import NEXT

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; font-src data:; "
    "script-src {scripts}; style-src {styles}"
)
BLOCK = {
    "scripts": re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.S),
    "styles": re.compile(r"<style([^>]*)>(.*?)</style>", re.S),
}
# End tags that HTML lets a writer leave out, and the white space around them: a tenth of a page
# full of tables.
OPTIONAL = re.compile(r"\s*</(?:td|th|tr|li|dt|dd|thead|tbody)>\s*(?=<)")
SPARE = re.compile(
    r"(?<=\n)[ \t]+(?://[^\n]*\n)?|/\*.*?\*/\n?", re.S
)  # indentation and comments of styles and script
CHARSET = re.compile(r"<meta charset=\"utf-8\"\s*/?>", re.I)


def site(pages: Path, documents: Path, facts: Path, commit: str) -> None:
    """Put the site together beside the old one and exchange the two."""
    shutil.rmtree(NEXT, ignore_errors=True)
    NEXT.mkdir(parents=True)
    html = slim((documents / "report.html").read_text(encoding="utf-8"))
    (NEXT / "report.html").write_text(sealed(html, "report.html"), encoding="utf-8")
    add_pdf(documents / "report.pdf", NEXT / "report.pdf")
    add_tree(pages, NEXT)
    for path in (facts, Path("data/facts.schema.json")):
        shutil.copyfile(path, NEXT / path.name)
    engine = json.loads((documents / "engine.json").read_text(encoding="utf-8"))
    manifest.write(NEXT, engine, edition.edition() | {"commit": commit})
    swap.replace(NEXT, swap.OUTPUT)


def slim(html: str) -> str:
    """Leave out of a page what no reader's program needs: optional end tags, and the layout of
    styles and script."""
    for pattern in BLOCK.values():
        html = pattern.sub(lambda block: SPARE.sub("", block[0]), html)
    return OPTIONAL.sub("", html)


def sealed(html: str, page: str) -> str:
    """Give a self-contained page the policy that allows its own scripts and styles, by hash, and
    nothing else."""
    found = {}
    for kind, pattern in BLOCK.items():
        blocks = [text for attributes, text in pattern.findall(html) if "json" not in attributes]
        found[kind] = " ".join(sorted({f"'sha256-{_digest(text)}'" for text in blocks})) or "'none'"
    if not CHARSET.search(html):
        raise stop(
            page, "the page declares no character set, expected <meta charset> first in its head"
        )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(**found)}">'
    return CHARSET.sub(lambda tag: tag[0] + "\n" + policy, html, count=1)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def add_pdf(source: Path, target: Path) -> None:
    """Copy a PDF with its many small objects packed: a third of the size, the same pages and
    tags."""
    import pikepdf

    packed = io.BytesIO()  # written by us: on a full disk the library ends the process
    with pikepdf.open(source) as document:
        document.save(
            packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    target.write_bytes(packed.getvalue())


def add_tree(source: Path, target: Path) -> None:
    """Copy a folder of finished files; a full disk is told by the first file that did not fit."""
    shutil.copytree(source, target, dirs_exist_ok=True, copy_function=_copy)


def _copy(source: str, target: str) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:  # which `copytree` would gather, and tell without its number
        raise Problems(refused(OSError(error.errno, error.strerror, target))) from None
