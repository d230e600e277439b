"""The table of steps: from which files each makes which, and how they are run.

A step is fresh while the contents of all that it reads, and of all that it made, are those of its
last full run; dates decide nothing. What a step reads stands in `table` and nowhere else.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline import fresh, programs, report
from pipeline.charts.figure import FIGURES, NOT_FIGURES
from pipeline.errors import Problem, Problems
from pipeline.programs import Engine
from pipeline.prose import manuscript
from pipeline.prose.manuscript import Place
from pipeline.site import engines
from pipeline.site.engines import DOCUMENTS
from pipeline.site.swap import OUTPUT
from pipeline.theme import SHEETS, TOKENS

DATA, DRAWN, PAGES = map(Path, ("data", "build/figures", "build/pages"))
READY, FORMS = manuscript.READY, manuscript.FORMS
CHECKED, READABLE = Path("build/checked.txt"), Path("build/readable.txt")
FACTS, REBUILD = Path("build/facts.json"), Path("docs/rebuild.md")
PALETTE, SHEET, META = map(Path, ("build/palette.css", "build/page.css", "build/meta.yml"))
FRAME = Path("build/frame")  # what stands around the text of report and codebook
INCLUDES = Path("build/include/en")
ROWS = ("rows.csv", "words.json")  # all that a chart sees
VALUES = [f"values.{form}" for form in FORMS]  # links below figures; tables behind the report
PICTURES = (
    "wide.svg narrow.svg inline-wide.svg inline-narrow.svg full.svg full.png card.png".split()
)
LISTS = [f"{name}.{form}" for name in ("sources-of-numbers", "corrections") for form in FORMS]
CITED = [PAGES / f"report.{form}" for form in ("bib", "ris", "csl.json")]
CITED += [INCLUDES / name for name in ("cite.html", "cite.typ", "citation-tags.html")]
MACHINE = ("pipeline", "requirements/render.lock")  # every step is made by it
ABOUT = ("CITATION.cff", "_quarto.yml", DATA / "datapackage.json")  # the report as a work
OF_PAGES = (READABLE, PALETTE, DATA / "sources.csv", "theme", *ABOUT)  # beside their figure
OF_LISTS = [f"theme/{name}.{form}" for name in ("appendix", "corrections") for form in FORMS]
WORDS, RECIPE = "theme/words.yml", "requirements/render.in"


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

    def feeds(self, other: "Step") -> bool:
        """Tell whether another step reads something that this one makes."""
        made, read = ([Path(path) for path in paths] for paths in (self.products, other.inputs))
        return any(a == b or a in b.parents or b in a.parents for a in made for b in read)


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _some(names: list[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


# What came of some steps: whether any ran, which failed, and all that was found wrong.
Done = tuple[bool, list[Step], list[Problem]]


def make(steps: Iterable[Step]) -> bool:
    """Run every step that is not fresh, in order; return whether any had to run.

    A step that fails stops those that read what it makes; all others still run, so that everything
    that is wrong is told at once, as Problems. No step reads what a later one makes.
    """
    done: Done = (False, [], [])
    for apart, group in groupby(steps, key=lambda step: step.apart):
        some = list(group)
        work = partial(_run_all, some, done)
        if apart and any(step.why() for step in some):
            done = programs.elsewhere(work)
            fresh.look_again()  # what the copy wrote, this process has not noticed
        else:
            done = work()
    ran, _, problems = done
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return ran


def _run_all(steps: list[Step], done: Done) -> Done:
    ran, failed, problems = done
    for step in steps:
        if any(one.feeds(step) for one in failed):
            failed.append(step)
            continue
        try:
            ran |= _run(step)
        except Problems as found:
            problems += found.problems
            failed.append(step)
    return ran, failed, problems


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

    engine, requested: what sets the documents, None where they are not to be set; what was asked
    commit: of the tree, as documents and manifest say it
    """
    order = manuscript.shown(figures())
    return [
        Step("check", partial(noted, CHECKED, check_tables), (DATA,), (CHECKED,)),
        Step("parts", partial(noted, READABLE, engines.check), engines.PARTS, (READABLE,)),
        *_drawing(figures()),
        *_documents(figures(), order[0].figure, engine, requested, commit),
        *_pages(order),
        *_texts(),
        *_overviews(order),
        _step(
            "site",
            ("site.assemble", "site", PAGES, DOCUMENTS, FACTS, commit),
            (DOCUMENTS, PAGES, FACTS, DATA / "facts.schema.json", "theme", RECIPE, *ABOUT),
            (OUTPUT,),
            {"the commit": commit},
        ),
    ]


def _step(
    name: str,
    call: tuple[object, ...],
    inputs: Iterable[str | Path],
    products: Iterable[str | Path],
    also: Mapping[str, str] | None = None,
    apart: bool = False,
) -> Step:
    """Make a step that calls a function: (its module in `pipeline`, its name, what it is given)."""
    return Step(name, partial(later, *call), (*inputs,), (*products,), also, apart)


