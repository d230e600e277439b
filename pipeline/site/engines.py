"""Set the report by Quarto, or by Pandoc with Typst.

Both read the same prose, template, stylesheet and filters, and write under `build/`.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline import fresh, programs, reading, report, schema
from pipeline.errors import Problem, Problems, stop
from pipeline.programs import Engine
from pipeline.prose import manuscript, tree
from pipeline.theme import THEME, colours, words

PROSE, DOCUMENT = manuscript.PROSE, manuscript.READY
EXTENSION = Path("_extensions/report")
PRINT = Path("theme/report.typ")
# All that an engine reads. Quarto gets a copy of just this, so what it leaves behind is in build/.
READ = "_quarto.yml theme _extensions build/page.css build/sources.json build/meta.yml".split()
READ += ["build/include", "build/figures", "build/frame"]
# What is checked before anything is drawn; what is missing altogether, its step tells.
PARTS = (PROSE, report.SETTINGS, THEME, EXTENSION, report.CITATION, "data/datapackage.json")
WORD = re.compile(r"(?<!/)\bwords\.(\w+)")
FONTS = "Sans-Regular Sans-Semibold Sans-Italic Serif-Regular Serif-Semibold Serif-Italic"
SPEAKERS = (THEME / "page.html", THEME / "report.typ", EXTENSION / "report.lua")
DOCUMENTS, NOTE = Path("build/documents"), "engine.json"
WORKSHOP = Path("build/quarto")  # where Quarto works
NAME, MADE = "report.qmd", "made"  # what it sets there, and where it puts what it makes
OUTPUT = Path("build/quarto.log")


def set_report(engine: Engine, requested: str, folder: Path) -> None:
    """Set the report as web page and PDF into a folder, with a note of the engine that made them.

    Where nobody asked for Quarto and it stops for a reason of its own, that is Pandoc. At a
    writer's mistake Pandoc stops as well.
    """
    used = engine
    try:
        made = render(engine)
    except Problems as stopped:
        if requested != "auto" or engine.name != "quarto":
            raise
        used = programs.pandoc("instead of Quarto, which stopped")
        made = render(used)
        told = stopped.problems[0]
        print(f"by Pandoc instead of Quarto, which stopped: {told.message}; {told.hint}", end=" ")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for kind, path in made.items():
        shutil.copyfile(path, folder / f"report.{kind}")
    note = {"name": used.name, "version": used.version}
    if used.name != engine.name:
        note["instead_of"] = str(engine)
    (folder / NOTE).write_text(json.dumps(note) + "\n", encoding="utf-8")


def used(folder: Path = DOCUMENTS) -> str:
    """Say which engine made the documents that are there."""
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    return str(Engine(note["name"], note["version"], ""))


def render(engine: Engine) -> dict[str, Path]:
    """Set the report as web page and PDF; return where they are: {"html": …, "pdf": …}."""
    return (_by_quarto if engine.name == "quarto" else _by_pandoc)(engine)


def _by_quarto(engine: Engine) -> dict[str, Path]:
    """Let Quarto set the report in a folder of its own, which holds all that it may read."""
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    for part in map(Path, READ):
        copy = shutil.copytree if part.is_dir() else shutil.copyfile
        (WORKSHOP / part).parent.mkdir(parents=True, exist_ok=True)
        copy(part, WORKSHOP / part)
    shutil.copyfile(DOCUMENT, WORKSHOP / NAME)
    clock = {"SOURCE_DATE_EPOCH": str(report.read().epoch), "TZ": "UTC", "NO_COLOR": "1"}
    command = [str(Path(engine.path).absolute()), "render", NAME, "--output-dir", MADE]
    try:
        done = programs.run(command, WORKSHOP, os.environ | clock)
    except OSError as error:
        raise stop(engine.path, f"does not run: {error.strerror}") from None
    OUTPUT.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode:
        raise programs.failure(PROSE, str(engine), done.stderr, f"all it said is in {OUTPUT}")
    return {kind: WORKSHOP / MADE / f"report.{kind}" for kind in ("html", "pdf")}


def _by_pandoc(engine: Engine) -> dict[str, Path]:
    """Let Pandoc make the page and, beside it, what Typst sets; tell what is wrong with either."""
    folder = Path("build/pandoc")
    folder.mkdir(parents=True, exist_ok=True)
    page, typ, pdf = (folder / f"report.{kind}" for kind in ("html", "typ", "pdf"))
    web = ("--toc", "--toc-depth=2")
    for_web = _command(engine, page, "html", Path("theme/page.html"), *web)
    for_print = _command(engine, typ, "typst", PRINT, "--shift-heading-level-by=-1")
    problems: list[Problem] = []
    with programs.running(for_print, for_web) as started:
        for process in started:
            try:
                errors = process.communicate()[1]
                if process.returncode:
                    raise programs.failure(PROSE, engine.name, errors)
                if process is started[0]:
                    _typeset(typ, pdf)
            except Problems as found:
                problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return {"html": page, "pdf": pdf}


def _command(engine: Engine, target: Path, form: str, template: Path, *more: str) -> list[str]:
    return [
        engine.path,
        str(DOCUMENT),
        f"--from={tree.READER}",
        f"--to={form}",
        f"--output={target}",
        "--standalone",
        "--wrap=none",
        f"--template={template}",
        "--metadata-file=_quarto.yml",
        "--metadata-file=build/meta.yml",
        f"--lua-filter={EXTENSION}/quarto.lua",
        f"--lua-filter={EXTENSION}/report.lua",
        *more,
    ]


def _typeset(source: Path, target: Path) -> None:
    """Set a PDF by Typst, accessible (PDF/UA-1), with no font but ours, on the edition's day."""
    import typst

    from pipeline.pages import downloads

    try:
        target.write_bytes(downloads.typeset(source, report.read().epoch))
    except typst.TypstError as error:
        file, line = _written_in(source, str(error.diagnostic))
        hints = "; ".join(error.hints or [])
        raise stop(file, f"Typst: {error.message}", line=line, hint=hints) from None


def _written_in(source: Path, diagnostic: str) -> tuple[Path, int]:
    """Find where what Typst stopped at was written: in the template, or by Pandoc."""
    found = re.search(rf"{re.escape(str(source))}:(\d+):\d+", diagnostic)
    if not found:
        return source, 0
    row = source.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1]
    rows = PRINT.read_text(encoding="utf-8").splitlines()
    return (PRINT, rows.index(row) + 1) if row in rows else (source, int(found[1]))


def check() -> None:
    """Raise Problems that name every part that is unreadable or without a word that it needs."""
    texts = [
        path for path in fresh.files(THEME, EXTENSION) if path.suffix not in (".ttf", ".woff2")
    ]
    fonts = [THEME / f"fonts/TwoCounts{name}.ttf" for name in FONTS.split()]
    reads: list[Callable[[], object]] = [
        *(partial(reading.text, path) for path in [PROSE, *texts]),
        *(partial(reading.content, path, "a font") for path in fonts),
        *(partial(_spoken, path) for path in SPEAKERS),
        colours,
        partial(schema.read, report.SETTINGS, "settings"),
        report.read,
    ]
    problems: list[Problem] = []
    for read in reads:
        try:
            read()
        except Problems as found:
            problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))


def _spoken(path: Path) -> None:
    """Ask for every word that a template or filter prints: for a missing one Pandoc prints none."""
    for name in WORD.findall(reading.text(path)):
        getattr(words("report", "en"), name)
