"""Facts: every value the report may print, by name, with its history.

Some are rows of tables, said by somebody; which tables, the contract says. Derived facts are
made by the modules of `analysis/` (the folder is the registry). All end in one published file.
"""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from decimal import Decimal
from fractions import Fraction
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline import reading, report
from pipeline.errors import Problems, mistake, stop
from pipeline.facts import spell
from pipeline.facts.rows import TABLE, Rows
from pipeline.model import Derived, Fact, Tables
from pipeline.tables import contract

Known = dict[str, Fact]  # by name
DATA, ANALYSES = Path("data"), Path("analysis")
LANGUAGES = ("en",)
IMPORTED = re.compile(r"^from analysis(?:\.| import )(\w+)", re.MULTILINE)
HOLE = re.compile(r"\{(\d+)\}")  # in a formula: the place of an input
ALIKE = ("side", "date", "confidence", "note")  # columns, and what a fact calls them
LEVELS = ("low", "medium", "high")  # of confidence; a derived fact has the lowest of its inputs


def collect(tables: Tables) -> Known:
    """Make every fact of the report: those that rows of tables state, then the derived ones.

    Raises Problems with the line of the first analysis that fails: later ones may stand on it.
    """
    known: Known = {}
    rows = Rows(contract.read(DATA), tables)
    for fact in stated(rows):
        _add(known, fact, str(DATA))
    for path, module in analyses():
        with told_as(path):
            made = module.facts(tables, known)
            for derived in made:
                try:
                    fact = _completed(derived, known, rows)
                except ValueError as error:
                    made.throw(ValueError(f"{derived.name}: {error}"))  # told at its line there
                _add(known, fact, str(path))
    return dict(sorted(known.items()))


def analyses() -> Iterator[tuple[Path, ModuleType]]:
    """Import every module of `analysis/` that offers facts, by name, after those it imports."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for path in sorted(ANALYSES.glob("[!_]*.py")):
        order.add(path.stem, *sorted(set(IMPORTED.findall(reading.text(path)))))
    for name in order.static_order():
        path = ANALYSES / f"{name}.py"
        with told_as(path):
            module = importlib.import_module(f"{ANALYSES}.{name}")
        if hasattr(module, "facts"):
            yield path, module


@contextmanager
def told_as(path: Path) -> Iterator[None]:
    """Tell whatever an analysis raises as a problem at its line."""
    try:
        yield
    except Problems:
        raise
    except (Exception, SystemExit) as error:
        raise Problems(mistake(path, error)) from error


def stated(rows: Rows) -> Iterator[Fact]:
    """Make the facts that rows state, of every table whose contract says that its rows are facts.

    A row with a number is a fact for it and further ones for its date and the last day it counts;
    any other is a fact for its date and, where it has one, for its quotation.
    """
    for table, resource in rows.resources.items():
        for row in rows.tables[table].to_dict("records") if "facts" in resource else ():
            yield from _of_row(rows, resource, row)


def _of_row(rows: Rows, resource: dict, row: Mapping[str, Any]) -> Iterator[Fact]:
    named, table = resource["facts"], resource["name"]
    fact = Fact(
        name=f"{named['prefix']}.{row['id']}" if "prefix" in named else row["id"],
        kind="claim",
        value=row["date"],
        unit="date",
        label={"en": spell.curled(rows.says(table, row))},
        claimant=spell.curled(row[named["speaker"]]) if "speaker" in named else "",
        sources=rows.sources(f"{table}/{row['id']}"),
        table=table,
        row=row["id"],
        **{name: row[name] for name in ALIKE if name in row},
    )
    if "value" in named:
        field = contract.fields(resource)[named["value"]]
        unit = row[field["unitFrom"]] if "unitFrom" in field else field.get("unit", "")
        hedge = row.get("qualifier", "")
        yield replace(fact, value=row[named["value"]], unit=unit, qualifier=hedge)
        if until := row.get(named.get("until", ""), ""):
            yield replace(fact, name=f"{fact.name}.until", value=until)
        fact = replace(fact, name=f"{fact.name}.date")
    yield fact
    if row.get("quote"):
        yield replace(fact, name=f"{fact.name}.quote", value=row["quote"], unit="quotation")


def _completed(derived: Derived, known: Known, rows: Rows) -> Fact:
    """Make a derived fact whole: date, doubts and sources come from what it is computed from.

    One that counts or lists rows stands on the sources of these. ValueError for an input, a row or
    a table that is not there, or has no source.
    """
    names, text = derived.inputs, derived.formula["en"]
    if holes := [hole[0] for hole in HOLE.finditer(text) if int(hole[1]) >= len(names)]:
        raise ValueError(f"got {holes[0]} in its formula, expected one of {len(names)} inputs")
    if text and not (names or derived.rows):
        raise ValueError("got a formula, but no inputs and no rows, expected what it stands on")
    inputs = [known[name] for name in names if name in known]
    behind = [source for fact in inputs for source in fact.sources]
    tables = [source for name in names if name not in known for source in rows.behind(name)]
    counted = [source for row in derived.rows for source in rows.record(row)["sources"]]
    doubts = {fact.confidence for fact in inputs}
    latest = max((fact.date for fact in inputs), default="")
    date = derived.value if derived.unit == "date" else latest
    history = {
        "formula": {lang: spell.curled(text) for lang, text in derived.formula.items()},
        "label": {lang: spell.curled(text) for lang, text in derived.label.items()},
        "sources": tuple(dict.fromkeys(counted or [*behind, *tables])),
    }
    return Fact(
        kind="derived",
        claimant=report.read().by,
        side="own",
        date=date,
        confidence=next((level for level in LEVELS if level in doubts), ""),
        **vars(derived) | history,
    )


def _add(known: Known, fact: Fact, where: str) -> None:
    if fact.name in known:
        raise stop(where, f'two facts are called "{fact.name}"', hint="rename one of them")
    known[fact.name] = fact


def record(fact: Fact) -> dict:
    """Turn a fact into what `facts.json` holds: exact value, history, texts by style."""
    texts = {lang: spell.texts(fact.value, fact.unit, lang, fact.decimals) for lang in LANGUAGES}
    return asdict(fact) | {"value": exact(fact.value), "texts": texts}


def exact(value: Any) -> Any:
    """Write a value as JSON holds it exactly: a fraction or a decimal as text."""
    if isinstance(value, str | Mapping):
        return value
    if isinstance(value, Decimal) or Fraction(value).denominator > 1:
        return str(value)
    return int(value)


def write(facts: Mapping[str, Fact], tables: Tables, path: Path) -> None:
    """Write all facts as they are published: with title, version, date and licence.

    Beside them stands what readers are told of the rows and tables from which they were derived.
    """
    work, rows = report.read(), Rows(contract.read(DATA), tables)
    named = sorted({name for fact in facts.values() for name in fact.inputs if TABLE in name})
    head = {
        "$schema": "facts.schema.json",
        "title": work.short,
        "licence": work.licence_id,
        "version": work.version,
        "date": work.date,
        "facts": {name: record(fact) for name, fact in facts.items()},
        "rows": {row: rows.record(row) for fact in facts.values() for row in fact.rows},
        "tables": {name: rows.table(name) for name in named},
    }
    text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
