"""Measure the build, beside the conventional way of making the same report: `make bench`.

The measure is CPU time of all processes, since a machine that others use lies about the clock. The
conventional way is a notebook, written from the same prose, tables, analyses and figures: Quarto
executes it and sets page and PDF; where there is no Quarto, nbconvert makes the page alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pipeline import fresh, programs, steps
from pipeline.errors import Problems, stop, told
from pipeline.programs import Engine
from pipeline.site.swap import OUTPUT
from tools import environment

INCLUDE = re.compile(r"\{\{<\s*include\s+build/include/\w+/([a-z0-9-]+)\.md\s*>\}\}")
ROOT = Path(__file__).parent.parent
KINDS = ("full", "row", "sentence", "nothing")
AIMS = {  # ours / one full execution of the conventional way, in CPU time
    "pandoc": {"full": 0.7, "row": 0.25, "sentence": 0.12, "nothing": 0.01},
    "quarto": {"full": 1.0, "row": 0.6, "sentence": 0.45, "nothing": 0.01},
}
PEAK = 350  # MB of all processes of a build together, the most that is aimed at
PERIOD = 0.05  # seconds between two looks at the memory
NOT_COPIED = (".git", ".venv*", "build", "_output", "dist", "tests", "__pycache__")
NOTEBOOK, LOCKS = ".venv-bench", ["render", "bench"]
FIRST_CELL = Path("tools/conventional.py")
PLAIN = "conventional"  # what the conventional document is called
# A number that the chart two-counts draws and the prose prints, and on which no other rests.
ROW = "hinterlaces.exit_poll.maduro.share"
SENTENCE = "This is one sentence more."
# Claims of nobody that no chart draws; 5,000 rows are the most that the check lets a table have.
QUIET = "edison.sample"
GROWTH = (("figures", (1, 4, 10)), ("rows of claims", (1, 10, 20)))
RATIOS = ("engine", "change", "ours / whole", "aim", "ours / freeze")
HEADS = (*RATIOS, "our CPU", "our clock", "our peak", "whole CPU", "whole clock", "freeze CPU")
QUARTO_PROJECT = f"""project:
  render: [{PLAIN}.qmd]
  output-dir: made
execute: {{freeze: auto, daemon: false, echo: false}}
number-sections: true
bibliography: build/sources.json
csl: theme/report.csl
metadata-files: []
filters: []
format:
  html: {{embed-resources: true, toc: true, toc-depth: 2}}
  typst: {{papersize: a4, citeproc: true}}
