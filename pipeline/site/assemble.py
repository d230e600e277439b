"""Put the site together in `build/next/`, ready to take the place of `_output/`."""

import json
import shutil
from pathlib import Path

from pipeline import report
from pipeline.pages import policy
from pipeline.pages.front import ARCHIVE
from pipeline.pages.page import filled
from pipeline.report import Report
from pipeline.site import archive, manifest, pdf, swap
from pipeline.site.swap import NEXT


def site(pages: Path, documents: Path, facts: Path, commit: str) -> None:
    """Put the site together beside the old one and exchange the two."""
    shutil.rmtree(NEXT, ignore_errors=True)
    NEXT.mkdir(parents=True)
    work = report.read(commit)
    html = (documents / "report.html").read_text(encoding="utf-8")
    (NEXT / "report.html").write_text(policy.sealed(html), encoding="utf-8")
    pdf.finish(documents / "report.pdf", NEXT / "report.pdf", work)
    shutil.copytree(pages, NEXT, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for path in (facts, Path("data/facts.schema.json")):
        shutil.copyfile(path, NEXT / path.name)
    work = report.read(commit)
    add_archive(NEXT, work)
    engine = json.loads((documents / "engine.json").read_text(encoding="utf-8"))
    manifest.write(NEXT, engine, work)
    swap.replace(NEXT, swap.OUTPUT)


def add_archive(folder: Path, work: Report, lang: str = "en") -> None:
    """Pack the whole site, and let its front lead to the archive.

    The front in the archive does not: nobody who has unpacked it looks for it there.
    """
    name, front = f"{work.name}-{work.version}.zip", folder / "index.html"
    size = archive.pack(folder, folder / name, Path(name).stem, work).stat().st_size
    line = filled("archive.html", work, lang, name=name, megabytes=size / 10**6)
    text = front.read_text(encoding="utf-8").replace(ARCHIVE, line.strip())
    front.write_text(text, encoding="utf-8")
