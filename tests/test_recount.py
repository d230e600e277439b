"""Anybody can make the summed tables again from a public file, and is told where it differs.

The files are made here, small and by chance; where $SHEETS names a folder with real ones, these are
recounted too.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import os
import random
import shutil
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.errors import Problems
from tests.conftest import ROOT
from tools import recount

pytestmark = pytest.mark.slow
COLUMNS = [*recount.PLACE, "COD_PAR", "PAR", *recount.TABLE, *recount.ELECTORS]
COLUMNS += [*recount.COUNTS, *recount.CANDIDATES, *recount.OTHERS, recount.LINKS]
SUMMED = (
    "tallies_by_state",
    "tallies_by_municipality",
    "sheet_shares",
    "turnout_and_share",
    "last_digits",
    "neighbouring_tables",
    "pairs_of_sheets",
    "fewest_votes",
    "polling_places",
    "sheet_moments",
)
TABLES_IN_ALL = 400  # more than the made publication has


def made() -> list[dict[str, object]]:
    """Make sheets of all states: by chance, but each one true to itself."""
    chance, sheets = random.Random(28), []
    for state, number in itertools.product(range(1, 25), range(5)):
        place = state * 1_000_000 + 10_100 + number
        first = 2 if number == 4 else 1  # of some places a sheet is missing
        for table in range(first, chance.randint(first, 5) + 1):
            others = [chance.randint(0, 3) for _ in recount.OTHERS]
            votes = chance.randint(0, 400), chance.randint(0, 400)
            valid, null = sum(votes) + sum(others), chance.randint(0, 2)
            electors = valid + null + chance.randint(0, 300)
            town = number % 2 + 1
            counts = [electors, valid, null, *votes, *others]
            cells = [state, town, f"MP. {state}-{town}", 1, "PQ.", place, table, *counts]
            link = f"https://sheets.example/{place}-{table}.jpg"
            sheets.append(dict(zip(COLUMNS, [*cells, link], strict=True)))
    return sheets


def later() -> list[dict[str, object]]:
    """Make the sheets of a second publication: two dropped, one changed, three added."""
    sheets = made()[2:]
    sheets[0] |= {"EG": sheets[0]["EG"] + 1, "VOTOS_VALIDOS": sheets[0]["VOTOS_VALIDOS"] + 1}
    added = [sheet | {"MESA": sheet["MESA"] + 100} for sheet in sheets[10:13]]
    return [*sheets, *added]


def written(sheets: list[dict[str, object]], path: Path, *drop: str, end: str = "\n") -> Path:
    """Write sheets as they are published, some columns left out."""
    kept = [name for name in COLUMNS if name not in drop]
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, kept, extrasaction="ignore", lineterminator=end)
        writer.writeheader()
        writer.writerows(sheets)
    return path


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r", b"")).hexdigest()


def claim(name: str, value: object) -> None:
    """Let a claim of the project say something else."""
    path = Path("data/claims.csv")
    with path.open(encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle))
    for row in found:
        row["value"] = str(value) if row["id"] == name else row["value"]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, found[0])
        writer.writeheader()
        writer.writerows(found)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A project whose publications are two small made files, the second without electors."""
    folder = tmp_path_factory.mktemp("recount")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        prepare(folder)
    return folder


