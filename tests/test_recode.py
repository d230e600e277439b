"""A second coder works blind, and the agreement of the two is computed and not guessed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from pipeline import recode
from pipeline.errors import Problems

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


def first_codes() -> list[str]:
    import random

    return [row["stance"] for row in random.Random(recode.SEED).sample(recode.rows(Path("data/positions.csv")), recode.SIZE)]


def test_the_sheet_shows_no_code(desk):
    assert recode.draw() == recode.SIZE
    text = recode.SHEET.read_text(encoding="utf-8")
    assert all(row["stance"] == "" and row["id"].isdigit() for row in recode.rows(recode.SHEET))
    assert not any(row["id"] in text for row in recode.rows(Path("data/positions.csv")))


def test_the_same_codes_agree_fully(desk):
    recode.draw()
    fill(first_codes())
    assert recode.score() == {"rows": recode.SIZE, "agreement": 1.0, "alpha": 1.0}


def test_other_codes_agree_less(desk):
    recode.draw()
    codes = first_codes()
    fill(["neutral" if code != "neutral" else "asked" for code in codes[:20]] + codes[20:])
    found = recode.score()
    assert found["agreement"] == 0.5 and found["alpha"] < 0.6


def test_an_unknown_or_missing_code_is_refused_with_its_line(desk):
    recode.draw()
    codes = first_codes()
    fill(["maybe", "", *codes[2:]])
    with pytest.raises(Problems) as found:
        recode.score()
    assert str(found.value).splitlines()[0].startswith('recode.csv:2: stance: got "maybe", expected one of ')
    assert len(found.value.problems) == 2
