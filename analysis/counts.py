"""Which counts, projections and polls give votes or shares of the two leading candidates, and how
far do they reach?

Method: every set of claims with a figure for both. Shares are as stated; where only votes were
stated, they are votes by the widest count of the same claimant: valid votes, votes, voters, or else
the votes of the two.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from analysis.tools import TABLES_ROLL, amount, derive, joined_sources, percent
from pipeline.model import Derived, Fact, Tables

BASES = {"valid_votes": "valid votes", "votes": "votes counted", "voters": "voters on held sheets"}
# A reprint of the opposition's figures, and our recount of a file
NOT_COUNTS = ("article", "recount.other_transcription")
# Announced, published, checked by others, sampled or polled
GROUPS = ("council", "opposition", "checks", "samples")
SAMPLES = ("edison", "hinterlaces", "target_data", "meganalisis", "lewis_thompson", "altavista")
CANDIDATES = {"gonzalez": "González", "maduro": "Maduro"}


class Share(NamedTuple):
    """A candidate's share in percent (exact), what it is a share of, and the facts used."""

    percent: Fraction
    base: str
    used: list[str]


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield the range of shares among outside checks of medium or high confidence."""
    outside = [
        start
        for start in starts(known)
        if (fact := _first(known, start)).side in ("independent", "press")
        and fact.confidence != "low"
    ]
    for who, person in CANDIDATES.items():
        shares = [share(known, start, who) for start in outside]
        percents = [one.percent for one in shares]
        for name, value in (("lowest", min(percents)), ("highest", max(percents))):
            yield derive(
                f"counts.outside.{who}.{name}",
                value,
                "percent",
                label=f"{name} share of {person} among outside checks of medium or high confidence",
                formula=f"{name} of their shares",
                inputs=dict.fromkeys(name for one in shares for name in one.used),
                decimals=1,
            )


def starts(known: Mapping[str, Fact]) -> list[str]:
    """List what the names of each set of claims begin with that has both candidates."""
    claims = [name for name, fact in known.items() if fact.kind == "claim"]
    of = {
        who: {
            name.removesuffix(f".{who}.{kind}")
            for name in claims
            for kind in ("votes", "share")
            if name.endswith(f".{who}.{kind}")
        }
        for who in CANDIDATES
    }
    return sorted((of["gonzalez"] & of["maduro"]).difference(NOT_COUNTS))


def share(known: Mapping[str, Fact], start: str, who: str) -> Share:
    """Return a candidate's share in a set of claims, as stated or else of the widest count."""
    stated = f"{start}.{who}.share"
    if stated in known:
        return Share(amount(known, stated), "as stated", [stated])
    base = [f"{start}.{one}.votes" for one in CANDIDATES]
    widest = next((kind for kind in BASES if f"{start}.{kind}" in known), None)
    if widest:
        base, words = [f"{start}.{widest}"], BASES[widest]
    elif f"{start}.others.votes" in known:
        base, words = [*base, f"{start}.others.votes"], "votes of all candidates"
    else:
        words = "votes of the two"
    votes = f"{start}.{who}.votes"
    whole = sum(amount(known, name) for name in base)
    return Share(percent(amount(known, votes), whole), words, list(dict.fromkeys([votes, *base])))


def _first(known: Mapping[str, Fact], start: str) -> Fact:
    """Return the fact that says whose a set of claims is, when it was made and how sure it is."""
    return known[share(known, start, "gonzalez").used[0]]


def frame(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by set of figures, by date.

    Columns: count (its name), claimant, side, date, confidence, base (what the shares are of),
    {gonzalez,maduro}_percent, {gonzalez,maduro}_votes (empty if not stated), with how many
    {gonzalez,maduro}_decimals the shares are printed, sheets_percent (of all voting tables; empty
    if not stated), source_ids.
    """
    rows = [_row(known, start) for start in starts(known)]
    types = {"gonzalez_votes": "Int64", "maduro_votes": "Int64", "sheets_percent": float}
    return pd.DataFrame(rows).astype(types).sort_values(["date", "count"], ignore_index=True)


def _row(known: Mapping[str, Fact], start: str) -> dict[str, Any]:
    gonzalez, maduro = share(known, start, "gonzalez"), share(known, start, "maduro")
    fact = _first(known, start)
    votes = _votes(known, f"{start}.gonzalez.votes")
    shown = {}
    for who in CANDIDATES:
        stated = known.get(f"{start}.{who}.share")
        shown[f"{who}_decimals"] = decimals(stated and stated.value, gonzalez.base, votes)
    return {
        "count": start,
        "claimant": fact.claimant,
        "side": fact.side,
        "date": fact.date,
        "confidence": fact.confidence,
        "base": gonzalez.base,
        "gonzalez_percent": float(gonzalez.percent),
        "maduro_percent": float(maduro.percent),
        "gonzalez_votes": votes,
        "maduro_votes": _votes(known, f"{start}.maduro.votes"),
        **shown,
        "sheets_percent": _coverage(known, start),
        "source_ids": joined_sources(known[name] for name in [*gonzalez.used, *maduro.used]),
    }


def _votes(known: Mapping[str, Fact], name: str) -> int | None:
    if name not in known:
        return None
    return round(amount(known, name) * (10**6 if known[name].unit == "million_votes" else 1))


def _coverage(known: Mapping[str, Fact], start: str) -> float | None:
    for name in (f"checks.{start}.share", f"{start}.counted", f"{start}.sheets_share"):
        if name in known:
            return float(amount(known, name))
    if f"{start}.sheets" in known:
        return float(percent(amount(known, f"{start}.sheets"), amount(known, TABLES_ROLL)))
    return None


def grouped(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows of `frame` but for our own recounts, by group of those who counted and by date.

    `group` stands first, `side` is gone; shares and coverage have two decimals at most.
    """
    rows = frame(known)
    rows = rows[rows["side"] != "own"]
    group = rows["side"].where(rows["side"].isin(GROUPS), "checks")
    group = group.where(~rows["count"].str.partition(".")[0].isin(SAMPLES), "samples")
    rows.insert(0, "group", group)
    rows = rows.drop(columns="side").round(
        {"gonzalez_percent": 2, "maduro_percent": 2, "sheets_percent": 2}
    )
    order = rows["group"].map(GROUPS.index)
    return rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def decimals(stated: Any, base: str, votes: int | None) -> int:
    """Say with how many decimals a share is printed.

    Those of the share as stated, None where none was; one where it comes from rounded votes or from
    the two alone, else two.
    """
    if stated is not None:
        return len(str(stated).partition(".")[2])
    return 1 if base == "votes of the two" or str(votes).endswith("0000") else 2