"""
NOTES = f"""Ratios are of CPU: seconds of all processes. Peak: MB of all processes together, where
memory that they share counts once for each; aim: ≤ {PEAK}. Whole: one full execution, which is all
that the conventional way can do after any change. Freeze: its best case, Quarto's `freeze: auto`,
which looks at the document and not at the data. The conventional way draws each chart once, checks
nothing, and has no appendix of numbers, no corrections, no figure pages and no data files.
"""


@dataclass(frozen=True)
class Cost:
    """What a run took: CPU time and clock in seconds, the peak of its memory in MB (0: unknown)."""

    cpu: float
    clock: float
    peak: float


@dataclass(frozen=True)
class Way:
    """A way to make the report in a folder: full makes it anew, again makes what it holds stale.

    made: what a full build removes first; write: writes the document anew from the prose.
    """

    name: str
    folder: Path
    full: Sequence[str]
    again: Sequence[str]
    page: str
    made: tuple[str, ...]
    write: Callable[[Path], None] = lambda folder: None
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tried:
    """What a way took for each kind of change, and what is to be said of its truth, or ""."""

    costs: dict[str, Cost]
    truth: str


# --- Measuring


def measure(command: Sequence[str], folder: Path, more: dict[str, str]) -> Cost:
    """Run a program to its end and say what it and all that it started took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    peaks, over = [0.0], threading.Event()
    with (folder / "bench.log").open("w+") as log:
        child = subprocess.Popen(
            command, cwd=folder, env=os.environ | more, stdout=log, stderr=subprocess.STDOUT
        )
        watch = threading.Thread(target=look, args=(child.pid, peaks, over))
        watch.start()
        status, clock = child.wait(), time.monotonic() - start
        over.set()
        watch.join()
        if status:
            log.seek(0)
            end = " | ".join(log.read().strip().splitlines()[-5:])
            raise stop("bench", f"{' '.join(command)} ended with status {status}: {end}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, clock, max(peaks))


def look(pid: int, peaks: list[float], over: threading.Event) -> None:
    """Note the memory of a process and all below it, until they are over."""
    while not over.wait(PERIOD):
        peaks.append(memory(pid))


def memory(pid: int) -> float:
    """Add up the resident memory of a process and all below it, in MB (0 without /proc)."""
    above, pages = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            parent, *rest = (entry / "stat").read_text().rpartition(")")[2].split()[1:]
            above[int(entry.name)], pages[int(entry.name)] = int(parent), int(rest[19])
    family = {pid}
    while more := {one for one in above if above[one] in family} - family:
        family |= more
    return sum(pages.get(one, 0) for one in family) * resource.getpagesize() / 1e6


def tried(way: Way, kinds: Iterable[str], runs: int) -> Tried:
    """Make each kind of change a few times and measure what it takes; medians of the runs."""
    costs, truth = defaultdict(list), ""
    way.write(way.folder)
    if "full" not in kinds:
        measure(way.full, way.folder, way.environment)
    for _, kind in product(range(runs), kinds):
        new = change(way, kind)
        command = way.full if kind == "full" else way.again
        cost = measure(command, way.folder, way.environment)
        print(f"bench: {way.name}: {kind}: {cost.cpu:.1f} s of CPU", file=sys.stderr, flush=True)
        costs[kind].append(cost)
        if kind == "row" and "OLD" not in truth:
            shown = new in (way.folder / way.page).read_text(encoding="utf-8")
            shows = "shows the new one" if shown else "still shows the OLD one"
            truth = f"After a changed number, {way.name} {shows}."
    return Tried({kind: middle(found) for kind, found in costs.items()}, truth)


def middle(costs: Sequence[Cost]) -> Cost:
    """Take the median of each part."""
    return Cost(*(median(part) for part in zip(*map(astuple, costs), strict=True)))


# --- Changes


def change(way: Way, kind: str) -> str:
    """Change something anew; return the number that is now to be read, if it is one."""
    number = ""
    if kind == "full":
        for name in way.made:
            shutil.rmtree(way.folder / name, ignore_errors=True)
    elif kind == "row":
        number = change_row(way.folder)
    elif kind == "sentence":
        one_more = rf"\1 {SENTENCE}"
        replace(way.folder / "report.qmd", r"(?m)^(## .*\n\n[A-Z].*\.)$", one_more)
    way.write(way.folder)
    return number


def change_row(folder: Path) -> str:
    """Raise one number that is drawn by its last decimal; return how the report prints it.

    It counts on from what stands there, since a copy may have been changed before: a change to
    the number that is printed already would let a stale page pass for a true one.
    """
    path = folder / "data/claims.csv"
    row = rf"(?m)^({re.escape(ROW)},.*,)(\d+\.\d+),percent,"
    found = re.search(row, path.read_text(encoding="utf-8"))
    number = str(Decimal(found[2]) + Decimal("0.01")) if found else ""
    replace(path, row, rf"\g<1>{number},percent,")
    return f"{number}%"


def replace(path: Path, pattern: str, new: str) -> str:
    """Replace the first place in a file that a pattern fits; return what stands there now."""
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern, text)
    if not found:
        raise stop(path, f"nothing fits {pattern}", hint="choose what to change in tools/bench.py")
    made = found.expand(new)
    path.write_text(text[: found.start()] + made + text[found.end() :], encoding="utf-8")
    return made


def more_figures(folder: Path, factor: int) -> int:
    """Copy every figure under new names, and show each copy behind its original."""
    prose = folder / "report.qmd"
    shown = set(INCLUDE.findall(prose.read_text(encoding="utf-8")))
    copies = range(2, factor + 1)
    for name, number in product(shown, copies):
        for path in steps.pair(name):
            shutil.copyfile(folder / path, folder / path.with_stem(f"{path.stem}_copy_{number}"))

    def with_copies(include: re.Match) -> str:
        name, line = include[1], include[0]
        made = [line.replace(f"{name}.md", f"{name}-copy-{number}.md") for number in copies]
        return "\n\n".join([line, *made] if name in shown else [line])

    text = INCLUDE.sub(with_copies, prose.read_text(encoding="utf-8"))
    prose.write_text(text, encoding="utf-8")
    return len(shown) * factor


def more_rows(folder: Path, factor: int) -> int:
    """Repeat a quiet claim, each time by another claimant, and let the contract count the rows."""
    path, contract = folder / "data/claims.csv", folder / "data/datapackage.json"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    quiet = next(row for row in rows if row["id"] == QUIET)
    rows += [
        quiet | {"id": f"more.n{number}.sample", "claimant": f"Claimant {number}"}
        for number in range(len(rows) * (factor - 1))
    ]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, quiet, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["id"]))
    replace(contract, r'("path": "claims.csv"[\s\S]*?"rowCount": )\d+', rf"\g<1>{len(rows)}")
    return len(rows)


GROW = {"figures": more_figures, "rows of claims": more_rows}

# --- The two ways


