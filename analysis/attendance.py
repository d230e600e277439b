"""Who came to the inauguration of 10 January 2025?

Method: states by the rank of whom they sent; attending is no position. Rows of low confidence are
left out.
"""

from collections.abc import Iterator, Mapping

from analysis.tools import derive, derive_names
from pipeline.model import Derived, Fact, Tables


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield whose head came, how many states sent nobody, and how many sent somebody."""
    rows = tables["attendance"]
    rows = rows[(rows["confidence"] != "low") & (rows["iso3"] != "")]
    rows = rows.assign(place="attendance/" + rows["actor"])
    nobody, head = rows[rows["rank"] == "nobody"], rows[rows["rank"] == "head"]
    came = rows[rows["rank"] != "nobody"]
    yield derive_names(
        tables,
        "attendance.head.names",
        head["iso3"],
        label="states whose head of state or government came",
        rows=head["place"],
    )
    yield derive(
        "attendance.nobody.count",
        len(nobody),
        "states",
        label="states that sent nobody, as they said or as was reported",
        rows=nobody["place"],
    )
    yield derive(
        "attendance.came.count",
        len(came),
        "states",
        label="states known to have sent somebody",
        rows=came["place"],
    )
