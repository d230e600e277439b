"""Write what the prose includes for a figure: its words and picture; for the web its rows too."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import schema
from pipeline.charts import say
from pipeline.charts.figure import Picture
from pipeline.facts import spell
from pipeline.prose.manuscript import escape
from pipeline.theme import fill, words

OF_ALL = Path("figures/style.yml")  # the words of all figures
HIDDEN = ("source_ids", "act")  # long, and of use one row at a time: page and file have them
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
PAGE = """\
::: {{#fig-{id}}}
::: {{.figure-title}}
{title}

{subtitle}

{reading}
:::

![]({folder}/wide.svg){{fig-alt="{alt}"}}

{note} {source}.
:::

::: {{.made file="{folder}/values"}}
:::

<!-- Made by the build; edit {module} -->
"""


def of_all(lang: str) -> dict[str, Any]:
    """Read the words of all figures: kicker, what hollow means, short names."""
    return schema.read(OF_ALL, "words of all figures")[lang]


def shared(picture: Picture, words: dict[str, Any]) -> dict[str, str]:
    """Give what stands on every picture, with holes: where and when; how to read its marks.

    words: those of all figures
    """
    hollow = "hollow" in picture.rows and picture.rows["hollow"].any()
    aids = [picture.figure.template[picture.lang].get("reading"), words["hollow"] if hollow else ""]
    return {"kicker": words["kicker"], "reading": " ".join(filter(None, aids))}


def links(picture: Picture) -> str:
    """Make what stands below a figure on the web: ways to its values, pictures, page, entries."""
    known = {"figure": picture.figure.id, "entries": picture.words["entries"]}
    return fill("values.html", words=words("values", picture.lang), **known)


def values(picture: Picture) -> str:
    """Make the table of a figure's values, which is printed behind the report."""
    spelled = names(picture.words["labels"])
    heads = picture.words["columns"] or {
        name: name.replace("_", " ") for name in picture.rows if name not in HIDDEN
    }
    rows = picture.rows[list(heads)]
    numbers = [f"r{n}" for n, kind in enumerate(rows.dtypes, 1) if kind.kind in "iuf"]
    decimals = {name: places(rows[name]) for name in rows}
    cells = [
        [
            cell(spelled.get(value, value), picture.lang, decimals[name])
            for name, value in row.items()
        ]
        for row in rows.to_dict("records")
    ]
    return fill(
        "values.typ",
        words=words("values", picture.lang),
        figure=picture.figure.id,
        classes=" ".join(numbers),
        heads=heads.values(),
        rows=cells,
    )


def names(labels: Mapping[str, str]) -> dict[str, str]:
    """Say what codes of the rows are called in tables: as on the chart, without what is counted."""
    said = {code: label for code, label in labels.items() if "{0}" not in label}
    return {code: label.replace("\n", " ").partition(":")[0] for code, label in said.items()}


def page(build: Path, picture: Picture) -> str:
    """Make the Markdown of a figure; holes become shortcodes, so numbers in captions are linked."""
    name, told = picture.figure.id, picture.figure.template[picture.lang] | picture.shared
    alt = picture.words["alt"].replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return PAGE.format(
        id=name,
        folder=f"{build}/figures/{name}/{picture.lang}",
        alt=alt,
        module=picture.figure.path,
        source=escape(picture.words["source_line"]),
        **{key: say.shortcodes(told[key]) for key in ("title", "subtitle", "reading", "note")},
    )


def places(column: pd.Series) -> int:
    """Count the decimals with which all numbers of a column are spelled, four at most."""
    if column.dtype.kind != "f":
        return 0
    return max(len(f"{v:.4f}".rstrip("0").partition(".")[2]) for v in [0, *column.dropna()])


def cell(value: Any, lang: str, decimals: int) -> str:
    """Spell one value: numbers and days as the language does, a gap as nothing."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return spell.number(round(value, decimals), lang, decimals)
    if DATE.fullmatch(value):
        return spell.day(value, lang, "dated")
    return str(value).replace("\n", " ")
