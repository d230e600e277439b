"""Checks every table against its contract and returns all problems at once.

Order: the file, its bytes, its shape, its cells, then keys and the rules across tables. A table
whose cells are wrong is left out of the later steps, so that one slip is not told ten times.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Problem, Problems, stop
from pipeline.tables import contract, keys, read, rules
from pipeline.tables.cells import faults
from pipeline.tables.read import Table
from pipeline.tables.texts import MAX_CELL, cell, nearest, show

MOST = 50  # messages of one table; the rest is counted
BOM = "\ufeff"  # anywhere else it is one odd character of a cell
MARKS = (  # what, in words, what is expected, what to do
    (BOM, "a byte order mark", "UTF-8 without one", 'save it as "UTF-8", not "UTF-8 with BOM"'),
    ("\r", "a carriage return", "lines that end in LF", "save it with Unix line ends"),
    ("\0", "a NUL character", "text", "restore the file from version control"),
)


def check(folder: Path) -> list[Problem]:
    """Return every problem of the tables in a folder, by file and line; an empty list if all is
    well."""
    return examine(folder)[0]


def examine(folder: Path) -> tuple[list[Problem], str]:
    """Check a folder; return its problems, and a line that says what was checked."""
    try:
        package = contract.read(folder)
        found, problems = sound(folder, package)
        problems += [*keys.between(package, found), *rules.problems(package, found)]
    except Problems as refused:
        return capped(sorted(set(refused.problems))), ""
    rows = sum(len(table.rows) for table in found.values())
    held = f"{rows:,} rows, {len(package['rules'])} rules: all hold"
    summary = f"{folder}: {len(found)} tables, {held}"
    return capped(sorted(set(problems))), summary


def sound(folder: Path, package: dict) -> tuple[dict[str, Table], list[Problem]]:
    """Read every table; return those whose cells all keep the contract, and the problems of all."""
    found: dict[str, Table] = {}
    problems = list(_strangers(folder, package))
    for name, resource in contract.by_name(package).items():
        table, wrong = alone(folder / resource["path"], resource)
        if table:
            found[name] = table
        problems += wrong
    return found, problems


def alone(path: Path, resource: dict) -> tuple[Table | None, list[Problem]]:
    """Read one table and check what can be seen without the others; the table is None if its cells
    are wrong."""
    wrong: list[Problem] = []
    try:
        text = read.content(path)
        wrong += _bytes(text, path)
        table = read.parse(text, str(path))
        wrong += _shape(resource, table) or _cells(resource, table)
    except Problems as refused:
        wrong += refused.problems
    if wrong:
        return None, wrong
    return table, [*_count(resource, table), *keys.within(resource, table)]


def _strangers(folder: Path, package: dict) -> Iterator[Problem]:
    listed = {resource["path"] for resource in package["resources"]}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in listed:
            hint = f"describe it in {folder / contract.FILE}, or move it"
            yield Problem(
                str(path),
                0,
                "",
                "got a table that the contract does not list, expected its contract",
                hint,
            )


def _bytes(text: str, path: Path) -> Iterator[Problem]:
    """Find marks that editors do not show; with one of them, the header and cells are not worth
    reading."""
    for mark, found, expected, hint in MARKS:
        if text.startswith(mark) or (mark in text[1:] and mark != BOM):
            raise stop(
                path,
                f"got {found}, expected {expected}",
                line=text[: text.index(mark)].count("\n") + 1,
                hint=hint,
            )
    if text and not text.endswith("\n"):
        end = text.count("\n") + 1
        yield Problem(
            str(path),
            end,
            "",
            "got an end without a line end, expected a last line that ends in LF",
            "see whether the file is complete",
        )


def _shape(resource: dict, table: Table) -> list[Problem]:
    names = list(contract.fields(resource))
    if table.header != names:
        return [_header(table, names)]
    hint = "look for a missing comma, or quote a cell that holds one"
    return [
        Problem(
            table.file,
            line,
            "",
            f"got {len(cells)} cell{'s' * (len(cells) != 1)}, expected {len(names)}",
            hint,
        )
        for line, cells in table.rows
        if len(cells) != len(names)
    ]


def _header(table: Table, names: list[str]) -> Problem:
    missing = [name for name in names if name not in table.header]
    extra = [name for name in table.header if name not in names]
    wrong = [f"no column {name}" for name in missing] + [
        f"an unknown column {show(name)}" for name in extra
    ]
    moved = [name for name, found in zip(names, table.header, strict=False) if name != found] or [
        "a column twice"
    ]
    got = "; ".join(wrong) if 0 < len(wrong) <= 3 else "the columns " + show(",".join(table.header))
    hint = nearest(missing[0], extra) if missing else ""
    return Problem(
        table.file,
        1,
        (missing or extra or moved)[0],
        f"got {got}, expected {','.join(names)}",
        hint,
    )


def _count(resource: dict, table: Table) -> Iterator[Problem]:
    rows = resource.get("rowCount", len(table.rows))
    if len(table.rows) != rows:
        last = table.rows[-1][0] if table.rows else 1
        hint = (
            f'if a row was meant to come or go, change "rowCount" of {resource["name"]} in '
            f"{contract.FILE}"
        )
        yield Problem(
            table.file,
            last,
            "",
            f"got {len(table.rows):,} row{'s' * (len(table.rows) != 1)}, expected {rows:,}",
            hint,
        )


def _cells(resource: dict, table: Table) -> Iterator[Problem]:
    names = list(contract.fields(resource))
    for place, (name, field) in enumerate(contract.fields(resource).items()):
        units = names.index(field["unitFrom"]) if "unitFrom" in field else None
        found = [
            (line, cells[place], field.get("unit", "") if units is None else cells[units])
            for line, cells in table.rows
        ]
        # Most cells of a column repeat: each text is looked at once.
        limit = field.get("constraints", {}).get("maxLength", MAX_CELL)
        wrong = {
            key: told for key in {row[1:] for row in found} if (told := _told(field, limit, *key))
        }
        for line, text, unit in found if wrong else ():
            for got, expected, hint in wrong.get((text, unit), ()):
                yield Problem(table.file, line, name, f"got {got}, expected {expected}", hint)


def _told(field: dict, limit: int, text: str, unit: str) -> list[tuple[str, str, str]]:
    return [*cell(text, limit, field["type"] in ("integer", "number"))] or [
        *faults(field, text, unit)
    ]


def capped(problems: list[Problem]) -> list[Problem]:
    """Keep the first problems of each file and count the rest."""
    counts = Counter(problem.file for problem in problems)
    kept: list[Problem] = []
    for file, count in counts.items():
        mine = [problem for problem in problems if problem.file == file]
        kept += mine[:MOST]
        if count > MOST:
            more = f"got {count - MOST:,} more problems, expected none"
            kept.append(
                Problem(file, mine[MOST].line, "", more, "the first may be the cause of the others")
            )
    return kept


def main() -> int:
    """Check `data/`, print each problem on a line; return 1 if there are any."""
    problems, summary = examine(Path("data"))
    text = "\n".join(map(str, problems)) or summary
    print(text, file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
