"""A build is right by construction: what a step reads decides whether it runs, and nothing else
does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import fresh, report, steps
from pipeline.errors import Problems, stop
from pipeline.steps import Step
from tests.conftest import CHANGED, ROOT, change, copy_project, shorten


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty project, in which steps copy files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline").mkdir()
    fresh.prepare()
    fresh.look_again()
    return tmp_path


def copying(name: str, source: str, target: str, ran: list[str]) -> Step:
    """A step that copies a file, noting that it ran; a source that holds "bad" is a mistake."""

    def run() -> None:
        ran.append(name)
        text = Path(source).read_text()
        if "bad" in text:
            raise stop(source, "got something bad", line=1)
        Path(target).write_text(text)

    return Step(name, run, (source,), (target,))


@pytest.fixture
def chain(folder):
    """Three steps of which the second reads what the first makes: (make them, what ran)."""
    ran: list[str] = []
    for name in ("a", "z"):
        (folder / name).write_text(name)
    every = [
        copying("first", "a", "b", ran),
        copying("second", "b", "c", ran),
        copying("other", "z", "y", ran),
    ]

    def build() -> list[str]:
        ran.clear()
        fresh.look_again()
        steps.make(every)
        return list(ran)

    build.steps, build.ran = every, ran
    assert build() == ["first", "second", "other"]
    return build


def test_nothing_runs_twice_for_the_same_contents(chain, folder):
    assert chain() == []
    (folder / "a").write_text("a")
    assert chain() == [], "a new date is no change"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda folder: (folder / "a").write_text("new"), ["first", "second"]),
        (lambda folder: (folder / "z").write_text("new"), ["other"]),
        (lambda folder: (folder / "b").write_text("by hand"), ["first"]),
        (lambda folder: (folder / "c").unlink(), ["second"]),
        (lambda folder: (folder / "pipeline/x.py").write_text("new"), ["first", "second", "other"]),
        (lambda folder: (folder / "build/state/second.json").write_text("{"), ["second"]),
    ],
)
def test_a_change_runs_what_depends_on_it_and_its_undoing_too(chain, folder, change, expected):
    change(folder)
    assert chain() == expected
    assert chain() == []
    assert (folder / "c").read_text() == (folder / "a").read_text()


def test_it_is_said_what_runs_and_why(chain, folder, capsys):
    (folder / "a").write_text("new")
    (folder / "y").unlink()
    capsys.readouterr()
    chain()
    said = capsys.readouterr().out
    assert "first                a changed " in said
    assert "second               b changed " in said
    assert "other                y is not what was made " in said


def test_all_that_is_wrong_is_told_at_once_and_what_depends_on_it_waits(chain, folder):
    (folder / "a").write_text("bad")
    (folder / "z").write_text("bad")
    with pytest.raises(Problems) as found:
        chain()
    assert [problem.file for problem in found.value.problems] == ["a", "z"]
    assert chain.ran == ["first", "other"], "what reads b has to wait"
    (folder / "a").write_text("a")
    (folder / "z").write_text("z")
    assert chain() == ["first", "other"], "and c is still that of a"


def test_a_step_that_stops_half_way_runs_again(folder):
    (folder / "a").write_text("a")

    def half() -> None:
        Path("b").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        steps.make([Step("one", half, ("a",), ("b",))])
    assert Step("one", half, ("a",), ("b",)).why() == "not made yet"


def test_what_is_no_file_decides_as_well(folder):
    def one(engine: str) -> Step:
        return Step("one", lambda: None, (), (), {"the engine": engine})

    steps.make([one("1.9")])
    assert one("1.9").why() == "" and one("1.10").why() == "the engine changed"


# --- the table of this project


@pytest.fixture
def table(monkeypatch):
    monkeypatch.chdir(ROOT)
    fresh.look_again()
    return steps.table()


def test_no_step_reads_what_a_later_one_makes_and_no_two_make_the_same(table):
    for at, step in enumerate(table):
        assert not [later.name for later in table[at:] if later.feeds(step)], step.name
    made = [str(product) for step in table for product in step.products]
    assert len(made) == len(set(made))


def test_every_source_of_the_report_is_read_by_some_step(table):
    """Every file that a build could read: what is not for people, tools or tests alone."""
    read = {path for step in table for path in step.reads()}
    for path in fresh.files(
        *(name for name in ("analysis", "data", "figures", "pipeline", "theme", "_extensions"))
    ):
        assert str(path.relative_to(ROOT) if path.is_absolute() else path) in read
    assert {"report.qmd", "_quarto.yml", "CITATION.cff", "requirements/render.lock"} <= read


# Makes the project step by step. Each step works in a folder of its own that holds what it names
# and nothing else, and finds nothing in memory that another one has read.
ALONE = """
import functools, os, shutil, sys, tempfile
from pathlib import Path
root = Path.cwd()
from pipeline import errors, fresh, programs, steps

