"""What the analyses share: exact amounts, percentages, lists of names, and how a derived fact is
written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from pipeline.model import Derived, Fact, Tables

TABLES_ROLL = "roll.tables"  # every voting table issues one tally sheet
WITH_ARTICLE = frozenset(
    {"BHS", "COD", "DOM", "GBR", "NLD", "USA", "VAT"}
)  # English says "the Bahamas", "the Holy See"


def derive(
    name: str,
    value: Any,
    unit: str,
    label: str,
    formula: str,
    inputs: Iterable[str],
    decimals: int | None = None,
) -> Derived:
    """Write down a derived fact; a whole number becomes an int, whatever it was computed with."""
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    return Derived(
        name, value, unit, {"en": label}, {"en": formula}, tuple(dict.fromkeys(inputs)), decimals
    )


def amount(known: Mapping[str, Fact], name: str) -> Fraction:
    """Return the exact value of a numeric fact; KeyError if there is none of that name."""
    return Fraction(known[name].value)


def percent(part: Any, whole: Any) -> Fraction:
    """Return part of whole in percent, exactly; ZeroDivisionError where there is no whole."""
    return 100 * Fraction(part) / Fraction(whole)


def listing(tables: Tables, codes: Iterable[str]) -> Mapping[str, str]:
    """Join the names of countries (ISO alpha-3) as prose does: sorted, "the" where English wants
    it; none gives "none"."""
    names = tables["countries"].set_index("iso3")["name"]
    ordered = sorted(set(codes), key=lambda code: names[code])
    spelled = [f"the {names[code]}" if code in WITH_ARTICLE else names[code] for code in ordered]
    return {"en": " and ".join(filter(None, (", ".join(spelled[:-1]), *spelled[-1:]))) or "none"}
