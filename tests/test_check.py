"""The check lets the tables through as they are, and holds every rule against data that break
it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import Problems
from pipeline.tables import check, contract, read, rules
from pipeline.tables.cells import faults
from pipeline.tables.read import Table
from tests.conftest import ROOT
from tests.sound import DATA, PACKAGE, RESOURCES, database, tables

GONE, NEW = object(), object()  # instead of a value: delete the row; instead of a row: add one

NEW_CORRECTION = ("2026-12-01", "claims", "roll.tables", "value", "30036", "30026", "misprint", "")
# rule → edits that break it: (table, key of the row or NEW, column or cells, value or GONE)
BREAKS = {
    "rules-find-their-claims": [("claims", "roll.tables", "id", "roll.tabels")],
    "first-bulletin-sums": [("claims", "council.first.others.votes", "value", "461704")],
    "second-bulletin-sums": [("claims", "council.second.martinez.votes", "value", "152306")],
    "second-bulletin-voters": [("claims", "council.second.null_votes", "value", "50786")],
    "council-shares": [("claims", "council.first.gonzalez.share", "value", "44.02")],
    "council-rates": [("claims", "council.second.turnout", "value", "59.79")],
    "who-leads": [("claims", "moe.maduro.share", "value", "67.3")],
    "bulletins-have-their-day": [("claims", "telesur.graphic.sum", "date", "2024-07-30")],
    "published-share-of-sheets": [("claims", "opposition.july_30.sheets_share", "value", "81.22")],
    "roll-sums": [("claims", "roll.abroad", "value", "69212")],
    "sheets-led-sum": [("claims", "recount.v2.sheets_tied", "value", "42")],
    "other-transcription-sums": [
        ("claims", "recount.other_transcription.others.votes", "value", "231418")
    ],
    "second-file-grows-from-first": [("claims", "recount.dropped_sheets", "value", "3")],
    "names-say-units": [("claims", "council.first.maduro.votes", "unit", "percent")],
    "names-say-whom": [("claims", "carter.final.maduro.votes", "subject", "Edmundo González")],
    "names-say-days": [("findings", "council.august_5", "date", "2024-08-09")],
    "percent-at-most-hundred": [("claims", "carter.october_2.maduro.share", "value", "131")],
    "percents-are-no-fractions": [("claims", "moe.gonzalez.share", "value", "0.672")],
    "counts-are-whole": [("claims", "hrw.deaths.verified", "value", "11.5")],
    "millions-are-small": [("claims", "ap.gonzalez.votes", "value", "6890000")],
    "periods-run-forward": [("claims", "provea.deaths.august_6", "period_end", "2024-07-27")],
    "own-is-computed": [("claims", "recount.added_sheets", "basis", "stated")],
    "one-claimant-one-side": [("claims", "ap.sheets", "side", "opposition")],
    "claimants-keep-their-side": [("findings", "council.august_5", "side", "government")],
    "candidates-are-valid-votes-by-state": [("tallies_by_state", "v1/VE-A", "others", "24931")],
    "ballots-have-electors-by-state": [
        ("tallies_by_state", "v1/VE-Z", "registered_on_sheets", "45000")
    ],
    "candidates-are-valid-votes-by-municipality": [
        ("tallies_by_municipality", "v2/0101", "maduro", "1")
    ],
    "ballots-have-electors-by-municipality": [
        ("tallies_by_municipality", "v2/0101", "registered_on_sheets", "1210692")
    ],
    "states-sum-to-what-was-published": [("tallies_by_state", "v2/VE-V", "gonzalez", "766916")],
    "states-are-complete": [("tallies_by_state", "v2/VE-V", "", GONE)],
    "municipalities-sum-to-their-state": [
        ("tallies_by_municipality", "v1/0201", "null_votes", "7")
    ],
    "municipality-codes-follow-states": [("tallies_by_municipality", "v1/0201", "state", "VE-C")],
    "municipality-names-agree": [
        ("tallies_by_municipality", "v1/0201", "municipality", "MP. ANACOS")
    ],
    "share-classes-sum": [("sheet_shares", "v2/50", "sheets", "1")],
    "share-classes-hold": [("sheet_shares", "v2/50", "gonzalez", "1")],
    "cells-sum-to-the-sheets": [("turnout_and_share", "v1/60.0/70.0", "sheets", "1")],
    "cells-hold": [("turnout_and_share", "v1/60.0/70.0", "gonzalez", "1")],
    "cells-are-cells": [("turnout_and_share", "v1/60.0/70.0", "turnout_from", "61")],
    "digits-are-of-sheets": [("last_digits", "v1/maduro/3", "sheets", "20000")],
    "neighbours-are-of-places": [("neighbouring_tables", "v1/1.5", "", GONE)],
    "pairs-are-all-pairs": [("pairs_of_sheets", "v2/7", "anywhere", "1")],
    "sheets-in-common": [("fewest_votes", "v2/80", "in_common", "19066")],
    "bulletins-are-counted": [("fewest_votes", "v2/80", "counted", "81")],
    "places-sum-to-the-sheets": [("polling_places", "v1/2", "electors", "4018397")],
    "moments-are-of-the-sheets": [("sheet_moments", "v1/maduro", "votes", "1")],
    "squares-are-large": [("sheet_moments", "v1/maduro", "votes_by_valid", "1")],
    "places-have-their-sheets": [("polling_places", "v1/2", "places", "2000")],
    "states-sum-to-roll": [("states", "VE-K", "registered_voters", "1366784")],
    "sheets-fit-the-roll": [("tallies_by_state", "v1/VE-Z", "registered_on_sheets", "120458")],
    "oas-roll-call": [("statement_members", "oas-draft-resolution/Brazil", "role", "yes")],
    "oas-members": [("claims", "oas.votes_needed", "value", "17")],
    "members-are-complete": [("statement_members", "un-new-york/Chile", "", GONE)],
    "roles-fit": [("statement_members", "oecs-heads/Grenada", "role", "yes")],
    "members-have-their-country": [("statement_members", "oecs-heads/Grenada", "iso3", "GTM")],
    "actors-have-their-country": [("positions", "peru.2024-07-30.recognised", "actor", "Perú")],
    "states-have-codes": [("positions", "peru.2024-07-30.recognised", "kind", "body")],
    "strength-belongs-to-recognised": [("positions", "peru.2024-07-30.recognised", "strength", "")],
    "second-choice-differs-positions": [
        ("positions", "peru.2024-07-30.recognised", "second_choice", "recognised")
    ],
    "second-choice-differs-recoding": [
        ("recoding", "peru.2024-07-30.recognised", "second_choice", "recognised")
    ],
    "quotes-are-short-positions": [
        ("positions", "peru.2024-07-30.recognised", "quote", "one two three four five six seven")
    ],
    "quotes-are-short-findings": [
        ("findings", "gil.communique", "quote", "one two three four five six seven")
    ],
    "quotes-are-short-after": [
        ("after", "2025-03-02.uruguay-neither", "quote", "one two three four five six seven")
    ],
    "article-actors": [("positions", "peru.2024-07-30.recognised", "in_starting_article", "true")],
    "article-measures": [
        (
            "measures",
            "peru.venezuela.2024-07-29.recalled-ambassador",
            "in_starting_article",
            "false",
        )
    ],
    "inferred-is-not-high": [("positions", "uruguay.2025-01-04.recognised", "confidence", "high")],
    "high-is-carried": [("states", "VE-A", "confidence", "high")],
    "weak-is-low": [("positions", "qatar.2024-08-04.congratulated", "confidence", "medium")],
    "doubted-is-low": [("claims", "lewis_thompson.maduro.share", "confidence", "medium")],
    "position-names-fit": [("positions", "peru.2024-07-30.recognised", "date", "2024-07-31")],
    "measure-names-fit": [
        (
            "measures",
            "venezuela.peru.2024-07-30.severed-relations",
            "measure",
            "suspended_relations",
        )
    ],
    "names-say-countries": [
        ("measures", "venezuela.peru.2024-07-30.severed-relations", "target_iso3", "CHL")
    ],
    "event-names-fit": [("events", "2024-07-28.election", "date", "2024-07-29")],
    "source-names-fit": [("sources", "100-noticias.2024-07-29", "published", "2024-07-28")],
    "published-days-exist": [("sources", "100-noticias.2024-07-29", "published", "2024-06-31")],
    "sources-are-not-older": [("claims", "roll.abroad", "date", "2025-06-02")],
    "sources-come-soon": [("claims", "un_mission.deaths.investigated", "date", "2024-09-22")],
    "one-source-one-address": [
        (
            "sources",
            "24-horas.2024-07-30",
            "url",
            "https://24horas.cl/internacional/noticias/paises-reconocieron-triunfo-nicolas-maduro-venezuela/",
        )
    ],
    "measures-have-two-sides": [
        ("measures", "venezuela.peru.2024-07-30.severed-relations", "target_iso3", "VEN")
    ],
    "addresses-are-declared": [("sources", "100-noticias.2024-07-29", "address", "none")],
    "sources-are-cited": [("sources", "100-noticias.2024-07-29", "cited", "false")],
    "notes-name-sources": [("claims", "roll.tables", "note", "See [el-pais.2024-13].")],
    "corrections-name-cells": [
        ("corrections", NEW, (*NEW_CORRECTION[:2], "roll.tabels", *NEW_CORRECTION[3:]), "")
    ],
    "corrections-are-made": [
        ("corrections", NEW, (*NEW_CORRECTION[:5], "30027", *NEW_CORRECTION[6:]), "")
    ],
    "corrections-do-not-circle": [
        ("corrections", NEW, NEW_CORRECTION, ""),
        (
            "corrections",
            NEW,
            (
                "2026-12-02",
                "claims",
                "roll.tables",
                "value",
                "30026",
                "30036",
                "second thoughts",
                "",
            ),
            "",
        ),
    ],
    "tiles-cover-the-region": [("tile_grid", "ARG", "iso3", "ESP")],
    "regions-have-a-witness": [("countries", "VEN", "region", "Caribbean")],
    "codes-say-their-status": [("countries", "XKX", "iso_status", "official")],
    "state-codes-follow-names": [("states", "VE-M", "name", "Cojedes")],
    "countries-are-used": [("countries", "ALB", "iso3", "ALX")],
    "countries-are-named": [("names", "chile", "name", "Chilli")],
    "actors-are-named": [("positions", "caricom.2024-07-30.neutral", "actor", "CARICOMM")],
    "texts-are-named": [("names", "seven-eu-countries", "texts", "")],
    "something-was-read": [("attendance", "Namibia", "sources", "cnn.2026-07-22")],
    "weaker-acts-take-back": [("positions", "turkey.2024-08-07.neutral", "takes_back", "true")],
}
# More data that break rules of several tables or cases: each must be refused on its own.
ALSO = [
    ("who-leads", ("claims", "hinterlaces.exit_poll.maduro.share", "value", "42.8")),
    ("who-leads", ("claims", "dataviva.july_12.maduro.intention", "value", "20.8")),
    ("roles-fit", ("statement_members", "eu-august/Austria", "role", "signatory")),
    ("roles-fit", ("statement_members", "eu-january/Iceland", "role", "yes")),
    ("roles-fit", ("statement_members", "nine-governments/Peru", "role", "member")),
    ("roles-fit", ("statement_members", "oas-draft-resolution/Brazil", "role", "aligned")),
    ("countries-are-named", ("names", "chile", "", GONE)),
    ("countries-are-named", ("names", "oecs", "kind", "state")),
    ("actors-are-named", ("names", "eleven-american-governments", "also", "Eleven")),
    ("actors-are-named", ("names", "chile", "also", "European Union")),
    ("texts-are-named", ("names", "caricom", "texts", "oecs-heads")),
    ("members-have-their-country", ("attendance", "Algeria", "iso3", "")),
    ("members-have-their-country", ("attendance", "Algeria", "iso3", "ARG")),
    ("members-have-their-country", ("attendance", "Sahrawi Republic", "iso3", "DZA")),
    ("high-is-carried", ("after", "2026-01-03.ecuador", "confidence", "high")),
    ("high-is-carried", ("attendance", "Namibia", "confidence", "high")),
    ("weak-is-low", ("after", "2026-09-22.trump-rodriguez", "confidence", "medium")),
    ("weak-is-low", ("attendance", "Namibia", "sources", "pledge-times.2025-01-10")),
    ("event-names-fit", ("after", "2025-03-02.uruguay-neither", "date", "2025-03-03")),
    ("published-days-exist", ("sources", "14ymedio.2026-03-13", "published", "2026-11-28")),
    (
        "sources-are-not-older",
        ("after", "2025-03-02.uruguay-neither", "sources", "el-candelero.2024-07-28"),
    ),
    ("sources-are-not-older", ("attendance", "Namibia", "sources", "el-candelero.2024-07-28")),
    (
        "sources-come-soon",
        ("after", "2025-03-02.uruguay-neither", "sources", "14ymedio.2026-03-13"),
    ),
    ("sources-come-soon", ("attendance", "Namibia", "sources", "14ymedio.2026-03-13")),
    ("countries-are-used", ("attendance", "India", "", GONE)),
    (
        "something-was-read",
        ("claims", "altavista.august_1.sheets", "sources", "mebane.2024-08-11;kronick.2024-08"),
    ),
    ("something-was-read", ("findings", "article.boric", "sources", "carter-center.2024-07-30.2")),
    (
        "something-was-read",
        (
            "positions",
            "namibia.2024-08-04.congratulated",
            "sources",
            "council-of-the-european-union.2024-08-04",
        ),
    ),
    (
        "something-was-read",
        (
            "measures",
            "canada.venezuela.2024-12-17.sanctioned-officials",
            "sources",
            "ohchr.2024-09-17",
        ),
    ),
    (
        "something-was-read",
        (
            "after",
            "2026-04-01.us-sanctions-lifted",
            "sources",
            "cbs-news.2026-04-01;npr.2026-04-02",
        ),
    ),
    ("something-was-read", ("sources", "observer24.2025-01", "read", "none")),
    ("weaker-acts-take-back", ("positions", "caricom.2024-07-30.neutral", "takes_back", "true")),
    (
        "weaker-acts-take-back",
        ("positions", "argentina.2024-08-07.recognised", "takes_back", "true"),
    ),
    ("weaker-acts-take-back", ("positions", "germany.2024-07-29.concern", "takes_back", "true")),
]


def line_of(name: str, key: str) -> int:
    """Find the line of a row by its first cell."""
    return next(line for line, cells in tables()[name].rows if cells[0] == key)


def edited(edits: list[tuple]) -> dict[str, Table]:
    """Apply edits to copies of the sound tables."""
    found = tables().copy()
    for name, key, column, new in edits:
        schema, table = RESOURCES[name], found[name]
        names = list(contract.fields(schema))
        if key is NEW:
            found[name] = Table(
                table.file, names, [*table.rows, (len(table.rows) + 2, list(column))]
            )
            continue
        places = [names.index(part) for part in schema["schema"]["primaryKey"]]
        hit = [
            line for line, cells in table.rows if "/".join(cells[place] for place in places) == key
        ]
        assert len(hit) == 1, f"{name} has {len(hit)} rows {key}"
        rows = [
            (
                line,
                [
                    new if line == hit[0] and n == column else c
                    for n, c in zip(names, cells, strict=True)
                ],
            )
            for line, cells in table.rows
        ]
        found[name] = Table(
            table.file, names, [row for row in rows if new is not GONE or row[0] != hit[0]]
        )
    return found


def test_every_rule_has_data_that_break_it():
    assert {rule["name"] for rule in PACKAGE["rules"]} == set(BREAKS)


@pytest.mark.parametrize(
    ("name", "edits"),
    [*BREAKS.items(), *((rule, [edit]) for rule, edit in ALSO)],
    ids=[*BREAKS, *(f"{rule}-{edit[0]}-{edit[1]}-{edit[2]}" for rule, edit in ALSO)],
)
def test_a_rule_refuses_data_that_break_it(name, edits):
    rule = next(rule for rule in PACKAGE["rules"] if rule["name"] == name)
    found = edited(edits)
    with database(found) as held:
        problems = rules.broken(held, PACKAGE, rule, found)
    assert problems
    for problem in problems:
        assert Path(problem.file).exists() and problem.line >= 1 and problem.column
        assert problem.message.startswith("got ") and ", expected " in problem.message
        assert problem.hint.startswith(f"rule {name}: ")


def test_a_correction_that_was_made_passes():
    corrected = edited([("corrections", NEW, NEW_CORRECTION, "")])
    with database(corrected) as held:
        assert not list(rules.between(held, PACKAGE, corrected))


@pytest.mark.slow
def test_the_check_lets_the_tables_through_and_imports_nothing_heavy():
    code = (
        "import sys; from pathlib import Path; from pipeline.tables import check; "
        "print(*check.examine(Path('data'))); "
        "sys.exit(bool({'pandas', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = sum(len(table.rows) for table in tables().values())
    assert (
        done.stdout
        == f"[] data: {len(RESOURCES)} tables, {rows:,} rows, {len(BREAKS)} rules: all hold\n"
    )


@pytest.fixture
def folder(tmp_path):
    """A copy of the tables that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def replace(path: Path, old: str, new: str, every: bool = False) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, -1 if every else 1), encoding="utf-8")


