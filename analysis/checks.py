"""Do the numbers of those who checked follow from their own figures, and what are they where they
do not?

Method: each published figure is recomputed from the others of the same publisher and, where it
needs one, from the council's. Where a slip shows, both numbers are kept: the claim as published,
and the corrected one here. The Washington Post's lead is recomputed three ways, none of which gives
its figure; how it was computed was not seen. Its two counts leave out the other candidates, who are
added at their share in the first file, the one then public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis import bulletins
from analysis.results import STATES, totals
from analysis.tools import TABLES_ROLL, amount, derive, percent
from pipeline.model import Derived, Fact, Tables


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield recomputed figures of MOE Colombia, the Associated Press, the Washington Post, and of
    two television graphics."""
    yield from _moe(known)
    yield from _ap(known)
    yield from _post(tables, known)
    yield from _telesur(known)


def _moe(known: Mapping[str, Fact]) -> Iterator[Derived]:
    gonzalez, maduro = "moe.gonzalez.votes", "moe.maduro.votes"
    lead = amount(known, gonzalez) - amount(known, maduro)
    yield derive(
        "checks.moe.lead",
        lead,
        "votes",
        "lead of González in MOE Colombia's data",
        "votes of González minus votes of Maduro",
        (gonzalez, maduro),
    )
    for who, sign in (("maduro", 1), ("gonzalez", -1)):
        claims = (f"council.second.{who}.votes", f"moe.{who}.votes")
        more, fewer = ("the second bulletin", "MOE Colombia's data")[::sign]
        yield derive(
            f"checks.moe.difference.{who}",
            sign * (amount(known, claims[0]) - amount(known, claims[1])),
            "votes",
            f"votes of {bulletins.NAMES[who]} in {more} beyond those in {fewer}",
            f"votes in {more} minus votes in {fewer}",
            claims,
        )
    for base, missing_name, left_name, words in (
        ("council.second.voters", "missing_votes_corrected", "lead_left_corrected", "voters"),
        ("council.second.valid_votes", "missing_valid_votes", "lead_left_valid", "valid votes"),
    ):
        missing = amount(known, base) - amount(known, "moe.votes")
        yield derive(
            f"checks.moe.{missing_name}",
            missing,
            "votes",
            f"votes missing from MOE Colombia's data, by the {words} of the second bulletin",
            f"{words} of the second bulletin minus votes counted by MOE Colombia",
            (base, "moe.votes"),
        )
        yield derive(
            f"checks.moe.{left_name}",
            lead - missing,
            "votes",
            f"lead left if all of those went to Maduro, by the {words} of the second bulletin",
            "lead in MOE Colombia's data minus missing votes",
            (gonzalez, maduro, base, "moe.votes"),
        )
    slip = (
        amount(known, "moe.missing_votes")
        - amount(known, "council.second.voters")
        + amount(known, "moe.votes")
    )
    yield derive(
        "checks.moe.slip",
        slip,
        "votes",
        "missing votes as MOE Colombia prints them beyond the corrected ones",
        "missing votes as printed minus the corrected ones",
        ("moe.missing_votes", "council.second.voters", "moe.votes"),
    )


def _ap(known: Mapping[str, Fact]) -> Iterator[Derived]:
    claims = ("ap.decoded_share", "opposition.august_2.sheets")
    sheets = amount(known, claims[0]) / 100 * amount(known, claims[1])
    yield derive(
        "checks.ap.sheets",
        sheets,
        "sheets",
        "sheets that the Associated Press decoded, by its own share",
        "share decoded of the sheets in the first file",
        claims,
        0,
    )
    yield derive(
        "checks.ap.share",
        percent(sheets, amount(known, TABLES_ROLL)),
        "percent",
        "sheets decoded by the Associated Press as a share of all",
        "share decoded of the sheets in the first file, divided by voting tables",
        (*claims, TABLES_ROLL),
        1,
    )
    for who in ("gonzalez", "maduro"):
        votes = (f"ap.{who}.votes", "ap.votes")
        yield derive(
            f"checks.ap.{who}.share",
            percent(*(amount(known, name) for name in votes)),
            "percent",
            f"share of {bulletins.NAMES[who]} in the Associated Press's count",
            "votes divided by votes tabulated, both as rounded by the agency",
            votes,
            1,
        )


def _post(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    claims = ("post.gonzalez.votes", "post.maduro.votes")
    gonzalez, maduro, sheets = (amount(known, name) for name in (*claims, "post.sheets"))
    first, lead, every = totals(tables, "v1"), gonzalez - maduro, amount(known, TABLES_ROLL)
    votes = (gonzalez + maduro) * first["valid_votes"] / (first["gonzalez"] + first["maduro"])
    elsewhere = (
        amount(known, "roll.domestic") - sheets * first["registered_on_sheets"] / first["sheets"]
    )
    turnout = (
        percent(first["valid_votes"] + first["null_votes"], first["registered_on_sheets"]) / 100
    )
    readings = {
        "by_sheets": (
            votes / sheets * (every - sheets),
            "as many votes on each missing sheet as on the others",
            ("post.sheets", TABLES_ROLL),
        ),
        "by_electors": (
            elsewhere * turnout,
            "the voters registered elsewhere, at the turnout in the first file",
            ("post.sheets", "roll.domestic"),
        ),
        "by_council": (
            amount(known, "council.second.voters") - votes,
            "the voters of the second bulletin",
            ("council.second.voters",),
        ),
    }
    yield derive(
        "checks.post.lead",
        lead,
        "votes",
        "lead of González in the Washington Post's count",
        "votes of González minus votes of Maduro",
        claims,
    )
    for name, (remaining, words, more) in readings.items():
        yield derive(
            f"checks.post.lead_left_{name}",
            lead - remaining,
            "votes",
            f"lead left if Maduro took every remaining vote, taking {words}",
            f"lead minus remaining votes, taking {words}",
            (*claims, *more, STATES),
            0,
        )


def _telesur(known: Mapping[str, Fact]) -> Iterator[Derived]:
    shares = [f"council.first.{who}.share" for who in bulletins.NAMES]
    maduro, gonzalez, others = (amount(known, name) for name in shares)
    yield derive(
        "checks.telesur.announced_sum",
        maduro + gonzalez + others,
        "percent",
        "sum of the announced shares of the first bulletin",
        "sum of the three shares",
        shares,
        1,
    )
    for name, words in (("graphic", "graphic"), ("graphic_rebroadcast", "graphic shown again")):
        claim = f"telesur.{name}.sum"
        lines = (amount(known, claim) - maduro - gonzalez) / others
        yield derive(
            f"checks.telesur.{name}.lines",
            lines,
            "lines",
            (
                f"lines with the share of all the others that the sum of the television {words} "
                "implies"
            ),
            (
                "sum of the graphic minus the shares of the leading two, divided by the share of "
                "the others"
            ),
            (claim, *shares),
        )
