"""Mistakes of people and refusals of machines are told in a line, and `_output/` is as it was."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipeline import programs, report, theme
from pipeline.charts import figure
from pipeline.errors import Problems
from pipeline.facts import collect
from pipeline.prose import manuscript
from pipeline.site import engines, manifest, swap
from tests.conftest import run_build
from tests.processes import running


def build(workshop: Path) -> subprocess.CompletedProcess:
    return run_build(workshop, "pandoc")


def refused(done: subprocess.CompletedProcess, *expected: str) -> None:
    """Assert that a command failed without a traceback, saying this and that the site stays."""
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    for told in (*expected, "_output/ is as it was"):
        assert told in done.stderr, done.stderr


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


# The line at which a module breaks, and what is told of it.
MISTAKES = {
    "1 / 0": "ZeroDivisionError: division by zero",
    "import nothing_of_that_name": "ModuleNotFoundError: No module named",
    "raise SystemExit(0)": "SystemExit: 0",
    "def facts(:": "SyntaxError",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_error_in_an_analysis_is_told_with_its_line(mistake, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(collect, "ANALYSES", Path("of_a_test"))
    monkeypatch.delitem(sys.modules, "of_a_test.broken", raising=False)
    (tmp_path / "of_a_test").mkdir()
    (tmp_path / "of_a_test/broken.py").write_text(f"# A comment.\n\n{mistake}\n")
    with pytest.raises(Problems) as told:
        list(collect.analyses())
    assert str(told.value).startswith(f"of_a_test/broken.py:3: {MISTAKES[mistake]}")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_error_in_a_figure_is_told_with_its_line(mistake, tmp_path):
    (tmp_path / "broken.py").write_text(f"# A comment.\n\n{mistake}\n")
    with pytest.raises(Problems) as told:
        figure.load(tmp_path / "broken.py")
    assert str(told.value).startswith(f"{tmp_path}/broken.py:3: {MISTAKES[mistake]}")


@pytest.fixture
def apart(small, tmp_path):
    """A built copy of the short report for one test: what it spoils need not be made again."""
    return Path(shutil.copytree(small, tmp_path / "project"))


def test_a_figure_or_analysis_that_ends_the_process_is_a_failure():
    with pytest.raises(Problems) as told:
        programs.elsewhere(partial(os._exit, 0))
    assert str(told.value) == (
        "build: the build ended before the work was done (status 0); "
        "look for exit() in figures/ and analysis/"
    )


def test_what_another_process_gives_or_is_refused_comes_back(tmp_path):
    assert programs.elsewhere(partial(pow, 2, 3)) == 8
    with pytest.raises(IsADirectoryError):
        programs.elsewhere(tmp_path.read_text)


# What is spoiled, and how it is told. The first of each file goes through a whole build.
BROKEN = {
    "report.qmd": [
        (
            lambda text: b"\xe1" + text.encode(),
            "report.qmd:1: character 1: got byte 0xe1, which is not UTF-8",
        ),
        (lambda text: text.encode("utf-16"), "report.qmd:1: got UTF-16, expected UTF-8"),
    ],
    "_quarto.yml": [(lambda text: b"", "_quarto.yml:1: got nothing, expected keys and values")],
    "CITATION.cff": [
        (lambda text: b"", "CITATION.cff:1: got nothing, expected keys and values"),
        (lambda text: b"title: [\n", "CITATION.cff:2: got invalid YAML"),
        (
            lambda text: text.replace("CC-BY", "CC-XY").encode(),
            ": license: got a list, expected CC-BY-4.0, alone or among others",
        ),
    ],
    "theme/words.yml": [
        (lambda text: b"- a\n", "theme/words.yml:1: got "),
        (lambda text: re.sub(r"    skip: S.*\n", "", text).encode(), "words.yml: got no skip"),
        (lambda text: re.sub(r"    findings: .*\n", "", text).encode(), "yml: got no findings"),
    ],
}


@pytest.fixture
def spoiled(workshop):
    """A function that spoils a file of the project until the test has ended."""
    kept: dict[Path, bytes] = {}

    def spoil(name: str, act: Callable[[str], bytes]) -> None:
        path = workshop / name
        kept[path] = path.read_bytes()
        path.write_bytes(act(kept[path].decode()))

    yield spoil
    for path, content in kept.items():
        path.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "act", "expected"), [(file, *case) for file, cases in BROKEN.items() for case in cases]
)
def test_a_broken_file_is_told_with_its_place(workshop, spoiled, monkeypatch, file, act, expected):
    monkeypatch.chdir(workshop)
    spoiled(file, act)
    report.read.cache_clear()
    theme.words.cache_clear()
    with pytest.raises(Problems, match=re.escape(expected)):
        engines.check()
    report.read.cache_clear()
    theme.words.cache_clear()


@pytest.mark.slow
def test_all_broken_files_are_told_by_one_build(apart):
    for file, cases in BROKEN.items():
        path = apart / file
        path.write_bytes(cases[0][0](path.read_text(encoding="utf-8")))
    refused(build(apart), *(cases[0][1] for cases in BROKEN.values()))
    assert manifest.intact(apart / "_output")


@pytest.mark.slow
def test_a_contract_that_says_no_day_is_told_before_anything_runs(workshop, spoiled):
    spoiled("data/datapackage.json", lambda text: text.replace("2026-11-26T", "yesterday").encode())
    refused(build(workshop), "data/datapackage.json:7: created: got")
    assert manifest.intact(workshop / "_output")


def test_a_prose_without_a_header_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("report.qmd").write_text("")
    with pytest.raises(Problems, match=r"report\.qmd:1: got no header, expected title and author"):
        manuscript.check(Path("report.qmd"), {}, (), (), "en")


def test_words_that_are_missing_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("theme").mkdir()
    Path("theme/words.yml").write_text("en:\n  a: b\n")
    with pytest.raises(Problems, match=r"theme/words\.yml: got no pages of en, expected names"):
        theme.words.__wrapped__("pages", "en")


SPECIAL = {
    "a link": (
        lambda path: path.symlink_to("elsewhere"),
        "got a link, a file or a mounted volume, expected a folder",
    ),
    "a file": (
        lambda path: path.write_text("mine"),
        "got a link, a file or a mounted volume, expected a folder",
    ),
}


@pytest.mark.slow
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
    from pipeline.site import swap

    monkeypatch.chdir(workshop)
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "_output")
    with pytest.raises(
        Problems, match="_output: got a link, a file or a mounted volume, expected a folder"
    ):
        swap.check()


@pytest.mark.slow
def test_a_build_folder_of_another_make_is_told(workshop, changed):
    changed("report.qmd", "## Methods", "Another sentence.\n\n## Methods")
    (workshop / "build/state").rename(workshop / "build/kept")
    (workshop / "build/state").write_text("mine")
    done = build(workshop)
    (workshop / "build/state").unlink()
    (workshop / "build/kept").rename(workshop / "build/state")
    refused(done, "build/state", "; free or open it and run again")


@pytest.mark.slow
def test_when_nobody_reads_the_output_any_more_it_is_told_and_the_site_stays(workshop, changed):
    changed("report.qmd", "## Methods", "Another sentence still.\n\n## Methods")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "pipeline", "render", "--engine", "pandoc"]
    done = subprocess.run(command, cwd=workshop, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    refused(done, "render: stopped, since nobody reads its output any more")
    assert manifest.intact(workshop / "_output")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_build_that_is_stopped_leaves_no_program_running(workshop, tmp_path, number):
    """Another engine is something to do."""
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


@pytest.mark.slow
def test_after_a_killed_build_the_next_waits_for_the_program_that_outlives_it(workshop, tmp_path):
    quarto, sleeper = tmp_path / "quarto", tmp_path / "sleeper"
    quarto.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo 1.10.99 && exit 0\n'
        'echo $$ > "$SLEEPER"\nsleep 60\n'
    )
    quarto.chmod(0o755)
    told = os.environ | {"QUARTO": str(quarto), "SLEEPER": str(sleeper), swap.NO_WAIT: "1"}
    command = [sys.executable, "-m", "pipeline", "render"]
    child = subprocess.Popen(command, cwd=workshop, stdout=subprocess.DEVNULL, env=told)
    while not (sleeper.exists() and sleeper.read_text().strip()):
        time.sleep(0.05)
    child.kill()
    child.wait()
    refused(run_build(workshop, "pandoc", **{swap.NO_WAIT: "1"}), "another build is running")
    os.killpg(int(sleeper.read_text()), signal.SIGKILL)
    assert run_build(workshop, "pandoc").returncode == 0


ROOM = 250_000  # bytes: less than what the list of sources takes


def limited() -> None:
    """Let a process write no file beyond a limit, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


@pytest.mark.slow
def test_a_change_that_a_full_disk_stopped_half_way_and_that_is_taken_back_leaves_nothing_behind(
    workshop, changed, small
):
    """After all that happened above as well, the build still gives the same site."""
    prose = workshop / "report.qmd"
    kept = prose.read_text(encoding="utf-8")
    changed("report.qmd", "## Methods", "This sentence goes again.\n\n## Methods")
    command = [sys.executable, "-m", "pipeline", "render", "--engine", "pandoc"]
    done = subprocess.run(command, cwd=workshop, capture_output=True, text=True, preexec_fn=limited)
    refused(done)
    assert (workshop / "build/sources.json").stat().st_size == ROOM, "it is there, but cut off"
    assert manifest.intact(workshop / "_output")
    prose.write_text(kept, encoding="utf-8")
    shutil.rmtree(workshop / "_output")  # or there would be nothing to do
    assert run_build(workshop, "pandoc").returncode == 0
    assert manifest.digests(workshop / "_output") == manifest.digests(small / "_output")
