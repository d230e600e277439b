"""What was built, from what, with what: `manifest.json`."""

import hashlib
import json
import re
from pathlib import Path

from pipeline.report import Report

NAME = "manifest.json"
TOOLS = Path("requirements/render.in")  # what draws and sets the report, a package a line


def digests(folder: Path) -> dict[str, str]:
    """Hash every file of a folder but the manifest itself: relative name → sha256."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p != folder / NAME)
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths
    }


def write(folder: Path, engine: dict[str, str], report: Report) -> None:
    """Write the manifest of a finished site; the same site gives the same bytes."""
    from importlib.metadata import version  # 17 ms that a build with nothing to do has no use for

    tools = re.findall(r"^[\w-]+", TOOLS.read_text(encoding="utf-8"), re.M)
    content = {
        "title": report.short,
        "version": report.version,
        "date": report.date,
        "commit": report.commit,
        "engine": engine,
        "tools": {name: version(name) for name in tools},
        "files": digests(folder),
    }
    text = json.dumps(content, indent=1, sort_keys=True) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")


def read(folder: Path) -> dict:
    """Read the manifest of a site; {} where there is none that can be read."""
    try:
        return json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def intact(folder: Path) -> bool:
    """Tell whether a site still is what its manifest says, file for file."""
    return read(folder).get("files") == digests(folder)