def test_problems_of_all_tables_come_at_once_each_with_place_found_expected_and_remedy(folder):
    replace(folder / "claims.csv", ",51.20,percent", ',"51,2",percent')
    replace(folder / "claims.csv", ",5150092,", ",5.150.092,")
    replace(folder / "measures.csv", "custody_of_embassy", "custody_of_embasy")
    replace(folder / "events.csv", ",2024-07-28,", ",2024-02-30,")
    replace(folder / "sources.csv", ",given,", ",Given,", every=True)
    (folder / "extra.csv").write_text("a\n1\n")
    problems, _ = check.examine(folder)
    share, votes = "council.first.maduro.share", "council.first.maduro.votes"
    assert [str(problem) for problem in problems if "claims.csv" in problem.file] == [
        f"{folder}/claims.csv:{line_of('claims', share)}: value: "
        'got "51,2", expected a number (unit percent); write 51.2',
        f"{folder}/claims.csv:{line_of('claims', votes)}: value: "
        'got "5.150.092", expected a number (unit votes); write 5150092',
    ]
    told = {Path(problem.file).name: str(problem) for problem in problems}
    assert list(told) == ["claims.csv", "events.csv", "extra.csv", "measures.csv", "sources.csv"]
    assert 'got "2024-02-30", expected a day that exists, YYYY-MM-DD' in told["events.csv"]
    assert "extra.csv: got a table that the contract does not list" in told["extra.csv"]
    assert "measures.csv:2: measure: got" in told["measures.csv"]
    assert told["measures.csv"].endswith("…; did you mean custody_of_embassy?")
    of_sources = [problem for problem in problems if "sources.csv" in problem.file]
    assert len(of_sources) > 100


