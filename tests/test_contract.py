"""The contract is checked too: each fault is told with its line, none ends in a traceback."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest

from pipeline import errors, fresh, report, schema, steps
from pipeline.errors import Problem, Problems
from pipeline.tables import check, codebook, contract, read, rules
from pipeline.tables.read import Table
from tests.conftest import ROOT
from tests.sound import DATA, PACKAGE, RESOURCES, tables
from tools import recode

TEXT = (DATA / contract.FILE).read_text(encoding="utf-8")
SEED, CHANGES = 20240728, int(os.environ.get("CONTRACT_CHANGES", "8"))


@pytest.fixture
def folder(tmp_path):
    """A copy of the tables that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoilt(folder: Path, *edits: tuple[str, str]) -> str:
    """Replace the first place of each text in the contract; return the contract."""
    text = TEXT
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / contract.FILE).write_text(text, encoding="utf-8")
    return text


def some(cases, every: int) -> list:
    """Mark all cases but one of so many as slow: the quick run takes a sample of a wide sweep."""
    marks = {True: [], False: [pytest.mark.slow]}
    return [pytest.param(case, marks=marks[n % every == 0]) for n, case in enumerate(cases)]


def line_of(text: str, part: str) -> int:
    assert part in text, part
    return text.count("\n", 0, text.index(part)) + 1


ID = '"constraints": {"required": true, "pattern": "[a-z0-9_]+(\\\\.[a-z0-9_]+)+", '
KEY = '"primaryKey": ["id"],'
LIST = '"listOf": {"separator": ";", "resource": "sources", "field": "id"},'
DATES = '"minimum": "2024-06-01", "maximum": "2026-11-26"'
COUNT = f'"rowCount": {PACKAGE["resources"][0]["rowCount"]}'
FOREIGN = '"reference": {"resource": "countries", "fields": ["iso3"]}'
WIDTH = '"name": "width"'
# what is replaced, by what, the text on the line that must be named, what must be said
FAULTS = {
    "misspelled constraint": (
        '"required": true',
        '"requird": true',
        '"requird"',
        'the key "requird", expected one of required, ',
    ),
    "misspelled key": (COUNT, '"rowcount": 186', '"rowcount"', "mean rowCount?"),
    "missing row count": (f"   {COUNT},\n", "", '{\n   "name": "claims"', "got no rowCount"),
    "unknown key": ('"version"', '"x": 1, "version"', '"x": 1', 'the key "x", expected'),
    "unknown type": ('"type": "string"', '"type": "strin"', '"strin"', "mean string?"),
    "empty enum": (
        '"enum": ["about", "almost", "at least", "more than"]',
        '"enum": []',
        '"enum": []',
        "minItems 1",
    ),
    "negative count": (
        COUNT,
        '"rowCount": -1',
        '"rowCount": -1',
        "expected minimum 0",
    ),
    "count as text": (
        COUNT,
        '"rowCount": "186"',
        '"rowCount": "186"',
        'expected type "integer"',
    ),
    "required as text": (
        '"required": true',
        '"required": "yes"',
        '"yes"',
        'expected type "boolean"',
    ),
    "no time": ('"2026-11-26T00:00:00Z"', '"yesterday"', '"yesterday"', "expected a date and time"),
    "no such time": ('"2026-11-26T', '"2026-11-31T', '"2026-11-31T', "expected a date and time"),
    "version": ('"1.1.0"', '"1.0"', '"version"', "expected a version of three numbers"),
    "missing key": (' "version": "1.1.0",\n', "", "{", "got no version"),
    "path elsewhere": (
        '"claims.csv"',
        '"../claims.csv"',
        '"../claims.csv"',
        "expected the name of a file",
    ),
    "reserved name": (
        '"name": "claims"',
        '"name": "items"',
        '"name": "items"',
        "is not items or cells",
    ),
    "rule without query": ('   "sql": [', '   "sqll": [', '"sqll"', "mean sql?"),
    "limit of text": (
        '"maxLength": 60, "unique"',
        '"minimum": 1, "unique"',
        '"minimum": 1,',
        "no such key",
    ),
    "limit of dates": (DATES, '"minimum": 3', '"minimum": 3', "a day that exists"),
    "odd key": ('"title": "Topic"', '"\\u0007": "Topic"', "\\u0007", 'the key "\\u0007"'),
    "key twice": (
        '"title": "Topic"',
        '"type": "string"',
        '"type": "string",\n      "desc',
        'the key "type" twice',
    ),
    "table twice": (
        '"name": "findings"',
        '"name": "claims"',
        '"name": "claims",\n   "path": "find',
        "a second time",
    ),
    "column twice": (
        '"name": "topic"',
        '"name": "id"',
        '"name": "id",\n      "type": "string",\n      "title": "Topic"',
        "a second time",
    ),
    "rule twice": (
        '"name": "roll-sums"',
        '"name": "oas-members"',
        '"name": "oas-members"',
        "a second time",
    ),
    "key of no column": (KEY, KEY.replace("id", "idd"), '["idd"]', "expected a column of claims"),
    "list of no table": (
        LIST,
        LIST.replace('"sources"', '"sorces"'),
        '"sorces"',
        "mean sources?",
    ),
    "list of no column": (
        LIST,
        LIST.replace('"id"', '"key"'),
        '"key"}',
        "expected a column of sources",
    ),
    "unit of no column": ('"unitFrom": "unit"', '"unitFrom": "unitt"', '"unitt"', "mean unit?"),
    "reference to no table": (
        '"resource": "countries"',
        '"resource": "lands"',
        '"lands"',
        "expected a table",
    ),
    "reference to no column": (
        '"fields": ["iso3"]}',
        '"fields": ["iso"]}',
        '["iso"]}',
        "a column of countries",
    ),
    "values without words": (
        '{"value": "about", ',
        '{"value": "abut", ',
        '"categories": [\n       {"value": "abut"',
        "differ (about, abut)",
    ),
    "rule of no table": (
        '"table": "claims"',
        '"table": "claim"',
        '"table": "claim"',
        "mean claims?",
    ),
    "limit that is no day": (
        DATES,
        DATES.replace("2024-06-01", "2024-06-31"),
        "2024-06-31",
        "a day that exists",
    ),
    "broken pattern": (ID, ID.replace("+)+", "+)+("), "+)+(", "missing )"),
    "lookahead": (
        ID,
        ID.replace("[a-z", "(?=a)[a-z"),
        "(?=a)",
        "expected a regular expression of RE2",
    ),
    "backreference": (ID, ID.replace(")+", ")+\\\\1"), ")+\\\\1", "without lookahead"),
}


