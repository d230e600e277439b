"""Draw every figure of `figures/`, in one process: starting the drawing engine costs more than most charts.

Nothing is written unless every figure is right. It computes the facts as well, and runs as a process of its own,
by `children.python`, after the tables have been checked.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import figure_lint as lint
from pipeline import fonts, frame, include, svg
from pipeline.errors import Problem, Problems, mistake
from pipeline.figure_lint import Figure
from pipeline.memory import Memory, Watched, code
from pipeline.say import Say, Unfilled
from pipeline.model import Fact, Tables
from pipeline.vega import Engine, plain, specification

FIGURES = Path("figures")
BUILD = Path("build")


@dataclass
class Picture:
    """A figure in one language on its way to the page: what it may read, its rows and words, and per width what is drawn."""

    figure: Figure
    lang: str
    tables: Watched
    facts: Watched
    rows: Any = None
    words: dict[str, str] = field(default_factory=dict)
    specs: dict[str, dict] = field(default_factory=dict)
    marks: dict[str, list[svg.Leaf]] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.figure.id}/{self.lang}"


def draw(tables: Tables, facts: Mapping[str, Fact], folder: Path = FIGURES, build: Path = BUILD) -> list[Picture]:
    """Draw and write the figures of a folder that changed, and return them; raise all problems of all before anything is written."""
    fonts.build()
    engine, memory = Engine(build / "cache"), Memory(build / "cache/figures.json", tables, facts)
    pictures, problems = [], []
    for figure in lint.discover(folder):
        for lang in figure.module.WORDS:
            picture = Picture(figure, lang, Watched(tables), Watched(facts))
            if memory.keeps(picture.name, code(figure.path), build / "figures" / picture.name):
                continue
            pictures.append(picture)
            found = prepare(picture)
            problems += found or look_at(picture, engine)
    if problems:
        raise Problems(*dict.fromkeys(problems))
    write(pictures, engine, memory, build)
    return pictures


def prepare(picture: Picture) -> list[Problem]:
    """Compute rows, words and specifications of a picture, and list what is wrong with them."""
    from figures import style

    figure, template = picture.figure, picture.figure.module.WORDS[picture.lang]
    problems = list(lint.words(figure, picture.lang, picture.facts))
    try:
        picture.rows = plain(figure.module.data(picture.tables, picture.facts))
        problems += lint.rows(figure, picture.rows, picture.tables)
        for kind, width in style.WIDTHS.items() if not problems else ():
            say = Say(template, picture.facts, picture.lang, width, style.SIZES[kind], narrow=kind == "narrow")
            picture.specs[kind] = specification(figure.module.chart(picture.rows.copy(), say), say)
            picture.words = {key: say.text(template[key]) for key in lint.WORDS}
    except Unfilled as hole:
        problems.append(figure.problem(hole.message, hole.hint, hole.hole))
    except (Exception, SystemExit) as error:  # a figure that ends the process is a figure that fails
        problems.append(mistake(figure.path, error))
    return problems


def look_at(picture: Picture, engine: Engine) -> list[Problem]:
    """Draw a picture at each width, and list what is wrong with the drawing."""
    from figures import style

    problems, palette = [], {light for light, _ in style.PALETTE.values()}
    for kind, spec in picture.specs.items():
        try:
            raw = engine.svg(spec, picture.name)
            width, picture.heights[kind] = svg.size(raw)
            picture.marks[kind] = list(svg.leaves(raw))
        except ValueError as error:
            problems.append(picture.figure.problem(" ".join(str(error).splitlines()[:2]), near="def chart"))
            continue
        if width != style.WIDTHS[kind]:
            message = f"{kind} drawing is {width} px wide, expected {style.WIDTHS[kind]}"
            problems.append(picture.figure.problem(message, "leave room for labels at the edges", "def chart"))
        problems += lint.drawing(picture.figure, picture.marks[kind], palette, style.SIZES[kind], (style.WIDTHS[kind], picture.heights[kind]))
    return problems


def write(pictures: list[Picture], engine: Engine, memory: Memory, build: Path) -> None:
    """Write all files of the pictures, and remove those of figures that are gone."""
    from figures import style

    memory.begin()
    (build / "palette.css").write_text(style.css(), encoding="utf-8")
    for picture in pictures:
        folder = build / "figures" / picture.name
        folder.mkdir(parents=True, exist_ok=True)
        made = files(picture, engine)
        for name, content in made.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        include.write(build, picture)
        read = {"tables": picture.tables, "facts": picture.facts}
        memory.note(picture.name, code(picture.figure.path), read, made, engine.used_for(picture.name))
    clean(set(memory.now), build)
    engine.forget(memory.drawings() | {memory.path.name})
    memory.save()


def clean(kept: set[str], build: Path) -> None:
    """Remove folders and includes of figures that are not among those kept, given as `id/lang`."""
    for folder in build.glob("figures/*/*"):
        if folder.is_dir() and f"{folder.parent.name}/{folder.name}" not in kept:
            shutil.rmtree(folder)
    for page in build.glob("include/*/*.md"):
        if f"{page.stem}/{page.parent.name}" not in kept and include.ours(page):
            page.unlink()


def files(picture: Picture, engine: Engine) -> dict[str, str | bytes]:
    """Make every file of a picture: name → content."""
    from figures import style

    made: dict[str, str | bytes] = {}
    for kind in picture.specs:
        made[f"{kind}.svg"] = frame.bare(picture, kind)
        made[f"inline-{kind}.svg"] = svg.themed(made[f"{kind}.svg"], style.PALETTE)
    about = frame.about(picture)
    made["full.svg"] = frame.full(picture, about)
    made["full.png"] = engine.png(made["full.svg"], lambda bitmap: frame.png(bitmap, picture, about), picture.name)
    made["spec.json"] = json.dumps(frame.titled(picture, about), ensure_ascii=False, indent=1) + "\n"
    made["spec-narrow.json"] = json.dumps(picture.specs["narrow"], ensure_ascii=False, indent=1) + "\n"
    made["tools.md"] = include.tools(picture)
    made["rows.csv"] = picture.rows.to_csv(index=False, lineterminator="\n")
    made["words.json"] = json.dumps(picture.words | about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return made


def main() -> None:
    """Compute the facts and draw what changed."""
    from pipeline import facts as all_facts
    from pipeline import tables as all_tables

    tables = all_tables.load(Path("data"))
    known = all_facts.collect(tables)
    draw(tables, known)
    all_facts.write(known, BUILD / "facts.all.json")
