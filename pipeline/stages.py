"""The stages of a build and what each depends on: check → compute and draw → pages → documents → assemble.

Each stage is skipped when the contents of its inputs are those of its last full run.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import state
from pipeline.errors import Problem, Problems, stop
from pipeline.swap import OUTPUT

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


def check_tables(always: bool = False) -> int:
    """Check every table against the contract; raise all problems at once."""
    key = state.fingerprint(state.files(DATA, "pipeline"))
    if not always and state.fresh("check", key):
        return 0
    from pipeline import check

    with step("check", "tables against data/datapackage.json"):
        problems = check.check(DATA)
        if problems:
            raise Problems(*problems)
    if always:
        print(check.summary(DATA))
    state.prepare()
    state.remember("check", key)
    return 0


def figures() -> list:
    """Compute the facts and draw the figures that changed, all in one child process; return the facts printed.

    One process, because starting the drawing engine costs more than most charts; a child,
    because its memory is then free again before the documents are set.
    """
    state.prepare()
    check_tables()
    key = state.fingerprint(state.files(DATA, *CODE, *LOCKS, "_quarto.yml"))
    if not state.fresh("figures", key, FACTS):
        with step("figures", "facts and charts"):
            run_child("pipeline.draw")
        state.remember("figures", key)
    return prepare_prose()


def run_child(module: str, *arguments: str) -> None:
    """Run a heavy stage as a process of its own; its problems become ours, with their places."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"{module} ended with status {done.returncode}"]
        if "Traceback" in done.stderr:
            raise RuntimeError(done.stderr)
        raise Problems(*(Problem(file=line) for line in lines))


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
    document = list(prose.lines(Path("report.qmd")))
    figures = {path.stem for path in include.glob("*.md")}
    prose.check(document, facts, set(ids), figures, lang)
    used = prose.uses(document)
    appendix.write_texts(facts, used, Path("build/facts.json"))
    numbers.write_text(appendix.rows(facts, appendix.listed(used), lang), encoding="utf-8")
    return used


def make_pages(printed: list) -> None:
    """Make what stands beside the report: the figures' pages, the tables with their codebook, and every fact."""
    import json

    from pipeline import edition, public

    inputs = state.files(DATA, "build/figures", "build/meta.yml", "build/palette.css", FACTS, "theme", "pipeline", "figures", *ABOUT, "_quarto.yml")
    order = [row for row in Path("report.qmd").read_text(encoding="utf-8").splitlines() if "include build/" in row]
    key = state.fingerprint(inputs, *sorted({use.name for use in printed}), *order)
    if state.fresh("pages", key, PAGES / "figures/index.html", PAGES / "facts.json", PAGES / "data/index.html"):
        return
    with step("pages", "a page for every figure, the tables, the facts"):
        run_child("pipeline.figure_pages", str(PAGES / "figures"))
        facts = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
        public.write_facts(facts, {use.name for use in printed}, edition.edition(), PAGES)
        public.write_tables(PAGES / "data")
    state.remember("pages", key)


def render(requested: str) -> int:
    """Build the whole site and swap it in, or find that nothing changed."""
    from pipeline import edition, engines, manifest, swap

    start = time.monotonic()
    swap.recover()
    for name in PROSE:
        if not Path(name).exists():
            raise stop(name, "got nothing, expected a part of the report", hint="restore it from version control")
    check_tables()
    engine = engines.choose(requested)
    key = state.fingerprint(state.files(DATA, *CODE, *PROSE, *LOCKS, *ABOUT), engine.name, engine.version, str(edition.edition()))
    if state.fresh("render", key) and manifest.intact(OUTPUT):
        print(f"render: nothing to do ({engine.name}, {time.monotonic() - start:.2f} s)")
        return 0
    print(f"engine    {engine.name} {engine.version}: {engine.reason}")
    printed = figures()
    documents = set_documents(engine)
    make_pages(printed)
    assemble(documents, engine)
    state.remember("render", key)
    print(f"render: _output/report.html and _output/report.pdf in {time.monotonic() - start:.1f} s")
    return 0


def set_documents(engine) -> dict[str, Path]:
    """Set the report as web page and PDF, unless prose, pictures and theme are unchanged."""
    from pipeline import engines

    inputs = state.files(*PROSE, "build/include", "build/figures", "build/facts.json", "build/sources.json", "build/meta.yml", "build/fonts", "build/palette.css")
    key = state.fingerprint(inputs, engine.name, engine.version)
    products = {kind: Path(path) for kind, path in state.recall("documents").get("products", {}).items()}
    if products and state.fresh("documents", key, *products.values()):
        return products
    with step("document", f"web page and PDF by {engine.name}"):
        products = engines.render(engine, "en")
    state.remember("documents", key, products={kind: str(path) for kind, path in products.items()})
    return products


def assemble(documents: dict[str, Path], engine) -> None:
    """Put the site together beside the old one and exchange the two."""
    from pipeline import assemble as site
    from pipeline import edition, manifest, swap

    with step("assemble", "_output/"):
        folder = site.fresh_folder()
        site.add_documents(documents, folder)
        site.add_tree(PAGES, folder)
        manifest.write(folder, {"name": engine.name, "version": engine.version, "reason": engine.reason}, edition.edition())
        swap.replace(folder, OUTPUT)
