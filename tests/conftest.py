"""What all tests share: the machine's tools, a built report, and what a run says at its end."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

# Compiled once, not by each of the many programs that tests start, whatever a machine is set to.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).parent.parent
MAY_SKIP = "Quarto"  # the one tool that a closed network cannot give us
MISSING = {
    "quarto": "Quarto is not on this machine",
    "git": "no git on this machine",
    "loopback": "no network here, not even to this machine itself",
}


def quartos() -> list[str]:
    """List the Quartos to test with: all that $QUARTO names, else that of PATH or set-up."""
    named = [path for path in os.environ.get("QUARTO", "").split(os.pathsep) if path]
    others = [shutil.which("quarto"), ROOT / ".venv-quarto/bin/quarto"]
    there = [str(path) for path in named or others if path and Path(path).exists()]
    return there if named else there[:1]


QUARTOS = quartos()


def loopback() -> bool:
    """Tell whether a server of ours could be reached; some containers have not even that."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=2).close()
    except OSError:
        return False
    return True


HAS = {"quarto": bool(QUARTOS), "git": bool(shutil.which("git")), "loopback": loopback()}


# The longest files first, so that both workers end together. The first begins with building the
# long report; the next need none, so nobody waits for it.
FIRST = (
    "figure_browser",
    "set_up",
    "contract",
    "hostile_tables",
    "engines",
    "steps",
    "told",
    "page",
    "open_to_all",
    "marks_answer",
    "states",
    "whole_anywhere",
    "interrupted",
    "dist",
    "draw",
    "print",
    "citable_figures",
    "bench",
    "preview",
    "figures",
    "text_stays_text",
    "analysis",
)
LONG = {"project", "browser"}  # fixtures that take longer than the whole of the quick run


def place(item) -> int:
    """Say where in the order of files a test stands."""
    name = item.path.stem.removeprefix("test_")
    return FIRST.index(name) if name in FIRST else len(FIRST)


def pytest_collection_modifyitems(items):
    """Order the files, mark as slow what waits for a built project or a browser, and skip what
    needs a thing that this machine has not, saying so."""
    items.sort(key=place)
    for item in items:
        if LONG & set(item.fixturenames):
            item.add_marker("slow")
        for name, reason in MISSING.items():
            if item.get_closest_marker(name) and not HAS[name]:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """End with what was counted, and with every reason for which tests were skipped."""
    reports = [
        r for kind in ("passed", "failed", "skipped") for r in terminalreporter.stats.get(kind, [])
    ]
    told = Counter(
        value
        for r in reports
        for name, value in getattr(r, "user_properties", [])
        if name == "told"
    )
    for line in sorted(told):
        terminalreporter.write_line(line)
    reasons = Counter(reason(report) for report in terminalreporter.stats.get("skipped", []))
    for why, count in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped: {count} test{'s' * (count > 1)}: {why}")
    if not reasons:
        terminalreporter.write_line("skipped: none")


def reason(report) -> str:
    """Say why a test was skipped, without its place."""
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


def pytest_sessionfinish(session, exitstatus):
    """Where it runs as CI fail on any skip but the permitted one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None or exitstatus:
        return
    skips = [r for r in reporter.stats.get("skipped", []) if MAY_SKIP not in str(r.longrepr)]
    if skips:
        reporter.write_line(
            f"CI allows no skip but for Quarto: {', '.join(sorted(r.nodeid for r in skips))}",
            red=True,
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def tables():
    """Every table of the project, typed: name → DataFrame."""
    from pipeline.tables.read import load

    return load(ROOT / "data")


@pytest.fixture(scope="session")
def facts(tables):
    """Every fact of the report: name → Fact."""
    from pipeline.facts.collect import collect

    return collect(tables)


PARTS = (
    "analysis",
    "data",
    "figures",
    "pipeline",
    "theme",
    "tools",
    "_extensions",
    "requirements",
    "docs",
)
FILES = (
    "Makefile",
    "report.qmd",
    "_quarto.yml",
    "CITATION.cff",
    "CHANGELOG.md",
    "LICENSE",
    "LICENSE-text-and-data.md",
)


def copy_project(target: Path) -> Path:
    """Copy what a build reads, without what it made."""
    for part in PARTS:
        if (ROOT / part).exists():
            shutil.copytree(
                ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__")
            )
    for name in FILES:
        shutil.copyfile(ROOT / name, target / name)
    return target


def run_build(
    project: Path, engine: str, *options: str, **environment: str
) -> subprocess.CompletedProcess:
    """Run the build in a copy of the project, as `make render` does; options are for Python."""
    command = [sys.executable, *options, "-m", "pipeline", "render", "--engine", engine]
    return subprocess.run(
        command, cwd=project, capture_output=True, text=True, env=os.environ | environment
    )


# A report as any other, but short: what is tried on it again and again takes seconds.
GUIDED = "sheets-by-state"
SMALL = {"region", "toll", GUIDED}
PROSE = """
::: {.key-findings}
- The council announced {{< fact council.second.maduro.share >}} for Maduro (@sec-counts).
:::

## Counts {#sec-counts}

The council announced {{< fact council.first.maduro.votes >}} votes for Maduro [@efe.2023-10-18].
Who counted how many deaths stands in @fig-toll, where states stand in @fig-region,
how many sheets were published in @fig-sheets-by-state.

{{< include build/include/en/toll.md >}}

