"""Put the site together in `build/next/`, ready to take the place of `_output/`."""

import json
import shutil
import stat
import zipfile
from pathlib import Path

from pipeline import report
from pipeline.pages.figures import ARCHIVE
from pipeline.pages.page import filled, lean, sealed
from pipeline.report import Report
from pipeline.site import manifest, pdf, swap
from pipeline.site.swap import NEXT

PACKED = (".pdf", ".png", ".woff2", ".zip")  # by themselves; to try again gains nothing


def site(pages: Path, documents: Path, facts: Path, commit: str) -> None:
    """Put the site together beside the old one and exchange the two."""
    shutil.rmtree(NEXT, ignore_errors=True)
    NEXT.mkdir(parents=True)
    work = report.read(commit)
    html = (documents / "report.html").read_text(encoding="utf-8")
    (NEXT / "report.html").write_text(sealed(lean(html)), encoding="utf-8")
    pdf.finish(documents / "report.pdf", NEXT / "report.pdf", work)
    shutil.copytree(pages, NEXT, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for path in (facts, Path("data/facts.schema.json")):
        shutil.copyfile(path, NEXT / path.name)
    # The front in the archive does not lead to it: nobody who has unpacked it looks for it there.
    name, front = f"{work.name}-{work.version}.zip", NEXT / "index.html"
    size = pack(NEXT, NEXT / name, Path(name).stem, work).stat().st_size
    line = filled("archive.html", work, "en", name=name, megabytes=size / 10**6)
    text = front.read_text(encoding="utf-8").replace(ARCHIVE, line.strip())
    front.write_text(text, encoding="utf-8")
    engine = json.loads((documents / "engine.json").read_text(encoding="utf-8"))
    manifest.write(NEXT, engine, work)
    swap.replace(NEXT, swap.OUTPUT)


def pack(folder: Path, archive: Path, top: str, work: Report) -> Path:
    """Write a folder as a zip whose bytes depend on nothing but names and contents.

    top: the folder in which all of it is unpacked
    """
    part = archive.with_suffix(".part")
    time = (work.day.year, work.day.month, work.day.day, 0, 0, 0)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path != part):
            entry = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", time)
            entry.create_system = 3
            runs = path.stat().st_mode & stat.S_IXUSR
            entry.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            how = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes(), how)
    return part.replace(archive)
