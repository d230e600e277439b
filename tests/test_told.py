"""Mistakes of people and refusals of machines are told in a line, and `_output/` is as it was."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import lock
from pipeline.site import manifest
from tests.conftest import ROOT, run_build
from tests.processes import running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workshop(project, tmp_path_factory):
    """A built copy of the project that these tests may harm; each mends what it spoils."""
    return shutil.copytree(project, tmp_path_factory.mktemp("told") / "project")


def build(workshop: Path) -> subprocess.CompletedProcess:
    return run_build(workshop, "pandoc")


def refused(done: subprocess.CompletedProcess, *expected: str) -> None:
    """Assert that a command failed without a traceback, saying this and that the site stays."""
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    for words in (*expected, "_output/ is as it was"):
        assert words in done.stderr, done.stderr


@pytest.fixture
def changed(workshop):
    """A function that changes a file of the project until the test has ended."""
    kept: dict[Path, str] = {}

    def change(name: str, old: str, new: str) -> None:
        path = workshop / name
        kept.setdefault(path, path.read_text(encoding="utf-8"))
        assert old in kept[path]
        path.write_text(kept[path].replace(old, new, 1), encoding="utf-8")

    yield change
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


ANALYSIS = "def facts("
FIGURE = "def data("


@pytest.mark.parametrize(
    ("file", "place", "mistake", "expected"),
    [
        (
            "analysis/oas.py",
            ANALYSIS,
            "1 / 0\n\n\ndef facts(",
            "ZeroDivisionError: division by zero",
        ),
        (
            "analysis/oas.py",
            ANALYSIS,
            "import nothing_of_that_name\n\n\ndef facts(",
            "ModuleNotFoundError: No module named",
        ),
        ("analysis/oas.py", ANALYSIS, "raise SystemExit(0)\n\n\ndef facts(", "SystemExit: 0"),
        ("analysis/oas.py", ANALYSIS, "def facts(:\n", "SyntaxError"),
        ("figures/toll.py", FIGURE, "raise SystemExit(0)\n\n\ndef data(", "SystemExit: 0"),
        ("figures/toll.py", FIGURE, "1 / 0\n\n\ndef data(", "ZeroDivisionError: division by zero"),
    ],
)
def test_an_error_in_an_analysis_or_a_figure_is_told_with_its_line(
    workshop, changed, file, place, mistake, expected
):
    line = (workshop / file).read_text(encoding="utf-8").split(place)[0].count("\n") + 1
    changed(file, place, mistake)
    refused(build(workshop), f"{file}:{line}: {expected}")
    assert manifest.intact(workshop / "_output")


@pytest.mark.parametrize("file", ["analysis/oas.py", "figures/toll.py"])
def test_a_figure_or_analysis_that_ends_the_process_is_a_failure(workshop, changed, file):
    changed(
        file, ANALYSIS if "analysis" in file else FIGURE, "import os\n\nos._exit(0)\n\n\ndef x("
    )
    refused(
        build(workshop),
        "got an end before the work was done (status 0); look for exit() in figures/ and analysis/",
    )
    assert manifest.intact(workshop / "_output")


BROKEN = {
    "report.qmd": [
        (lambda text: text.encode("utf-16"), "report.qmd:1: got UTF-16, expected UTF-8"),
        (
            lambda text: b"\xe1" + text.encode(),
            "report.qmd:1: character 1: got byte 0xe1, which is not UTF-8",
        ),
        (lambda text: b"", "report.qmd:1: got no header, expected title and author"),
    ],
    "_quarto.yml": [(lambda text: b"", "_quarto.yml:1: got nothing, expected keys and values")],
    "CITATION.cff": [
        (lambda text: b"", "CITATION.cff:1: got nothing, expected keys and values"),
        (lambda text: b"title: [\n", "CITATION.cff:2: got invalid YAML"),
        (
            lambda text: text.replace("CC-BY", "CC-XY").encode(),
            "CITATION.cff: license: got MIT, CC-XY-4.0, expected CC-BY-4.0",
        ),
    ],
    "theme/figure.html": [(lambda text: (text + "{% if %}").encode(), "got a broken template")],
    "theme/words.yml": [(lambda text: b"en:\n  a: b\n", "theme/words.yml: got no ")],
    "theme/report.typ": [
        (
            lambda text: (text + "#let x = (").encode(),
            "theme/report.typ:{}: Typst: unclosed delimiter".format(
                (ROOT / "theme/report.typ").read_text(encoding="utf-8").count("\n") + 1
            ),
        )
    ],
    "data/datapackage.json": [
        (
            lambda text: text.replace("2026-11-26T", "yesterday").encode(),
            "data/datapackage.json:7: created: got",
        )
    ],
}


@pytest.mark.parametrize(
    ("file", "spoil", "expected"),
    [(file, *case) for file, cases in BROKEN.items() for case in cases],
)
def test_a_broken_file_is_told_with_its_place(workshop, file, spoil, expected):
    path = workshop / file
    kept = path.read_bytes()
    path.write_bytes(spoil(kept.decode()))
    done = build(workshop)
    path.write_bytes(kept)
    refused(done, expected)
    assert manifest.intact(workshop / "_output")


SPECIAL = {
    "a link": (
        lambda path: path.symlink_to("elsewhere"),
        "got a link, expected a folder of this project's own",
    ),
    "a file": (lambda path: path.write_text("mine"), "got a file, expected a folder"),
}


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("name", ["_output", "build"])
def test_what_stands_in_the_place_of_a_folder_is_told_and_left_alone(workshop, name, kind):
    put, expected = SPECIAL[kind]
    (workshop / "elsewhere").mkdir(exist_ok=True)
    (workshop / name).rename(workshop / "kept")
    put(workshop / name)
    done = build(workshop)
    there = (workshop / name).is_symlink() or (workshop / name).read_text() == "mine"
    (workshop / name).unlink()
    (workshop / "kept").rename(workshop / name)
    refused(done, f"{name}: {expected}")
    assert there and not any((workshop / "elsewhere").iterdir())


def test_a_mounted_volume_is_told(workshop, monkeypatch):
    """Mounting is not allowed everywhere, so the system's answer is put in its mouth."""
    from pipeline.errors import Problems
    from pipeline.site import swap

    monkeypatch.chdir(workshop)
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "_output")
    with pytest.raises(
        Problems, match="_output: got a mounted volume, which cannot be exchanged whole"
    ):
        swap.check()


