"""The citation of the report, or of one figure in it, in every form that reference managers read.

One record, an item of CSL-JSON, holds all that is known; every other form is written from it. What
is cited is the version, under its versioned address where the report has a public one. A figure is
cited as a chapter of the report: of all types this alone keeps the report, its version and the
address on every way into a reference manager. The report's authors made it; those whose numbers it
holds are credited first, then those who reported them.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.pages.record import Figure
from pipeline.report import Report, read
from pipeline.theme import Words, fill, words

MOST = 6, 3  # producers and reporters named in a citation; the figure's page names all of them
LANGUAGES = {"en": "english"}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # macros of BibTeX
# An escaped brace still counts as a brace in BibTeX, so braces are spelled out; pdfLaTeX stops at
# a minus sign.
SPELLED = "backslash asciitilde asciicircum less greater braceleft braceright".split()
LATEX = str.maketrans(
    {letter: f"\\text{name}{{}}" for letter, name in zip("\\~^<>{}", SPELLED, strict=True)}
    | {letter: f"\\{letter}" for letter in "&%$#_"}
    | {"\N{MINUS SIGN}": "-"}
)
Item = dict[str, Any]


def of_report(report: Report, lang: str) -> Item:
    """Gather the citation of the report as an item of CSL-JSON."""
    say = said(lang)
    own = {
        "type": "report",
        "title": report.title,
        "genre": say.version,  # with the number, every style prints “Version 1.1.0”
        "number": report.version,
        "abstract": report.abstract,
        "URL": report.address("report.html"),
    }
    return _item(report, f"{report.name}/{report.version}", lang, own, credit_of_all(report, lang))


def of_figure(report: Report, figure: Figure) -> Item:
    """Gather the citation of a figure as an item of CSL-JSON."""
    own = {
        "type": "chapter",
        "title": one_line(figure.title),
        "container-title": report.title,
        "edition": f"{said(figure.lang).version} {report.version}",
        "abstract": figure.note,
        "URL": report.page(figure.id),
    }
    data = credit(figure, *MOST)
    return _item(report, report.permanent_id(figure.id), figure.lang, own, data)


def _item(report: Report, name: str, lang: str, own: Item, data: str) -> Item:
    """Add what reports and figures have alike; what is not known is left out."""
    say = said(lang)
    item = own | {
        "id": name.replace("/", ":"),  # BibTeX takes no slash
        "author": [{"literal": author} for author in report.authors],
        "issued": {"date-parts": [[report.day.year, report.day.month, report.day.day]]},
        "license": report.licence,
        "note": f"{data} {say.id}: {name}.",
        "language": lang,
    }
    return {name: value for name, value in item.items() if value}


def credit(figure: Figure, producers: int = 0, reporters: int = 0) -> str:
    """Name those whose numbers a figure shows, then those who reported them; 0 names all."""
    say, publishers = said(figure.lang), figure.publishers
    if not figure.producers:
        return say.data.format(_listed(publishers, reporters, say))
    data = _listed(figure.producers, producers, say)
    return say.data.format(say.reported.format(data, _listed(publishers, reporters, say)))


def credit_line(report: Report, figure: Figure) -> str:
    """What stands below a chart that is printed elsewhere: whose data, who drew it, the licence."""
    chart = said(figure.lang).chart.format(report.by, report.licence)
    return f"{credit(figure, *MOST)} {chart}"


def credit_of_all(report: Report, lang: str) -> str:
    """Name those whose numbers the report rests on most; it names all others itself."""
    say = said(lang)
    return say.data.format(say.in_report.format(", ".join(report.producers)))


def _listed(names: Sequence[str], most: int, say: Words) -> str:
    """List names, or the first of them and how many others there are; never one other."""
    comma = "; " if any("," in name for name in names) else ", "
    rest = len(names) - most
    if not most or rest < 2:
        return comma.join(names)
    return say.others.format(comma.join(names[:most]), rest)


def said(lang: str) -> Words:
    return words("citations", lang)


def one_line(text: str) -> str:
    """Put a text on one line: a line break would end a field of BibTeX or RIS."""
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text)).strip()


def latex(text: str) -> str:
    """Spell plain text so that TeX prints it and runs nothing in it."""
    return one_line(text).translate(LATEX)


def forms(item: Item) -> dict[str, str]:
    """The citation as files, the end of a name → content; Zotero, Pandoc and citeproc read CSL."""
    csl = json.dumps([item], ensure_ascii=False, indent=1) + "\n"
    return {".bib": bibtex(item), ".ris": ris(item), ".csl.json": csl}


def apa(item: Item) -> tuple[str, str, str]:
    """The citation in the style of the American Psychological Association, without the address.

    Returns what stands before the title of the report, this title, and what stands behind it; the
    title is the part in italics.
    """
    say, work = said(item["language"]), item.get("container-title")
    before = f"{', '.join(one['literal'] for one in item['author'])}. ({_day(item).year}). "
    if work:
        before += f"{item['title'].rstrip('.')}. {say.within} "
    version = item.get("edition") or f"{item['genre']} {item['number']}"
    return before, work or item["title"], f" ({version})."


def plain(item: Item) -> str:
    """The citation as plain text."""
    return f"{''.join(apa(item))} {item.get('URL', '')}".rstrip()


def bibtex(item: Item) -> str:
    """The citation as a BibTeX entry; double braces keep capitals and names of bodies."""
    day, kind = _day(item), "incollection" if "container-title" in item else "techreport"
    names = " and ".join(f"{{{latex(author['literal'])}}}" for author in item["author"])
    plain = {
        "edition": "edition",
        "type": "genre",
        "number": "number",
        "abstract": "abstract",
        "note": "note",
        "copyright": "license",
    }
    fields = {
        "author": f"{{{names}}}",
        "title": f"{{{{{latex(item['title'])}}}}}",
        "booktitle": f"{{{{{latex(item.get('container-title', ''))}}}}}",
        **{name: f"{{{latex(item.get(key, ''))}}}" for name, key in plain.items()},
        "year": f"{{{day.year}}}",
        "month": MONTHS[day.month - 1],
        "day": f"{{{day.day}}}",
        "url": f"{{{item.get('URL', '')}}}",
        "language": f"{{{LANGUAGES[item['language']]}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value.strip("{}")]
    if kind == "techreport":  # BibTeX wants one; the authors again would be printed twice
        lines.append("  institution = {},")
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}"]) + "\n"


def ris(item: Item) -> str:
    """The citation as a RIS record; the comma behind a name keeps a body from being split."""
    day = _day(item)
    fields = [
        ("TY", "CHAP" if "container-title" in item else "RPRT"),
        ("ID", item["id"]),
        *(("AU", f"{author['literal']},") for author in item["author"]),
        ("TI", item["title"]),
        ("T2", item.get("container-title", "")),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}/"),
        ("ET", item.get("edition", "")),
        ("M3", item.get("genre", "")),
        ("SN", item.get("number", "")),
        ("AB", item["abstract"]),
        ("N1", item["note"]),
        ("CR", item["license"]),
        ("LA", item["language"]),
        ("UR", item.get("URL", "")),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {one_line(text)}\n" for tag, text in fields if text or tag == "ER")


def _day(item: Item) -> date:
    return date(*item["issued"]["date-parts"][0])


def write(pages: Path, include: Path, lang: str = "en") -> None:
    """Write the citation of the report for reference managers, and for its page and its PDF.

    pages, include: the folders of what is published beside the report, and of what it includes
    """
    work = read()
    item, name = of_report(work, lang), "report"
    known = {
        "name": name,
        "report": work,
        "words": words("pages", lang),
        "item": item,
        "forms": forms(item),
        "apa": apa(item),
        "credit": credit_of_all(work, lang),
        "pdf": work.address(f"{name}.pdf"),
    }
    made = {pages / f"{name}{end}": text for end, text in forms(item).items()}
    for template in ("cite.html", "cite.typ", "citation-tags.html"):
        made[include / template] = fill(template, **known)
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