def ours(engine: Engine, folder: Path) -> Way:
    """Set up our way, in a copy of the project."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    command = [sys.executable, "-m", "pipeline", "render", "--engine", engine.name]
    made = ("build", str(OUTPUT))
    named = {"QUARTO": engine.path} if engine.name == "quarto" else {}
    page = f"{OUTPUT}/report.html"
    return Way(str(engine), folder, command, command, page, made, environment=named)


def conventional(engine: Engine | None, python: str, built: Path, folder: Path) -> Way:
    """Set up the conventional way in a copy of a project that is built: it has its fonts, sources.

    engine: the Quarto that executes and sets it, or None for nbconvert.
    """
    shutil.copytree(built, folder, ignore=shutil.ignore_patterns("build", str(OUTPUT), "_ext*"))
    (folder / "build").mkdir()
    shutil.copyfile(built / "build/sources.json", folder / "build/sources.json")
    if engine is None:
        convert = [python, "-m", "nbconvert", "--execute", "--no-input", "--to", "html"]
        command = [*convert, f"{PLAIN}.ipynb"]
        name = "nbconvert, page alone without references and PDF"
        return Way(name, folder, command, command, f"{PLAIN}.html", (), write_notebook)
    (folder / "_quarto.yml").write_text(QUARTO_PROJECT, encoding="utf-8")
    again = [engine.path, "render"]  # of a project it obeys `freeze`, of a document it does not
    made = ("_freeze", ".quarto", "made")
    full, page = [*again, f"{PLAIN}.qmd"], f"made/{PLAIN}.html"
    own = {"QUARTO_PYTHON": python}
    return Way(f"notebook by {engine}", folder, full, again, page, made, write_document, own)


def passages(folder: Path) -> tuple[str, Iterator[tuple[str, str]]]:
    """Split the report into its header, and passages of prose with the figure behind each or ""."""
    _, header, body = (folder / "report.qmd").read_text(encoding="utf-8").split("---\n", 2)
    parts = [*INCLUDE.split(body), ""]
    return header, zip(parts[::2], parts[1::2], strict=True)


def first_cell() -> str:
    """Give the code that reads, computes and draws, without the line that a cell may not have."""
    code = (ROOT / FIRST_CELL).read_text(encoding="utf-8")
    return code.replace("from __future__ import annotations\n", "")


def write_document(folder: Path) -> None:
    """Write the report as a Quarto document with code: facts inline, figures in cells."""
    header, pairs = passages(folder)
    show = "from IPython.display import SVG"
    made = [f"---\n{header}jupyter: python3\n---\n\n```{{python}}\n{first_cell()}\n{show}\n```\n"]
    for prose, name in pairs:
        fact = r'`{python} fact("\1", "\2")`'
        made.append(re.sub(r"\{\{<\s*fact\s+(\S+)\s*(\w*)\s*>\}\}", fact, prose))
        if name:
            cell = f'```{{python}}\nSVG(picture("{name}"))\n```\n\n`{{python}} caption("{name}")`'
            made.append(f"::: {{#fig-{name}}}\n{cell}\n:::\n")
    (folder / f"{PLAIN}.qmd").write_text("\n".join(made), encoding="utf-8")


def write_notebook(folder: Path) -> None:
    """Write the report as a Jupyter notebook: passages with their facts, and figures, in cells."""
    show = "from IPython.display import SVG, Markdown, display"
    sources = [f"{first_cell()}\n{show}"]
    for text, name in passages(folder)[1]:
        sources.append(f"display(Markdown(prose({text!r})))")
        if name:
            sources.append(f'display(SVG(picture("{name}")), Markdown(caption("{name}")))')
    empty: dict = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"cell-{at}", "source": text} for at, text in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{PLAIN}.ipynb").write_text(json.dumps(book), encoding="utf-8")


def engines() -> list[Engine]:
    """List Pandoc and every Quarto that there is: all that $QUARTO names, or else the one found."""
    found, named = [programs.pandoc("always there")], os.environ.get("QUARTO", "")
    for path in named.split(os.pathsep):
        os.environ["QUARTO"] = path
        with suppress(Problems):  # it is not there, or too old
            found.append(programs.choose("quarto"))
    os.environ["QUARTO"] = named
    return list({engine.path: engine for engine in found}.values())


def notebook_python() -> str:
    """Make the environment of the notebook, unless it is there; "" and the reason if it cannot."""
    try:
        if not environment.ready(NOTEBOOK, LOCKS):
            environment.make(NOTEBOOK, LOCKS)
    except (environment.Failed, OSError) as failure:
        print(f"bench: ours alone, since there is no environment for the other way: {failure}")
        return ""
    return str(Path(environment.python(NOTEBOOK)).absolute())


# --- The table


def compare(kinds: Sequence[str], runs: int, desk: Path) -> tuple[list[list[str]], list[str]]:
    """Measure each engine beside the conventional way: rows of the table, and what is to be said.

    Pandoc stands beside the first Quarto, as it makes the same page and PDF, or else nbconvert.
    """
    rows, notes, others = [], [], {}
    python, every = notebook_python(), engines()
    for at, engine in enumerate(every):
        way = ours(engine, desk / f"ours-{at}")
        mine = tried(way, kinds, runs)
        beside = (engine if engine.name == "quarto" else None) or first_quarto(every)
        if python and beside not in others:
            other = conventional(beside, python, way.folder, desk / f"plain-{at}")
            others[beside] = tried(other, dict.fromkeys(["full", *kinds]), runs)
            notes.append(others[beside].truth)
        notes.append(mine.truth.replace(way.name, f"ours by {way.name}"))
        for kind in kinds:
            rows.append(row(way.name, kind, mine, others.get(beside), AIMS[engine.name][kind]))
    return rows, [note for note in notes if note]


def growth(
    runs: int, desk: Path, growing: Sequence[tuple] = GROWTH
) -> tuple[list[list[str]], list[str]]:
    """Measure reports with more figures and more rows, by Pandoc: rows of the table, and slopes."""
    rows, notes = [], []
    python, every = notebook_python(), engines()
    for what, factors in growing:
        sizes: list[tuple[int, Tried]] = []
        for factor in factors:
            way = ours(every[0], desk / f"{what}-{factor}")
            count = GROW[what](way.folder, factor)
            mine, other = tried(way, ("full", "row"), runs), None
            if python:
                place = desk / f"{what}-{factor}-plain"
                plain = conventional(first_quarto(every), python, way.folder, place)
                other = tried(plain, ("full",), runs)
            sizes.append((count, mine))
            for kind in mine.costs:
                rows.append(row(way.name, f"{kind}, {count:,} {what}", mine, other, kind=kind))
        (few, first), (many, last) = sizes[0], sizes[-1]
        for kind in first.costs:
            slope = (last.costs[kind].cpu - first.costs[kind].cpu) / (many - few)
            notes.append(f"Each further one of the {what}: {slope:.4f} s of CPU ({kind}, ours).")
    return rows, notes


def first_quarto(every: Iterable[Engine]) -> Engine | None:
    return next((engine for engine in every if engine.name == "quarto"), None)


def row(
    name: str, change: str, mine: Tried, other: Tried | None, aim: float | None = None, kind=""
) -> list[str]:
    """Write a row of the table: ours, beside one full execution and, where it is true, `freeze`."""
    kind = kind or change
    cost = mine.costs[kind]
    whole = other.costs["full"] if other else None
    frozen = other.costs.get(kind) if other and kind in ("sentence", "nothing") else None
    ratio = cost.cpu / whole.cpu if whole else None
    kept = "" if ratio is None else " missed" if aim and ratio > aim else " kept"
    best = cost.cpu / frozen.cpu if frozen else None
    others = [whole.cpu, whole.clock] if whole else [None, None]
    numbers = [best, cost.cpu, cost.clock, cost.peak, *others, frozen.cpu if frozen else None]
    return [name, change, spelled(ratio), f"≤ {aim}{kept}" if aim else "–", *map(spelled, numbers)]


def spelled(value: float | None) -> str:
    """Spell a number with about three figures."""
    return "–" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(rows: Iterable[list[str]]) -> str:
    """Write the table in Markdown, so that it can be read on a terminal too."""
    every = [HEADS, ["-" * len(head) for head in HEADS], *rows]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    return "".join(f"| {' | '.join(map(str.ljust, cells, widths))} |\n" for cells in every)


def main() -> None:
    """Measure what the command line asks for; print the table and keep it in build/bench.md."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the build.")
    parser.add_argument("--runs", type=int, default=3, help="how many runs to take medians of")
    parser.add_argument("--only", default=",".join((*KINDS, "growth")), help="some, by commas")
    parser.add_argument("--quick", action="store_true", help="one run, no growth")
    asked = parser.parse_args()
    wanted = asked.only.split(",")
    if unknown := set(wanted) - {*KINDS, "growth"}:
        parser.error(f"got {', '.join(unknown)}, expected some of {', '.join(KINDS)}, growth")
    runs = 1 if asked.quick else max(asked.runs, 1)
    rows: list[list[str]] = []
    notes: list[str] = []
    with TemporaryDirectory(prefix="two-counts-bench-") as desk:
        if kinds := [kind for kind in KINDS if kind in wanted]:
            rows, notes = compare(kinds, runs, Path(desk))
        if "growth" in wanted and not asked.quick:
            more, slopes = growth(runs, Path(desk))
            rows, notes = rows + more, notes + slopes
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end; runs: {runs}"
    text = "\n".join([table(rows), *(f"- {note}" for note in [*notes, load]), "", NOTES])
    fresh.prepare()
    (fresh.BUILD / "bench.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    sys.exit(told("bench", main))
