"""The citation of one figure in the forms that people paste and reference managers read.

What is cited is the version: the permanent id and, where the report has a public address, the
versioned one. The report's authors made the figure; those who published the numbers in it are
credited beside them.
"""

from __future__ import annotations

import json
import re
from datetime import date

from pipeline.pages.record import Figure, Report, page, permanent_id

NAMED = 6  # publishers named in a citation; the figure's page and its CSV name all of them
WORDS = {
    "en": {
        "figure": "Figure",
        "in": "In",
        "version": "Version",
        "id": "Permanent id",
        "licence": "Licence",
        "data": "Data",
        "chart": "Chart",
        "more": "and {} other publishers, named {}",
        "page": "on the figure's page",
        "here": "below",
        "date": "({0:%Y}, {0:%B} {0.day})",
    },
    "es": {
        "figure": "Figura",
        "in": "En",
        "version": "Versión",
        "id": "Identificador permanente",
        "licence": "Licencia",
        "data": "Datos",
        "chart": "Gráfico",
        "more": "y otras {} fuentes, nombradas {}",
        "page": "en la página de la figura",
        "here": "abajo",
        "date": "({0:%Y}-{0:%m}-{0:%d})",
    },
}
LANGUAGES = {"en": "english", "es": "spanish"}
# An escaped brace still counts as a brace in BibTeX, so braces are spelled out.
NAMED_LATEX = {
    "\\": "backslash",
    "~": "asciitilde",
    "^": "asciicircum",
    "<": "less",
    ">": "greater",
    "{": "braceleft",
    "}": "braceright",
}
LATEX = {letter: rf"\text{name}{{}}" for letter, name in NAMED_LATEX.items()} | {
    letter: "\\" + letter for letter in "&%$#_"
}


def producers(figure: Figure, named: int = NAMED, place: str = "page") -> str:
    """Name those who published the numbers, those of most rows first; `place` is where the others
    are named."""
    words, rest = WORDS[figure.lang], len(figure.producers) - named
    names = "; ".join(figure.producers[:named])
    return names + (f"; {words['more'].format(rest, words[place])}" if rest > 0 else "")


def credit(report: Report, figure: Figure, named: int = NAMED, place: str = "page") -> str:
    """The credit line: who made the chart, under which licence, and who published the data."""
    words = WORDS[figure.lang]
    return (
        f"{words['chart']}: {report.by}, {report.licence}. {words['data']}: "
        f"{producers(figure, named, place)}."
    )


def note(report: Report, figure: Figure) -> str:
    """What a reference manager keeps beside the citation: the permanent id, the licence and the
    producers of the data."""
    words = WORDS[figure.lang]
    known = {
        "id": permanent_id(report, figure.id),
        "licence": report.licence,
        "data": producers(figure),
    }
    return ". ".join(f"{words[key]}: {text}" for key, text in known.items()) + "."


def apa(report: Report, figure: Figure) -> str:
    """The citation in the style of the American Psychological Association, as plain text."""
    words = WORDS[figure.lang]
    when = words["date"].format(date.fromisoformat(report.date))
    kind = f"[{words['figure']} {permanent_id(report, figure.id)}]"
    work = f"{words['in']} {report.title} ({words['version']} {report.version})."
    address = page(report, figure.id)
    return f"{report.by}. {when}. {figure.title.rstrip('.')} {kind}. {work}" + (
        f" {address}" if address else ""
    )


def latex(text: str) -> str:
    """Spell plain text so that TeX prints it and runs nothing in it."""
    return "".join(LATEX.get(letter, letter) for letter in one_line(text))


def one_line(text: str) -> str:
    """Put a text on one line: a line break would end a field of BibTeX or RIS."""
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text)).strip()


def bibtex(report: Report, figure: Figure) -> str:
    """The citation as a BibTeX entry; double braces keep capitals and the name of a body as they
    are."""
    words, day = WORDS[figure.lang], date.fromisoformat(report.date)
    fields = {
        "author": f"{{{' and '.join(f'{{{latex(name)}}}' for name in report.authors)}}}",
        "title": f"{{{{{latex(figure.title)}}}}}",
        "howpublished": (
            f"{{{words['figure']}. {words['in']} \\emph{{{latex(report.title)}}}, "
            f"{words['version'].lower()} {latex(report.version)}}}"
        ),
        "year": f"{{{day.year}}}",
        "month": f"{day:%b}".lower(),
        "version": f"{{{latex(report.version)}}}",
        "url": f"{{{page(report, figure.id)}}}",
        "note": f"{{{latex(note(report, figure))}}}",
        "language": f"{{{LANGUAGES[figure.lang]}}}",
    }
    lines = [f"  {key} = {value}," for key, value in fields.items() if value != "{}"]
    return "\n".join([f"@misc{{{key(report, figure)},", *lines, "}"]) + "\n"


def key(report: Report, figure: Figure) -> str:
    """The key of an entry: the permanent id without the slashes, which BibTeX does not take."""
    return permanent_id(report, figure.id).replace("/", ":")


def ris(report: Report, figure: Figure) -> str:
    """The citation as a RIS record of type FIGURE; the comma after a name keeps a body from being
    split into given and family."""
    day = date.fromisoformat(report.date)
    fields = [
        ("TY", "FIGURE"),
        ("ID", key(report, figure)),
        *(("AU", f"{name},") for name in report.authors),
        ("TI", figure.title),
        ("T2", report.title),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}/"),
        ("ET", report.version),
        ("AB", figure.caption),
        ("N1", note(report, figure)),
        ("LA", figure.lang),
        ("UR", page(report, figure.id)),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {one_line(text)}\n" for tag, text in fields if text or tag == "ER")


def csl(report: Report, figure: Figure) -> str:
    """The citation as CSL-JSON, which Zotero, Pandoc and citeproc read."""
    day = date.fromisoformat(report.date)
    item = {
        "id": key(report, figure),
        "type": "figure",
        "title": one_line(figure.title),
        "author": [{"literal": name} for name in report.authors],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "container-title": report.title,
        "version": report.version,
        "number": permanent_id(report, figure.id),
        "abstract": figure.caption,
        "note": note(report, figure),
        "language": figure.lang,
        "URL": page(report, figure.id),
    }
    return (
        json.dumps(
            [{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1
        )
        + "\n"
    )
