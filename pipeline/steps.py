"""The table of steps: from which files each makes which, and how they are run.

A step is fresh while the contents of all that it reads, and of all that it made, are those of its
last full run; dates decide nothing. What a step reads stands in `table` and nowhere else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path

from pipeline import children, fresh, report
from pipeline.charts.figure import FIGURES, NOT_FIGURES
from pipeline.charts.look import TOKENS
from pipeline.errors import Problem, Problems
from pipeline.programs import Engine
from pipeline.prose import manuscript
from pipeline.site import engines, parts
from pipeline.site.engines import DOCUMENTS
from pipeline.site.swap import OUTPUT

DATA, DRAWN, PAGES = map(Path, ("data", "build/figures", "build/pages"))
READY, FORMS = manuscript.READY, manuscript.FORMS
CHECKED, READABLE, SOUND = (Path(f"build/{name}.txt") for name in ("checked", "readable", "sound"))
FACTS = Path("build/facts.json")
PALETTE, SHEET = Path("build/palette.css"), Path("build/page.css")
LIBRARY = Path("build/cache-web/vega.js")
ROWS = ("rows.csv", "words.json")  # all that a chart sees
BESIDE = ("values.html", "wide.svg")  # what the prose names of a figure has to be there
PICTURES = (
    "wide.svg",
    "narrow.svg",
    "inline-wide.svg",
    "inline-narrow.svg",
    "full.svg",
    "full.png",
    "spec.json",
    "spec-narrow.json",
)
LISTS = [f"{name}.{form}" for name in ("sources-of-numbers", "corrections") for form in FORMS]
MACHINE = ("pipeline", "requirements/render.lock")  # every step is made by it
ABOUT = ("CITATION.cff", "_quarto.yml", "data/datapackage.json")  # the report as a work
# What all pages of figures are made of, beside their figure.
OF_PAGES = (
    READABLE,
    PALETTE,
    DATA / "sources.csv",
    "theme/words.yml",
    "theme/fonts",
    "theme/bare.html",
    "theme/figure.html",
    "theme/figure-head.html",
    "theme/figure-data.json",
    "theme/figure-index.html",
    "theme/figure.typ",
)
OF_VALUES = ("theme/values.html", "theme/words.yml")  # the tables below the figures
OF_LISTS = [f"theme/{name}.{form}" for name in ("appendix", "corrections") for form in FORMS]
INCLUDE = re.compile(r"\{\{<\s*include\s+build/include/\w+/([a-z0-9-]+)\.md\s*>\}\}")


@dataclass(frozen=True)
class Step:
    """One step: what it makes of what.

    inputs, products: files and folders; a folder stands for all files below it.
    also: what else decides, by name, for instance the engine.
    room: steps of one room run in a process of their own, which gives its memory back.
    """

    name: str
    run: Callable[[], object]
    inputs: tuple[str | Path, ...]
    products: tuple[str | Path, ...]
    also: Mapping[str, str] | None = None
    room: str = ""

    def reads(self) -> dict[str, str]:
        """Give the mark of all that decides what comes out: path or name → mark."""
        return fresh.digests(*MACHINE, *self.inputs) | dict(self.also or {})

    def why(self) -> str:
        """Say why the step has to run; "" if it is fresh."""
        past = fresh.recall(self.name)
        if not past:
            return "not made yet"
        changed = _differ(past["reads"], self.reads())
        if changed:
            return f"{_some(changed)} changed"
        lost = _differ(past["made"], fresh.digests(*self.products))
        return f"{_some(lost)} is not what was made" if lost else ""

    def feeds(self, other: Step) -> bool:
        """Tell whether another step reads something that this one makes."""
        made, read = ([Path(path) for path in paths] for paths in (self.products, other.inputs))
        return any(a == b or a in b.parents or b in a.parents for a in made for b in read)


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _some(names: list[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def make(steps: Iterable[Step], room: str = "") -> bool:
    """Run every step that is not fresh, in order.

    A step that fails stops those that read what it makes; all others still run, so that everything
    that is wrong is told at once.

    Args:
        steps: in such an order that no step reads what a later one makes.
        room: the room that this process is; steps of other rooms run in processes of theirs.

    Returns:
        Whether anything had to run.

    Raises:
        Problems: all that was found wrong.
    """
    failed: list[Step] = []
    problems: list[Problem] = []
    ran = False
    for place, group in groupby(steps, key=lambda step: step.room if step.room != room else ""):
        for part in [list(group)] if place else [[step] for step in group]:
            ready = [step for step in part if not any(one.feeds(step) for one in failed)]
            failed += [step for step in part if step not in ready]
            try:
                ran |= _apart(place, ready) if place else _here(ready)
            except Problems as found:
                problems += found.problems
                failed += [step for step in ready if step.why()]
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return ran


def _here(steps: list[Step]) -> bool:
    """Run steps in this process, and say what runs, why, and how long it took."""
    ran = False
    for step in steps:
        reason = step.why()
        if not reason:
            continue
        start = time.monotonic()
        print(f"{step.name:<20} {reason}", end=" ", flush=True)
        reads = step.reads()  # before it runs: what somebody changes meanwhile counts as changed
        fresh.forget(step.name)
        try:
            step.run()
        except BaseException:
            print("failed", flush=True)
            raise
        finally:
            fresh.look_again(*step.products)
        fresh.remember(step.name, reads=reads, made=fresh.digests(*step.products))
        print(f"{time.monotonic() - start:.1f} s", flush=True)
        ran = True
    return ran


def _apart(room: str, steps: list[Step]) -> bool:
    """Run the steps of a room in a process of their own, if one of them is not fresh."""
    if all(not step.why() for step in steps):
        return False
    try:
        children.python("pipeline.steps", room, *(step.name for step in steps))
    finally:
        fresh.look_again(*(product for step in steps for product in step.products))
    return True


def main(room: str, *names: str) -> None:
    """Run steps of a room, as the process that the room is."""
    make([step for step in table() if step.name in names], room)


def table(engine: Engine | None = None, requested: str = "", commit: str = "") -> list[Step]:
    """List all steps in order, from the check to the site.

    Args:
        engine: what sets the documents; None where they are not to be set.
        requested: the engine that was asked for: auto, quarto or pandoc.
        commit: the commit of the tree, as documents and manifest say it.
    """
    names = figures()
    day = {"the date of the edition": report.edition()["date"]}
    return [
        Step("check", check_tables, (DATA,), (CHECKED,)),
        Step("parts", check_parts, parts.READ, (READABLE,)),
        Step("codebook", check_codebook, (DATA,), (SOUND,)),
        *_drawing(names, day),
        *_documents(names, day, engine, requested, commit),
        *_pages(names, day),
        *_shared(),
        Step(
            "site",
            partial(later, "site.assemble", "site", PAGES, DOCUMENTS, FACTS, commit),
            (DOCUMENTS, PAGES, FACTS, DATA / "facts.schema.json", "requirements/render.in", *ABOUT),
            (OUTPUT,),
            day | {"the commit": commit},
        ),
    ]


def _drawing(names: list[str], day: dict[str, str]) -> list[Step]:
    """List the steps that compute and draw: facts, rows and words of all figures, each picture."""
    here = {name: DRAWN / name / "en" for name in names}
    rows = {name: tuple(here[name] / file for file in ROWS) for name in names}
    made = {name: (*rows[name], here[name] / "values.html") for name in names}
    facts = Step(
        "facts",
        partial(later, "charts.rows", "write"),
        (CHECKED, DATA, "analysis", FIGURES, TOKENS, *OF_VALUES, *ABOUT),
        (FACTS, *map(_include, names), *(path for paths in made.values() for path in paths)),
        day,
        "drawing",
    )
    look = (FIGURES / "style.py", TOKENS, "theme/fonts")
    styles = Step(
        "styles",
        partial(later, "charts.look", "write", PALETTE, SHEET),
        (TOKENS, "theme/fonts", "theme/page.css"),
        (PALETTE, SHEET),
    )
    pictures = [
        Step(
            f"draw {name}",
            partial(later, "charts.draw", "draw", name),
            (*rows[name], module(name), *look, "analysis"),
            tuple(here[name] / file for file in PICTURES),
            {},
            "drawing",
        )
        for name in names
    ]
    return [styles, facts, *pictures]


def _documents(
    names: list[str], day: dict[str, str], engine: Engine | None, requested: str, commit: str
) -> list[Step]:
    """List the steps that set the report: what stands beside the prose, then page and PDF."""
    prose = Step(
        "prose",
        partial(later, "prose.beside", "write", tuple(names), commit),
        (
            "report.qmd",
            "theme/words.yml",
            *OF_LISTS,
            FACTS,
            *ABOUT,
            DATA / "sources.csv",
            DATA / "corrections.csv",
            *map(_include, names),
            *(DRAWN / name / "en" / file for name in names for file in BESIDE),
        ),
        (
            READY,
            *(Path("build/include/en", name) for name in LISTS),
            "build/sources.json",
            "build/meta.yml",
        ),
        day | {"the commit": commit},
    )
    used = {"the engine": f"{requested} {engine}"}
    documents = Step(
        "documents",
        partial(later, "site.engines", "set_report", engine, requested, DOCUMENTS),
        (READY, *engines.READ, READABLE, *ABOUT),
        (DOCUMENTS,),
        day | used,
    )
    return [prose, documents]


def _pages(names: list[str], day: dict[str, str]) -> list[Step]:
    """List the steps that make the pages of figures, in the order of the report."""
    order = shown(names)
    listed = {"the order": " ".join(order)}
    folder = PAGES / "figures"
    steps = []
    for before, name, after in zip(["", *order], order, [*order[1:], ""], strict=False):
        titles = [DRAWN / other / "en/words.json" for other in (before, after) if other]
        steps.append(
            Step(
                f"page {name}",
                partial(later, "pages.figures", "write_page", folder / name, name, before, after),
                (DRAWN / name, module(name), *titles, *OF_PAGES, *ABOUT),
                (folder / name,),
                day | {"its neighbours": f"{before} {after}"},
                "pages",
            )
        )
    every = Step(
        "all figures",
        partial(later, "pages.figures", "write_index", folder, *order),
        (*(DRAWN / name for name in names), *OF_PAGES, *ABOUT),
        (folder / "index.html", folder / "index.json"),
        day | listed,
        "pages",
    )
    return [*steps, every]


def _shared() -> list[Step]:
    """List the steps that make what pages share, and the tables with their codebook."""
    folder = PAGES / "figures/shared"
    library = partial(later, "pages.figures", "write_library")
    share = partial(later, "pages.figures", "share", folder)
    tables = partial(later, "pages.data", "write_tables", PAGES / "data")
    look = ("theme", READABLE, PALETTE)
    return [
        Step("library", library, (), (LIBRARY,), {}, "pages"),
        Step("shared", share, (LIBRARY, *look), (folder,), {}, "pages"),
        Step(
            "tables",
            tables,
            (DATA, SOUND, "build/meta.yml", SHEET, engines.EXTENSION, *look, *ABOUT),
            (PAGES / "data",),
        ),
    ]


def _include(name: str) -> Path:
    return Path(f"build/include/en/{name}.md")


def later(module: str, function: str, *arguments: object) -> None:
    """Call a function of a module that is imported only now: what is not run costs nothing."""
    getattr(import_module(f"pipeline.{module}"), function)(*arguments)


def check_tables() -> None:
    """Check every table against the contract; raise all problems at once."""
    from pipeline.tables import check, contract

    problems, summary = check.examine(DATA)
    if problems:
        raise Problems(*problems)
    contract.remember(DATA)
    CHECKED.write_text(summary + "\n", encoding="utf-8")


def check_parts() -> None:
    """Check that every file that the site is set with can be read; raise all problems at once."""
    parts.check()
    READABLE.write_text("every file that the site is set with can be read\n", encoding="utf-8")


def check_codebook() -> None:
    """Check that the codebook can be published; raise all problems at once."""
    from pipeline.pages import data

    data.check()
    SOUND.write_text("the codebook can be published\n", encoding="utf-8")


def figures() -> list[str]:
    """List the figures by the names of their modules, in the order of the alphabet."""
    found = (path.stem for path in FIGURES.glob("*.py"))
    return sorted(name.replace("_", "-") for name in found if name not in NOT_FIGURES)


def shown(names: list[str]) -> list[str]:
    """Put figures into the order in which the report shows them, those it does not show last."""
    prose = Path("report.qmd")  # what is wrong with it, the step that reads it tells
    text = prose.read_text(encoding="utf-8", errors="replace") if prose.is_file() else ""
    order = INCLUDE.findall(text)
    known = dict.fromkeys(name for name in order if name in names)
    return [*known, *(name for name in names if name not in known)]


def module(name: str) -> Path:
    """Say where the module of a figure lies."""
    return FIGURES / f"{name.replace('-', '_')}.py"
