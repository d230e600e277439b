"""Do the council's two bulletins add up, what was counted between them, and of whom is its turnout
a share?

Method: sums, differences and quotients of the figures that the council read out. Shares of
candidates are shares of valid votes, as the council prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from analysis.tools import amount, derive, percent
from pipeline.model import Derived, Fact, Tables

FIRST, SECOND = "council.first", "council.second"
NAMES = {"maduro": "Maduro", "gonzalez": "González", "others": "the other candidates"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield sums, margins, what lies between the bulletins, and turnout on three bases."""
    yield from _sums(known)
    yield from _shares(known)
    yield from _between(known)
    yield from _turnout(known)


def others(known: Mapping[str, Fact]) -> list[str]:
    """List the claims of the second bulletin with votes of a candidate other than the leading
    two."""
    votes = re.compile(rf"{SECOND}\.(?!maduro|gonzalez)[a-z]+\.votes")
    return sorted(name for name in known if votes.fullmatch(name))


def votes(known: Mapping[str, Fact], bulletin: str) -> dict[str, Fraction]:
    """Return the votes of Maduro, González and all others in a bulletin."""
    rest = [f"{FIRST}.others.votes"] if bulletin == FIRST else others(known)
    return {who: amount(known, f"{bulletin}.{who}.votes") for who in ("maduro", "gonzalez")} | {
        "others": _sum(known, rest)
    }


def _sum(known: Mapping[str, Fact], names: Iterable[str]) -> Fraction:
    return sum((amount(known, name) for name in names), Fraction(0))


def _inputs(known: Mapping[str, Fact], bulletin: str, *who: str) -> list[str]:
    rest = others(known) if bulletin == SECOND else [f"{FIRST}.others.votes"]
    return [
        name
        for w in who or NAMES
        for name in (rest if w == "others" else [f"{bulletin}.{w}.votes"])
    ]


def _sums(known: Mapping[str, Fact]) -> Iterator[Derived]:
    for short, bulletin in (("first", FIRST), ("second", SECOND)):
        count = votes(known, bulletin)
        inputs = _inputs(known, bulletin, "maduro", "gonzalez")
        lead = count["maduro"] - count["gonzalez"]
        yield derive(
            f"{short}.margin",
            lead,
            "votes",
            f"Maduro's lead in the {short} bulletin",
            "votes of Maduro minus votes of González",
            inputs,
        )
        yield derive(
            f"{short}.candidates_sum",
            sum(count.values()),
            "votes",
            f"votes of all candidates in the {short} bulletin",
            "sum of the votes of the candidates",
            _inputs(known, bulletin),
        )
    yield derive(
        "second.others.votes",
        count["others"],
        "votes",
        "votes of the other candidates in the second bulletin",
        "sum of the votes of all candidates but the leading two",
        others(known),
    )
    cast = sum(count.values()) + amount(known, f"{SECOND}.null_votes")
    yield derive(
        "second.votes_sum",
        cast,
        "votes",
        "valid and null votes of the second bulletin",
        "votes of all candidates plus null votes",
        [*_inputs(known, SECOND), f"{SECOND}.null_votes"],
    )
    yield derive(
        "second.uncounted_share",
        100 - amount(known, f"{SECOND}.counted"),
        "percent",
        "share of sheets not counted in the second bulletin",
        "the whole minus the share counted",
        [f"{SECOND}.counted"],
        2,
    )


def _shares(known: Mapping[str, Fact]) -> Iterator[Derived]:
    for short, bulletin in (("first", FIRST), ("second", SECOND)):
        count = votes(known, bulletin)
        for who, name in NAMES.items():
            yield derive(
                f"{short}.{who}.share",
                percent(count[who], sum(count.values())),
                "percent",
                f"share of {name} in the {short} bulletin, recomputed",
                f"votes of {name} divided by votes of all candidates",
                _inputs(known, bulletin),
                3,
            )


def _between(known: Mapping[str, Fact]) -> Iterator[Derived]:
    first, second = votes(known, FIRST), votes(known, SECOND)
    added = {who: second[who] - first[who] for who in NAMES}
    every = [*_inputs(known, FIRST), *_inputs(known, SECOND)]
    for who, name in NAMES.items():
        inputs = [*_inputs(known, FIRST, who), *_inputs(known, SECOND, who)]
        yield derive(
            f"between.{who}.votes",
            added[who],
            "votes",
            f"votes of {name} counted between the bulletins",
            f"votes of {name} in the second bulletin minus those in the first",
            inputs,
        )
        yield derive(
            f"between.{who}.share",
            percent(added[who], sum(added.values())),
            "percent",
            f"share of {name} in the votes counted between the bulletins",
            f"votes of {name} counted between divided by all votes counted between",
            every,
            2,
        )
    yield derive(
        "between.valid_votes",
        sum(added.values()),
        "votes",
        "valid votes counted between the bulletins",
        "votes of all candidates in the second bulletin minus those in the first",
        every,
    )


def _turnout(known: Mapping[str, Fact]) -> Iterator[Derived]:
    voters, counted, stated = (
        f"{SECOND}.voters",
        f"{SECOND}.roll_on_counted_sheets",
        f"{SECOND}.roll",
    )
    bases = {
        "turnout_domestic_roll": (stated, "the roll stated with the bulletin", 2),
        "turnout_full_roll": ("roll.entitled", "all registered Venezuelans entitled to vote", 2),
        "turnout_counted_sheets": (counted, "the electors on counted sheets", 3),
    }
    for name, (base, words, decimals) in bases.items():
        yield derive(
            f"second.{name}",
            percent(amount(known, voters), amount(known, base)),
            "percent",
            f"turnout of the second bulletin, of {words}",
            f"voters divided by {words}",
            [voters, base],
            decimals,
        )
    yield derive(
        "second.counted_by_electors",
        percent(amount(known, counted), amount(known, stated)),
        "percent",
        "share of electors on counted sheets",
        "electors on counted sheets divided by the roll stated with the bulletin",
        [counted, stated],
        3,
    )
    yield derive(
        "second.electors_on_uncounted_sheets",
        amount(known, stated) - amount(known, counted),
        "electors",
        "electors on sheets not counted",
        "the roll stated with the bulletin minus electors on counted sheets",
        [stated, counted],
    )
