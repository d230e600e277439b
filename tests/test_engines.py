"""Quarto and Pandoc must give the same report, and both must keep what the theme promises."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import page as checker
import pytest
from lxml import html

from pipeline import engines, manifest
from pipeline.errors import Problems
from tests.conftest import copy_project, run_build

pytestmark = pytest.mark.xdist_group("engines")

SPACE = re.compile(r"\s+")


def plain(element) -> str:
    """The text of an element as a reader gets it."""
    return SPACE.sub(" ", "".join(element.itertext())).strip()


def contents(page: Path) -> dict[str, list]:
    """What two engines have to agree on: headings, text, numbers, links, alternative texts, references."""
    tree = html.parse(str(page), html.HTMLParser(encoding="utf-8"))
    main = tree.find(".//main")
    body = plain(main)
    return {
        "title": [tree.findtext(".//title"), plain(tree.find(".//header"))],
        "headings": [(h.tag, h.get("id"), plain(h)) for h in tree.iter("h1", "h2", "h3", "h4")],
        "contents": [(a.get("href"), plain(a)) for a in tree.iterfind(".//nav//a")],
        "text": body.split(" "),
        "numbers": re.findall(r"\d[\d.,]*", body),
        "captions": [plain(c) for c in tree.iter("figcaption")],
        "links": [(a.get("href"), plain(a)) for a in main.iter("a")],
        "anchors": [e.get("id") for e in main.iter() if e.get("id") and not e.get("id").startswith(("use-",))],
        "first uses": [e.get("id") for e in main.iter("a") if (e.get("id") or "").startswith("use-")],
        "alternative texts": [e.get("aria-label") for e in main.iter("svg")],
        "tables": [[plain(cell) for cell in row] for row in main.iter("tr")],
        "references": [(e.get("id"), plain(e)) for e in main.iterfind(".//ol[@class='references']/li")],
    }


def differences(one: Path, other: Path) -> list[str]:
    """List where two pages differ: the part, the place, and what each has there."""
    found = []
    first, second = contents(one), contents(other)
    for part, here in first.items():
        there = second[part]
        if len(here) != len(there):
            found.append(f"{part}: {len(here)} against {len(there)}")
        found += [f"{part} {i}: {a!r} against {b!r}" for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b][:3]
    return found


def pdf_words(pdf: Path) -> list[str]:
    """The words of a PDF in the order of its structure, page numbers and running heads left out."""
    done = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True)
    return sorted(re.sub(r"[\u00ad\u200b]|-\n", "", done.stdout).split())


@pytest.mark.slow
@pytest.mark.quarto
def test_both_engines_give_the_same_page(project, quarto_project):
    assert differences(project / "_output/report.html", quarto_project / "_output/report.html") == []


@pytest.mark.slow
@pytest.mark.quarto
def test_both_engines_give_the_same_words_in_print(project, quarto_project):
    one, other = (pdf_words(folder / "_output/report.pdf") for folder in (project, quarto_project))
    assert one == other


@pytest.mark.slow
@pytest.mark.quarto
def test_a_plain_quarto_render_works_after_the_figures_are_drawn(quarto_project, tmp_path):
    folder = shutil.copytree(quarto_project, tmp_path / "project")
    shutil.rmtree(folder / "build/quarto")
    done = subprocess.run([engines.choose("quarto").path, "render"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert differences(folder / "build/quarto/report.html", quarto_project / "build/quarto/report.html") == []


def is_accessible(pdf: Path) -> list[str]:
    """List the rules of PDF/UA-1 that a file breaks, by an independent checker."""
    return [str(failure) for failure in checker.validate_pdf(str(pdf), profile=checker.ValidationProfile.PDF_UA_1).failures]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def test_the_pdf_keeps_the_rules_of_accessibility(engine, request):
    folder = request.getfixturevalue("project" if engine == "pandoc" else "quarto_project")
    assert is_accessible(folder / "_output/report.pdf") == []


@pytest.mark.slow
def test_a_pdf_without_tags_breaks_the_rules_of_accessibility(project, tmp_path):
    import pikepdf

    with pikepdf.open(project / "_output/report.pdf") as document:
        del document.Root.StructTreeRoot
        document.save(tmp_path / "bad.pdf")
    assert is_accessible(tmp_path / "bad.pdf")


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_elsewhere(project, tmp_path, monkeypatch):
    for name, value in {"TZ": "America/Lima", "LC_ALL": "C", "PYTHONHASHSEED": "7"}.items():
        monkeypatch.setenv(name, value)
    folder = copy_project(tmp_path / "elsewhere")
    done = run_build(folder, "pandoc")
    assert done.returncode == 0, done.stderr
    assert manifest.digests(folder / "_output") == manifest.digests(project / "_output")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [("{{< fact roll.abrod >}}", 'no fact "roll.abrod"'), ("{{< video x.mp4 >}}", "video"), ("See @fig-nowhere.", "fig-nowhere")],
)
def test_pandoc_itself_stops_at_what_it_cannot_render(project, tmp_path, text, expected):
    folder = shutil.copytree(project, tmp_path / "project")
    source = folder / "report.qmd"
    source.write_text(source.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")
    code = "from pipeline import engines; engines.render(engines.choose('pandoc'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode and expected in done.stderr.splitlines()[-1]


@pytest.fixture
def no_quarto(monkeypatch, tmp_path):
    """A machine without Quarto, whose installer was refused."""
    monkeypatch.delenv("QUARTO", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/quarto.txt").write_text("not installed: the network refused\n")


def test_without_quarto_pandoc_is_taken_and_the_reason_told(no_quarto):
    engine = engines.choose("auto")
    assert (engine.name, engine.reason) == ("pandoc", "not installed: the network refused")


def test_quarto_asked_for_and_not_to_be_had_is_an_error_with_the_way_out(no_quarto):
    with pytest.raises(Problems, match="ENGINE=quarto: not installed: the network refused; install Quarto .*ENGINE=pandoc"):
        engines.choose("quarto")


@pytest.mark.parametrize(("says", "expected"), [("echo 1.4.550", "is version 1.4.550, too old"), ("exit 1", "does not run")])
def test_a_quarto_that_cannot_serve_is_refused_by_name(no_quarto, monkeypatch, tmp_path, says, expected):
    (tmp_path / "quarto").write_text(f"#!/bin/sh\n{says}\n")
    os.chmod(tmp_path / "quarto", 0o755)
    monkeypatch.setenv("QUARTO", str(tmp_path / "quarto"))
    assert expected in engines.choose("auto").reason
