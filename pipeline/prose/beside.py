"""Check the prose, and write what the engines need beside it: its edition, its sources."""

import json
from pathlib import Path
from typing import Any

from pipeline import reading, report
from pipeline.prose import appendix, manuscript
from pipeline.report import Report
from pipeline.theme import words

DATA, FACTS, PROSE = Path("data"), Path("build/facts.json"), manuscript.PROSE
META = Path("build/meta.yml")
TYPES = {
    "academic": "article-journal",
    "dataset": "dataset",
    "blog": "post-weblog",
    "official": "report",
    "primary": "report",
}
READ = {"whole": "Read whole", "none": "Not opened"}  # the others were read as excerpts


def write(figures: tuple[str, ...], commit: str, lang: str = "en") -> None:
    """Write the document as engines set it, and what stands beside it; Problems of the prose."""
    published = json.loads(FACTS.read_text(encoding="utf-8"))
    facts = published["facts"]
    folder = Path("build/include") / lang
    folder.mkdir(parents=True, exist_ok=True)
    sources = write_sources(DATA / "sources.csv", Path("build/sources.json"))
    appendix.write_corrections(DATA / "corrections.csv", folder, lang)
    (folder / "sources-of-numbers.html").touch()  # it is there for the check, and follows from it
    document = manuscript.check(PROSE, facts, set(sources), figures, lang)
    write_meta(report.read(commit), lang, manuscript.minutes(document))
    appendix.write(published, document, folder, lang)
    manuscript.write(PROSE, document, facts, lang)


def write_meta(work: Report, lang: str, minutes: int) -> None:
    """Write what documents print of the work, with its reading time in minutes, and their words."""
    said = words("report", lang)
    reuse = said.reuse.format(work.licence, work.licence_of_code)
    known = {
        "pagetitle": work.title,
        "subtitle": work.subtitle,
        "version": work.version,
        "date": work.date,
        "date-text": f"{work.day.day} {work.day:%B %Y}",
        "year": f"{work.day.year}",
        "id": f"{work.name}/{work.version}",
        "address": work.address("report.html"),
        "figures": work.address("figures/"),
        "keywords": list(work.keywords),
        "region": words("site", lang).locale.partition("_")[2],
        "commit": work.commit,
        "reading": said.reading.format(minutes),
        "words": vars(said) | {"reuse": reuse},
    }
    META.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def issued(edtf: str) -> dict[str, Any]:
    """Turn an EDTF date, uncertain (`~`) or an interval (`a/b`), into a CSL date."""
    if not edtf:
        return {}
    days = [day for day in edtf.rstrip("~").split("/") if day[:1].isdigit()]
    parts = [[int(number) for number in day.split("-")] for day in days]
    return {"issued": {"date-parts": parts} | ({"circa": True} if edtf.endswith("~") else {})}


def names(author: str) -> list[dict[str, str]]:
    """List `;`-separated authors as they sign; guessed family names would make people of bodies."""
    return [{"literal": name.strip()} for name in author.split(";") if name.strip()]


def item(row: dict[str, str]) -> dict[str, Any]:
    """Make the CSL item of a row of `sources`; descriptions stand in brackets, as APA has it."""
    entry: dict[str, Any] = {
        "id": row["id"],
        "type": TYPES.get(row["kind"], "article-newspaper"),
        "title": f"[{row['title']}]" if row["title_is_description"] == "true" else row["title"],
        "language": row["language"],
    }
    if row["publisher"] and row["publisher"] != row["author"]:
        entry["container-title"] = row["publisher"]
    if row["author"] or not row["publisher"]:
        entry["author"] = names(row["author"])
    if row["read"] in READ:
        entry["note"] = READ[row["read"]]
    if row["url"]:
        entry["URL"] = row["url"]
    return entry | issued(row["published"])


def write_sources(table: Path, path: Path) -> list[str]:
    """Write every source as CSL JSON and return their ids."""
    entries = [item(row) for row in reading.rows(table)]
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [entry["id"] for entry in entries]
