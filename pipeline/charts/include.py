"""Write what the prose includes for a figure: title, picture, caption; for the web its rows too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.charts import say
from pipeline.charts.figure import Picture
from pipeline.facts import spell
from pipeline.prose.appendix import escape

LINKS = {
    "Data": "{0}.csv",
    "SVG": "{0}.svg",
    "PNG": "{0}.png",
    "PDF": "{0}.pdf",
    "Cite": "index.html#cite",
    "Open": "index.html",
}
HIDDEN = ("source_ids", "act")  # long, and of use one row at a time: page and file have them
# Before Typst, Quarto reads the whole text as plain Markdown, where shortcodes cost time by their
# square, and a comment ends the count: 6.5 s became 0.3 s. So the last line has its use.
PAGE = """\
::: {{#fig-{id}}}
::: {{.figure-title}}
{title}

{subtitle}
:::

![]({folder}/wide.svg){{fig-alt="{alt}"}}

{caption}
:::

::: {{.figure-tools figure="{id}" file="{folder}/tools.md"}}
:::

<!-- Made by the build; edit {module} -->
"""


def tools(picture: Picture) -> str:
    """Make what only the web shows below a figure, in a file of its own for speed."""
    name = picture.figure.id
    links = (f"[{label}](figures/{name}/{file.format(name)})" for label, file in LINKS.items())
    return "\n".join([*table(picture), "", " · ".join(links), ""])


def page(build: Path, picture: Picture) -> str:
    """Make the Markdown of a figure; holes become shortcodes, so numbers in captions are linked."""
    name, words = picture.figure.id, picture.figure.module.WORDS[picture.lang]
    alt = picture.words["alt"].replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return PAGE.format(
        id=name,
        folder=f"{build}/figures/{name}/{picture.lang}",
        alt=alt,
        module=picture.figure.path,
        **{key: say.shortcodes(words[key]) for key in ("title", "subtitle", "caption")},
    )


def table(picture: Picture) -> list[str]:
    """Make a pipe table of the rows plotted; codes that the chart spells out are spelled here."""
    labels = picture.words["labels"].items()
    spelled = {k: v.replace("\n", " ").partition(":")[0] for k, v in labels if "{0}" not in v}
    rows = picture.rows.drop(columns=[name for name in HIDDEN if name in picture.rows])
    records = rows.to_dict("records")
    cells = [
        [cell(spelled.get(value, value), picture.lang) for value in record.values()]
        for record in records
    ]
    rule = ["---:" if kind.kind in "iuf" else "---" for kind in rows.dtypes]
    head = [f"| {' | '.join(name.replace('_', ' ') for name in rows)} |", f"|{'|'.join(rule)}|"]
    return head + [f"| {' | '.join(row)} |" for row in cells]


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
    return escape(value)