{{< include build/include/en/region.md >}}

{{< include build/include/en/sheets-by-state.md >}}

## Methods {#sec-methods}

| Count | Votes |
|:------|------:|
| Maduro | {{< fact council.second.maduro.votes >}} |

: What was announced {#tbl-announced}

@tbl-announced is short.

## Corrections {#sec-corrections}

::: {.made file="build/include/en/corrections"}
:::

## How to cite {#sec-cite}

Name the version.

## Where every number comes from {#sec-numbers}

::: {.made file="build/include/en/sources-of-numbers"}
:::

## References {#sec-references}

::: {#refs}
:::
"""

# It has a figure that the long one has not, the one that the guide shows.
GUIDE = ROOT / "docs/own-figure.md"


def shown(language: str) -> str:
    """The file of a language that the guide shows."""
    return re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)[1]


# And it differs from the long one in a number, in words of a figure, and in its look; and it has
# an address at which it is published.
BASE = "https://example.org/report"
CHANGED = (
    ("data/claims.csv", "deaths counted,28,", "deaths counted,29,"),
    ("figures/toll.yml", "People killed, by who counted", "Persons killed, by who counted"),
    ("theme/page.css", "--measure", "--measured"),
    ("_quarto.yml", "  reviewed:", "  #"),  # it has no such table
    ("_quarto.yml", 'base-url: ""', f'base-url: "{BASE}"'),
)


def shorten(folder: Path) -> Path:
    """Leave two figures in a copy of the project and add one, leave a short prose under the same
    header, and change something of every kind."""
    for path in folder.glob("figures/[!_]*.*"):
        if path.stem.replace("_", "-") not in SMALL | {"style"}:
            path.unlink()
    for end, language in (("py", "python"), ("yml", "yaml")):
        new = folder / f"figures/{GUIDED.replace('-', '_')}.{end}"
        new.write_text(shown(language), encoding="utf-8")
    report = folder / "report.qmd"
    header = report.read_text(encoding="utf-8").split("\n---\n")[0]
    report.write_text(f"{header}\n---\n{PROSE}", encoding="utf-8")
    for file, old, new in CHANGED:
        change(folder / file, old, new)
    return folder


def change(path: Path, old: str, new: str) -> None:
    """Change a text once, which has to be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def shared(tmp_path_factory, name: str):
    """A folder that all workers of a run share; yields it and whether it has still to be filled."""
    root = tmp_path_factory.getbasetemp()
    if os.environ.get(
        "PYTEST_XDIST_WORKER"
    ):  # each worker has a folder of its own below that of the run
        root = root.parent
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = root / name
        yield folder, not folder.exists()


def built_once(tmp_path_factory, name: str, prepare, engine: str = "pandoc", **environment) -> Path:
    """Prepare a folder and build it, once for all workers; tests leave it as it is."""
    with shared(tmp_path_factory, name) as (folder, empty):
        if empty:
            prepare(folder)
            done = run_build(folder, engine, **environment)
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A copy of the project, built by Pandoc."""
    if os.environ.get("BUILT"):  # `make accept` reads what was just built
        return Path(os.environ["BUILT"]).resolve()
    return built_once(tmp_path_factory, "pandoc-project", copy_project)


@pytest.fixture(scope="session")
def small(project, tmp_path_factory):
    """A short report, built by Pandoc after the long one."""
    return built_once(
        tmp_path_factory,
        "small-project",
        lambda folder: shorten(shutil.copytree(project, folder)),
    )


@pytest.fixture(scope="session")
def hostile(small, tmp_path_factory):
    """The short report with hostile texts in its tables and its header, built by Pandoc."""
    from tests.hostile import plant

    return built_once(
        tmp_path_factory, "hostile-project", lambda folder: plant(shutil.copytree(small, folder))
    )


@pytest.fixture(scope="module")
def workshop(small, tmp_path_factory):
    """A built copy of the short report that tests may harm; each mends what it spoils."""
    return Path(shutil.copytree(small, tmp_path_factory.mktemp("workshop") / "project"))


def name_of(path: str) -> str:
    """Name an engine by its path, for the list of tests and for folders."""
    return path.replace("/", "-").strip("-")


@pytest.fixture(scope="session", params=QUARTOS or ["none"], ids=name_of)
def quarto(request):
    """Each Quarto to test with, by its path."""
    return request.param


@pytest.fixture(scope="session")
def quarto_project(quarto, project, tmp_path_factory):
    """The same project built by a Quarto."""
    return built_by(quarto, project, tmp_path_factory)


BUILDERS = [
    "pandoc",
    *(pytest.param(path, marks=pytest.mark.quarto) for path in QUARTOS or ["none"]),
]


@pytest.fixture(scope="session", params=BUILDERS, ids=name_of)
def built(request, project, tmp_path_factory):
    """The project built by each engine there is: (what to build it again with, its folder)."""
    if request.param == "pandoc":
        return ("pandoc", {}), project
    return ("quarto", {"QUARTO": request.param}), built_by(request.param, project, tmp_path_factory)


def built_by(path: str, project: Path, tmp_path_factory) -> Path:
    """Build a copy of the project by a Quarto."""
    return built_once(
        tmp_path_factory,
        f"project-{name_of(path)}",
        partial(shutil.copytree, project),
        "quarto",
        QUARTO=path,
    )


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
        started = playwright.chromium.launch(
            executable_path=find(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()
