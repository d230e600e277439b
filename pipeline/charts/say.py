"""The words of a figure: templates with holes that facts fill, and the numbers and dates on its
marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pipeline.charts import fonts
from pipeline.facts import spell
from pipeline.model import Fact
from pipeline.prose.manuscript import nearest

HOLE = re.compile(r"\{([a-z][\w.-]*)(?:\|(\w+))?\}")
BRIEF = {"short": "d MMM", "dated": "d MMM y", "monthly": "MMM y"}


class Unfilled(NamedTuple):
    """A hole that no fact fills: the template part, what is wrong, and what to write instead."""

    hole: str
    message: str
    hint: str


class Say:
    """What a chart may ask for while it is drawn: its language, its width, its words, spelled
    values.

    `say("key")` is a label of the figure, `say.number(1234)` spells a value.
    """

    def __init__(self, labels: Mapping[str, str], lang: str, width: int, size: int, narrow: bool):
        self.labels, self.lang, self.width, self.size, self.narrow = (
            labels,
            lang,
            width,
            size,
            narrow,
        )

    def __call__(self, key: str, otherwise: str | None = None) -> str:
        """Give a label of the figure, or what is said otherwise if it has none of that name."""
        return self.labels[key] if otherwise is None else self.labels.get(key, curled(otherwise))

    def number(self, value: Any, decimals: int = 0) -> str:
        """Spell a number, a count if no decimals are asked for."""
        return spell.number(exact(value), self.lang, decimals)

    def percent(self, value: Any, decimals: int | None = None) -> str:
        """Spell a percentage with these decimals, or with those that the value has, two at most."""
        shown = f"{value:.2f}".rstrip("0").partition(".")[2] if decimals is None else "0" * decimals
        return spell.text(exact(value), "percent", self.lang, decimals=len(shown))

    def millions(self, value: Any, decimals: int = 2) -> str:
        return spell.millions(exact(value), self.lang, decimals)

    def date(self, iso: str, style: str = "short") -> str:
        """Spell a date: short (29 Jul), dated (29 Jul 2024), monthly (Jul 2024), or in any style
        that facts have."""
        return (
            _brief(iso, self.lang, style).replace(" ", "\u00a0")
            if style in BRIEF
            else spell.day(iso, self.lang, style)
        )

    def measure(self, text: str, style: str = "Regular") -> float:
        """Measure the width of a label in pixels."""
        return fonts.width(text, self.size, style=style)

    def wrap(self, text: str, limit: float) -> str:
        """Break a label into lines of at most `limit` pixels."""
        return "\n".join(fonts.wrap(text, self.size, limit))


def curled(text: str) -> str:
    """Turn typewriter quotes and apostrophes into printed ones; a quote opens at the start and
    after a space or a bracket."""
    return re.sub(r'(^|[\s(\[])"', r"\1“", text).replace('"', "”").replace("'", "’")


def filled(template: str, facts: Mapping[str, Fact], lang: str) -> str:
    """Fill the holes of a template and curl its quotes; KeyError for a hole that no fact fills."""
    return curled(HOLE.sub(lambda hole: spelled(facts, hole[1], lang)[hole[2] or ""], template))


def exact(value: Any) -> Any:
    """Take a number out of the wrapping that table columns give it, which cannot be rounded
    exactly."""
    return value.item() if hasattr(value, "item") else value


@cache
def _brief(iso: str, lang: str, style: str) -> str:
    from datetime import date

    from babel.dates import format_date

    return format_date(date.fromisoformat(iso), BRIEF[style], locale=lang)


_SPELLED: dict[tuple[str, str, str], dict[str, str]] = {}


def spelled(facts: Mapping[str, Fact], name: str, lang: str) -> dict[str, str]:
    """Spell a fact in all its styles."""
    fact = facts[name]
    key = (name, repr(fact.value), lang)
    if key not in _SPELLED:
        _SPELLED[key] = spell.texts(fact.value, fact.unit, lang, fact.decimals)
    return _SPELLED[key]


def unfilled(template: str, facts: Mapping[str, Fact], lang: str) -> Iterator[Unfilled]:
    """Find the holes that no fact fills, and the styles that a fact does not have."""
    for hole in HOLE.finditer(template):
        name, style = hole[1], hole[2] or ""
        if name not in facts:
            yield Unfilled(hole[0], f'no fact "{name}"', nearest(name, facts))
        elif style not in spelled(facts, name, lang):
            known = ", ".join(s for s in spelled(facts, name, lang) if s)
            yield Unfilled(
                hole[0], f'{name} has no style "{style}"', f"it can be printed as: {known}"
            )


def shortcodes(template: str) -> str:
    """Turn holes into the shortcodes by which prose names facts, so that numbers in captions are
    linked too."""
    return HOLE.sub(
        lambda hole: f"{{{{< fact {hole[1]}{' ' + hole[2] if hole[2] else ''} >}}}}", template
    )
