"""The summed tables, as functions of the sheets of one publication.

Sheets are one row a sheet: `state` (ISO 3166-2), `state_code`, `municipality` and its `name`,
`place` (polling place), `table` (its number there), `valid_votes`, `null_votes`, `gonzalez`,
`maduro`, `others`, and `electors` where the publication gives them. All counts are whole numbers,
and all that decides in which row a sheet falls is computed with whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

import numpy as np
import pandas as pd

VOTES = ["valid_votes", "null_votes", "gonzalez", "maduro", "others"]
LATEST = "v2"  # whose distribution by share is kept
CELL = Decimal("2.5")  # points of turnout and of share
LEAST = 10  # votes of a candidate from which a last digit can be any digit
APART = 6  # units of chance from which differences are counted together
POINT = 10**6  # millionths of a point
ROUNDING = Decimal("0.5")  # what a percentage without decimals may hide


def tables(publication: str, sheets: pd.DataFrame, claims: Mapping[str, str]) -> dict:
    """Make every summed table: name → its rows of this publication, in the order of the file."""
    made = {
        "tallies_by_state": by_state(sheets),
        "tallies_by_municipality": by_municipality(sheets),
        "last_digits": last_digits(sheets),
        "neighbouring_tables": neighbouring_tables(sheets),
        "pairs_of_sheets": pairs_of_sheets(sheets),
        "fewest_votes": fewest_votes(sheets, claims),
        "polling_places": polling_places(sheets),
        "sheet_moments": moments(sheets),
    }
    if publication == LATEST:
        made["sheet_shares"] = by_share(sheets)
    if "electors" in sheets:
        made["turnout_and_share"] = turnout_and_share(sheets)
    return {name: _of(publication, rows) for name, rows in made.items()}


def _of(publication: str, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    rows.insert(0, "publication", publication)
    return rows


def _summed(sheets: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
    """Count the sheets of each group and sum their columns; electors stay empty where unknown."""
    known = sheets if "electors" in sheets else sheets.assign(electors=pd.NA)
    groups = known.groupby(by)
    sums = groups[columns].sum(min_count=1)
    sums.insert(0, "sheets", groups.size())
    return sums.astype("Int64").reset_index()


def by_state(sheets: pd.DataFrame) -> pd.DataFrame:
    """Sum the sheets of each state."""
    sums = _summed(sheets, ["state"], ["electors", *VOTES])
    return sums.rename(columns={"electors": "registered_on_sheets"})


def by_municipality(sheets: pd.DataFrame) -> pd.DataFrame:
    """Sum the sheets of each municipality, under the council's code: state and municipality."""
    codes = [f"{a:02d}{b:02d}" for a, b in zip(sheets.state_code, sheets.municipality, strict=True)]
    named = sheets.assign(municipality_code=codes).rename(columns={"name": "in_words"})
    by = ["state", "municipality_code", "in_words"]
    sums = _summed(named, by, ["electors", *VOTES]).sort_values("municipality_code")
    return sums.rename(columns={"electors": "registered_on_sheets", "in_words": "municipality"})


def by_share(sheets: pd.DataFrame) -> pd.DataFrame:
    """Sum the sheets by whole points of González's share of the valid votes, rounded down."""
    voted = sheets[sheets["valid_votes"] > 0]
    share = voted["gonzalez"] * 100 // voted["valid_votes"]
    summed = ["valid_votes", "gonzalez", "maduro"]
    return _summed(voted.assign(gonzalez_share_from=share), ["gonzalez_share_from"], summed)


def turnout_and_share(sheets: pd.DataFrame) -> pd.DataFrame:
    """Sum the sheets by cells of turnout and of González's share of the valid votes, in per cent.

    A cell begins at its lower bounds and ends below the next; the last one holds 100 per cent too.
    """
    voted = sheets[sheets["valid_votes"] > 0]
    ballots = voted["valid_votes"] + voted["null_votes"]
    last = int(100 / CELL) - 1
    parts = {
        "turnout_from": ballots * (last + 1) // voted["electors"],
        "gonzalez_share_from": voted["gonzalez"] * (last + 1) // voted["valid_votes"],
    }
    cells = voted.assign(**{name: part.clip(upper=last) for name, part in parts.items()})
    summed = ["electors", "valid_votes", "gonzalez", "maduro"]
    sums = _summed(cells, list(parts), summed)
    return sums.assign(**{name: [CELL * n for n in sums[name]] for name in parts})


def last_digits(sheets: pd.DataFrame) -> pd.DataFrame:
    """Count the last digits of each candidate's votes, on sheets with ten votes for him or more."""
    counts = [
        {"candidate": name, "digit": digit, "sheets": int((votes % 10 == digit).sum())}
        for name in ("gonzalez", "maduro")
        for votes in [sheets.loc[sheets[name] >= LEAST, name]]
        for digit in range(10)
    ]
    return pd.DataFrame(counts)


