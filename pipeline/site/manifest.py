"""What was built, from what, with what: `manifest.json`."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

TOOLS = ("altair", "pandas", "pikepdf", "pillow", "pypandoc_binary", "typst", "vl-convert-python")


def commit() -> str:
    """Name the commit of the tree, with `+changes` when files differ from it; "" outside git."""
    head = git("rev-parse", "--short=12", "HEAD").strip()
    return head + ("+changes" if head and git("status", "--porcelain") else "")


def git(*arguments: str) -> str:
    """Ask git about this project; "" where it is no checkout, even if it lies inside one."""
    if not Path(".git").exists():
        return ""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout


def digests(folder: Path) -> dict[str, str]:
    """Hash every file of a folder but the manifest itself: relative name → sha256."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths
    }


def write(folder: Path, engine: dict[str, str], edition: dict[str, str]) -> None:
    """Write the manifest of a finished site; the same site gives the same bytes."""
    from importlib.metadata import version  # 17 ms that a build with nothing to do has no use for

    content = {
        "title": "Two counts, one election",
        **edition,
        "engine": engine,
        "tools": {name: version(name) for name in TOOLS},
        "files": digests(folder),
    }
    (folder / "manifest.json").write_text(
        json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def intact(folder: Path) -> bool:
    """Tell whether a site still is what its manifest says, file for file."""
    try:
        recorded = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return False
    return recorded == digests(folder)
