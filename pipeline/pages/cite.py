"""The citation of one figure in the forms that people paste and reference managers read.

One record, an item of CSL-JSON, holds all that is known; every other form is written from it. What
is cited is the version: the permanent id and, where the report has a public address, the versioned
one. The report's authors made the figure; those who published its numbers are credited beside them.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from pipeline.pages.record import Figure
from pipeline.report import Report
from pipeline.words import Words, words

NAMED = 6  # publishers named in a citation; the figure's page and its CSV name all of them
LANGUAGES = {"en": "english"}
# An escaped brace still counts as a brace in BibTeX, so braces are spelled out.
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
    }
    | {letter: f"\\{letter}" for letter in "&%$#_"}
)
Item = dict[str, Any]


def record(report: Report, figure: Figure) -> Item:
    """Gather the citation as an item of CSL-JSON; what is not known is left out."""
    item = {
        "id": permanent_key(report, figure),
        "type": "figure",
        "title": one_line(figure.title),
        "author": [{"literal": name} for name in report.authors],
        "issued": {"date-parts": [[report.day.year, report.day.month, report.day.day]]},
        "container-title": report.title,
        "version": report.version,
        "number": report.permanent_id(figure.id),
        "abstract": figure.note,
        "note": note(report, figure),
        "language": figure.lang,
        "URL": report.page(figure.id),
    }
    return {name: value for name, value in item.items() if value}


def permanent_key(report: Report, figure: Figure) -> str:
    """The key of an entry: the permanent id without the slashes, which BibTeX does not take."""
    return report.permanent_id(figure.id).replace("/", ":")


def note(report: Report, figure: Figure) -> str:
    """What a reference manager keeps beside the citation: id, licence, producers of the data."""
    say = said(figure.lang)
    return (
        f"{say.id}: {report.permanent_id(figure.id)}. {say.licence}: {report.licence}. "
        f"{say.data}: {producers(figure)}."
    )


def producers(figure: Figure, named: int = NAMED) -> str:
    """Name those who published the numbers, those of most rows first."""
    say, rest = said(figure.lang), len(figure.producers) - named
    names = "; ".join(figure.producers[:named])
    return names + (f"; {say.more.format(rest, say.page)}" if rest > 0 else "")


def credit(report: Report, figure: Figure, named: int = NAMED) -> str:
    """The credit line: who made the chart, under which licence, and who published the data."""
    say, names = said(figure.lang), producers(figure, named)
    return f"{say.chart}: {report.by}, {report.licence}. {say.data}: {names}."


def said(lang: str) -> Words:
    return words("citations", lang)


def one_line(text: str) -> str:
    """Put a text on one line: a line break would end a field of BibTeX or RIS."""
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text)).strip()


def latex(text: str) -> str:
    """Spell plain text so that TeX prints it and runs nothing in it."""
    return one_line(text).translate(LATEX)


def csl(item: Item) -> str:
    """The citation as CSL-JSON, which Zotero, Pandoc and citeproc read."""
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def apa(item: Item) -> str:
    """The citation in the style of the American Psychological Association, as plain text."""
    say = said(item["language"])
    names = ", ".join(author["literal"] for author in item["author"])
    when = say.date.format(_day(item))
    work = f"{say.within} {item['container-title']} ({say.version} {item['version']})."
    title = f"{item['title'].rstrip('.')} [{say.figure} {item['number']}]"
    return f"{names}. {when}. {title}. {work} {item.get('URL', '')}".rstrip()


def bibtex(item: Item) -> str:
    """The citation as a BibTeX entry; double braces keep capitals and names of bodies."""
    say, day = said(item["language"]), _day(item)
    work, version = latex(item["container-title"]), latex(item["version"])
    names = [f"{{{latex(author['literal'])}}}" for author in item["author"]]
    within = f"{say.figure}. {say.within} \\emph{{{work}}}, {say.version.lower()} {version}"
    fields = {
        "author": f"{{{' and '.join(names)}}}",
        "title": f"{{{{{latex(item['title'])}}}}}",
        "howpublished": f"{{{within}}}",
        "year": f"{{{day.year}}}",
        "month": f"{day:%b}".lower(),
        "version": f"{{{version}}}",
        "url": f"{{{item.get('URL', '')}}}",
        "note": f"{{{latex(item['note'])}}}",
        "language": f"{{{LANGUAGES[item['language']]}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value != "{}"]
    return "\n".join([f"@misc{{{item['id']},", *lines, "}"]) + "\n"


def ris(item: Item) -> str:
    """The citation as a RIS record; the comma behind a name keeps a body from being split."""
    day = _day(item)
    fields = [
        ("TY", "FIGURE"),
        ("ID", item["id"]),
        *(("AU", f"{author['literal']},") for author in item["author"]),
        ("TI", item["title"]),
        ("T2", item["container-title"]),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}/"),
        ("ET", item["version"]),
        ("AB", item["abstract"]),
        ("N1", item["note"]),
        ("LA", item["language"]),
        ("UR", item.get("URL", "")),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {one_line(text)}\n" for tag, text in fields if text or tag == "ER")


def _day(item: Item) -> date:
    return date(*item["issued"]["date-parts"][0])