# A table in two lists of its own, and what refers to it: each query of keys and references
SMALL = {
    "resources": [
        {
            "name": "lands",
            "schema": {
                "primaryKey": ["code"],
                "uniqueKeys": [["code", "region"]],
                "fields": [
                    {"name": "code", "type": "string", "constraints": {}},
                    {"name": "region", "type": "string", "constraints": {}},
                    {"name": "name", "type": "string", "constraints": {"unique": True}},
                ],
            },
        },
        {
            "name": "acts",
            "schema": {
                "primaryKey": ["day", "number"],
                "foreignKeys": [
                    {
                        "fields": ["code", "region"],
                        "reference": {"resource": "lands", "fields": ["code", "region"]},
                    }
                ],
                "fields": [
                    {"name": "day", "type": "date", "constraints": {}},
                    {"name": "number", "type": "integer", "constraints": {}},
                    {"name": "code", "type": "string", "constraints": {}},
                    {"name": "region", "type": "string", "constraints": {}},
                    {
                        "name": "with",
                        "type": "string",
                        "constraints": {},
                        "listOf": {"separator": ";", "resource": "lands", "field": "code"},
                    },
                ],
            },
        },
    ],
    "rules": [],
}
LANDS = "code,region,name\nARG,South,Argentina\nATG,Sea,Antigua\nPER,South,Peru\n"


