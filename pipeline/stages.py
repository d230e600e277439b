"""The stages of a build and what each depends on: check, draw, documents, pages, assemble.

Each stage is skipped when the contents of its inputs are those of its last full run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import children, state
from pipeline.errors import Problem, Problems
from pipeline.swap import OUTPUT

if TYPE_CHECKING:
    from pipeline.engines import Engine

DATA = Path("data")
LOCKS = ("requirements/render.lock",)
CODE = ("analysis", "figures", "pipeline")
PROSE = ("report.qmd", "_quarto.yml", "theme", "_extensions")
ABOUT = ("CITATION.cff", "CHANGELOG.md")
FACTS = Path("build/facts.all.json")
PAGES = Path("build/pages")


@contextmanager
def step(name: str, what: str) -> Iterator[None]:
    """Say what is happening and, when it has ended, how long it took."""
    start = time.monotonic()
    print(f"{name:<9} {what}", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def check_tables(always: bool = False) -> None:
    """Check every table against the contract; raise all problems at once."""
    key = state.fingerprint(state.files(DATA, "pipeline"))
    if not always and state.fresh("check", key):
        return
    from pipeline import check, contract

    with step("check", "tables against data/datapackage.json"):
        problems, summary = check.examine(DATA)
        if problems:
            raise Problems(*problems)
    if always:
        print(summary)
    state.prepare()
    contract.remember(DATA)
    state.remember("check", key)


def figures() -> list:
    """Compute the facts and draw what changed, all in one process; return the facts printed.

    One process, because starting the drawing engine costs more than most charts; a child,
    because its memory is then free again before the documents are set.
    """
    from pipeline import parts

    state.prepare()
    check_tables()
    parts.check()
    key = state.fingerprint(state.files(DATA, *CODE, *LOCKS, "_quarto.yml"))
    if not state.fresh("figures", key, FACTS):
        state.begin("figures")
        with step("figures", "facts and charts"):
            children.python("pipeline.draw")
        state.remember("figures", key)
    return prepare_prose()


def prepare_prose(lang: str = "en") -> list:
    """Check the prose, and write what the engines need beside it; return the facts it uses."""
    import json

    from pipeline import appendix, bibliography, edition, prose

    facts = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
    ids = bibliography.write(DATA / "sources.csv", Path("build/sources.json"))
    edition.write(edition.edition())
    include = Path("build/include") / lang
    include.mkdir(parents=True, exist_ok=True)
    appendix.write_corrections(DATA / "corrections.csv", include / "corrections.md", lang)
    numbers = include / "sources-of-numbers.md"
    numbers.write_text("", encoding="utf-8")
    figures = {path.stem for path in include.glob("*.md")}
    document = check_texts(facts, set(ids), figures, lang)
    used = prose.uses(document)
    appendix.write_texts(facts, used, Path("build/facts.json"))
    numbers.write_text(appendix.rows(facts, appendix.listed(used), lang), encoding="utf-8")
    return used


def check_texts(facts: dict, sources: set[str], figures: set[str], lang: str) -> list:
    """Check what is published as written: the prose, whose lines are returned, and the codebook."""
    from pipeline import prose, public

    problems: list[Problem] = []
    key = state.fingerprint(state.files(DATA, "pipeline"))
    if not state.fresh("codebook", key):
        problems += public.problems()
        if not problems:
            state.remember("codebook", key)
    try:
        document = prose.check(Path("report.qmd"), facts, sources, figures, lang)
    except Problems as found:
        raise Problems(*found.problems, *problems) from None
    if problems:
        raise Problems(*problems)
    return document


def make_pages(printed: list) -> None:
    """Make what stands beside the report: figures' pages, tables, codebook, and every fact."""
    import json

    from pipeline import edition, public

    inputs = state.files(
        DATA,
        "build/figures",
        "build/meta.yml",
        "build/palette.css",
        FACTS,
        "theme",
        "pipeline",
        "figures",
        *ABOUT,
        "_quarto.yml",
    )
    order = [
        row
        for row in Path("report.qmd").read_text(encoding="utf-8").splitlines()
        if "include build/" in row
    ]
    key = state.fingerprint(inputs, *sorted({use.name for use in printed}), *order)
    if state.fresh(
        "pages", key, PAGES / "figures/index.html", PAGES / "facts.json", PAGES / "data/index.html"
    ):
        return
    state.begin("pages")
    with step("pages", "a page for every figure, the tables, the facts"):
        children.python("pipeline.figure_pages", str(PAGES / "figures"))
        facts = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
        public.write_facts(facts, {use.name for use in printed}, edition.edition(), PAGES)
        public.write_tables(PAGES / "data")
    state.remember("pages", key)


def render(requested: str) -> None:
    """Build the whole site and swap it in, or find that nothing changed."""
    from pipeline import edition, engines, manifest

    start = time.monotonic()
    check_tables()
    engine = engines.choose(requested)
    inputs = state.files(DATA, *CODE, *PROSE, *LOCKS, *ABOUT)
    key = state.fingerprint(inputs, requested, engine.name, engine.version, str(edition.edition()))
    if state.fresh("render", key) and manifest.intact(OUTPUT):
        by = state.recall("render")["engine"]
        print(f"render: nothing to do ({by}, {time.monotonic() - start:.2f} s)")
        return
    print(f"engine    {engine}: {engine.reason}")
    printed = figures()
    documents, used = set_documents(engine, requested)
    make_pages(printed)
    assemble(documents, used, engine)
    state.remember("render", key, engine=str(used))
    print(f"render: _output/report.html and _output/report.pdf in {time.monotonic() - start:.1f} s")


def set_documents(engine: Engine, requested: str) -> tuple[dict[str, Path], Engine]:
    """Set the report as web page and PDF, unless prose, pictures and theme are unchanged.

    Returns where they are, and the engine that made them: where nobody asked for Quarto and it
    stops for a reason of its own, Pandoc. At a writer's mistake Pandoc stops as well.
    """
    from pipeline import engines

    key = state.fingerprint(
        state.files(*engines.READ, "pipeline", *LOCKS), requested, engine.name, engine.version
    )
    past = state.recall("documents")
    made = {kind: Path(path) for kind, path in past.get("products", {}).items()}
    if made and state.fresh("documents", key, *made.values()):
        return made, engines.Engine(**past["engine"])
    state.begin("documents")
    try:
        with step("document", f"web page and PDF by {engine.name}"):
            made = engines.render(engine)
    except Problems as stopped:
        if requested != "auto" or engine.name != "quarto":
            raise
        engine = engines.pandoc("instead of Quarto, which stopped")
        with step("document", f"web page and PDF by pandoc {engine.reason}"):
            made = engines.render(engine)
        print(f"          {stopped.problems[0].message}; {stopped.problems[0].hint}")
    state.remember(
        "documents",
        key,
        products={kind: str(path) for kind, path in made.items()},
        engine=asdict(engine),
    )
    return made, engine


def assemble(documents: dict[str, Path], used: Engine, chosen: Engine) -> None:
    """Put the site together beside the old one and exchange the two."""
    from pipeline import assemble as site
    from pipeline import edition, manifest, swap

    engine = {"name": used.name, "version": used.version}
    if used.name != chosen.name:
        engine["instead_of"] = str(chosen)
    with step("assemble", "_output/"):
        folder = site.fresh_folder()
        site.add_documents(documents, folder)
        site.add_tree(PAGES, folder)
        manifest.write(folder, engine, edition.edition())
        swap.replace(folder, OUTPUT)
