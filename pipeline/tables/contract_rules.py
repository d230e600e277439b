"""What the contract itself must keep: its schema, and what a schema cannot say."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.json_lines import Pointer
from pipeline.tables.texts import nearest, show

if TYPE_CHECKING:
    from jsonschema import ValidationError

Fault = tuple[Pointer, str, str]  # where, "got …, expected …", what to do
SCHEMA = Path(__file__).with_name("contract.schema.json")
WHERE = f"pipeline/tables/{SCHEMA.name}"
LISTED = 12  # keys or values that a message lists
SHOWN = 60  # characters of a value


def faults(package: Any) -> list[Fault]:
    """List what is wrong with a contract: its shape or, if that is sound, what its parts say."""
    shape = [fault for error in _validator().iter_errors(package) for fault in _said(error)]
    return shape or [*_twice(package), *_between(package)]


@cache
def compiled(pattern: str) -> Any:
    """Compile a pattern of the contract; ValueError if RE2 refuses it.

    RE2 takes time in proportion to the text, so no pattern can keep the check busy for ever.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0]
        raise ValueError(why.decode() if isinstance(why, bytes) else why) from None


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator, FormatChecker  # 0.2 s that a known contract saves

    formats, wrong = FormatChecker(formats=()), (ValueError, TypeError)
    formats.checks("seen", wrong)(str.isprintable)
    formats.checks("day", wrong)(date.fromisoformat)
    formats.checks("time", wrong)(datetime.fromisoformat)
    formats.checks("pattern", wrong)(compiled)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=formats)


def _said(error: ValidationError) -> Iterator[Fault]:
    """Put an error of the schema into the words of this project."""
    at, found, wanted = tuple(error.absolute_path), error.instance, error.validator_value
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in found if key not in known):
            told = f"got the key {show(key)}, expected one of {_some(known)}"
            yield (
                (*at, key),
                told,
                nearest(key, known) or f"if it is meant, describe it in {WHERE}",
            )
    elif error.validator == "required":
        for key in (key for key in wanted if key not in found):
            yield at, f"got no {key}, expected one", ""
    elif error.validator == "enum":
        told = f"got {_got(found)}, expected one of {_some(wanted)}"
        yield at, told, nearest(str(found), wanted)
    elif error.validator in ("pattern", "format"):
        why = f" ({error.cause})" if error.cause else ""
        yield at, f"got {_got(found)}{why}, expected {error.schema['description']}", ""
    elif error.validator is None:  # a schema that is false
        yield at, f"got {_got(found)}, expected none: a column of this type has no such key", ""
    else:
        yield at, f"got {_got(found)}, expected {error.validator} {json.dumps(wanted)}", ""


def _got(found: Any) -> str:
    if isinstance(found, dict | list):
        return "an object" if isinstance(found, dict) else "a list"
    return show(found) if isinstance(found, str) else json.dumps(found)[:SHOWN]


def _some(known: Collection[str]) -> str:
    return ", ".join([*known][:LISTED]) + (", …" if len(known) > LISTED else "")


def _twice(package: dict) -> Iterator[Fault]:
    """Find names and paths that are given twice."""
    resources = package["resources"]
    lists: list[tuple[Pointer, list[dict], str]] = [
        (("resources",), resources, "name"),
        (("resources",), resources, "path"),
        (("rules",), package["rules"], "name"),
    ]
    for place, resource in enumerate(resources):
        at: Pointer = ("resources", place, "schema", "fields")
        lists.append((at, resource["schema"]["fields"], "name"))
    for at, items, key in lists:
        names = [item[key] for item in items]
        for place, name in enumerate(names):
            if name in names[:place]:
                yield (*at, place, key), f"got {show(name)} a second time, expected it once", ""


def _between(package: dict) -> Iterator[Fault]:
    """Find names that nothing has, and what has to be the same in two places."""
    tables = {
        resource["name"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in package["resources"]
    }
    for number, rule in enumerate(package["rules"]):
        yield from _unknown([rule["table"]], tables, "a table", ("rules", number, "table"))
    for number, resource in enumerate(package["resources"]):
        place: Pointer = ("resources", number)
        name, schema = resource["name"], resource["schema"]
        for at, names in _own(resource):
            yield from _unknown(names, tables[name], f"a column of {name}", place + at)
        for at, table, names in _others(schema):
            yield from _unknown([table], tables, "a table", place + at)
            yield from _unknown(names, tables.get(table, names), f"a column of {table}", place + at)
        for position, key in enumerate(schema.get("foreignKeys", [])):
            here, there = len(key["fields"]), len(key["reference"]["fields"])
            if here != there:
                told = f"got {there} columns, expected {here}, as in fields"
                yield (*place, "schema", "foreignKeys", position, "reference"), told, ""
        for position, field in enumerate(schema["fields"]):
            values = [category["value"] for category in field.get("categories", [])]
            allowed = field["constraints"].get("enum", [])
            if values != allowed:
                odd = sorted({*values} ^ {*allowed}) or ["another order"]
                told = f"got categories and enum that differ ({_some(odd)}), expected the same"
                part = "categories" if values else "constraints"
                yield (*place, "schema", "fields", position, part), told, "name each value in both"


def _unknown(names: list[str], known: Collection[str], what: str, at: Pointer) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            told = f"got {show(name)}, expected {what}, one of {_some(known)}"
            yield at, told, nearest(name, known)


def _own(resource: dict) -> Iterator[tuple[Pointer, list[str]]]:
    """List where a table names columns of its own."""
    schema, facts = resource["schema"], resource.get("facts")
    if facts:
        named = [facts[key] for key in ("speaker", "value") if key in facts]
        yield ("facts",), ["id", "date", *facts["what"], *named]
    if "sourcesFrom" in resource:
        yield ("sourcesFrom",), [resource["sourcesFrom"]]
    yield ("schema", "primaryKey"), schema["primaryKey"]
    for number, key in enumerate(schema.get("uniqueKeys", [])):
        yield ("schema", "uniqueKeys", number), key
    for number, key in enumerate(schema.get("foreignKeys", [])):
        yield ("schema", "foreignKeys", number, "fields"), key["fields"]
    for number, field in enumerate(schema["fields"]):
        if "unitFrom" in field:
            yield ("schema", "fields", number, "unitFrom"), [field["unitFrom"]]


def _others(schema: dict) -> Iterator[tuple[Pointer, str, list[str]]]:
    """List where a table names another, and columns of that."""
    for number, key in enumerate(schema.get("foreignKeys", [])):
        target = key["reference"]
        yield ("schema", "foreignKeys", number, "reference"), target["resource"], target["fields"]
    for number, field in enumerate(schema["fields"]):
        if "listOf" in field:
            target = field["listOf"]
            yield ("schema", "fields", number, "listOf"), target["resource"], [target["field"]]
