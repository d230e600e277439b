"""Make each figure's folder and the page of all figures: `_output/figures/`.

A figure whose inputs are unchanged is not made again. Runs as a process of its own, by `children.python`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from pipeline import figure_files, fonts, state
from pipeline import figure_html as html
from pipeline.errors import stop
from pipeline.figure_record import CONTRACT, FIGURES, SOURCES, Figure, Report, identifiers, load_figure, load_report

STAGE = "figure-pages"
CODE = sorted(Path(__file__).parent.glob("*.py"))  # all of it: a list would forget one
TOOLS = ("jinja2", "pikepdf", "typst", "vl-convert-python")
LIBRARY = Path("build/cache-web") / f"vega-{version('vl-convert-python')}.js"
Beside = tuple[Figure | None, Figure | None]


def build(folder: Path, lang: str = "en") -> None:
    """Bring `folder` up to date: shared files, a folder for each figure that was drawn, and the page of all of them."""
    report, names = load_report(), identifiers(lang)
    if html.SHARED in names:
        raise stop(f"figures/{html.SHARED}.py", f'the name "{html.SHARED}" is taken by what all figures share', hint="rename the module")
    folder.mkdir(parents=True, exist_ok=True)
    with chart_library():
        figures = [load_figure(name, lang) for name in names]
        remembered, common = state.recall(STAGE).get("figures", {}), _common_key(report, lang)
        state.begin(STAGE)
        keys = {}
        for figure, beside in zip(figures, neighbours(figures), strict=True):
            keys[figure.id] = _key(figure, beside, common)
            if remembered.get(figure.id) != keys[figure.id] or not _whole(folder / figure.id, figure):
                make(report, figure, beside, folder / figure.id)
        (folder / "index.html").write_bytes(html.index_page(report, figures, lang))
        (folder / "index.json").write_bytes(html.index_json(report, figures))
    share(folder / html.SHARED)
    for old in folder.iterdir():
        if old.is_dir() and old.name not in (*names, html.SHARED):
            shutil.rmtree(old)
    state.remember(STAGE, common, figures=keys)


def _common_key(report: Report, lang: str) -> str:
    inputs = [*html.THEME.glob("figure*"), html.THEME / "bare.html", html.PALETTE, SOURCES, CONTRACT, *CODE]
    return state.fingerprint(inputs, repr(report), lang, fonts.made_from(), *(f"{name} {version(name)}" for name in TOOLS))


def _key(figure: Figure, beside: Beside, common: str) -> str:
    inputs = [*state.files(FIGURES / figure.id / figure.lang), Path(figure.module)]
    return state.fingerprint(inputs, common, *(f"{other.id} {other.title}" if other else "" for other in beside))


def neighbours(figures: list[Figure]) -> list[Beside]:
    """Pair each figure with the ones before and after it."""
    return list(zip([None, *figures[:-1]], [*figures[1:], None], strict=True)) if figures else []


def _whole(folder: Path, figure: Figure) -> bool:
    ends = [*(end for _, _, end in html.FORMATS), *html.CITATIONS]
    return all((folder / name).exists() for name in ("index.html", "embed.html", *(figure.id + end for end in ends)))


def make(report: Report, figure: Figure, beside: Beside, folder: Path) -> None:
    """Write every file of one figure into its own folder, in place of what was there."""
    files = figure_files.files(report, figure)
    pages = {"index.html": html.figure_page(report, figure, beside, files), "embed.html": html.bare_page(report, figure)}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in (files | pages).items():
        (folder / name).write_bytes(content)


@contextmanager
def chart_library() -> Iterator[None]:
    """Make the library of the live charts, once for a version of its wheel, while other work goes on beside it."""
    if LIBRARY.exists():
        yield
        return
    LIBRARY.parent.mkdir(parents=True, exist_ok=True)
    part = LIBRARY.with_suffix(".part")
    code = "import sys, vl_convert; open(sys.argv[1], 'w', encoding='utf-8').write(vl_convert.javascript_bundle())"
    bundling = subprocess.Popen([sys.executable, "-c", code, str(part)])  # a process: it holds the interpreter for a second
    try:
        yield
    finally:
        failed = bundling.wait()
    if failed:
        raise stop(LIBRARY, "vl-convert-python could not make the chart library for the web", hint="see the message above")
    part.replace(LIBRARY)


def share(folder: Path) -> None:
    """Put what all pages use into one folder: look, script, fonts, chart library."""
    folder.mkdir(exist_ok=True)
    wanted = [html.THEME / "figure.css", html.THEME / "figure.js", html.PALETTE, *sorted(fonts.FOLDER.glob("*.woff2"))]
    named = {path.name: path for path in wanted} | {"vega.js": LIBRARY}
    for name, path in named.items():
        shutil.copyfile(path, folder / name)
    for old in folder.iterdir():
        if old.name not in named:
            old.unlink()


def main(folder: str) -> None:
    """Make all pages below a folder."""
    build(Path(folder))
