"""How near are the announced counts to percentages of one decimal, and how rare is it to come that
near by chance?

Method: Andrew Gelman's and Terence Tao's observation about the first bulletin, and their shortcut
for its odds: a count agrees with some percentage of one decimal once in N / 1000 counts, two counts
fix the third, so the square. Beside it the odds without a shortcut. A bulletin fits if three
percentages of one decimal that sum to the whole, each applied to N and rounded half up, give counts
that sum to N. Each fitting triple of percentages is one split, so fitting triples among all (N +
1)(N + 2) / 2 splits of N into three counts are the chance under the null model that every split is
as likely as any other. (Rounding exact halves otherwise leaves the odds the same to three figures.)
It speaks of the announced counts; it does not say who won.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import comb, exp, floor, pi

import numpy as np
import pandas as pd

from analysis import bulletins
from analysis.tools import amount, derive
from pipeline.model import Derived, Fact, Tables

STEPS = 1000  # percentages of one decimal are thousandths
SPREAD, CHANCE = 5_000, 1  # votes, percent
# what one reprint has for the others, against all other outlets
VARIANT = "pledge_times.first.others.votes"
FIRST = tuple(f"council.first.{who}.votes" for who in bulletins.NAMES)


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the nearness of each count, the two odds, and the two counter-checks: a variant and the
    second bulletin."""
    total = int(amount(known, "council.first.valid_votes"))
    yield from _near(known, total)
    fitting, triples = fits(total), comb(STEPS + 2, 2)
    whole = ("council.first.valid_votes",)
    yield derive(
        "one_decimal.step",
        Fraction(total, STEPS),
        "votes",
        "votes between one percentage of one decimal and the next",
        "valid votes divided by a thousand",
        whole,
        0,
    )
    yield derive(
        "one_decimal.heuristic_odds",
        Fraction(total, STEPS) ** 2,
        "one_in",
        "odds by the shortcut",
        "square of valid votes divided by a thousand",
        whole,
        0,
    )
    yield derive(
        "one_decimal.matching_triples",
        fitting,
        "splits",
        "splits of the total that fit percentages of one decimal",
        "triples of percentages whose rounded counts sum to the valid votes",
        whole,
    )
    yield derive(
        "one_decimal.candidate_triples",
        triples,
        "triples",
        "triples of percentages of one decimal that sum to the whole",
        "ways to split a thousand tenths of a percent into three, as the announced shares do",
        [f"council.first.{who}.share" for who in bulletins.NAMES],
    )
    yield derive(
        "one_decimal.exact_odds",
        Fraction(comb(total + 2, 2), fitting),
        "one_in",
        "odds by counting all splits",
        "all ways to split the valid votes into three counts, divided by those that fit",
        whole,
        0,
    )
    yield from _two_matches(known, total)
    yield from _counter_checks(known, total)


def _near(known: Mapping[str, Fact], total: int) -> Iterator[Derived]:
    for who, name in bulletins.NAMES.items():
        inputs = ["council.first.valid_votes", f"council.first.{who}.share"]
        exact = total * amount(known, inputs[1]) / 100
        yield derive(
            f"one_decimal.{who}.exact",
            exact,
            "votes",
            f"valid votes times the announced share of {name}",
            "valid votes times the announced share",
            inputs,
            3,
        )
        yield derive(
            f"one_decimal.{who}.residual",
            amount(known, f"council.first.{who}.votes") - exact,
            "votes",
            f"announced votes of {name} minus valid votes times the announced share",
            "announced votes minus the product",
            [*inputs, f"council.first.{who}.votes"],
            3,
        )


def _two_matches(known: Mapping[str, Fact], total: int) -> Iterator[Derived]:
    """Yield the odds of two counts that match, and how little they hang on how results are
    spread."""
    whole = ("council.first.valid_votes",)
    odds = Fraction(comb(total + 2, 2), pairs_that_fit(total))
    yield derive(
        "one_decimal.chance",
        CHANCE,
        "percent",
        "a small chance to meet a rare pattern",
        "chosen",
        whole,
    )
    yield derive(
        "one_decimal.two_matches_odds",
        odds,
        "one_in",
        "odds of two matches, by counting all splits",
        "all ways to split the valid votes into three counts, divided by those in which the "
        "first two are "
        "percentages of one decimal",
        whole,
        0,
    )
    yield derive(
        "one_decimal.patterns",
        odds * CHANCE / 100,
        "patterns",
        "patterns as rare that a search would have to cover to meet one with that chance",
        "odds of two matches times the chance",
        whole,
        0,
    )
    yield derive(
        "one_decimal.spread",
        SPREAD,
        "votes",
        "standard deviation of a spread of results",
        "chosen",
        whole,
    )
    # By Poisson's summation formula a normal spread meets a grid of this step as often as an even
    # one, within this share.
    error = 200 * Fraction(exp(-2 * (pi * SPREAD * STEPS / total) ** 2))
    yield derive(
        "one_decimal.spread_error",
        error,
        "percent",
        (
            "by how much the chance of one match can differ from an even spread, at that standard "
            "deviation"
        ),
        "twice the exponential of minus two times the square of pi times the spread over the step",
        whole,
        1,
    )


