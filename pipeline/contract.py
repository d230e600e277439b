"""The contract of the tables: `datapackage.json`, a Data Package that other tools read as well.

What the standard lacks has a name of its own, explained in the file under `conventions`.
"""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.errors import Problems, stop

FILE = "datapackage.json"


def read(folder: Path) -> dict:
    """Read the contract; Problems if it is missing, unreadable, not JSON, or lists no table."""
    path = folder / FILE
    try:
        package = json.loads(path.read_bytes())
        for resource in package["resources"]:
            resource["name"], resource["path"], resource["schema"]["primaryKey"]
            fields(resource)
    except FileNotFoundError:
        raise stop(path, "got no file, expected the contract of the tables", hint="restore it from version control") from None
    except OSError as error:
        raise stop(path, f"got a file that cannot be read ({_plain(error)}), expected a readable one") from None
    except json.JSONDecodeError as error:
        raise stop(path, f"got invalid JSON ({error.msg}), expected the contract", line=error.lineno) from None
    except UnicodeDecodeError:
        raise stop(path, "got bytes that are not UTF-8, expected JSON", hint="save it as UTF-8") from None
    except (KeyError, TypeError) as error:
        raise _shape(path, error) from None
    return package


def fields(resource: dict) -> dict[str, dict]:
    """List the columns of a table in their order: name → what it may hold."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


def by_name(package: dict) -> dict[str, dict]:
    """List the tables in their order: name → resource."""
    return {resource["name"]: resource for resource in package["resources"]}


def constraint(field: dict, name: str, default: object = None) -> object:
    """Look up one constraint of a column, for instance `required`."""
    return field.get("constraints", {}).get(name, default)


def sql(rule: dict) -> str:
    """Join the lines of a rule's query."""
    return rule["sql"] if isinstance(rule["sql"], str) else "\n".join(rule["sql"])


def _shape(path: Path, error: Exception) -> Problems:
    return stop(path, f"got a contract without {error}, expected resources with name, path, schema.fields and schema.primaryKey")


def _plain(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
