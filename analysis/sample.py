"""What would a sample of sheets drawn at random from the second file show?

Method: AltaVista's later count is of a number of sheets. As many drawn at random without return
from the second file give the share of its votes, with an error that follows from sums of squares
over its sheets (variance of a ratio). Nineteen of twenty such samples fall within 1.96 standard
errors. AltaVista's own sample was planned in another way, and may rest on weights.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from analysis.results import COUNTS, OF_THE_SECOND
from analysis.tools import amount, derive, percent
from pipeline.model import Derived, Fact, Tables

DRAWN = "altavista.august_1.sheets"
KEPT = 95  # percent of samples
ERRORS = Decimal("1.96")  # standard errors, within which so many fall


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield, by candidate, between which shares nineteen of twenty such samples fall."""
    drawn = amount(known, DRAWN)
    words = "share of such samples that fall between lowest and highest here"
    yield derive("sample.kept", KEPT, "percent", label=words)
    rows = tables["sheet_moments"].query("publication == 'v2'").to_dict("records")
    for row in rows:
        who = row["candidate"]
        share = percent(row["votes"], row["valid_votes"])
        for name, sign in (("lowest", -1), ("highest", 1)):
            yield derive(
                f"sample.{who}.{name}",
                share + sign * Fraction(ERRORS * error(row, drawn)),
                "percent",
                label=(
                    f"{name} share of {COUNTS[who]} that 95 of 100 samples of so many sheets "
                    f"{OF_THE_SECOND} show"
                ),
                formula=f"share of all, {'plus' if sign > 0 else 'minus'} {ERRORS} standard errors",
                inputs=[DRAWN, "sample.kept", "table:sheet_moments/v2"],
                decimals=2,
            )


def error(row: Mapping, drawn: Fraction) -> Decimal:
    """Return the standard error, in points, of a candidate's share in a sample of sheets.

    row: sums over the sheets, as in `sheet_moments`; drawn: how many are drawn without return.
    """
    sheets, votes, valid = (int(row[name]) for name in ("sheets", "votes", "valid_votes"))
    share = Fraction(votes, valid)
    squares = (
        int(row["votes_squared"])
        - 2 * share * int(row["votes_by_valid"])
        + share**2 * int(row["valid_squared"])
    )
    per_sheet = Fraction(valid, sheets)
    variance = (1 - drawn / sheets) / drawn * squares / (sheets - 1) / per_sheet**2
    return 100 * (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
