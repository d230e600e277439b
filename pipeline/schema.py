"""Holds what people write in JSON and YAML to a schema, and gives each mistake its line."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline import reading
from pipeline.errors import Problem, Problems, nearest, show

Pointer = tuple[str | int, ...]  # the keys and indexes that lead to a value; () is the whole
Fault = tuple[Pointer, str, str]  # where, "got …, expected …", what to do
OURS = Path(__file__).with_name("schema.json")  # of the YAML that people write, by kind
LISTED = 12  # keys or values that a message lists


def read(path: Path, kind: str) -> dict[str, Any]:
    """Read a YAML file of a kind that `schema.json` describes; Problems tell all its mistakes."""
    return held(path, reading.text(path, "a YAML file"), kind)


def held(path: Path, text: str, kind: str) -> dict[str, Any]:
    """Parse YAML that was read from a file, or from its head, as `read` does."""
    found = reading.yaml_text(text, path)
    rules = json.loads(OURS.read_text(encoding="utf-8")) | {"$ref": f"#/$defs/{kind}"}
    if wrong := told(path, text, [*twice(text)] or faults(rules, found)):
        raise Problems(*wrong)
    return found


def lines(text: str) -> list[tuple[Pointer, int]]:
    """Give (pointer, line) of every value of a YAML text, or of JSON, which is YAML as well.

    A key stands for its value. What the parser cannot follow has no place but line 1.
    """
    import yaml  # 0.02 s that a text without a mistake saves

    try:
        return [*_below(yaml.compose(text, Loader=yaml.CSafeLoader), (), 1)]
    except yaml.YAMLError:
        return [((), 1)]


def _below(node: Any, at: Pointer, line: int) -> Iterator[tuple[Pointer, int]]:
    yield at, line
    if isinstance(node.value, list):
        for place, inner in enumerate(node.value):
            key, value = inner if node.id == "mapping" else (inner, inner)
            step = key.value if node.id == "mapping" else place
            yield from _below(value, (*at, step), key.start_mark.line + 1)


def twice(text: str) -> Iterator[Fault]:
    """Find the first key that its object has already: every parser would take the last."""
    seen: set[Pointer] = set()
    for at, _ in lines(text):
        if at in seen:
            yield at, f'got the key "{at[-1]}" twice in one object, expected it once', ""
            return
        seen.add(at)


def told(path: Path, text: str, faults: Iterable[Fault]) -> list[Problem]:
    """Give faults their line: that of the value, or of what it should stand in."""
    found = list(faults)
    known = dict(lines(text)) if found else {}
    problems = []
    for at, message, hint in found:
        line = next(known[at[:end]] for end in range(len(at), -1, -1) if at[:end] in known)
        problems.append(Problem(str(path), line, "/".join(map(str, at)), message, hint))
    return sorted(set(problems))


def faults(schema: dict, value: Any, at: Pointer = ()) -> Iterator[Fault]:
    """Hold a value, which stands at a place of a whole, to a JSON schema."""
    from jsonschema import Draft202012Validator, FormatChecker  # 0.2 s that a known text saves

    formats, wrong = FormatChecker(formats=()), (ValueError, TypeError, re.error)
    for name, check in (("day", date), ("time", datetime)):
        formats.checks(name, wrong)(check.fromisoformat)
    formats.checks("pattern", wrong)(re.compile)
    for error in Draft202012Validator(schema, format_checker=formats).iter_errors(value):
        for place, message, hint in _said(error):
            yield (*at, *place), message, hint


def _said(error: Any) -> Iterator[Fault]:
    """Put a ValidationError of jsonschema into the words of this project."""
    at, found, wanted = tuple(error.absolute_path), error.instance, error.validator_value
    got = f"got {_got(found)}"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in found if key not in known):
            told = f"got the key {show(key)}, expected one of {_some(known)}"
            yield (*at, key), told, nearest(str(key), known)
    elif error.validator == "required":
        for key in (key for key in wanted if key not in found):
            yield at, f"got no {key}, expected one", ""
    elif error.validator == "enum":
        what = f"{error.schema['title']}, " if "title" in error.schema else ""
        yield at, f"{got}, expected {what}one of {_some(wanted)}", nearest(str(found), wanted)
    elif error.validator is None:  # a schema that is false
        yield at, f"{got}, expected none: a column of this type has no such key", ""
    elif "description" in error.schema:
        why = f" ({error.cause})" if error.cause else ""
        yield at, f"{got}{why}, expected {error.schema['description']}", ""
    else:
        yield at, f"{got}, expected {error.validator} {json.dumps(wanted)}", ""


def _got(found: Any) -> str:
    if isinstance(found, dict | list):
        return "an object" if isinstance(found, dict) else "a list"
    return show(found) if isinstance(found, str) else json.dumps(found, default=str)


def _some(known: Collection[str]) -> str:
    return ", ".join([*known][:LISTED]) + (", …" if len(known) > LISTED else "")