def test_a_build_folder_of_another_make_is_told(workshop, changed):
    changed("report.qmd", "## Methods", "Another sentence.\n\n## Methods")
    (workshop / "build/state").rename(workshop / "build/kept")
    (workshop / "build/state").write_text("mine")
    done = build(workshop)
    (workshop / "build/state").unlink()
    (workshop / "build/kept").rename(workshop / "build/state")
    refused(done, "build/state", "; free or open it and run again")


def test_when_nobody_reads_the_output_any_more_it_is_told_and_the_site_stays(workshop, changed):
    changed("report.qmd", "## Methods", "Another sentence still.\n\n## Methods")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "pipeline", "render", "--engine", "pandoc"]
    done = subprocess.run(command, cwd=workshop, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    refused(done, "render: stopped, since nobody reads its output any more")
    assert manifest.intact(workshop / "_output")


def limited() -> None:
    """Let a process write no file beyond a limit, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


def test_a_disk_without_room_is_told_by_whoever_meets_it_first(workshop, changed):
    changed("report.qmd", "## Methods", "A sentence for which there is no room.\n\n## Methods")
    command = [sys.executable, "-m", "pipeline", "render", "--engine", "pandoc"]
    done = subprocess.run(command, cwd=workshop, capture_output=True, text=True, preexec_fn=limited)
    refused(done)
    assert manifest.intact(workshop / "_output")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_build_that_is_stopped_leaves_no_program_running(workshop, changed, tmp_path, number):
    changed("report.qmd", "## Methods", f"A sentence before signal {number}.\n\n## Methods")
    quarto = tmp_path / "quarto"
    quarto.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo 1.10.99 && exit 0\nsleep 45 &\necho $! > '
        '"$SLEEPER"\nwait\n'
    )
    quarto.chmod(0o755)
    sleeper = tmp_path / "sleeper"
    told = {"QUARTO": str(quarto), "SLEEPER": str(sleeper)}
    command = [sys.executable, "-m", "pipeline", "render"]
    child = subprocess.Popen(
        command,
        cwd=workshop,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | told,
        # a run in the background of a script may ignore Ctrl-C, and would hand that on
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    while not (sleeper.exists() and sleeper.read_text().strip()):
        time.sleep(0.05)
        assert child.poll() is None
    child.send_signal(number)
    errors = child.communicate(timeout=20)[1]
    assert child.returncode == 130 and errors == "render: stopped; _output/ is as it was\n"
    time.sleep(0.2)
    assert int(sleeper.read_text()) not in running()
    assert manifest.intact(workshop / "_output")


def test_after_a_killed_build_the_next_waits_for_the_program_that_outlives_it(
    workshop, changed, tmp_path
):
    changed("report.qmd", "## Methods", "A sentence before the kill.\n\n## Methods")
    quarto, sleeper = tmp_path / "quarto", tmp_path / "sleeper"
    quarto.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo 1.10.99 && exit 0\necho $$ > "$SLEEPER"\nsleep 6\n'
    )
    quarto.chmod(0o755)
    told = os.environ | {"QUARTO": str(quarto), "SLEEPER": str(sleeper), lock.NO_WAIT: "1"}
    command = [sys.executable, "-m", "pipeline", "render"]
    child = subprocess.Popen(command, cwd=workshop, stdout=subprocess.DEVNULL, env=told)
    while not (sleeper.exists() and sleeper.read_text().strip()):
        time.sleep(0.05)
    child.kill()
    child.wait()
    refused(run_build(workshop, "pandoc", **{lock.NO_WAIT: "1"}), "another build is running")
    os.killpg(int(sleeper.read_text()), signal.SIGKILL)
    assert run_build(workshop, "pandoc").returncode == 0


def test_a_change_that_stopped_half_way_and_is_taken_back_leaves_nothing_behind(workshop, project):
    prose, theme = workshop / "report.qmd", workshop / "theme/report.typ"
    kept = prose.read_text(encoding="utf-8"), theme.read_text(encoding="utf-8")
    prose.write_text(
        kept[0].replace("## Methods", "This sentence goes again.\n\n## Methods", 1),
        encoding="utf-8",
    )
    theme.write_text(
        kept[1] + "\n#nothing-of-that-name\n", encoding="utf-8"
    )  # the page is made, the PDF is not
    refused(build(workshop), "Typst")
    prose.write_text(kept[0], encoding="utf-8")
    theme.write_text(kept[1], encoding="utf-8")
    shutil.rmtree(workshop / "_output")  # or there would be nothing to do
    assert run_build(workshop, "pandoc").returncode == 0
    assert manifest.digests(workshop / "_output") == manifest.digests(project / "_output")


def test_after_all_this_the_build_still_gives_the_same_site(workshop, project):
    assert run_build(workshop, "pandoc").returncode == 0
    assert manifest.digests(workshop / "_output") == manifest.digests(project / "_output")
