"""Which counts, projections and polls give votes or shares of the two leading candidates, and how
far do they reach?

Method: every set of claims with a figure for both. Shares are as stated; where only votes were
stated, they are votes by the widest count of the same claimant: valid votes, votes, voters, or else
the votes of the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.tools import TABLES_ROLL, amount, derive, percent
from pipeline.model import Derived, Fact, Tables

BASES = {"valid_votes": "valid votes", "votes": "votes counted", "voters": "voters on held sheets"}
NOT_COUNTS = (
    "article",
    "recount.other_transcription",
)  # a reprint of the opposition's figures, and our recount of a file
GROUPS = (
    "council",
    "opposition",
    "checks",
    "samples",
)  # announced, published, checked by others, sampled or polled
SAMPLES = ("edison", "hinterlaces", "target_data", "meganalisis", "lewis_thompson", "altavista")
CANDIDATES = {"gonzalez": "González", "maduro": "Maduro"}


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many sets there are, who is ahead in how many, and the range among outside checks
    of medium or high confidence."""
    found = {
        start: {who: share(known, start, who) for who in CANDIDATES} for start in starts(known)
    }
    for name, label, chosen in (
        ("all", "published sets of figures for both leading candidates", list(found)),
        (
            "gonzalez_ahead",
            "sets of figures in which González is ahead",
            [start for start, of in found.items() if of["gonzalez"][0] > of["maduro"][0]],
        ),
        (
            "maduro_ahead",
            "sets of figures in which Maduro is ahead",
            [start for start, of in found.items() if of["gonzalez"][0] < of["maduro"][0]],
        ),
    ):
        inputs = [name for of in found.values() for _, _, used in of.values() for name in used]
        yield derive(
            f"counts.{name}.count", len(chosen), "counts", label, "number of sets of claims", inputs
        )
    outside = {
        start: of
        for start, of in found.items()
        if (fact := known[of["gonzalez"][2][0]]).side in ("independent", "press")
        and fact.confidence != "low"
    }
    yield derive(
        "counts.outside.count",
        len(outside),
        "counts",
        "outside checks of medium or high confidence with figures for both",
        "number of sets of claims",
        [of["gonzalez"][2][0] for of in outside.values()],
    )
    for who, person in CANDIDATES.items():
        inputs = [name for of in outside.values() for name in of[who][2]]
        for name, pick in (("lowest", min), ("highest", max)):
            yield derive(
                f"counts.outside.{who}.{name}",
                pick(of[who][0] for of in outside.values()),
                "percent",
                f"{name} share of {person} among outside checks of medium or high confidence",
                f"{name} of their shares",
                inputs,
                1,
            )


def starts(known: Mapping[str, Fact]) -> list[str]:
    """List what the names of each set begin with: those with votes or a share of both candidates,
    none of them derived."""
    claims = {name for name, fact in known.items() if fact.kind == "claim"}
    found = {
        name.removesuffix(f".gonzalez.{kind}"): kind
        for name in claims
        for kind in ("votes", "share")
        if name.endswith(f".gonzalez.{kind}")
    }
    return sorted(
        start
        for start in found
        if start not in NOT_COUNTS and claims & {f"{start}.maduro.votes", f"{start}.maduro.share"}
    )


def share(known: Mapping[str, Fact], start: str, who: str) -> tuple[Fraction, str, list[str]]:
    """Return a candidate's share in percent (exact), what it is a share of, and the facts used."""
    if (stated := f"{start}.{who}.share") in known:
        return amount(known, stated), "as stated", [stated]
    two = [f"{start}.{one}.votes" for one in CANDIDATES]
    base = next((f"{start}.{kind}" for kind in BASES if f"{start}.{kind}" in known), None)
    if base is None and f"{start}.others.votes" in known:
        two.append(f"{start}.others.votes")
    whole = amount(known, base) if base else sum(amount(known, name) for name in two)
    words = (
        BASES[base.rsplit(".", 1)[1]]
        if base
        else "votes of all candidates"
        if len(two) > len(CANDIDATES)
        else "votes of the two"
    )
    votes = f"{start}.{who}.votes"
    return (
        percent(amount(known, votes), whole),
        words,
        list(dict.fromkeys([votes, *([base] if base else two)])),
    )


def frame(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by set of figures, by date.

    Columns: id, claimant, side, date, confidence, {gonzalez,maduro}_percent, base (what the shares
    are of), {gonzalez,maduro}_votes (empty if not stated), sheets_percent (of all voting tables;
    empty if not stated), source_ids.
    """
    rows = []
    for start in starts(known):
        shares = {who: share(known, start, who) for who in CANDIDATES}
        fact = known[shares["gonzalez"][2][0]]
        ids = dict.fromkeys(
            source
            for _, _, used in shares.values()
            for name in used
            for source in known[name].sources
        )
        row = {
            "id": start,
            "claimant": fact.claimant,
            "side": fact.side,
            "date": fact.date,
            "confidence": fact.confidence,
            "base": shares["gonzalez"][1],
        }
        row |= {f"{who}_percent": float(of[0]) for who, of in shares.items()} | {
            f"{who}_votes": _votes(known, start, who) for who in shares
        }
        rows.append(row | {"sheets_percent": _coverage(known, start), "source_ids": ";".join(ids)})
    whole = {f"{who}_votes": "Int64" for who in CANDIDATES}
    return (
        pd.DataFrame(rows)
        .astype(whole | {"sheets_percent": float})
        .sort_values(["date", "id"], ignore_index=True)
    )


def _votes(known: Mapping[str, Fact], start: str, who: str) -> int | None:
    fact = known.get(f"{start}.{who}.votes")
    return (
        None
        if fact is None
        else round(Fraction(fact.value) * (10**6 if fact.unit == "million_votes" else 1))
    )


def _coverage(known: Mapping[str, Fact], start: str) -> float | None:
    for name in (f"checks.{start}.share", f"{start}.counted", f"{start}.sheets_share"):
        if name in known:
            return float(amount(known, name))
    sheets = f"{start}.sheets"
    return (
        float(percent(amount(known, sheets), amount(known, TABLES_ROLL)))
        if sheets in known
        else None
    )


def grouped(known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows of `frame` but for our own recounts, by group of those who counted and by date; the set
    is named `count` and `group` stands first.

    Shares and coverage have two decimals at most.
    """
    rows = frame(known).rename(columns={"id": "count"})
    sampled = rows["count"].str.partition(".")[0].isin(SAMPLES)
    rows.insert(
        0,
        "group",
        rows["side"].where(rows["side"].isin(GROUPS), "checks").where(~sampled, "samples"),
    )
    rows = rows[rows["side"] != "own"].round(
        {"gonzalez_percent": 2, "maduro_percent": 2, "sheets_percent": 2}
    )
    return rows.drop(columns="side").sort_values(
        "group", key=lambda names: names.map(GROUPS.index), kind="stable", ignore_index=True
    )


def places(row: Mapping) -> int | None:
    """Return the decimals that a row's shares deserve: those stated (None), one where they come
    from rounded votes or from the two alone, else two."""
    if row["base"] == "as stated":
        return None
    return (
        1 if row["base"] == "votes of the two" or str(row["gonzalez_votes"]).endswith("0000") else 2
    )
