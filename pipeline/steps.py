"""The table of steps: from which files each makes which, and how they are run.

A step is fresh while the contents of all that it reads, and of all that it made, are those of its
last full run; dates decide nothing. What a step reads stands in `table` and nowhere else.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path

from pipeline import children, fresh, report
from pipeline.charts.figure import FIGURES, NOT_FIGURES, words_of
from pipeline.charts.look import SHEETS, TOKENS
from pipeline.errors import Problem, Problems
from pipeline.programs import Engine
from pipeline.prose import manuscript
from pipeline.site import engines, parts
from pipeline.site.engines import DOCUMENTS
from pipeline.site.swap import OUTPUT

DATA, DRAWN, PAGES = map(Path, ("data", "build/figures", "build/pages"))
READY, FORMS = manuscript.READY, manuscript.FORMS
CHECKED, READABLE = Path("build/checked.txt"), Path("build/readable.txt")
FACTS, REBUILD = Path("build/facts.json"), Path("docs/rebuild.md")
PALETTE, SHEET = Path("build/palette.css"), Path("build/page.css")
FRAME = Path("build/frame")  # what stands around the text of report and codebook
ROWS = ("rows.csv", "words.json")  # all that a chart sees
BESIDE = (
    "values.html",
    "values.typ",
    "wide.svg",
)  # what the prose names of a figure has to be there
PICTURES = (
    "wide.svg",
    "narrow.svg",
    "inline-wide.svg",
    "inline-narrow.svg",
    "full.svg",
    "full.png",
    "card.png",
    "spec.json",
)
LISTS = [f"{name}.{form}" for name in ("sources-of-numbers", "corrections") for form in FORMS]
CITED = [f"build/pages/report.{form}" for form in ("bib", "ris", "csl.json")]
CITED += [f"build/include/en/{name}" for name in ("cite.html", "cite.typ", "citation-tags.html")]
MACHINE = ("pipeline", "requirements/render.lock")  # every step is made by it
ABOUT = ("CITATION.cff", "_quarto.yml", "data/datapackage.json")  # the report as a work
OF_PAGES = (READABLE, PALETTE, DATA / "sources.csv", "theme")  # of figures, beside their figure
OF_FRAME: list[str | Path] = [
    *("theme/words.yml", TOKENS, "theme/icon.svg", DATA),
    *(f"theme/{name}.html" for name in ("head", "header", "versions-line", "files")),
    *(f"theme/{name}-data.json" for name in ("report", "data", "shared")),
]
OF_SITE = (
    "theme/archive.html",
    "theme/words.yml",
    TOKENS,
    "theme/icon.svg",
    "requirements/render.in",
)
# the tables below the figures, and behind the report in print
OF_VALUES = (*(f"theme/values.{form}" for form in FORMS), "theme/words.yml")
OF_LISTS = [f"theme/{name}.{form}" for name in ("appendix", "corrections") for form in FORMS]


@dataclass(frozen=True)
class Step:
    """One step: what it makes of what.

    inputs, products: files and folders; a folder stands for all files below it.
    also: what else decides, by name, for instance the engine.
    apart: whether it is run in a process of its own, which gives its memory back.
    """

    name: str
    run: Callable[[], object]
    inputs: tuple[str | Path, ...]
    products: tuple[str | Path, ...]
    also: Mapping[str, str] | None = None
    apart: bool = False

    def reads(self) -> dict[str, str]:
        """Give the mark of all that decides what comes out: path or name → mark."""
        clock = {"the clock": os.environ.get(report.CLOCK, "")}
        return fresh.digests(*MACHINE, *self.inputs) | clock | dict(self.also or {})

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


@dataclass(frozen=True)
class Done:
    """What came of some steps: whether any ran, which failed, and all that was found wrong."""

    ran: bool = False
    failed: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()


def make(steps: Iterable[Step]) -> bool:
    """Run every step that is not fresh, in order; return whether any had to run.

    A step that fails stops those that read what it makes; all others still run, so that everything
    that is wrong is told at once.

    Args:
        steps: in such an order that no step reads what a later one makes.

    Raises:
        Problems: all that was found wrong.
    """
    done = Done()
    for apart, group in groupby(steps, key=lambda step: step.apart):
        some = list(group)
        work = partial(_run_all, some, done)
        if apart and any(step.why() for step in some):
            done = children.elsewhere(work)
            fresh.look_again()  # what the copy wrote, this process has not noticed
        else:
            done = work()
    if done.problems:
        raise Problems(*dict.fromkeys(done.problems))
    return done.ran


def _run_all(steps: list[Step], done: Done) -> Done:
    failed, problems, ran = list(done.failed), list(done.problems), done.ran
    for step in steps:
        if any(one.feeds(step) for one in failed):
            failed.append(step)
            continue
        try:
            ran |= _run(step)
        except Problems as found:
            problems += found.problems
            failed.append(step)
    return Done(ran, tuple(failed), tuple(problems))


def _run(step: Step) -> bool:
    """Run a step if it is not fresh, and say why it runs and how long it took."""
    reason = step.why()
    if not reason:
        return False
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
        fresh.look_again()
    fresh.remember(step.name, reads=reads, made=fresh.digests(*step.products))
    print(f"{time.monotonic() - start:.1f} s", flush=True)
    return True


def table(engine: Engine | None = None, requested: str = "", commit: str = "") -> list[Step]:
    """List all steps in order, from the check to the site.

    Args:
        engine: what sets the documents; None where they are not to be set.
        requested: the engine that was asked for: auto, quarto or pandoc.
        commit: the commit of the tree, as documents and manifest say it.
    """
    names = figures()
    return [
        Step("check", partial(noted, CHECKED, check_tables), (DATA,), (CHECKED,)),
        Step("parts", partial(noted, READABLE, parts.check), parts.READ, (READABLE,)),
        *_drawing(names),
        *_prose(names, commit),
        *_documents(names, engine, requested),
        *_pages(names),
        *_shared(),
        *_texts(),
        *_overviews(names),
        Step(
            "site",
            partial(later, "site.assemble", "site", PAGES, DOCUMENTS, FACTS, commit),
            (DOCUMENTS, PAGES, FACTS, DATA / "facts.schema.json", *OF_SITE, *ABOUT),
            (OUTPUT,),
            {"the commit": commit},
        ),
    ]


def _drawing(names: list[str]) -> list[Step]:
    """List the steps that compute and draw: facts, rows and words of all figures, each picture."""
    here = {name: DRAWN / name / "en" for name in names}
    rows = {name: tuple(here[name] / file for file in ROWS) for name in names}
    made = {
        name: (*rows[name], *(here[name] / f"values.{form}" for form in FORMS)) for name in names
    }
    facts = Step(
        "facts",
        partial(later, "charts.rows", "write"),
        (CHECKED, DATA, "analysis", FIGURES, TOKENS, *OF_VALUES, *ABOUT),
        (FACTS, *map(_include, names), *(path for paths in made.values() for path in paths)),
        apart=True,
    )
    look = (FIGURES / "style.py", TOKENS, "theme/fonts")
    styles = Step(
        "styles",
        partial(later, "charts.look", "write", PALETTE, SHEET),
        (TOKENS, "theme/fonts", *SHEETS),
        (PALETTE, SHEET),
    )
    pictures = [
        Step(
            f"draw {name}",
            partial(later, "charts.draw", "draw", name),
            (*rows[name], *pair(name), *look, "analysis"),
            tuple(here[name] / file for file in PICTURES),
            apart=True,
        )
        for name in names
    ]
    return [styles, facts, *pictures]


def _prose(names: list[str], commit: str) -> list[Step]:
    """List the steps that write what engines set: the citation, then the prose."""
    citation = Step(
        "citation",
        partial(later, "pages.work", "write", PAGES, Path("build/include/en")),
        ("theme", *ABOUT),
        (*map(Path, CITED),),
    )
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
            *CITED,
            *(DRAWN / name / "en" / file for name in names for file in BESIDE),
        ),
        (
            READY,
            *(Path("build/include/en", name) for name in LISTS),
            "build/sources.json",
            "build/meta.yml",
        ),
        {"the commit": commit},
    )
    return [citation, prose]


def _documents(names: list[str], engine: Engine | None, requested: str) -> list[Step]:
    """List the steps that set the report as page and PDF, and what pages have around them."""
    documents = Step(
        "documents",
        partial(later, "site.engines", "set_report", engine, requested, DOCUMENTS),
        (READY, *engines.READ, READABLE, *ABOUT),
        (DOCUMENTS,),
        {"the engine": f"{requested} {engine}"},
    )
    first = manuscript.shown(names)[0].figure
    frame = Step(
        "frame",
        partial(later, "pages.frame", "write", FRAME, first),
        (READY, DRAWN / first / "en/words.json", *OF_FRAME, *ABOUT),
        (FRAME,),
        {"the first figure": first},
    )
    return [frame, documents]


def _pages(names: list[str]) -> list[Step]:
    """List the steps that make the pages of figures, in the order of the report."""
    order = manuscript.shown(names)
    folder = PAGES / "figures"
    steps = []
    for before, here, after in zip([None, *order], order, [*order[1:], None], strict=False):
        name, beside = here.figure, [place for place in (before, after) if place]
        titles = [DRAWN / place.figure / "en/words.json" for place in beside]
        steps.append(
            Step(
                f"page {name}",
                partial(later, "pages.figures", "write_page", folder / name, here, before, after),
                (DRAWN / name, *pair(name), *titles, *OF_PAGES, *ABOUT),
                (folder / name,),
                {"its place": f"{before} {here} {after}"},
            )
        )
    every = Step(
        "all figures",
        partial(later, "pages.figures", "write_index", folder, *order),
        (*(DRAWN / name for name in names), *OF_PAGES, *ABOUT),
        (folder / "index.html",),
        {"the order": str(order)},
    )
    return [*steps, every]


def _shared() -> list[Step]:
    """List the step that makes what pages share."""
    folder = PAGES / "figures/shared"
    share = partial(later, "pages.figures", "share", folder)
    return [Step("shared", share, ("theme", READABLE, PALETTE), (folder,))]


def _texts() -> list[Step]:
    """List the steps that make the pages of text: codebook, versions, how to rebuild it all."""
    look = ("theme", READABLE, "build/meta.yml", SHEET, engines.EXTENSION, *ABOUT)
    frames = {
        name: [FRAME / f"{name}-{part}.html" for part in ("head", "header", "versions-line")]
        for name in ("data", "versions", "rebuild")
    }
    tables = partial(later, "pages.data", "write_tables", PAGES / "data")
    versions = partial(later, "pages.versions", "write", PAGES)
    return [
        Step(
            "tables",
            tables,
            (DATA, *frames["data"], FRAME / "data-files.html", *look),
            (PAGES / "data",),
        ),
        Step(
            "changes",
            versions,
            ("CHANGELOG.md", *frames["versions"], *look),
            (PAGES / "versions.html", PAGES / "feed.xml"),
        ),
        Step(
            "rebuild",
            partial(later, "pages.data", "write_text", REBUILD, PAGES / "rebuild"),
            (REBUILD, *frames["rebuild"], *look),
            (PAGES / "rebuild",),
        ),
    ]


def _overviews(names: list[str]) -> list[Step]:
    """List the steps that make the page of all states and bodies, and the front of all."""
    order = manuscript.shown(names)
    words = [DRAWN / name / "en/words.json" for name in names]
    first = DRAWN / order[0].figure / "en/words.json"
    return [
        Step(
            "states",
            partial(later, "pages.states", "write_page", PAGES / "states", order[0].figure),
            (CHECKED, DATA, "analysis", FACTS, first, *OF_PAGES, *ABOUT),
            (PAGES / "states",),
        ),
        Step(
            "front",
            partial(later, "pages.front", "write", PAGES / "index.html", DOCUMENTS, *order),
            (DOCUMENTS, DRAWN / order[0].figure, *words, *OF_PAGES, *ABOUT),
            (PAGES / "index.html",),
            {"the order": str(order)},
        ),
    ]


def _include(name: str) -> Path:
    return Path(f"build/include/en/{name}.md")


def later(module: str, function: str, *arguments: object) -> None:
    """Call a function of a module that is imported only now: what is not run costs nothing."""
    getattr(import_module(f"pipeline.{module}"), function)(*arguments)


def check_tables() -> str:
    """Check every table against the contract; raise all problems at once, or say what holds."""
    from pipeline.tables import check

    problems, summary = check.examine(DATA)
    if problems:
        raise Problems(*problems)
    return summary


def noted(note: Path, check: Callable[[], object]) -> None:
    """Run a check, and leave a note that it came to its end, which is what others read of it."""
    check()
    note.write_text("sound\n", encoding="utf-8")


def figures() -> list[str]:
    """List the figures by the names of their modules, in the order of the alphabet."""
    found = (path.stem for path in FIGURES.glob("*.py"))
    return sorted(name.replace("_", "-") for name in found if name not in NOT_FIGURES)


def pair(name: str) -> tuple[Path, Path]:
    """Say where the module of a figure and its words lie."""
    module = FIGURES / f"{name.replace('-', '_')}.py"
    return module, words_of(module)