def _drawing(names: list[str]) -> list[Step]:
    """List the steps that compute and draw: facts, rows and words of all figures, each picture."""
    made = [DRAWN / name / "en" / file for name in names for file in (*ROWS, *VALUES)]
    made += [INCLUDES / f"{name}.md" for name in names]
    values = [f"theme/{file}" for file in VALUES]
    look = (FIGURES / "style.py", TOKENS, "theme/fonts", "analysis")
    return [
        _step(
            "styles",
            ("theme", "write_styles", PALETTE, SHEET),
            (TOKENS, "theme/fonts", *SHEETS),
            (PALETTE, SHEET),
        ),
        _step(
            "facts",
            ("charts.rows", "write"),
            (CHECKED, DATA, "analysis", FIGURES, TOKENS, *values, WORDS, *ABOUT),
            (FACTS, *made),
            apart=True,
        ),
        *(
            _step(
                f"draw {name}",
                ("charts.draw", "draw", name),
                (*(DRAWN / name / "en" / file for file in ROWS), *pair(name), *look),
                [DRAWN / name / "en" / file for file in (*PICTURES, "spec.json")],
                apart=True,
            )
            for name in names
        ),
    ]


def _documents(
    names: list[str], first: str, engine: Engine | None, requested: str, commit: str
) -> list[Step]:
    """List the steps that set the report: its citation, its prose, what is around it, both forms.

    first: the figure that the report shows first
    """
    named = [DRAWN / name / "en" / file for name in names for file in (*VALUES, "wide.svg")]
    named += [INCLUDES / f"{name}.md" for name in names]
    tables = [DATA / "sources.csv", DATA / "corrections.csv"]
    title = DRAWN / first / "en/words.json"
    return [
        _step("citation", ("pages.cite", "write", PAGES, INCLUDES), ("theme", *ABOUT), CITED),
        _step(
            "prose",
            ("prose.beside", "write", tuple(names), commit),
            ("report.qmd", WORDS, FACTS, *OF_LISTS, *tables, *named, *CITED, *ABOUT),
            (READY, META, "build/sources.json", *(INCLUDES / name for name in LISTS)),
            {"the commit": commit},
        ),
        _step(
            "frame",
            ("pages.texts", "write_frame", FRAME, first),
            (READY, title, "theme", DATA, *ABOUT),
            (FRAME,),
            {"the first figure": first},
        ),
        _step(
            "documents",
            ("site.engines", "set_report", engine, requested, DOCUMENTS),
            (READY, *engines.READ, READABLE, *ABOUT),
            (DOCUMENTS,),
            {"the engine": f"{requested} {engine}"},
        ),
    ]


def _pages(order: list[Place]) -> list[Step]:
    """List the steps that make the pages of figures, in the order of the report."""
    folder = PAGES / "figures"
    steps = []
    for before, here, after in zip([None, *order], order, [*order[1:], None], strict=False):
        name = here.figure
        titles = [DRAWN / one.figure / "en/words.json" for one in (before, after) if one]
        steps.append(
            _step(
                f"page {name}",
                ("pages.figures", "write_page", folder / name, here, before, after),
                (DRAWN / name, *pair(name), *titles, *OF_PAGES),
                (folder / name,),
                {"its place": f"{before} {here} {after}"},
            )
        )
    shared = folder / "shared"
    return [
        *steps,
        _step(
            "all figures",
            ("pages.figures", "write_index", folder, *order),
            (*(DRAWN / place.figure for place in order), *OF_PAGES),
            (folder / "index.html",),
            {"the order": str(order)},
        ),
        _step("shared", ("pages.figures", "share", shared), ("theme", PALETTE), (shared,)),
    ]


def _texts() -> list[Step]:
    """List the steps that make the pages of text: codebook, versions, how to rebuild it all."""
    look = ("theme", READABLE, META, SHEET, FRAME, engines.EXTENSION, *ABOUT)
    data, rebuild = PAGES / "data", PAGES / "rebuild"
    versions = (PAGES / "versions.html", PAGES / "feed.xml")
    return [
        _step("tables", ("pages.texts", "write_tables", data), (DATA, *look), (data,)),
        _step(
            "changes", ("pages.texts", "write_versions", PAGES), ("CHANGELOG.md", *look), versions
        ),
        _step(
            "rebuild",
            ("pages.texts", "write_text", REBUILD, rebuild),
            (REBUILD, *look),
            (rebuild,),
        ),
    ]


def _overviews(order: list[Place]) -> list[Step]:
    """List the steps that make the page of all states and bodies, and the front of all."""
    words = [DRAWN / place.figure / "en/words.json" for place in order]
    first, states, front = order[0].figure, PAGES / "states", PAGES / "index.html"
    return [
        _step(
            "states",
            ("pages.states", "write_page", states, first),
            (CHECKED, DATA, "analysis", FACTS, words[0], *OF_PAGES),
            (states,),
        ),
        _step(
            "front",
            ("pages.figures", "write_front", front, DOCUMENTS, *order),
            (DOCUMENTS, DRAWN / first, *words, *OF_PAGES),
            (front,),
            {"the order": str(order)},
        ),
    ]


def later(module: Any, function: Any, *arguments: object) -> None:
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
    return module, module.with_suffix(".yml")
