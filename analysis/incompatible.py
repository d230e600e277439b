"""What would the sheets nobody has published have to contain if the published ones are genuine and
the council is right?

Method: the council's second bulletin minus the published totals, candidate by candidate; a
remainder below none cannot be. The bulletin leaves some sheets out, which may be among the
published; so the excess is also given without as many votes as there are electors on those. Apart
from the council, the lead on the published sheets is set against the sheets that are missing: by
votes a sheet, and by all voters registered at their tables, as if each had voted for the other
side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis import bulletins
from analysis.results import COUNTS, FILES, STATES, sources, totals
from analysis.tools import TABLES_ROLL, amount, derive, percent
from pipeline.model import Derived, Fact, Tables


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield remainders by candidate, lead and votes for each missing sheet, and the bound by
    registered voters."""
    for publication in FILES:
        yield from _remainders(tables, known, publication)
        yield from _missing_sheets(tables, known, publication)
    yield from _per_uncounted_sheet(tables, known)
    yield from _electors(tables, known)


def _remainders(tables: Tables, known: Mapping[str, Fact], publication: str) -> Iterator[Derived]:
    council, published = bulletins.votes(known, bulletins.SECOND), totals(tables, publication)
    for who, person in COUNTS.items():
        claims = bulletins.others(known) if who == "others" else [f"council.second.{who}.votes"]
        yield derive(
            f"incompatible.{publication}.{who}.remainder",
            council[who] - published[who],
            "votes",
            (
                f"votes of {person} that the sheets missing from {FILES[publication]} would have "
                "to hold"
            ),
            "votes in the second bulletin minus votes in the file",
            (*claims, STATES),
        )
    yield derive(
        f"incompatible.{publication}.gonzalez.excess",
        published["gonzalez"] - council["gonzalez"],
        "votes",
        f"votes of González in {FILES[publication]} beyond his votes in the second bulletin",
        "votes in the file minus votes in the second bulletin",
        ("council.second.gonzalez.votes", STATES),
    )
    roll = ("council.second.roll", "council.second.roll_on_counted_sheets")
    left = (
        published["gonzalez"]
        - council["gonzalez"]
        - amount(known, roll[0])
        + amount(known, roll[1])
    )
    yield derive(
        f"incompatible.{publication}.gonzalez.excess_left",
        left,
        "votes",
        (
            f"votes of González in {FILES[publication]} beyond his votes in the second bulletin "
            "and all electors on sheets not counted"
        ),
        "excess minus the electors on sheets not counted",
        ("council.second.gonzalez.votes", STATES, *roll),
    )
    yield derive(
        f"incompatible.{publication}.valid_votes.remainder",
        sum(council.values()) - published["valid_votes"],
        "votes",
        f"valid votes that the sheets missing from {FILES[publication]} would have to hold",
        "votes of all candidates in the second bulletin minus valid votes in the file",
        (
            *(f"council.second.{who}.votes" for who in ("maduro", "gonzalez")),
            *bulletins.others(known),
            STATES,
        ),
    )


def _missing_sheets(
    tables: Tables, known: Mapping[str, Fact], publication: str
) -> Iterator[Derived]:
    total, file, name = (
        totals(tables, publication),
        FILES[publication],
        f"incompatible.{publication}",
    )
    missing = amount(known, TABLES_ROLL) - total["sheets"]
    inputs = (TABLES_ROLL, STATES)
    yield derive(
        f"{name}.missing_sheets",
        missing,
        "sheets",
        f"sheets missing from {file}",
        "voting tables minus sheets in the file",
        inputs,
    )
    yield derive(
        f"{name}.lead_per_missing_sheet",
        (total["gonzalez"] - total["maduro"]) / missing,
        "votes",
        f"lead of González in {file} for each missing sheet",
        "lead divided by missing sheets",
        inputs,
        1,
    )
    yield derive(
        f"{name}.votes_per_sheet",
        percent(total["valid_votes"], total["sheets"]) / 100,
        "votes",
        f"mean of valid votes on a sheet in {file}",
        "valid votes divided by sheets",
        (STATES,),
        1,
    )
    maduro = amount(known, "council.second.maduro.votes") - total["maduro"]
    yield derive(
        f"{name}.maduro_per_missing_sheet",
        maduro / missing,
        "votes",
        f"votes that Maduro would need on each sheet missing from {file}",
        "his votes in the second bulletin minus those in the file, divided by missing sheets",
        (*inputs, "council.second.maduro.votes"),
        1,
    )


