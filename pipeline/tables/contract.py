"""The contract of the tables: `datapackage.json`, a Data Package that other tools read as well.

What the standard lacks has a name of its own, explained in the file under `conventions`.
What the file may say is in `contract.schema.json` and `contract_rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline import fresh, json_lines, reading
from pipeline.errors import Problem, Problems, stop
from pipeline.json_lines import Pointer
from pipeline.tables import contract_rules
from pipeline.tables.contract_rules import Fault

FILE = "datapackage.json"
KIND = "the contract of the tables"
_sound: set[str] = set()  # texts of contracts that this process has found sound


def read(folder: Path) -> dict:
    """Read the contract and check it; Problems name the line of all that is wrong with it.

    Its check takes as long as that of the tables, so it is left out for one that the build knows.
    """
    path = folder / FILE
    text = reading.text(path, KIND)
    package = reading.parsed(text, path, KIND)
    if text not in _sound and not fresh.knows("check", path):
        if twice := json_lines.first_twice(text):
            message = f'got the key "{twice[0]}" twice in one object, expected it once'
            raise stop(path, message, line=twice[1])
        if found := told(path, package, contract_rules.faults(package)):
            raise Problems(*found)
        _sound.add(text)
    return package


def told(path: Path, package: Any, faults: Iterable[Fault]) -> list[Problem]:
    """Give faults of the contract their line: that of the value, or of what it should stand in."""
    faults = list(faults)
    lines = dict(json_lines.places(reading.text(path, KIND))) if faults else {}
    problems = []
    for at, message, hint in faults:
        known = next(at[:end] for end in range(len(at), -1, -1) if at[:end] in lines)
        problems.append(Problem(str(path), lines[known], _named(package, at), message, hint))
    return sorted(set(problems))


def _named(package: Any, at: Pointer) -> str:
    """Spell a place in the contract, list items by their name: `resources/claims/rowCount`."""
    words, value = [], package
    for step in at:
        known = isinstance(value, list) or (isinstance(value, dict) and step in value)
        value = value[step] if known else None
        name = value.get("name") if isinstance(step, int) and isinstance(value, dict) else None
        words.append(name if isinstance(name, str) else str(step))
    return "/".join(words)


def fields(resource: dict) -> dict[str, dict]:
    """List the columns of a table in their order: name → what it may hold."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


def by_name(package: dict) -> dict[str, dict]:
    """List the tables in their order: name → resource."""
    return {resource["name"]: resource for resource in package["resources"]}
