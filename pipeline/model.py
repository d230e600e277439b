"""The few types that analyses and figures share with the machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Words = Mapping[str, str]  # language code → text
Tables = Mapping[str, Any]  # table name → pandas.DataFrame, with the CSV line in `_line`


@dataclass(frozen=True)
class Derived:
    """A number that an analysis computes from other facts, or counts in rows of tables.

    name: what prose calls it, for instance `results.v2.gonzalez.share`
    value: int, Decimal, str or an ISO date; a Fraction is rounded once, when printed
    unit: votes, percent, points, sheets, states, persons, one_in, date, text …
    label: what it is, in words, by language
    formula: how it is computed, by language: words, or {0} − {1} = {}, where the texts of its
        inputs and its own are put; "" where rows say enough, or this report chose the value
    inputs: names of facts, or `table:<name>` for a whole table, or `table:<name>/<publication>`
        for the part of it that stems from one publication
    rows: the rows of tables that it counts or lists, as `<table>/<key>`
    decimals: how many decimals print; None prints the value as it is
    """

    name: str
    value: Any
    unit: str
    label: Words
    formula: Words
    inputs: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    decimals: int | None = None


@dataclass(frozen=True)
class Fact:
    """A value with a name, a unit and a history: said by somebody, or derived."""

    name: str
    kind: str  # "claim" or "derived"
    value: Any
    unit: str
    label: Words
    decimals: int | None = None
    qualifier: str = ""  # "", about, almost, at least, more than
    claimant: str = ""
    side: str = ""  # council, government, opposition, independent, press, own …
    date: str = ""
    confidence: str = ""
    formula: Words = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    table: str = ""
    row: str = ""
    note: str = ""
