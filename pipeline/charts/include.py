"""Write what the prose includes for a figure: title, picture, caption; for the web its rows too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.charts import say
from pipeline.charts.figure import Picture
from pipeline.facts import spell
from pipeline.fill import fill
from pipeline.words import words

HIDDEN = ("source_ids", "act")  # long, and of use one row at a time: page and file have them
FEW = 3  # columns of a table in letters of the usual size
PAGE = """\
::: {{#fig-{id}}}
::: {{.figure-title}}
{title}

{subtitle}
:::

![]({folder}/wide.svg){{fig-alt="{alt}"}}

{caption}
:::

::: {{.made file="{folder}/values"}}
:::

<!-- Made by the build; edit {module} -->
"""


def values(picture: Picture) -> str:
    """Make what only the web shows below a figure: its values, and the ways to take it away."""
    labels = picture.words["labels"].items()
    spelled = {k: v.replace("\n", " ").partition(":")[0] for k, v in labels if "{0}" not in v}
    rows = picture.rows.drop(columns=[name for name in HIDDEN if name in picture.rows])
    numbers = [f"r{n}" for n, kind in enumerate(rows.dtypes, 1) if kind.kind in "iuf"]
    many = ["many"] if len(rows.columns) > FEW else []
    cells = [
        [cell(spelled.get(value, value), picture.lang) for value in record.values()]
        for record in rows.to_dict("records")
    ]
    return fill(
        "values.html",
        words=words("values", picture.lang),
        figure=picture.figure.id,
        classes=" ".join([*many, *numbers]),
        heads=[name.replace("_", " ") for name in rows],
        rows=cells,
    )


def page(build: Path, picture: Picture) -> str:
    """Make the Markdown of a figure; holes become shortcodes, so numbers in captions are linked."""
    name, told = picture.figure.id, picture.figure.module.WORDS[picture.lang]
    alt = picture.words["alt"].replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return PAGE.format(
        id=name,
        folder=f"{build}/figures/{name}/{picture.lang}",
        alt=alt,
        module=picture.figure.path,
        **{key: say.shortcodes(told[key]) for key in ("title", "subtitle", "caption")},
    )


def cell(value: Any, lang: str) -> str:
    """Spell one value: numbers as the language does, texts as plain text, nothing for a gap."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return spell.number(value, lang)
    if isinstance(value, float):
        decimals = len(f"{round(value, 4)}".partition(".")[2])
        return spell.number(
            round(value, 4), lang, 0 if value.is_integer() else min(4, max(2, decimals))
        )
    return str(value).replace("\n", " ")
