"""Remember what each figure was made from, so that a change computes only the figures that depend on it.

Nobody has to declare what a figure reads: tables and facts are handed to it in a wrapping that takes note.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import fonts
from pipeline.state import files, fingerprint

EVERYTHING = "*"  # read by going through all of them
TOOLS = ("altair", "pandas", "babel", "vl-convert-python", "pillow")


class Marks:
    """Hashes of the values of a mapping, each computed once and only when asked for."""

    def __init__(self, values: Mapping[str, Any]):
        self.values, self.known = values, {}

    def __getitem__(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = self._mark(name)
        return self.known[name]

    def _mark(self, name: str) -> str:
        if name == EVERYTHING:
            text = "\n".join(f"{one} {self[one]}" for one in sorted(self.values))
        elif name not in self.values:
            text = "absent"
        else:
            value = self.values[name]
            text = value.to_csv(index=False) if hasattr(value, "to_csv") else repr(value)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Watched(Mapping):
    """A mapping that notes which of its values are read, also those that are looked for and missing."""

    def __init__(self, values: Mapping[str, Any]):
        self._values, self.read = values, set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        self.read.add(EVERYTHING)
        return iter(self._values)

    def __len__(self) -> int:
        self.read.add(EVERYTHING)
        return len(self._values)


class Memory:
    """What the figures of the last run were made from, by `id/lang`; a damaged or missing record is an empty one."""

    def __init__(self, path: Path, tables: Mapping[str, Any], facts: Mapping[str, Any]):
        self.path, self.marks = path, {"tables": Marks(tables), "facts": Marks(facts)}
        try:
            self.past = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.past = {}
        self.now: dict[str, dict] = {}

    def keeps(self, name: str, code: str, products: Path) -> bool:
        """Tell whether a figure would come out as it did last time, and is still there; if so, remember it on."""
        record = self.past.get(name, {})
        same = record.get("code") == code and all((products / file).is_file() for file in record["files"])
        same = same and all(self.marks[kind][one] == mark for kind in self.marks for one, mark in record[kind].items())
        if same:
            self.now[name] = record
        return same

    def note(self, name: str, code: str, read: Mapping[str, Watched], made: Iterable[str], kept: Iterable[Path]) -> None:
        """Remember what a figure has read, which files were made of it and which drawings they came from."""
        marks = {kind: {one: self.marks[kind][one] for one in sorted(watched.read)} for kind, watched in read.items()}
        self.now[name] = {"code": code, "files": sorted(made), "drawings": sorted(path.name for path in kept), **marks}

    def begin(self) -> None:
        """Forget the last run before files of this one are written: if it stops half-way, all are made again."""
        self.path.unlink(missing_ok=True)

    def save(self) -> None:
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.now, indent=1, sort_keys=True), encoding="utf-8")
        part.replace(self.path)

    def drawings(self) -> set[str]:
        """Name the drawings that some figure still stands on."""
        return {name for record in self.now.values() for name in record["drawings"]}


def code(module: Path) -> str:
    """Hash whatever a figure is computed by, its own module and all it may import, and the versions of the tools."""
    import analysis
    from figures import style

    shared = files(style.__file__, Path(analysis.__file__).parent, Path(__file__).parent, suffixes=(".py",))
    return fingerprint([*shared, module], fonts.made_from(), *(f"{tool} {version(tool)}" for tool in TOOLS))
