"""The tests of the sheets hold on small tables whose answer is known without them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from statistics import pvariance, stdev

import pandas as pd
import pytest

from analysis import digits, fingerprint, missing, neighbours, nulls, overlap, sample
from tests.test_analysis import SMALL, claims


@pytest.mark.parametrize(("value", "chance"), [(16.919, 0.05), (21.666, 0.01), (4.168, 0.9)])
def test_chi_squared_is_exceeded_as_often_as_its_printed_tables_say(value, chance):
    assert digits.exceeded(value) == pytest.approx(chance, abs=1e-4)


def test_even_digits_have_no_chi_squared_and_a_heap_on_one_has_much():
    assert digits.chi_squared([7] * 10) == 0
    assert digits.chi_squared([100] + [0] * 9) == 900


def test_a_normal_curve_has_what_every_table_of_it_says():
    assert float(neighbours.within(2)) == pytest.approx(0.954500, abs=1e-6)
    assert float(neighbours.within(3)) == pytest.approx(0.997300, abs=1e-6)


def moments(sheets: list[tuple[int, int]]) -> dict[str, int]:
    """The sums of a candidate's sheets: votes and valid votes of each."""
    return {
        "sheets": len(sheets),
        "votes": sum(votes for votes, _ in sheets),
        "valid_votes": sum(valid for _, valid in sheets),
        "votes_squared": sum(votes**2 for votes, _ in sheets),
        "valid_squared": sum(valid**2 for _, valid in sheets),
        "votes_by_valid": sum(votes * valid for votes, valid in sheets),
    }


def test_sheets_of_one_size_have_the_error_that_every_sample_of_them_shows():
    votes = [10, 35, 40, 55, 60, 80, 85]
    shares = [sum(drawn) / 3 for drawn in combinations(votes, 3)]  # of sheets with 100 votes
    error = sample.error(moments([(count, 100) for count in votes]), Fraction(3))
    assert float(error) == pytest.approx(pvariance(shares) ** 0.5)


def test_a_sample_of_all_sheets_has_no_error_and_one_of_few_more():
    sums = moments([(30, 90), (50, 60), (20, 100), (70, 120)])
    errors = [sample.error(sums, Fraction(drawn)) for drawn in (1, 2, 3, 4)]
    assert errors == sorted(errors, reverse=True) and errors[-1] == 0
    assert float(sample.error(moments([(1, 4), (3, 4)]), Fraction(1))) == pytest.approx(
        100 * stdev([0.25, 0.75]) / 2**0.5
    )


FEWEST = pd.DataFrame(
    {
        "publication": ["v1"] * 4,
        "counted": [79.5, 80, 80.5, 96],
        "in_common": [5, 6, 7, 9],
        "gonzalez": [50, 60, 70, 90],
    }
)
BULLETINS = claims(council__first__gonzalez__votes=45, council__second__gonzalez__votes=46)


def test_what_both_counts_share_is_set_beside_its_own_bulletin():
    rows = overlap.frame(SMALL | {"fewest_votes": FEWEST.sample(frac=1)}, BULLETINS)
    assert list(rows["case"]) == list(overlap.CASES)
    assert list(rows["council_votes"]) == [45, 45, 45, 46]
    assert list(rows["least_votes"] - rows["council_votes"]) == [5, 15, 25, 44]


SIZES = pd.DataFrame(
    [("v1", 1, 90, 50, 20, 25), ("v1", 3, 200, 100, 60, 40)],
    columns=["publication", "tables", "electors", "valid_votes", "gonzalez", "maduro"],
)
CELLS = pd.DataFrame(
    [("v1", 55.0, 40.0, 1, 90, 50, 20, 25), ("v1", 50.0, 60.0, 2, 200, 100, 60, 40)],
    columns="publication turnout_from gonzalez_share_from sheets electors valid_votes gonzalez "
    "maduro".split(),
)
MISSING = SMALL | {"polling_places": SIZES, "turnout_and_share": CELLS}


def votes(name: str, roll: int = 500) -> tuple[int, int]:
    """The votes of González and Maduro in a scenario; the small file has 290 of these electors."""
    found = missing.scenarios(MISSING, claims(roll__domestic=roll))[name]
    return found["gonzalez"], found["maduro"]


def test_missing_sheets_vote_as_each_scenario_says():
    assert votes("published") == (80, 65)
    assert votes("states") == (80 + 62, 65 + 43)  # 60 and 20 × 10 ÷ 90; 40 and 25 × 10 ÷ 90
    assert votes("small_places") == (80 + 47, 65 + 58)  # 20 and 25 × 210 ÷ 90
    assert votes("all_votes") == (80, 65 + 109)  # 150 × 210 ÷ 290
    assert votes("all_electors") == (80, 65 + 210)


def test_the_lowest_shares_come_first_and_the_last_that_is_needed_counts_in_part():
    assert votes("lowest", 290 + 45) == (80 + 10, 65 + 12)  # half of the lowest
    assert votes("lowest", 290 + 90 + 100) == (80 + 20 + 30, 65 + 25 + 20)
    assert votes("lowest", 290) == votes("published")


def test_tiles_hold_all_sheets_of_their_cells():
    fine = pd.concat([CELLS.assign(turnout_from=start) for start in (50.0, 57.5, 60.0)])
    rows = fingerprint.frame(SMALL | {"turnout_and_share": fine})
    assert list(rows["turnout_from"]) == [50, 50, 60, 60]
    assert list(rows["sheets"]) == [2, 4, 1, 2]


def test_null_votes_are_part_of_all_ballots():
    known = claims(a__votes=1, a__valid_votes=3, a__ballots=4)
    assert nulls.share({}, known, "a.votes", "a.valid_votes") == 25
    assert nulls.share({}, known, "a.votes", "a.ballots") == 25
    assert nulls.share(SMALL, {}, "results.v2.null_votes", "results.v2.valid_votes") == Fraction(
        100, 151
    )


def test_what_the_text_says_does_not_fit_does_not(tables, facts):
    assert facts["nulls.v2.share"].value < facts["nulls.second.share"].value / 30
    assert (
        facts["neighbours.beyond_far.tables"].value > facts["neighbours.beyond_far.by_chance"].value
    )
    lowest, highest = (
        facts[f"sample.{name}"].value for name in ("gonzalez.lowest", "maduro.highest")
    )
    assert facts["altavista.august_1.gonzalez.share"].value < lowest
    assert facts["altavista.august_1.maduro.share"].value > highest


def test_every_count_of_null_votes_says_whose_it_is_and_how_sure(tables, facts):
    rows = nulls.frame(tables, facts).set_index("count")
    assert rows.loc["of_v2", "claimant"] == facts["opposition.august_6.sheets"].claimant
    assert rows["claimant"].all() and rows["confidence"].isin(["high", "medium", "low"]).all()
