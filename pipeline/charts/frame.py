"""Put a drawn chart into its frame: bare for the page, or with title, source line and licence to
take away."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pipeline.charts import fonts, svg
from pipeline.charts.svg import escape

if TYPE_CHECKING:
    from pipeline.charts.draw import Picture

MARGIN = 30
TITLE, SUBTITLE, SOURCE = (21, 27), (15, 20), (12, 16)  # size and leading in pixels


def base(kind: str) -> dict[str, str]:
    """Attributes that the root of a picture carries for all its texts."""
    from figures import style

    return {"font-family": style.FONT, "font-size": str(style.SIZES[kind])}


def bare(picture: Picture, kind: str) -> str:
    """Make the picture for the page, at one of the two widths: no title, the page prints it as
    text."""
    from figures import style

    inner = svg.body(picture.marks[kind], base(kind))
    name = f' role="img" aria-label="{escape(picture.words["alt"])}"'
    return svg.document(inner, style.WIDTHS[kind], picture.heights[kind], base(kind), name)


def full(picture: Picture) -> str:
    """Make the picture that people take away: white ground, title, subtitle, chart, source line."""
    from figures import style

    width, words = style.WIDTHS["wide"], picture.words
    head, y = _lines(fonts.wrap(words["title"], TITLE[0], width, "Semibold"), 26, TITLE, "ink", 600)
    under, y = _lines(fonts.wrap(words["subtitle"], SUBTITLE[0], width), y + 4, SUBTITLE, "muted")
    top = y + 16
    foot, end = _lines(
        fonts.wrap(words["source_line"], SOURCE[0], width),
        top + picture.heights["wide"] + 18,
        SOURCE,
        "muted",
    )
    ground = f'<path d="M0 0h{width + 2 * MARGIN}v{end + 22}H0Z" fill="{style.color("paper")}"/>'
    chart = (
        "<g "
        f'transform="translate({MARGIN},{top})">{svg.body(picture.marks["wide"], base("wide"))}</g>'
    )
    inner = f"<title>{escape(words['title'])}</title><desc>{escape(words['alt'])}</desc>"
    more = f' role="img" xml:lang="{picture.lang}"'
    return svg.document(
        inner + ground + head + under + chart + foot,
        width + 2 * MARGIN,
        end + 22,
        base("wide"),
        more,
    )


def _lines(
    lines: list[str], y: int, type_: tuple[int, int], role: str, weight: int = 400
) -> tuple[str, int]:
    from figures import style

    size, leading = type_
    rows = "".join(
        f'<text x="{MARGIN}" y="{y + size + i * leading}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<g font-size="{size}"{bold} fill="{style.color(role)}">{rows}</g>', y + leading * len(
        lines
    )


def titled(picture: Picture) -> dict:
    """Give the wide specification its title."""
    from figures import style

    words, width = picture.words, style.WIDTHS["wide"]
    title = {
        "text": fonts.wrap(words["title"], 20, width, "Semibold"),
        "subtitle": fonts.wrap(words["subtitle"], 14, width),
    }
    return picture.specs["wide"] | {"title": title, "description": words["alt"]}


def png(bitmap: bytes) -> bytes:
    """Pack a bitmap better than the drawing engine does; level 9 costs a second for 2 %."""
    from PIL import Image

    made = io.BytesIO()
    Image.open(io.BytesIO(bitmap)).convert("RGB").save(made, "PNG", compress_level=6)
    return made.getvalue()
