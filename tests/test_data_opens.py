"""The data open as they are where people take them: in pandas, notebooks and spreadsheets."""

from __future__ import annotations

import csv
import json
import math
import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import html

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
PACKAGE = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
TABLES = {table["name"]: table["schema"]["fields"] for table in PACKAGE["resources"]}
FIGURES = sorted(
    path.stem.replace("_", "-")
    for path in (ROOT / "figures").glob("*.py")
    if path.stem not in ("__init__", "style")
)


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_pandas_with_its_defaults_loses_no_cell(site):
    for path in site.rglob("*.csv"):
        header, *rows = cells(path)
        read = pd.read_csv(path)
        assert list(read.columns) == header and len(read) == len(rows), path
        empty = sum(not cell for row in rows for cell in row)
        assert read.isna().to_numpy().sum() == empty, f"{path}: a text was taken for nothing"


def same(value: object, text: str, kind: str) -> bool:
    """Tell whether a cell of a workbook is the typed value of a cell of its table."""
    if not text:
        return value is None
    if kind == "number":
        return isinstance(value, int | float) and math.isclose(value, float(text), rel_tol=1e-14)
    if kind == "date":
        return value == datetime.fromisoformat(text)
    return value is (text.lower() == "true") if kind == "boolean" else value == text


def agree(book: openpyxl.Workbook, sheet: str, path: Path) -> None:
    """Hold a sheet of a workbook to a CSV file, cell by cell and by type."""
    kinds = {
        row[1]: "boolean" if row[4] == "true or false" else row[4]
        for row in book["codebook"].iter_rows(values_only=True)
        if row[0] == sheet
    }
    header, *rows = cells(path)
    page = book[sheet]
    assert page.freeze_panes == "A2" and list(kinds) == header
    assert [cell.value for cell in page[1]] == header
    for line, (row, written) in enumerate(zip(rows, page.iter_rows(min_row=2), strict=True), 2):
        for name, cell, text in zip(header, written, row, strict=True):
            assert cell.data_type != "f", f"{path}:{line}: a formula"
            assert same(cell.value, text, kinds[name]), (path, line, name, cell.value, text)


def test_the_workbook_holds_every_table_typed_and_says_what_columns_hold(site):
    path = site / f"data/{PACKAGE['name']}.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [*TABLES, "codebook", "read me"]
    for name in TABLES:
        agree(book, name, site / f"data/{name}.csv")
    told = {row[:2]: row[2] for row in book["codebook"].iter_rows(min_row=2, values_only=True)}
    fields = [(name, field) for name in TABLES for field in TABLES[name]]
    assert told == {(name, field["name"]): field["description"] for name, field in fields}
    said = " ".join(str(c.value) for row in book["read me"] for c in row)
    assert PACKAGE["title"] in said and PACKAGE["version"] in said and "CC BY 4.0" in said


@pytest.mark.parametrize("name", FIGURES)
def test_the_rows_of_a_figure_are_a_workbook_with_its_words_and_sources(site, name):
    folder = site / "figures" / name
    book = openpyxl.load_workbook(folder / f"{name}.xlsx")
    assert book.sheetnames == ["rows", "codebook", "read me"]
    agree(book, "rows", folder / f"{name}.csv")
    page = html.fromstring((folder / "index.html").read_text(encoding="utf-8"))
    said = [str(cell.value) for row in book["read me"] for cell in row]
    assert {page.findtext(".//h1"), page.findtext(".//figcaption/p")} <= set(said)
    assert page.get_element_by_id("credit").text_content() in said
    assert page.get_element_by_id("apa").text_content() in said
    assert all(code.text in said for code in page.xpath("//ol[@class='sources']//code"))


def test_a_workbook_has_no_clock(site):
    for path in site.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as packed:
            assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = packed.read("docProps/core.xml").decode()
        assert set(re.findall(r">([\d-]+)T[\d:]+Z<", core)) == {PACKAGE["created"][:10]}


@pytest.mark.parametrize("name", FIGURES)
def test_every_column_says_what_it_holds_and_votes_and_shares_their_unit(site, name):
    page = html.fromstring((site / f"figures/{name}/index.html").read_text(encoding="utf-8"))
    graph = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)["@graph"]
    columns = next(node for node in graph if node["@type"] == "Dataset")["variableMeasured"]
    for column in columns:
        bare = column["name"].replace("_", " ")
        assert column["description"].casefold() != bare, f"{column['name']} is not described"
        if re.search(r"(percent|votes|voters|points|sheets)$", bare):
            assert column["unitText"]


def printed(page: html.HtmlElement, id: str) -> str:
    return page.get_element_by_id(id).text_content()


def test_the_lines_printed_for_a_notebook_give_the_rows_and_the_chart(site, project, monkeypatch):
    def run(lines: str, folder: Path) -> dict:
        monkeypatch.chdir(folder)
        known: dict = {}
        exec(lines, known)
        return known

    folder = site / "figures/toll"
    page = html.fromstring((folder / "index.html").read_text(encoding="utf-8"))
    known = run(f"{printed(page, 'load-python')}\n{printed(page, 'load-chart')}", folder)
    assert len(known["rows"]) == len(cells(folder / "toll.csv")) - 1
    assert known["chart"].to_dict(validate=False)["usermeta"]["title"] == page.findtext(".//h1")
    blocks = {"README.md": project, "data/README.md": site / "data"}
    for file, folder in blocks.items():
        lines = re.search(r"```\w*\n(import.*?)```", (ROOT / file).read_text("utf-8"), re.S)[1]
        known = run(lines, folder)
        assert len(known.get("rows", known.get("claims"))) > 1
    assert f"{PACKAGE['name']}.xlsx" in (site / "data/index.html").read_text(encoding="utf-8")
