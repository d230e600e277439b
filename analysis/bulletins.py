"""How large was the lead that the council announced, what was counted between its two bulletins,
and of whom is its turnout a share?

Method: sums, differences and quotients of the figures that the council read out. Shares of
candidates are shares of valid votes, as the council prints them.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from analysis.tools import amount, derive, percent
from pipeline.model import Derived, Fact, Tables

FIRST, SECOND = "council.first", "council.second"
BOTH = (SECOND, FIRST)
NAMES = {"maduro": "Maduro", "gonzalez": "González", "others": "the other candidates"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the first lead, the others' votes, shares between the bulletins, and turnout."""
    first, second = votes(known, FIRST), votes(known, SECOND)
    yield derive(
        "first.margin",
        first["maduro"] - first["gonzalez"],
        "votes",
        label="Maduro's lead in the first bulletin",
        formula="{0} − {1} = {}",
        inputs=[f"{FIRST}.maduro.votes", f"{FIRST}.gonzalez.votes"],
    )
    yield derive(
        "second.others.votes",
        second["others"],
        "votes",
        label="votes of the other candidates in the second bulletin",
        formula=" + ".join(f"{{{n}}}" for n in range(len(others(known)))) + " = {}",
        inputs=others(known),
    )
    yield from _between(known)
    yield from _turnout(known)


def _between(known: Mapping[str, Fact]) -> Iterator[Derived]:
    for who in ("maduro", "gonzalez"):
        inputs = [f"{when}.{what}" for what in (f"{who}.votes", "valid_votes") for when in BOTH]
        now, before, votes_now, votes_before = (amount(known, name) for name in inputs)
        yield derive(
            f"between.{who}.share",
            percent(now - before, votes_now - votes_before),
            "percent",
            label=f"share of {NAMES[who]} in the votes counted between the bulletins",
            formula="({0} − {1}) ÷ ({2} − {3}) = {}",
            inputs=inputs,
            decimals=1,
        )


def _turnout(known: Mapping[str, Fact]) -> Iterator[Derived]:
    roll = "all registered Venezuelans entitled to vote"
    turnout = (f"{SECOND}.voters", "roll.entitled")
    yield derive(
        "second.turnout_full_roll",
        percent(*(amount(known, name) for name in turnout)),
        "percent",
        label=f"turnout of the second bulletin, of {roll}",
        formula="{0} ÷ {1} = {}",
        inputs=turnout,
        decimals=1,
    )


def others(known: Mapping[str, Fact]) -> list[str]:
    """List the claims of the second bulletin with votes of others than the leading two."""
    pattern = re.compile(rf"{SECOND}\.(?!maduro|gonzalez)[a-z]+\.votes")
    return sorted(name for name in known if pattern.fullmatch(name))


def votes(known: Mapping[str, Fact], bulletin: str) -> dict[str, Fraction]:
    """Return the votes of Maduro, González and all others in a bulletin."""
    rest = others(known) if bulletin == SECOND else [f"{FIRST}.others.votes"]
    two = {who: amount(known, f"{bulletin}.{who}.votes") for who in ("maduro", "gonzalez")}
    return two | {"others": sum((amount(known, name) for name in rest), Fraction(0))}
