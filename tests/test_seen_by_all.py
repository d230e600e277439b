"""Nobody is shut out of a figure: in grey, and with each deficiency of colour vision, what means
something else looks otherwise or says so."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from lxml import etree

from figures import style
from tests.drawing import Mark, marks
from tests.test_citable_figures import FIGURES

pytestmark = pytest.mark.slow
APART = 10  # of lightness, L* from 0 to 100
# Machado, Oliveira and Fernandes (2009): what is left of linear red, green and blue without one
# kind of cone.
VISIONS = {
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lightness(colour: str, vision: str) -> float:
    """Say how light a colour looks with a kind of vision: CIE L*."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    luminance = float(np.array(VISIONS["grey"][0]) @ seen)
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def alike(one: str, other: str) -> list[str]:
    """List the ways of seeing in which two roles are about equally light."""
    return [
        f"{vision}, {page}"
        for at, page in enumerate(("light", "dark"))
        for vision in VISIONS
        if abs(
            lightness(style.PALETTE[one][at], vision) - lightness(style.PALETTE[other][at], vision)
        )
        < APART
    ]


def told_apart(one: list[Mark], other: list[Mark], texts: list[Mark]) -> bool:
    """Tell whether marks of two colours say in a second way what they are.

    They have places of their own (all of the one are beyond all of the other), or rows of their
    own, at whose start there is a text, or on or beside every one of them there is a text.
    """
    for low, high in (("left", "right"), ("top", "bottom")):
        first, second = sorted((one, other), key=lambda group: min(getattr(m, low) for m in group))
        if max(getattr(m, high) for m in first) <= min(getattr(m, low) for m in second) + 1:
            return True
    rows = {(m.top + m.bottom) // 2 for m in one} & {(m.top + m.bottom) // 2 for m in other}
    if not rows and all(begun(mark, texts) for mark in one + other):
        return True
    return all(named(mark, texts) for mark in one + other)


def begun(mark: Mark, texts: list[Mark]) -> bool:
    """Tell whether a text stands at the start of the row of a mark."""
    middle = (mark.top + mark.bottom) / 2
    return any(text.left < mark.left and abs(text.top - middle) <= 14 for text in texts)


def named(mark: Mark, texts: list[Mark]) -> bool:
    """Tell whether a text stands on a mark, or begins or ends beside it."""
    return any(
        mark.left - 14 <= text.left <= mark.right + 14
        and mark.top - 14 <= text.top <= mark.bottom + 14
        for text in texts
    )


def confusing(drawn: list[Mark]) -> list[str]:
    """List pairs of meanings of a drawing that look alike to somebody, and say nothing else."""
    spoken = [mark for mark in drawn if mark.label and mark.shape != "text"]
    texts = [mark for mark in drawn if mark.shape == "text"]
    groups: dict[str, list[Mark]] = {}
    for mark in spoken:
        groups.setdefault(mark.colour, []).append(mark)
    return [
        f"{one} and {other}: {', '.join(found)}"
        for one, other in combinations(groups, 2)
        if (found := alike(one, other)) and not told_apart(groups[one], groups[other], texts)
    ]


@pytest.mark.parametrize("kind", ["wide", "narrow"])
@pytest.mark.parametrize("name", FIGURES)
def test_what_differs_is_seen_or_said_by_all(name, kind, project, record_property):
    path = project / f"build/figures/{name}/en/{kind}.svg"
    drawn = marks(etree.parse(path).getroot())
    colours = {mark.colour for mark in drawn if mark.label and mark.shape != "text"}
    assert confusing(drawn) == []
    record_property("pairs", len(colours) * (len(colours) - 1) // 2)


def test_the_candidates_and_neighbouring_positions_differ_to_all_eyes():
    assert alike("maduro", "gonzalez") == []
    for one, other in pairwise(style.POSITIONS.values()):
        assert alike(one, other) == [], f"{one} and {other}"


def test_marks_alike_in_grey_that_say_nothing_else_are_found():
    def mark(role: str, left: float) -> Mark:
        return Mark("path", role, role, left, 0, left + 5, 5, "", "a mark", "")

    mixed = [mark("maduro", 0), mark("neutral", 30), mark("maduro", 60)]
    assert confusing(mixed) and "grey, light" in confusing(mixed)[0]
    text = Mark("text", "ink", "", 2, 2, 2, 2, "M", "", "")
    said = [m for one in mixed for m in (one, text._replace(left=one.left + 2, right=one.left + 2))]
    assert confusing(said) == []
    assert confusing(mixed[:2]) == [], "each has a place of its own"