def pairs_that_fit(total: int) -> int:
    """Count splits of a total in which two of three counts are percentages of one decimal, rounded
    half up."""
    counts = [(step * total + STEPS // 2) // STEPS for step in range(STEPS + 1)]
    return sum(
        1
        for first in range(STEPS + 1)
        for second in range(STEPS + 1 - first)
        if counts[first] + counts[second] <= total
    )


def _counter_checks(known: Mapping[str, Fact], total: int) -> Iterator[Derived]:
    used = ["council.first.valid_votes", "council.first.others.votes", VARIANT]
    other = total - amount(known, used[1]) + amount(known, VARIANT)
    yield derive(
        "one_decimal.variant.valid_votes",
        other,
        "votes",
        "valid votes if the others had as many votes as one outlet prints",
        "valid votes with the variant in place of the announced votes of the others",
        used,
    )
    miss = abs(amount(known, FIRST[0]) - other * amount(known, "council.first.maduro.share") / 100)
    yield derive(
        "one_decimal.variant.maduro_miss",
        miss,
        "votes",
        "by how much Maduro's count then misses his announced share",
        "distance of the announced votes from the variant total times the announced share",
        [*used, FIRST[0], "council.first.maduro.share"],
        0,
    )
    for who in ("maduro", "gonzalez"):
        inputs = [
            f"council.second.{part}" for part in (f"{who}.votes", "valid_votes", f"{who}.share")
        ]
        votes, valid, share = (amount(known, name) for name in inputs)
        yield derive(
            f"one_decimal.second.{who}_miss",
            abs(votes - valid * share / 100),
            "votes",
            (
                f"by how much the count of {bulletins.NAMES[who]} in the second bulletin misses "
                "his announced share"
            ),
            "distance of the announced votes from valid votes times the announced share",
            inputs,
            0,
        )


def fits(total: int, steps: int = STEPS) -> int:
    """Count the triples of whole steps, summing to all steps, whose rounded counts sum to `total`;
    exact, in 64-bit integers."""
    rounded = (np.arange(steps + 1, dtype=np.int64) * total + steps // 2) // steps  # half up
    first, second = np.nonzero(np.add.outer(np.arange(steps + 1), np.arange(steps + 1)) <= steps)
    sums = rounded[first] + rounded[second] + rounded[steps - first - second]
    return int(np.count_nonzero(sums == total))


def nearest(votes: Fraction, total: Fraction, decimals: int) -> tuple[Fraction, Fraction]:
    """Return the nearest percentage of some decimals, and how many votes the count lies above the
    votes it stands for."""
    steps = 100 * 10**decimals
    step = floor(votes * steps / total + Fraction(1, 2))
    return Fraction(100 * step, steps), votes - step * total / steps


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Each count of three publications against percentages of one decimal and of two.

    Columns: count, claimant, date, candidate, votes, decimals, percent (nearest), distance_votes
    (signed), step_votes (between neighbouring percentages), distance_steps (at most half a step
    either way), source_ids.
    """
    sets = {start: bulletins.votes(known, start) for start in (bulletins.FIRST, bulletins.SECOND)}
    sets["opposition.august_6"] = {
        who: amount(known, f"opposition.august_6.{who}.votes") for who in bulletins.NAMES
    }
    rows = []
    for start, counts in sets.items():
        fact, total = known[f"{start}.maduro.votes"], sum(counts.values())
        for who, decimals in ((who, decimals) for who in counts for decimals in (1, 2)):
            share, distance = nearest(counts[who], total, decimals)
            step = total / (100 * 10**decimals)
            rows.append(
                {
                    "count": start,
                    "claimant": fact.claimant,
                    "date": fact.date,
                    "candidate": who,
                    "votes": int(counts[who]),
                    "decimals": decimals,
                    "percent": float(share),
                    "distance_votes": float(distance),
                    "step_votes": float(step),
                    "distance_steps": float(distance / step),
                    "source_ids": ";".join(fact.sources),
                }
            )
    return pd.DataFrame(rows)
