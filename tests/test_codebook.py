"""The codebook says what the contract says, the contract can be read by others, and both are true
of the tables."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from babel import Locale
from babel.core import get_global

from pipeline.errors import Problems
from pipeline.tables import cells, codebook, contract

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
PACKAGE = contract.read(DATA)
PAGE = (DATA / "README.md").read_text(encoding="utf-8")
COLUMNS = [
    (resource["name"], name, field)
    for resource in PACKAGE["resources"]
    for name, field in contract.fields(resource).items()
]
# Where our common name is not the Unicode Consortium's.
NAMED_OTHERWISE = {
    "BIH": "Bosnia & Herzegovina",
    "ATG": "Antigua & Barbuda",
    "KNA": "St. Kitts & Nevis",
    "LCA": "St. Lucia",
    "TTO": "Trinidad & Tobago",
    "COD": "Congo - Kinshasa",
    "VAT": "Vatican City",
    "VCT": "St. Vincent & Grenadines",
    "TUR": "Türkiye",
}


def test_the_codebook_is_what_the_contract_makes():
    assert codebook.page(DATA) == PAGE, "run: python -m pipeline.tables.codebook"


def test_the_codebook_page_without_its_marks_is_refused(tmp_path):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    (folder / "README.md").write_text("nothing")
    with pytest.raises(Problems, match="expected its two marks"):
        codebook.page(folder)


def test_the_codebook_has_one_sentence_a_line():
    prose = [line for line in PAGE.splitlines() if not line.startswith(("|", "#"))]
    assert not [line for line in prose if re.search(r"[a-z)][.?!] [A-Z]", line)]


def test_every_column_says_what_it_holds():
    for table, name, field in COLUMNS:
        at, limits = f"{table}.{name}", field["constraints"]
        number, categories = field["type"] in ("integer", "number"), field.get("categories", [])
        assert field["description"].endswith("."), at
        assert not number or field.get("unit") or field.get("unitFrom"), at
        assert table == "corrections" or all(category["label"] for category in categories), at
        # An example says more than a pattern.
        assert "listOf" in field or ("pattern" in limits) == ("example" in field), at
        bound = {"enum", "pattern", "maxLength", "minimum"} & set(limits)
        assert field["type"] == "boolean" or bound, at


def test_examples_are_examples():
    for table, name, field in COLUMNS:
        for example in re.split(r", | or ", field.get("example", "")):
            assert not example or not cells.faults(field, example), f"{table}.{name}: {example}"


def test_every_property_that_is_ours_is_explained():
    ours = {key for _, _, field in COLUMNS for key in field} | {
        key for resource in PACKAGE["resources"] for key in resource
    }
    standard = {
        "name",
        "type",
        "title",
        "description",
        "constraints",
        "example",
        "trueValues",
        "falseValues",
        "path",
        "format",
        "mediatype",
        "encoding",
        "schema",
    }
    assert ours - standard <= set(PACKAGE["conventions"])


def test_the_contract_is_licensed_versioned_and_signed_as_the_report_is():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf'^version: "?{re.escape(PACKAGE["version"])}"?$', citation, re.MULTILINE)
    assert [licence["name"] for licence in PACKAGE["licenses"]] == [
        "CC-BY-4.0"
    ] and "CC BY 4.0" in PAGE
    assert [person["title"] for person in PACKAGE["contributors"]] == ["Two Counts contributors"]


@pytest.mark.slow
def test_another_reader_of_data_packages_accepts_the_tables_and_refuses_bad_ones(
    tmp_path, monkeypatch
):
    import frictionless

    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    monkeypatch.chdir(folder)
    assert frictionless.validate("datapackage.json").valid
    text = (folder / "positions.csv").read_text(encoding="utf-8")
    (folder / "positions.csv").write_text(
        text.replace(",ARG,state,South America,", ",ARG,state,Caribbean,", 1), encoding="utf-8"
    )
    errors = [
        error for task in frictionless.validate("datapackage.json").tasks for error in task.errors
    ]
    assert [error.type for error in errors] == ["foreign-key"]


def test_the_agreement_of_the_two_codings_is_as_the_codebook_says(tables):
    first = tables["positions"].set_index("id")["stance"]
    pairs = [(first[row.position], row.stance) for row in tables["recoding"].itertuples()]
    agreed = sum(a == b for a, b in pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = Fraction(sum(left[code] * right[code] for code in left), len(pairs) ** 2)
    kappa = (Fraction(agreed, len(pairs)) - chance) / (1 - chance)
    assert (
        f"agree on {agreed} of {len(pairs)} rows ({agreed / len(pairs):.3f}); Cohen's kappa is "
        f"{float(kappa):.3f}."
    ) in PAGE


def test_the_values_kept_in_conflicts_are_those_of_the_tables(tables):
    claims = tables["claims"].set_index("id")["value"]
    for name, text in {
        "council.first.others.votes": "Others, first bulletin | 462,704",
        "council.first.maduro.votes": "Maduro, first bulletin | 5,150,092",
        "council.first.gonzalez.votes": "González, first bulletin | 4,445,978",
        "council.second.maduro.votes": "Maduro, second bulletin | 6,408,844",
        "council.second.martinez.votes": "Martínez, second bulletin | 152,360",
        "council.second.valid_votes": "Valid votes, second bulletin | 12,335,884",
        "roll.entitled": "Electoral roll | 21,392,464",
        "opposition.august_2.sheets": "Sheets in the first file | 24,532",
        "edison.sample": "Sample of the exit poll | 6,846",
        "council.second.turnout": "Turnout, second bulletin | 59.97",
        "council.second.counted": "Sheets counted, second bulletin | 96.87",
    }.items():
        assert f"| {text.rsplit('| ', 1)[0]}| {claims[name]:,} |" in PAGE


def test_country_codes_and_names_are_those_of_the_unicode_consortium(tables):
    english = Locale("en").territories
    alias = get_global("territory_aliases")
    for row in tables["countries"].itertuples():
        assert (row.iso3 in alias) == (row.iso_status == "official"), row
        (short,) = alias.get(row.iso3, ["XK"])  # which has no alias: it is Kosovo's
        assert english[short] == NAMED_OTHERWISE.get(row.iso3, row.name), row
