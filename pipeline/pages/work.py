"""How the report is cited, as it stands beside it, in its section and in the head of its page."""

from pathlib import Path

from pipeline import report
from pipeline.fill import fill
from pipeline.pages import cite
from pipeline.prose.manuscript import FORMS
from pipeline.words import words

NAME = "report"


def write(pages: Path, include: Path, lang: str = "en") -> None:
    """Write the files for reference managers, and what the page and the PDF include.

    pages, include: the folders of what is published beside the report, and of what it includes
    """
    work = report.read()
    item = cite.of_report(work, lang)
    forms = cite.forms(item)
    known = {
        "name": NAME,
        "report": work,
        "words": words("pages", lang),
        "item": item,
        "forms": forms,
        "apa": cite.apa(item),
        "credit": cite.credit_of_all(work, lang),
        "pdf": work.address(f"{NAME}.pdf"),
    }
    pages.mkdir(parents=True, exist_ok=True)
    include.mkdir(parents=True, exist_ok=True)
    for end, text in forms.items():
        (pages / f"{NAME}{end}").write_text(text, encoding="utf-8")
    for form in FORMS:
        (include / f"cite.{form}").write_text(fill(f"cite.{form}", **known), encoding="utf-8")
    (include / "citation-tags.html").write_text(fill("citation-tags.html", **known), "utf-8")
