"""What does the article that the report started from name?

Method: rows of positions marked as standing in that article.
"""

from collections.abc import Iterator, Mapping

from analysis.tools import derive, places
from pipeline.model import Derived, Fact, Tables


def facts(tables: Tables, known: Mapping[str, Fact]) -> Iterator[Derived]:
    """Yield how many actors the starting article names."""
    rows = tables["positions"]
    rows = rows[rows["in_starting_article"]]
    yield derive(
        "article.actors",
        rows["actor"].nunique(),
        "actors",
        label="actors abroad that the starting article names",
        formula="number of different actors with a row that is marked",
        rows=places("positions", rows),
    )
