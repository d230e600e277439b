"""Bad tables cannot get in: every corruption is refused with its place; odd but valid text is let
through as text."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from pipeline import reading
from pipeline.tables import check, contract, read, rules

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
PACKAGE = contract.read(DATA)
NAMES = list(contract.by_name(PACKAGE))
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
    "https://metadata.google.internal/",
    "https://nas.local/",
    "https://evil.example/",
    "https://example.org./",
    "https://example.org:8443/",
    "https://example.org:80/",
    "https://example.org:x/",
    "https://example.org\\@evil.org/",
    "https://example.org/\\evil.org",
    "https://xn--exmple-cua.org/",
    "https://www.xn--exmple-cua.org/",
    "https://example%2eorg/",
    "http://example.org/",
    "http://news.aouaga.com:8080/",
    "ftp://example.org/",
    "//example.org/x",
]


def rows_of(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ORIGINAL[name].decode(), newline="")))


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def cell(name: str, line: int, column: str, new: str):
    """Put a text into one cell: the problem must name this line and column."""
    rows = rows_of(name)
    rows[line - 1][rows[0].index(column)] = new
    return (f"{name}:{line} {column} = {new[:40]!r}", name, written(rows), line, column)


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


def files():
    """Corruptions of the file as such, each on another few tables, so that every table is hit."""
    turn = iter(NAMES * 20)

    def some(n):
        return [next(name for name in turn if name != "corrections") for _ in range(n)]

    for name in some(4):
        yield raw(name, "UTF-16", ORIGINAL[name].decode().encode("utf-16"), 1)
    for name in ("claims", "states", "sources", "events"):
        yield raw(name, "Latin-1", ORIGINAL[name].decode().encode("latin-1", "replace"))
    for name in some(5):
        yield raw(name, "byte order mark", b"\xef\xbb\xbf" + ORIGINAL[name], 1)
    for name in some(5):
        yield raw(name, "CRLF", ORIGINAL[name].replace(b"\n", b"\r\n"), 1)
    for name in some(2):
        yield raw(name, "CR only", ORIGINAL[name].replace(b"\n", b"\r"), 1)
    for name in some(4):
        yield raw(name, "NUL", ORIGINAL[name].replace(b",", b"\0,", 9))
    for name in some(4):
        yield raw(
            name, "truncated in a row", ORIGINAL[name][: -len(ORIGINAL[name].splitlines()[-1]) // 2]
        )
    for name in some(5):
        yield raw(name, "last row lost", b"".join(ORIGINAL[name].splitlines(keepends=True)[:-1]))
    for name in some(3):
        yield raw(
            name, "first row lost", written([row for i, row in enumerate(rows_of(name)) if i != 1])
        )
    for name in some(3):
        yield raw(name, "header lost", written(rows_of(name)[1:]), 1)
    for name in some(4):
        yield raw(name, "first row twice", written(rows_of(name)[:2] + rows_of(name)[1:]))
    for name in some(4):
        rows = rows_of(name)
        yield raw(name, "first row over the last", written([*rows[:-1], rows[1]]), len(rows))
    for name in some(3):
        rows = rows_of(name)
        yield raw(name, "two rows exchanged", written([rows[0], rows[2], rows[1], *rows[3:]]), 3)
    for name in some(4):
        yield raw(
            name,
            "missing column",
            written([row[:-1] for row in rows_of(name)]),
            1,
            rows_of(name)[0][-1],
        )
    for name in some(4):
        yield raw(name, "extra column", written([[*row, "x"] for row in rows_of(name)]), 1, "x")
    for name in some(4):
        yield raw(
            name,
            "columns exchanged",
            written([[row[1], row[0], *row[2:]] for row in rows_of(name)]),
            1,
        )
    for name in some(4):
        rows = rows_of(name)
        yield raw(
            name,
            "cells exchanged",
            written([rows[0], *([row[1], row[0], *row[2:]] for row in rows[1:])]),
        )
    for name in some(2):
        yield raw(
            name,
            "column renamed",
            ORIGINAL[name].replace(rows_of(name)[0][1].encode(), b"colour", 1),
            1,
        )
    for name in some(3):
        yield raw(name, "semicolons", ORIGINAL[name].replace(b",", b";"), 1)
    for name in some(2):
        yield raw(name, "blank line", ORIGINAL[name].replace(b"\n", b"\n\n", 1), 2)
    for name in some(2):
        yield raw(name, "open quote", ORIGINAL[name] + b'"open\n', len(rows_of(name)) + 1)
    for name in some(3):
        yield raw(name, "empty file", b"", 1)
    yield raw("corrections", "empty file", b"", 1)
    for name in some(2):
        yield raw(name, "a million rows", ORIGINAL[name] + b"x\n" * 1_000_000)
    yield raw(
        "events",
        "a million longer rows",
        ORIGINAL["events"] + b"2024-07-28.election,2024-07-28,count,x,y\n" * 1_000_000,
    )
    yield raw("claims", "a million rows of a byte", ORIGINAL["claims"] + b"\n" * 1_000_000)


def numbers():
    """Numbers written otherwise than digits with a point, or outside their range."""
    votes = [
        ("council.first.maduro.votes", "5,150,092"),
        ("council.first.maduro.votes", "5.150.092"),
        ("council.first.maduro.votes", "5 150 092"),
    ]
    shares = [
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
    for key, new in votes:
        yield at("claims", key, "value", new)
    for new in shares:
        yield at("claims", "council.first.maduro.share", "value", new)
    for key, new in [
        ("council.second.maduro.share", "519.5"),
        ("carter.october_2.maduro.share", "100.01"),
        ("roll.tables", "-30026"),
        ("hrw.deaths.verified", "11.5"),
        ("ap.gonzalez.votes", "6890000"),
    ]:
        yield at("claims", key, "value", new)
    for name, line, column, new in [
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
    ]:
        yield cell(name, line, column, new)


def dates_and_codes():
    """Days that do not exist or lie outside the window, codes that nothing knows."""
    yield at("countries", "XKX", "iso_status", "official")
    label, name, data, line, _ = at("positions", "argentina.2024-07-29.rejected", "iso3", "BRA")
    yield (label, name, data, line, "actor")
    for new in [
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
    ]:
        yield at("claims", "council.first.turnout", "date", new)
    for name, line, column, new in [
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
        ("countries", 3, "iso2", "ARG"),
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
    ]:
        yield cell(name, line, column, new)


def references():
    """Names that nothing bears, lists that are broken, histories that turn in a circle."""
    yield cell("claims", 5, "sources", "g1.2024-07-31")
    yield cell("claims", 5, "sources", "g1.2024-07-30;")
    yield cell("claims", 5, "sources", "g1.2024-07-30;g1.2024-07-30")
    yield cell("claims", 5, "sources", "g1.2024-07-30, terra.2024-08")
    yield cell("findings", 3, "sources", "")
    yield cell("positions", 3, "sources", "DER")
    yield cell("events", 3, "sources", "SP001")
    yield cell("recoding", 4, "position", "alba-tcp.2024-08-26.rejected")
    yield cell("statement_members", 2, "statement", "brazil-columbia")
    yield cell("claims", 5, "id", "altavista.july_30.gonzalez.share".upper())
    yield cell("claims", 5, "id", "altavista..share")
    yield cell("claims", 6, "id", "altavista.july_30.gonzalez.share")
    yield cell("sources", 2, "url", "100noticias.com.ni")
    yield cell("sources", 2, "url", "javascript:alert(1)")
    yield cell("sources", 2, "url", "https://example.org/a b")
    yield cell("sources", 2, "url", "")
    yield cell("sources", 2, "cited", "false")
    orphan = [
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
    yield raw("sources", "an orphan for another", written([*rows_of("sources")[:-1], orphan]))
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


def long_numbers():
    """Numbers that no spreadsheet keeps, and a zero with a sign."""
    share = "council.first.maduro.share"
    for new in ["-0", "-0.0", "1" * 16, "1" * 400, "51.20000000000000", "0." + "0" * 399 + "1"]:
        yield at("claims", share, "value", new)
    yield cell("tile_grid", 5, "row", "-0")
    yield cell("states", 4, "registered_voters", "9" * 20)


def addresses():
    """Addresses that lead elsewhere than they say, or to no public page; and one page as two."""
    lines = iter(range(3, 99))
    for new in ADDRESSES:
        yield cell("sources", next(lines), "url", new)
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
    yield exchanged("countries", "PER", "PRY", ["iso2"], "PER", "iso2")
    yield exchanged("countries", "ISL", "ISR", ["iso2"], "ISR", "iso2")
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


def texts():
    """Text that looks like other text, hides something, or runs in a spreadsheet."""
    nfd = unicodedata.normalize("NFD", "González")
    bad = [
        "Nicolás Mаduro",
        "Ηonduras",
        "Nicolás\u00a0Maduro",
        "Nicolás\u202fMaduro",
        "Nicolás \u202eorudaM",
        "Nico\u200blás",
        "Nico\u00adlás",
        "\u2066Maduro\u2069",
        nfd,
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
        "x" * 1_000_000,
        "x" * 1_001,
    ]
    bad += ["a;=1+1", "a; =1+1", 'a;"=1+1', "a; '+1", "a;-1", "a;@SUM(A1)"]
    places = [
        ("claims", 5, "note"),
        ("positions", 5, "act"),
        ("events", 5, "what"),
        ("sources", 5, "title"),
        ("findings", 5, "finding"),
        ("recoding", 5, "doubt"),
        ("measures", 5, "note"),
    ]
    label, name, data, line, _ = cell("claims", 5, "note", "Nicolás\rMaduro")
    yield (label, name, data, line, "")  # a carriage return breaks the row before there are cells
    for i, new in enumerate(bad):
        yield cell(*places[i % len(places)], new)
    for name, line, column in [
        ("countries", 9, "name"),
        ("states", 9, "name"),
        ("tallies_by_municipality", 9, "municipality"),
        ("statements", 3, "name"),
        ("publications", 2, "file"),
        ("statement_members", 9, "member"),
        ("claims", 9, "claimant"),
    ]:
        yield cell(
            name,
            line,
            column,
            rows_of(name)[line - 1][rows_of(name)[0].index(column)]
            .replace("a", "а", 1)
            .replace("e", "е", 1)
            + "о",
        )


CASES = [
    *files(),
    *numbers(),
    *long_numbers(),
    *dates_and_codes(),
    *references(),
    *addresses(),
    *sums(),
    *meanings(),
    *standings(),
    *readings(),
    *confidences(),
    *times(),
    *texts(),
]


def refusal(
    folder: Path, table: str, name: str | None, line: int | None, column: str | None
) -> str:
    """Return "" if the check refuses at the right place in the right form, else what it said.

    The whole check begins with each table alone; what it finds there need not be looked for among
    all.
    """
    resource = contract.by_name(PACKAGE)[table]
    for look in (
        lambda: check.alone(folder / resource["path"], resource)[1],
        lambda: check.examine(folder)[0],
    ):
        problems = look()
        for p in problems:
            there = name is None or Path(p.file) == folder / f"{name}.csv"
            there = (
                there and (line is None or p.line == line) and (not column or p.column == column)
            )
            if there and p.message.startswith("got ") and ", expected " in p.message:
                return ""
    return "\n  ".join(map(str, problems[:3])) or "accepted"


@pytest.fixture
def remembering(monkeypatch):
    """Let the check look once at files whose bytes it has seen: all but one are the same in each
    case."""
    seen, alone = {}, check.alone

    def once(path, resource):
        if path.stat().st_size > reading.LARGEST:
            return alone(path, resource)
        key = (path, path.read_bytes())
        seen[key] = seen.get(key) or alone(path, resource)
        return seen[key]

    monkeypatch.setattr(check, "alone", once)


@pytest.fixture
def to_the_point(monkeypatch):
    """Run only the rules that can say something new: those that read the table which is changed."""
    changed, problems = [], rules.problems

    def those(package, found):
        reads = {*changed, "items", "cells"}
        kept = [
            rule
            for rule in package["rules"]
            if reads & set(re.findall(r"\w+", "\n".join(rule["sql"])))
        ]
        return problems(package | {"rules": kept}, found)

    monkeypatch.setattr(rules, "problems", those)
    return changed


@pytest.mark.slow
def test_every_corruption_is_refused_with_its_place(
    tmp_path, record_property, remembering, to_the_point
):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    assert len(CASES) >= 120 and len({label for label, *_ in CASES}) == len(CASES)
    failures = []
    for label, name, data, line, column in CASES:
        table = name or label.split(":")[0]
        assert data != ORIGINAL[table], label
        (folder / f"{table}.csv").write_bytes(data)
        to_the_point[:] = [table]
        said = refusal(folder, table, name, line, column)
        failures += [f"{label}: {said}"] * bool(said)
        (folder / f"{table}.csv").write_bytes(ORIGINAL[table])
    refused = len(CASES) - len(failures)
    record_property("told", f"hostile tables: {len(CASES)} corruptions tried, {refused} refused")
    assert not failures, "\n".join(failures)
    assert check.examine(folder)[0] == []
    assert {
        path.stem: path.read_bytes() for path in folder.glob("*.csv")
    } == ORIGINAL  # the check writes nothing


def test_every_table_is_corrupted():
    assert {label.split(":")[0] for label, *_ in CASES} == set(NAMES)


def loop(path):
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda path: None, "got no file, expected the table"),
        (lambda path: path.mkdir(), "got a directory or device, expected the table"),
        (lambda path: os.mkfifo(path), "got a directory or device, expected the table"),
        (
            lambda path: path.symlink_to("/dev/zero"),
            "got a directory or device, expected the table",
        ),
        (loop, "got a file that cannot be read (too many levels of symbolic links)"),
        (lambda path: path.symlink_to("nowhere.csv"), "got no file, expected the table"),
    ],
)
@pytest.mark.parametrize("name", ["claims", "corrections"])
def test_what_is_no_regular_file_is_refused_in_one_message(tmp_path, name, spoil, expected):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    (folder / f"{name}.csv").unlink()
    spoil(folder / f"{name}.csv")
    problems = check.examine(folder)[0]
    assert [
        p.message.startswith(expected) for p in problems if p.file == f"{folder}/{name}.csv"
    ] == [True]


def test_a_file_without_permission_is_refused_in_one_message(tmp_path, monkeypatch):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    opened = Path.open

    def refuse(
        path, *how, **more
    ):  # root may read any file, so the system's answer is put in its mouth
        if path.name == "claims.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", refuse)
    assert [str(p) for p in check.examine(folder)[0]] == [
        (
            f"{folder}/claims.csv: got a file that cannot be read (permission denied), expected "
            "the table that the contract lists"
        )
    ]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    with (folder / "claims.csv").open("r+b") as handle:
        handle.truncate(10**12)  # sparse: a terabyte that takes no room
    problems = check.examine(folder)[0]
    assert (
        len(problems) == 1
        and "got 1,000,000,000,000 bytes, expected at most" in problems[0].message
    )


def test_valid_text_passes_whatever_it_would_mean_elsewhere(tmp_path):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
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


# Of each kind of corruption a few: those that are seen in a table alone, so each takes little.
QUICK = [case for case in CASES[::6] if case[1] and len(case[2]) < 1_000_000]


def test_corruptions_of_each_kind_are_refused_with_their_place(tmp_path):
    told = 0
    for label, name, data, line, column in QUICK:
        path = tmp_path / f"{name}.csv"
        path.write_bytes(data)
        _, problems = check.alone(path, contract.by_name(PACKAGE)[name])
        told += any(
            (line is None or p.line == line) and (not column or p.column == column)
            for p in problems
        )
        assert not problems or all(p.file == str(path) for p in problems), label
    assert told > len(QUICK) / 2  # what only other tables tell, the whole sweep looks for
