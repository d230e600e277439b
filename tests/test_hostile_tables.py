"""Bad tables cannot get in: every corruption is refused with its place; odd but valid text is let
through as text."""

from __future__ import annotations

import csv
import io
import shutil
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.tables import check, contract, read
from tests.sound import DATA, PACKAGE, RESOURCES, problems_of

NAMES = list(RESOURCES)
ORIGINAL = {name: (DATA / f"{name}.csv").read_bytes() for name in NAMES}

# Valid text that must be printed as text wherever it goes: HTML, Markdown, Typst, a shortcode, a
# spreadsheet, a shell.
NASTY_TEXT = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    "</table></details><!-- text",
    "&lt;b&gt; &amp; &#60;",
    "*Markdown* and _more_ and `code` and ~~struck~~",
    "[x](y) ![x](y) <https://example.org>",
    "[@nobody2024] @fig-nothing",
    '#typst[..] #let x = 1; #read("file")',
    "$x^2$ and \\(y\\) and \\textbf{z} and \\",
    "{{< fact x >}} {{< include y.md >}}",
    "| a | b | ::: {.callout-note}",
    '{"a": [1, 2]}; DROP TABLE claims; #',
    "$(reboot) `reboot` %PATH% ${HOME}",
    'He said "no", then "yes"',
    "</text></svg> ]]> <![CDATA[",
    "“curly” – ¿ñandú? ‘ñ’ … 5 × 3 °C §",
]

# No reader's browser may be sent to one of these.
ADDRESSES = [
    "https://user:secret@example.org/",
    "https://user@example.org/",
    "https://example.org@evil.org/",
    "https://example.org:443@evil.org/",
    "https:///x",
    "https://",
    "https:example.org/x",
    "https://localhost/x",
    "https://printer/x",
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://192.168.1.1/admin",
    "https://8.8.8.8/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0xa9.0xfe.0xa9.0xfe/",
    "https://0251.0376.0251.0376/",
    "https://127.1/",
    "https://[::1]/",
    "https://[fd00:ec2::254]/",
    "https://[::ffff:10.0.0.1]/",
    "https://example.org./",
    "https://example.org:8443/",
    "https://example.org:80/",
    "https://example.org:x/",
    "https://example.org\\@evil.org/",
    "https://example.org/\\evil.org",
    "https://example%2eorg/",
    "http://example.org/",
    "http://news.aouaga.com:8080/",
    "ftp://example.org/",
    "//example.org/x",
]


@cache
def _rows(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ORIGINAL[name].decode(), newline="")))


def rows_of(name: str) -> list[list[str]]:
    return [[*row] for row in _rows(name)]


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def cell(name: str, line: int, column: str, new: str):
    """Put a text into one cell: the problem must name this line and column."""
    rows, lines = _rows(name), ORIGINAL[name].splitlines(keepends=True)  # a row stands on a line
    row = [*rows[line - 1]]
    row[rows[0].index(column)] = new
    lines[line - 1] = written([row])
    return (f"{name}:{line} {column} = {new[:40]!r}", name, b"".join(lines), line, column)


def at(name: str, key: str, column: str, new: str):
    """Put a text into the cell of a row known by its key."""
    line = next(i for i, row in enumerate(rows_of(name), 1) if row[0] == key)
    return cell(name, line, column, new)


def raw(name: str, what: str, data: bytes, line: int | None = None, column: str | None = None):
    """Replace a file's bytes: the problem must name the file, and the line where one is known."""
    return (f"{name}: {what}", name, data, line, column)


def changed(name: str, what: str, edits: dict, line: str | None = None, column: str = ""):
    """Put texts into cells, {(key, column): text}: the problem must name the row of one key."""
    rows = rows_of(name)
    for (key, where), new in edits.items():
        hit = [row for row in rows if row[0] == key]
        hit[0][rows[0].index(where)] = new
    at_line = next((n for n, row in enumerate(rows, 1) if row[0] == line), None)
    return (f"{name}: {what}", name, written(rows), at_line, column)


def in_row(name: str, key: str, column: str, new: str):
    """Put a text into a cell that another cell of its row contradicts: either may be named."""
    label, table, data, line, _ = at(name, key, column, new)
    return (label, table, data, line, None)


def value_of(name: str, key: str, column: str) -> str:
    rows = rows_of(name)
    return next(row for row in rows if row[0] == key)[rows[0].index(column)]


