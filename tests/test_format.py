"""Values become text in one place, rounded once, half up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.spell import number, rounded, text, texts


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("0.0345", 3, "0.035"),
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "\u22123"),
        ("51.95", 1, "52.0"),
    ],
)
def test_halves_round_up(value, decimals, expected):
    assert number(Decimal(value), "en", decimals) == expected


@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(0, 4))
def test_rounding_is_never_off_by_more_than_half_a_unit(value, decimals):
    assert abs(Fraction(rounded(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)


@pytest.mark.parametrize(
    ("value", "unit", "lang", "style", "expected"),
    [
        (5150092, "votes", "en", "", "5,150,092"),
        (5150092, "votes", "en", "millions", "5.15\u00a0million"),
        (Decimal("51.20"), "percent", "en", "", "51.20%"),
        (Decimal("6.89"), "million_votes", "en", "", "6.89\u00a0million"),
        (7, "states", "en", "words", "seven"),
        (0, "states", "en", "words", "zero"),
        (12, "states", "en", "Words", "Twelve"),
        (40, "states", "en", "words", "forty"),
        (99, "states", "en", "words", "ninety-nine"),
        (100000000, "one_in", "en", "", "1\u00a0in\u00a0100,000,000"),
        ("2024-07-29", "date", "en", "", "29\u00a0July\u00a02024"),
        ("2024-07-29", "date", "en", "weekday", "Monday\u00a029\u00a0July"),
        ("2024-12-30", "date", "en", "", "30\u00a0December\u00a02024"),
        ("2024-12-30", "date", "en", "month", "December\u00a02024"),
        ("2024-12-30", "date", "en", "year", "2024"),
        ("serious concerns", "quotation", "en", "", "serious concerns"),
    ],
)
def test_a_value_is_spelled_as_its_unit_language_and_style_ask(value, unit, lang, style, expected):
    assert text(value, unit, lang, style) == expected


def test_large_counts_have_no_words():
    assert "words" not in texts(5150092, "votes")


def test_published_decimals_survive():
    assert text(Decimal("51.20"), "percent") == "51.20%"


def test_a_number_prints_in_one_form_unless_another_is_asked_for_by_name():
    named = {"", "bare", "millions", "words", "Words", "iso"}
    for value, unit in ((Decimal("51.20"), "percent"), (Fraction(1, 3), "percent"), (7, "states")):
        assert texts(value, unit, "en", 1).keys() <= named
    assert text(Decimal("51.20"), "percent") == "51.20%"