# Faults of one contract: those that stand in other places, and are looked for in the same go.
TOGETHER = (
    "misspelled constraint, misspelled key, unknown key, unknown type, empty enum, "
    "required as text, no time, version, path elsewhere, reserved name, rule without query, "
    "limit of dates, limit that is no day, broken pattern",
    "missing row count, no such time, missing key, limit of text, odd key, lookahead, "
    "backreference",
    "negative count",
    "count as text",
    "key twice",
    "table twice, column twice, rule twice, key of no column, list of no table, "
    "list of no column, reference to no table, reference to no column, values without words, "
    "rule of no table",
    "unit of no column",
)


def test_each_fault_is_tried_once():
    assert sorted(name for names in TOGETHER for name in names.split(", ")) == sorted(FAULTS)


@pytest.mark.parametrize("names", some(TOGETHER, len(TOGETHER)))
def test_a_fault_of_the_contract_is_told_with_its_line(folder, names):
    faults = {name: FAULTS[name] for name in names.split(", ")}
    text = spoilt(folder, *((old, new) for old, new, *_ in faults.values()))
    found = check.examine(folder)[0]
    for fault, (_, _, place, said) in faults.items():
        start = text.rindex(place) if "twice" in fault else text.index(place)
        line = text.count("\n", 0, start) + 1
        assert any(p.line == line and said in str(p) for p in found), [fault, *map(str, found)]
    assert all(p.file == f"{folder}/{contract.FILE}" for p in found)
    assert all("got " in p.message and ", expected " in p.message for p in found)


