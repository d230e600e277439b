"""What readers may take away besides the report: every fact as JSON, every table with its contract and codebook."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline import assemble, state
from pipeline.errors import stop

DATA = Path("data")
TITLE = "Two counts, one election"


def write_facts(facts: Mapping[str, dict], printed: Collection[str], edition: Mapping[str, str], folder: Path) -> None:
    """Write `facts.json` and the schema that documents it."""
    shutil.copyfile(DATA / "facts.schema.json", folder / "facts.schema.json")
    listed = {name: fact | {"printed": name in printed} for name, fact in facts.items()}
    head = {"$schema": "facts.schema.json", "title": TITLE, "version": edition["version"], "date": edition["date"], "licence": "CC-BY-4.0"}
    text = json.dumps(head | {"facts": listed}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "facts.json").write_text(text + "\n", encoding="utf-8")


def write_tables(folder: Path) -> None:
    """Copy every table with its contract and licence, and set the codebook as a page beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in state.files(DATA):
        shutil.copyfile(path, folder / path.name)
    (folder / "index.html").write_text(assemble.sealed(codebook(), "data/README.md"), encoding="utf-8")


def codebook() -> str:
    """Set `data/README.md` as a self-contained page in the look of the report."""
    import pypandoc

    source = DATA / "README.md"
    command = [
        pypandoc.get_pandoc_path(), str(source), "--from=markdown-citations", "--to=html", "--standalone", "--embed-resources", "--toc", "--toc-depth=3",
        "--template=theme/page.html", "--css=build/palette.css", "--css=theme/page.css", "--lua-filter=theme/codebook.lua",
        "--metadata-file=build/meta.yml", "--metadata=lang:en", "--metadata=author:Two Counts contributors",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise stop(source, f"Pandoc: {done.stderr.strip()[:300]}", hint="mend the codebook or theme/codebook.lua")
    return done.stdout
