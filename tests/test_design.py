"""The house is as its plan draws it, and its code keeps the habits that it names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import steps
from tests.conftest import ROOT

PLAN = (ROOT / "docs/design.md").read_text(encoding="utf-8")
ROOMS_OF_CODE = ("analysis", "pipeline", "tools")
ROOMS = ("steps", "site", "pages", "charts", "prose", "facts", "tables")
IMPORT = re.compile(r"^\s*from pipeline(?:\.(\w+)(?:\.\w+)?)? import (.+)$", re.MULTILINE)
HABITS = {
    "layout": ["ruff", "format", "--check", "--quiet"],
    "lint": ["ruff", "check", "--quiet"],
    "types": ["mypy", "--no-error-summary"],
    "layers": ["lint-imports"],
}


def arrows() -> set[tuple[str, str]]:
    """List which room of the machine uses which, by the imports."""
    found = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        room = path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")
        for package, names in IMPORT.findall(path.read_text(encoding="utf-8")):
            found |= {(room, used) for used in ([package] if package else names.split(", "))}
    later = re.findall(r'\("(\w+)\.\w+", "', Path(ROOT / "pipeline/steps.py").read_text())
    found |= {("steps", room) for room in later}
    return {(a, b) for a, b in found if a != b and {a, b} <= {*ROOMS}}


def test_the_drawing_of_the_rooms_shows_the_imports():
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", PLAN, re.MULTILINE))
    assert drawn == arrows()


def test_the_plan_names_every_step_and_no_other(monkeypatch):
    monkeypatch.chdir(ROOT)
    section = PLAN.partition("## The steps")[2].partition("\n## ")[0]
    told = set(
        re.findall(r"`([a-z][a-z ]*?)(?: <figure>)?`(?=[^|]*\|[^|]*\|[^|]*\|$)", section, re.M)
    )
    named = {re.sub(r"^(draw|page) .*", r"\1", step.name) for step in steps.table()}
    assert told == named


@pytest.mark.parametrize("habit", HABITS)
def test_the_code_keeps_the_habits_of_the_house(habit):
    program, *arguments = HABITS[habit]
    command = [str(Path(sys.executable).parent / program), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def lines(name: str) -> int:
    """Count the lines of Python of a folder, or of a file."""
    path = ROOT / name
    found = path.rglob("*.py") if path.is_dir() else [path]
    return sum(len(one.read_text(encoding="utf-8").splitlines()) for one in found)


def test_no_room_is_larger_than_the_plan_says():
    told = re.findall(r"^\| `([a-z/._]+)` \| ([\d,]+) \| [\d,]+ \|$", PLAN, re.MULTILINE)
    assert len(told) == 3
    grown = {name: lines(name) for name, most in told if lines(name) > int(most.replace(",", ""))}
    assert grown == {}


def test_no_function_is_longer_than_forty_lines():
    longer = []
    for path in (path for room in ROOMS_OF_CODE for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40:
                longer.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert longer == []