def test_a_contract_without_rules_is_refused():
    (fault,) = contract.faults(PACKAGE | {"rules": []})
    assert fault == (("rules",), "got a list, expected minItems 1", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), ":1: got a byte order mark"),
        (TEXT.encode("utf-16"), ":1: got UTF-16"),
        (TEXT.encode("latin-1", "replace"), ": got byte 0x"),
        (TEXT.encode()[:5000], ": got invalid JSON"),
        (b'{"a": {\n"b": 1,\n"\\u0062": 2}}', ':3: a/b: got the key "b" twice in one object'),
        (b"null", ':1: got null, expected type "object"'),
        (b"", ":1: character 1: got invalid JSON"),
    ],
)
def test_a_contract_that_is_no_json_object_is_told_in_one_line(folder, data, said):
    (folder / contract.FILE).write_bytes(data)
    (found,) = check.examine(folder)[0]
    assert said in str(found) and str(found).count("\n") == 0


def test_every_value_has_the_line_on_which_it_stands():
    text = '{"a": [1,\n {"b,]": "}\\"",\n "c": []}, -2.5e3],\n\n "d": {\n}}'
    assert dict(schema.lines(text)) == {
        (): 1,
        ("a",): 1,
        ("a", 0): 1,
        ("a", 1): 2,
        ("a", 1, "b,]"): 2,
        ("a", 1, "c"): 3,
        ("a", 2): 3,
        ("d",): 5,
    }


