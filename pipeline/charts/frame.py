"""Put a drawn chart into its frame: bare for the page, or with title and source line to take."""

from __future__ import annotations

from figures import style
from pipeline.charts import fonts, svg
from pipeline.charts.figure import Picture

MARGIN = 30
TITLE, SUBTITLE, SOURCE = (21, 27), (15, 20), (12, 16)  # size and leading in pixels
WIDE = style.WIDTHS["wide"]


def base(kind: str) -> dict[str, str]:
    """Attributes that the root of a picture carries for all its texts."""
    type_ = {"font-family": style.FONT, "font-size": str(style.SIZES[kind])}
    return type_ | {"stroke-miterlimit": "10"}


def bare(picture: Picture, kind: str) -> str:
    """Make the picture for the page, at one of the two widths: the page prints its title."""
    inner, size = svg.body(picture.marks[kind], base(kind)), picture.heights[kind]
    name = {"role": "img", "aria-label": picture.words["alt"]}
    return svg.document(inner, style.WIDTHS[kind], size, base(kind) | name)


def full(picture: Picture) -> str:
    """Make the picture that people take away: white ground, title, subtitle, chart, sources."""
    words = picture.words
    title = fonts.wrap(words["title"], TITLE[0], WIDE, "Semibold")
    head, y = _texts(title, 26, TITLE, "ink", ' font-weight="600"')
    under, y = _texts(fonts.wrap(words["subtitle"], SUBTITLE[0], WIDE), y + 4, SUBTITLE)
    top, bottom = y + 16, y + 16 + picture.heights["wide"]
    foot, end = _texts(fonts.wrap(words["source_line"], SOURCE[0], WIDE), bottom + 18, SOURCE)
    width, height = WIDE + 2 * MARGIN, end + 22
    parts = [
        f"<title>{svg.escape(words['title'])}</title><desc>{svg.escape(words['alt'])}</desc>",
        f'<path d="M0 0h{width}v{height}H0Z" fill="{style.color("paper")}"/>',
        head,
        under,
        f'<g transform="translate({MARGIN},{top})">',
        svg.body(picture.marks["wide"], base("wide")),
        "</g>",
        foot,
    ]
    told = {"role": "img", "xml:lang": picture.lang}
    return svg.document("".join(parts), width, height, base("wide") | told)


def _texts(
    lines: list[str], y: int, kind: tuple[int, int], role: str = "muted", more: str = ""
) -> tuple[str, int]:
    """Set lines below each other from the pixel `y` down; return them and where they end."""
    size, leading = kind
    texts = "".join(
        f'<text x="{MARGIN}" y="{y + size + i * leading}">{svg.escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    group = f'<g font-size="{size}"{more} fill="{style.color(role)}">{texts}</g>'
    return group, y + leading * len(lines)


def titled(picture: Picture) -> dict:
    """Give the wide specification its title."""
    title = {
        "text": fonts.wrap(picture.words["title"], 20, WIDE, "Semibold"),
        "subtitle": fonts.wrap(picture.words["subtitle"], 14, WIDE),
    }
    return picture.specs["wide"] | {"title": title, "description": picture.words["alt"]}
