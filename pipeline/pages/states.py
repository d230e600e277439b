"""The page of all entries: what each state and body of the tables said and did, one by one.

`analysis/dossiers.py` says what stands in an entry, and the file beside it in which words.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipeline import reading, report
from pipeline.charts import lint, say
from pipeline.charts.figure import SHARED
from pipeline.errors import Problems
from pipeline.facts import spell
from pipeline.facts.collect import told_as
from pipeline.pages.page import POLICY, Page, filled, put
from pipeline.pages.record import all_sources, load_words
from pipeline.tables import contract, read
from pipeline.theme import THEME, words

DATA, FACTS = Path("data"), Path("build/facts.json")
MODULE, WORDS = Path("analysis/dossiers.py"), Path("analysis/dossiers.yml")
PARTS = ("states.css", "states.js")


def write_page(folder: Path, first: str, lang: str = "en") -> None:
    """Write the page with its own sheet and script in place of what was there.

    first: the figure whose card is shown where the page is shared
    """
    records = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
    known = {name: SimpleNamespace(**record) for name, record in records.items()}
    given = reading.from_yaml(WORDS, lang)[lang]
    if wrong := [*lint.holes(WORDS, given, known, lang)]:
        raise Problems(*wrong)
    told = _filled(given, known, lang)
    speaker = say.Words(_codes() | told["labels"], lang)
    with told_as(MODULE):
        module = import_module(f"analysis.{MODULE.stem}")
        entries = module.entries(read.load(DATA), known, speaker)
    page = filled(
        "states.html",
        report.read(),
        lang,
        page=Page(
            told["title"], told["subtitle"], "states/", first, load_words(first, lang)["alt"]
        ),
        say=words("states", lang),
        here="states",
        root="../",
        told=told,
        groups=[(key, [*some]) for key, some in groupby(entries, lambda entry: entry.group)],
        sources=all_sources(),
        spelled=lambda iso: spell.day(iso, lang),
        find=find,
        stances=speaker.labels,
        policy=POLICY,
        shared=f"../figures/{SHARED}",
    )
    put(folder, {"index.html": page} | {name: THEME / name for name in PARTS})


def find(names: Iterable[str]) -> str:
    """Fold names as the search does: small letters, without accents and signs."""
    plain = unicodedata.normalize("NFKD", " ".join(names).replace(".", "")).lower()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(dict.fromkeys(re.findall(r"\w+", letters)))


def _codes() -> dict[str, str]:
    """Give what the contract says of each code: table.column.code → words."""
    return {
        f"{resource['name']}.{name}.{category['value']}": spell.curled(category["label"])
        for resource in contract.read(DATA)["resources"]
        for name, field in contract.fields(resource).items()
        for category in field.get("categories", ())
    }


def _filled(part: Any, known: Mapping[str, Any], lang: str) -> Any:
    """Fill the holes of texts, in lists and by name, with facts."""
    if isinstance(part, Mapping):
        return {name: _filled(inner, known, lang) for name, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, known, lang) for inner in part]
    return say.filled(part, known, lang)