@pytest.fixture
def here(ready, tmp_path, monkeypatch):
    """A copy of it, which a test may harm."""
    shutil.copytree(ready, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prepare(tmp_path: Path) -> None:
    """Fill a folder with the tables that a recount reads, and with the two files."""
    (tmp_path / "data").mkdir()
    for name in ("states", "publications", "claims", *SUMMED):
        shutil.copyfile(ROOT / f"data/{name}.csv", tmp_path / f"data/{name}.csv")
    written(made(), tmp_path / "first.csv")
    written(later(), tmp_path / "second.csv", "RE")
    rows = recount.rows(recount.PUBLICATIONS)
    for row, name in zip(rows, ("first.csv", "second.csv"), strict=True):
        row.update(encoding="utf-8-sig", sha256=fingerprint(tmp_path / name))
    with recount.PUBLICATIONS.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    claim("roll.tables", TABLES_IN_ALL)
    for publication, sheets in (("v1", made()), ("v2", later())):
        for name, sign in (("led.gonzalez", 1), ("led.maduro", -1), ("tied", 0)):
            leads = [(one["EG"] > one["NM"]) - (one["EG"] < one["NM"]) for one in sheets]
            claim(f"recount.{publication}.sheets_{name}", leads.count(sign))
        without = sum(one["VOTOS_NULOS"] == 0 for one in sheets)
        claim(f"recount.{publication}.sheets_without_null", without)
    for name, count in {"added": 3, "dropped": 2, "changed": 1}.items():
        claim(f"recount.{name}_sheets", count)
    recount.recount([Path("first.csv"), Path("second.csv")], write=True)


def table(name: str, publication: str) -> list[tuple[str, ...]]:
    """The rows of a summed table of one publication, without its name."""
    with Path(f"data/{name}.csv").open(encoding="utf-8", newline="") as handle:
        return [tuple(row[1:]) for row in csv.reader(handle) if row[0] == publication]


def told(*paths: str) -> list[str]:
    with pytest.raises(Problems) as stopped:
        recount.recount(map(Path, paths))
    return [str(problem) for problem in stopped.value.problems]


def texts(*numbers: object) -> tuple[str, ...]:
    return tuple(map(str, numbers))


def test_a_file_recounted_gives_every_summed_table_byte_for_byte(here, capsys, monkeypatch):
    before = {name: Path(f"data/{name}.csv").read_bytes() for name in SUMMED}
    recount.recount([Path("first.csv"), Path("second.csv")])
    told = capsys.readouterr().out
    assert told.count("the same byte for byte") == 18
    assert "data/claims.csv: 11 counts of our own, the same" in told
    assert before == {name: Path(f"data/{name}.csv").read_bytes() for name in SUMMED}
    monkeypatch.chdir(ROOT)
    recount.recount(REAL)
    assert capsys.readouterr().out.count("the same byte for byte") == 9 * len(REAL)


REAL = sorted(Path(os.environ["SHEETS"]).glob("*.csv")) if "SHEETS" in os.environ else []


def test_two_copies_that_differ_in_their_line_ends_give_the_same_tables(here):
    other = written(made(), here / "copy.csv", end="\r\n")
    assert other.read_bytes() != Path("first.csv").read_bytes()
    recount.recount([other])


def test_a_table_that_differs_is_told_with_its_line_and_mended_where_asked(here):
    path = Path("data/tallies_by_state.csv")
    right = path.read_text(encoding="utf-8")
    lines = right.splitlines()
    lines[7] = lines[7].replace(",", ",1", 3)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (problem,) = [one for one in told("first.csv", "second.csv") if "tallies_by_state" in one]
    assert problem.startswith("data/tallies_by_state.csv:8: got v1,")
    assert "expected v1,VE-G," in problem and "WRITE=1" in problem
    recount.recount([Path("first.csv")], write=True)
    assert path.read_text(encoding="utf-8") == right


@pytest.mark.parametrize(
    "name", ["v1.sheets_led.maduro", "v2.sheets_without_null", "changed_sheets"]
)
def test_a_count_of_our_own_that_the_files_do_not_give_is_told(here, name):
    claim(f"recount.{name}", 12345)
    (problem,) = told("first.csv", "second.csv")
    assert problem.startswith("data/claims.csv:") and f"got 12345 as recount.{name}" in problem


def test_states_and_municipalities_are_sums_of_their_sheets(here):
    codes = recount.states()
    sums: dict[tuple[str, ...], Counter] = defaultdict(Counter)
    for sheet in made():
        parts = {name: sheet[name] for name in ("RE", "VOTOS_VALIDOS", "VOTOS_NULOS", "EG", "NM")}
        parts |= {"others": sum(sheet[name] for name in recount.OTHERS), "sheets": 1}
        code = f"{sheet['COD_EDO']:02d}{sheet['COD_MUN']:02d}"
        for key in ((codes[sheet["COD_EDO"]],), (codes[sheet["COD_EDO"]], code, sheet["MUN"])):
            sums[key].update(parts)
    order = ("sheets", "RE", "VOTOS_VALIDOS", "VOTOS_NULOS", "EG", "NM", "others")
    rows = {key: texts(*(count[name] for name in order)) for key, count in sums.items()}
    for name, size in (("tallies_by_state", 1), ("tallies_by_municipality", 3)):
        expected = {(*key, *row) for key, row in rows.items() if len(key) == size}
        assert set(table(name, "v1")) == expected
        assert len(table(name, "v2")) == len(expected)
        assert all(row[size + 1] == "" for row in table(name, "v2"))  # no electors there


def test_cells_of_turnout_and_share_hold_the_sheets_that_lie_in_them(here):
    cells: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for sheet in made():
        turnout = Fraction(sheet["VOTOS_VALIDOS"] + sheet["VOTOS_NULOS"], sheet["RE"])
        share = Fraction(sheet["EG"], sheet["VOTOS_VALIDOS"])
        at = tuple(f"{min(int(part * 40), 39) * 2.5:.1f}" for part in (turnout, share))
        counts = {name: sheet[name] for name in ("RE", "VOTOS_VALIDOS", "EG", "NM")}
        cells[at].update({"sheets": 1} | counts)
    expected = [texts(*at, *count.values()) for at, count in cells.items()]
    assert sorted(table("turnout_and_share", "v1")) == sorted(expected)
    assert table("turnout_and_share", "v2") != expected  # it is kept as it was, without electors


def test_classes_by_share_begin_at_whole_points(here):
    classes: dict[int, Counter] = defaultdict(Counter)
    for sheet in later():
        counts = {name: sheet[name] for name in ("VOTOS_VALIDOS", "EG", "NM")}
        classes[100 * sheet["EG"] // sheet["VOTOS_VALIDOS"]].update({"sheets": 1} | counts)
    expected = [texts(share, *count.values()) for share, count in sorted(classes.items())]
    assert table("sheet_shares", "v2") == expected


def test_last_digits_are_counted_where_any_digit_can_be_last(here):
    for column, candidate in recount.CANDIDATES.items():
        ends = Counter(str(sheet[column])[-1] for sheet in made() if sheet[column] >= 10)
        expected = [texts(candidate, digit, ends[str(digit)]) for digit in range(10)]
        assert [row for row in table("last_digits", "v1") if row[0] == candidate] == expected


def test_tables_of_one_place_are_held_against_a_draw_from_their_place(here):
    classes: Counter = Counter()
    for _, group in itertools.groupby(made(), key=lambda sheet: sheet["CENTRO"]):
        sheets = list(group)
        valid, votes = (sum(one[name] for one in sheets) for name in ("VOTOS_VALIDOS", "EG"))
        for one in sheets if len(sheets) > 1 else ():
            drawn = one["VOTOS_VALIDOS"]
            away = one["EG"] - Fraction(drawn * votes, valid)
            spread = Fraction(drawn * votes * (valid - votes) * (valid - drawn), valid**2)
            unit = (spread / (valid - 1)) ** Fraction(1, 2)
            classes[min(max(int(2 * float(away) / unit // 1), -12), 11)] += 1
    expected = [texts(n / 2 if n % 2 else n // 2, classes[n]) for n in range(-12, 12)]
    assert table("neighbouring_tables", "v1") == expected


def test_pairs_of_sheets_are_counted_by_the_points_between_their_shares(here):
    shares = [
        (sheet["CENTRO"], 100 * 10**6 * sheet["EG"] // sheet["VOTOS_VALIDOS"]) for sheet in made()
    ]
    same, anywhere = Counter(), Counter()
    for (place, one), (other_place, other) in itertools.combinations(shares, 2):
        apart = abs(one - other) // 10**6
        anywhere[apart] += 1
        same[apart] += place == other_place
    expected = [texts(n, same[n], anywhere[n]) for n in range(101)]
    assert table("pairs_of_sheets", "v1") == expected


def test_the_fewest_votes_are_those_of_the_sheets_that_must_be_in_both(here):
    rows = table("fewest_votes", "v1")
    assert [row[0] for row in rows] == ["79.5", "80", "80.5", "96.87"]
    for counted, in_bulletin, in_common, *least in rows:
        assert int(in_bulletin) == int(Fraction(counted) * TABLES_IN_ALL / 100)
        common = int(in_bulletin) - (TABLES_IN_ALL - len(made()))
        assert int(in_common) == common > 0
        for column, votes in zip(recount.CANDIDATES, least, strict=True):
            ordered = sorted(sheet[column] for sheet in made())
            assert int(votes) == sum(ordered[:common])


def test_polling_places_are_sized_by_their_highest_table(here):
    size = {sheet["CENTRO"]: min(sheet["MESA"], 3) for sheet in made()}  # tables come in order
    for tables, places, sheets, electors, *_ in table("polling_places", "v1"):
        inside = [sheet for sheet in made() if size[sheet["CENTRO"]] == int(tables)]
        assert int(places) == len({sheet["CENTRO"] for sheet in inside})
        assert int(sheets) == len(inside)
        assert int(electors) == sum(sheet["RE"] for sheet in inside)


def test_moments_are_sums_of_squares_and_products(here):
    sheets = later()
    valid = [sheet["VOTOS_VALIDOS"] for sheet in sheets]
    for column, candidate in recount.CANDIDATES.items():
        votes = [sheet[column] for sheet in sheets]
        sums = [sum(valid), sum(v * v for v in valid), sum(votes), sum(v * v for v in votes)]
        product = sum(a * b for a, b in zip(votes, valid, strict=True))
        expected = texts(candidate, len(sheets), *sums, product)
        assert expected in table("sheet_moments", "v2")


def test_no_link_and_no_voting_table_comes_into_a_table(here):
    frame = recount.text(Path("first.csv"), Path("first.csv").read_bytes(), None)
    assert recount.LINKS not in frame and "http" not in frame.to_csv()
    places = {str(sheet["CENTRO"]) for sheet in made()}
    for name in SUMMED:
        text = Path(f"data/{name}.csv").read_text(encoding="utf-8")
        assert "http" not in text and ".jpg" not in text
        assert not places & {cell for line in text.splitlines() for cell in line.split(",")}


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("EG", 9999, "VOTOS_VALIDOS: got {valid}, expected the sum of all candidates, "),
        ("RE", 0, "RE: got 0, expected at least the ballots, "),
        ("COD_EDO", 99, "COD_EDO: got 99, expected a state of data/states.csv"),
        ("MUN", "MP. OTHER", "MUN: got MP. OTHER, expected one name for each code of a munici"),
        ("NM", "12a", "NM: got “12a”, expected digits"),
        ("VOTOS_NULOS", "", "VOTOS_NULOS: got “”, expected digits"),
        ("MESA", "-1", "MESA: got “-1”, expected digits"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_line_and_column(here, column, value, expected):
    sheets = made()
    valid = sheets[3]["VOTOS_VALIDOS"]
    sheets[3][column] = value
    problems = told(str(written(sheets, here / "first.csv")))
    assert "a file that is not known" in problems[0]
    assert f"first.csv:5: {expected.format(valid=valid)}" in problems[1]


def test_a_table_that_stands_twice_is_told(here):
    sheets = [*made(), made()[0]]
    problems = told(str(written(sheets, here / "first.csv")))
    assert (
        f":{len(sheets) + 1}: MESA: got 1, expected a table of its polling place once"
        in (problems[1])
    )


def test_a_file_that_is_not_known_is_told_with_the_one_it_looks_like(here):
    for drop, looks in (((), "CSV_V1"), (("RE",), "CSV_V2")):
        path = written(made()[:-1], here / "cut.csv", *drop)
        (problem,) = told(str(path))
        assert fingerprint(path) in problem and f"it looks like RESULTADOS_2024_{looks}" in problem
        assert "data/publications.csv names" in problem


def test_a_shortened_copy_is_told_with_the_columns_it_has_not(here):
    (problem,) = told(str(written(made(), here / "first.csv", "CENTRO", "BERA")))
    assert problem.startswith(f"{here}/first.csv:1: got the columns COD_EDO, ")
    assert "expected CENTRO, BERA too" in problem


def test_bytes_that_are_no_text_are_told_with_their_line(here):
    path = Path("first.csv")
    lines = path.read_bytes().split(b"\n")
    lines[6] = lines[6].replace(b"MP.", b"\x81\xff")
    path.write_bytes(b"\n".join(lines))
    (problem,) = told("first.csv")
    assert problem == "first.csv:7: got the byte 0x81, expected text in utf-8-sig or cp1252"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b'a,"b'])
def test_what_is_no_table_is_told_without_a_traceback(here, content):
    Path("odd.csv").write_bytes(content)
    assert len(told("odd.csv")) == 1


def test_a_file_that_is_not_there_is_told_with_what_to_give(here):
    (problem,) = told("nowhere.csv")
    assert problem.startswith("nowhere.csv: No such file") and "make recount FILE=" in problem
