"""Sources print as what is known of them: uncertain dates as uncertain, descriptions in
brackets."""

from __future__ import annotations

import pytest

from pipeline.prose.beside import issued, item, names

ROW = {
    "id": "a.2024",
    "publisher": "A",
    "title": "T",
    "title_is_description": "false",
    "author": "",
    "published": "2024",
    "url": "https://a.org/",
    "address": "given",
    "language": "en",
    "kind": "news",
    "read": "excerpt",
    "cited": "true",
    "note": "",
}


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("", {}),
        ("2024-07-29", {"issued": {"date-parts": [[2024, 7, 29]]}}),
        ("2024-07", {"issued": {"date-parts": [[2024, 7]]}}),
        ("2024-07-29~", {"issued": {"date-parts": [[2024, 7, 29]], "circa": True}}),
        ("2024-07-29/2024-07-30", {"issued": {"date-parts": [[2024, 7, 29], [2024, 7, 30]]}}),
        ("2024-08-22/..", {"issued": {"date-parts": [[2024, 8, 22]]}}),
    ],
)
def test_a_date_is_as_certain_as_its_source_says(edtf, expected):
    assert issued(edtf) == expected


def test_a_title_that_is_only_a_description_stands_in_brackets():
    assert item(ROW | {"title_is_description": "true"})["title"] == "[T]"
    assert item(ROW)["title"] == "T"


def test_a_withheld_address_is_not_printed():
    assert "URL" not in item(ROW | {"url": "", "address": "withheld"})


def test_a_source_read_whole_or_not_opened_says_so():
    assert item(ROW | {"read": "whole"})["note"] == "Read whole"
    assert item(ROW | {"read": "none"})["note"] == "Not opened"
    assert "note" not in item(ROW)


def test_authors_print_as_they_sign():
    assert names("Terence Tao; Carter Center") == [
        {"literal": "Terence Tao"},
        {"literal": "Carter Center"},
    ]
