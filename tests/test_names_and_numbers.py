"""In a sentence the number of a person stands behind that person's name, in prose and on
figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.words import written

PERSONS = {"maduro": "Maduro", "gonzalez": "González"}
FACT = re.compile(r"\{\{< fact ([\w.-]+)[^>]*>\}\}|\{([a-z][\w.-]*\.[\w.-]+)(?:\|\w+)?\}")
WHOSE = re.compile(r"(?:^|[._])(maduro|gonzalez)(?:[._]|$)")
# "51.2% for Maduro", "2 of every 3 went to González", "0.2 (Maduro)": the name behind a number,
# before the next one.
BEHIND = re.compile(
    r"^(?: \(|[^{};.]*?\b(?:for|to|gave) (?:Nicolás |Edmundo )?)(Maduro|González)\b"
)
NAMES = re.compile("|".join(PERSONS.values()))
LINK = re.compile(r"\[([^\]]*)\]\(#[^)]*\)")


def sentences(text: str) -> list[str]:
    """Part a text where a name ends to be the subject: at sentences, semicolons and cells."""
    return re.split(r"(?<=[.!?;]) |\n| \| ", text)


def said_of(sentence: str, fact: re.Match) -> str | None:
    """Name the person of whom a sentence says a number; nothing if it names none before it.

    "51% for Maduro" names him behind it, "González has 67% against 30%" the other one by "against".
    """
    behind = BEHIND.match(sentence[fact.end() :])
    before = NAMES.findall(FACT.sub(" ", sentence[: fact.start()]))
    if behind or not before:
        return behind[1] if behind else None
    if sentence[: fact.start()].endswith("against "):
        return next(name for name in PERSONS.values() if name != before[-1])
    return before[-1]


def wrong(text: str) -> list[str]:
    """List facts of one person that stand, in a sentence, with the name of the other."""
    found = []
    for sentence in sentences(LINK.sub(r"\1", text)):
        for fact in FACT.finditer(sentence):
            name = fact[1] or fact[2]
            whose = WHOSE.search(name)
            if whose is None or name.endswith(".date"):
                continue
            said = said_of(sentence, fact)
            if said not in (None, PERSONS[whose[1]]):
                found.append(f"{name} of {said}")
    return found


def words(file: Path) -> str:
    """Gather the texts of a figure, a line each."""
    return "\n".join(" ".join(text.split()) for text in written(file))


def test_a_number_of_a_person_stands_with_the_name_of_that_person_in_prose():
    assert wrong((ROOT / "report.qmd").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "file", sorted((ROOT / "figures").glob("*.yml")), ids=lambda path: path.stem
)
def test_a_number_of_a_person_stands_with_the_name_of_that_person_on_figures(file):
    assert words(file) and wrong(words(file)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Maduro has {{< fact council.second.gonzalez.share >}}.",
        "It read out {council.first.gonzalez.share} of the valid votes for Maduro.",
        "González leads on {recount.v2.sheets_led.maduro} sheets.",
        "They lie {one_decimal.gonzalez.residual|1} (Maduro) away.",
        "González got {results.v2.gonzalez.votes} and Maduro {results.v2.gonzalez.votes}.",
    ],
)
def test_a_number_with_the_wrong_name_is_found(text):
    assert len(wrong(text)) == 1


def test_enough_numbers_stand_with_a_name():
    prose = (ROOT / "report.qmd").read_text(encoding="utf-8")
    swapped = (
        prose.replace("Maduro", "Xaduro")
        .replace("González", "Maduro")
        .replace("Xaduro", "González")
    )
    assert len(wrong(swapped)) > 30, "with the names exchanged, the test finds nearly all"


def test_enough_numbers_stand_with_a_name_on_figures():
    found = []
    for file in (ROOT / "figures").glob("*.yml"):
        swapped = words(file).replace("Maduro", "Xaduro").replace("González", "Maduro")
        found += wrong(swapped.replace("Xaduro", "González"))
    assert len(found) > 15


# Who counts the dead and the arrested: beginning of a fact's name → how the report names them.
COUNTERS = {
    "foro_penal": "Foro Penal",
    "government": "government|Government|Saab|Attorney General|Rodríguez",
    "hrw": "Human Rights Watch",
    "un_mission": "UN mission|Fact-Finding Mission|The mission",
    "un_commissioner": "High Commissioner",
    "provea": "Provea",
    "observatory": "Observatory",
}


def miscounted(text: str) -> list[str]:
    """List counts in sentences that name others who count, but not whose count it is.

    The name stands before the number, or behind it: "40 with Human Rights Watch".
    """
    found = []
    for sentence in sentences(LINK.sub(r"\1", text)):
        for fact in FACT.finditer(sentence):
            name = fact[1] or fact[2]
            own = COUNTERS.get(name.partition(".")[0])
            before = FACT.sub(" ", sentence[: fact.start()])
            others = re.search("|".join(COUNTERS.values()), before)
            if own is None or name.endswith(".date") or not others or re.search(own, before):
                continue
            behind = re.match(
                r"[^{};]*? (?:with|by|that) (?:the )?(?:UN )?", sentence[fact.end() :]
            )
            if not behind or not re.match(own, sentence[fact.end() + behind.end() :]):
                found.append(f"{name} in “{before.strip()}”")
    return found


def test_a_count_stands_with_the_name_of_whoever_counted():
    assert miscounted((ROOT / "report.qmd").read_text(encoding="utf-8")) == []
    assert miscounted(words(ROOT / "figures/toll.yml")) == []


def test_a_count_with_the_name_of_another_is_found():
    pair = {"foro_penal": "government", "government": "foro_penal"}
    for text in (
        (ROOT / "report.qmd").read_text(encoding="utf-8"),
        words(ROOT / "figures/toll.yml"),
    ):
        swapped = re.sub(r"\b(foro_penal|government)\.", lambda name: f"{pair[name[1]]}.", text)
        assert len(miscounted(swapped)) > 5