def neighbouring_tables(sheets: pd.DataFrame) -> pd.DataFrame:
    """Count tables by how far González's votes are from those of their polling place by chance.

    Where the voters of a place fall to its tables by chance, the votes on one table are drawn
    without return from those of the place: the difference from their mean is told in units of the
    standard deviation of that draw (hypergeometric), in bins of half a unit, lower bound included.
    """
    of_place = sheets.groupby("place")
    drawn, every = sheets["valid_votes"], of_place["valid_votes"].transform("sum")
    votes = of_place["gonzalez"].transform("sum")
    away = sheets["gonzalez"] * every - drawn * votes  # times `every`, to stay with whole numbers
    spread = drawn * votes * (every - votes) * (every - drawn) / (every - 1).clip(lower=1)
    free = spread > 0  # a place with one table, or with votes for one side only, leaves no choice
    half = np.floor(2 * away[free] / np.sqrt(spread[free])).astype(int)
    half = half.clip(-2 * APART, 2 * APART - 1)
    counts = half.value_counts().reindex(range(-2 * APART, 2 * APART), fill_value=0)
    units = [Decimal(n) / 2 for n in counts.index]
    return pd.DataFrame({"difference_from": units, "tables": counts.to_numpy()})


def pairs_of_sheets(sheets: pd.DataFrame) -> pd.DataFrame:
    """Count pairs of sheets by how far González's shares lie apart, in whole points rounded down.

    Shares are taken in millionths of a point, rounded down.
    same_place: pairs of tables of one polling place; anywhere: all pairs of sheets.
    """
    voted = sheets[sheets["valid_votes"] > 0]
    voted = voted.assign(share=voted["gonzalez"] * 100 * POINT // voted["valid_votes"])
    numbered = voted[["place", "table", "share"]]
    pairs = numbered.merge(numbered, on="place").query("table_x < table_y")
    apart = (pairs["share_x"] - pairs["share_y"]).abs() // POINT
    same = apart.value_counts().reindex(range(101), fill_value=0)
    anywhere = _pairs(voted["share"].to_numpy())
    return pd.DataFrame({"points_from": range(101), "same_place": same, "anywhere": anywhere})


def _pairs(share: np.ndarray) -> np.ndarray:
    """Count all pairs of shares by the whole points between them."""
    ordered = np.sort(share)
    before = np.arange(1, len(ordered) + 1)
    within = [
        (np.searchsorted(ordered, ordered + points * POINT) - before).sum()
        for points in range(1, 102)
    ]
    return np.diff([0, *within])


def fewest_votes(sheets: pd.DataFrame, claims: Mapping[str, str]) -> pd.DataFrame:
    """Find the fewest votes of each candidate that the sheets of a bulletin must have held.

    A bulletin on k of T sheets, and n published ones, have at least k + n - T sheets in common;
    those can be no fewer votes than the sheets with the fewest hold.
    """
    whole, counted = int(claims["roll.tables"]), Decimal(claims["council.first.counted"])
    shares = [counted - ROUNDING, counted, counted + ROUNDING]
    shares.append(Decimal(claims["council.second.counted"]))
    rows = []
    for share in shares:
        in_bulletin = int((share * whole / 100).to_integral_value(ROUND_FLOOR))
        common = in_bulletin + len(sheets) - whole
        least = {name: sheets[name].nsmallest(common).sum() for name in ("gonzalez", "maduro")}
        rows.append({"counted": share, "in_bulletin": in_bulletin, "in_common": common, **least})
    return pd.DataFrame(rows)


def polling_places(sheets: pd.DataFrame) -> pd.DataFrame:
    """Sum the sheets by the size of their polling place, by the highest number of its tables.

    places: polling places; three stands for three tables and more.
    """
    size = sheets.groupby("place")["table"].transform("max").clip(upper=3)
    sized = sheets.assign(tables=size)
    sums = _summed(sized, ["tables"], ["electors", "valid_votes", "gonzalez", "maduro"])
    sums.insert(1, "places", sized.groupby("tables")["place"].nunique().to_numpy())
    return sums


def moments(sheets: pd.DataFrame) -> pd.DataFrame:
    """Sum squares and products of the counts, from which the error of a sample of sheets follows.

    Of each candidate: votes, their squares, and their products with the valid votes of the sheet.
    """
    valid = sheets["valid_votes"]
    rows = [
        {
            "candidate": name,
            "sheets": len(sheets),
            "valid_votes": valid.sum(),
            "valid_squared": (valid**2).sum(),
            "votes": sheets[name].sum(),
            "votes_squared": (sheets[name] ** 2).sum(),
            "votes_by_valid": (sheets[name] * valid).sum(),
        }
        for name in ("gonzalez", "maduro")
    ]
    return pd.DataFrame(rows)


def kinds_of_sheets(sheets: pd.DataFrame) -> dict[str, int]:
    """Count the sheets on which each of the two leads, on which they are level, and those without a
    null vote."""
    lead = sheets["gonzalez"] - sheets["maduro"]
    counts = {"led.gonzalez": lead > 0, "led.maduro": lead < 0, "tied": lead == 0}
    counts["without_null"] = sheets["null_votes"] == 0
    return {f"sheets_{name}": int(which.sum()) for name, which in counts.items()}


def changes(first: pd.DataFrame, second: pd.DataFrame) -> dict[str, int]:
    """Count the sheets that a later publication adds, drops and changes."""
    both = first.merge(second, on=["place", "table"], how="outer", indicator=True)
    common = both[both["_merge"] == "both"]
    differ = [common[f"{name}_x"] != common[f"{name}_y"] for name in VOTES]
    where = both["_merge"].value_counts()
    counts = {"added": where["right_only"], "dropped": where["left_only"]}
    counts["changed"] = pd.concat(differ, axis=1).any(axis=1).sum()
    return {f"{name}_sheets": int(count) for name, count in counts.items()}
