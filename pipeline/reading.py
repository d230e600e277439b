"""Reads the project's own files; whatever is wrong with one is told with its line."""

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Any

from pipeline.errors import stop

RESTORE = "restore it from version control"
UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


def content(path: Path, kind: str = "a text file") -> bytes:
    """Return the bytes of a file; Problems if it is missing or cannot be read.

    kind: what is expected there, for the message
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise stop(path, f"got no file, expected {kind}", hint=RESTORE) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise stop(path, f"got a file that cannot be read ({why}), expected {kind}") from None


def decoded(data: bytes, path: Path) -> str:
    """Decode UTF-8, keeping line ends; Problems for other encodings and a byte order mark."""
    if data[:2] in UTF16:
        hint = "save it as UTF-8 without a byte order mark"
        raise stop(path, "got UTF-16, expected UTF-8", line=1, hint=hint)
    if data.startswith(BOM_UTF8):
        hint = 'save it as "UTF-8", not "UTF-8 with BOM"'
        raise stop(path, "got a byte order mark, expected UTF-8 without one", line=1, hint=hint)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data.rfind(b"\n", 0, error.start)
        raise stop(
            path,
            f"got byte 0x{data[error.start]:02x}, which is not UTF-8, expected UTF-8",
            line=data.count(b"\n", 0, error.start) + 1,
            column=f"character {error.start - before}",
            hint="it looks like Latin-1; save it as UTF-8",
        ) from None


def text(path: Path, kind: str = "a text file") -> str:
    """Read a UTF-8 text file with plain line ends."""
    return decoded(content(path, kind), path).replace("\r\n", "\n")


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table that is known to be sound as text: each row by the names of its columns."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def from_yaml(path: Path, *required: str) -> dict[str, Any]:
    """Read a YAML file that holds a mapping with at least the required keys."""
    return yaml_text(text(path, "a YAML file"), path, *required)


def yaml_text(read: str, path: Path, *required: str) -> dict[str, Any]:
    """Parse YAML that was read from a file, or from its head, as `from_yaml` does."""
    import yaml

    try:
        found = yaml.load(read, yaml.CSafeLoader)
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
