"""Pages of text in the look of the report, and the tables as readers may take them away."""

import shutil
from functools import partial
from pathlib import Path

from pipeline import children, complaints, fresh, programs, report
from pipeline.errors import Problems
from pipeline.pages import cite, columns, policy
from pipeline.pages.workbook import Sheet, cited, workbook
from pipeline.prose import manuscript, tree
from pipeline.tables import contract, read
from pipeline.words import words

DATA = Path("data")
CODEBOOK = DATA / "README.md"
SCHEMA = "facts.schema.json"
READER = "markdown-citations-native_divs-native_spans"


def write_tables(folder: Path) -> None:
    """Copy every table with its contract, and set the codebook as a page beside them."""
    write_text(CODEBOOK, folder, 3)
    for path in fresh.files(DATA):
        if path.name != SCHEMA:  # it stands beside the facts
            shutil.copyfile(path, folder / path.name)
    work = report.read()
    (folder / f"{work.name}.xlsx").write_bytes(sheets(work))


def write_text(path: Path, folder: Path, depth: int = 2) -> None:
    """Set a file of Markdown as the only page of a folder, whose name is that of the page."""
    check(path)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text_page(path, folder.name, depth), encoding="utf-8")


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


def check(path: Path = CODEBOOK) -> None:
    """Raise what must not be published of a page of text, with its lines."""
    odd = list(manuscript.characters(path))
    permitted = partial(_permitted, path.parent)
    rules = tree.Rules(READER, permitted, "https://…, #place or a file of the project")
    if problems := odd or tree.problems(manuscript.rows(path), rules):
        raise Problems(*problems)


def _permitted(folder: Path, target: str) -> bool:
    """Tell whether a link leads to the web, or to a file of the project that is there."""
    if manuscript.ADDRESS.fullmatch(target):
        return True
    path = (folder / target.partition("#")[0]).resolve()
    return ":" not in target and path.is_relative_to(Path.cwd()) and path.is_file()


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
        raise complaints.failure(path, "pandoc", done.stderr)
    return policy.sealed(done.stdout)
