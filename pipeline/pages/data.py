"""The tables as readers may take them away: with their contract and the codebook as a page."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline import children, complaints, fresh, programs, report
from pipeline.errors import Problems
from pipeline.pages import policy
from pipeline.prose import manuscript, tree

DATA = Path("data")
CODEBOOK = DATA / "README.md"
READER = "markdown-citations-native_divs-native_spans"


def write_tables(folder: Path) -> None:
    """Copy every table with its contract, and set the codebook as a page beside them."""
    check()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in fresh.files(DATA):
        shutil.copyfile(path, folder / path.name)
    page = policy.sealed(codebook())
    (folder / "index.html").write_text(page, encoding="utf-8")


def check(path: Path = CODEBOOK) -> None:
    """Raise what must not be published of the codebook, with its lines."""
    odd = list(manuscript.characters(path))
    rules = tree.Rules(READER, _permitted, "https://…, #place or a file of the project")
    if problems := odd or tree.problems(manuscript.rows(path), rules):
        raise Problems(*problems)


def _permitted(target: str) -> bool:
    """Tell whether a link leads to the web, or to a file of the project that is there."""
    if manuscript.ADDRESS.fullmatch(target):
        return True
    path = (DATA / target.partition("#")[0]).resolve()
    return ":" not in target and path.is_relative_to(Path.cwd()) and path.is_file()


def codebook() -> str:
    """Set `data/README.md` as a self-contained page in the look of the report."""
    command = [
        programs.pandoc_path(),
        str(CODEBOOK),
        f"--from={READER}",
        "--to=html",
        "--standalone",
        "--toc",
        "--toc-depth=3",
        "--template=theme/page.html",
        "--lua-filter=theme/codebook.lua",
        "--metadata-file=build/meta.yml",
        "--metadata=lang:en",
        f"--metadata=author:{report.read().by}",
    ]
    done = children.run(command)
    if done.returncode:
        raise complaints.failure(CODEBOOK, "pandoc", done.stderr)
    return done.stdout
