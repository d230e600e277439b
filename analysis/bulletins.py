"""How large was the lead that the council announced, what was counted between its two bulletins,
and of whom is its turnout a share?

Method: sums, differences and quotients of the figures that the council read out. Shares of
candidates are shares of valid votes, as the council prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from analysis.tools import amount, derive, percent
from pipeline.model import Derived, Fact, Tables

FIRST, SECOND = "council.first", "council.second"
NAMES = {"maduro": "Maduro", "gonzalez": "González", "others": "the other candidates"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the first lead, the others' votes, shares between the bulletins, and turnout."""
    first, second = votes(known, FIRST), votes(known, SECOND)
    yield derive(
        "first.margin",
        first["maduro"] - first["gonzalez"],
        "votes",
        label="Maduro's lead in the first bulletin",
        formula="votes of Maduro minus votes of González",
        inputs=[f"{FIRST}.maduro.votes", f"{FIRST}.gonzalez.votes"],
    )
    yield derive(
        "second.others.votes",
        second["others"],
        "votes",
        label="votes of the other candidates in the second bulletin",
        formula="sum of the votes of all candidates but the leading two",
        inputs=others(known),
    )
    yield from _between(known)
    yield from _turnout(known)


def _between(known: Mapping[str, Fact]) -> Iterator[Derived]:
    first, second = votes(known, FIRST), votes(known, SECOND)
    every = [name for bulletin in (FIRST, SECOND) for name in every_vote(known, bulletin)]
    added = sum(second.values()) - sum(first.values())
    for who in ("maduro", "gonzalez"):
        name = NAMES[who]
        yield derive(
            f"between.{who}.share",
            percent(second[who] - first[who], added),
            "percent",
            label=f"share of {name} in the votes counted between the bulletins",
            formula=f"votes of {name} counted between divided by all votes counted between",
            inputs=every,
            decimals=2,
        )


def _turnout(known: Mapping[str, Fact]) -> Iterator[Derived]:
    roll = "all registered Venezuelans entitled to vote"
    turnout = (f"{SECOND}.voters", "roll.entitled")
    yield derive(
        "second.turnout_full_roll",
        percent(amount(known, turnout[0]), amount(known, turnout[1])),
        "percent",
        label=f"turnout of the second bulletin, of {roll}",
        formula=f"voters divided by {roll}",
        inputs=turnout,
        decimals=2,
    )


def others(known: Mapping[str, Fact]) -> list[str]:
    """List the claims of the second bulletin with votes of others than the leading two."""
    pattern = re.compile(rf"{SECOND}\.(?!maduro|gonzalez)[a-z]+\.votes")
    return sorted(name for name in known if pattern.fullmatch(name))


def claims(known: Mapping[str, Fact], bulletin: str) -> dict[str, list[str]]:
    """Name the claims with the votes of Maduro, González and all others in a bulletin."""
    rest = others(known) if bulletin == SECOND else [f"{FIRST}.others.votes"]
    two = {who: [f"{bulletin}.{who}.votes"] for who in ("maduro", "gonzalez")}
    return two | {"others": rest}


def every_vote(known: Mapping[str, Fact], bulletin: str) -> list[str]:
    """List all claims with votes of candidates in a bulletin."""
    return [name for names in claims(known, bulletin).values() for name in names]


def votes(known: Mapping[str, Fact], bulletin: str) -> dict[str, Fraction]:
    """Return the votes of Maduro, González and all others in a bulletin."""
    return {
        who: sum((amount(known, name) for name in names), Fraction(0))
        for who, names in claims(known, bulletin).items()
    }
