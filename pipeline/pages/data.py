"""Pages of text in the look of the report, the tables as readers may take them away, and what
changed, version by version: as a page, and as a feed for those who wait for the next."""

import re
import uuid
from datetime import datetime
from pathlib import Path

from pipeline import children, fresh, programs, report
from pipeline.pages import cite, columns
from pipeline.pages.page import filled, put, sealed
from pipeline.pages.workbook import Sheet, cited, workbook
from pipeline.tables import contract, read
from pipeline.words import words

DATA = Path("data")
CODEBOOK = DATA / "README.md"
SCHEMA = "facts.schema.json"  # it stands beside the facts
READER = "markdown-citations-native_divs-native_spans"
CHANGES = Path("CHANGELOG.md")
VERSION = re.compile(
    r'<h2 id="v[^"]+">(?P<number>[\d.]+) \((?P<day>[^)]+)\)</h2>(?P<text>.*?)(?=<h2 |</main>)', re.S
)


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
        tables.append(Sheet(name, columns.of_table(resource), rows))
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
    done = children.run(command)
    if done.returncode:
        raise children.failure(path, "pandoc", done.stderr)
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
