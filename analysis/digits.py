"""Are the last digits of the votes spread evenly?

Method: last digits of a candidate's votes on the sheets of the second file with ten or more for
him, where every digit is as likely as any other if nobody chose it (Beber and Scacco, 2012). How
uneven they are is told by Pearson's chi-squared with nine degrees of freedom, and that by how often
an even spread would show as much by chance.
"""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from analysis.results import COUNTS
from analysis.tools import derive, percent
from pipeline.model import Derived, Fact, Tables

DIGITS = "table:last_digits/v2"
CANDIDATES = ("gonzalez", "maduro")
LEAST = 10  # votes for a candidate, from which his sheets are counted in `last_digits`


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield by candidate the share of the commonest and the rarest digit, chi-squared, and how
    often chance alone is as uneven."""
    yield derive(
        "digits.least", LEAST, "votes", label="from how many votes on a last digit is counted here"
    )
    for who, counts in _counts(tables).items():
        whole = sum(counts)
        for name, count in (("most", max(counts)), ("least", min(counts))):
            yield derive(
                f"digits.{who}.{name}_common.share",
                percent(count, whole),
                "percent",
                label=f"{name} common last digit of the votes for {COUNTS[who]}",
                formula=f"{count:,} ÷ {whole:,} = {{}}",
                inputs=[DIGITS],
                decimals=1,
            )
        uneven = chi_squared(counts)
        yield derive(
            f"digits.{who}.by_chance",
            Fraction(100 * exceeded(float(uneven))),
            "percent",
            label=f"how often even digits are by chance as uneven as those of {COUNTS[who]}",
            formula=f"chi-squared is {float(uneven):.2f}, with nine degrees of freedom",
            inputs=[DIGITS],
            decimals=0,
        )


def _counts(tables: Tables) -> dict[str, list[int]]:
    rows = tables["last_digits"].query("publication == 'v2'")
    return {
        who: [int(n) for n in rows.loc[rows["candidate"] == who, "sheets"]] for who in CANDIDATES
    }


def chi_squared(counts: list[int]) -> Fraction:
    """Return Pearson's chi-squared of counts against equal ones."""
    equal = Fraction(sum(counts), len(counts))
    return sum(((count - equal) ** 2 / equal for count in counts), Fraction(0))


def exceeded(value: float) -> float:
    """Return the chance that chi-squared with nine degrees of freedom is larger than a value."""
    series = 1 + value / 3 + value**2 / 15 + value**3 / 105
    tail = math.sqrt(2 * value / math.pi) * math.exp(-value / 2) * series
    return math.erfc(math.sqrt(value / 2)) + tail
