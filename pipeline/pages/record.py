"""What is known of one figure and of the report it belongs to, read from what the build has made so
far."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import edition, reading
from pipeline.errors import stop
from pipeline.tables import contract

FIGURES = Path("build/figures")
CITATION, SETTINGS, CONTRACT = (
    Path("CITATION.cff"),
    Path("_quarto.yml"),
    Path("data/datapackage.json"),
)
SOURCES, PROSE = Path("data/sources.csv"), Path("report.qmd")
LICENCES = {"CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")}
INCLUDE = re.compile(r"\{\{<\s*include\s+build/include/\w+/([a-z0-9-]+)\.md\s*>\}\}")
LIST = "source_ids"  # the column of the rows that names their sources
WEB = re.compile(r"https?://[^\s\"'<>]+$")


@dataclass(frozen=True)
class Report:
    """The report as a work that can be cited: one version, one date, one body of authors."""

    name: str  # short, for identifiers: the name of the data package
    title: str
    authors: tuple[str, ...]
    version: str
    date: str  # ISO
    licence: str
    licence_url: str
    keywords: tuple[str, ...]
    base: str = (
        ""  # where versions are published, without a slash at its end; "" while nobody has decided
    )
    repository: str = ""  # where the source stands, likewise

    @property
    def by(self) -> str:
        return ", ".join(self.authors)

    @property
    def short(self) -> str:
        """The title without what follows its colon."""
        return self.title.partition(":")[0]

    def address(self, path: str) -> str:
        """The public address of a file of this version; "" while no base address is set."""
        return f"{self.base}/{self.version}/{path}" if self.base else ""

    def source(self, path: str) -> str:
        """The public address of a file of the source at this version; "" while no repository is
        set."""
        return f"{self.repository}/blob/v{self.version}/{path}" if self.repository else ""


@dataclass(frozen=True)
class Source:
    """Who published what a figure plots. `url` is "" where the address is not to be printed."""

    id: str
    publisher: str
    title: str
    date: str
    url: str


@dataclass(frozen=True)
class Figure:
    """One figure: its words with all holes filled, its rows as text, the sources of its rows."""

    id: str
    lang: str
    title: str
    subtitle: str
    caption: str
    alt: str
    long: str
    module: str
    tables: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...]

    @property
    def finding(self) -> str:
        """The first sentence of the caption."""
        return re.split(r"(?<=[.!?])\s+(?=[\"“«¿¡A-ZÀ-Þ])", self.caption, maxsplit=1)[0]

    @property
    def producers(self) -> tuple[str, ...]:
        """The publishers of the data, each once, those of most rows first."""
        publisher = {source.id: source.publisher for source in self.sources}
        place = self.header.index(LIST)
        count = Counter(publisher[one] for row in self.rows for one in row[place].split(";") if one)
        return tuple(sorted(count, key=lambda name: (-count[name], name)))


class Link(NamedTuple):
    """What leads to a figure: its id and its title."""

    id: str
    title: str


def permanent_id(report: Report, figure: str) -> str:
    """Name a figure for good: the work, its version, the figure's own name and never its number."""
    return f"{report.name}/{report.version}/fig-{figure}"


def page(report: Report, figure: str) -> str:
    """The versioned address of a figure's page, which is what is cited; "" while no base address is
    set."""
    return report.address(f"figures/{figure}/")


def load_report() -> Report:
    """Read the report's title, authors and licence from CITATION.cff, its version and date from the
    data.

    Raises Problems that name what is missing or unusable.
    """
    cff = reading.from_yaml(CITATION, "title", "authors", "license", "abstract")
    codes = [cff["license"]] if isinstance(cff["license"], str) else cff["license"]
    licence = next((code for code in codes if code in LICENCES), None)
    if licence is None:
        told = f"got {', '.join(map(str, codes))}, expected {' or '.join(LICENCES)} among them"
        raise stop(CITATION, told, column="license")
    name, url = LICENCES[licence]
    known = edition.edition()
    return Report(
        name=contract.read(CONTRACT.parent)["name"],
        title=cff["title"],
        authors=_authors(cff["authors"]),
        version=known["version"],
        date=known["date"],
        licence=name,
        licence_url=url,
        keywords=tuple(cff.get("keywords", ())),
        base=_address("base-url"),
        repository=_address("repository"),
    )


def _authors(listed: Any) -> tuple[str, ...]:
    names = []
    for author in listed if isinstance(listed, list) else [listed]:
        given = author if isinstance(author, dict) else {}
        parts = [given.get("given-names"), given.get("family-names")]
        name = given.get("name") or " ".join(filter(None, parts))
        if not name:
            told = f"got {author}, expected a name, or given-names and family-names"
            raise stop(CITATION, told, column="authors")
        names.append(name)
    return tuple(names)


def _address(key: str) -> str:
    """Read a public address from the settings; "" while nobody has decided."""
    own = reading.from_yaml(SETTINGS).get("report") or {}
    found = own.get(key) if isinstance(own, dict) else own
    if not found:
        return ""
    if not isinstance(found, str) or not WEB.match(found):
        told = f'got "{found}", expected an address that begins with https://'
        raise stop(SETTINGS, told, column=f"report: {key}")
    return found.rstrip("/")


@cache
def all_sources() -> dict[str, Source]:
    """Read every source; an address that is withheld, or that no browser should follow, is dropped
    here."""
    with SOURCES.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: _source(row) for row in csv.DictReader(handle)}


def _source(row: dict[str, str]) -> Source:
    title = f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"]
    shown = row["address"] == "given" and WEB.match(row["url"])
    return Source(
        row["id"],
        row["publisher"] or row["author"],
        title,
        row["published"],
        row["url"] if shown else "",
    )


def load_link(name: str, lang: str) -> Link:
    """Read what another page says of a figure to lead to it."""
    words = json.loads((FIGURES / name / lang / "words.json").read_text(encoding="utf-8"))
    return Link(name, words["title"])


def load_figure(name: str, lang: str) -> Figure:
    """Read what was drawn: the words, the rows exactly as plotted, and the sources that the rows
    name."""
    folder = FIGURES / name / lang
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = [tuple(row) for row in csv.reader(handle)]
    known = all_sources()
    module = f"figures/{name.replace('-', '_')}.py"
    unknown = [key for key in words["sources"] if key not in known]
    if unknown:
        raise stop(
            module,
            f"its rows name sources that do not exist: {', '.join(unknown)}",
            hint=f"add them to {SOURCES}",
        )
    return Figure(
        id=name,
        lang=lang,
        title=words["title"],
        subtitle=words["subtitle"],
        caption=words["caption"],
        alt=words["alt"],
        long=words["long"],
        module=module,
        tables=tuple(words["tables"]),
        header=header,
        rows=tuple(rows),
        sources=tuple(known[key] for key in words["sources"]),
    )
