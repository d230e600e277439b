"""Make what stands beside the report for each figure: its folder, and the page of all figures."""

import shutil
from pathlib import Path

from pipeline import report
from pipeline.charts import fonts
from pipeline.charts.figure import SHARED
from pipeline.fill import THEME
from pipeline.pages import downloads, templates
from pipeline.pages.record import load_figure, load_words
from pipeline.prose.manuscript import Place


def write_page(
    folder: Path, here: Place, before: Place | None, after: Place | None, lang: str = "en"
) -> None:
    """Make the folder of a figure in place of what was there.

    before, after: the figures that its page leads to
    """
    work, figure = report.read(), load_figure(here.figure, lang)
    beside = [
        place and place._asdict() | {"title": load_words(place.figure, lang)["title"]}
        for place in (before, after)
    ]
    files = downloads.files(work, figure)
    files["index.html"] = templates.figure_page(work, figure, here, beside, files)
    files["embed.html"] = templates.bare_page(work, figure)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)


def write_index(folder: Path, *places: Place, lang: str = "en") -> None:
    """Make the page of all figures in this order, and remove what is of none of them."""
    work, figures = report.read(), {place: load_figure(place.figure, lang) for place in places}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_bytes(templates.index_page(work, figures, lang))
    kept = {figure.id for figure in figures.values()} | {SHARED, "index.html"}
    for old in folder.iterdir():
        if old.name not in kept:
            shutil.rmtree(old) if old.is_dir() else old.unlink()


def share(folder: Path) -> None:
    """Put what all pages use into one folder: look, scripts, fonts."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    scripts = (THEME / f"{name}.js" for name in ("faces", "marks", "figure", "copy", "embed"))
    sheets = (THEME / f"{name}.css" for name in ("header", "figure", "copyable", "front", "print"))
    look = [*sheets, *scripts, templates.PALETTE]
    faces = [fonts.FOLDER / "faces.css", *fonts.FOLDER.glob("*.woff2")]
    for path in (*look, *faces):
        shutil.copyfile(path, folder / path.name)
