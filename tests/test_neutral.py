"""Every number is somebody's, both sides are heard, and no adjective of a side is ours."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from pipeline.charts.say import HOLE
from pipeline.prose import manuscript
from tests.words import written

ROOT = Path(__file__).parent.parent
# Words that take a side. They may stand only inside a quotation, which names its speaker.
LOADED = re.compile(
    r"\b(fraud\w*|regime|illegitima\w*|stolen|steal\w*|stole|dictator\w*|tyran\w*|coup|puppet|sham|rigg\w*|bogus|terroris\w*|fascis\w*|usurp\w*|farce)\b",
    re.IGNORECASE,
)
# Places where such a word names a thing and takes no side; each with its reason.
ATTRIBUTED = {
    "called tainted by fraud and intimidation": "the opposition's own accusation, told as its",
    "called it tainted by fraud and intimidation": "the opposition's own accusation, told as its",
    "it called tainted by fraud and intimidation": "the opposition's own accusation, told as its",
    "it calls tainted by fraud and intimidation": "the opposition's own accusation, told as its",
    "fraud model": "the name of a statistical method",
    "another fraud": "what the president of Argentina posted, told as his",
}
QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
HEADLINE = (  # what the key findings rest on
    "council.first.maduro.share",
    "council.second.maduro.share",
    "council.first.maduro.votes",
    "council.second.gonzalez.votes",
    "opposition.july_29.sheets_share",
    "opposition.july_29.gonzalez.votes",
    "opposition.august_6.sheets",
    "un_mission.deaths.september_17",
    "hrw.deaths.september_4",
    "government.deaths.august_21",
    "roll.tables",
)


@pytest.fixture(scope="module")
def document():
    return list(manuscript.lines(ROOT / "report.qmd"))


@pytest.fixture(scope="module")
def printed(document):
    return {use.name for use in manuscript.uses(document)}


def loaded(text: str) -> list[str]:
    """List words that take a side and stand outside quotation marks."""
    text = QUOTED.sub(" ", re.sub(r"\{\{<.*?>\}\}|\[@[^\]]*\]|\{[^}]*\}", " ", text))
    for phrase in ATTRIBUTED:
        text = text.replace(phrase, " ")
    return LOADED.findall(text)


def test_no_adjective_of_a_side_is_ours_in_the_prose(document):
    found = [
        f"{line.file}:{line.number}: {word}" for line in document for word in loaded(line.text)
    ]
    assert not found, "\n".join(found)


def sided(folder: Path) -> list[str]:
    """List words that take a side in the texts of all figures of a folder."""
    files = sorted(folder.glob("*.yml"))
    texts = [(file.name, text) for file in files for text in written(file)]
    assert len(files) >= 14 and len(texts) > 200, "every figure has words"
    return [f"{name}: {word}" for name, text in texts for word in loaded(text)]


def test_no_adjective_of_a_side_is_ours_in_the_figures():
    assert sided(ROOT / "figures") == []


def test_an_adjective_planted_in_the_words_of_a_figure_is_found(tmp_path):
    figures = shutil.copytree(ROOT / "figures", tmp_path / "figures")
    words = figures / "region.yml"
    text = words.read_text(encoding="utf-8")
    words.write_text(text.replace("voiced concern", "voiced concern at the sham"), "utf-8")
    assert sided(figures) == ["region.yml: sham"]


@pytest.mark.parametrize(
    "planted",
    [
        "The regime answered.",
        "a stolen election",
        "fraudulent figures",
        "an illegitimate president",
    ],
)
def test_a_planted_adjective_is_found(planted):
    assert loaded(planted)


@pytest.mark.parametrize(
    "quoted", ['He called it "fraudulent".', 'the "stolen" vote', "Mebane's fraud model"]
)
def test_a_quotation_may_take_a_side(quoted):
    assert not loaded(quoted)


def test_relations_are_never_said_to_be_severed_with_all_seven(document):
    text = re.sub(r"\{\{<.*?>\}\}", "\0", " ".join(line.text for line in document))
    for sentence in re.split(r"(?<=[.|])\s", text):
        if re.search(r"sever(ed|ing)\b", sentence) and "relations" in sentence:
            assert (
                "article" in sentence.lower() or "Overstated" in text[text.index(sentence) :][:400]
            ), sentence


@pytest.mark.parametrize("side", ["council", "government", "opposition", "independent"])
def test_claims_of_every_side_are_in_the_report(side, facts, printed):
    assert sum(facts[name].side == side and facts[name].kind == "claim" for name in printed) >= 5


def shown(document) -> set[tuple[str, str]]:
    """List sections with the facts that they show: in prose, captions, and drawn on figures."""
    found = {(use.line.heading, use.name) for use in manuscript.uses(document)}
    included = {
        (line.heading, Path(line.file).stem)
        for line in document
        if line.file.startswith("build/include/")
    }
    for section, name in included:
        file = ROOT / f"figures/{name.replace('-', '_')}.yml"
        if file.exists():
            words = yaml.safe_load(file.read_text(encoding="utf-8"))["en"]
            labels = " ".join(words.get("labels", {}).values())
            found |= {(section, hole[1]) for hole in HOLE.finditer(labels)}
    return found


def one_way(printed: set[tuple[str, str]], facts) -> list[str]:
    """List counts of positions whose section does not show them with the texts of bodies
    counted."""
    counts = [
        (section, name)
        for section, name in printed
        if re.fullmatch(r"(reactions|region)\..*\.count", name)
    ]
    missing = [
        (section, name)
        for section, name in counts
        if f"{name}_with_bodies" in facts and (section, f"{name}_with_bodies") not in printed
    ]
    return sorted(
        {name for _, name in missing if facts[name].value != facts[f"{name}_with_bodies"].value}
    )


def test_a_count_of_positions_is_printed_both_ways_where_the_ways_differ(document, facts):
    assert one_way(shown(document), facts) == []


def test_a_count_printed_one_way_only_is_found(document, facts):
    both = "reactions.latest.asked.count_with_bodies"
    printed = {(section, name) for section, name in shown(document) if name != both}
    assert one_way(printed, facts) == ["reactions.latest.asked.count"]


@pytest.mark.parametrize("name", HEADLINE)
def test_a_headline_claim_has_two_independent_publishers_or_says_it_has_one(
    name, facts, tables, document
):
    sources = tables["sources"].set_index("id")
    publishers = {sources.loc[source, "publisher"] for source in facts[name].sources}
    lines = [line.text for line in document if f"fact {name} " in line.text]
    assert len(publishers) >= 2 or any("single source" in text for text in lines), (
        f"{name}: {publishers}"
    )


def test_every_actor_has_its_own_row_and_a_source(tables):
    rows = tables["positions"]
    assert rows["actor"].ne("").all() and rows["sources"].map(len).gt(0).all()
    assert rows["iso3"].dropna().nunique() > 0


def test_a_low_confidence_claim_is_flagged_where_it_is_printed(document, facts):
    missing = []
    for number, line in enumerate(document):
        for use in manuscript.uses([line]):
            fact = facts[use.name]
            around = " ".join(row.text for row in document[max(0, number - 2) : number + 3])
            if (
                fact.kind == "claim"
                and fact.confidence == "low"
                and not re.search(
                    r"low[- ]confidence|low confidence|disput|doubted|anonymous", around
                )
            ):
                missing.append(f"{line.file}:{line.number}: {use.name}")
    assert not missing, "low-confidence facts printed without saying so:\n" + "\n".join(missing)


def test_a_quotation_has_at_most_six_words_and_a_source(facts):
    quotations = [f for f in facts.values() if f.unit == "quotation"]
    assert quotations
    assert not [f.name for f in quotations if len(f.value.split()) > 6 or not f.sources]


def test_words_in_quotation_marks_come_from_facts(document):
    allowed = {"missing votes", "title"}  # MOE's own term, and attributes of callouts
    found = []
    for line in document:
        text = re.sub(
            r"\{\{<.*?>\}\}", "\0", re.sub(r"\{[.#][^}]*\}|fig-alt=\"[^\"]*\"", "", line.text)
        )
        found += [
            f"{line.file}:{line.number}: {q}"
            for q in re.findall(r'"([^"]+)"', text)
            if q != "\0" and q not in allowed
        ]
    assert not found, "quoted words typed instead of named as facts:\n" + "\n".join(found)