def test_a_contract_that_the_build_knows_is_not_checked_again(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    fresh.remember("check", reads=fresh.digests("data"))
    monkeypatch.setattr(contract, "_sound", set())
    monkeypatch.setattr(contract, "faults", lambda package: pytest.fail("checked again"))
    assert contract.read(Path("data")) == PACKAGE
    spoilt(folder, ("tables", "Tables"))
    with pytest.raises(pytest.fail.Exception, match="checked again"):
        contract.read(Path("data"))


QUERIES = {
    "SELEKT 1": 'near "SELEKT"',
    "SELECT 1, 2, 3, 4 FROM nowhere": "no such table: nowhere",
    "INSERT INTO claims (id) VALUES (1)": "attempt to write a readonly database",
    "DROP TABLE claims": "attempt to write a readonly database",
    "SELECT 1; SELECT 1": "one statement",
    "SELECT ?, 1, 2, 3": "binding",
    "SELECT 1, 2, 3": "not enough values",
    "SELECT 'one', 'id', 2, 3": "'one'",
    "SELECT 2, 'idd', 2, 3": "'idd'",
    "SELECT 2, 'id', 2, 3, 'claim'": "'claim'",
}


def with_rule(folder: Path, query: str) -> dict:
    """Write a contract of one table and one rule with this query; return it."""
    rule = next(rule for rule in PACKAGE["rules"] if rule["name"] == "roll-sums")
    package = {"resources": [RESOURCES[rule["table"]]], "rules": [rule | {"sql": [query]}]}
    (folder / contract.FILE).write_text(json.dumps(package, indent=1))
    return package


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_is_no_rule_is_told_at_its_line(tmp_path, query, monkeypatch):
    monkeypatch.chdir(tmp_path)
    package = with_rule(tmp_path, query)
    claims = Table(f"{tmp_path}/claims.csv", tables()["claims"].header, tables()["claims"].rows)
    (found,) = rules.problems(package, {"claims": claims})
    text = (tmp_path / contract.FILE).read_text()
    line = line_of(text, json.dumps(query)) - 1  # the list opens on the line before
    assert (found.file, found.line) == (f"{tmp_path}/{contract.FILE}", line)
    assert found.column == "rules/0/sql" and QUERIES[query] in found.message


@pytest.mark.parametrize("clock", ["abc", "1e9", "9" * 30])
def test_a_clock_that_is_none_is_told_in_one_line(monkeypatch, clock):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", clock)
    with pytest.raises(
        Problems, match=r"^SOURCE_DATE_EPOCH: got .*, expected whole seconds"
    ) as told:
        report.edition()
    assert len(told.value.problems) == 1


READERS = (report.edition, recode.codes, lambda: read.load(Path("data")))


@pytest.mark.parametrize("reader", some(READERS, len(READERS)))
def test_every_reader_tells_a_damaged_contract(folder, monkeypatch, reader):
    monkeypatch.chdir(folder.parent)
    text = spoilt(folder, ('"2026-11-26T00:00:00Z"', '"yesterday"'))
    with pytest.raises(Problems) as told:
        reader()
    place = f"data/{contract.FILE}:{line_of(text, 'yesterday')}: created: "
    assert str(told.value).startswith(place + 'got "yesterday"')


def test_a_contract_without_the_codes_is_told(folder):
    text = TEXT.replace('"name": "positions"', '"name": "stances"')
    text = text.replace('"resource": "positions"', '"resource": "stances"')
    text = text.replace('"table": "positions"', '"table": "stances"')
    (folder / contract.FILE).write_text(text)
    with pytest.raises(Problems, match="got no enum of stance in positions, expected its codes"):
        recode.codes(folder)


@pytest.mark.slow
def test_nothing_that_a_terminal_obeys_reaches_it(folder, monkeypatch, capfdbinary):
    (folder / "\x1b[31m.csv").write_text("a\n1\n")
    (folder / "a\nb.csv").write_text("a\n1\n")
    (folder / os.fsdecode(b"\xff.csv")).write_text("a\n1\n")
    rows = (folder / "events.csv").read_text(encoding="utf-8")
    (folder / "events.csv").write_text(rows.replace("\n", ",\x1b[2J\n", 1), encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr(errors, "STOPS", ())  # the run of tests keeps its own way to stop
    status = errors.told("check", steps.check_tables)
    out, err = capfdbinary.readouterr()
    assert status == 1 and b"\x1b" not in out + err
    said = err.decode()
    for name in ("\\u001b[31m", "a\\u000ab", "\\udcff"):
        assert f"data/{name}.csv: got a table that the contract does not list" in said
    assert "data/events.csv:1: \\u001b[2J: got " in said


# Values that a change may put in the place of another.
JUNK = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "id",
    "claims",
    "(",
    "\u0000",
    "\u001b[31m",
    [],
    {},
)


def places(node: object, at: tuple = ()) -> list[tuple]:
    """List where every value of a contract stands, but the whole."""
    pairs = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    return [one for key, value in pairs for one in [(*at, key), *places(value, (*at, key))]]


WAYS = ("delete", "rename", "junk", "retype", "swap", "twice", "cut", "byte")


def changed(rng: random.Random, what: str) -> tuple[str, bytes]:
    """Change the contract in one place, in one way: what was done, and the bytes."""
    package = json.loads(TEXT)
    at = rng.choice(places(package))
    parent = package
    for step in at[:-1]:
        parent = parent[step]
    key = at[-1]
    if what == "cut":
        return what, TEXT.encode()[: rng.randrange(len(TEXT))]
    if what == "byte":
        start = rng.randrange(len(TEXT))
        data = TEXT.encode()
        return what, data[:start] + rng.randbytes(rng.randint(1, 4)) + data[
            start + rng.randint(0, 3) :
        ]
    if what == "delete":
        del parent[key]
    elif what == "rename" and isinstance(parent, dict):
        parent[rng.choice((key + "x", key[:-1], key.upper()))] = parent.pop(key)
    elif what == "retype":
        parent[key] = [parent[key]] if rng.random() < 0.5 else str(parent[key])
    elif what == "swap":
        other = rng.choice(list(parent) if isinstance(parent, dict) else range(len(parent)))
        parent[key], parent[other] = parent[other], parent[key]
    elif what == "twice" and isinstance(parent, list):
        parent.insert(key, parent[key])
    else:
        what = "junk"
        parent[key] = rng.choice(JUNK)
    words = [str(step) for step in at if not isinstance(step, int)]
    return f"{what} {'/'.join(words)}", json.dumps(package, indent=1).encode()


def parses_as(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return None


@pytest.mark.slow
def test_no_change_of_the_contract_ends_in_a_traceback(folder, record_property):
    rng, accepted = random.Random(SEED), []
    for number in range(CHANGES):
        way = WAYS[number % len(WAYS)]
        what, data = changed(rng, way)
        while parses_as(data) == PACKAGE:  # a text turned into a text, a value put in its own place
            what, data = changed(rng, way)
        (folder / contract.FILE).write_bytes(data)
        found = check.examine(folder)[0]
        assert all(isinstance(p, Problem) and str(p).isprintable() for p in found), what
        if not found:
            codebook.codebook(contract.read(folder))
            accepted.append(what)
    refused = CHANGES - len(accepted)
    record_property("told", f"contract: {CHANGES} changes, {refused} refused")
    if "CONTRACT_CHANGES" in os.environ:
        print("\n".join(sorted(accepted)))
