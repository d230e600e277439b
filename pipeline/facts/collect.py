"""Facts: every value the report may print, by name, with its history.

A claim is a row of a table, said by somebody. A derived fact is computed by a module of `analysis/`
(the folder is the registry). Both end in one file that prose, figures and readers share.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

from pipeline import edition
from pipeline.errors import Problems, mistake, stop
from pipeline.facts import spell
from pipeline.model import Derived, Fact, Tables

ANALYSES = Path("analysis")
LANGUAGES = ("en", "es")
OWN = "Two Counts contributors"
TITLE = "Two counts, one election"
# Tables whose rows are dated acts or words: table → (prefix, who speaks, what it is)
DATED = {
    "events": ("event", None, "what"),
    "after": ("after", None, "what"),
    "positions": ("position", "actor", "act"),
    "measures": ("measure", None, "measure"),
    "findings": ("finding", "claimant", "finding"),
    "statements": ("statement", "name", "name"),
    "publications": ("publication", "name", "name"),
}


def collect(tables: Tables) -> dict[str, Fact]:
    """Make every fact of the report: claims, dates and quotations of tables, then the derived ones.

    Raises Problems with the line of the first analysis that fails, since later ones may stand on
    it.
    """
    known: dict[str, Fact] = {}
    for fact in [*claims(tables), *dated(tables)]:
        _add(known, fact, "data")
    for path, module in analyses():
        with told_as(path):
            for derived in module.facts(tables, known):
                _add(known, _completed(derived, known, tables), str(path))
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


def claims(tables: Tables) -> Iterator[Fact]:
    """Turn each row of `claims` into a fact and a second fact for its date."""
    for row in tables["claims"].to_dict("records"):
        same = row["subject"] == row["measure"]
        label = row["measure"] if same else f"{row['subject']}: {row['measure']}"
        claim = Fact(
            name=row["id"],
            kind="claim",
            value=row["value"],
            unit=row["unit"],
            label={"en": label},
            qualifier=row["qualifier"],
            claimant=row["claimant"],
            side=row["side"],
            date=row["date"],
            confidence=row["confidence"],
            sources=tuple(row["sources"]),
            table="claims",
            row=row["id"],
            note=row["note"],
        )
        yield claim
        yield dataclasses.replace(
            claim,
            name=f"{row['id']}.date",
            value=row["date"],
            unit="date",
            label={"en": f"{label} (date)"},
            qualifier="",
        )


def dated(tables: Tables) -> Iterator[Fact]:
    """Turn each dated row into a fact for its date and, where it has one, a fact for its
    quotation."""
    for table, (prefix, speaker, what) in DATED.items():
        for row in tables[table].to_dict("records"):
            fact = Fact(
                name=f"{prefix}.{row['id']}",
                kind="claim",
                value=row["date"],
                unit="date",
                label={"en": str(row[what]).replace("_", " ")},
                claimant=row[speaker] if speaker else "",
                side=row.get("side", ""),
                date=row["date"],
                confidence=row.get("confidence", ""),
                sources=tuple(row.get("sources", ())),
                table=table,
                row=row["id"],
                note=row.get("note", ""),
            )
            yield fact
            if row.get("quote"):
                yield dataclasses.replace(
                    fact, name=f"{fact.name}.quote", value=row["quote"], unit="quotation"
                )


def sources_of(inputs: Iterable[str], known: Mapping[str, Fact], tables: Tables) -> tuple[str, ...]:
    """Gather the sources behind inputs; a tally table stands on the sources of its publications."""
    found: dict[str, None] = {}
    for name in inputs:
        if name.startswith("table:"):
            table = name.removeprefix("table:")
            if "publication" in tables[table].columns:
                wanted = set(tables[table]["publication"])
                rows = tables["publications"]
                for ids in rows.loc[rows["id"].isin(wanted), "sources"]:
                    found |= dict.fromkeys(ids)
        else:
            found |= dict.fromkeys(known[name].sources)
    return tuple(found)


def _completed(derived: Derived, known: Mapping[str, Fact], tables: Tables) -> Fact:
    unknown = [
        n for n in derived.inputs if n not in known and n.removeprefix("table:") not in tables
    ]
    if unknown:
        raise stop(
            "analysis", f"{derived.name} names inputs that do not exist: {', '.join(unknown)}"
        )
    dates = [known[name].date for name in derived.inputs if name in known and known[name].date]
    doubts = [known[name].confidence for name in derived.inputs if name in known]
    return Fact(
        name=derived.name,
        kind="derived",
        value=derived.value,
        unit=derived.unit,
        label=derived.label,
        decimals=derived.decimals,
        claimant=OWN,
        side="own",
        date=max(dates, default=""),
        confidence=next((level for level in ("low", "medium", "high") if level in doubts), ""),
        formula=derived.formula,
        inputs=tuple(derived.inputs),
        sources=sources_of(derived.inputs, known, tables),
    )


def _add(known: dict[str, Fact], fact: Fact, where: str) -> None:
    if fact.name in known:
        raise stop(where, f'two facts are called "{fact.name}"', hint="rename one of them")
    known[fact.name] = fact


def record(fact: Fact) -> dict:
    """Turn a fact into what `facts.json` holds: exact value, texts by language and style,
    history."""
    plain = dataclasses.asdict(fact)
    plain["value"] = _exact(fact.value)
    plain["texts"] = {
        lang: spell.texts(fact.value, fact.unit, lang, fact.decimals) for lang in LANGUAGES
    }
    return plain


def _exact(value: object) -> object:
    if isinstance(value, Fraction):
        return (
            f"{value.numerator}/{value.denominator}" if value.denominator > 1 else value.numerator
        )
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | Mapping) else int(value)  # type: ignore[call-overload]


def write(facts: Mapping[str, Fact], path: Path) -> None:
    """Write all facts as they are published: with title, version, date and licence of the
    report."""
    head = {
        "$schema": "facts.schema.json",
        "title": TITLE,
        "licence": "CC-BY-4.0",
        **edition.edition(),
    }
    records = {name: record(fact) for name, fact in facts.items()}
    text = json.dumps(head | {"facts": records}, ensure_ascii=False, indent=1, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
