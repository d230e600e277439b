"""How far do two blind codings of the same positions agree?

Method: share of rows with the same code, and Cohen's kappa (Cohen 1960): agreement beyond what the
two coders' own frequencies would give by chance, by the most that is possible beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.tools import derive
from pipeline.model import Derived, Fact, Tables

INPUTS = ("table:positions", "table:recoding")


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield rows coded twice and once, rows agreed and disputed, the share agreed, and kappa."""
    codes = both(tables)
    twice, same = len(codes), int((codes["first"] == codes["second"]).sum())
    once = len(tables["positions"]) - twice
    alike = "number of rows with the same code"
    counted = "number of rows of the second coding"
    apart, left = (
        "rows coded twice minus rows coded alike",
        "rows of positions minus rows coded twice",
    )
    for name, count, label, formula, inputs in (
        ("rows", twice, "rows coded twice", counted, ["table:recoding"]),
        ("once", once, "rows coded once", left, INPUTS),
        ("agreed", same, "rows coded alike", alike, INPUTS),
        ("disputed.count", twice - same, "rows coded differently", apart, INPUTS),
    ):
        yield derive(f"coding.{name}", count, "rows", label=label, formula=formula, inputs=inputs)
    yield derive(
        "coding.agreement",
        Fraction(same, twice),
        "share",
        label="share of rows coded alike",
        formula="rows coded alike divided by rows coded twice",
        inputs=INPUTS,
        decimals=3,
    )
    yield derive(
        "coding.kappa",
        kappa(codes["first"], codes["second"]),
        "share",
        label="Cohen's kappa of the two codings",
        formula="agreement beyond chance divided by the most possible beyond chance",
        inputs=INPUTS,
        decimals=3,
    )


def both(tables: Tables) -> pd.DataFrame:
    """Rows coded twice: position, first, second (codes)."""
    first = tables["positions"][["id", "stance"]].set_axis(["position", "first"], axis=1)
    second = tables["recoding"][["position", "stance"]].set_axis(["position", "second"], axis=1)
    return first.merge(second, on="position", validate="one_to_one")


def kappa(first: pd.Series, second: pd.Series) -> Fraction:
    """Return Cohen's kappa of two codings of the same rows, exactly.

    ZeroDivisionError where chance alone gives full agreement.
    """
    rows = len(first)
    agreed = Fraction(sum(a == b for a, b in zip(first, second, strict=True)), rows)
    often, also = first.value_counts(), second.value_counts()
    met = sum(int(often[code]) * int(also.get(code, 0)) for code in often.index)
    chance = Fraction(met, rows**2)
    return (agreed - chance) / (1 - chance)
