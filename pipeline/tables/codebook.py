"""Writes the part of `data/README.md` that the contract knows: tables, columns, values, rules."""

import sys
from pathlib import Path

from jinja2 import Environment

from pipeline.errors import stop, told
from pipeline.tables import contract

BEGIN = "<!-- from datapackage.json: begin; `make accept` renews it -->"
END = "<!-- from datapackage.json: end -->"
PAGE = "README.md"
TEMPLATE = Path(__file__).with_name("codebook.md.jinja")


def codebook(package: dict) -> str:
    """Describe every table, column, value and rule of a contract in Markdown, a sentence a line."""
    first: dict[str, str] = {}  # a list of values → the column that has it first
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            column = f"`{field['name']}` in `{resource['name']}`"
            first.setdefault(str(field.get("categories")), column)
    jinja = Environment(trim_blocks=True, lstrip_blocks=True)
    template = jinja.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(package, first=first)


def page(folder: Path) -> str:
    """Renew the generated part of a folder's codebook page; Problems if its marks are gone."""
    path = folder / PAGE
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        message = "got no place for the contract's part, expected its two marks"
        raise stop(path, message, hint=f"write {BEGIN} and {END}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{codebook(contract.read(folder))}\n{END}{after}"


def main(folder: Path = Path("data")) -> None:
    """Renew `data/README.md` from `data/datapackage.json`."""
    (folder / PAGE).write_text(page(folder), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(told("codebook", main))
