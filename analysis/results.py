"""Who leads on the published sheets: in all, by state, by municipality, by sheet?

Method: sums over the two files that the opposition published (v1, v2), added up by state from their
rows. Shares are of valid votes. The closest and the widest state are those with the smallest and
largest lead in points. Sheets led come from the recount of the files by table, which are not part
of this repository; see the codebook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.tools import amount, derive, percent
from pipeline.model import Derived, Fact, Tables

COUNTS = {"gonzalez": "González", "maduro": "Maduro", "others": "the other candidates"}
FILES = {"v1": "the first file", "v2": "the second file"}
STATES, MUNICIPALITIES, SHEETS = (
    "table:tallies_by_state",
    "table:tallies_by_municipality",
    "table:sheet_shares",
)


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield totals, shares, leads and who leads where, for each of the two files."""
    for publication in FILES:
        yield from _totals(tables, publication)
        yield from _places(tables, publication)
        yield from _sheets_led(known, publication)
    yield from _by_sheet(tables)


def totals(tables: Tables, publication: str) -> dict[str, int]:
    """Sum every count of a publication over the states: sheets, registered_on_sheets, valid_votes,
    null_votes, and votes by candidate."""
    rows = tables["tallies_by_state"]
    counts = ["sheets", "registered_on_sheets", "valid_votes", "null_votes", *COUNTS]
    return {
        name: int(total)
        for name, total in rows.loc[rows["publication"] == publication, counts].sum().items()
    }


def _totals(tables: Tables, publication: str) -> Iterator[Derived]:
    total, name, file = totals(tables, publication), f"results.{publication}", FILES[publication]
    yield derive(
        f"{name}.sheets",
        total["sheets"],
        "sheets",
        f"sheets in {file}",
        "sum over states",
        (STATES,),
    )
    for kind in ("valid_votes", "null_votes"):
        yield derive(
            f"{name}.{kind}",
            total[kind],
            "votes",
            f"{kind.replace('_', ' ')} in {file}",
            "sum over states",
            (STATES,),
        )
    for who, person in COUNTS.items():
        yield derive(
            f"{name}.{who}.votes",
            total[who],
            "votes",
            f"votes of {person} in {file}",
            "sum over states",
            (STATES,),
        )
        yield derive(
            f"{name}.{who}.share",
            percent(total[who], total["valid_votes"]),
            "percent",
            f"share of {person} in {file}",
            f"votes of {person} divided by valid votes",
            (STATES,),
            2,
        )
    lead = total["gonzalez"] - total["maduro"]
    yield derive(
        f"{name}.lead",
        lead,
        "votes",
        f"lead of González in {file}",
        "votes of González minus votes of Maduro",
        (STATES,),
    )


def _places(tables: Tables, publication: str) -> Iterator[Derived]:
    name, file, inputs = f"results.{publication}", FILES[publication], (STATES, "table:states")
    for kind, table in (("states", STATES), ("municipalities", MUNICIPALITIES)):
        rows = tables[table.removeprefix("table:")]
        rows = rows[rows["publication"] == publication]
        yield derive(
            f"{name}.{kind}.count", len(rows), kind, f"{kind} in {file}", "number of rows", (table,)
        )
        for who, rival in (("gonzalez", "maduro"), ("maduro", "gonzalez")):
            yield derive(
                f"{name}.{kind}.{who}",
                int((rows[who] > rows[rival]).sum()),
                kind,
                f"{kind} that {COUNTS[who]} leads in {file}",
                f"number of {kind} where {COUNTS[who]} has more votes than {COUNTS[rival]}",
                (table,),
            )
    states = by_state(tables, publication).to_dict("records")
    for words, row in (("closest", states[0]), ("widest", states[-1])):
        yield derive(
            f"{name}.{words}_state.name",
            row["name"],
            "text",
            f"state with the {words} lead of González in {file}",
            (
                f"state with the {'smallest' if words == 'closest' else 'largest'} lead in "
                "percentage points"
            ),
            inputs,
        )
        yield derive(
            f"{name}.{words}_state.share",
            percent(row["gonzalez"], row["valid_votes"]),
            "percent",
            f"share of González in the state with his {words} lead in {file}",
            "his votes divided by valid votes there",
            inputs,
            2,
        )
        yield derive(
            f"{name}.{words}_state.maduro_share",
            percent(row["maduro"], row["valid_votes"]),
            "percent",
            f"share of Maduro in the state with the {words} lead of González in {file}",
            "his votes divided by valid votes there",
            inputs,
            2,
        )


