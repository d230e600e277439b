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
    """Yield rows coded twice, rows agreed and disputed, the share agreed, and kappa."""
    codes = both(tables)
    same = int((codes["first"] == codes["second"]).sum())
    yield derive(
        "coding.rows",
        len(codes),
        "rows",
        "rows coded twice",
        "number of rows of the second coding",
        ("table:recoding",),
    )
    yield derive(
        "coding.once",
        len(tables["positions"]) - len(codes),
        "rows",
        "rows coded once",
        "rows of positions minus rows coded twice",
        INPUTS,
    )
    yield derive(
        "coding.agreed",
        same,
        "rows",
        "rows coded alike",
        "number of rows with the same code",
        INPUTS,
    )
    yield derive(
        "coding.disputed.count",
        len(codes) - same,
        "rows",
        "rows coded differently",
        "rows coded twice minus rows coded alike",
        INPUTS,
    )
    yield derive(
        "coding.agreement",
        Fraction(same, len(codes)),
        "share",
        "share of rows coded alike",
        "rows coded alike divided by rows coded twice",
        INPUTS,
        3,
    )
    yield derive(
        "coding.kappa",
        kappa(codes["first"], codes["second"]),
        "share",
        "Cohen's kappa of the two codings",
        "agreement beyond chance divided by the most possible beyond chance",
        INPUTS,
        3,
    )


def both(tables: Tables) -> pd.DataFrame:
    """Rows coded twice: position, first, second (codes)."""
    first = tables["positions"][["id", "stance"]].rename(
        columns={"id": "position", "stance": "first"}
    )
    second = tables["recoding"][["position", "stance"]].rename(columns={"stance": "second"})
    return first.merge(second, on="position", validate="one_to_one")


def kappa(first: pd.Series, second: pd.Series) -> Fraction:
    """Return Cohen's kappa of two codings of the same rows, exactly; ZeroDivisionError where chance
    alone gives full agreement."""
    rows = len(first)
    agreed = Fraction(sum(a == b for a, b in zip(first, second, strict=True)), rows)
    often, also = first.value_counts(), second.value_counts()
    chance = sum(
        (Fraction(int(often[code]) * int(also.get(code, 0)), rows**2) for code in often.index),
        Fraction(0),
    )
    return (agreed - chance) / (1 - chance)
