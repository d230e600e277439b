"""Make the summed tables of `data/` again from a public file of tally sheets, and compare.

Usage: make recount FILE=… [WRITE=1]

A file is known by its fingerprint, the SHA-256 of its bytes without carriage returns, in which its
public copies differ. The links to images of the sheets, which bear names and signatures, are
dropped before anything else is read, and nothing is written by voting table.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import itertools
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from pipeline.errors import Problem, Problems, stop, told
from tools import sheet_sums
from tools.recode import rows

DATA = Path("data")
PUBLICATIONS, STATES = DATA / "publications.csv", DATA / "states.csv"
CLAIMS = DATA / "claims.csv"
LINKS = "URL"
PLACE = {"COD_EDO": "state_code", "COD_MUN": "municipality", "MUN": "name"}
TABLE = {"CENTRO": "place", "MESA": "table"}
COUNTS = {"VOTOS_VALIDOS": "valid_votes", "VOTOS_NULOS": "null_votes"}
CANDIDATES = {"EG": "gonzalez", "NM": "maduro"}
OTHERS = ["LM", "JABE", "JOBR", "AE", "CF", "DC", "EM", "BERA"]
ELECTORS = {"RE": "electors"}  # of the first publication only
NEEDED = [*PLACE, *TABLE, *COUNTS, *CANDIDATES, *OTHERS]
SHOWN = 10  # problems or differences of a kind that are told one by one


def recount(paths: Iterable[Path], *, write: bool = False) -> None:
    """Recount files, say of each table whether it is the same, and replace it where asked to.

    Raises:
        Problems: what is wrong with a file, or differs from the tables.
    """
    problems: list[Problem] = []
    found, counted = {}, {}
    for path in paths:
        publication, sheets = read(path)
        key, file = publication["id"], f"the file {publication['file']} ({publication['name']})"
        print(f"{path}: {len(sheets)} sheets, {file}")
        found[key] = sheets
        kinds = sheet_sums.kinds_of_sheets(sheets)
        counted |= {f"recount.{key}.{name}": count for name, count in kinds.items()}
        for name, made in sheet_sums.tables(key, sheets, claims()).items():
            problems += compare(DATA / f"{name}.csv", key, made, write=write)
    for before, after in itertools.pairwise(sorted(found)):
        changes = sheet_sums.changes(found[before], found[after])
        counted |= {f"recount.{name}": count for name, count in changes.items()}
    problems += wrong_claims(counted)
    if problems:
        raise Problems(*problems)


def wrong_claims(counted: dict[str, int]) -> list[Problem]:
    """List the claims of our own counting that a recount does not bear out."""
    known = {row["id"]: (line, row["value"]) for line, row in enumerate(rows(CLAIMS), 2)}
    problems = []
    for name, count in counted.items():
        line, value = known[name]
        if value != str(count):
            told = f"got {value} as {name}, the recount gives {count}"
            problems.append(Problem(str(CLAIMS), line, "value", told))
    if counted and not problems:
        print(f"{CLAIMS}: {len(counted)} counts of our own, the same")
    return problems


def read(path: Path) -> tuple[dict[str, str], pd.DataFrame]:
    """Read a publication, and check that it is one and that every row holds together.

    Returns: its row of `publications.csv`, and the sheets: one row a sheet, with state and
        municipality by code, polling place, table, and all counts as whole numbers; `electors` only
        where the file gives them.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        hint = "give the path of a file that data/publications.csv names: make recount FILE=…"
        raise stop(path, error.strerror or str(error), hint=hint) from None
    mark = hashlib.sha256(raw.replace(b"\r", b"")).hexdigest()
    known = {row["sha256"]: row for row in rows(PUBLICATIONS)}
    publication = known.get(mark)
    frame = text(path, raw, publication)
    problems = [] if publication else [unknown(path, mark, frame, list(known.values()))]
    sheets, odd = numbers(path, frame)
    problems += odd or wrong_rows(path, sheets)
    if problems or publication is None:
        raise Problems(*problems)
    return publication, sheets.assign(state=sheets["state_code"].map(states()))


def states() -> dict[int, str]:
    """Map the council's codes of states to those of ISO 3166-2."""
    return {int(row["council_code"]): row["iso_3166_2"] for row in rows(STATES)}


def claims() -> dict[str, str]:
    """Map the claims of the tables to their values."""
    return {row["id"]: row["value"] for row in rows(CLAIMS)}


def text(path: Path, raw: bytes, publication: dict[str, str] | None) -> pd.DataFrame:
    """Read the cells as text, without the links; stop where bytes or columns cannot be used."""
    encodings = [publication["encoding"]] if publication else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            content = raw.decode(encoding)
            break
        except UnicodeDecodeError as error:
            line, at = raw[: error.start].count(b"\n") + 1, error
    else:
        told = f"got the byte {raw[at.start]:#04x}, expected text in {' or '.join(encodings)}"
        raise stop(path, told, line=line)
    header = next(csv.reader(io.StringIO(content)), [])
    if missing := [name for name in NEEDED if name not in header]:
        told = f"got the columns {', '.join(header) or 'none'}, expected {', '.join(missing)} too"
        hint = "a shortened copy cannot be recounted; take one that data/publications.csv names"
        raise stop(path, told, line=1, hint=hint)
    kept = [name for name in header if name != LINKS]
    try:
        return pd.read_csv(
            io.StringIO(content), usecols=kept, dtype=str, keep_default_na=False, engine="c"
        )
    except pd.errors.ParserError as error:
        raise stop(path, str(error).strip()) from None