def _sheets_led(known: Mapping[str, Fact], publication: str) -> Iterator[Derived]:
    led = [
        f"recount.{publication}.{name}"
        for name in ("sheets_led.gonzalez", "sheets_led.maduro", "sheets_tied")
    ]
    whole = sum(amount(known, name) for name in led)
    yield derive(
        f"results.{publication}.sheets_led_share",
        percent(amount(known, led[0]), whole),
        "percent",
        f"share of sheets on which González leads in {FILES[publication]}",
        "sheets led divided by all sheets: led, trailed and level",
        led,
        2,
    )
    yield derive(
        f"results.{publication}.sheets_led_maduro_share",
        percent(amount(known, led[1]), whole),
        "percent",
        f"share of sheets on which Maduro leads in {FILES[publication]}",
        "sheets led divided by all sheets: led, trailed and level",
        led,
        2,
    )


def _by_sheet(tables: Tables) -> Iterator[Derived]:
    bins = by_sheet(tables)
    running, total = bins["sheets"].cumsum(), int(bins["sheets"].sum())
    for name, rank in (
        ("lower_quartile", Fraction(1, 4)),
        ("median", Fraction(1, 2)),
        ("upper_quartile", Fraction(3, 4)),
    ):
        at = int(bins.loc[running >= total * rank, "gonzalez_share_from"].iloc[0])
        yield derive(
            f"results.v2.by_sheet.{name}",
            at,
            "percent",
            f"share of González on a sheet, whole percent: {name.replace('_', ' ')} of the sheets",
            "lower bound of the bin in which that sheet lies, sheets sorted by share",
            (SHEETS,),
        )
    for name, at in (
        ("lowest", bins["gonzalez_share_from"].iloc[0]),
        ("highest", bins["gonzalez_share_from"].iloc[-1]),
    ):
        yield derive(
            f"results.v2.by_sheet.{name}",
            int(at),
            "percent",
            f"{name} share of González on any sheet, whole percent",
            "lower bound of the bin",
            (SHEETS,),
        )
    half = int(bins.loc[bins["gonzalez_share_from"] >= 50, "sheets"].sum())
    yield derive(
        "results.v2.by_sheet.majority",
        half,
        "sheets",
        "sheets with at least half of the valid votes for González",
        "sum of the bins from the half upwards",
        (SHEETS,),
    )
    yield derive(
        "results.v2.by_sheet.majority_share",
        percent(half, total),
        "percent",
        "share of sheets with at least half of the valid votes for González",
        "those sheets divided by all sheets",
        (SHEETS,),
        1,
    )


def by_state(tables: Tables, publication: str = "v2") -> pd.DataFrame:
    """Rows by state, smallest lead first: publication, state, name, sheets, valid_votes, votes,
    {gonzalez,maduro,others}_percent, lead_points, source_ids."""
    rows = tables["tallies_by_state"]
    rows = rows[rows["publication"] == publication].drop(
        columns=["null_votes", "registered_on_sheets", "_line"], errors="ignore"
    )
    rows = rows.merge(
        tables["states"][["iso_3166_2", "name"]].rename(columns={"iso_3166_2": "state"}),
        on="state",
        validate="one_to_one",
    )
    for who in COUNTS:
        rows[f"{who}_percent"] = 100 * rows[who] / rows["valid_votes"]
    rows["lead_points"] = rows["gonzalez_percent"] - rows["maduro_percent"]
    return rows.assign(source_ids=sources(tables, publication)).sort_values(
        "lead_points", ignore_index=True
    )


def by_sheet(tables: Tables) -> pd.DataFrame:
    """Rows by whole percent of González's share, empty bins between included: gonzalez_share_from,
    sheets, valid_votes, gonzalez, maduro, source_ids."""
    rows = (
        tables["sheet_shares"]
        .drop(columns=["publication", "_line"], errors="ignore")
        .set_index("gonzalez_share_from")
    )
    bins = range(int(rows.index.min()), int(rows.index.max()) + 1)
    return (
        rows.reindex(bins, fill_value=0)
        .rename_axis("gonzalez_share_from")
        .reset_index()
        .assign(source_ids=sources(tables, "v2"))
    )


def sources(tables: Tables, publication: str) -> str:
    """Join the source ids of a publication as a table's cell does."""
    rows = tables["publications"]
    return ";".join(rows.loc[rows["id"] == publication, "sources"].iloc[0])
