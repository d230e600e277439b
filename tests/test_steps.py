"""A build is right by construction: what a step reads decides whether it runs, and nothing else
does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import fresh, report, steps
from pipeline.errors import Problems, stop
from pipeline.steps import Step
from tests.conftest import ROOT, copy_project, run_build


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty project, in which steps copy files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline").mkdir()
    fresh.prepare()
    fresh.look_again(".")
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
        fresh.look_again(".")
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


SPY = """
import json, os, sys
from pathlib import Path
root = Path.cwd()
opened = {}
now = [None]

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)) and now[0]:
        path = Path(os.fsdecode(arguments[0]))
        path = path if path.is_absolute() else root / path
        if path.is_relative_to(root) and path.is_file():
            opened[now[0]].add(str(path.relative_to(root)))

sys.addaudithook(hook)
from pipeline import children, errors, fresh, steps
from pipeline import programs
fresh.prepare()
real = steps._here

def here(steps_):
    for step in steps_:
        now[0] = step.name
        opened.setdefault(step.name, set())
        step.run()
        now[0] = None
    return True

steps._here = here
steps._apart = lambda room, steps_: here(steps_)
every = steps.table(programs.pandoc("asked for"), "pandoc", "")
allowed = {s.name: sorted(map(str, (*s.inputs, *s.products, *steps.MACHINE))) for s in every}
steps.make(every)
Path(sys.argv[1]).write_text(json.dumps([allowed, {k: sorted(v) for k, v in opened.items()}]))
"""
# What steps keep for themselves, and what they only find by its name.
OWN = ("build/state", "build/pandoc", "build/next", ".venv")


@pytest.mark.slow
def test_no_step_opens_a_file_that_the_table_does_not_name(project, tmp_path):
    folder = copy_project(tmp_path / "project")
    report = tmp_path / "opened.json"
    done = subprocess.run(
        [sys.executable, "-c", SPY, str(report)], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    allowed, opened = json.loads(report.read_text())
    unnamed = {
        name: odd
        for name, paths in opened.items()
        if (odd := [path for path in paths if not within(path, (*allowed[name], *OWN))])
    }
    assert unnamed == {}
    assert "data/claims.csv" in opened["facts"] and "build/facts.json" in opened["prose"], (
        "the spy sees"
    )


def within(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)


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


@pytest.fixture(scope="module")
def workshop(project, tmp_path_factory):
    """A built copy of the project that these tests may change; each takes back what it changes."""
    return Path(shutil.copytree(project, tmp_path_factory.mktemp("steps") / "project"))


def stale(engine: str = "pandoc") -> list[str]:
    """Name the steps that a build would run, in a project that was built."""
    from pipeline import programs

    fresh.look_again(".")
    every = steps.table(programs.choose(engine), engine, report.commit())
    return [step.name for step in every if step.why()]


@pytest.mark.slow
def test_a_change_of_any_source_makes_a_step_stale_and_its_undoing_none(workshop, monkeypatch):
    monkeypatch.chdir(workshop)
    assert stale() == []
    unseen = []
    for path in fresh.files(*SOURCES, LOCK):
        kept = path.read_bytes()
        if path.name == steps.CONTRACT:
            path.write_bytes(kept.replace(b'"title"', b'"title" ', 1))  # it has to stay JSON
        else:
            path.write_bytes(kept + b"\n")
        if not stale():
            unseen.append(str(path))
        path.write_bytes(kept)
    assert unseen == []
    assert stale() == []


def changed(file: str, old: str, new: str):
    """A change of a text: what it does to the project."""

    def change() -> None:
        path = Path(file)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


FIRST = {"check", "parts"}  # they read nearly everything and cost little
CHANGES = {
    # what is changed: the change, steps that have to run first, steps that stay fresh whatever runs
    "a sentence": (
        changed("report.qmd", "## Methods", "Another sentence.\n\n## Methods"),
        {"prose", "documents"},
        {"check", "facts", "draw toll", "page toll", "tables"},
    ),
    "a number": (
        changed("data/claims.csv", "deaths counted,28,", "deaths counted,29,"),
        {"check", "facts", "tables"},
        {"palette", "draw world", "page world"},
    ),
    "the words of a figure": (
        changed("figures/toll.py", "Persons, by who counted", "People, by who counted"),
        {"facts", "draw toll", "page toll"},
        {"check", "draw world", "page world", "tables"},
    ),
    "the look of the page": (
        changed("theme/page.css", "--measure", "--measured"),
        {"documents"},
        {"check", "facts", "draw toll", "prose"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_runs_what_stands_on_it_and_nothing_else(change, workshop, monkeypatch):
    monkeypatch.chdir(workshop)
    act, first, untouched = CHANGES[change]
    kept = {path: path.read_bytes() for path in fresh.files(*SOURCES)}
    act()
    found = set(stale())
    for path, content in kept.items():
        path.write_bytes(content)
    assert first <= found
    assert not untouched & found


def content(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in fresh.files(site)}


@pytest.mark.slow
def test_a_build_after_changes_gives_what_a_clean_one_gives_and_so_does_their_undoing(
    workshop, project, tmp_path, monkeypatch
):
    monkeypatch.chdir(workshop)
    kept = {path: path.read_bytes() for path in fresh.files(*SOURCES)}
    for act, *_ in CHANGES.values():
        act()
    assert run_build(workshop, "pandoc").returncode == 0
    away = shutil.ignore_patterns("build", "_output", "__pycache__")
    clean = Path(shutil.copytree(workshop, tmp_path / "clean", ignore=away))
    assert run_build(clean, "pandoc").returncode == 0
    assert content(workshop / "_output") == content(clean / "_output")
    for path, text in kept.items():
        path.write_bytes(text)
    assert run_build(workshop, "pandoc").returncode == 0
    assert (
        content(workshop / "_output") == content(project / "_output") != content(clean / "_output")
    )
