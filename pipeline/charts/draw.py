"""Draw a figure from its rows and its words: specification, SVG at two widths, PNG.

A chart sees nothing else, so a change of a table redraws the figures whose rows or words it
changes. The drawing engine is started once for a process: that takes longer than most charts.
"""

import json
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

from altair.utils.schemapi import debug_mode

from figures import style
from pipeline.charts import fonts, frame, lint, svg
from pipeline.charts.figure import BUILD, FIGURES, Picture, load
from pipeline.charts.rows import back
from pipeline.charts.say import NoLabel, Words
from pipeline.errors import Problem, Problems, mistake

PARTS = ("hconcat", "vconcat", "concat", "facet", "repeat")  # of which a view is put together
LIGHT = {light for light, _ in style.PALETTE.values()}


def draw(name: str, figures: Path = FIGURES, build: Path = BUILD) -> list[Picture]:
    """Draw a figure in every language it has and write its files; Problems name all faults."""
    pictures, problems = [], []
    figure = load(figures / f"{name.replace('-', '_')}.py")
    for folder in sorted(path.parent for path in build.glob(f"figures/{name}/*/words.json")):
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        rows = back((folder / "rows.csv").read_text(encoding="utf-8"), words["kinds"])
        picture = Picture(figure, folder.name, rows, words)
        problems += specify(picture) or look_at(picture)
        pictures.append(picture)
    if problems:
        raise Problems(*dict.fromkeys(problems))
    for picture in pictures:
        for file, content in files(picture).items():
            (build / "figures" / picture.name / file).write_bytes(content)
    return pictures


def specify(picture: Picture) -> list[Problem]:
    """Let the module make its chart at each width, and list what is wrong with it."""
    figure, given = picture.figure, picture.words
    words = Words(given["names"] | given["labels"], picture.lang)
    for kind, width in style.WIDTHS.items():
        look = style.Look(width, narrow=kind == "narrow")
        try:
            # Altair's checks take half of the time, and the same code makes both drawings.
            with debug_mode(not look.narrow):
                chart = figure.module.chart(picture.rows.copy(), words, look)
                picture.specs[kind] = specification(chart, look)
        except NoLabel as missing:
            told = f"no label {missing.args[0]} ({words.lang})"
            return [figure.wording(told, f"{figure.path} asks for it", "labels:")]
        except (Exception, SystemExit) as error:  # one that ends the process is one that fails
            return [mistake(figure.path, error)]
    unused = [key for key in given["labels"] if key not in words.used]
    told = "label {} is never drawn (" + words.lang + ")"
    return [figure.wording(told.format(key), "take it out", f"{key}:") for key in unused]


def specification(chart: Any, look: style.Look) -> dict:
    """Write a chart as Vega-Lite in the house style.

    A chart that does not say how wide it is fills its width, axes and their labels included; one
    that is put together of others has to say it, since the engine fits only a single view.
    """
    spec = chart.to_dict(validate=not look.narrow)
    if not spec.keys() & {"width", *PARTS}:
        fit = {"type": "fit-x", "contains": "padding"}
        spec |= {"width": look.width, "autosize": fit}
    spec["config"] = style.config(look.narrow)
    _speak(spec)
    return spec


def _speak(part: dict) -> None:
    """Let marks with a description be heard and hovered, and all others be silent.

    One with a tooltip alone is described by the values that it shows, as Vega writes them.
    """
    if "mark" in part:
        mark = part["mark"] if isinstance(part["mark"], dict) else {"type": part["mark"]}
        encoding = part.get("encoding", {})
        spoken = encoding.get("description")
        part["mark"] = mark | {"aria": bool(spoken or encoding.get("tooltip"))}
        if spoken:
            encoding.setdefault("tooltip", spoken)
    for key in ("layer", "hconcat", "vconcat", "concat"):
        for inner in part.get(key, []):
            _speak(inner)
    if "spec" in part:  # what is repeated
        _speak(part["spec"])


def look_at(picture: Picture) -> list[Problem]:
    """Draw a picture at each width, and list what is wrong with the drawing."""
    problems, figure = [], picture.figure
    for kind, spec in picture.specs.items():
        try:
            raw = engine().vegalite_to_svg(spec)
            width, picture.heights[kind] = svg.size(raw)
            picture.marks[kind] = list(svg.leaves(raw))
        except ValueError as error:
            told = " ".join(str(error).splitlines()[:2])
            problems.append(figure.problem(told, near="def chart"))
            continue
        if width > style.WIDTHS[kind]:
            told = f"{kind} drawing is {width} px wide, expected at most {style.WIDTHS[kind]}"
            hint = "give its labels room inside: shorten them, or make the rest narrower"
            problems.append(figure.problem(told, hint, "def chart"))
        size = style.WIDTHS[kind], picture.heights[kind]
        problems += lint.drawing(figure, picture.marks[kind], LIGHT, style.SIZES[kind], size)
    return problems


@cache
def engine() -> Any:
    """Start the drawing engine with the report's fonts.

    It reads days in the time zone of the process, and they would slip by one west of Greenwich; it
    has no setting of its own for that, so the process that draws lives in universal time.
    """
    os.environ["TZ"] = "UTC"
    time.tzset()
    import vl_convert

    vl_convert.register_font_directory(str(fonts.FOLDER))
    return vl_convert


def files(picture: Picture) -> dict[str, bytes]:
    """Make every file of a picture: name → content."""
    texts = {f"{kind}.svg": frame.bare(picture, kind) for kind in picture.specs}
    texts |= {f"inline-{k}": svg.themed(svg.light(v), style.PALETTE) for k, v in texts.items()}
    if svg.labels(texts["wide.svg"]) == svg.labels(texts["narrow.svg"]):
        texts["inline-narrow.svg"] = svg.silent(texts["inline-narrow.svg"])
    texts["full.svg"] = frame.full(picture)
    texts["spec.json"] = json.dumps(frame.titled(picture), ensure_ascii=False, indent=1) + "\n"
    made = {name: text.encode() for name, text in texts.items()}
    return made | {
        "full.png": engine().svg_to_png(texts["full.svg"], scale=2),
        "card.png": engine().svg_to_png(frame.card(picture)),
    }
