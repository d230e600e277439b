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
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return [*_errors(schema, package)] or [*_twice(package), *_unknown(schema["$defs"], package)]


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


def _errors(schema: dict, part: Any, at: Pointer = ()) -> Iterator[Fault]:
    """Hold a part of the contract, which stands at a place of it, to a schema."""
    from jsonschema import Draft202012Validator, FormatChecker  # 0.2 s that a known contract saves

    formats, wrong = FormatChecker(formats=()), (ValueError, TypeError)
    formats.checks("seen", wrong)(str.isprintable)
    formats.checks("day", wrong)(date.fromisoformat)
    formats.checks("time", wrong)(datetime.fromisoformat)
    formats.checks("pattern", wrong)(compiled)
    for error in Draft202012Validator(schema, format_checker=formats).iter_errors(part):
        for place, told, hint in _said(error):
            yield (*at, *place), told, hint


def _said(error: ValidationError) -> Iterator[Fault]:
    """Put an error of the schema into the words of this project."""
    at, found, wanted = tuple(error.absolute_path), error.instance, error.validator_value
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in found if key not in known):
            told = f"got the key {show(key)}, expected one of {_some(known)}"
            hint = nearest(key, known) or f"if it is meant, describe it in {WHERE}"
            yield (*at, key), told, hint
    elif error.validator == "required":
        for key in (key for key in wanted if key not in found):
            yield at, f"got no {key}, expected one", ""
    elif error.validator == "enum":
        what = f"{error.schema['title']}, " if "title" in error.schema else ""
        told = f"got {_got(found)}, expected {what}one of {_some(wanted)}"
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
    """Find names and paths that are given twice, and values that have to be given twice."""
    lists: list[tuple[Pointer, list[dict], str]] = [
        (("resources",), package["resources"], "name"),
        (("resources",), package["resources"], "path"),
        (("rules",), package["rules"], "name"),
    ]
    for place, resource in enumerate(package["resources"]):
        at: Pointer = ("resources", place, "schema", "fields")
        lists.append((at, resource["schema"]["fields"], "name"))
        for position, field in enumerate(resource["schema"]["fields"]):
            values = [category["value"] for category in field.get("categories", [])]
            allowed = field["constraints"].get("enum", [])
            if values != allowed:
                odd = sorted({*values} ^ {*allowed}) or ["another order"]
                told = f"got categories and enum that differ ({_some(odd)}), expected the same"
                part = "categories" if values else "constraints"
                yield (*at, position, part), told, "name each value in both"
    for at, items, key in lists:
        names = [item[key] for item in items]
        for place, name in enumerate(names):
            if name in names[:place]:
                yield (*at, place, key), f"got {show(name)} a second time, expected it once", ""


def _unknown(known: dict, package: dict) -> Iterator[Fault]:
    """Find names that nothing has: the schema again, with the names that there are put into it."""
    columns = {
        resource["name"]: {
            "title": f"a column of {resource['name']}",
            "enum": [field["name"] for field in resource["schema"]["fields"]],
        }
        for resource in package["resources"]
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
        yield from _errors(own, resource, ("resources", place))
    rules = {"items": {"$ref": "#/$defs/rule"}, "$defs": known}
    yield from _errors(rules, package["rules"], ("rules",))
