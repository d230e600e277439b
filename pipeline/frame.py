"""Put a drawn chart into its frame: bare for the page, or with title, source line and licence to take away."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline import fonts, svg
from pipeline.svg import escape

if TYPE_CHECKING:
    from pipeline.draw import Picture

CREATOR = "Two Counts contributors"
LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
REPORT = "Two counts, one election"
MARGIN = 30
TITLE, SUBTITLE, SOURCE = (21, 27), (15, 20), (12, 16)  # size and leading in pixels
NAMED = 4  # names in the source line; the rows hold all of them
WORDS = {
    "en": {"claimants": "Data: {0}{1}, read in {2} sources", "publishers": "Data: {2} sources, among them {0}", "one": "Data: {0}",
           "more": " and others", "chart": "Chart"},
    "es": {"claimants": "Datos: {0}{1}, leídos en {2} fuentes", "publishers": "Datos: {2} fuentes, entre ellas {0}", "one": "Datos: {0}",
           "more": " y otros", "chart": "Gráfico"},
}  # fmt: skip


def base(kind: str) -> dict[str, str]:
    """Attributes that the root of a picture carries for all its texts."""
    from figures import style

    return {"font-family": style.FONT, "font-size": str(style.SIZES[kind])}


def bare(picture: Picture, kind: str) -> str:
    """Make the picture for the page, at one of the two widths: no title, the page prints it as text."""
    from figures import style

    inner = svg.body(picture.marks[kind], base(kind))
    name = f' role="img" aria-label="{escape(picture.words["alt"])}"'
    return svg.document(inner, style.WIDTHS[kind], picture.heights[kind], base(kind), name)


def about(picture: Picture) -> dict:
    """Gather what travels with a figure: its id, sources, tables, author and licence."""
    ids = [one for cell in picture.rows["source_ids"] for one in str(cell).split(";") if one]
    tables = picture.tables
    publisher = dict(zip(tables["sources"]["id"], tables["sources"]["publisher"], strict=True))
    claimants = list(picture.rows["claimant"]) if "claimant" in picture.rows else []
    return {
        "id": picture.figure.id,
        "lang": picture.lang,
        "creator": CREATOR,
        "licence": LICENCE[1],
        "report": REPORT,
        "tables": list(picture.figure.module.TABLES),
        "sources": sorted(set(ids)),
        "source_line": source_line(claimants, [publisher.get(one, one) for one in ids], len(set(ids)), picture.lang),
        "height": picture.heights,
    }


def source_line(claimants: list[str], publishers: list[str], sources: int, lang: str) -> str:
    """Say whose numbers these are, from the rows that are plotted: the claimants, or else the most frequent publishers."""
    words = WORDS[lang]
    names = Counter(re.sub(r"\s*\(.*", "", name) for name in claimants or publishers if not name.startswith("GitHub"))
    ranked = list(names) if claimants else sorted(names, key=lambda name: (-names[name], name))
    kind = "claimants" if claimants else "publishers" if len(ranked) > 1 else "one"
    comma = "; " if any("," in name for name in ranked[:NAMED]) else ", "
    data = words[kind].format(comma.join(ranked[:NAMED]), words["more"] if len(ranked) > NAMED else "", sources)
    return f"{data}. {words['chart']}: {CREATOR}, {LICENCE[0]}"


def full(picture: Picture, facts: dict) -> str:
    """Make the picture that people take away: white ground, title, subtitle, chart, source line, metadata."""
    from figures import style

    width, words = style.WIDTHS["wide"], picture.words
    head, y = _lines(fonts.wrap(words["title"], TITLE[0], width, "Semibold"), 26, TITLE, "ink", 600)
    under, y = _lines(fonts.wrap(words["subtitle"], SUBTITLE[0], width), y + 4, SUBTITLE, "muted")
    top = y + 16
    foot, end = _lines(fonts.wrap(facts["source_line"], SOURCE[0], width), top + picture.heights["wide"] + 18, SOURCE, "muted")
    ground = f'<path d="M0 0h{width + 2 * MARGIN}v{end + 22}H0Z" fill="{style.color("paper")}"/>'
    chart = f'<g transform="translate({MARGIN},{top})">{svg.body(picture.marks["wide"], base("wide"))}</g>'
    inner = f"<title>{escape(words['title'])}</title><desc>{escape(words['alt'])}</desc>{metadata(picture, facts)}"
    more = f' role="img" xml:lang="{picture.lang}"'
    return svg.document(inner + ground + head + under + chart + foot, width + 2 * MARGIN, end + 22, base("wide"), more)


def _lines(lines: list[str], y: int, type_: tuple[int, int], role: str, weight: int = 400) -> tuple[str, int]:
    from figures import style

    size, leading = type_
    rows = "".join(f'<text x="{MARGIN}" y="{y + size + i * leading}">{escape(line)}</text>' for i, line in enumerate(lines))
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<g font-size="{size}"{bold} fill="{style.color(role)}">{rows}</g>', y + leading * len(lines)


def metadata(picture: Picture, facts: dict) -> str:
    """Write title, author, licence, id and sources as RDF, which travels inside the file."""
    plain = {
        "title": picture.words["title"], "creator": facts["creator"], "identifier": identifier(facts),
        "isPartOf": facts["report"], "language": picture.lang, "source": facts["source_line"],
    }  # fmt: skip
    fields = "".join(f"<dc:{key}>{escape(value)}</dc:{key}>" for key, value in plain.items() if key != "isPartOf")
    part = f"<dcterms:isPartOf>{escape(plain['isPartOf'])}</dcterms:isPartOf>"
    return (
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:cc="http://creativecommons.org/ns#"><cc:Work rdf:about="">'
        f'{fields}{part}<cc:license rdf:resource="{facts["licence"]}"/></cc:Work></rdf:RDF></metadata>'
    )


def titled(picture: Picture, facts: dict) -> dict:
    """Give the wide specification its title and say in it whose it is."""
    from figures import style

    width = style.WIDTHS["wide"]
    title = {"text": fonts.wrap(picture.words["title"], 20, width, "Semibold"), "subtitle": fonts.wrap(picture.words["subtitle"], 14, width)}
    keep = ("id", "creator", "licence", "report", "source_line")
    meta = {key: facts[key] for key in keep}
    return picture.specs["wide"] | {"title": title, "description": picture.words["alt"], "usermeta": meta}


def png(bitmap: bytes, picture: Picture, facts: dict) -> bytes:
    """Pack a bitmap better than the drawing engine does, and write into it whose it is; level 9 costs a second for 2 %."""
    from PIL import Image, PngImagePlugin

    info = PngImagePlugin.PngInfo()
    words = {"Title": picture.words["title"], "Author": facts["creator"], "Copyright": LICENCE[0], "Description": picture.words["alt"],
             "Source": f"{facts['report']}, {identifier(facts)}", "License": facts["licence"]}  # fmt: skip
    for key, text in words.items():
        info.add_itxt(key, text, lang=picture.lang)
    made = io.BytesIO()
    Image.open(io.BytesIO(bitmap)).convert("RGB").save(made, "PNG", compress_level=6, pnginfo=info)
    return made.getvalue()


def identifier(facts: dict) -> str:
    """Name a figure for good: its id, never its number in the text."""
    return f"two-counts-one-election/figures/{facts['id']}"
