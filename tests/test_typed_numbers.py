"""No number is typed: the hunt through prose and figure words, and tests of the hunter itself."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import figures
from tests.typed_numbers import find

ROOT = Path(__file__).parent.parent
HEADER_KEYS = ("title", "subtitle", "abstract", "description")


def modules():
    """Every figure module, found as the build finds them."""
    names = [info.name for info in pkgutil.iter_modules(figures.__path__)]
    return [
        m
        for m in (importlib.import_module(f"figures.{name}") for name in names)
        if hasattr(m, "WORDS")
    ]


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


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.__name__)
def test_no_number_is_typed_in_the_words_of_a_figure(module):
    typed = [
        f"{module.__name__} {lang}.{key}: {found}"
        for lang, words in module.WORDS.items()
        for key, text in words.items()
        for part in (text.values() if isinstance(text, dict) else [text])
        for found in find(part)
    ]
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
