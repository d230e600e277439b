"""What every page has: words, the day, its head for machines, the header that leads on."""

from typing import NamedTuple
from urllib.parse import quote

from pipeline.charts import look
from pipeline.facts import spell
from pipeline.fill import fill
from pipeline.report import Report
from pipeline.words import words

BARS = ("maduro", "gonzalez")  # the colours of the icon


class Page(NamedTuple):
    """What a page is to search engines and to those who share it.

    path: its place in the site; a folder stands for its index
    figure, alt: the figure whose card is shown with its address, and what is seen on it
    """

    title: str
    description: str
    path: str
    figure: str
    alt: str


def filled(template: str, report: Report, lang: str, **known: object) -> str:
    """Fill a template of `theme/` with what all pages know, and with what this one does.

    Pages that lead on need `root`, from there to the front, and `here`, a place of the header.
    """
    told = {
        "report": report,
        "lang": lang,
        "words": words("pages", lang),
        "site": words("site", lang),
        "day": spell.day(report.date, lang),
        "icon": icon(),
    }
    return fill(template, **told, **known)


def icon() -> str:
    """The icon of all pages as an address that holds it."""
    bars = [look.colours()[role][0] for role in BARS]
    return "data:image/svg+xml," + quote(fill("icon.svg", bars=bars).strip(), safe="=:/'")
