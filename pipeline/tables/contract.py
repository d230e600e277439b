"""The contract of the tables: `datapackage.json`, a Data Package that other tools read as well.

What the standard lacks has a name of its own, explained in the file under `conventions`. What the
file may say is in `contract.schema.json`; what a schema cannot say is here.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline import fresh, reading, schema
from pipeline.errors import Problems, show, stop
from pipeline.schema import Fault, Pointer

FILE = "datapackage.json"
SCHEMA = Path(__file__).with_name("contract.schema.json")
_sound: set[str] = set()  # texts of contracts that this process has found sound


def read(folder: Path) -> dict:
    """Read the contract and check it; Problems name the line of all that is wrong with it.

    Its check takes as long as that of the tables, so it is left out for one that the build knows.
    """
    path = folder / FILE
    text = reading.text(path, "the contract of the tables")
    try:
        package = json.loads(text)
    except json.JSONDecodeError as error:
        told = f"got invalid JSON ({error.msg}), expected the contract of the tables"
        raise stop(path, told, line=error.lineno, column=f"character {error.colno}") from None
    if text not in _sound and not fresh.knows("check", path):
        if found := schema.told(path, text, [*schema.twice(text)] or faults(package)):
            raise Problems(*found)
        _sound.add(text)
    return package


def fields(resource: dict) -> dict[str, dict]:
    """List the columns of a table in their order: name → what it may hold."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


def by_name(package: dict) -> dict[str, dict]:
    """List the tables in their order: name → resource."""
    return {resource["name"]: resource for resource in package["resources"]}


def faults(package: dict) -> list[Fault]:
    """List what is wrong with a contract: its shape or, if that is sound, what its parts say."""
    known = json.loads(SCHEMA.read_text(encoding="utf-8"))
    shape = [*schema.faults(known, package)]
    return shape or [*_twice(package), *_unknown(known["$defs"], package)]


def _twice(package: dict) -> Iterator[Fault]:
    """Find names that are given twice, and values that have to be given twice."""
    named: list[tuple[Pointer, list[dict]]] = [
        (("resources",), package["resources"]),
        (("rules",), package["rules"]),
    ]
    for place, resource in enumerate(package["resources"]):
        at: Pointer = ("resources", place, "schema", "fields")
        named.append((at, resource["schema"]["fields"]))
        for position, field in enumerate(resource["schema"]["fields"]):
            values = [category["value"] for category in field.get("categories", [])]
            allowed = field["constraints"].get("enum", [])
            if values != allowed:
                odd = ", ".join(sorted({*values} ^ {*allowed})) or "another order"
                told = f"got categories and enum that differ ({odd}), expected the same"
                yield (*at, position, "categories"), told, "name each value in both"
    for at, items in named:
        names = [item["name"] for item in items]
        for place, name in enumerate(names):
            if name in names[:place]:
                yield (*at, place, "name"), f"got {show(name)} a second time, expected it once", ""


def _unknown(known: dict, package: dict) -> Iterator[Fault]:
    """Find names that nothing has: the schema again, with the names that there are put into it."""
    columns = {
        name: {"title": f"a column of {name}", "enum": [*fields(resource)]}
        for name, resource in by_name(package).items()
    }
    there = [
        {
            "if": {"properties": {"resource": {"const": name}}},
            "then": {"properties": {"fields": {"items": names}, "field": names}},
        }
        for name, names in columns.items()
    ]
    known = known | {"table": {"title": "a table", "enum": [*columns]}, "there": {"allOf": there}}
    for place, resource in enumerate(package["resources"]):
        own = {"$ref": "#/$defs/resource", "$defs": known | {"column": columns[resource["name"]]}}
        yield from schema.faults(own, resource, ("resources", place))
    rules = {"items": {"$ref": "#/$defs/rule"}, "$defs": known}
    yield from schema.faults(rules, package["rules"], ("rules",))
