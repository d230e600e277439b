"""Do the numbers of those who checked follow from their own figures, and what are they where they
do not?

Method: each published figure is recomputed from the others of the same publisher and, where it
needs one, from the council's. Where a slip shows, both numbers are kept: the claim as published,
and the corrected one here. The Washington Post's lead is recomputed three ways, none of which gives
its figure; how it was computed was not seen. Its two counts leave out the other candidates, who are
added at their share in the first file, the one then public.
"""

from collections.abc import Iterator, Mapping

from analysis.results import STATES, totals
from analysis.tools import TABLES_ROLL, amount, derive, percent, spelled
from pipeline.model import Derived, Fact, Tables


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield recomputed figures of MOE Colombia, the Associated Press and the Washington Post."""
    voters, counted = "council.second.voters", "moe.votes"
    yield derive(
        "checks.moe.missing_votes_corrected",
        amount(known, voters) - amount(known, counted),
        "votes",
        label="votes missing from MOE Colombia's data, by the voters of the second bulletin",
        formula="{0} − {1} = {}",
        inputs=[voters, counted],
    )
    decoded, published = "ap.decoded_share", "opposition.august_2.sheets"
    sheets = amount(known, decoded) / 100 * amount(known, published)
    yield derive(
        "checks.ap.share",
        percent(sheets, amount(known, TABLES_ROLL)),
        "percent",
        label="sheets decoded by the Associated Press as a share of all",
        formula="{0} × {1} ÷ {2} = {}",
        inputs=[decoded, published, TABLES_ROLL],
        decimals=1,
    )
    yield from _post(tables, known)


def _post(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    gonzalez, maduro = amount(known, "post.gonzalez.votes"), amount(known, "post.maduro.votes")
    sheets, every = amount(known, "post.sheets"), amount(known, TABLES_ROLL)
    first = totals(tables, "v1")
    # The newspaper's two counts, and the others at their share in the first file
    votes = (gonzalez + maduro) * first["valid_votes"] / (first["gonzalez"] + first["maduro"])
    registered = sheets * first["registered_on_sheets"] / first["sheets"]
    elsewhere = amount(known, "roll.domestic") - registered
    cast = first["valid_votes"] + first["null_votes"]
    voters = "council.second.voters"
    readings = [  # name, votes remaining, in words, what else it stands on
        (
            "by_sheets",
            votes / sheets * (every - sheets),
            "as many votes on each missing sheet as on the others",
            ["post.sheets", TABLES_ROLL],
        ),
        (
            "by_electors",
            elsewhere * cast / first["registered_on_sheets"],
            "the voters registered elsewhere, at the turnout in the first file",
            ["post.sheets", "roll.domestic"],
        ),
        (
            "by_council",
            amount(known, voters) - votes,
            "the voters of the second bulletin",
            [voters],
        ),
    ]
    for name, remaining, words, more in readings:
        yield derive(
            f"checks.post.lead_left_{name}",
            gonzalez - maduro - remaining,
            "votes",
            label=f"lead left if Maduro took every remaining vote, taking {words}",
            formula=f"lead minus votes remaining: {{0}} − {{1}} − {spelled(remaining)} = {{}}",
            inputs=["post.gonzalez.votes", "post.maduro.votes", *more, STATES["v1"]],
            decimals=0,
        )