def of_small(lands: str, acts: str) -> list[str]:
    """Say what is wrong between the rows of two small tables, sorted by line."""
    acts = "day,number,code,region,with\n" + acts
    found = {"lands": read.parse(lands, "lands.csv"), "acts": read.parse(acts, "acts.csv")}
    return [str(problem) for problem in sorted(rules.problems(SMALL, found))]


def test_keys_and_order_are_held_and_empty_references_pass():
    acts = "2024-01-01,2,ARG,South,PER;ATG\n2024-01-01,10,,,\n"
    assert of_small(LANDS, acts) == []
    assert of_small(LANDS + "ARG,South,Peru\n", "") == [
        'lands.csv:5: code: got "ARG" a second time, expected it once; it is in line 2',
        'lands.csv:5: code: got "ARG" after "PER", expected sorted rows; sort the table by code',
        'lands.csv:5: code, region: got "ARG/South" a second time, expected it once; '
        "it is in line 2",
        'lands.csv:5: name: got "Peru" a second time, expected it once; it is in line 4',
    ]
    acts = "2024-01-01,10,,,\n2024-01-01,9,,,\n2024-01-01,8,,,\n2024-01-01,10,,,\n"
    assert of_small(LANDS, acts) == [
        'acts.csv:3: day, number: got "2024-01-01/9" after "2024-01-01/10", expected sorted rows; '
        "sort the table by day, number",
        'acts.csv:5: day, number: got "2024-01-01/10" a second time, expected it once; '
        "it is in line 2",
    ]


