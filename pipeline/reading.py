"""Reads the project's own files; whatever is wrong with one is told with its line."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import json_lines
from pipeline.errors import Problems, stop

LARGEST = 4_000_000  # bytes; 25 times the largest table: more is no file of this report
RESTORE = "restore it from version control"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
BOM = "\ufeff"


def content(path: Path, kind: str = "a text file") -> bytes:
    """Return the bytes of a regular, readable file of modest size.

    kind: what is expected there, for the message.
    Raises Problems when the file is missing, unreadable, no regular file, or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise stop(path, f"got a directory or device, expected {kind}", hint=RESTORE)
        if status.st_size > LARGEST:
            raise _too_large(path, f"{status.st_size:,}")
        with path.open("rb") as file:
            read = file.read(LARGEST + 1)  # what a system makes up may say that it has no bytes
    except FileNotFoundError:
        raise stop(path, f"got no file, expected {kind}", hint=RESTORE) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise stop(path, f"got a file that cannot be read ({why}), expected {kind}") from None
    if len(read) > LARGEST:
        raise _too_large(path, f"more than {LARGEST:,}")
    return read


def _too_large(path: Path, size: str) -> Problems:
    told = f"got {size} bytes, expected at most {LARGEST:,}"
    return stop(path, told, hint="split it, or raise the limit in pipeline/reading.py")


def in_line(data: bytes, start: int) -> str:
    """Say where in its line a byte stands, for a message."""
    begins = data.rfind(b"\n", 0, start)
    return f"character {start - begins}"


def decoded(data: bytes, path: Path, place: Callable[[bytes, int], str] = in_line) -> str:
    """Decode UTF-8, keeping line ends and a byte order mark; Problems name line, byte and place.

    place: names the column of a byte, given all bytes and its index.
    """
    if data[:2] in UTF16:
        hint = "save it as UTF-8 without a byte order mark"
        raise stop(path, "got UTF-16, expected UTF-8", line=1, hint=hint)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise stop(
            path,
            f"got byte 0x{data[error.start]:02x}, which is not UTF-8, expected UTF-8",
            line=line,
            column=place(data, error.start),
            hint="it looks like Latin-1; save it as UTF-8",
        ) from None


def text(path: Path, kind: str = "a text file") -> str:
    """Read a UTF-8 text file with plain line ends; Problems for a byte order mark too."""
    read = decoded(content(path, kind), path)
    if read.startswith(BOM):
        hint = 'save it as "UTF-8", not "UTF-8 with BOM"'
        raise stop(path, "got a byte order mark, expected UTF-8 without one", line=1, hint=hint)
    return read.replace("\r\n", "\n")


def parsed(read: str, path: Path, kind: str = "a JSON file") -> Any:
    """Parse the text of a JSON file in which no object names a key twice.

    Raises Problems that name the line, as far as there is one.
    """
    try:
        return json.loads(read, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        told = f"got invalid JSON ({error.msg}), expected {kind}"
        raise stop(path, told, line=error.lineno, column=f"character {error.colno}") from None
    except KeyError:
        key, line = json_lines.first_twice(read)
        told = f'got the key "{key}" twice in one object, expected it once'
        raise stop(path, told, line=line) from None
    except ValueError as error:  # digits beyond what Python reads, NaN
        raise stop(path, f"got a number that JSON cannot hold ({error}), expected {kind}") from None
    except RecursionError:
        raise stop(path, "got brackets nested too deep to be read, expected " + kind) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyError(key)
        found[key] = value
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


def from_yaml(path: Path, *required: str) -> dict[str, Any]:
    """Read a YAML file that holds a mapping with at least the required keys."""
    return yaml_text(text(path, "a YAML file"), path, *required)


def yaml_text(read: str, path: Path, *required: str) -> dict[str, Any]:
    """Parse YAML that was read from a file, or from its head, as `from_yaml` does."""
    import yaml

    try:
        found = yaml.safe_load(read)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        told = getattr(error, "problem", None) or str(error)
        message = f"got invalid YAML ({told}), expected keys and values"
        raise stop(path, message, line=line) from None
    if not isinstance(found, dict):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        raise stop(path, f"got {kind}, expected keys and values", line=1, hint=RESTORE)
    for key in required:
        if found.get(key) in (None, "", [], {}):
            raise stop(path, f"got no {key}, expected one", line=1, hint=RESTORE)
    return found
