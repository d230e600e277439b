"""Checks every table against its contract and returns all problems at once.

Order: the file, its bytes, its shape, its cells, then what holds between rows and tables. A table
whose cells are wrong is left out of the later steps, so that one slip is not told ten times.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Problem, Problems, nearest, show, stop
from pipeline.tables import cells, contract, read, rules
from pipeline.tables.read import Table


def examine(folder: Path) -> tuple[list[Problem], str]:
    """Check a folder; return its problems, and a line that says what was checked."""
    try:
        package = contract.read(folder)
        found, problems = sound(folder, package)
        problems += rules.problems(package, found)
    except Problems as refused:
        return sorted(refused.problems), ""
    rows = sum(len(table.rows) for table in found.values())
    held = f"{rows:,} rows, {len(package['rules'])} rules: all hold"
    return sorted(set(problems)), f"{folder}: {len(found)} tables, {held}"


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
    """Read one table and check it without the others; None instead of it if a cell is wrong."""
    try:
        text = read.content(path)
        _line_ends(text, path)
        table = read.parse(text, str(path))
    except Problems as refused:
        return None, [*refused.problems]
    wrong = [*_shape(resource, table)] or [*_cells(resource, table)]
    return (None, wrong) if wrong else (table, [*_count(resource, table)])


def _strangers(folder: Path, package: dict) -> Iterator[Problem]:
    listed = {resource["path"] for resource in package["resources"]}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in listed:
            told = "got a table that the contract does not list, expected its contract"
            hint = f"describe it in {folder / contract.FILE}, or move it"
            yield Problem(str(path), 0, "", told, hint)


def _line_ends(text: str, path: Path) -> None:
    """Raise other line ends than LF, of which the last may be cut off."""
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        told = "got a carriage return, expected lines that end in LF"
        raise stop(path, told, line=line, hint="save it with Unix line ends")
    if text and not text.endswith("\n"):
        told = "got an end without a line end, expected a last line that ends in LF"
        hint = "see whether the file is complete"
        raise stop(path, told, line=text.count("\n") + 1, hint=hint)


def _shape(resource: dict, table: Table) -> Iterator[Problem]:
    """Find a header that is not that of the contract, and rows of another width."""
    names = list(contract.fields(resource))
    if table.header != names:
        yield _header(table, names)
        return
    for line, row in table.rows:
        if len(row) != len(names):
            got = f"{len(row)} cell{'s' * (len(row) != 1)}"
            hint = "look for a missing comma, or quote a cell that holds one"
            yield table.wrong(line, "", got, str(len(names)), hint)


def _header(table: Table, names: list[str]) -> Problem:
    missing = [name for name in names if name not in table.header]
    extra = [name for name in table.header if name not in names]
    moved = [name for name, found in zip(names, table.header, strict=False) if name != found]
    wrong = [f"no column {name}" for name in missing]
    wrong += [f"an unknown column {show(name)}" for name in extra]
    got = "; ".join(wrong) if 0 < len(wrong) <= 3 else "the columns " + show(",".join(table.header))
    column = [*missing, *extra, *moved, "a column twice"][0]
    hint = nearest(missing[0], extra) if missing else ""
    return table.wrong(1, column, got, ",".join(names), hint)


def _count(resource: dict, table: Table) -> Iterator[Problem]:
    expected, found = resource.get("rowCount", len(table.rows)), len(table.rows)
    if found != expected:
        last = table.rows[-1][0] if table.rows else 1
        place = f'"rowCount" of {resource["name"]} in {contract.FILE}'
        hint = f"if a row was meant to come or go, change {place}"
        yield table.wrong(last, "", f"{found:,} row{'s' * (found != 1)}", f"{expected:,}", hint)


def _cells(resource: dict, table: Table) -> Iterator[Problem]:
    for name, field in contract.fields(resource).items():
        units = [field.get("unit", "")] * len(table.rows)
        if "unitFrom" in field:
            units = [unit for _, unit in table.column(field["unitFrom"])]
        found = [(text, unit) for (_, text), unit in zip(table.column(name), units, strict=True)]
        # Most cells of a column repeat: each text is looked at once.
        wrong = {pair: cells.faults(field, *pair) for pair in set(found)}
        for (line, _), pair in zip(table.rows, found, strict=True):
            for got, expected, hint in wrong[pair]:
                yield table.wrong(line, name, got, expected, hint)
