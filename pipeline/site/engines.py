"""The two programs that set the report: Quarto where it can be had, else Pandoc with Typst.

Both read the same prose, template, stylesheet and filters, and write under `build/`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import children, edition, fresh
from pipeline.errors import Problem, Problems, stop

OLDEST = (1, 9)
ATTEMPT = Path(".venv/quarto.txt")
INSTALLED = Path(".venv-quarto/bin/quarto")
WAY_OUT = (
    "install Quarto 1.9 or newer from https://quarto.org, name it with QUARTO=…, "
    "or use ENGINE=pandoc"
)
DOCUMENT = "report.qmd"
EXTENSION = "_extensions/report"
CSS = ("build/palette.css", "theme/page.css")
PRINT = "theme/report.typ"
# All that an engine reads. Quarto gets a copy of just this, so what it leaves behind is in build/.
READ = (
    DOCUMENT,
    "_quarto.yml",
    "theme",
    "_extensions",
    "build/include",
    "build/figures",
    "build/facts.json",
    "build/sources.json",
    "build/meta.yml",
    "build/fonts",
    "build/palette.css",
)
DOCUMENTS, NOTE = Path("build/documents"), "engine.json"
WORKSHOP = Path("build/quarto")  # where Quarto works
MADE = "made"  # where in it Quarto puts what it makes
OUTPUT = Path("build/quarto.log")
PLACE = re.compile(
    r"^(?:ERROR:?|Error:?)?\s*([\w./-]+\.(?:qmd|md|lua|typ|html)):(\d+):(?:\d+:)?\s*(.+)$"
)
COLOUR = re.compile(r"\x1b\[[\d;]*m")
LABEL = re.compile(r"label `<([^>]+)>` does not exist")
OURS = re.compile(
    r"\S*_extensions/report/\w+\.lua:\d+:\s*(?!in )"
)  # where our own filters raise an error says nothing to a writer
DANGLING = re.compile(
    r"(?:Unable to resolve crossref|[Cc]itation) (\S+?)(?: not found)?$", re.M
)  # only a warning to the engines
DISK = re.compile(
    r"\((No space left on device|File too large|Permission denied|Read-only file system)"
)
TEMPLATE = re.compile(r'template "([^"]+)" \(line (\d+), column \d+\):\s*(.+)')
SYNTAX = re.compile(r"\S*?((?:_extensions/report|theme)/\w+\.lua):(\d+): (.* near .*)")
WRONG = re.compile(r"error", re.IGNORECASE)
NOISE = ("Error running", "at file:", "[C]", "While handling", "Rendering", "stack traceback")


@dataclass(frozen=True)
class Engine:
    """The engine chosen: `quarto` or `pandoc`, its version, where it is, and why it was chosen.

    The reason and the path are of this machine: they are said on the terminal and recorded nowhere.
    """

    name: str
    version: str
    path: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name.capitalize()} {self.version}"


def choose(requested: str = "auto") -> Engine:
    """Choose the engine; raise Problems when Quarto is asked for and cannot be had."""
    if requested == "pandoc":
        return pandoc("asked for")
    refusals = []
    for path, why in _candidates():
        found = _quarto_version(path)
        if found and tuple(map(int, found.split(".")[:2])) >= OLDEST:
            return Engine("quarto", found, path, why)
        refusals.append(f"{path} is version {found}, too old" if found else f"{path} does not run")
    why_not = "; ".join(refusals) or _attempt() or "no Quarto on this machine"
    if requested == "quarto":
        raise stop("ENGINE=quarto", why_not, hint=WAY_OUT)
    return pandoc(why_not)


def _candidates() -> Iterator[tuple[str, str]]:
    """List where a Quarto may be, with the reason to take it; the first that serves is taken."""
    for path in filter(None, os.environ.get("QUARTO", "").split(os.pathsep)):
        yield path, "named by $QUARTO"
    on_path = shutil.which("quarto")
    if on_path:
        yield on_path, "found on the PATH"
    if INSTALLED.exists():
        yield str(INSTALLED.absolute()), "installed by the set-up"


def _quarto_version(path: str) -> str:
    return _version(path, r"^(\d+\.\d+(?:\.\d+)?)")


def _version(path: str, pattern: str) -> str:
    """Ask a program for its version, once for each state of its file; "" if it does not answer."""
    try:
        identity = f"{path} {os.stat(path).st_mtime_ns} {os.stat(path).st_size}"
    except OSError:
        return ""
    known = fresh.recall("versions").get("known", {})
    if identity not in known:
        try:
            done = children.run([path, "--version"], patience=60)
        except OSError:
            return ""
        found = re.search(pattern, done.stdout.strip(), re.MULTILINE)
        if not found or done.returncode:
            return ""
        known = {identity: found[1]} | {
            k: v for k, v in known.items() if not k.startswith(f"{path} ")
        }
        fresh.remember("versions", known=known)
    return known[identity]


def _attempt() -> str:
    return (
        ATTEMPT.read_text(encoding="utf-8").strip().replace("\n", "; ") if ATTEMPT.exists() else ""
    )


def used(folder: Path = DOCUMENTS) -> str:
    """Say which engine made the documents that are there."""
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    return str(Engine(note["name"], note["version"], ""))


def pandoc_path() -> str:
    """Say where the Python package of Pandoc carries the program."""
    from importlib.util import find_spec

    return str(Path(find_spec("pypandoc").origin).parent / "files" / "pandoc")


def pandoc(reason: str) -> Engine:
    """Give the Pandoc of the environment, and why it is taken."""
    from importlib.metadata import version as installed

    path = pandoc_path()
    found = _version(path, r"pandoc (\S+)")
    return Engine("pandoc", f"{found} with Typst {installed('typst')}", path, reason)


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
        used = pandoc("instead of Quarto, which stopped")
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


def render(engine: Engine, lang: str = "en", epoch: int | None = None) -> dict[str, Path]:
    """Set the report as web page and PDF; return where they are: {"html": …, "pdf": …}.

    epoch: the clock of the documents, in seconds since 1970; without it, the day of the edition.
    """
    epoch = edition.epoch(edition.edition()["date"]) if epoch is None else epoch
    source = Path(DOCUMENT if lang == "en" else f"report.{lang}.qmd")
    products = (_by_quarto if engine.name == "quarto" else _by_pandoc)(engine, source, epoch)
    missing = [str(path) for path in products.values() if not path.exists()]
    if missing:
        raise stop(source, f"{engine} ended well but did not write {' and '.join(missing)}")
    return products


def _by_quarto(engine: Engine, source: Path, epoch: int) -> dict[str, Path]:
    """Let Quarto set the report in a folder of its own, which holds all that it may read."""
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    for part in map(Path, READ):
        copy = shutil.copytree if part.is_dir() else shutil.copyfile
        (WORKSHOP / part).parent.mkdir(parents=True, exist_ok=True)
        copy(part, WORKSHOP / part)
    clock = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "NO_COLOR": "1"}
    command = [str(Path(engine.path).absolute()), "render", str(source), "--output-dir", MADE]
    try:
        done = children.run(command, WORKSHOP, os.environ | clock)
    except OSError as error:
        raise stop(engine.path, f"does not run: {error.strerror}") from None
    OUTPUT.write_text(done.stdout + done.stderr, encoding="utf-8")
    _judge(done.returncode, source, engine, done.stderr)
    return {kind: WORKSHOP / MADE / f"{source.stem}.{kind}" for kind in ("html", "pdf")}


def _by_pandoc(engine: Engine, source: Path, epoch: int) -> dict[str, Path]:
    """Let Pandoc make the page and, beside it, what Typst sets; tell what is wrong with either."""
    folder = Path("build/pandoc")
    folder.mkdir(parents=True, exist_ok=True)
    products = {kind: folder / f"{source.stem}.{kind}" for kind in ("html", "pdf")}
    typ = products["pdf"].with_suffix(".typ")
    web = ["--embed-resources", "--toc", "--toc-depth=2", *(f"--css={css}" for css in CSS)]
    page = _command(engine, source, products["html"], "html", "theme/page.html", *web)
    text = _command(engine, source, typ, "typst", PRINT, "--shift-heading-level-by=-1")
    problems: list[Problem] = []
    with children.running(text, page) as started:
        for process in started:
            try:
                errors = process.communicate()[1]
                _judge(process.returncode, source, engine, errors)
                if process is started[0]:
                    _typeset(typ, products["pdf"], epoch)
            except Problems as found:
                problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return products


def _command(
    engine: Engine, source: Path, target: Path, form: str, template: str, *more: str
) -> list[str]:
    return [
        engine.path,
        str(source),
        f"--from={EXTENSION}/quarto.lua",
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


def _typeset(source: Path, target: Path, epoch: int) -> None:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=["build/fonts"])
    options = {"root": ".", "font_paths": fonts, "pdf_standards": ["ua-1"], "timestamp": epoch}
    try:
        typst.compile(str(source), output=str(target), **options)
    except typst.TypstError as error:
        hints = "; ".join(error.hints or [])
        label = LABEL.search(error.message)
        told = f'nothing is called "{label[1]}"' if label else error.message
        file, line = _written_in(source, str(error.diagnostic))
        raise stop(file, f"Typst: {told}", line=line, hint=hints) from None
    except RuntimeError as error:  # what the machine refuses, a full disk for instance
        raise stop(
            target, f"could not be written: {error}", hint="free some space and run again"
        ) from None


def _written_in(source: Path, diagnostic: str) -> tuple[Path, int]:
    """Find where what Typst stopped at was written: in the template, or by Pandoc."""
    found = re.search(rf"{re.escape(str(source))}:(\d+):\d+", diagnostic)
    if not found:
        return source, 0
    row = source.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1]
    template = Path(PRINT)
    rows = template.read_text(encoding="utf-8").splitlines()
    return (template, rows.index(row) + 1) if row in rows else (source, int(found[1]))


def _judge(status: int, source: Path, engine: Engine, errors: str) -> None:
    """Raise what a tool complained of, its warnings about dangling references included."""
    if status:
        quarto = engine.name == "quarto"
        hint = f"all it said is in {OUTPUT}" if quarto else ""
        raise failure(source, str(engine) if quarto else engine.name, errors, hint)
    names = dict.fromkeys(DANGLING.findall(COLOUR.sub("", errors)))
    if names:
        raise Problems(
            *(
                Problem(str(source), message=f'{engine.name}: nothing is called "{name}"')
                for name in names
            )
        )


def failure(source: Path, engine: str, errors: str, hint: str = "") -> Problems:
    """Make of what a tool printed one line with a place, where the tool gives one."""
    plain = COLOUR.sub("", errors)
    disk = DISK.search(plain)
    if disk:
        return stop("build", f"{engine}: {disk[1]}", hint="free or open it and run again")
    label = LABEL.search(plain)
    if label:
        return stop(source, f'{engine}: nothing is called "{label[1].removeprefix("ref-")}"')
    broken = TEMPLATE.search(plain) or SYNTAX.search(plain)
    if broken:
        return stop(broken[1], f"{engine}: {broken[3]}", line=int(broken[2]))
    telling = list(_telling(plain))
    for line in telling:
        place = PLACE.match(line)
        if place:
            return stop(place[1], f"{engine}: {place[3]}", line=int(place[2]))
    words = " ".join(telling)[:300] or "it gave no reason"
    return stop(source, f"{engine} stopped: {words}", hint=hint)


def _telling(errors: str) -> Iterator[str]:
    """Pick the lines that tell what went wrong: from the first error on, without the trace.

    Before it Quarto prints its settings, in which the whole abstract stands.
    """
    lines = [line.rstrip() for line in errors.split("stack traceback", 1)[0].splitlines()]
    ours = [OURS.sub("", line.strip()) for line in lines if OURS.match(line.strip())]
    flush = [line for line in lines if line and not line[0].isspace()]
    first = next((i for i, line in enumerate(flush) if WRONG.search(line)), 0)
    yield from ours or (line for line in flush[first:] if not line.startswith(NOISE))
