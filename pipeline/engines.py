"""The two programs that set the report: Quarto where it can be had, Pandoc with Typst where it cannot.

Both read the same prose, template, stylesheet and filters, and write under `build/`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import edition
from pipeline import state
from pipeline.errors import Problem, Problems, stop

OLDEST = (1, 9)
ATTEMPT = Path(".venv/quarto.txt")
WAY_OUT = "install Quarto 1.9 or newer from https://quarto.org, name it with QUARTO=…, or use ENGINE=pandoc"
DOCUMENT = "report.qmd"
EXTENSION = "_extensions/report"
CSS = ("build/palette.css", "theme/page.css")
PLACE = re.compile(r"^(?:ERROR:?|Error:?)?\s*([\w./-]+\.(?:qmd|md|lua|typ|html)):(\d+):(?:\d+:)?\s*(.+)$")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
LABEL = re.compile(r"label `<([^>]+)>` does not exist")
OURS = re.compile(r"\S*_extensions/report/\w+\.lua:\d+:\s*(?!in )")  # where our own filters raise an error says nothing to a writer
DANGLING = re.compile(r"(?:Unable to resolve crossref|[Cc]itation) (\S+?)(?: not found)?$", re.M)  # only a warning to the engines
NOISE = ("Error running", "at file:", "[C]", "While handling", "Rendering")


@dataclass(frozen=True)
class Engine:
    """The engine chosen: `quarto` or `pandoc`, why, which version, and where it is."""

    name: str
    reason: str
    version: str
    path: str


def choose(requested: str = "auto") -> Engine:
    """Choose the engine; raise Problems when Quarto is asked for and cannot be had."""
    if requested == "pandoc":
        return _pandoc("asked for")
    refusals = []
    for path, why in _candidates():
        found = _quarto_version(path)
        if found and tuple(map(int, found.split(".")[:2])) >= OLDEST:
            return Engine("quarto", why, found, path)
        refusals.append(f"{path} is version {found}, too old" if found else f"{path} does not run")
    why_not = "; ".join(refusals) or _attempt() or "no Quarto on this machine"
    if requested == "quarto":
        raise stop("ENGINE=quarto", why_not, hint=WAY_OUT)
    return _pandoc(why_not)


def _candidates() -> Iterator[tuple[str, str]]:
    if os.environ.get("QUARTO"):
        yield os.environ["QUARTO"], "named by $QUARTO"
    on_path = shutil.which("quarto")
    if on_path:
        yield on_path, "found on the PATH"
    if Path(".venv/bin/quarto").exists():
        yield str(Path(".venv/bin/quarto").absolute()), "installed into .venv"


def _quarto_version(path: str) -> str:
    return _version(path, r"^(\d+\.\d+(?:\.\d+)?)")


def _version(path: str, pattern: str) -> str:
    """Ask a program for its version, once for each state of its file; "" if it does not answer."""
    try:
        identity = f"{path} {os.stat(path).st_mtime_ns} {os.stat(path).st_size}"
    except OSError:
        return ""
    known = state.recall("versions").get("known", {})
    if identity not in known:
        try:
            done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        found = re.search(pattern, done.stdout.strip(), re.MULTILINE)
        if not found or done.returncode:
            return ""
        known = {identity: found[1]} | {k: v for k, v in known.items() if not k.startswith(f"{path} ")}
        state.remember("versions", "", known=known)
    return known[identity]


def _attempt() -> str:
    return ATTEMPT.read_text(encoding="utf-8").strip().replace("\n", "; ") if ATTEMPT.exists() else ""


def _pandoc(reason: str) -> Engine:
    from importlib.metadata import version as installed
    from importlib.util import find_spec

    path = str(Path(find_spec("pypandoc").origin).parent / "files" / "pandoc")  # where the wheel carries the program
    pandoc = _version(path, r"pandoc (\S+)")
    return Engine("pandoc", reason, f"{pandoc} with Typst {installed('typst')}", path)


def render(engine: Engine, lang: str = "en", epoch: int | None = None) -> dict[str, Path]:
    """Set the report as web page and PDF; return where they are: {"html": …, "pdf": …}.

    epoch: the clock of the documents, in seconds since 1970; without it, the day of the edition.
    """
    epoch = edition.epoch(edition.edition()["date"]) if epoch is None else epoch
    source = Path(DOCUMENT if lang == "en" else f"report.{lang}.qmd")
    folder = Path("build") / engine.name
    folder.mkdir(parents=True, exist_ok=True)
    products = {kind: folder / f"{source.stem}.{kind}" for kind in ("html", "pdf")}
    (_by_quarto if engine.name == "quarto" else _by_pandoc)(engine, source, products, epoch)
    missing = [str(path) for path in products.values() if not path.exists()]
    if missing:
        raise stop(source, f"{engine.name} ended well but did not write {' and '.join(missing)}")
    return products


def _by_quarto(engine: Engine, source: Path, products: dict[str, Path], epoch: int) -> None:
    for path in products.values():
        path.unlink(missing_ok=True)
    clock = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "NO_COLOR": "1"}
    done = subprocess.run([engine.path, "render", str(source)], env=os.environ | clock, capture_output=True, text=True)
    _judge(done.returncode, source, engine, done.stderr)


def _by_pandoc(engine: Engine, source: Path, products: dict[str, Path], epoch: int) -> None:
    typ = products["pdf"].with_suffix(".typ")
    page = _start(engine, source, products["html"], "html", "theme/page.html", "--embed-resources", "--toc", "--toc-depth=2", *(f"--css={css}" for css in CSS))
    text = _start(engine, source, typ, "typst", "theme/report.typ", "--shift-heading-level-by=-1")
    problems: list[Problem] = []
    for process in (text, page):
        try:
            errors = process.communicate()[1]
            _judge(process.returncode, source, engine, errors)
            if process is text:
                _typeset(typ, products["pdf"], epoch)
        except Problems as found:
            problems += found.problems
    if problems:
        raise Problems(*dict.fromkeys(problems))


def _start(engine: Engine, source: Path, target: Path, form: str, template: str, *more: str) -> subprocess.Popen:
    command = [
        engine.path, str(source), f"--from={EXTENSION}/quarto.lua", f"--to={form}", f"--output={target}", "--standalone", "--wrap=none",
        f"--template={template}", "--metadata-file=_quarto.yml", "--metadata-file=build/meta.yml",
        f"--lua-filter={EXTENSION}/quarto.lua", f"--lua-filter={EXTENSION}/report.lua", *more,
    ]  # fmt: skip
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def _typeset(source: Path, target: Path, epoch: int) -> None:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=["build/fonts"])
    try:
        typst.compile(str(source), output=str(target), root=".", font_paths=fonts, pdf_standards=["ua-1"], timestamp=epoch)
    except typst.TypstError as error:
        hints = "; ".join(error.hints or [])
        label = LABEL.search(error.message)
        raise stop(source, f'Typst: nothing is called "{label[1]}"' if label else f"Typst: {error.message}", hint=hints) from None


def _judge(status: int, source: Path, engine: Engine, errors: str) -> None:
    """Raise what a tool complained of, its warnings about dangling references included."""
    if status:
        raise _failure(source, engine, errors)
    names = dict.fromkeys(DANGLING.findall(COLOUR.sub("", errors)))
    if names:
        raise Problems(*(Problem(str(source), message=f'{engine.name}: nothing is called "{name}"') for name in names))


def _failure(source: Path, engine: Engine, errors: str) -> Problems:
    """Make of what a tool printed one line with a place, where the tool gives one."""
    plain = COLOUR.sub("", errors).split("stack traceback", 1)[0]
    label = LABEL.search(plain)
    if label:
        return stop(source, f'{engine.name}: nothing is called "{label[1].removeprefix("ref-")}"')
    lines = [line.strip() for line in plain.splitlines()]
    ours = [OURS.sub("", line) for line in lines if OURS.match(line)]
    telling = ours or [line for line in lines if line and not line.startswith(NOISE)]
    for line in telling:
        place = PLACE.match(line)
        if place:
            return stop(place[1], f"{engine.name}: {place[3]}", line=int(place[2]))
    return stop(source, f"{engine.name} stopped: {' '.join(telling[-6:])[:600] or 'it gave no reason'}")
