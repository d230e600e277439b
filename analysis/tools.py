"""What the analyses share: exact amounts, percentages, names, how a fact is written down."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from pipeline.model import Derived, Fact, Tables

TABLES_ROLL = "roll.tables"  # every voting table issues one tally sheet
WITH_ARTICLE = frozenset("BHS COD DOM GBR NLD USA VAT".split())  # English says "the Bahamas"


def derive(
    name: str,
    value: Any,
    unit: str,
    *,
    label: str,
    formula: str = "",
    inputs: Iterable[str] = (),
    rows: Iterable[str] = (),
    decimals: int | None = None,
) -> Derived:
    """Write down a derived fact; a whole number becomes an int, whatever it was computed with."""
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    return Derived(
        name, value, unit, {"en": label}, {"en": formula}, tuple(inputs), tuple(rows), decimals
    )


def derive_names(tables: Tables, name: str, codes: Iterable[str], **known: Any) -> Derived:
    """Write down, as a derived fact, which countries (ISO alpha-3) something is true of."""
    return derive(name, listing(tables, codes), "text", **known)


def places(table: str, rows: pd.DataFrame) -> list[str]:
    """Say where rows of a table stand, for facts that count or list them: `table/id`."""
    return [f"{table}/{key}" for key in rows["id"]]


def amount(known: Mapping[str, Fact], name: str) -> Fraction:
    """Return the exact value of a numeric fact; KeyError if there is none of that name."""
    return Fraction(known[name].value)


def spelled(value: Any) -> str:
    """Spell a number that stands in a formula and is no fact, without decimals."""
    return f"{round(value):,}"


def percent(part: Any, whole: Any) -> Fraction:
    """Return part of whole in percent, exactly; ZeroDivisionError where there is no whole."""
    return 100 * Fraction(part) / Fraction(whole)


def joined_sources(facts: Iterable[Fact]) -> str:
    """Join the source ids of some facts, each once, as a table's cell does."""
    return ";".join(dict.fromkeys(source for fact in facts for source in fact.sources))


def listing(tables: Tables, codes: Iterable[str]) -> Mapping[str, str]:
    """Join names of countries as prose does: sorted, "the" where English wants it, or "none"."""
    names = tables["countries"].set_index("iso3")["name"]
    ordered = sorted(set(codes), key=lambda code: names[code])
    spelled = [f"the {names[code]}" if code in WITH_ARTICLE else names[code] for code in ordered]
    return {"en": " and ".join(filter(None, (", ".join(spelled[:-1]), *spelled[-1:]))) or "none"}
