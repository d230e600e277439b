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

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import comb, exp, floor, pi
from typing import Any

import numpy as np
import pandas as pd

from analysis import bulletins, results
from analysis.tools import amount, derive
from pipeline.model import Derived, Fact, Tables

STEPS = 1000  # percentages of one decimal are thousandths
SPREAD, CHANCE = 5_000, 1  # votes, percent
# what one reprint has for the others, against all other outlets
VARIANT = "pledge_times.first.others.votes"
VALID = "council.first.valid_votes"
FILE, BY_STATE, WHOLE = "opposition.august_6", "opposition.august_6.states", "Venezuela"


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how near each count is, the odds, and two counter-checks: a variant, the second."""
    yield from _near(known)
    yield from _odds(known)
    yield from _two_matches(known)
    yield from _spread(known)
    yield from _counter_checks(known)
    yield from _by_state(tables)


def _near(known: Mapping[str, Fact]) -> Iterator[Derived]:
    for who, name in bulletins.NAMES.items():
        votes, share = f"council.first.{who}.votes", f"council.first.{who}.share"
        exact = amount(known, VALID) * amount(known, share) / 100
        yield derive(
            f"one_decimal.{who}.exact",
            exact,
            "votes",
            label=f"valid votes times the announced share of {name}",
            formula="{0} × {1} = {}",
            inputs=[VALID, share],
            decimals=3,
        )
        yield derive(
            f"one_decimal.{who}.residual",
            amount(known, votes) - exact,
            "votes",
            label=f"announced votes of {name} minus valid votes times the announced share",
            formula="{2} − {0} × {1} = {}",
            inputs=[VALID, share, votes],
            decimals=1,
        )


def _odds(known: Mapping[str, Fact]) -> Iterator[Derived]:
    total = int(amount(known, VALID))
    step = Fraction(total, STEPS)
    yield derive(
        "one_decimal.step",
        step,
        "votes",
        label="votes between one percentage of one decimal and the next",
        formula="{0} ÷ 1,000 = {}",
        inputs=[VALID],
        decimals=0,
    )
    yield derive(
        "one_decimal.heuristic_odds",
        step**2,
        "one_in",
        label="odds by the shortcut",
        formula="square of {0} ÷ 1,000",
        inputs=[VALID],
        decimals=0,
    )
    yield derive(
        "one_decimal.exact_odds",
        Fraction(comb(total + 2, 2), fits(total)),
        "one_in",
        label="odds by counting all splits",
        formula="all ways to split {0} into three counts, divided by those that fit",
        inputs=[VALID],
        decimals=0,
    )


def _two_matches(known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the odds of two counts that match, and how many patterns as rare one would meet."""
    total = int(amount(known, VALID))
    odds = Fraction(comb(total + 2, 2), pairs_that_fit(total))
    for name, value, unit, decimals, label, formula, inputs in (
        ("chance", CHANCE, "percent", None, "a small chance to meet a rare pattern", "", []),
        (
            "two_matches_odds",
            odds,
            "one_in",
            0,
            "odds of two matches, by counting all splits",
            "all ways to split {0} into three counts, divided by those in which the first two are "
            "percentages of one decimal",
            [VALID],
        ),
        (
            "patterns",
            odds * CHANCE / 100,
            "patterns",
            0,
            "patterns as rare that a search would have to cover to meet one with that chance",
            "{0} of {1}",
            ["one_decimal.chance", "one_decimal.two_matches_odds"],
        ),
    ):
        yield derive(
            f"one_decimal.{name}",
            value,
            unit,
            label=label,
            formula=formula,
            inputs=inputs,
            decimals=decimals,
        )


