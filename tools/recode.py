"""A second coder's sheet: the positions that were coded once, to be coded blind once more.

The sheet shows what was done, by whom and when, but no code. When it is filled, the agreement of
the two coders is told: Krippendorff's alpha for nominal data (Krippendorff 2011) from the library
`krippendorff`, beside plain agreement.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

from pipeline.errors import Problem, Problems, stop, told
from pipeline.tables import contract

SHEET = Path("recode.csv")
SHOWN = ("id", "actor", "date", "act", "quote", "note")
CODE = "stance"
SEED = 20240728


def codes(folder: Path = Path("data")) -> list[str]:
    """Read the codes that a row may have from the contract."""
    table = contract.by_name(contract.read(folder)).get("positions")
    field = contract.fields(table).get(CODE, {}) if table else {}
    allowed = field.get("constraints", {}).get("enum")
    if not allowed:
        told = f"got no enum of {CODE} in positions, expected its codes"
        raise stop(folder / contract.FILE, told)
    return allowed


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def coded_once(folder: Path = Path("data")) -> list[dict[str, str]]:
    """Rows of positions that no second coder has seen, in an order that tells nothing."""
    seen = {row["position"] for row in rows(folder / "recoding.csv")}
    left = [row for row in rows(folder / "positions.csv") if row["id"] not in seen]
    return random.Random(SEED).sample(left, len(left))


def draw(sheet: Path = SHEET) -> int:
    """Write the sheet of the rows coded once, without their codes; return how many."""
    chosen = coded_once()
    with sheet.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [*SHOWN, CODE], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        # An id ends in the first coder's code, so the sheet numbers its rows instead.
        writer.writerows({**row, "id": number, CODE: ""} for number, row in enumerate(chosen, 1))
    return len(chosen)


def score(sheet: Path = SHEET) -> dict[str, float]:
    """Compare a filled sheet with the table; shares between 0 and 1, alpha at most 1."""
    import krippendorff

    first = [row[CODE] for row in coded_once()]
    allowed = codes()
    wrong = [
        Problem(str(sheet), line, CODE, f'got "{row[CODE]}", expected one of {", ".join(allowed)}')
        for line, row in enumerate(rows(sheet), 2)
        if row[CODE] not in allowed
    ]
    if wrong:
        raise Problems(*wrong)
    second = [row[CODE] for row in sorted(rows(sheet), key=lambda row: int(row["id"]))]
    if len(second) != len(first):
        raise stop(
            sheet,
            f"got {len(second)} rows, expected {len(first)}",
            hint="draw a new sheet: remove it and run `make recode`",
        )
    pair = [[allowed.index(code) for code in coder] for coder in (first, second)]
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    alpha = krippendorff.alpha(
        reliability_data=pair, level_of_measurement="nominal", value_domain=range(len(allowed))
    )
    return {"rows": len(first), "agreement": agreed, "alpha": float(alpha)}


def main() -> None:
    """Write the sheet if there is none; score it if it is filled."""
    if not SHEET.exists():
        print(
            f"{SHEET}: {draw()} rows to code; fill the column {CODE}, then run `make recode` again"
        )
    else:
        found = score()
        words = f"agreement {found['agreement']:.3f}, Krippendorff's alpha {found['alpha']:.3f}"
        print(f"{SHEET}: {found['rows']} rows, {words}")


if __name__ == "__main__":
    sys.exit(told("recode", main))