def test_a_reference_to_no_row_is_told_with_the_column_at_fault_and_the_nearest_name():
    acts = ["AGR,South,PER", "ARG,Sea,PER", ",,PER;PRE", ",,PER;PER", *[",,XXX"] * 5]
    rows = "".join(f"2024-01-01,{number},{act}\n" for number, act in enumerate(acts))
    land = "expected a row of lands"
    assert of_small(LANDS, rows)[:4] == [
        f'acts.csv:2: code: got "AGR/South", {land}; did you mean ARG/South or PER/South?',
        f'acts.csv:3: region: got "ARG/Sea", {land}; did you mean ARG/South?',
        f'acts.csv:4: with: got "PRE", {land}; did you mean PER?',
        'acts.csv:5: with: got "PER" twice, expected it once; delete one',
    ]
    assert len(of_small(LANDS, rows)) == 9


URL = contract.fields(RESOURCES["sources"])["url"]
AGAIN = "copy it again from the browser: https:// and a host by its name, without a port"
BY_HTTP = "write https, or list example.org in httpHosts of the contract if it has none"


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("https://user:pw@example.org/", AGAIN),
        ("https://example.org@evil.org/", AGAIN),
        ("https:///x", AGAIN),
        ("https://169.254.169.254/", AGAIN),
        ("https://2852039166/", AGAIN),
        ("https://[::1]/", AGAIN),
        ("https://[::1/", AGAIN),
        ("https://example.org:8443/", AGAIN),
        ("https://example.org/\\x", AGAIN),
        ("http://example.org/", BY_HTTP),
        ("ftp://example.org/", AGAIN),
    ],
)
def test_an_address_that_is_no_public_page_is_refused_with_the_remedy(url, remedy):
    assert faults(URL, url) == [(f'"{url}"', "an https address of a public site", remedy)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/page",
        "https://EXAMPLE.org:443/",
        "https://medium.com/@writer/a;b?c=1#d",
        "http://news.aouaga.com/h/156640.html",
    ],
)
def test_an_address_of_a_public_page_passes(url):
    assert not faults(URL, url)