def exchanged(name: str, first: str, second: str, columns: list[str], line: str, column: str):
    """Exchange cells of two rows: the problem must name the row with this key."""
    edits = {}
    for where in columns:
        edits[first, where] = value_of(name, second, where)
        edits[second, where] = value_of(name, first, where)
    return changed(name, f"{first} and {second} exchanged", edits, line, column)


def row_lost(name: str, place: int) -> bytes:
    return written([row for n, row in enumerate(rows_of(name)) if n != place])


def reordered(name: str, *order: int) -> bytes:
    """Put the first lines of a table into another order; a line may be there twice."""
    rows = rows_of(name)
    return written([*(rows[n] for n in order), *rows[max(order) + 1 :]])


def columns_exchanged(name: str, first: int) -> bytes:
    """Exchange the first two cells of all rows from this one on."""
    rows = rows_of(name)
    return written([*rows[:first], *([row[1], row[0], *row[2:]] for row in rows[first:])])


def half_a_row_lost(name: str) -> bytes:
    return ORIGINAL[name][: -len(ORIGINAL[name].splitlines()[-1]) // 2]


# What happens to a file as such: what is done to it, how, and the line that has to be named
TO_FILES = [
    ("UTF-16", lambda name: ORIGINAL[name].decode().encode("utf-16"), 1),
    ("byte order mark", lambda name: b"\xef\xbb\xbf" + ORIGINAL[name], 1),
    ("CRLF", lambda name: ORIGINAL[name].replace(b"\n", b"\r\n"), 1),
    ("CR only", lambda name: ORIGINAL[name].replace(b"\n", b"\r"), 1),
    ("truncated in a row", half_a_row_lost, None),
    ("last row lost", lambda name: row_lost(name, len(rows_of(name)) - 1), None),
    ("first row lost", lambda name: row_lost(name, 1), None),
    ("header lost", lambda name: row_lost(name, 0), 1),
    ("first row twice", lambda name: reordered(name, 0, 1, 1), None),
    ("two rows exchanged", lambda name: reordered(name, 0, 2, 1), 3),
    ("columns exchanged", lambda name: columns_exchanged(name, 0), 1),
    ("cells exchanged", lambda name: columns_exchanged(name, 1), None),
    ("semicolons", lambda name: ORIGINAL[name].replace(b",", b";"), 1),
    ("blank line", lambda name: ORIGINAL[name].replace(b"\n", b"\n\n", 1), 2),
    ("empty file", lambda name: b"", 1),
]


def files():
    """Corruptions of the file as such, each on another few tables, so that every table is hit."""
    turn = iter([name for name in NAMES if name != "corrections"] * 20)
    for what, change, line in TO_FILES:
        for name in (next(turn), next(turn)):
            yield raw(name, what, change(name), line)
    for name in ("claims", "states", "sources", "events"):
        yield raw(name, "Latin-1", ORIGINAL[name].decode().encode("latin-1", "replace"))
    yield raw("sources", "Windows-1252", ORIGINAL["sources"].decode().encode("cp1252", "replace"))
    for name in (next(turn), next(turn)):
        rows = rows_of(name)
        header, last = rows[0], len(rows)
        over = written([*rows[:-1], rows[1]])
        yield raw(name, "first row over the last", over, last)
        yield raw(name, "missing column", written([row[:-1] for row in rows]), 1, header[-1])
        yield raw(name, "extra column", written([[*row, "x"] for row in rows]), 1, "x")
        renamed = ORIGINAL[name].replace(header[1].encode(), b"colour", 1)
        yield raw(name, "column renamed", renamed, 1)
        yield raw(name, "open quote", ORIGINAL[name] + b'"open\n', last + 1)
    yield raw("corrections", "empty file", b"", 1)


# Claims whose number is written otherwise than with digits and a point, or cannot be
SHARES = [
    "51,2",
    "51.2%",
    "51.2 ",
    " 51.2",
    "51..2",
    "51.",
    ".5",
    "1e2",
    "0x33",
    "nan",
    "inf",
    "NA",
    "n/a",
    "",
    "-51.2",
    "+51.2",
    "١٢",
    "5１.2",
    "51·2",
    "51.2٠",
    "O.5",
    "5l.2",
    "051.2",
    "1_000",
    "½",
    "⁵1",
    "one",
]
VALUES = [
    ("council.first.maduro.votes", "5,150,092"),
    ("council.first.maduro.votes", "5.150.092"),
    ("council.first.maduro.votes", "5 150 092"),
    ("council.second.maduro.share", "519.5"),
    ("carter.october_2.maduro.share", "100.01"),
    ("roll.tables", "-30026"),
    ("hrw.deaths.verified", "11.5"),
    ("ap.gonzalez.votes", "6890000"),
]
# Table, line, column, cell
NUMBERS = [
    ("tallies_by_state", 2, "gonzalez", "-462138"),
    ("tallies_by_state", 2, "maduro", "230,649"),
    ("tallies_by_state", 3, "sheets", "1338.0"),
    ("tallies_by_municipality", 9, "maduro", "12O"),
    ("tallies_by_municipality", 30, "municipality_code", "301"),
    ("sheet_shares", 9, "gonzalez_share_from", "101"),
    ("sheet_shares", 10, "sheets", ""),
    ("states", 4, "registered_voters", "389.385"),
    ("statements", 3, "members", "0"),
    ("tile_grid", 5, "row", "21"),
    ("tile_grid", 5, "column", "x"),
]


def numbers():
    """Numbers written otherwise than digits with a point, or outside their range."""
    for new in SHARES:
        yield at("claims", "council.first.maduro.share", "value", new)
    for key, new in VALUES:
        yield at("claims", key, "value", new)
    for place in NUMBERS:
        yield cell(*place)


DAYS = [
    "29/07/2024",
    "2024-7-29",
    "2024-02-30",
    "2024-13-01",
    "20240729",
    "29 July 2024",
    "2024-07-29T00:00",
    "2023-07-29",
    "2054-07-29",
    "n.d. (c. 2024)",
    "2024‐07‐29",
    "",
]
# Table, line, column, cell
CODES = [
    ("positions", 5, "date", "2024-07-28"),
    ("positions", 5, "date", "2025-07-29"),
    ("events", 9, "date", "2024-06-31"),
    ("measures", 4, "date", "2020-01-01"),
    ("sources", 9, "published", "2024-08-00"),
    ("sources", 9, "published", "circa 2024"),
    ("sources", 9, "published", "2024-02-31"),
    ("sources", 9, "published", "2024-07-29/"),
    ("publications", 2, "date", "2024-08-32"),
    ("statements", 4, "date", ""),
    ("positions", 9, "iso3", "ARX"),
    ("positions", 9, "iso3", "arg"),
    ("measures", 2, "target_iso3", "XXX"),
    ("measures", 3, "imposing_iso3", "EU"),
    ("statement_members", 2, "iso3", "BRL"),
    ("countries", 3, "iso3", "AR"),
    ("countries", 3, "region", "Europe"),
    ("countries", 3, "region", "Caribbean"),
    ("positions", 5, "region", "Caribbean"),
    ("tallies_by_state", 2, "state", "VE-Q"),
    ("tallies_by_state", 2, "publication", "v3"),
    ("states", 2, "iso_3166_2", "CO-A"),
    ("tile_grid", 2, "iso3", "ESP"),
    ("tallies_by_municipality", 2, "publication", "v9"),
    ("positions", 9, "stance", "Rejected"),
    ("positions", 9, "stance", "reject"),
    ("positions", 9, "confidence", "very high"),
    ("positions", 9, "kind", "country"),
    ("positions", 9, "in_starting_article", "TRUE"),
    ("positions", 9, "in_starting_article", "1"),
    ("measures", 2, "measure", "severed relations"),
    ("measures", 2, "joint", "yes"),
    ("events", 2, "track", "both"),
    ("sources", 2, "language", "spa"),
    ("sources", 2, "kind", "website"),
    ("sources", 2, "cited", "maybe"),
    ("sources", 2, "address", "hidden"),
    ("sources", 2, "read", "partly"),
    ("sources", 2, "read", ""),
    ("positions", 9, "takes_back", "yes"),
    ("positions", 9, "takes_back", ""),
    ("statements", 2, "kind", "body text"),
    ("statements", 2, "stance", "accepted"),
    ("statements", 2, "stance", ""),
    ("statement_members", 2, "role", "members"),
    ("after", 2, "date", "2025-01-31"),
    ("after", 2, "date", "2026-11-27"),
    ("after", 2, "date_basis", "inferred"),
    ("after", 2, "topic", "other"),
    ("events", 2, "date", "2025-02-01"),
    ("names", 2, "slug", "ALBA TCP"),
    ("names", 2, "slug", "#alba"),
    ("names", 2, "kind", "country"),
    ("names", 3, "iso3", "XXX"),
    ("names", 2, "texts", "alba-may"),
    ("attendance", 2, "rank", "president"),
    ("attendance", 2, "date", "2025-01-11"),
    ("attendance", 2, "iso3", "XXX"),
    ("attendance", 2, "iso3", "DZ"),
    ("attendance", 2, "confidence", "certain"),
    ("claims", 5, "side", "neutral"),
    ("claims", 5, "unit", "per cent"),
    ("claims", 5, "unit", "votes"),
    ("claims", 5, "topic", ""),
    ("claims", 5, "qualifier", "around"),
    ("statement_members", 3, "role", "Yes"),
]


def dates_and_codes():
    """Days that do not exist or lie outside the window, codes that nothing knows."""
    yield at("countries", "XKX", "iso_status", "official")
    label, name, data, line, _ = at("positions", "argentina.2024-07-29.rejected", "iso3", "BRA")
    yield (label, name, data, line, "actor")
    for new in DAYS:
        yield at("claims", "council.first.turnout", "date", new)
    for place in CODES:
        yield cell(*place)


# Table, line, column, cell
NAMED = [
    ("claims", 5, "sources", "g1.2024-07-31"),
    ("claims", 5, "sources", "g1.2024-07-30;"),
    ("claims", 5, "sources", "g1.2024-07-30;g1.2024-07-30"),
    ("claims", 5, "sources", "g1.2024-07-30, terra.2024-08"),
    ("findings", 3, "sources", ""),
    ("positions", 3, "sources", "DER"),
    ("events", 3, "sources", "SP001"),
    ("recoding", 4, "position", "alba-tcp.2024-08-26.rejected"),
    ("statement_members", 2, "statement", "brazil-columbia"),
    ("claims", 5, "id", "altavista.july_30.gonzalez.share".upper()),
    ("claims", 5, "id", "altavista..share"),
    ("claims", 6, "id", "altavista.july_30.gonzalez.share"),
    ("sources", 2, "url", "100noticias.com.ni"),
    ("sources", 2, "url", "javascript:alert(1)"),
    ("sources", 2, "url", "https://example.org/a b"),
    ("sources", 2, "url", ""),
    ("sources", 2, "cited", "false"),
]
ORPHAN = [
    "zz-nobody.2024-08",
    "Nobody",
    "Nothing",
    "false",
    "",
    "2024-08",
    "https://example.org/",
    "given",
    "en",
    "blog",
    "true",
    "",
]


def references():
    """Names that nothing bears, lists that are broken."""
    for place in NAMED:
        yield cell(*place)
    yield raw("sources", "an orphan for another", written([*rows_of("sources")[:-1], ORPHAN]))


def corrections():
    """Corrections of what is not there or was not made, and histories that turn in a circle."""
    head = rows_of("corrections")[0]
    there = ["2026-12-01", "claims", "roll.tables", "value", "30036", "30026", "misprint", ""]
    back = ["2026-12-02", "claims", "roll.tables", "value", "30026", "30036", "second thoughts", ""]
    again = ["2026-12-03", "claims", "roll.tables", "value", "30036", "30026", "third thoughts", ""]
    for what, *rows in [
        ("circular corrections", there, back, again),
        ("correction of nothing", [*there[:2], "roll.tabels", *there[3:]]),
        ("correction of no table", [there[0], "claim", *there[2:]]),
        ("correction of no column", [*there[:3], "valeu", *there[4:]]),
        ("correction not made", [*there[:5], "30027", *there[6:]]),
        ("correction to itself", [*there[:4], "30026", *there[5:]]),
        ("correction before the edition", ["2024-12-01", *there[1:]]),
        ("correction without reason", [*there[:6], "", ""]),
        ("correction from an unknown source", [*there[:7], "nobody.2024"]),
    ]:
        yield raw("corrections", what, written([head, *rows]))


def addresses():
    """Addresses that lead elsewhere than they say, or to no public page; and one page as two."""
    yield cell("sources", 3, "url", ADDRESSES[0])
    page, other = "24-horas.2024-07-30", "24-horas.2024-07-29"
    url = value_of("sources", page, "url")
    for what, new in [
        ("the same", url),
        ("last slash", url + "/"),
        ("www", url.replace("://", "://www.")),
        ("capitals", url.replace("24horas.cl", "24HORAS.CL")),
        ("port", url.replace("24horas.cl", "24horas.cl:443")),
        ("fragment", url + "#comments"),
        ("tracking", url + "/?utm_source=rss&utm_medium=rss"),
        ("a click", url + "?fbclid=IwAR0"),
    ]:
        yield changed("sources", f"one address, {what}", {(other, "url"): new}, page, "url")
    feed, plain = "aouaga.2025-01-14", "http://news.aouaga.com/h/156640.html"
    edits = {(feed, "url"): plain, ("ap.2024-08-03", "url"): plain.replace("http", "https")}
    yield changed("sources", "one address, scheme", edits, "ap.2024-08-03", "url")


def meanings():
    """Cells that are possible one by one, and say what cannot be."""
    embassy = "venezuela.peru.2024-07-30.severed-relations"
    yield at("measures", embassy, "target_iso3", "CHL")
    yield at("measures", embassy, "imposing_iso3", "CHL")
    for bulletin in ("council.first", "council.second"):
        for part in ("votes", "share"):
            yield at("claims", f"{bulletin}.maduro.{part}", "subject", "Edmundo González")
            yield at("claims", f"{bulletin}.gonzalez.{part}", "subject", "Nicolás Maduro")
        edits = {}
        for part in ("votes", "share"):
            first, second = f"{bulletin}.maduro.{part}", f"{bulletin}.gonzalez.{part}"
            edits[first, "value"] = value_of("claims", second, "value")
            edits[second, "value"] = value_of("claims", first, "value")
        yield changed("claims", f"{bulletin}, swapped", edits, f"{bulletin}.maduro.votes", "value")
    for key in ("altavista.july_30", "carter.final", "moe"):
        first, second = f"{key}.gonzalez.share", f"{key}.maduro.share"
        yield exchanged("claims", first, second, ["value"], second, "value")
        yield at("claims", first, "value", "0.662")
    yield at("claims", "council.first.turnout", "value", "0.59")
    yield exchanged("states", "VE-L", "VE-M", ["name"], "VE-M", "name")
    yield exchanged("states", "VE-A", "VE-Z", ["name"], "VE-A", "name")


def standings():
    """Acts that take nothing back, texts joined in no possible way, and guests without their
    country."""
    for key in (
        "turkey.2024-08-07.neutral",
        "germany.2024-07-29.concern",
        "argentina.2024-08-07.recognised",
        "caricom.2024-07-30.neutral",
    ):
        yield at("positions", key, "takes_back", "true")
    for key, role in [
        ("eu-august", "signatory"),
        ("nine-governments", "member"),
        ("nine-governments", "aligned"),
        ("oas-draft-resolution", "signatory"),
        ("oas-draft-resolution", "member"),
    ]:
        yield at("statement_members", key, "role", role)
    for key, kind in [
        ("eu-august", "statement"),
        ("nine-governments", "body_text"),
        ("oas-draft-resolution", "body_text"),
    ]:
        label, _, data, _, _ = at("statements", key, "kind", kind)
        yield (label, None, data, None, "role")  # told of the members, whose roles no longer fit
    for actor, code in [("Algeria", ""), ("Algeria", "ARG"), ("Sahrawi Republic", "DZA")]:
        yield in_row("attendance", actor, "iso3", code)
    late = "2025-02-17.carter-final"
    yield at("after", late, "id", late.replace("17", "18"))
    yield at("after", late, "id", late.replace("2025-02-17", "2025-17-02"))
    yield at("after", late, "quote", "one two three four five six seven")


def readings():
    """Rows of more than low confidence that rest on what nobody opened."""
    yield at(
        "positions",
        "namibia.2024-08-04.congratulated",
        "sources",
        "council-of-the-european-union.2024-08-04",
    )
    yield at(
        "after", "2026-04-01.us-sanctions-lifted", "sources", "cbs-news.2026-04-01;npr.2026-04-02"
    )
    yield at("findings", "article.boric", "sources", "carter-center.2024-07-30.2")
    label, _, data, _, _ = at("sources", "observer24.2025-01", "read", "none")
    yield (label, None, data, None, "sources")  # told of the row that rests on it alone


def confidences():
    """A confidence above what the sources carry, or fewer sources than it takes."""
    january = "opposition.january_3.sheets"
    yield at("claims", "council.second.roll_on_counted_sheets", "confidence", "high")
    yield at("claims", "foro_penal.arrests.july_31", "confidence", "high")
    yield at("claims", "lewis_thompson.maduro.share", "confidence", "high")
    yield at("claims", "lewis_thompson.maduro.share", "confidence", "medium")
    yield in_row("claims", january, "confidence", "high")
    yield in_row("claims", january, "confidence", "medium")
    yield in_row("claims", "roll.tables", "sources", "el-pais.2024-08")
    yield at("findings", "mision_verdad.tinaquillo", "confidence", "high")
    yield in_row("findings", "tao.three_explanations", "sources", "el-pais.2024-10-06")
    yield at("positions", "vietnam.2024-08-04.congratulated", "confidence", "high")
    yield at("positions", "qatar.2024-08-04.congratulated", "confidence", "medium")
    yield at("positions", "saint-kitts-and-nevis.2024-08-22.neutral", "confidence", "medium")
    ended = "chile.venezuela.2025-01-07.ended-ambassador-mission"
    yield in_row("measures", ended, "sources", "emol.2025-01-07")
    yield at("states", "VE-A", "confidence", "high")


def times():
    """Dates a year or a month off, and sources older than what rests on them."""
    for name, key, new in [
        ("claims", "council.first.turnout", "2025-07-29"),
        ("claims", "council.second.turnout", "2024-09-02"),
        ("claims", "oas.votes_for", "2025-07-31"),
        ("claims", "hrw.deaths.september_4", "2024-08-04"),
        ("claims", "carter.final.maduro.share", "2026-02-17"),
        ("claims", "un_mission.deaths.investigated", "2024-09-22"),
        ("claims", "kronick.hand_counted_share", "2025-08-16"),
        ("findings", "council.august_5", "2025-08-05"),
        ("findings", "carter_center.july_30", "2024-08-30"),
        ("findings", "gil.communique", "2025-07-29"),
        ("publications", "v1", "2025-08-02"),
        ("publications", "v2", "2026-08-06"),
    ]:
        yield in_row(name, key, "date", new)
    label, _, data, _, _ = at("statements", "oecs-heads", "date", "2025-01-02")
    yield (label, None, data, None, "sources")  # told of the members, whose sources are older
    early = "el-candelero.2024-07-28"
    yield at("claims", "council.second.turnout", "sources", f"datiao-pr.2024-08-02;{early}")
    yield at("events", "2024-07-30.carter-cannot-verify", "sources", early)
    yield in_row("positions", "peru.2024-07-30.recognised", "sources", early)
    yield in_row("measures", "venezuela.uruguay.2025-06-12.consular-agreement", "sources", early)


def sums():
    """Numbers that no longer add up, by one."""
    for key, new in [
        ("council.first.others.votes", "462703"),
        ("council.second.bertucci.votes", "64453"),
        ("council.second.valid_votes", "12335883"),
        ("council.second.voters", "12386699"),
        ("council.second.maduro.share", "51.96"),
        ("council.first.others.share", "4.7"),
        ("council.second.turnout", "59.98"),
        ("roll.entitled", "21392465"),
        ("roll.domestic", "21323252"),
        ("opposition.august_2.gonzalez.votes", "7156463"),
        ("opposition.august_6.sheets", "25074"),
        ("opposition.july_30.sheets_share", "81.12"),
        ("oas.votes_for", "18"),
        ("oas.absences", "4"),
        ("moe.sheets_tied", "34"),
        ("recount.added_sheets", "544"),
    ]:
        label, name, data, _, _ = at("claims", key, "value", new)
        yield (label, None, data, None, None)  # another table may be the one that it no longer fits
    for name, line, column, new in [
        ("tallies_by_state", 2, "gonzalez", "462139"),
        ("tallies_by_state", 30, "others", "1"),
        ("tallies_by_state", 3, "registered_on_sheets", "9999999"),
        ("tallies_by_municipality", 2, "valid_votes", "717720"),
        ("tallies_by_municipality", 5, "sheets", "1"),
        ("sheet_shares", 40, "maduro", "1"),
        ("states", 2, "registered_voters", "1719627"),
        ("statements", 2, "members", "3"),
    ]:
        label, table, data, _, _ = cell(name, line, column, new)
        yield (
            (label, None, data, None, None)
            if name.startswith("tallies")
            else (label, table, data, None, None)
        )


BAD_TEXTS = [
    "Nicolás Mаduro",
    "Ηonduras",
    "Nicolás\u00a0Maduro",
    "Nicolás\u202fMaduro",
    "Nicolás \u202eorudaM",
    "Nico\u200blás",
    "Nico\u00adlás",
    "\u2066Maduro\u2069",
    unicodedata.normalize("NFD", "González"),
    " Maduro",
    "Maduro ",
    "Nicolás  Maduro",
    "Nicolás\tMaduro",
    "Nicolás\nMaduro",
    "Nicolás\x07Maduro",
    "Nicolás\x7fMaduro",
    "\ufeffMaduro",
    "Ｍaduro",
    "ﬁnal",
    "Ｎｏ",
    "١٢٣",
    "Ⅳ",
    "Maduro\u2028",
    "Ma\ufffdduro",
    "\U0001f600",
    "M\u0430duro",
    "ɑltavista",
    "‚",
    "⁄",
    "−5",
    "＝1+1",
    "=1+1",
    '=HYPERLINK("https://example.org","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "x" * 100_000,
    "x" * 1_001,
    "a;=1+1",
    "a; =1+1",
    'a;"=1+1',
    "a; '+1",
    "a;-1",
    "a;@SUM(A1)",
]
# Table, line, column of free text; and of names
PLACES = [
    ("claims", 5, "note"),
    ("positions", 5, "act"),
    ("events", 5, "what"),
    ("sources", 5, "title"),
    ("findings", 5, "finding"),
    ("recoding", 5, "doubt"),
    ("measures", 5, "note"),
]
NAMES_IN = [
    ("countries", 9, "name"),
    ("states", 9, "name"),
    ("tallies_by_municipality", 9, "municipality"),
    ("statements", 3, "name"),
    ("publications", 2, "file"),
    ("statement_members", 9, "member"),
    ("claims", 9, "claimant"),
]


def texts():
    """Text that looks like other text, hides something, or runs in a spreadsheet."""
    label, name, data, line, _ = cell("claims", 5, "note", "Nicolás\rMaduro")
    yield (label, name, data, line, "")  # a carriage return breaks the row before there are cells
    for i, new in enumerate(BAD_TEXTS):
        yield cell(*PLACES[i % len(PLACES)], new)
    for name, line, column in NAMES_IN:
        rows = rows_of(name)
        known = rows[line - 1][rows[0].index(column)]
        yield cell(name, line, column, known.replace("a", "а", 1).replace("e", "е", 1) + "о")


KINDS = {
    kind.__name__: kind
    for kind in (
        files,
        numbers,
        dates_and_codes,
        references,
        corrections,
        addresses,
        sums,
        meanings,
        standings,
        readings,
        confidences,
        times,
        texts,
    )
}


@cache
def cases(kind: str) -> list[tuple]:
    """List the corruptions of a kind; none is one of the sound tables."""
    found = list(KINDS[kind]())
    for label, name, data, *_ in found:
        assert data != ORIGINAL[name or label.split(":")[0]], label
    return found


SEEN: dict[tuple, list] = {}  # column, text and unit → what is wrong with such a cell


@pytest.fixture
def once(monkeypatch):
    """Look once at each text of a column: in each case all cells but a few are as before."""
    look = check.cells.faults

    def faults(field: dict, text: str, unit: str = "") -> list:
        key = (id(field), text, unit)
        if key not in SEEN:
            SEEN[key] = look(field, text, unit)
        return SEEN[key]

    monkeypatch.setattr(check.cells, "faults", faults)
    monkeypatch.setattr(contract, "read", lambda folder: PACKAGE)


def said(path: Path) -> Iterator[Problem]:
    """Check a changed table by itself and, if nothing is wrong there, among the others."""
    table, problems = check.alone(path, RESOURCES[path.stem])
    yield from problems
    if table:
        yield from problems_of(path.stem, table)


def fits(problem: Problem, name: str | None, line: int | None, column: str | None) -> bool:
    """Tell whether a problem names the place of a corruption, in the form that all have."""
    there = name is None or Path(problem.file).stem == name
    there = there and (line is None or problem.line == line)
    there = there and (not column or problem.column == column)
    return there and problem.message.startswith("got ") and ", expected " in problem.message


def missed(found: Iterator[Problem], case: tuple) -> str:
    """Return "" if a corruption is refused at its place, else what is said instead."""
    label, name, _, line, column = case
    others = []
    for problem in found:
        if fits(problem, name, line, column):
            return ""
        others.append(str(problem))
    return "\n  ".join([f"{label}: {'' if others else 'accepted'}", *others[:3]])


@pytest.mark.slow
def test_every_corruption_is_refused_with_its_place(tmp_path, record_property, once):
    every = [case for kind in KINDS for case in cases(kind)]
    assert len({label for label, *_ in every}) == len(every) >= 120
    failures = []
    for case in every:
        path = tmp_path / f"{case[1] or case[0].split(':')[0]}.csv"
        path.write_bytes(case[2])
        failures += filter(None, [missed(said(path), case)])
        assert path.read_bytes() == case[2]  # the check writes nothing
    refused = len(every) - len(failures)
    record_property("told", f"hostile tables: {len(every)} corruptions tried, {refused} refused")
    assert not failures, "\n".join(failures)


# What is wrong with a file, with a cell, and between tables: these go through the whole check.
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["files", "numbers", "references", "sums"])
def test_the_check_of_all_tables_refuses_what_a_table_is_refused_for(folder, kind, once):
    case = cases(kind)[0]
    (folder / f"{case[1] or case[0].split(':')[0]}.csv").write_bytes(case[2])
    assert missed(check.examine(folder)[0], case) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_corruptions_of_each_kind_are_refused_with_their_place(tmp_path, kind, once):
    for case in cases(kind)[1::60]:
        path = tmp_path / f"{case[1] or case[0].split(':')[0]}.csv"
        path.write_bytes(case[2])
        assert missed(said(path), case) == ""


