"""What `make bench` compares is the same report, and its table says what was measured."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import schema, steps
from pipeline.programs import Engine
from pipeline.prose import manuscript
from pipeline.tables import check
from tests.conftest import SMALL
from tools import bench
from tools.bench import Cost, Tried

ROOT = Path(__file__).parent.parent
FIGURES = {path.stem.replace("_", "-") for path in (ROOT / "figures").glob("[!_]*.py")} - {"style"}


@pytest.fixture
def copy(tmp_path):
    """A copy of the project as the bench makes it."""
    return bench.ours(Engine("pandoc", "3", "pandoc"), tmp_path / "copy")


def row(kind, mine, other):
    """A row of the table as a dictionary: heading → cell."""
    return dict(zip(bench.HEADS, bench.row("Pandoc 3", kind, mine, other, 0.25), strict=True))


def test_medians_are_of_each_part():
    runs = [Cost(1, 9, 5), Cost(2, 7, 6), Cost(9, 8, 4)]
    assert bench.middle(runs) == Cost(2, 8, 5)


def test_a_row_has_the_ratios_of_cpu_and_whether_the_aim_is_kept():
    mine = Tried({"row": Cost(3, 50, 340), "sentence": Cost(2, 5, 340)}, "")
    other = Tried({"full": Cost(10, 20, 500), "row": Cost(1, 1, 1), "sentence": Cost(4, 4, 4)}, "")
    changed = row("row", mine, other)
    assert (changed["ours / whole"], changed["aim"]) == ("0.3", "≤ 0.25 missed")
    assert changed["ours / freeze"] == "–"  # what is frozen shows the old number
    written = row("sentence", mine, other)
    assert (written["ours / whole"], written["aim"]) == ("0.2", "≤ 0.25 kept")
    assert written["ours / freeze"] == "0.5"


def test_without_the_conventional_way_our_columns_stand_alone():
    alone = row("row", Tried({"row": Cost(3, 50, 340)}, ""), None)
    assert (alone["ours / whole"], alone["aim"], alone["our CPU"]) == ("–", "≤ 0.25", "3")


@pytest.mark.slow
def test_a_program_is_measured_with_all_that_it_starts(tmp_path):
    work = "sum(range(10**7))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"
    cost = bench.measure([bench.sys.executable, "-c", parent], tmp_path, {})
    assert cost.cpu > 0.02 and cost.clock > 0.02


@pytest.mark.slow
def test_a_changed_row_and_more_rows_keep_the_check_green(copy):
    assert bench.change_row(copy.folder) != bench.change_row(copy.folder)
    assert check.examine(copy.folder / "data")[0] == []
    assert bench.more_rows(copy.folder, 3) > 3
    assert check.examine(copy.folder / "data")[0] == []


def test_a_stale_page_is_called_stale_even_in_a_copy_that_was_changed_before(copy):
    page = copy.folder / "page.html"
    page.write_text(bench.change_row(copy.folder), encoding="utf-8")  # as it was set once
    stale = replace(copy, page="page.html", full=["true"], again=["true"])
    assert "OLD" in bench.tried(stale, ("row",), 1).truth


def test_the_changed_number_is_one_that_the_report_prints():
    assert f"fact {bench.ROW} " in (ROOT / "report.qmd").read_text(encoding="utf-8")


def test_a_sentence_is_added_to_the_prose_once_a_turn(copy):
    for _ in range(2):
        bench.change(copy, "sentence")
    prose = (copy.folder / "report.qmd").read_text(encoding="utf-8")
    assert prose.count(bench.SENTENCE) == 2


def test_the_settings_of_the_conventional_way_are_read_as_those_of_a_report(tmp_path):
    path = tmp_path / "_quarto.yml"
    path.write_text(bench.QUARTO_PROJECT, encoding="utf-8")
    assert schema.read(path, "settings")["project"]["render"] == ["conventional.qmd"]


def test_both_conventional_reports_hold_every_figure_and_all_prose(copy):
    bench.write_document(copy.folder)
    bench.write_notebook(copy.folder)
    document = (copy.folder / "conventional.qmd").read_text(encoding="utf-8")
    cells = json.loads((copy.folder / "conventional.ipynb").read_text(encoding="utf-8"))["cells"]
    notebook = "\n".join(cell["source"] for cell in cells)
    for text in (document, notebook):
        assert all(f'picture("{name}")' in text for name in FIGURES)
        assert "Venezuela voted for a president on" in text
    assert "{{<" not in document.split("specification(", 1)[1]


@pytest.mark.slow
def test_the_first_cell_draws_and_spells_what_the_report_does(small, monkeypatch):
    monkeypatch.chdir(small)
    from tools import conventional

    known = json.loads(Path("build/facts.json").read_text(encoding="utf-8"))["facts"]
    assert conventional.fact(bench.ROW) == known[bench.ROW]["texts"]["en"][""]
    for name in SMALL & FIGURES:
        folder = Path(f"build/figures/{name}/en")
        spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
        titled = {key: spec[key] for key in ("title", "description")}
        assert conventional.chart(name) | titled == spec, name
        told = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        caption = " ".join(told[part] for part in ("title", "subtitle", "note"))
        assert conventional.caption(name) == caption
    assert conventional.picture("toll").startswith("<svg")


def test_copies_of_figures_are_figures_that_the_report_shows(copy, monkeypatch):
    assert bench.more_figures(copy.folder, 3) == 3 * len(FIGURES)
    monkeypatch.chdir(copy.folder)
    assert len(steps.figures()) == 3 * len(FIGURES)
    assert sorted(one.figure for one in manuscript.shown(steps.figures())) == steps.figures()
    shown = bench.INCLUDE.findall(Path("report.qmd").read_text(encoding="utf-8"))
    assert set(steps.figures()) <= set(shown)
    shutil.rmtree(copy.folder)
