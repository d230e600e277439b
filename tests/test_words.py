"""The report reads easily, gives both sides room, and says who says what in even words."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from lxml import html

from tests.words import QUOTED, Paragraph, everything, grade, sections, sentences, titles, words

FINDINGS, CHECKS = "in-brief", "sec-checks"
LISTS = ("sec-numbers", "sec-references")  # made from the tables; nobody reads them as prose
WORDS_OF_FINDINGS, WORDS_A_SENTENCE = 150, 20
GRADE_OF_FINDINGS, GRADE_OF_PROSE = 10, 11  # Flesch-Kincaid: years of school
ROOM = {"sec-before": (0, 150), "sec-after": (500, 700)}  # words of the sections before and after
STATEMENTS = 27  # of the article that the report started from
FACTOR = 1.5  # how much more room one side may have than the other

# For which result the evidence under each head that runs in speaks; "" is what stands before them.
SHEETS, COUNCIL, NEITHER = "the sheets hold", "the council's result holds", "of neither side"
SIDES = {
    "": NEITHER,
    "Reading the sheets anew.": SHEETS,
    "Is the paper real?": SHEETS,
    "Statistical work.": SHEETS,
    "Samples and polls.": NEITHER,  # some have one ahead, some the other
    "Observers.": NEITHER,
    "The council and the Tribunal.": COUNCIL,
    "The government's objections.": COUNCIL,
    "Inside the council.": NEITHER,  # what its members and the UN mission say against each other
}

# "Claimed" doubts a speaker, "admitted" believes one; these verbs say only that somebody spoke.
SAY = (
    "said, wrote, announced, reported, counted, found, asked, called, attributed, held responsible"
)
SAID_WITH_A_SLANT = re.compile(
    r"\b(claim(ed|ing)|blam(ed?|es|ing)|vow(s|ed|ing)?|alleg(e[ds]?|ing|edly)|insist(s|ed|ing)?"
    r"|admit(s|ted|ting)?|conced(e[ds]?|ing)|boast(s|ed|ing)?|lash(es|ed|ing))\b",
    re.IGNORECASE,
)
# "The council claims that it won" is a verb, "the council's claims that" and "claims of" a noun:
# a verb has what is claimed after it, and no article, possessive or "of" before it.
CLAIMS = re.compile(
    r"(?<!\S)(?!(?:the|an?|no|any|this|these|its|their|his|her|whose|of|and|or|attributed|\S+'s?)\s)"
    r"\S+ (claims?) (?=(?:that|to|it|he|she|they|the|an?|its|his|her|their|victory)\b|\d)",
    re.IGNORECASE,
)
TAKES_A_SIDE = re.compile(
    r"\b(odd|fraud\w*|stolen|sham|illegitima\w*|so-called|alleged(ly)?|suspicious(ly)?)\b",
    re.IGNORECASE,
)
LOW = "\ue000"  # planted before each number of low confidence; no text has it


def trouble_of_findings(texts: list[str]) -> list[str]:
    """Say what makes the key findings too long or too hard."""
    found = [f"long: {s}" for s in sentences(texts) if words([s]) > WORDS_A_SENTENCE]
    if words(texts) > WORDS_OF_FINDINGS:
        found.append(f"{words(texts)} words in all, at most {WORDS_OF_FINDINGS}")
    if grade(texts) > GRADE_OF_FINDINGS:
        found.append(f"grade {grade(texts):.1f}, at most {GRADE_OF_FINDINGS}")
    return found


def words_of_sides(paragraphs: list[Paragraph], sides: dict[str, str]) -> Counter[str]:
    """Count the words of each side; a paragraph without a head belongs to the head before it."""
    heads = {p.head for p in paragraphs if p.head}
    assert heads == {*sides} - {""}, f"SIDES and the section differ: {heads ^ ({*sides} - {''})}"
    counts, head = Counter(dict.fromkeys(sides.values(), 0)), ""
    for paragraph in paragraphs:
        head = paragraph.head or head
        counts[sides[head]] += words([paragraph.text])
    return counts


def even(counts: Counter[str]) -> bool:
    """Tell whether neither side has too much more room than the other."""
    fewer, more = sorted([counts[SHEETS], counts[COUNCIL]])
    return more <= FACTOR * fewer


def slanted(text: str) -> list[str]:
    """List verbs of saying that take a side and stand outside quotation marks."""
    ours = QUOTED.sub(" ", text)
    return [m[1] for pattern in (SAID_WITH_A_SLANT, CLAIMS) for m in pattern.finditer(ours)]


def unflagged(page: str, low: set[str]) -> list[str]:
    """List sentences with a number of low confidence that do not say so in these words."""
    tree = html.document_fromstring(page)
    for link in tree.xpath("//a[starts-with(@href, '#fact-')]"):
        if link.get("href").removeprefix("#fact-") in low:
            link.text = LOW + (link.text or "")
    marked = sections(html.tostring(tree, encoding="unicode"))
    prose = [p.text for name, paragraphs in marked.items() if name not in LISTS for p in paragraphs]
    said = re.compile("low[- ]confidence")
    return [s.replace(LOW, "") for s in sentences(prose) if LOW in s and not said.search(s)]


def checked_statements(page: str) -> list[tuple[str, int]]:
    """List the rows of the table on the article: the verdict, and how many sources the row has."""
    tree = html.document_fromstring(page)
    rows = tree.xpath("//*[@id='tbl-article']//tbody/tr")
    sources = [len(row.xpath(".//a[starts-with(@href, '#ref-')]")) for row in rows]
    return [
        (row[1].text_content().strip(), count) for row, count in zip(rows, sources, strict=True)
    ]


@pytest.fixture(scope="module")
def page(site):
    return (site / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def prose(page):
    return sections(page)


def test_the_key_findings_are_short_and_plain(prose):
    trouble = trouble_of_findings([p.text for p in prose[FINDINGS]])
    assert not trouble, "\n".join(trouble)


def test_every_section_can_be_read_after_eleven_years_of_school(prose, record_property):
    grades = {
        name: grade([p.text for p in paragraphs])
        for name, paragraphs in prose.items()
        if name not in (FINDINGS, *LISTS)
    }
    assert len(grades) > 10 and all(words([p.text for p in prose[name]]) for name in grades)
    hard = {name: round(value, 1) for name, value in grades.items() if value > GRADE_OF_PROSE}
    assert not hard, hard
    record_property("told", f"words: the hardest section has grade {max(grades.values()):.1f}")


def test_what_came_before_and_after_keeps_its_room(prose):
    counts = {name: words([p.text for p in prose[name]]) for name in ROOM}
    assert all(ROOM[name][0] <= count <= ROOM[name][1] for name, count in counts.items()), counts


def test_each_statement_of_the_starting_article_has_a_verdict_and_a_source(page):
    rows = checked_statements(page)
    assert len(rows) == STATEMENTS
    assert all(verdict and cited for verdict, cited in rows), rows


def test_a_statement_without_a_verdict_or_a_source_is_seen():
    row = "<tr><td>It says</td><td>{}</td><td>Found{}</td></tr>"
    cite = ' <span class="cite"><a href="#ref-a">1</a></span>'
    table = "<table id='tbl-article'><tbody>{}</tbody></table>"
    page = table.format(
        row.format("Confirmed", cite) + row.format("", cite) + row.format("Cut short", "")
    )
    assert checked_statements(page) == [("Confirmed", 1), ("", 1), ("Cut short", 0)]


def test_evidence_for_either_result_has_about_the_same_room(prose, record_property):
    counts = words_of_sides(prose[CHECKS], SIDES)
    assert even(counts), dict(counts)
    record_property("told", f"words: {dict(counts)}")


def test_verbs_of_saying_take_no_side(page):
    told = sentences(everything(page))
    found = [f"{verb}: {sentence}" for sentence in told for verb in slanted(sentence)]
    assert not found, f"say it with one of: {SAY}\n" + "\n".join(found)


def test_no_title_takes_a_side(page):
    found = [title for title in titles(page) if TAKES_A_SIDE.search(QUOTED.sub(" ", title))]
    assert not found, found


def test_a_number_of_low_confidence_says_so_in_its_sentence(page, site):
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]
    claims = {name: fact for name, fact in facts.items() if fact["kind"] == "claim"}
    low = {name for name, fact in claims.items() if fact["confidence"] == "low"}
    found = unflagged(page, low)
    assert low and not found, "\n".join(found)


SMALL = """<main><p class="abstract">Before.</p>
<section class="key-findings"><h2 id="in-brief">Key findings</h2><ul><li>He has 51.95% (<a
href="#sec-a">Section&nbsp;1</a>).</li></ul></section>
<h2 id="sec-a">A heading</h2>
<p><strong>The council's side.</strong> It said so <span class="cite">(El Pitazo 2024)</span>. <a
href="#fig-b">Figure&nbsp;1</a> has <a href="#fact-c">6,408,844</a> votes <span
class="cite">[<a href="#ref-d">12</a>]</span>.</p>
<div class="note"><p class="note-title">A title</p><p>A note.</p></div>
<figure><p class="figure-title">A chart</p><svg aria-label="An alt text"/>
<figcaption>A caption</figcaption></figure>
<div class="figure-tools"><details><summary>Details</summary><p>Long.</p></details>
<p>Data</p></div>
<ul><li><p>An item.</p>
<p>And more.</p></li></ul><table><tr><td>A cell</td></tr></table>
<h2 id="sec-numbers">Rows</h2><p>He vowed.</p></main>"""
HARD = "Notwithstanding considerable methodological reservations, verification remained impossible."


def test_prose_is_taken_without_citations_figures_and_tables():
    assert sections(SMALL) == {
        "in-brief": [Paragraph("", "He has 51.95%.")],
        "sec-a": [
            Paragraph("The council's side.", "It said so. Figure 1 has 6,408,844 votes."),
            Paragraph("", "A note."),
            Paragraph("", "An item. And more."),
        ],
        "sec-numbers": [Paragraph("", "He vowed.")],
    }


def test_tables_captions_and_alt_texts_are_read_for_verbs_and_the_tables_of_numbers_are_not():
    assert {"A caption", "A cell", "An alt text", "Long.", "A note."} <= {*everything(SMALL)}
    assert "He vowed." not in everything(SMALL)


def test_titles_are_headings_heads_that_run_in_and_those_of_figures_and_notes():
    found = {"Key findings", "A heading", "A title", "A chart", "Rows", "The council's side."}
    assert {*titles(SMALL)} == found


WITH_NUMBERS = ["Maduro has 51.95% of the votes, which are 6,408,844 in all."]


def test_a_stop_within_a_number_ends_no_sentence():
    assert len(sentences(WITH_NUMBERS)) == 1


@pytest.mark.slow  # as all that asks for a grade: the dictionary takes two seconds to read
def test_a_stop_within_a_number_makes_no_sentence_easier():
    assert grade(WITH_NUMBERS) == grade(["Maduro has half of the votes, which are ten in all."])


@pytest.mark.slow
@pytest.mark.parametrize(
    "texts, trouble",
    [
        (["The sheets say " + "so " * 18], "long"),
        (["The sheets say so."] * 38, "152 words"),
        ([HARD], "grade"),
    ],
)
def test_findings_that_are_long_or_hard_are_refused(texts, trouble):
    assert [found for found in trouble_of_findings(texts) if trouble in found]


@pytest.mark.slow
def test_short_and_plain_findings_pass():
    assert not trouble_of_findings(["The council said who won.", "It gave no results by table."])


@pytest.mark.slow
def test_a_hard_text_has_a_higher_grade_than_is_allowed():
    assert grade([HARD]) > GRADE_OF_PROSE


HEADS = {"": NEITHER, "For.": SHEETS, "Against.": COUNCIL}


@pytest.mark.parametrize("against, fair", [(4, True), (3, False), (9, True), (10, False)])
def test_a_side_with_much_less_room_is_refused(against, fair):
    section = [
        Paragraph("", "An opening of some length that is of neither side"),
        Paragraph("For.", "one two three"),
        Paragraph("", "four five six"),
        Paragraph("Against.", "so " * against),
    ]
    assert even(words_of_sides(section, HEADS)) == fair


@pytest.mark.parametrize("heads", [["For."], ["For.", "Against.", "Others."]])
def test_a_head_that_is_missing_or_unknown_is_refused(heads):
    with pytest.raises(AssertionError, match="differ"):
        words_of_sides([Paragraph(head, "so") for head in heads], HEADS)


@pytest.mark.parametrize(
    "planted",
    [
        "The council blamed an attack.",
        "He vowed to go on.",
        "Maduro claims that he won.",
        "They claim victory.",
        "the claimed votes",
        "She insists on it.",
        "the allegedly lost sheets",
    ],
)
def test_a_verb_with_a_slant_is_found(planted):
    assert slanted(planted)


@pytest.mark.parametrize(
    "planted",
    [
        "He said that it “admitted” nothing.",
        "This report sets the claims side by side.",
        "the council's claims that it was attacked",
        "Claims of holding sheets came first.",
        "Confirmed as its claim. A share of sheets.",
        "It held groups responsible.",
    ],
)
def test_even_verbs_nouns_and_quotations_pass(planted):
    assert not slanted(planted)


@pytest.mark.parametrize("planted", ["The odd decimals", "A stolen vote", "The so-called sheets"])
def test_a_title_that_takes_a_side_is_found(planted):
    assert TAKES_A_SIDE.search(QUOTED.sub(" ", planted))


@pytest.mark.parametrize("planted", ["What are the odds?", "“Another fraud”, said Milei"])
def test_an_even_title_passes(planted):
    assert not TAKES_A_SIDE.search(QUOTED.sub(" ", planted))


def test_a_number_of_low_confidence_that_does_not_say_so_is_found():
    assert unflagged(SMALL, {"c"}) == ["Figure 1 has 6,408,844 votes."]
    assert not unflagged(SMALL.replace("Figure&nbsp;1", "At low confidence,"), {"c"})
    assert not unflagged(SMALL, {"another"})
