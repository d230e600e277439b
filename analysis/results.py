"""Who leads on the published sheets: in all, by state, by sheet?

Method: sums over the two files that the opposition published (v1, v2), added up by state from their
rows. Shares are of valid votes. The closest and the widest state are those with the smallest and
largest lead in points. Sheets led come from the recount of the files by table, which are not part
of this repository; see the codebook.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from analysis.tools import amount, derive, percent, spelled
from pipeline.model import Derived, Fact, Tables

COUNTS = {"gonzalez": "González", "maduro": "Maduro", "others": "the other candidates"}
STATES = {file: f"table:tallies_by_state/{file}" for file in ("v1", "v2")}
SHEETS = "table:sheet_shares/v2"
SUMS = (  # name, column, unit, in words
    *((f"{who}.votes", who, "votes", f"votes of {name}") for who, name in COUNTS.items()),
    ("sheets", "sheets", "sheets", "sheets"),
    ("valid_votes", "valid_votes", "votes", "valid votes"),
    ("null_votes", "null_votes", "votes", "null votes"),
    ("registered", "registered_on_sheets", "electors", "voters registered at the tables"),
)
OF_FILES = {"v1": "in the first file", "v2": "in the second file"}
OF_THE_SECOND = OF_FILES["v2"]


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield votes in both files; shares, and who leads where, in the second."""
    yield from _totals(tables)
    yield from _shares(tables)
    yield from _states(tables)
    yield from _sheets_led(known)
    yield from _by_sheet(tables)


def totals(tables: Tables, publication: str) -> dict[str, int]:
    """Sum every count of a publication over the states: column → sum."""
    rows = tables["tallies_by_state"]
    counts = ["sheets", "registered_on_sheets", "valid_votes", "null_votes", *COUNTS]
    sums = rows.loc[rows["publication"] == publication, counts].sum()
    return {name: int(total) for name, total in sums.items()}


def _totals(tables: Tables) -> Iterator[Derived]:
    for name, column, unit, words in SUMS:
        for file in STATES:
            if (file, column) != ("v2", "registered_on_sheets"):  # which it does not state
                yield derive(
                    f"results.{file}.{name}",
                    totals(tables, file)[column],
                    unit,
                    label=f"{words} {OF_FILES[file]}",
                    formula="sum over the states",
                    inputs=[STATES[file]],
                )
    first = totals(tables, "v1")
    yield derive(
        "results.v1.lead",
        first["gonzalez"] - first["maduro"],
        "votes",
        label=f"lead of González {OF_FILES['v1']}",
        formula="{0} − {1} = {}",
        inputs=["results.v1.gonzalez.votes", "results.v1.maduro.votes"],
    )


def _shares(tables: Tables) -> Iterator[Derived]:
    total = totals(tables, "v2")
    for who in ("gonzalez", "maduro"):
        yield derive(
            f"results.v2.{who}.share",
            percent(total[who], total["valid_votes"]),
            "percent",
            label=f"share of {COUNTS[who]} {OF_THE_SECOND}",
            formula="{0} ÷ {1} = {}",
            inputs=[f"results.v2.{who}.votes", "results.v2.valid_votes"],
            decimals=2,
        )


def _states(tables: Tables) -> Iterator[Derived]:
    rows = by_state(tables)
    yield derive(
        "results.v2.states.count",
        len(rows),
        "states",
        label=f"states {OF_THE_SECOND}",
        formula="number of states",
        inputs=[STATES["v2"]],
    )
    yield derive(
        "results.v2.states.gonzalez",
        int((rows["gonzalez"] > rows["maduro"]).sum()),
        "states",
        label=f"states that González leads {OF_THE_SECOND}",
        formula="number of states where González has more votes than Maduro",
        inputs=[STATES["v2"]],
    )
    states = rows.to_dict("records")
    yield from _state("closest", "smallest", states[0])
    yield from _state("widest", "largest", states[-1])


def _state(which: str, lead: str, row: Mapping) -> Iterator[Derived]:
    """Yield name and shares of the state with an extreme lead."""
    name, place = f"results.v2.{which}_state", [f"tallies_by_state/v2/{row['state']}"]
    yield derive(
        f"{name}.name",
        row["name"],
        "text",
        label=f"state with the {which} lead of González {OF_THE_SECOND}",
        formula=f"state with the {lead} lead in percentage points",
        rows=place,
    )
    for part, who, label in (
        ("share", "gonzalez", f"share of González in the state with his {which} lead"),
        (
            "maduro_share",
            "maduro",
            f"share of Maduro in the state with the {which} lead of González",
        ),
    ):
        yield derive(
            f"{name}.{part}",
            percent(row[who], row["valid_votes"]),
            "percent",
            label=f"{label} {OF_THE_SECOND}",
            formula=f"{spelled(row[who])} ÷ {spelled(row['valid_votes'])} = {{}}",
            rows=place,
            decimals=1,
        )


