"""Quarto and Pandoc must give the same report, and both must keep what the theme promises."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import page as checker
import pytest
from lxml import html

from pipeline import programs
from pipeline.errors import Problems
from pipeline.site import engines, manifest
from tests.conftest import ROOT, run_build
from tests.pdf import text

SPACE = re.compile(r"\s+")


def plain(element) -> str:
    """The text of an element as a reader gets it."""
    return SPACE.sub(" ", "".join(element.itertext())).strip()


def contents(page: Path) -> dict[str, list]:
    """What two engines have to agree on: headings, text, numbers, links, alternative texts,
    references."""
    tree = html.parse(str(page), html.HTMLParser(encoding="utf-8"))
    main = tree.find(".//main")
    body = " ".join(" ".join(main.itertext()).split())  # cells and items stand apart
    return {
        "title": [tree.findtext(".//title"), plain(tree.find(".//header"))],
        "headings": [(h.tag, h.get("id"), plain(h)) for h in tree.iter("h1", "h2", "h3", "h4")],
        "contents": [(a.get("href"), plain(a)) for a in tree.iterfind(".//nav//a")],
        "text": body.split(" "),
        "numbers": re.findall(r"\d[\d.,]*", body),
        "captions": [plain(c) for c in tree.iter("figcaption")],
        "links": [(a.get("href"), plain(a)) for a in main.iter("a")],
        "anchors": [
            e.get("id")
            for e in main.iter()
            if e.get("id") and not e.get("id").startswith(("use-",))
        ],
        # a plain `quarto render` comes to some of them in another order
        "first uses": sorted(
            e.get("id") for e in main.iter("a") if (e.get("id") or "").startswith("use-")
        ),
        "alternative texts": [e.get("aria-label") for e in main.iter("svg")],
        "tables": [[plain(cell) for cell in row] for row in main.iter("tr")],
        "references": [
            (e.get("id"), plain(e)) for e in main.iterfind(".//ol[@class='references']/li")
        ],
    }


def differences(one: Path, other: Path) -> list[str]:
    """List where two pages differ: the part, the place, and what each has there."""
    found = []
    first, second = contents(one), contents(other)
    for part, here in first.items():
        there = second[part]
        if len(here) != len(there):
            found.append(f"{part}: {len(here)} against {len(there)}")
        found += [
            f"{part} {i}: {a!r} against {b!r}"
            for i, (a, b) in enumerate(zip(here, there, strict=False))
            if a != b
        ][:3]
    return found


def pdf_words(pdf: Path) -> list[str]:
    """The words of a PDF in the order of its structure, page numbers and running heads left out."""
    return sorted(text(pdf).split())


@pytest.mark.slow
@pytest.mark.quarto
def test_both_engines_give_the_same_page(project, quarto_project):
    assert (
        differences(project / "_output/report.html", quarto_project / "_output/report.html") == []
    )


@pytest.mark.slow
@pytest.mark.quarto
def test_both_engines_give_the_same_words_in_print(project, quarto_project):
    one, other = (pdf_words(folder / "_output/report.pdf") for folder in (project, quarto_project))
    assert one == other


@pytest.mark.slow
@pytest.mark.quarto
def test_quarto_leaves_nothing_beside_the_sources(project, quarto_project):
    left = {path.name for path in quarto_project.iterdir()} - {
        path.name for path in project.iterdir()
    }
    assert left == set()


STANDARDS = (checker.ValidationProfile.PDF_UA_1, checker.ValidationProfile.PDF_A_2A)


def breaks(pdf: Path, standards: tuple = STANDARDS) -> list[str]:
    """List the rules of accessibility and of archives that a file breaks, by another's checker.

    It takes a stream that ends with a carriage return for shorter than it is: left out.
    """
    found = [checker.validate_pdf(str(pdf), profile=standard) for standard in standards]
    told = [str(failure) for one in found for failure in one.failures]
    return [failure for failure in told if "STREAM-LENGTH" not in failure]


@pytest.mark.slow
def test_the_pdf_keeps_the_rules_of_accessibility_and_of_archives(built):
    _, folder = built
    assert breaks(folder / "_output/report.pdf") == []


@pytest.mark.slow
def test_a_pdf_without_tags_breaks_the_rules_of_accessibility(project, tmp_path):
    import pikepdf

    with pikepdf.open(project / "_output/figures/toll/toll.pdf") as document:
        del document.Root.StructTreeRoot
        document.save(tmp_path / "bad.pdf")
    assert breaks(tmp_path / "bad.pdf")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See @fig-nowhere.", "fig-nowhere"),
        (
            '::: {.made file="/etc/passwd"}\n:::',
            "/etc/passwd.html: only files below build/ may be read",
        ),
        ("![](/etc/passwd){fig-alt=x}", "/etc/passwd: only files below build/figures/ may be read"),
    ],
)
def test_pandoc_itself_stops_at_what_it_cannot_render(small, tmp_path, monkeypatch, text, expected):
    folder = Path(shutil.copytree(small, tmp_path / "project"))
    source = folder / "build/report.qmd"
    source.write_text(source.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(Problems) as stopped:
        engines.render(programs.choose("pandoc"))
    assert expected in str(stopped.value)


@pytest.fixture(scope="module")
def by_pandoc(hostile):
    """The documents of a report that holds marks wherever it can, by a build."""
    return hostile / engines.DOCUMENTS


@pytest.fixture(scope="module")
def by_plain_quarto(quarto, hostile, tmp_path_factory):
    """The same by a plain `quarto render`, after the figures are drawn."""
    folder = shutil.copytree(hostile, tmp_path_factory.mktemp("plain") / "project")
    for command in ([sys.executable, "-m", "pipeline", "figures"], [quarto, "render"]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder / "build/quarto"


@pytest.mark.slow
@pytest.mark.quarto
def test_a_plain_quarto_render_works_after_the_figures_are_drawn(by_plain_quarto, by_pandoc):
    assert differences(by_plain_quarto / "report.html", by_pandoc / "report.html") == []
    assert pdf_words(by_plain_quarto / "report.pdf") == pdf_words(by_pandoc / "report.pdf")


def prints_its_marks(documents: Path) -> bool:
    """Tell whether page and PDF have title and authors as they were typed."""
    import pikepdf

    tree = html.parse(str(documents / "report.html"), html.HTMLParser(encoding="utf-8"))
    with pikepdf.open(documents / "report.pdf") as document:
        authors = str(document.docinfo["/Author"])
    heading = plain(tree.find(".//h1"))
    return (
        heading == "= A “quoted” \\ #title"
        and heading in " ".join(text(documents / "report.pdf").split())
        and authors == "Bo “B” #1, C \\ D"
    )


@pytest.mark.slow
def test_titles_and_authors_print_whatever_marks_they_hold(by_pandoc):
    assert prints_its_marks(by_pandoc)


@pytest.mark.slow
@pytest.mark.quarto
def test_titles_and_authors_print_whatever_marks_they_hold_by_quarto_too(by_plain_quarto):
    assert prints_its_marks(by_plain_quarto)


@pytest.fixture
def no_quarto(monkeypatch, tmp_path):
    """A machine without Quarto, whose installer was refused."""
    monkeypatch.delenv("QUARTO", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/quarto.txt").write_text("not installed: the network refused\n")


def test_without_quarto_pandoc_is_taken_and_the_reason_told(no_quarto):
    engine = programs.choose("auto")
    assert (engine.name, engine.reason) == ("pandoc", "not installed: the network refused")


def test_quarto_asked_for_and_not_to_be_had_is_an_error_with_the_way_out(no_quarto):
    with pytest.raises(
        Problems,
        match=r"ENGINE=quarto: not installed: the network refused; install Quarto .*ENGINE=pandoc",
    ):
        programs.choose("quarto")


@pytest.mark.parametrize(
    ("says", "expected"),
    [("echo 1.9.38", "is version 1.9.38, too old"), ("exit 1", "does not run")],
)
def test_a_quarto_that_cannot_serve_is_refused_by_name(
    no_quarto, monkeypatch, tmp_path, says, expected
):
    (tmp_path / "quarto").write_text(f"#!/bin/sh\n{says}\n")
    os.chmod(tmp_path / "quarto", 0o755)
    monkeypatch.setenv("QUARTO", str(tmp_path / "quarto"))
    assert expected in programs.choose("auto").reason


def test_of_several_quartos_named_the_first_that_serves_is_taken(no_quarto, monkeypatch, tmp_path):
    for name, version in {"old": "1.4.550", "good": "1.10.1", "newer": "1.11.1"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        os.chmod(tmp_path / name, 0o755)
    named = [str(tmp_path / name) for name in ("missing", "old", "good", "newer")]
    monkeypatch.setenv("QUARTO", os.pathsep.join(named))
    assert programs.choose("auto") == programs.Engine(
        "quarto", "1.10.1", str(tmp_path / "good"), "named by $QUARTO"
    )


# What Quartos really printed when they stopped, cut short: version → (output, what the build says
# of it)
STOPPED = {
    "1.10.18": (
        "pandoc \n  to: typst\nmetadata\n  title: Two counts\n  abstract: |\n    An error of a "
        "long abstract.\n  \n"
        "Error running filter /q/share/filters/main.lua:\nFile  not found in resource "
        "path\nstack traceback:\n\t/x.lua:243: in upvalue 'cite'\n",
        "Quarto 1.10.18 stopped: File  not found in resource path",
    ),
    "1.9.38": (
        "metadata\n  title: Two counts\nError running filter /p/_extensions/report/report.lua:\n"
        "/p/_extensions/report/report.lua:33: build/facts.json is missing; make it with `make "
        "figures`\nstack traceback:\n\t[C]: in ?\n",
        "Quarto 1.9.38 stopped: build/facts.json is missing; make it with `make figures`",
    ),
    "1.11.0": (
        (
            "ERROR: NotFound: No such file or directory (os error 2)\n\nStack trace:\n    at "
            "file:///q/bin/quarto.js:1:1\n"
        ),
        "NotFound: No such file",
    ),
    "1.9.1": ("", "Quarto 1.9.1 stopped: it gave no reason"),
}


@pytest.mark.parametrize("version", STOPPED)
def test_of_what_quarto_printed_the_telling_line_is_told(version):
    printed, expected = STOPPED[version]
    (problem,) = programs.failure(Path("report.qmd"), f"Quarto {version}", printed).problems
    assert expected in problem.message and "abstract" not in problem.message


def test_the_pinned_quarto_was_run_with_this_report():
    with (ROOT / "requirements/quarto-tried.csv").open(encoding="utf-8", newline="") as handle:
        tried = {row["version"] for row in csv.DictReader(handle)}
    pinned = re.findall(
        r"^quarto-cli==([\d.]+)",
        (ROOT / "requirements/quarto.lock").read_text(encoding="utf-8"),
        re.M,
    )
    assert len(pinned) == 1 and set(pinned) <= tried


@pytest.fixture
def stopping(tmp_path):
    """A Quarto that says its version and then stops for a reason of its own."""
    program = tmp_path / "quarto"
    program.write_text(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 1.10.99 && exit 0\necho 'ERROR: it broke' "
        ">&2\ntouch report.html\nexit 3\n"
    )
    program.chmod(0o755)
    return str(program)


@pytest.mark.slow
def test_where_quarto_stops_the_report_is_set_all_the_same_and_it_is_said(
    small, tmp_path, stopping
):
    folder = shutil.copytree(small, tmp_path / "project")
    done = run_build(folder, "auto", QUARTO=stopping)
    assert done.returncode == 0, done.stderr
    assert (
        len(
            [
                row
                for row in done.stdout.splitlines()
                if "Quarto 1.10.99 stopped: ERROR: it broke; all it said is in" in row
            ]
        )
        == 1
    )
    assert not (folder / "report.html").exists()
    recorded = json.loads((folder / "_output/manifest.json").read_text(encoding="utf-8"))["engine"]
    assert recorded["name"] == "pandoc" and recorded["instead_of"] == "Quarto 1.10.99"
    assert manifest.digests(folder / "_output") == manifest.digests(small / "_output")
    again = run_build(folder, "auto", QUARTO=stopping)
    assert "nothing to do (Pandoc" in again.stdout


@pytest.mark.slow
def test_quarto_asked_for_fails_with_its_reason_in_one_line(small, tmp_path, stopping):
    folder = Path(shutil.copytree(small, tmp_path / "project"))
    done = run_build(folder, "quarto", QUARTO=stopping)
    assert done.returncode == 1 and manifest.intact(folder / "_output")
    assert (
        done.stderr.splitlines()[0]
        == "report.qmd: Quarto 1.10.99 stopped: ERROR: it broke; all it said is in build/quarto.log"
    )
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.slow
def test_a_writers_mistake_is_not_masked_by_the_other_engine(
    small, tmp_path, stopping, monkeypatch
):
    folder = Path(shutil.copytree(small, tmp_path / "project"))
    with (folder / "build/report.qmd").open("a", encoding="utf-8") as source:
        source.write("\nSee @fig-nowhere.\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("QUARTO", stopping)
    with pytest.raises(Problems, match="fig-nowhere"):
        engines.set_report(programs.choose("auto"), "auto", engines.DOCUMENTS)


@pytest.mark.slow
def test_nothing_of_one_machine_is_recorded(project):
    recorded = (project / "_output/manifest.json").read_text(encoding="utf-8")
    assert set(json.loads(recorded)["engine"]) == {"name", "version"}
    assert str(project) not in recorded and "asked for" not in recorded
