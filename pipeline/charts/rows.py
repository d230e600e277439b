"""What figures are drawn from: all facts, and for each figure its rows, words and include.

Nothing is written unless everything is right.
"""

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import report
from pipeline.charts import include, lint, say
from pipeline.charts.figure import BUILD, FIGURES, Picture, discover
from pipeline.errors import Problem, Problems, mistake
from pipeline.facts import collect as all_facts
from pipeline.model import Fact, Tables
from pipeline.tables import read as all_tables

NAMED = 4  # names in the source line; the rows hold all of them


class Read(dict[str, Any]):
    """Tables or facts that note which of them are asked for by name."""

    def __init__(self, values: Mapping[str, Any]):
        super().__init__(values)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        self.names.add(name)
        return value


def write(data: Path = Path("data"), figures: Path = FIGURES, build: Path = BUILD) -> None:
    """Compute everything from the tables and write it; Problems name what is wrong anywhere."""
    tables = all_tables.load(data)
    facts = all_facts.collect(tables)
    made = prepare(tables, facts, figures)
    all_facts.write(facts, tables, build / "facts.json")
    write_figures(made, build)


def prepare(tables: Tables, facts: Mapping[str, Fact], folder: Path = FIGURES) -> list[Picture]:
    """Compute rows and words of every figure of a folder; Problems name all that is wrong."""
    figures, problems = discover(folder)
    every = include.of_all("en")
    if wrong := [*lint.holes(include.OF_ALL, every, facts, "en")]:
        raise Problems(*wrong)
    made = [Picture(one, lang) for one in figures for lang in one.template]
    problems += [problem for one in made for problem in fill(one, every, tables, facts)]
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return made


def fill(
    one: Picture, every: dict[str, Any], tables: Tables, facts: Mapping[str, Fact]
) -> list[Problem]:
    """Compute rows and words of a figure, and list what is wrong with them.

    every: the words of all figures
    """
    figure, template = one.figure, one.figure.template[one.lang]
    problems = list(lint.words(figure, one.lang, facts))
    read, used = Read(tables), Read(facts)
    try:
        one.rows = plain(figure.module.rows(read, used))
        problems += lint.rows(figure, one.lang, one.rows)
    except (Exception, SystemExit) as error:  # one that ends the process is one that fails
        problems.append(mistake(figure.path, error))
    if problems:
        return problems

    def filled(texts: Mapping[str, str] | None) -> dict[str, str]:
        return {key: say.filled(text, facts, one.lang) for key, text in (texts or {}).items()}

    one.shared = include.shared(one, every)
    one.words |= filled({key: template[key] for key in lint.TEXTS} | one.shared)
    one.words["labels"] = filled(template.get("labels"))
    one.words["names"] = every.get("labels", {})
    one.words["columns"] = filled(template.get("columns"))
    one.words["holds"] = filled(every.get("holds", {}) | (template.get("holds") or {}))
    source = filled({"source": template.get("source", "")})["source"]
    one.words |= about(one, tables, sorted(read.names | behind(used.names, facts)), source)
    if not back(csv(one.rows), one.words["kinds"]).equals(one.rows):
        told = "rows() gives what a CSV file cannot hold as it is"
        return [figure.problem(told, "give each column one type, and texts no gaps", "def rows")]
    return []


def behind(names: Iterable[str], facts: Mapping[str, Fact]) -> set[str]:
    """Name the tables on which facts stand, those of their inputs included."""
    found: set[str] = set()
    for name in names:
        if name.startswith("table:"):
            found.add(name.removeprefix("table:").partition("/")[0])
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


def about(one: Picture, tables: Tables, read: list[str], source: str) -> dict[str, Any]:
    """Gather what travels with a figure: id, types of its columns, tables, sources.

    source: whose the data are, where the claimants of its rows do not say it well.
    """
    ids = [source for cell in one.rows["source_ids"] for source in str(cell).split(";") if source]
    publisher = tables["sources"].set_index("id")["publisher"]
    claimants = ranked(one.rows["claimant"], in_order=True) if "claimant" in one.rows else []
    producers = [source] if source else claimants
    named = names(producers or ranked((publisher.get(one, one) for one in ids), in_order=False))
    work, number = report.read(), len(set(ids))
    several = f", read in {number} sources" if number > 1 else ""
    return {
        "id": one.figure.id,
        "lang": one.lang,
        "work": work.short,
        "kinds": {name: str(kind) for name, kind in one.rows.dtypes.items()},
        "tables": read,
        "sources": sorted(set(ids)),
        "entries": entries(one.rows, tables),
        "producers": producers,
        "source_line": f"Data: {named}{several}. Chart: {work.by}, {work.licence}",
    }


def entries(rows: pd.DataFrame, tables: Tables) -> dict[str, str]:
    """Give the entries that rows of states name, on the page of all states: name → anchor."""
    if not any(column.endswith("iso3") for column in rows):
        return {}
    named = {text for column in rows for text in rows[column] if isinstance(text, str)}
    known = zip(tables["names"]["name"], tables["names"]["slug"], strict=True)
    return {name: slug for name, slug in known if name in named}


def ranked(told: Iterable[str], in_order: bool) -> list[str]:
    """Give each name once and short, in order or else the commonest first."""
    short = [re.sub(r"\s*\(.*", "", name) for name in told]
    # GitHub keeps copies of what others published
    count = Counter([name for name in short if not name.startswith("GitHub")] or short)
    return list(count) if in_order else sorted(count, key=lambda name: (-count[name], name))


def names(told: list[str]) -> str:
    """List the first of those whose numbers these are."""
    comma = "; " if any("," in name for name in told[:NAMED]) else ", "
    others = " and others" if len(told) > NAMED else ""
    return comma.join(told[:NAMED]) + others


def write_figures(made: list[Picture], build: Path) -> None:
    """Write the files of every figure, and remove those of figures that are gone."""
    for one in made:
        folder = build / "figures" / one.name
        put(folder / "rows.csv", csv(one.rows))
        put(folder / "words.json", json.dumps(one.words, ensure_ascii=False, indent=1) + "\n")
        put(folder / "values.html", include.links(one))
        put(folder / "values.typ", include.values(one))
        put(build / "include" / one.lang / f"{one.figure.id}.md", include.page(build, one))
    kept = {one.figure.id for one in made}
    for folder in [folder for folder in build.glob("figures/*") if folder.name not in kept]:
        shutil.rmtree(folder)
        for page in build.glob(f"include/*/{folder.name}.md"):
            page.unlink()


def put(path: Path, text: str) -> None:
    """Write a file into a folder that may have to be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