def test_only_a_column_of_addresses_is_read_as_one():
    plain = {key: value for key, value in URL.items() if key != "format"}
    assert not faults(plain, "https://user:pw@localhost/")


def test_every_host_that_may_be_given_with_http_is_in_use():
    place = tables()["sources"].header.index("url")
    urls = [cells[place] for _, cells in tables()["sources"].rows]
    assert {url.split("/")[2] for url in urls if url.startswith("http:")} == set(URL["httpHosts"])


TEXT = {"type": "string", "constraints": {}}


@pytest.mark.parametrize("text", ["a;=1", "a; =1", 'a;"=1', "a; '@b", "a;+1", "a;-1", "x.2024;=1"])
def test_a_formula_after_a_semicolon_is_refused(text):
    told = [expected for _, expected, _ in faults(TEXT, text)]
    assert told == ["text that no spreadsheet takes for a formula"]


@pytest.mark.parametrize("text", ["a;b", "a; b=1", "x.2024;y.2024", "a=1;b=2"])
def test_a_semicolon_before_a_word_passes(text):
    assert not faults(TEXT, text)


def test_a_row_keeps_its_line_when_a_quoted_cell_before_it_spans_lines():
    table = read.parse('a,b\n"one\ntwo",2\nthree,3\n', "t.csv")
    assert table.rows == [(2, ["one\ntwo", "2"]), (4, ["three", "3"])]


