"""The numbers of the report: all facts, and for each figure its rows, its words and its place in
the prose.

Nothing is written unless everything is right, and only what differs from what is there.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.charts import include, lint, say
from pipeline.charts.lint import Figure
from pipeline.errors import Problem, Problems, mistake
from pipeline.facts import collect as all_facts
from pipeline.model import Fact, Tables
from pipeline.tables import read as all_tables

FIGURES = Path("figures")
BUILD = Path("build")
CREATOR = "Two Counts contributors"
LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
REPORT = "Two counts, one election"
NAMED = 4  # names in the source line; the rows hold all of them
WORDS = {
    "claimants": "Data: {0}{1}, read in {2} sources",
    "publishers": "Data: {2} sources, among them {0}",
    "one": "Data: {0}",
    "more": " and others",
    "chart": "Chart",
}


class Read(Mapping):
    """Tables or facts that note which of them are asked for by name; going through all notes
    none."""

    def __init__(self, values: Mapping[str, Any]):
        self._values, self.names = values, set()

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        self.names.add(name)
        return value

    def items(self) -> ItemsView[str, Any]:
        return self._values.items()

    def values(self) -> ValuesView[Any]:
        return self._values.values()

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass
class Numbers:
    """A figure in one language before it is drawn: the rows it plots, the words it says."""

    figure: Figure
    lang: str
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.figure.id}/{self.lang}"


def write(data: Path = Path("data"), figures: Path = FIGURES, build: Path = BUILD) -> None:
    """Compute everything from the tables and write it; raise all problems of all figures."""
    tables = all_tables.load(data)
    facts = all_facts.collect(tables)
    made = numbers(tables, facts, figures)
    all_facts.write(facts, build / "facts.json")
    write_figures(made, build)


def numbers(tables: Tables, facts: Mapping[str, Fact], folder: Path = FIGURES) -> list[Numbers]:
    """Compute rows and words of every figure of a folder; Problems name all that is wrong."""
    made, problems = [], []
    for figure in lint.discover(folder):
        for lang in figure.module.WORDS:
            one = Numbers(figure, lang)
            made.append(one)
            problems += prepare(one, tables, facts)
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return made


def prepare(one: Numbers, tables: Tables, facts: Mapping[str, Fact]) -> list[Problem]:
    """Compute rows and words of a figure, and list what is wrong with them."""
    figure, template = one.figure, one.figure.module.WORDS[one.lang]
    problems = list(lint.words(figure, one.lang, facts))
    read, used = Read(tables), Read(facts)
    try:
        one.rows = plain(figure.module.data(read, used))
        problems += lint.rows(figure, one.rows)
    except (Exception, SystemExit) as error:  # one that ends the process is one that fails
        problems.append(mistake(figure.path, error))
    if problems:
        return problems
    one.words = {key: say.filled(template[key], facts, one.lang) for key in lint.WORDS}
    labels = template.get("labels", {})
    one.words["labels"] = {key: say.filled(text, facts, one.lang) for key, text in labels.items()}
    one.words |= about(one, tables, sorted(read.names | behind(used.names, facts)))
    if not back(csv(one.rows), one.words["columns"]).equals(one.rows):
        told = "data() gives rows that a CSV file cannot hold as they are"
        return [figure.problem(told, "give each column one type, and texts no gaps", "def data")]
    return []


def behind(names: Iterable[str], facts: Mapping[str, Fact]) -> set[str]:
    """Name the tables on which facts stand, those of their inputs included."""
    found: set[str] = set()
    for name in names:
        if name.startswith("table:"):
            found.add(name.removeprefix("table:"))
        elif facts[name].inputs:
            found |= behind(facts[name].inputs, facts)
        else:
            found.add(facts[name].table)
    return found


def plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn exact numbers into floats that JSON and CSV can hold; integers and texts stay."""

    def exact(value: Any) -> Any:
        return round(float(value), 6) if isinstance(value, Decimal | Fraction) else value

    return rows.map(exact).reset_index(drop=True)


def csv(rows: pd.DataFrame) -> str:
    return rows.to_csv(index=False, lineterminator="\n")


def back(text: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """Read rows again as they were: columns by name → type of their values."""
    gaps = {name: [""] for name, kind in columns.items() if kind.startswith("float")}
    return pd.read_csv(
        io.StringIO(text), dtype=dict(columns), keep_default_na=False, na_values=gaps
    )


def about(one: Numbers, tables: Tables, read: list[str]) -> dict[str, Any]:
    """Gather what travels with a figure: id, types of its columns, tables, sources, author,
    licence."""
    ids = [source for cell in one.rows["source_ids"] for source in str(cell).split(";") if source]
    known = tables["sources"]
    publisher = dict(zip(known["id"], known["publisher"], strict=True))
    claimants = list(one.rows["claimant"]) if "claimant" in one.rows else []
    publishers = [publisher.get(source, source) for source in ids]
    return {
        "id": one.figure.id,
        "lang": one.lang,
        "columns": {name: str(kind) for name, kind in one.rows.dtypes.items()},
        "creator": CREATOR,
        "licence": LICENCE[1],
        "report": REPORT,
        "tables": read,
        "sources": sorted(set(ids)),
        "source_line": source_line(claimants, publishers, len(set(ids))),
    }


def source_line(claimants: list[str], publishers: list[str], sources: int) -> str:
    """Say whose numbers these are: the claimants of the rows, or else the most frequent
    publishers."""
    told = (re.sub(r"\s*\(.*", "", name) for name in claimants or publishers)
    names = Counter(name for name in told if not name.startswith("GitHub"))
    ranked = list(names) if claimants else sorted(names, key=lambda name: (-names[name], name))
    kind = "claimants" if claimants else "publishers" if len(ranked) > 1 else "one"
    comma = "; " if any("," in name for name in ranked[:NAMED]) else ", "
    more = WORDS["more"] if len(ranked) > NAMED else ""
    data = WORDS[kind].format(comma.join(ranked[:NAMED]), more, sources)
    return f"{data}. {WORDS['chart']}: {CREATOR}, {LICENCE[0]}"


def write_figures(made: list[Numbers], build: Path) -> None:
    """Write the files of every figure, and remove those of figures that are gone."""
    for one in made:
        folder = build / "figures" / one.name
        words = json.dumps(one.words, ensure_ascii=False, indent=1)
        put(folder / "rows.csv", csv(one.rows))
        put(folder / "words.json", words + "\n")
        put(folder / "tools.md", include.tools(one))
        put(build / "include" / one.lang / f"{one.figure.id}.md", include.page(build, one))
    kept = {one.name for one in made}
    for folder in build.glob("figures/*/*"):
        if folder.is_dir() and f"{folder.parent.name}/{folder.name}" not in kept:
            shutil.rmtree(folder)
            if not any(folder.parent.iterdir()):
                folder.parent.rmdir()
    for page in build.glob("include/*/*.md"):
        if f"{page.stem}/{page.parent.name}" not in kept and include.ours(page):
            page.unlink()


def put(path: Path, text: str) -> None:
    """Write a file, unless it holds this text already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