def _sheets_led(known: Mapping[str, Fact]) -> Iterator[Derived]:
    led = [f"recount.v2.sheets_led.{who}" for who in ("gonzalez", "maduro")]
    led.append("recount.v2.sheets_tied")
    whole = sum(amount(known, name) for name in led)
    for name, place, who in (
        ("sheets_led_share", 0, "González"),
        ("sheets_led_maduro_share", 1, "Maduro"),
    ):
        yield derive(
            f"results.v2.{name}",
            percent(amount(known, led[place]), whole),
            "percent",
            label=f"share of sheets on which {who} leads {OF_THE_SECOND}",
            formula=f"{{{place}}} ÷ ({{0}} + {{1}} + {{2}}) = {{}}",
            inputs=led,
            decimals=1,
        )


def _by_sheet(tables: Tables) -> Iterator[Derived]:
    bins = by_sheet(tables)
    low, running = bins["gonzalez_share_from"], bins["sheets"].cumsum()
    for name, part in (
        ("lower_quartile", Fraction(1, 4)),
        ("median", Fraction(1, 2)),
        ("upper_quartile", Fraction(3, 4)),
    ):
        rank = running.iloc[-1] * part
        yield derive(
            f"results.v2.by_sheet.{name}",
            int(low[running >= rank].iloc[0]),
            "percent",
            label=(
                f"share of González on a sheet, whole percent: {name.replace('_', ' ')} of the "
                "sheets"
            ),
            formula="lower bound of the bin in which that sheet lies, sheets sorted by share",
            inputs=[SHEETS],
        )
    for name, value in (("lowest", low.min()), ("highest", low.max())):
        yield derive(
            f"results.v2.by_sheet.{name}",
            int(value),
            "percent",
            label=f"{name} share of González on any sheet, whole percent",
            formula="lower bound of the bin",
            inputs=[SHEETS],
        )
    yield derive(
        "results.v2.by_sheet.majority",
        int(bins.loc[low >= 50, "sheets"].sum()),
        "sheets",
        label="sheets with at least half of the valid votes for González",
        formula="sum of the bins from the half upwards",
        inputs=[SHEETS],
    )


def by_state(tables: Tables) -> pd.DataFrame:
    """Rows by state of the second file, smallest lead first.

    Columns: state, name, sheets, valid_votes, votes by candidate, {gonzalez,maduro}_percent,
    lead_points, source_ids.
    """
    rows = tables["tallies_by_state"]
    rows = rows.loc[rows["publication"] == "v2", ["state", "sheets", "valid_votes", *COUNTS]]
    names = tables["states"][["iso_3166_2", "name"]].rename(columns={"iso_3166_2": "state"})
    rows = rows.merge(names, on="state", validate="one_to_one")
    rows = rows.assign(
        gonzalez_percent=100 * rows["gonzalez"] / rows["valid_votes"],
        maduro_percent=100 * rows["maduro"] / rows["valid_votes"],
        source_ids=sources(tables, "v2"),
    )
    rows["lead_points"] = rows["gonzalez_percent"] - rows["maduro_percent"]
    return rows.sort_values("lead_points", ignore_index=True)


def by_sheet(tables: Tables) -> pd.DataFrame:
    """Rows by whole percent of González's share, empty bins between included.

    Columns: gonzalez_share_from, sheets, valid_votes, gonzalez, maduro, source_ids.
    """
    rows = tables["sheet_shares"].set_index("gonzalez_share_from")
    every = pd.RangeIndex(rows.index.min(), rows.index.max() + 1, name="gonzalez_share_from")
    rows = rows[["sheets", "valid_votes", "gonzalez", "maduro"]].reindex(every, fill_value=0)
    return rows.reset_index().assign(source_ids=sources(tables, "v2"))


def sources(tables: Tables, publication: str) -> str:
    """Join the source ids of a publication as a table's cell does."""
    rows = tables["publications"]
    return ";".join(rows.loc[rows["id"] == publication, "sources"].iloc[0])
