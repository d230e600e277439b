"""Facts: every value the report may print, by name, with its history.

Some are rows of tables, said by somebody; which tables, the contract says. Derived facts are
made by the modules of `analysis/` (the folder is the registry). All end in one published file.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline import report
from pipeline.errors import Problems, mistake, stop
from pipeline.facts import spell
from pipeline.model import Derived, Fact, Tables
from pipeline.tables import contract

Known = dict[str, Fact]  # by name
DATA, ANALYSES = Path("data"), Path("analysis")
LANGUAGES = ("en",)
ALIKE = ("side", "date", "confidence", "sources", "note")  # columns, and what a fact calls them
LEVELS = ("low", "medium", "high")  # of confidence; a derived fact has the lowest of its inputs


def collect(tables: Tables) -> Known:
    """Make every fact of the report: those that rows of tables state, then the derived ones.

    Raises Problems with the line of the first analysis that fails: later ones may stand on it.
    """
    package = contract.read(DATA)
    known: Known = {}
    for fact in stated(package, tables):
        _add(known, fact, str(DATA))
    for path, module in analyses():
        with told_as(path):
            for derived in module.facts(tables, known):
                _add(known, _completed(derived, known, package, tables), str(path))
    return dict(sorted(known.items()))


def analyses() -> Iterator[tuple[Path, ModuleType]]:
    """Import every module of `analysis/` that offers facts, in the order of their names."""
    for path in sorted(ANALYSES.glob("[!_]*.py")):
        with told_as(path):
            module = importlib.import_module(f"{ANALYSES}.{path.stem}")
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


def stated(package: dict, tables: Tables) -> Iterator[Fact]:
    """Make the facts that rows state, of every table whose contract says that its rows are facts.

    A row with a number is a fact for it and a second one for its date; any other is a fact for its
    date and, where it has one, for its quotation.
    """
    for resource in package["resources"]:
        for row in tables[resource["name"]].to_dict("records") if "facts" in resource else ():
            yield from _of_row(resource, row)


def _of_row(resource: dict, row: Mapping[str, Any]) -> Iterator[Fact]:
    named = resource["facts"]
    words = [_spelled(contract.fields(resource)[column], row[column]) for column in named["what"]]
    label = ": ".join(dict.fromkeys(words))  # where two columns say the same, once is enough
    fact = Fact(
        name=f"{named['prefix']}.{row['id']}" if "prefix" in named else row["id"],
        kind="claim",
        value=row["date"],
        unit="date",
        label={"en": label},
        claimant=row[named["speaker"]] if "speaker" in named else "",
        table=resource["name"],
        row=row["id"],
        **{name: row[name] for name in ALIKE if name in row},
    )
    if "value" in named:
        field = contract.fields(resource)[named["value"]]
        unit = row[field["unitFrom"]] if "unitFrom" in field else field.get("unit", "")
        hedge = row.get("qualifier", "")
        yield replace(fact, value=row[named["value"]], unit=unit, qualifier=hedge)
        fact = replace(fact, name=f"{fact.name}.date", label={"en": f"{label} (date)"})
    yield fact
    if row.get("quote"):
        yield replace(fact, name=f"{fact.name}.quote", value=row["quote"], unit="quotation")


def _spelled(field: dict, value: Any) -> str:
    """Spell a code in words; a text stays as it stands."""
    coded = "enum" in field.get("constraints", {})
    return str(value).replace("_", " ") if coded else str(value)


def _completed(derived: Derived, known: Known, package: dict, tables: Tables) -> Fact:
    """Make a derived fact whole: date, doubts and sources come from what it is computed from."""
    inputs, behind = [known[name] for name in derived.inputs if name in known], []
    for name in derived.inputs:
        table = name.removeprefix("table:")
        if name in known:
            behind.append(known[name])
        elif table not in tables:
            raise stop(ANALYSES, f"{derived.name} names an input that does not exist: {name}")
        elif column := contract.by_name(package)[table].get("sourcesFrom"):
            behind += [known[f"{column}.{row}"] for row in tables[table][column].unique()]
    doubts = {fact.confidence for fact in inputs}
    return Fact(
        kind="derived",
        claimant=report.read().by,
        side="own",
        date=max((fact.date for fact in inputs), default=""),
        confidence=next((level for level in LEVELS if level in doubts), ""),
        sources=tuple(dict.fromkeys(source for fact in behind for source in fact.sources)),
        **vars(derived),
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


def write(facts: Mapping[str, Fact], path: Path) -> None:
    """Write all facts as they are published: with title, version, date and licence."""
    work = report.read()
    head = {
        "$schema": "facts.schema.json",
        "title": work.short,
        "licence": work.licence_id,
        "version": work.version,
        "date": work.date,
    }
    records = {name: record(fact) for name, fact in facts.items()}
    text = json.dumps(head | {"facts": records}, ensure_ascii=False, indent=1, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
