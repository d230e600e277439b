"""The first cell of the report done the conventional way: all tables, numbers and charts at once.

`make bench` writes this file into a notebook, whose further cells print facts and show figures. It
takes the project's own tables, analyses and charts, so that the way alone differs, and checks
nothing.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import vl_convert
import yaml

from figures import style
from pipeline.charts import fonts
from pipeline.charts.draw import specification
from pipeline.charts.include import of_all
from pipeline.charts.rows import plain
from pipeline.charts.say import Words, filled
from pipeline.facts import collect, spell
from pipeline.tables import read

LANG = "en"
SHORTCODE = re.compile(r"\{\{<\s*fact\s+(\S+)\s*(\w*)\s*>\}\}")
tables = read.load(Path("data"))
facts = collect.collect(tables)
vl_convert.register_font_directory(str(fonts.FOLDER))


def fact(name: str, style: str = "") -> str:
    """Spell a fact as the prose prints it."""
    return spell.text(facts[name].value, facts[name].unit, LANG, style, facts[name].decimals)


def prose(text: str) -> str:
    """Fill the facts into a passage of prose."""
    return SHORTCODE.sub(lambda code: fact(code[1], code[2]), text)


def words(name: str) -> dict[str, Any]:
    return yaml.safe_load(Path(f"figures/{name.replace('-', '_')}.yml").read_text("utf-8"))[LANG]


def caption(name: str) -> str:
    """Give what is written at a figure: title, subtitle, note."""
    parts = ("title", "subtitle", "note")
    return " ".join(filled(words(name)[part], facts, LANG) for part in parts)


def chart(name: str) -> dict[str, Any]:
    """Make the specification of a figure, at the wide width only, from tables and facts."""
    module = import_module(f"figures.{name.replace('-', '_')}")
    labels = of_all(LANG).get("labels", {}) | words(name).get("labels", {})
    say = Words({key: filled(text, facts, LANG) for key, text in labels.items()}, LANG)
    look = style.Look(style.WIDTHS["wide"], narrow=False)
    return specification(module.chart(plain(module.rows(tables, facts)), say, look), look)


def picture(name: str) -> str:
    """Draw a figure as SVG."""
    return vl_convert.vegalite_to_svg(chart(name))
