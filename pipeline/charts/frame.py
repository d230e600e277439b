"""Put a drawn chart into its frame: bare for the page, or with title and source line to take."""

from figures import style
from pipeline.charts import fonts, svg
from pipeline.charts.figure import Picture

MARGIN = 30
# Size and leading in pixels.
LARGE, TITLE, TEXT, SMALL = (32, 40), (21, 27), (15, 20), (12, 16)
CARD = (1200, 630)  # pixels, as social networks ask for
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
    """Make the picture that people take away: on white, with all words that it needs to stand."""
    words = picture.words
    kicker, y = _texts(words["kicker"], 22, SMALL, "muted", "Semibold")
    head, y = _texts(words["title"], y + 4, TITLE, "ink", "Semibold")
    under, y = _texts(words["subtitle"], y + 4, TEXT)
    aid, y = _texts(words["reading"], y + 4, SMALL)
    top, bottom = y + 16, y + 16 + picture.heights["wide"]
    note, y = _texts(words["note"], bottom + 18, SMALL)
    foot, end = _texts(words["source_line"], y + 4, SMALL)
    width, height = WIDE + 2 * MARGIN, end + 22
    parts = [
        f"<title>{svg.escape(words['title'])}</title><desc>{svg.escape(words['alt'])}</desc>",
        f'<path d="M0 0h{width}v{height}H0Z" fill="{style.color("paper")}"/>',
        *(kicker, head, under, aid),
        f'<g transform="translate({MARGIN},{top})">',
        svg.body(picture.marks["wide"], base("wide"), held=True),
        "</g>",
        *(note, foot),
    ]
    told = {"role": "img", "xml:lang": picture.lang}
    return svg.document("".join(parts), width, height, base("wide") | told)


def card(picture: Picture) -> str:
    """Make the card that a shared link shows: the finding on the left, the chart on the right."""
    words, (width, height) = picture.words, CARD
    column = width - WIDE - 3 * MARGIN
    kicker, y = _texts(words["kicker"], MARGIN, TEXT, "muted", "Semibold", column)
    head, _ = _texts(words["title"], y + 12, LARGE, "ink", "Semibold", column)
    by, _ = _texts(words["work"], height - MARGIN - TEXT[1], TEXT, limit=column)
    scale = min(1, (height - 2 * MARGIN) / picture.heights["wide"])
    left, top = width - MARGIN - WIDE, (height - scale * picture.heights["wide"]) / 2
    parts = [
        f'<path d="M0 0h{width}v{height}H0Z" fill="{style.color("paper")}"/>',
        *(kicker, head, by),
        f'<g transform="translate({left},{svg.num(top)}) scale({scale:.4f})">',
        svg.body(picture.marks["wide"], base("wide")),
        "</g>",
    ]
    return svg.document("".join(parts), width, height, base("wide"))


def _texts(
    text: str,
    y: int,
    kind: tuple[int, int],
    role: str = "muted",
    face: str = "Regular",
    limit: int = WIDE,
) -> tuple[str, int]:
    """Set a text in lines below each other from the pixel `y` down; return it and where it ends."""
    size, leading = kind
    lines = fonts.wrap(text, size, limit, face)
    if not lines:
        return "", y
    texts = "".join(
        f'<text x="{MARGIN}" y="{y + size + i * leading}"{svg.holding(line, size, face)}>'
        f"{svg.escape(line)}</text>"
        for i, line in enumerate(lines)
    )
    weight = ' font-weight="600"' if face == "Semibold" else ""
    group = f'<g font-size="{size}"{weight} fill="{style.color(role)}">{texts}</g>'
    return group, y + leading * len(lines)


def titled(picture: Picture) -> dict:
    """Give the wide specification its words, so that every Vega client shows them."""
    words = picture.words
    under = [words["kicker"], words["subtitle"], words["reading"], words["note"]]
    lines = [line for text in [*under, words["source_line"]] for line in fonts.wrap(text, 14, WIDE)]
    title = {"text": fonts.wrap(words["title"], 20, WIDE, "Semibold"), "subtitle": lines}
    return picture.specs["wide"] | {"title": title, "description": words["alt"]}