def test_no_address_leads_elsewhere_than_it_says(tmp_path):
    table = rows_of("sources")
    url = table[0].index("url")
    for row, address in zip(table[1:], ADDRESSES, strict=False):
        row[url] = address
    path = tmp_path / "sources.csv"
    path.write_bytes(written(table))
    problems = [p for p in check.alone(path, RESOURCES["sources"])[1] if p.column == "url"]
    refused = {table[p.line - 1][url] for p in problems if fits(p, "sources", p.line, "url")}
    assert refused == set(ADDRESSES)


def test_every_table_is_corrupted():
    assert {label.split(":")[0] for kind in KINDS for label, *_ in cases(kind)} == set(NAMES)


@pytest.fixture
def folder(tmp_path):
    """A copy of the tables that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


# What stands where a table should be, and how the one message about it begins
NO_FILES = {
    "nothing": (lambda path: None, "got no file, expected the table"),
    "a folder": (Path.mkdir, "got a file that cannot be read (is a directory)"),
    "a circle": (
        lambda path: path.symlink_to(path.name),
        "got a file that cannot be read (too many levels of symbolic links)",
    ),
    "a link to nothing": (
        lambda path: path.symlink_to("nowhere.csv"),
        "got no file, expected the table",
    ),
}


@pytest.mark.parametrize("what", NO_FILES)
def test_what_is_no_regular_file_is_refused_in_one_message(tmp_path, what):
    put, expected = NO_FILES[what]
    path = tmp_path / "claims.csv"
    put(path)
    table, (problem,) = check.alone(path, RESOURCES["claims"])
    assert table is None and problem.file == str(path) and problem.message.startswith(expected)


@pytest.mark.parametrize("name", ["claims", pytest.param("corrections", marks=pytest.mark.slow)])
def test_a_table_that_is_missing_is_told_once_among_all(folder, once, name):
    path = folder / f"{name}.csv"
    path.unlink()
    problems = check.examine(folder)[0]
    assert [p.message[:11] for p in problems if p.file == str(path)] == ["got no file"]


def test_a_file_without_permission_is_refused_in_one_message(monkeypatch):
    def refuse(path):  # root may read any file, so the answer is put in its mouth
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    path = DATA / "claims.csv"
    table, (problem,) = check.alone(path, RESOURCES["claims"])
    assert table is None and str(problem) == (
        f"{path}: got a file that cannot be read (permission denied), expected the table that the "
        "contract lists"
    )


@pytest.mark.slow
def test_valid_text_passes_whatever_it_would_mean_elsewhere(folder):
    for name, column in [
        ("claims", "note"),
        ("positions", "act"),
        ("sources", "title"),
        ("events", "what"),
    ]:
        rows = rows_of(name)
        place = rows[0].index(column)
        # A note that is there may name a source, which would then be cited by nothing.
        free = [row for row in rows[1:] if column != "note" or not row[place]]
        for row, text in zip(free, NASTY_TEXT, strict=False):
            row[place] = text
        (folder / f"{name}.csv").write_bytes(written(rows))
    assert check.examine(folder)[0] == []
    notes = read.load(folder)["claims"]["note"]
    assert notes[notes.isin(NASTY_TEXT)].tolist() == NASTY_TEXT
