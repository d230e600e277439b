"""What all tests share: the machine's tools, a built report, and what the run says of itself at its end."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
QUARTO = os.environ.get("QUARTO") or shutil.which("quarto") or (str(p) if (p := ROOT / ".venv/bin/quarto").exists() else None)
MAY_SKIP = "Quarto"  # the one tool that a closed network cannot give us


def pytest_collection_modifyitems(items):
    """Skip what needs Quarto where there is none, and say so."""
    for item in items:
        if item.get_closest_marker("quarto") and not QUARTO:
            item.add_marker(pytest.mark.skip(reason="Quarto is not on this machine"))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    """Tell what was counted, and where it runs as CI fail on any skip but the permitted one."""
    reports = [r for kind in ("passed", "failed", "skipped") for r in terminalreporter.stats.get(kind, [])]
    told = Counter(value for r in reports for name, value in getattr(r, "user_properties", []) if name == "told")
    for line in sorted(told):
        terminalreporter.write_line(line)


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None or exitstatus:
        return
    skips = [r for r in reporter.stats.get("skipped", []) if MAY_SKIP not in str(r.longrepr)]
    if skips:
        reporter.write_line(f"CI allows no skip but for Quarto: {', '.join(sorted(r.nodeid for r in skips))}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def tables():
    """Every table of the project, typed: name → DataFrame."""
    from pipeline.tables import load

    return load(ROOT / "data")


@pytest.fixture(scope="session")
def facts(tables):
    """Every fact of the report: name → Fact."""
    from pipeline.facts import collect

    return collect(tables)


PARTS = ("analysis", "data", "figures", "pipeline", "theme", "_extensions", "requirements", "docs")
FILES = ("report.qmd", "_quarto.yml", "CITATION.cff", "CHANGELOG.md", "LICENSE", "LICENSE-text-and-data.md")


def copy_project(target: Path) -> Path:
    """Copy what a build reads, without what it made."""
    for part in PARTS:
        if (ROOT / part).exists():
            shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copyfile(ROOT / name, target / name)
    return target


def run_build(project: Path, engine: str) -> subprocess.CompletedProcess:
    """Run the build in a copy of the project, as `make render` does."""
    command = [sys.executable, "-m", "pipeline", "render", "--engine", engine]
    return subprocess.run(command, cwd=project, capture_output=True, text=True)


@contextmanager
def shared(tmp_path_factory, name: str):
    """A folder that all workers of a run share; yields it and whether it has still to be filled."""
    root = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):  # each worker has a folder of its own below that of the run
        root = root.parent
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = root / name
        yield folder, not folder.exists()


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A copy of the project, built once by Pandoc; tests read it and leave it as it is."""
    with shared(tmp_path_factory, "pandoc-project") as (folder, empty):
        if empty:
            copy_project(folder)
            done = run_build(folder, "pandoc")
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def quarto_project(project, tmp_path_factory):
    """The same project built by Quarto."""
    with shared(tmp_path_factory, "quarto-project") as (folder, empty):
        if empty:
            shutil.copytree(project, folder)
            done = run_build(folder, "quarto")
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def site(project):
    """The site that readers get."""
    return project / "_output"


@pytest.fixture(scope="session")
def browser():
    """A real Chromium, started once a worker; pages made from it see no network."""
    from playwright.sync_api import sync_playwright

    from tests.browser import find

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield started
        started.close()
