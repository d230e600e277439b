"""What the pages of text have around them, which engines set from Markdown.

These are the report, the codebook, the page of versions and that on building it all again; all
other pages include the same templates themselves.
"""

import csv
import re
from pathlib import Path
from typing import Any

from pipeline import reading, report
from pipeline.errors import Problems, stop
from pipeline.pages.page import Page, filled
from pipeline.pages.record import all_sources, load_words
from pipeline.prose.manuscript import READY
from pipeline.report import SETTINGS
from pipeline.tables import contract
from pipeline.words import words

DATA = Path("data")
KEYS = ("source", "table")  # of what is reviewed
PARTS = ("head", "header", "versions-line")
# A number in the prose as engines get it: a link to its row, and for Typst a label.
FACT = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(#fact-[^)]*\)\{[^}]*\}(?:`[^`]*`\{=typst\})?")


def write(folder: Path, first: str, lang: str = "en") -> None:
    """Write what each page of text has around it into a folder, and the codebook's list of files.

    first: the figure whose card is shown where one of them is shared
    """
    work, package, site = report.read(), contract.read(DATA), words("site", lang)
    card = (first, load_words(first, lang)["alt"])
    covered = {table["name"]: coverage(table) for table in package["resources"]}
    schemas = {"report": reviewed(), "data": {"package": package, "covered": covered}}
    pages = {
        "report": Page(work.title, work.abstract, "report.html", *card),
        "data": Page(package["title"], package["description"], "data/", *card),
        "versions": Page(site.versions, site.versions_intro, "versions.html", *card),
        "rebuild": Page(site.rebuild, site.rebuild_intro, "rebuild/", *card),
    }
    folder.mkdir(exist_ok=True)
    for name, page in pages.items():
        known = {"page": page, "here": name, "root": "../" * page.path.count("/")}
        texts = {part: filled(f"{part}.html", work, lang, **known) for part in PARTS}
        if schema := schemas.get(name):
            graph = filled(f"{name}-data.json", work, lang, **schema)
            texts["head"] += f'<script type="application/ld+json">\n{graph}</script>\n'
        for part, text in texts.items():
            (folder / f"{name}-{part}.html").write_text(text, encoding="utf-8")
    text = filled("files.html", work, lang, list=words("data", lang), id="files")
    (folder / "data-files.html").write_text(text, encoding="utf-8")


def coverage(table: dict[str, Any]) -> str:
    """Say from which to which day the rows of a table reach, by its dates: "" without any."""
    days = [name for name, column in contract.fields(table).items() if column["type"] == "date"]
    with (DATA / table["path"]).open(encoding="utf-8", newline="") as handle:
        found = sorted(row[name] for row in csv.DictReader(handle) for name in days if row[name])
    return f"{found[0]}/{found[-1]}" if found else ""


def reviewed() -> dict[str, Any]:
    """Read which statements of whom the report checks, and its verdict on each.

    The settings name the table of the prose and the source; without them there is none.
    """
    told = (reading.from_yaml(SETTINGS).get("report") or {}).get("reviewed")
    if not told:
        return {"article": None, "table": "", "verdicts": []}
    source, table = (told.get(key) if isinstance(told, dict) else told for key in KEYS)
    article = all_sources().get(str(source))
    if not article:
        raise _no("source", source, "one of data/sources.csv")
    return {"article": article, "table": table, "verdicts": statements(READY, str(table))}


def statements(prose: Path, table: str) -> list[tuple[str, str]]:
    """Read statement and verdict, the first two cells, from each row of a table of the prose."""
    before, caption, _ = prose.read_text(encoding="utf-8").partition(f"{{#{table}}}")
    rows = ["", *before.rstrip().split("\n\n")][-2].strip().split("\n")[2:]
    if not caption or not rows or not all(row.count("|") > 2 for row in rows):
        raise _no("table", table, "one of the report with a statement and a verdict in each row")
    texts = [re.sub(r"\*\*|\\(.)", r"\1", FACT.sub(r"\1", row)) for row in rows]
    cells = [re.split(r"(?<!\\)\|", text) for text in texts]
    return [(row[1].strip(), row[2].strip()) for row in cells]


def _no(what: str, got: object, expected: str) -> Problems:
    told = f"got the {what} {got}, expected {expected}"
    return stop(SETTINGS, told, column="report: reviewed")