def _per_uncounted_sheet(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield what the sheets left out of the second bulletin would have to hold, were they all
    published."""
    excess = totals(tables, "v2")["gonzalez"] - bulletins.votes(known, bulletins.SECOND)["gonzalez"]
    uncounted = amount(known, TABLES_ROLL) * (100 - amount(known, "council.second.counted")) / 100
    inputs = (TABLES_ROLL, "council.second.counted", "council.second.gonzalez.votes", STATES)
    yield derive(
        "incompatible.uncounted_sheets",
        uncounted,
        "sheets",
        "sheets that the second bulletin left out",
        "voting tables times the share not counted",
        inputs[:2],
        0,
    )
    yield derive(
        "incompatible.excess_per_uncounted_sheet",
        excess / uncounted,
        "votes",
        "votes of González that each sheet left out of the second bulletin would have to hold",
        "excess divided by the sheets left out",
        inputs,
        0,
    )


def _electors(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    total, name = totals(tables, "v1"), "incompatible.v1"
    lead, registered = total["gonzalez"] - total["maduro"], total["registered_on_sheets"]
    at_home, abroad = amount(known, "roll.domestic") - registered, amount(known, "roll.abroad")
    inputs = ("roll.domestic", STATES)
    yield derive(
        f"{name}.uncovered_electors",
        at_home,
        "electors",
        "voters registered at tables missing from the first file",
        "domestic voters minus those at its tables",
        inputs,
    )
    yield derive(
        f"{name}.uncovered_electors_with_abroad",
        at_home + abroad,
        "electors",
        "voters registered at tables missing from the first file, and abroad",
        "domestic voters minus those at its tables, plus voters abroad",
        (*inputs, "roll.abroad"),
    )
    yield derive(
        f"{name}.lead_left_at_full_turnout",
        lead - at_home,
        "votes",
        "lead left if every voter not covered had voted, and for Maduro",
        "lead minus voters at missing tables",
        inputs,
    )
    yield derive(
        f"{name}.lead_left_at_full_turnout_with_abroad",
        lead - at_home - abroad,
        "votes",
        "lead left if every voter not covered, abroad too, had voted, and for Maduro",
        "lead minus voters at missing tables and abroad",
        (*inputs, "roll.abroad"),
    )
    cast = at_home * (total["valid_votes"] + total["null_votes"]) / registered
    yield derive(
        f"{name}.lead_left_at_observed_turnout",
        lead - cast,
        "votes",
        "lead left if the voters not covered had voted as often as the others, and all for Maduro",
        "lead minus voters at missing tables times the turnout on the sheets",
        inputs,
        0,
    )


def frame(tables: Tables, known: Mapping[str, Fact]) -> pd.DataFrame:
    """Rows by publication and candidate: publication, candidate, council_votes, published_votes,
    remainder_votes, source_ids."""
    council, rows = bulletins.votes(known, bulletins.SECOND), []
    bulletin = known["council.second.maduro.votes"].sources
    for publication in FILES:
        published, ids = (
            totals(tables, publication),
            dict.fromkeys([*bulletin, *sources(tables, publication).split(";")]),
        )
        for who in ("gonzalez", "maduro", "others"):
            rows.append(
                {
                    "publication": publication,
                    "candidate": who,
                    "council_votes": int(council[who]),
                    "published_votes": published[who],
                    "remainder_votes": int(council[who]) - published[who],
                    "source_ids": ";".join(ids),
                }
            )
    return pd.DataFrame(rows)
