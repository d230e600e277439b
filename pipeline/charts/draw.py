"""Draw a figure from its rows and its words: specification, SVG at two widths, PNG.

A chart sees nothing else, so a change of a table redraws the figures whose rows or words it
changes. The drawing engine is started once for a process: that takes longer than most charts.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.charts import fonts, frame, lint, svg
from pipeline.charts.lint import Figure
from pipeline.charts.rows import back
from pipeline.charts.say import Say
from pipeline.errors import Problem, Problems, mistake

FIGURES = Path("figures")
BUILD = Path("build")


@dataclass
class Picture:
    """A figure in one language on its way to the page: its rows and words, and per width what is
    drawn."""

    figure: Figure
    lang: str
    rows: Any
    words: dict[str, Any]
    specs: dict[str, dict] = field(default_factory=dict)
    marks: dict[str, list[svg.Leaf]] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.figure.id}/{self.lang}"


def draw(name: str, figures: Path = FIGURES, build: Path = BUILD) -> list[Picture]:
    """Draw a figure in every language it has, and write its files; Problems name all that is
    wrong."""
    fonts.build()
    pictures, problems = [], []
    figure = lint.load(figures / f"{name.replace('-', '_')}.py")
    for folder in sorted(path.parent for path in build.glob(f"figures/{name}/*/words.json")):
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        rows = back((folder / "rows.csv").read_text(encoding="utf-8"), words["columns"])
        picture = Picture(figure, folder.name, rows, words)
        problems += specify(picture) or look_at(picture)
        pictures.append(picture)
    if problems:
        raise Problems(*dict.fromkeys(problems))
    for picture in pictures:
        for file, content in files(picture).items():
            data = content if isinstance(content, bytes) else content.encode()
            (build / "figures" / picture.name / file).write_bytes(data)
    return pictures


def palette(build: Path = BUILD) -> None:
    """Write the colours of the charts as variables of the page."""
    from figures import style

    build.mkdir(parents=True, exist_ok=True)
    (build / "palette.css").write_text(style.css(), encoding="utf-8")


def specify(picture: Picture) -> list[Problem]:
    """Let the module make its chart at each width, and list what is wrong with it."""
    from figures import style

    for kind, width in style.WIDTHS.items():
        labels, narrow = picture.words["labels"], kind == "narrow"
        say = Say(labels, picture.lang, width, style.SIZES[kind], narrow)
        try:
            chart = picture.figure.module.chart(picture.rows.copy(), say)
            picture.specs[kind] = specification(chart, say)
        except (Exception, SystemExit) as error:  # one that ends the process is one that fails
            return [mistake(picture.figure.path, error)]
    return []


def specification(chart: Any, say: Say) -> dict:
    """Write a chart as Vega-Lite at its width, in the house style, spoken labels only where a
    figure gives them."""
    from figures import style

    spec = {"width": say.width} | chart.to_dict()
    # The engine measures a family with a digit in its name about a third too wide: let it lay out
    # nothing by itself.
    spec |= {"config": style.config(say.narrow, say.lang), "autosize": "none"}
    _speak(spec)
    return spec


def _speak(part: Any) -> None:
    """Let marks with a description be heard and hovered, and all others be silent."""
    if isinstance(part, list):
        for item in part:
            _speak(item)
    if not isinstance(part, dict):
        return
    if "mark" in part:
        mark = part["mark"] if isinstance(part["mark"], dict) else {"type": part["mark"]}
        spoken = part.get("encoding", {}).get("description")
        part["mark"] = mark | {"aria": bool(spoken)}
        if spoken:
            part["encoding"].setdefault("tooltip", spoken)
    for key in ("layer", "hconcat", "vconcat", "concat"):
        _speak(part.get(key))


def look_at(picture: Picture) -> list[Problem]:
    """Draw a picture at each width, and list what is wrong with the drawing."""
    from figures import style

    problems, colours = [], {light for light, _ in style.PALETTE.values()}
    for kind, spec in picture.specs.items():
        try:
            raw = engine().vegalite_to_svg(spec)
            width, picture.heights[kind] = svg.size(raw)
            picture.marks[kind] = list(svg.leaves(raw))
        except ValueError as error:
            told = " ".join(str(error).splitlines()[:2])
            problems.append(picture.figure.problem(told, near="def chart"))
            continue
        if width != style.WIDTHS[kind]:
            told = f"{kind} drawing is {width} px wide, expected {style.WIDTHS[kind]}"
            hint = "leave room for labels at the edges"
            problems.append(picture.figure.problem(told, hint, "def chart"))
        size = style.WIDTHS[kind], picture.heights[kind]
        least = style.SIZES[kind]
        problems += lint.drawing(picture.figure, picture.marks[kind], colours, least, size)
    return problems


@cache
def engine() -> Any:
    """Start the drawing engine, in universal time: dates slip by a day west of Greenwich."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    import vl_convert

    vl_convert.register_font_directory(str(fonts.FOLDER))
    return vl_convert


def files(picture: Picture) -> dict[str, str | bytes]:
    """Make every file of a picture: name → content."""
    from figures import style

    made: dict[str, str | bytes] = {}
    for kind in picture.specs:
        made[f"{kind}.svg"] = frame.bare(picture, kind)
        made[f"inline-{kind}.svg"] = svg.themed(made[f"{kind}.svg"], style.PALETTE)
    made["full.svg"] = frame.full(picture)
    made["full.png"] = frame.png(engine().svg_to_png(made["full.svg"], scale=2))
    specs = {"spec.json": frame.titled(picture), "spec-narrow.json": picture.specs["narrow"]}
    for name, spec in specs.items():
        made[name] = json.dumps(spec, ensure_ascii=False, indent=1) + "\n"
    return made
