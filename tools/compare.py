"""Compare the site that was built here with one that somebody else built, byte for byte.

Run as `make compare WITH=place`: a folder that holds such a site, or its `manifest.json` alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import errors, reading
from pipeline.errors import Problem, Problems
from pipeline.site import manifest
from pipeline.site.swap import OUTPUT

# Where two sites differ in one of these, their files may differ: key, what to do
MAY_EXPLAIN = {
    "version": "build the same version",
    "date": "unset SOURCE_DATE_EPOCH",
    "commit": "build the same commit, with no file changed",
    "engine": "page and PDF come from other programs; build with ENGINE=quarto or ENGINE=pandoc",
    "tools": "the packages come with the commit; build the same one",
}
SHOWN = 20  # files that are named


def compare(place: str) -> None:
    """Say that the site in `_output/` is the same as another.

    place: the folder of the other, whose files are read, or its manifest, which is believed.

    Raises:
        Problems: every file that is not the same, and what may be the reason.
    """
    other, files = published(Path(place))
    here = manifest.digests(OUTPUT)
    differ = list(differing(here, files))
    same = len(here.keys() | files.keys()) - len(differ)
    print(f"compare: {same} files are the same, byte for byte, and {len(differ) or 'none'} differ")
    if differ:
        more = [f"and {len(differ) - SHOWN} more files"] * (len(differ) > SHOWN)
        raise Problems(*differ[:SHOWN], *map(Problem, more), *reasons(other))


def published(place: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the manifest of the other site, and the sha256 of each of its files by name."""
    path = place / manifest.NAME if place.is_dir() else place
    if not path.is_file():
        raise errors.stop(place, f"got no {manifest.NAME}, expected a built site or that file")
    other = reading.from_yaml(path, "files", *MAY_EXPLAIN)
    return other, manifest.digests(place) if place.is_dir() else other["files"]


def differing(here: dict[str, str], there: dict[str, str]) -> Iterator[Problem]:
    """List every file that one side lacks, or has with other contents."""
    for name in sorted(here.keys() | there.keys()):
        if here.get(name) != there.get(name):
            lacks = "here" if name not in here else "there" if name not in there else ""
            yield Problem(name, message=f"is missing {lacks}" if lacks else "differs")


def reasons(other: dict[str, Any]) -> Iterator[Problem]:
    """List in what the two were made differently."""
    own = manifest.read(OUTPUT)
    for key, hint in MAY_EXPLAIN.items():
        mine, theirs = own.get(key), other[key]
        if mine != theirs:
            told = f"got {said(mine, theirs)} here, {said(theirs, mine)} there"
            yield Problem(manifest.NAME, column=key, message=told, hint=hint)


def said(value: Any, other: Any) -> str:
    """Say a value of a manifest in a line; of several, those that are not the other's."""
    if isinstance(value, dict) and isinstance(other, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items() if other.get(key) != one)
    return str(value or "none")


def main() -> int:
    """Compare with what the command line names; return 0 where all is the same."""
    return errors.told("compare", lambda: compare(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
