"""Who counted the dead and the arrested, until when, and what did each count?

Method: the counts side by side, as stated, by who counted and until when. They differ by definition
and overlap, so nothing is added up. A count is a claim of the topic `toll` named after a day; those
named otherwise are parts of one (deaths verified, investigated, or found to involve State forces)
and stand apart.
"""

import pandas as pd

from pipeline.model import Tables

KINDS = ("deaths", "arrests", "held")


def frame(tables: Tables) -> pd.DataFrame:
    """Rows by count of deaths, arrests or people held, by kind, counter and last day counted.

    Columns: kind, counter, claimant, side, part, id, persons, qualifier, until, date, measure,
    confidence, source_ids.
    """
    rows = tables["claims"]
    rows = rows[rows["topic"] == "toll"].rename(columns={"value": "persons"})
    names = rows["id"].str.split(".")
    subject = rows["subject"].str[:1].str.lower() + rows["subject"].str[1:]
    rows = rows.assign(
        kind=names.str[1],
        part=~names.str[2].str.contains(r"\d"),
        counter=rows["claimant"].str.partition(" (")[0],
        until=rows["period_end"].where(rows["period_end"] != "", rows["date"]),
        measure=rows["measure"].where(rows["measure"] != "deaths", subject),
        source_ids=rows["sources"].map(";".join),
    )
    columns = "kind counter claimant side part id persons qualifier until date measure confidence"
    rows = rows[[*columns.split(), "source_ids"]].astype({"persons": int})
    return rows.sort_values(["kind", "counter", "until", "id"], ignore_index=True)


def bars(tables: Tables) -> pd.DataFrame:
    """Rows of `frame`, by kind and counter in the order of the last day counted.

    Inside a counter they run by day, parts after whole counts, large ones first. Of a counter's
    counts of one thing up to the same day the largest stands for all.
    """
    rows = frame(tables).sort_values(["part", "until", "persons"], kind="stable")
    rows = rows.drop_duplicates(["kind", "counter", "until", "measure"], keep="last")
    whole = rows["until"].where(~rows["part"])
    rows["order"] = rows["kind"].map(KINDS.index)
    rows["latest"] = whole.groupby([rows["kind"], rows["counter"]]).transform("max")
    rows["small_last"] = -rows["persons"].where(rows["part"], 0)
    by = ["order", "latest", "counter", "until", "part", "small_last"]
    rows = rows.sort_values(by, kind="stable", ignore_index=True)
    return rows.drop(columns=["order", "latest", "small_last"])
