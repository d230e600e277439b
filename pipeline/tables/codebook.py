"""Writes the part of `data/README.md` that the contract knows: tables, columns, values and
rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import stop
from pipeline.tables import contract

BEGIN = "<!-- from datapackage.json: begin; `python -m pipeline.tables.codebook` renews it -->"
END = "<!-- from datapackage.json: end -->"
PAGE = "README.md"
KINDS = {
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "date": "date",
    "string": "text",
}


def codebook(package: dict) -> str:
    """Describe every table, column, allowed value and rule of a contract in Markdown, one sentence
    a line."""
    told: dict[tuple, str] = {}
    lines = ["## Tables", ""]
    for resource in package["resources"]:
        lines += _table(resource, told)
    lines += ["## Rules across rows and tables", ""]
    lines += [
        f"- {rule['says']} (`{rule['name']}`, in `{rule['table']}`)" for rule in package["rules"]
    ]
    return "\n".join(lines) + "\n"


def _table(resource: dict, told: dict[tuple, str]) -> Iterator[str]:
    yield f"### {resource['name']}"
    yield ""
    rows = f", {resource['rowCount']:,} rows" if "rowCount" in resource else ""
    yield f"*{resource['title']}* (`{resource['path']}`{rows})."
    yield from _sentences(resource["description"])
    yield ""
    yield "| Column | Type | What it holds |"
    yield "|---|---|---|"
    for name, field in contract.fields(resource).items():
        yield f"| `{name}` | {_kind(field)} | {_says(field)} |"
    yield ""
    yield "Key: " + ", ".join(f"`{name}`" for name in resource["schema"]["primaryKey"]) + "."
    yield from _references(resource)
    yield ""
    for name, field in contract.fields(resource).items():
        yield from _values(resource["name"], name, field, told)


def _sentences(text: str) -> list[str]:
    return text.replace(". ", ".\n").split("\n")


def _kind(field: dict) -> str:
    kind = "list of text" if "listOf" in field else KINDS[field["type"]]
    unit = f"unit in `{field['unitFrom']}`" if "unitFrom" in field else field.get("unit", "")
    return f"{kind}, {unit}" if unit else kind


def _says(field: dict) -> str:
    empty = "" if contract.constraint(field, "required") else " May be empty."
    low, high = contract.constraint(field, "minimum"), contract.constraint(field, "maximum")
    bounds = [f"from {low}"] * (low is not None) + [f"to {high}"] * (high is not None)
    return f"{field['description']}{empty}" + (f" ({' '.join(bounds)})" if bounds else "")


def _references(resource: dict) -> Iterator[str]:
    for key in resource["schema"].get("foreignKeys", []):
        target, names = key["reference"]["resource"], key["reference"]["fields"]
        yield f"{_names(key['fields'])} must stand in `{target}` as {_names(names)}."
    for name, field in contract.fields(resource).items():
        if listed := field.get("listOf"):
            items = f"Each item of `{name}`, separated by `{listed['separator']}`"
            yield f"{items}, must stand in `{listed['resource']}` as `{listed['field']}`."


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _values(table: str, name: str, field: dict, told: dict[tuple, str]) -> Iterator[str]:
    values = tuple(
        (category["value"], category["label"]) for category in field.get("categories", [])
    )
    if not values:
        return
    if values in told:
        yield f"Values of `{name}`: as those of {told[values]}."
    else:
        told[values] = f"`{name}` in `{table}`"
        yield f"Values of `{name}`:"
        yield ""
        yield from (f"- `{value}`" + (f": {label}" if label else "") for value, label in values)
    yield ""


def page(folder: Path) -> str:
    """Return the codebook page of a folder with its generated part renewed; Problems if its marks
    are gone."""
    text = (folder / PAGE).read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise stop(
            folder / PAGE,
            "got no place for the contract's part, expected its two marks",
            hint=f"write {BEGIN} and {END}",
        )
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{codebook(contract.read(folder))}\n{END}{after}"


def main() -> int:
    """Renew `data/README.md` from `data/datapackage.json`."""
    folder = Path("data")
    (folder / PAGE).write_text(page(folder), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
