"""The tables as readers may take them away: with their contract, their licence and the codebook as
a page."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline import children, fresh
from pipeline.errors import Problem
from pipeline.prose import manuscript, tree
from pipeline.site import assemble, engines

DATA = Path("data")
CODEBOOK = DATA / "README.md"
READER = "markdown-citations-native_divs-native_spans"


def write_tables(folder: Path) -> None:
    """Copy every table with its contract and licence, and set the codebook as a page beside
    them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in fresh.files(DATA):
        shutil.copyfile(path, folder / path.name)
    (folder / "index.html").write_text(assemble.sealed(codebook(), str(CODEBOOK)), encoding="utf-8")


def problems() -> list[Problem]:
    """List what must not be published of `data/README.md`, with file and line."""
    odd = list(manuscript.characters(CODEBOOK))
    rules = tree.Rules(READER, _permitted, "https://…, #place or a file of the project")
    return odd or tree.problems(manuscript.rows(CODEBOOK), rules)


def _permitted(target: str) -> bool:
    """Tell whether a link leads to the web, or to a file of the project that is there."""
    if manuscript.ADDRESS.fullmatch(target):
        return True
    path = (DATA / target.partition("#")[0]).resolve()
    return ":" not in target and path.is_relative_to(Path.cwd()) and path.is_file()


def codebook() -> str:
    """Set `data/README.md` as a self-contained page in the look of the report."""
    source = CODEBOOK
    command = [
        engines.pandoc_path(),
        str(source),
        f"--from={READER}",
        "--to=html",
        "--standalone",
        "--embed-resources",
        "--toc",
        "--toc-depth=3",
        "--template=theme/page.html",
        "--css=build/palette.css",
        "--css=theme/page.css",
        "--lua-filter=theme/codebook.lua",
        "--metadata-file=build/meta.yml",
        "--metadata=lang:en",
        "--metadata=author:Two Counts contributors",
    ]
    done = children.run(command)
    if done.returncode:
        raise engines.failure(source, "pandoc", done.stderr)
    return done.stdout
