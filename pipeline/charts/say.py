"""The words of a figure: templates with holes that facts fill, and the values on its marks."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.errors import nearest
from pipeline.facts import spell
from pipeline.model import Fact

HOLE = re.compile(r"\{([a-z][\w.-]*)(?:\|(\w+))?\}")


class Words:
    """The words of a figure in one language, all holes filled; and how values are spelled in it.

    `words("key")` is a label of the figure, `words.number(1234)` spells a value.
    used: the labels that were asked for so far
    """

    def __init__(self, labels: Mapping[str, str], lang: str):
        self.labels, self.lang = labels, lang
        self.used: set[str] = set()

    def __call__(self, key: str, otherwise: str | None = None) -> str:
        """Give a label of the figure, or what is said otherwise if it has none of that name.

        Raises NoLabel if it has none, and nothing else is to be said.
        """
        self.used.add(key)
        if key not in self.labels and otherwise is None:
            raise NoLabel(key)
        return self.labels.get(key, otherwise or "")

    def number(self, value: Any, decimals: int = 0) -> str:
        """Spell a number, a count if no decimals are asked for."""
        return spell.number(exact(value), self.lang, decimals)

    def percent(self, value: Any, decimals: int | None = None) -> str:
        """Spell a percentage with these decimals, or with those that the value has, two at most."""
        if decimals is None:
            decimals = len(f"{value:.2f}".rstrip("0").partition(".")[2])
        return spell.text(exact(value), "percent", self.lang, decimals=decimals)

    def date(self, iso: str, style: str = "short") -> str:
        """Spell a date: short (29 Jul), dated (29 Jul 2024), monthly (Jul 2024), or long."""
        return spell.day(iso, self.lang, style)


class NoLabel(KeyError):
    """A label that a chart asks for and its words do not have."""


def exact(value: Any) -> Any:
    """Take a number out of the wrapping of table columns, which cannot be rounded exactly."""
    return value.item() if hasattr(value, "item") else value


def filled(template: str, facts: Mapping[str, Fact], lang: str) -> str:
    """Fill the holes of a template and curl its quotes; KeyError for a hole that no fact fills."""
    return spell.curled(
        HOLE.sub(lambda hole: spelled(facts[hole[1]], lang)[hole[2] or ""], template)
    )


def spelled(fact: Fact, lang: str) -> dict[str, str]:
    """Spell a fact in all its styles: style → text, "" being the usual one."""
    return spell.texts(fact.value, fact.unit, lang, fact.decimals)


def unfilled(template: str, facts: Mapping[str, Fact], lang: str) -> Iterator[tuple[str, str, str]]:
    """Yield for each hole that no fact fills: the hole, what is wrong, what to write instead."""
    for hole in HOLE.finditer(template):
        name, style = hole[1], hole[2] or ""
        if name not in facts:
            yield hole[0], f'no fact "{name}"', nearest(name, facts)
            continue
        styles = spelled(facts[name], lang)
        if style not in styles:
            known = f"it can be printed as: {', '.join(filter(None, styles))}"
            yield hole[0], f'{name} has no style "{style}"', known


def shortcodes(template: str) -> str:
    """Turn holes into the shortcodes by which prose names facts, so that they are linked too."""
    return HOLE.sub(
        lambda hole: f"{{{{< fact {hole[1]}{' ' + hole[2] if hole[2] else ''} >}}}}", template
    )
