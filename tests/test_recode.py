"""A second coder works blind, and the agreement of the two is computed and not guessed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from pipeline.errors import Problems
from tools import recode

ROOT = Path(__file__).parent.parent


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the tables, as `make recode` finds it."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(codes) -> None:
    """Fill the sheet as a coder would, from the list or with one code for all."""
    rows = recode.rows(recode.SHEET)
    for number, row in enumerate(rows):
        row["stance"] = codes if isinstance(codes, str) else codes[number]
    with recode.SHEET.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def once() -> dict[str, str]:
    """Codes of the rows of positions that the second coding lacks, by their names."""
    seen = {row["position"] for row in recode.rows(Path("data/recoding.csv"))}
    return {
        row["id"]: row["stance"]
        for row in recode.rows(Path("data/positions.csv"))
        if row["id"] not in seen
    }


def first_codes() -> list[str]:
    return [row["stance"] for row in recode.coded_once()]


@pytest.mark.slow
def test_the_sheet_covers_every_row_that_was_coded_once_and_no_other(desk):
    assert recode.draw() == len(once())
    shown = [tuple(row[column] for column in recode.SHOWN[1:]) for row in recode.rows(recode.SHEET)]
    rows = [row for row in recode.rows(Path("data/positions.csv")) if row["id"] in once()]
    assert sorted(shown) == sorted(
        tuple(row[column] for column in recode.SHOWN[1:]) for row in rows
    )


def test_the_sheet_shows_no_code(desk):
    recode.draw()
    text = recode.SHEET.read_text(encoding="utf-8")
    assert all(row["stance"] == "" and row["id"].isdigit() for row in recode.rows(recode.SHEET))
    assert not any(row["id"] in text for row in recode.rows(Path("data/positions.csv")))


def test_the_order_of_the_sheet_tells_nothing_and_is_always_the_same(desk):
    names = [row["id"] for row in recode.coded_once()]
    assert names != list(once()) and sorted(names) == sorted(once())
    assert names == [row["id"] for row in recode.coded_once()]


def test_the_same_codes_agree_fully(desk):
    recode.draw()
    fill(first_codes())
    assert recode.score() == {"rows": len(once()), "agreement": 1.0, "alpha": 1.0}


def test_the_order_of_a_filled_sheet_does_not_matter(desk):
    recode.draw()
    fill(first_codes())
    head, *lines = recode.SHEET.read_text(encoding="utf-8").splitlines(keepends=True)
    recode.SHEET.write_text("".join([head, *reversed(lines)]), encoding="utf-8")
    assert recode.score()["agreement"] == 1.0


def test_other_codes_agree_less(desk):
    recode.draw()
    codes = first_codes()
    half = len(codes) // 2
    fill(["neutral" if code != "neutral" else "asked" for code in codes[:half]] + codes[half:])
    found = recode.score()
    assert found["agreement"] == (len(codes) - half) / len(codes) and found["alpha"] < 0.6


def test_a_sheet_of_other_rows_is_refused_with_the_remedy(desk):
    recode.draw()
    fill(first_codes())
    lines = recode.SHEET.read_text(encoding="utf-8").splitlines(keepends=True)
    recode.SHEET.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(
        Problems, match=f"got {len(once()) - 1} rows, expected {len(once())}.*draw a new sheet"
    ):
        recode.score()


def test_make_recode_writes_a_sheet_and_then_scores_it(desk, capsys):
    recode.main()
    fill(first_codes())
    recode.main()
    drawn, scored = capsys.readouterr().out.splitlines()
    assert drawn.startswith(f"recode.csv: {len(once())} rows to code; fill the column stance")
    assert scored == f"recode.csv: {len(once())} rows, agreement 1.000, Krippendorff's alpha 1.000"


def test_an_unknown_or_missing_code_is_refused_with_its_line(desk):
    recode.draw()
    codes = first_codes()
    fill(["maybe", "", *codes[2:]])
    with pytest.raises(Problems) as found:
        recode.score()
    assert (
        str(found.value)
        .splitlines()[0]
        .startswith('recode.csv:2: stance: got "maybe", expected one of ')
    )
    assert len(found.value.problems) == 2