def forgotten():
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] in ("analysis", "figures"):
            del sys.modules[name]
        elif name.startswith("pipeline"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()

def copied(paths, here, there):
    for path in fresh.files(*(here / path for path in paths)):
        target = there / path.relative_to(here)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)

fresh.prepare()
every = steps.table(programs.pandoc("asked for"), "pandoc", "")
for step in every:
    folder = Path(tempfile.mkdtemp(dir=root.parent, prefix="step-"))
    copied([*steps.MACHINE, *step.inputs], root, folder)
    os.chdir(folder)
    fresh.prepare()
    forgotten()
    try:
        step.run()
    except BaseException as error:
        raise SystemExit(f"{step.name}: {type(error).__name__}: {error}")
    copied(step.products, folder, root)
    os.chdir(root)
"""
ELSEWHERE = {"TZ": "America/Lima", "LC_ALL": "C", "PYTHONHASHSEED": "7"}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The short report made from nothing, each step apart, in another folder, zone and language, by
    a Python without assertions: (its folder, what came of it)."""
    folder = shorten(copy_project(tmp_path_factory.mktemp("clean") / "project"))
    command = [sys.executable, "-O", "-c", ALONE]
    environment = os.environ | ELSEWHERE
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    return folder, done


@pytest.mark.slow
def test_a_step_needs_no_file_that_the_table_does_not_name(clean):
    """The short report has a step of every kind."""
    _, done = clean
    assert (done.returncode, done.stderr) == (0, "")


def content(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in fresh.files(site)}


@pytest.mark.slow
def test_a_build_after_changes_of_every_kind_gives_what_a_clean_one_gives_elsewhere(clean, small):
    """The short report was made of the long one; that a change taken back leaves nothing behind,
    test_told.py says."""
    folder, _ = clean
    assert content(small / "_output") == content(folder / "_output")


# --- changes


SOURCES = (
    "analysis",
    "data",
    "figures",
    "pipeline",
    "theme",
    "_extensions",
    "report.qmd",
    "_quarto.yml",
    "CITATION.cff",
)
LOCK = "requirements/render.lock"


def stale(engine: str = "pandoc") -> list[str]:
    """Name the steps that a build would run, in a project that was built."""
    from pipeline import programs

    fresh.look_again()
    every = steps.table(programs.choose(engine), engine, report.commit())
    return [step.name for step in every if step.why()]


@pytest.mark.slow
def test_a_change_of_a_source_makes_a_step_stale_and_its_undoing_none(workshop, monkeypatch):
    """A file of each kind; that all others are read as well, the table says."""
    monkeypatch.chdir(workshop)
    assert stale() == []
    unseen = []
    for path in [fresh.files(source)[-1] for source in (*SOURCES, LOCK)]:
        kept = path.read_bytes()
        path.write_bytes(kept + b"\n")
        if not stale():
            unseen.append(str(path))
        path.write_bytes(kept)
    assert unseen == []
    assert stale() == []


@pytest.mark.slow
def test_a_change_of_the_machine_makes_every_step_stale(workshop, monkeypatch):
    """The clock of the documents stands in a module that no list of a step's inputs would name."""
    monkeypatch.chdir(workshop)
    assert stale() == []
    module = workshop / "pipeline/report.py"
    good = module.read_text(encoding="utf-8")
    module.write_text(good.replace(".timestamp())", ".timestamp()) + 86400"), encoding="utf-8")
    found = stale()
    module.write_text(good, encoding="utf-8")
    assert found == [step.name for step in steps.table()]


NUMBER, WORDS, LOOK, *_ = (
    (file, new, old) for file, old, new in CHANGED
)  # back to the long report
CHANGES = {
    # what is changed: the change, steps that have to run first, steps that stay fresh whatever runs
    "a sentence": (
        ("report.qmd", "## Methods", "Another sentence.\n\n## Methods"),
        {"parts", "prose"},
        {"check", "facts", "draw toll", "page toll", "tables"},
    ),
    "a number": (
        NUMBER,
        {"check", "facts", "tables"},
        {"styles", "draw region", "page region"},
    ),
    "the words of a figure": (
        WORDS,
        {"facts", "draw toll", "page toll"},
        {"check", "draw region", "page region", "tables"},
    ),
    "the look of the page": (
        LOOK,
        {"documents"},
        {"check", "facts", "draw toll", "prose"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_runs_what_stands_on_it_and_nothing_else(kind, workshop, monkeypatch):
    monkeypatch.chdir(workshop)
    (file, old, new), first, untouched = CHANGES[kind]
    kept = Path(file).read_bytes()
    change(Path(file), old, new)
    found = set(stale())
    Path(file).write_bytes(kept)
    assert first <= found
    assert not untouched & found