def _spread(known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield by how much those odds can differ where results are spread in another way."""
    total = int(amount(known, VALID))
    # By Poisson's summation formula a normal spread meets a grid of this step as often as an even
    # one, within this share.
    error = 200 * Fraction(exp(-2 * (pi * SPREAD * STEPS / total) ** 2))
    yield derive(
        "one_decimal.spread",
        SPREAD,
        "votes",
        label="standard deviation of a spread of results",
    )
    yield derive(
        "one_decimal.spread_error",
        error,
        "percent",
        label=(
            "by how much the chance of one match can differ from an even spread, at that "
            "standard deviation"
        ),
        formula=("twice the exponential of minus two times the square of pi times {0} over {1}"),
        inputs=["one_decimal.spread", "one_decimal.step"],
        decimals=1,
    )


def _counter_checks(known: Mapping[str, Fact]) -> Iterator[Derived]:
    others, votes = "council.first.others.votes", "council.first.maduro.votes"
    share = "council.first.maduro.share"
    total = amount(known, VALID) - amount(known, others) + amount(known, VARIANT)
    yield derive(
        "one_decimal.variant.maduro_miss",
        abs(amount(known, votes) - total * amount(known, share) / 100),
        "votes",
        label="by how much Maduro's count then misses his announced share",
        formula="distance of {3} from ({0} − {1} + {2}) × {4}: {}",
        inputs=[VALID, others, VARIANT, votes, share],
        decimals=0,
    )
    for who in ("maduro", "gonzalez"):
        name = bulletins.NAMES[who]
        inputs = [
            f"council.second.{part}" for part in (f"{who}.votes", "valid_votes", f"{who}.share")
        ]
        announced, valid, percent = (amount(known, name) for name in inputs)
        yield derive(
            f"one_decimal.second.{who}_miss",
            abs(announced - valid * percent / 100),
            "votes",
            label=(
                f"by how much the count of {name} in the second bulletin misses his announced share"
            ),
            formula="distance of {0} from {1} × {2}: {}",
            inputs=inputs,
            decimals=0,
        )


def _by_state(tables: Tables) -> Iterator[Derived]:
    """Yield how many counts by state there are to compare with, and how many of them fit."""
    rows = by_state(tables)
    fit = rows["distance_votes"].abs() <= 0.5
    for name, number, label in (
        ("counts", len(rows), "counts by state and candidate in the second file"),
        (
            "fit",
            int(fit.sum()),
            "counts by state and candidate in the second file that are the nearest to a "
            "percentage of one decimal",
        ),
    ):
        yield derive(
            f"one_decimal.states.{name}",
            number,
            "counts",
            label=label,
            formula="number of counts: of Maduro, of González and of the others in each state",
            inputs=[results.STATES["v2"]],
        )


def pairs_that_fit(total: int) -> int:
    """Count splits of a total in which two of three counts are percentages of one decimal."""
    counts = (np.arange(STEPS + 1, dtype=np.int64) * total + STEPS // 2) // STEPS  # half up
    first, second = np.nonzero(np.add.outer(np.arange(STEPS + 1), np.arange(STEPS + 1)) <= STEPS)
    return int(np.count_nonzero(counts[first] + counts[second] <= total))


def fits(total: int, steps: int = STEPS) -> int:
    """Count the triples of whole steps, summing to all, whose rounded counts sum to `total`."""
    rounded = (np.arange(steps + 1, dtype=np.int64) * total + steps // 2) // steps  # half up
    first, second = np.nonzero(np.add.outer(np.arange(steps + 1), np.arange(steps + 1)) <= steps)
    sums = rounded[first] + rounded[second] + rounded[steps - first - second]
    return int(np.count_nonzero(sums == total))


def nearest(votes: Fraction, total: Fraction, decimals: int) -> tuple[Fraction, Fraction]:
    """Return the nearest percentage of some decimals, and how many votes the count lies above."""
    steps = 100 * 10**decimals
    step = floor(votes * steps / total + Fraction(1, 2))
    return Fraction(100 * step, steps), votes - step * total / steps


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Counts of three publications against the percentages with the decimals of each, and of the
    states in the third against those of one decimal.

    Columns: count, claimant, date, place (a state, or the whole), candidate, votes, decimals,
    percent (nearest), distance_votes (signed), step_votes (between neighbouring percentages),
    distance_steps (at most half a step either way), source_ids.
    """
    file = {who: amount(known, f"{FILE}.{who}.votes") for who in bulletins.NAMES}
    sets = (
        (bulletins.FIRST, bulletins.votes(known, bulletins.FIRST), 1),
        (bulletins.SECOND, bulletins.votes(known, bulletins.SECOND), 2),
        (FILE, file, 2),
    )
    whole = [
        _told(known[f"{start}.maduro.votes"]) | {"count": start, "place": WHOLE} | row
        for start, votes, decimals in sets
        for row in distances(votes, decimals)
    ]
    told = _told(known[f"{FILE}.maduro.votes"])
    states = by_state(tables).assign(**told | {"source_ids": results.sources(tables, "v2")})
    rows = pd.concat([pd.DataFrame(whole), states.assign(count=BY_STATE)], ignore_index=True)
    first = ["count", "claimant", "date", "place"]
    return rows[
        [*first, *rows.columns.difference([*first, "source_ids"], sort=False), "source_ids"]
    ]


def _told(fact: Fact) -> dict[str, Any]:
    sources = ";".join(fact.sources)
    return {"claimant": fact.claimant, "date": fact.date, "source_ids": sources}


def by_state(tables: Tables) -> pd.DataFrame:
    """Rows by state and candidate: the counts in the second file, with one decimal.

    Columns: place, and those of `distances`.
    """
    rows = []
    for state in results.by_state(tables).to_dict("records"):
        counts = {who: Fraction(state[who]) for who in bulletins.NAMES}
        rows += [{"place": state["name"]} | row for row in distances(counts, 1)]
    return pd.DataFrame(rows)


def distances(counts: Mapping[str, Fraction], decimals: int) -> Iterator[dict[str, Any]]:
    """Yield for each count of one total how far it lies from its percentage of some decimals."""
    total = sum(counts.values(), Fraction(0))
    step = total / (100 * 10**decimals)
    for who, votes in counts.items():
        share, distance = nearest(votes, total, decimals)
        yield {
            "candidate": who,
            "votes": int(votes),
            "decimals": decimals,
            "percent": float(share),
            "distance_votes": float(distance),
            "step_votes": float(step),
            "distance_steps": float(distance / step),
        }