def unknown(
    path: Path, mark: str, frame: pd.DataFrame, publications: list[dict[str, str]]
) -> Problem:
    """Say that a file is none of the publications, and which one it looks like."""
    sums = pd.read_csv(DATA / "tallies_by_state.csv")
    gives = sums.groupby("publication")["registered_on_sheets"].count() > 0
    sheets = sums.groupby("publication")["sheets"].sum()
    alike = [one for one in publications if gives[one["id"]] == (set(ELECTORS) <= set(frame))]
    near = min(alike or publications, key=lambda one: abs(sheets[one["id"]] - len(frame)))
    told = (
        f"got {len(frame)} sheets and the fingerprint {mark}, a file that is not known; "
        f"it looks like {near['file']}, which has {sheets[near['id']]} and {near['sha256']}"
    )
    hint = "take a copy from the repositories that data/publications.csv names as its sources"
    return Problem(str(path), message=told, hint=hint)


def numbers(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn the cells into whole numbers, under our names; list the cells that are none."""
    names = PLACE | TABLE | COUNTS | CANDIDATES | {name: name for name in OTHERS}
    names |= {name: to for name, to in ELECTORS.items() if name in frame}
    problems = []
    for name in names:
        if name != "MUN":
            odd = frame.index[~frame[name].str.fullmatch("[0-9]{1,9}")]
            problems += [
                Problem(str(path), line + 2, name, f"got “{frame.at[line, name]}”, expected digits")
                for line in odd[:SHOWN]
            ]
    if problems:
        return frame, problems
    whole = frame[list(names)].astype({name: int for name in names if name != "MUN"})
    sheets = whole.rename(columns=names)
    return sheets.assign(others=sheets[OTHERS].sum(axis=1)).drop(columns=OTHERS), []


def wrong_rows(path: Path, sheets: pd.DataFrame) -> list[Problem]:
    """List the sheets that contradict themselves, or another sheet."""
    votes = sheets[["gonzalez", "maduro", "others"]].sum(axis=1)
    ballots = sheets["valid_votes"] + sheets["null_votes"]
    electors = sheets.get("electors", ballots)
    names = sheets.groupby(["state_code", "municipality"])["name"].transform("first")
    checks = [
        ("VOTOS_VALIDOS", votes != sheets["valid_votes"], "the sum of all candidates", votes),
        ("RE", ballots > electors, "at least the ballots", ballots),
        ("COD_EDO", ~sheets["state_code"].isin(states()), "a state of data/states.csv", None),
        ("MUN", sheets["name"] != names, "one name for each code of a municipality", names),
        ("MESA", sheets.duplicated([*TABLE.values()]), "a table of its polling place once", None),
    ]
    cells = PLACE | TABLE | COUNTS | ELECTORS
    problems = []
    for column, bad, expected, values in checks:
        for line in sheets.index[bad][:SHOWN]:
            more = "" if values is None else f", {values[line]}"
            told = f"got {sheets.at[line, cells[column]]}, expected {expected}{more}"
            problems.append(Problem(str(path), int(line) + 2, column, told))
    return problems


def compare(path: Path, publication: str, made: pd.DataFrame, *, write: bool) -> list[Problem]:
    """Compare the rows of a publication in a table, byte by byte, with those made again."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    new = made.to_csv(index=False, lineterminator="\n").splitlines()
    if new[0] != header:
        return [Problem(str(path), 1, "", f"got the columns {header}, expected {new[0]}")]
    here = [n for n, line in enumerate(lines) if line.startswith(f"{publication},")]
    there = [lines[n] for n in here]
    if there == new[1:]:
        print(f"{path}: {len(here)} rows of {publication}, the same byte for byte")
        return []
    if write:
        at = here[0] if here else len(lines)
        others = [line for n, line in enumerate(lines) if n not in set(here)]
        lines = [*others[:at], *new[1:], *others[at:]]
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        print(f"{path}: {len(new) - 1} rows of {publication} written")
        return []
    return differences(path, here, there, new[1:])


def differences(path: Path, here: list[int], there: list[str], made: list[str]) -> list[Problem]:
    """List the rows of a table that the recount does not give, and those that it gives instead."""
    hint = "look at the difference; WRITE=1 replaces the table"
    problems = []
    if len(there) != len(made):
        told = f"got {len(there)} rows, the recount gives {len(made)}"
        problems.append(Problem(str(path), message=told, hint=hint))
    for line, old, new in zip(here, there, made, strict=False):
        if old != new:
            problems.append(Problem(str(path), line + 2, "", f"got {old}, expected {new}", hint))
    return problems[:SHOWN]


def main() -> None:
    """Read the command line and recount."""
    parser = argparse.ArgumentParser(prog="make recount", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="replace the tables that differ")
    chosen = parser.parse_args()
    if not chosen.files:
        names = " or ".join(row["file"] for row in rows(PUBLICATIONS))
        raise stop("FILE", f"got none, expected the path of a copy of {names}")
    recount(chosen.files, write=chosen.write)


if __name__ == "__main__":
    sys.exit(told("recount", main))
