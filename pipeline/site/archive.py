"""A folder as a zip that can be made again byte for byte."""

import stat
import zipfile
from pathlib import Path

from pipeline.report import Report

PACKED = (
    ".pdf",
    ".png",
    ".woff2",
    ".zip",
)  # by themselves; to try again takes time and gains nothing


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
