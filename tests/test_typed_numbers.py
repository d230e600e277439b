"""No number is typed: the hunt through prose and figure words, and tests of the hunter itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typed_numbers import find
from tests.words import written

ROOT = Path(__file__).parent.parent
HEADER_KEYS = ("title", "subtitle", "abstract", "description")


def test_no_number_is_typed_in_prose():
    edition = ROOT / "report.qmd"
    rows = edition.read_text(encoding="utf-8").splitlines()
    end = rows.index("---", 1)
    header = [
        (i, row) for i, row in enumerate(rows[:end], 1) if row.split(":")[0].strip() in HEADER_KEYS
    ]
    typed = [
        f"{edition.name}:{i}: {found}"
        for i, row in [*header, *enumerate(rows[end + 1 :], end + 2)]
        for found in find(row)
    ]
    assert not typed, "numbers typed instead of named as facts:\n" + "\n".join(typed)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "figures").glob("*.yml")), ids=lambda file: file.stem
)
def test_no_number_is_typed_in_the_words_of_a_figure(file):
    typed = [f"{file.name}: {found} in {text!r}" for text in written(file) for found in find(text)]
    assert not typed, "numbers typed instead of named as facts:\n" + "\n".join(typed)


@pytest.mark.parametrize(
    "planted",
    [
        "41 days",
        "four to five points",
        "a third of them… two thirds",
        "twice",
        "Thirty-one states",
        "dozens",
        "half the sheets",
        "on 29 July",
        "the ninth list",
        "3",
        "1,234.5",
        "millions of votes",
        "ten candidates",
    ],
)
def test_a_planted_number_is_found(planted):
    assert find(f"The report says {planted} and goes on.")


@pytest.mark.parametrize(
    "innocent",
    [
        "{{< fact council.first.maduro.votes >}} votes",
        "the first bulletin",
        "the second bulletin",
        "no one was named",
        "Pope John XXIII",
        "MMXXIV",
        "one of them",
        "@fig-two-counts",
        "[@ap.2024-08-03]",
        "[page](https://x.org/2024)",
        "## Heading {#sec-24}",
        "someone, often, tendency, weight",
        "{council.first.maduro.share|1} of the votes",
    ],
)
def test_what_is_not_a_number_is_left_alone(innocent):
    assert find(innocent) == []
