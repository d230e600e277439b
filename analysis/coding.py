"""How far do two blind codings of the same positions agree?

Method: share of rows with the same code, and Cohen's kappa (Cohen 1960): agreement beyond what the
two coders' own frequencies would give by chance, by the most that is possible beyond it.
"""

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
    rows, agreed, positions = "coding.rows", "coding.agreed", "table:positions"
    for name, count, label, formula, inputs in (
        ("rows", twice, "rows coded twice", "number of rows", ["table:recoding"]),
        ("agreed", same, "rows coded alike", "number of rows with the same code", INPUTS),
        ("once", once, "rows coded once", "all rows but the {1} coded twice", [positions, rows]),
        (
            "disputed.count",
            twice - same,
            "rows coded differently",
            "{0} − {1} = {}",
            [rows, agreed],
        ),
    ):
        yield derive(f"coding.{name}", count, "rows", label=label, formula=formula, inputs=inputs)
    share, beyond = Fraction(same, twice), kappa(codes["first"], codes["second"])
    chance = "agreement beyond chance divided by the most possible beyond chance"
    for name, value, label, formula, inputs in (
        ("agreement", share, "share of rows coded alike", "{0} ÷ {1} = {}", [agreed, rows]),
        ("kappa", beyond, "Cohen's kappa of the two codings", chance, INPUTS),
    ):
        yield derive(
            f"coding.{name}",
            value,
            "share",
            label=label,
            formula=formula,
            inputs=inputs,
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
