"""What a PDF says, read by a library, so that no program of the machine is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2

BROKEN = re.compile(
    "[\u00ad\u200b\ufffe]|[-\u2010]\r?\n|\ufffe\r?\n"
)  # where a line ends within a word


def text(pdf: Path) -> str:
    """Read the text of all pages as it was set, with words broken at line ends joined."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return BROKEN.sub("", "\n".join(pages))
