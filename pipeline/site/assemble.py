"""Put the site together in `build/next/`, ready to take the place of `_output/`."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

from pipeline import report
from pipeline.pages import policy
from pipeline.site import manifest, swap
from pipeline.site.swap import NEXT


def site(pages: Path, documents: Path, facts: Path, commit: str) -> None:
    """Put the site together beside the old one and exchange the two."""
    shutil.rmtree(NEXT, ignore_errors=True)
    NEXT.mkdir(parents=True)
    html = (documents / "report.html").read_text(encoding="utf-8")
    (NEXT / "report.html").write_text(policy.sealed(html), encoding="utf-8")
    add_pdf(documents / "report.pdf", NEXT / "report.pdf")
    shutil.copytree(pages, NEXT, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for path in (facts, Path("data/facts.schema.json")):
        shutil.copyfile(path, NEXT / path.name)
    engine = json.loads((documents / "engine.json").read_text(encoding="utf-8"))
    manifest.write(NEXT, engine, report.read(commit))
    swap.replace(NEXT, swap.OUTPUT)


def add_pdf(source: Path, target: Path) -> None:
    """Copy a PDF with its many small objects packed: a third of the size, same pages and tags."""
    import pikepdf

    packed = io.BytesIO()  # written by us: on a full disk the library ends the process
    with pikepdf.open(source) as document:
        document.save(
            packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    target.write_bytes(packed.getvalue())
