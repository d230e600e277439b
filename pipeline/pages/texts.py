"""Pages of text in the look of the report, what stands around their text, the tables as readers may
take them away, and what changed, version by version: as a page, and as a feed."""

import re
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import fresh, programs, reading, report
from pipeline.errors import stop
from pipeline.pages import cite, record
from pipeline.pages.page import Page, filled, put, sealed
from pipeline.pages.record import all_sources, load_words
from pipeline.pages.workbook import Sheet, cited, workbook
from pipeline.prose.manuscript import READY
from pipeline.report import SETTINGS
from pipeline.tables import contract, read
from pipeline.theme import words

DATA = Path("data")
CODEBOOK = DATA / "README.md"
SCHEMA = "facts.schema.json"  # it stands beside the facts
READER = "markdown-citations-native_divs-native_spans"
CHANGES = Path("CHANGELOG.md")
VERSION = re.compile(
    r'<h2 id="v[^"]+">(?P<number>[\d.]+) \((?P<day>[^)]+)\)</h2>(?P<text>.*?)(?=<h2 |</main>)', re.S
)
PARTS = ("head", "header", "versions-line")
# A number in the prose as engines get it: a link to its row, and for Typst a label.
FACT = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(#fact-[^)]*\)(?:\{[^}]*\})?(?:`[^`]*`\{=typst\})?")


def write_tables(folder: Path) -> None:
    """Copy every table with its contract, and set the codebook as a page beside them."""
    work = report.read()
    files = {path.name: path for path in fresh.files(DATA) if path.name != SCHEMA}
    page, book = text_page(CODEBOOK, folder.name, 3), sheets(work)
    put(folder, files | {"index.html": page, f"{work.name}.xlsx": book})


def write_text(path: Path, folder: Path) -> None:
    """Set a file of Markdown as the only page of a folder, whose name is that of the page."""
    put(folder, {"index.html": text_page(path, folder.name, 2)})


def sheets(work: report.Report, lang: str = "en") -> bytes:
    """Make all tables one workbook."""
    package, tables = contract.read(DATA), []
    for name, resource in contract.by_name(package).items():
        path = DATA / resource["path"]
        rows = [row for _, row in read.parse(read.content(path), str(path)).rows]
        tables.append(Sheet(name, record.of_table(resource), rows))
    item, credit = cite.of_report(work, lang), cite.credit_of_all(work, lang)
    told = {words("workbook", lang).tables: package["description"]}
    told |= cited(work, item, credit)
    return workbook(work, package["title"], tables, told, lang)


def text_page(path: Path, name: str, depth: int) -> str:
    """Set a file of Markdown as a self-contained page in the look of the report.

    name: of the page, as the header and the head are called that it gets
    depth: down to which level of headings the contents go
    """
    command = [
        programs.pandoc_path(),
        str(path),
        f"--from={READER}",
        "--to=html",
        "--standalone",
        "--toc",
        f"--toc-depth={depth}",
        "--template=theme/page.html",
        "--lua-filter=theme/codebook.lua",
        "--metadata-file=build/meta.yml",
        "--metadata=lang:en",
        f"--metadata=site-page:{name}",
        f"--metadata=author:{report.read().by}",
    ]
    done = programs.run(command)
    if done.returncode:
        raise programs.failure(path, "pandoc", done.stderr)
    return sealed(done.stdout)


def write_versions(folder: Path, lang: str = "en") -> None:
    """Set the log of changes as `versions.html`, in which every version leads to its pages once
    there is an address for them, and as `feed.xml`."""
    work, page = report.read(), text_page(CHANGES, "versions", 2)
    found = [
        known.groupdict()
        | {
            "date": datetime.strptime(known["day"], "%d %B %Y").date(),
            "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{work.name}/{known['number']}"),
        }
        for known in VERSION.finditer(page)
    ]
    if work.base:
        leads = rf'<h2 id="v\1"><a href="{work.base}/\1/">\1</a>'
        page = re.sub(r'<h2 id="v([\d.]+)">\1', leads, page)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "versions.html").write_text(page, encoding="utf-8")
    feed = filled("feed.xml", work, lang, versions=found)
    (folder / "feed.xml").write_text(feed, encoding="utf-8")


def write_frame(folder: Path, first: str, lang: str = "en") -> None:
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
    rows = reading.rows(DATA / table["path"])
    found = sorted(row[name] for row in rows for name in days if row[name])
    return f"{found[0]}/{found[-1]}" if found else ""


def reviewed() -> dict[str, Any]:
    """Read which statements of whom the report checks, and its verdict on each.

    The settings name the table of the prose and the source; without them there is none.
    """
    told = (reading.from_yaml(SETTINGS).get("report") or {}).get("reviewed")
    if not told:
        return {"article": None, "table": "", "verdicts": []}
    if told["source"] not in all_sources():
        message = f"got the source {told['source']}, expected one of data/sources.csv"
        raise stop(SETTINGS, message, column="report: reviewed")
    verdicts = statements(READY, told["table"])
    return {"article": all_sources()[told["source"]], "table": told["table"], "verdicts": verdicts}


def statements(prose: Path, table: str) -> list[tuple[str, str]]:
    """Read statement and verdict, the first two cells, from each row of a table of the prose."""
    before, caption, _ = prose.read_text(encoding="utf-8").partition(f"{{#{table}}}")
    rows = ["", *before.rstrip().split("\n\n")][-2].strip().split("\n")[2:]
    if not caption or not rows or not all(row.count("|") > 2 for row in rows):
        message = f"got the table {table}, expected one with a statement and a verdict in each row"
        raise stop(SETTINGS, message, column="report: reviewed")
    texts = [re.sub(r"\*\*|\\(.)", r"\1", FACT.sub(r"\1", row)) for row in rows]
    cells = [re.split(r"(?<!\\)\|", text) for text in texts]
    return [(row[1].strip(), row[2].strip()) for row in cells]