def test_tables_load_with_the_types_of_the_contract():
    loaded = read.load(DATA)
    assert list(loaded) == list(RESOURCES)
    claims = loaded["claims"].set_index("id")
    assert (
        claims.loc["council.first.maduro.share", "value"] == Decimal("51.20")
        and str(claims.loc["council.first.maduro.share", "value"]) == "51.20"
    )
    assert type(claims.loc["council.first.maduro.votes", "value"]) is int
    assert claims.loc["council.first.maduro.share", "sources"] == (
        "latam-reports.2024-07",
        "radio-habana-cuba.2024-07-29",
    )
    assert claims.loc["council.first.maduro.share", "_line"] == line_of(
        "claims", "council.first.maduro.share"
    )
    assert loaded["tallies_by_state"]["registered_on_sheets"].isna().sum() == 24
    assert loaded["tallies_by_state"].dtypes[["sheets", "registered_on_sheets"]].astype(
        str
    ).tolist() == ["int64", "Int64"]
    assert loaded["measures"]["joint"].dtype == bool
    assert list(loaded["corrections"])[-1] == "_line"


def test_loading_a_wrong_cell_names_its_place(folder):
    replace(folder / "states.csv", "1719626", "1.719.626")
    with pytest.raises(Problems) as refused:
        read.load(folder)
    assert "states.csv:2: registered_voters: got" in str(refused.value)
