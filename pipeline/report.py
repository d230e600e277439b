"""The report as a work that is cited: its title, authors and licence, and which edition it is.

Title, authors and licence stand in CITATION.cff, version and day in the contract of the tables,
public addresses in _quarto.yml. They are read here and nowhere else, and handed on as one `Report`.
"""

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Day
from functools import cache
from pathlib import Path

from pipeline import fresh, reading, schema
from pipeline.errors import show, stop
from pipeline.tables import contract

CITATION, SETTINGS, DATA = Path("CITATION.cff"), Path("_quarto.yml"), Path("data")
RELEASED = Path("commit.json")  # in the source of a release: its commit, and every file of it
LICENCES = {"CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")}
NAMES = ("name", "given-names", "family-names")  # of an author; a body has the first
CLOCK = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True)
class Report:
    """One version of the report, with one date and one body of authors."""

    name: str  # short, for identifiers: the name of the data package
    title: str
    authors: tuple[str, ...]
    version: str
    date: str  # ISO
    licence: str  # of text, figures and data
    licence_id: str  # as SPDX spells it
    licence_url: str
    licence_of_code: str
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    place: str = ""  # of which it tells
    producers: tuple[str, ...] = ()  # whose data it rests on most
    commit: str = ""
    base: str = ""  # where versions are published, without a slash at its end; "": undecided

    @property
    def by(self) -> str:
        return ", ".join(self.authors)

    @property
    def short(self) -> str:
        """The title without what follows its colon."""
        return self.title.partition(":")[0]

    @property
    def subtitle(self) -> str:
        """What follows the colon of the title, as a line of its own."""
        told = self.title.partition(":")[2].strip()
        return told[:1].upper() + told[1:]

    @property
    def day(self) -> Day:
        return Day.fromisoformat(self.date)

    @property
    def epoch(self) -> int:
        """Seconds since 1970 of the edition's day, at midnight UTC."""
        return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp())

    def address(self, path: str) -> str:
        """The public address of a file of this version; "" while no base address is set."""
        return f"{self.base}/{self.version}/{path}" if self.base else ""

    def page(self, figure: str) -> str:
        """The versioned address of a figure's page, which is what is cited; "" without a base."""
        return self.address(f"figures/{figure}/")

    def permanent_id(self, figure: str) -> str:
        """Name a figure for good: work, version, the figure's own name and never its number."""
        return f"{self.name}/{self.version}/fig-{figure}"


@cache
def read(commit: str = "") -> Report:
    """Read what is known of the report, once a process; raise what is missing or unusable.

    commit: that of the tree, for what prints or records it.
    """
    cff = schema.read(CITATION, "citation")
    codes = [cff["license"]] if isinstance(cff["license"], str) else cff["license"]
    licence = next(code for code in codes if code in LICENCES)
    name, url = LICENCES[licence]
    settings = schema.read(SETTINGS, "settings").get("report") or {}
    return Report(
        name=contract.read(DATA)["name"],
        title=cff["title"],
        authors=tuple(map(_author, cff["authors"])),
        **edition(),
        licence=name,
        licence_id=licence,
        licence_url=url,
        licence_of_code=next((code for code in codes if code != licence), licence),
        abstract=cff["abstract"],
        keywords=tuple(cff.get("keywords", ())),
        place=settings.get("place") or "",
        producers=tuple(
            _author(who) for one in cff.get("references", ()) for who in one["authors"]
        ),
        commit=commit,
        base=(settings.get("base-url") or "").rstrip("/"),
    )


def edition() -> dict[str, str]:
    """Read version and date; the clock is the data's, or SOURCE_DATE_EPOCH where it is set."""
    package = contract.read(DATA)
    day = package["created"][:10]
    if clock := os.environ.get(CLOCK):
        try:
            day = datetime.fromtimestamp(int(clock), UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            told = f"got {show(clock)}, expected whole seconds since 1970"
            raise stop(CLOCK, told, hint="set it right in the environment, or unset it") from None
    return {"version": package["version"], "date": day}


def _author(author: dict[str, str]) -> str:
    return " ".join(filter(None, map(author.get, NAMES)))


def commit() -> str:
    """Name the commit of the tree, with `+changes` when files differ from it; "" if none is known.

    A release tells it to those who build its source again, who have no git of it.
    """
    head, changed = git("rev-parse", "--short=12", "HEAD").strip(), git("status", "--porcelain")
    if not head and RELEASED.is_file():
        released = reading.from_yaml(RELEASED, "commit", "files")
        head, files = released["commit"], released["files"]
        changed = fresh.digests(*files) != files
    return head + ("+changes" if head and changed else "")


def git(*arguments: str) -> str:
    """Ask git about this project; "" where it is no checkout, even if it lies inside one."""
    if not Path(".git").exists():
        return ""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout
