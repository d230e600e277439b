"""Make what stands beside the report for each figure: its folder, and the page of all figures."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.charts import fonts
from pipeline.pages import downloads, templates
from pipeline.pages.record import Figure, Link, Report, load_figure, load_link, load_report

LIBRARY = Path("build/cache-web/vega.js")
Beside = tuple[Link | None, Link | None]


def write_page(folder: Path, name: str, before: str, after: str, lang: str = "en") -> None:
    """Make the folder of a figure; before, after: the figures that its page leads to, "" for
    none."""
    beside = tuple(load_link(other, lang) if other else None for other in (before, after))
    make(load_report(), load_figure(name, lang), beside, folder)


def write_index(folder: Path, *names: str, lang: str = "en") -> None:
    """Make the page of all figures in this order, and remove the folders of figures that are
    gone."""
    report, figures = load_report(), [load_figure(name, lang) for name in names]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_bytes(templates.index_page(report, figures, lang))
    (folder / "index.json").write_bytes(templates.index_json(report, figures))
    for old in folder.iterdir():
        if old.is_dir() and old.name not in (*names, templates.SHARED):
            shutil.rmtree(old)


def write_library() -> None:
    """Make the library of the live charts from the drawing engine."""
    import vl_convert

    LIBRARY.parent.mkdir(parents=True, exist_ok=True)
    LIBRARY.write_text(vl_convert.javascript_bundle(), encoding="utf-8")


def make(report: Report, figure: Figure, beside: Beside, folder: Path) -> None:
    """Write every file of one figure into its own folder, in place of what was there."""
    files = downloads.files(report, figure)
    pages = {
        "index.html": templates.figure_page(report, figure, beside, files),
        "embed.html": templates.bare_page(report, figure),
    }
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in (files | pages).items():
        (folder / name).write_bytes(content)


def share(folder: Path) -> None:
    """Put what all pages use into one folder: look, script, fonts, chart library."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        templates.THEME / "figure.css",
        templates.THEME / "figure.js",
        templates.PALETTE,
        *sorted(fonts.FOLDER.glob("*.woff2")),
    ]
    named = {path.name: path for path in wanted} | {"vega.js": LIBRARY}
    for name, path in named.items():
        shutil.copyfile(path, folder / name)
    for old in folder.iterdir():
        if old.name not in named:
            old.unlink()
