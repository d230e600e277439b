"""What the contract itself must keep: its schema, and what a schema cannot say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tables.json_lines import Pointer
from pipeline.tables.texts import nearest, show

if TYPE_CHECKING:
    from jsonschema import ValidationError

Fault = tuple[Pointer, str, str]  # where, "got …, expected …", what to do
SCHEMA = Path(__file__).with_name("contract.schema.json")
LISTED = 12  # keys or values that a message lists
KINDS = {
    "array": "a list",
    "object": "an object",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
UNKNOWN = f"if it is meant, describe it in pipeline/{SCHEMA.name}"


def faults(package: Any) -> list[Fault]:
    """List what is wrong with a contract: its shape or, if that is sound, what its parts say."""
    try:
        return [*_unseen(package, ()), *_shape(package)] or [*_between(package)]
    except RecursionError:
        return [((), "got brackets nested too deep, expected a contract", "")]


def _unseen(found: Any, at: Pointer) -> Iterator[Fault]:
    """Find texts that hold what nobody sees: an escape code, a NUL, half a character."""
    if isinstance(found, str) and not found.isprintable():
        yield (
            at,
            f"got {show(found)}, expected letters that can be seen",
            "delete the odd character",
        )
    parts = (
        found.items()
        if isinstance(found, dict)
        else enumerate(found)
        if isinstance(found, list)
        else ()
    )
    for key, value in parts:
        if isinstance(key, str):
            yield from _unseen(key, (*at, key))
        if not isinstance(value, str) or not value.isprintable():
            yield from _unseen(value, (*at, key))


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # 0.2 s that a check of a known contract saves

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _shape(package: Any) -> Iterator[Fault]:
    for error in _validator().iter_errors(package):
        yield from _said(error)


def _said(error: ValidationError) -> Iterator[Fault]:
    """Put an error of the schema into the words of this project."""
    at, found, wanted = tuple(error.absolute_path), error.instance, error.validator_value
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in found:
            if key not in known:
                expected = f"one of {_some(known)}"
                yield (
                    (*at, key),
                    f"got the key {show(key)}, expected {expected}",
                    nearest(key, known) or UNKNOWN,
                )
    elif error.validator == "required":
        for key in wanted:
            if key not in found:
                yield (
                    at,
                    f"got no {key}, expected one",
                    nearest(key, set(found) - set(error.schema.get("properties", ()))),
                )
    elif error.validator == "enum":
        yield (
            at,
            f"got {_got(found)}, expected one of {_some(wanted)}",
            nearest(str(found), map(str, wanted)),
        )
    else:
        yield at, f"got {_got(found)}, expected {_expected(error)}", ""


def _expected(error: ValidationError) -> str:
    wanted, listed = error.validator_value, isinstance(error.instance, list)
    match error.validator:
        case "type":
            return " or ".join(
                KINDS[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted)
            )
        case "const":
            return json.dumps(wanted)
        case "pattern":
            return error.schema["description"]
        case "minimum":
            return f"at least {wanted}"
        case "uniqueItems":
            return "each item once"
        case "minItems" | "minLength":
            return "at least one item" if listed else "some text"
        case "maxLength":
            return f"at most {wanted} character"
        case _:  # a schema that is false
            return "none: a column of this type has no such key"


def _got(found: Any) -> str:
    """Show a value of any kind in a few words."""
    if isinstance(found, str):
        return show(found)
    if isinstance(found, dict | list):
        kind = "an object" if isinstance(found, dict) else "a list"
        return (
            f"{kind} of {len(found)}"
            if found
            else kind.replace(" ", " empty ").replace("a empty", "an empty")
        )
    return json.dumps(found)[: LISTED * 5]


def _some(known: Any) -> str:
    listed = [str(one) for one in known]
    return ", ".join(listed[:LISTED]) + (", …" if len(listed) > LISTED else "")


def _between(package: dict) -> Iterator[Fault]:
    """Find names given twice, and names that nothing has."""
    tables = {
        resource["name"]: {field["name"]: field for field in resource["schema"]["fields"]}
        for resource in package["resources"]
    }
    try:
        datetime.fromisoformat(package["created"])
    except ValueError:
        yield ("created",), f"got {show(package['created'])}, expected a time that exists", ""
    yield from _twice(package["resources"], "name", ("resources",))
    yield from _twice(package["resources"], "path", ("resources",))
    yield from _twice(package["rules"], "name", ("rules",))
    for place, rule in enumerate(package["rules"]):
        yield from _known([rule["table"]], tables, "a table", ("rules", place, "table"))
    for place, resource in enumerate(package["resources"]):
        yield from _table(resource, tables, ("resources", place, "schema"))


def _twice(items: list[dict], key: str, at: Pointer) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, item in enumerate(items):
        if item[key] in seen:
            yield (*at, place, key), f"got {show(item[key])} a second time, expected it once", ""
        seen.add(item[key])


def _known(names: list[str], known: Mapping[str, Any], what: str, at: Pointer) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            told = f"got {show(name)}, expected {what}, one of {_some(known)}"
            yield at, told, nearest(name, known)


def _table(resource: dict, tables: dict[str, dict], at: Pointer) -> Iterator[Fault]:
    schema, columns = resource["schema"], tables[resource["name"]]
    yield from _twice(schema["fields"], "name", (*at, "fields"))
    for place, field in enumerate(schema["fields"]):
        yield from _field(field, tables, columns, (*at, "fields", place))
    what = f"a column of {resource['name']}"
    yield from _known(schema["primaryKey"], columns, what, (*at, "primaryKey"))
    for name in schema["primaryKey"]:
        if name in columns and not columns[name]["constraints"].get("required"):
            told = f"got the column {name}, which may be empty, expected required columns"
            yield (*at, "primaryKey"), told, f'set "required": true for {name}'
    for place, key in enumerate(schema.get("uniqueKeys", [])):
        yield from _known(key, columns, what, (*at, "uniqueKeys", place))
    for place, key in enumerate(schema.get("foreignKeys", [])):
        here, target = (*at, "foreignKeys", place), key["reference"]
        yield from _known(key["fields"], columns, what, (*here, "fields"))
        yield from _target(
            target["resource"], target["fields"], tables, (*here, "reference"), "fields"
        )
        if len(key["fields"]) != len(target["fields"]):
            told = (
                f"got {len(target['fields'])} columns, expected {len(key['fields'])}, as in fields"
            )
            yield (*here, "reference", "fields"), told, ""


def _target(
    table: str, names: list[str], tables: dict[str, dict], at: Pointer, key: str
) -> Iterator[Fault]:
    yield from _known([table], tables, "a table", (*at, "resource"))
    if table in tables:
        yield from _known(names, tables[table], f"a column of {table}", (*at, key))


def _field(field: dict, tables: dict, columns: dict[str, dict], at: Pointer) -> Iterator[Fault]:
    limits = field["constraints"]
    if field["type"] == "number" and f"{field['name']}_step" in columns:
        told = f"got {field['name']} beside a column {field['name']}_step, expected no such column"
        yield (*at, "name"), told, "rename one: rules need the name for the last printed decimal"
    if "unitFrom" in field:
        yield from _known([field["unitFrom"]], columns, "a column of this table", (*at, "unitFrom"))
    if listed := field.get("listOf"):
        yield from _target(listed["resource"], [listed["field"]], tables, (*at, "listOf"), "field")
    if "pattern" in limits:
        yield from _pattern(limits["pattern"], (*at, "constraints", "pattern"))
    yield from _range(field["type"], limits, (*at, "constraints"))
    values = [category["value"] for category in field.get("categories", [])]
    if values != limits.get("enum", []):
        odd = sorted(set(values) ^ set(limits.get("enum", []))) or ["another order"]
        told = f"got categories and enum that differ ({_some(odd)}), expected the same values"
        yield (*at, "categories" if values else "constraints"), told, "name each value in both"


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


def _pattern(pattern: str, at: Pointer) -> Iterator[Fault]:
    try:
        compiled(pattern)
    except ValueError as error:
        told = f"got {show(pattern)} ({error}), expected a regular expression of RE2"
        yield at, told, "write it without lookahead and backreference"


def _range(kind: str, limits: dict, at: Pointer) -> Iterator[Fault]:
    ends = [key for key in ("minimum", "maximum") if key in limits]
    for key in ends if kind == "date" else ():
        try:
            date.fromisoformat(limits[key])
        except ValueError:
            yield (*at, key), f"got {show(limits[key])}, expected a day that exists, YYYY-MM-DD", ""
    if len(ends) == 2 and limits["minimum"] > limits["maximum"]:
        told = f"got a minimum of {limits['minimum']}, expected at most {limits['maximum']}"
        yield (*at, "minimum"), told, ""
