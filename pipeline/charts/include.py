"""Write what the prose includes for a figure: title, picture, caption, and for the web its data and
links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.charts import say
from pipeline.facts import spell
from pipeline.prose.appendix import escape

if TYPE_CHECKING:
    from pipeline.charts.rows import Numbers

LINKS = {
    "en": {
        "Data": "{0}/{1}.csv",
        "SVG": "{0}/{1}.svg",
        "PNG": "{0}/{1}.png",
        "PDF": "{0}/{1}.pdf",
        "Cite": "{0}/index.html#cite",
        "Open": "{0}/index.html",
    },
    "es": {
        "Datos": "{0}/{1}.csv",
        "SVG": "{0}/{1}.svg",
        "PNG": "{0}/{1}.png",
        "PDF": "{0}/{1}.pdf",
        "Citar": "{0}/index.html#cite",
        "Abrir": "{0}/index.html",
    },
}
HERE = {"en": "figures", "es": "../figures"}
HIDDEN = (
    "source_ids",
    "act",
)  # long, and of use one row at a time: the figure's own page and file have them


def ours(page: Path) -> bool:
    """Tell whether an include was written for a figure."""
    return page.read_text(encoding="utf-8").startswith("::: {#fig-")


def tools(picture: Numbers) -> str:
    """Make what only the web shows below a figure: its table and its links, in a file of their own
    for speed."""
    name = picture.figure.id
    links = " · ".join(
        f"[{label}]({HERE[picture.lang]}/{link.format(name, name)})"
        for label, link in LINKS[picture.lang].items()
    )
    return "\n".join([*table(picture), "", links, ""])


def page(build: Path, picture: Numbers) -> str:
    """Make the Markdown of a figure; holes become fact shortcodes, so numbers in captions are
    linked."""
    name, words = picture.figure.id, picture.figure.module.WORDS[picture.lang]
    alt = picture.words["alt"].replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    folder = f"{build}/figures/{name}/{picture.lang}"
    return "\n".join(
        [
            f"::: {{#fig-{name}}}",
            "::: {.figure-title}",
            say.shortcodes(words["title"]),
            "",
            say.shortcodes(words["subtitle"]),
            ":::",
            "",
            f'![]({folder}/wide.svg){{fig-alt="{alt}"}}',
            "",
            say.shortcodes(words["caption"]),
            ":::",
            "",
            f'::: {{.figure-tools figure="{name}" file="{folder}/tools.md"}}',
            ":::",
            "",
            # Before Typst, Quarto reads the whole text as plain Markdown, where shortcodes cost
            # time by their square
            # and a comment ends the count: 6.5 s became 0.3 s.
            f"<!-- Made by the build; edit {picture.figure.path} -->",
            "",
        ]
    )


def readable(picture: Numbers) -> dict[str, str]:
    """List the codes that a figure spells out on its chart, so that its table can spell them too:
    code → words."""
    labels = picture.words["labels"].items()
    return {
        code: words.replace("\n", " ").partition(":")[0]
        for code, words in labels
        if "{0}" not in words
    }


def table(picture: Numbers) -> list[str]:
    """Make a pipe table of the rows plotted, numbers and codes spelled in the language."""
    words = readable(picture)
    shown = [column for column in picture.rows.columns if column not in HIDDEN]
    numeric = [column for column in shown if picture.rows[column].dtype.kind in "iuf"]
    head = "| " + " | ".join(column.replace("_", " ") for column in shown) + " |"
    rule = "|" + "|".join("---:" if column in numeric else "---" for column in shown) + "|"
    records = picture.rows[shown].to_dict("records")
    return [
        head,
        rule,
        *(
            "| "
            + " | ".join(cell(spelled(row[column], words), picture.lang) for column in shown)
            + " |"
            for row in records
        ),
    ]


def spelled(value: Any, words: dict[str, str]) -> Any:
    return words.get(value, value) if isinstance(value, str) else value


def cell(value: Any, lang: str) -> str:
    """Spell one value: numbers with the separators of the language, texts as plain text, nothing
    for a gap."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "es": ("no", "sí")}[lang][value]
    if isinstance(value, int):
        return spell.number(value, lang)
    if isinstance(value, float):
        return spell.number(
            round(value, 4),
            lang,
            0
            if value.is_integer()
            else min(4, max(2, len(str(round(value, 4)).partition(".")[2]))),
        )
    return escape(value)
