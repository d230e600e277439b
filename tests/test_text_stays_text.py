"""What stands in a table is text wherever it is printed: never markup, a script, a formula or a
command."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from tests import pdf
from tests.hostile import ALT, planted, rows
from tests.test_hostile_tables import NASTY_TEXT

pytestmark = pytest.mark.slow


def squeezed(text: str) -> str:
    """Leave out white space and the kind of quotation marks, which setting a text may change."""
    return re.sub(r"\s+", "", re.sub('[“”"]', '"', re.sub("[‘’']", "'", text)))


def test_hostile_text_prints_as_text_on_the_page(hostile):
    site, texts = hostile / "_output", planted(hostile)
    tree = html.fromstring((site / "report.html").read_text(encoding="utf-8"))
    assert len(texts) == len(NASTY_TEXT)
    for row, text in texts.items():
        told = squeezed(
            "".join(tree.get_element_by_id(f"fact-{row}").getparent().getnext().itertext())
        )
        assert squeezed(text) in told, row
    assert len(tree.xpath("//script[not(@type) and . != 'fold()']")) == 3 and not tree.xpath(
        "//img[@onerror]|//script[contains(., 'alert')]"
    )


def test_hostile_text_prints_as_text_on_the_page_of_states(hostile):
    site = hostile / "_output"
    text = (site / "states/index.html").read_text(encoding="utf-8")
    tree = html.fromstring(text.encode())
    told = squeezed("".join(tree.xpath("//main")[0].itertext()))
    acts = {row["act"] for row in rows(site / "data/positions.csv")}
    hostile_acts = [act for act in acts if act in NASTY_TEXT]
    assert hostile_acts and not [act for act in hostile_acts if squeezed(act) not in told]
    assert [script.get("src") for script in tree.iter("script")] == [
        "../figures/shared/faces.js",
        "states.js",
    ]
    assert not tree.xpath("//img | //*[@onerror or @onclick or @style]")


def test_marks_in_an_alternative_text_are_heard_as_they_are_typed(hostile):
    site = hostile / "_output"
    for page in ("report.html", "figures/toll/index.html"):
        tree = html.fromstring((site / page).read_text(encoding="utf-8"))
        heard = tree.xpath("//*[local-name()='svg']/@aria-label | //img/@alt")
        assert [text for text in heard if text.startswith(ALT)], page


def test_hostile_text_prints_as_text_in_the_references(hostile):
    site = hostile / "_output"
    listed = squeezed(
        "".join(
            html.fromstring((site / "report.html").read_text(encoding="utf-8"))
            .xpath("//ol[@class='references']")[0]
            .itertext()
        )
    )
    for text in (
        "<script>alert(1)</script>",
        "[@nobody2024] @fig-nothing",
        "{{< fact x >}} {{< include y.md >}}",
    ):
        assert squeezed(text) in listed


def test_hostile_text_prints_as_text_in_the_pdf(hostile):
    site, texts = hostile / "_output", planted(hostile)
    printed = squeezed(pdf.text(site / "report.pdf"))
    missing = [text for text in texts.values() if squeezed(text)[:14] not in printed]
    assert not missing


def test_hostile_text_stays_data_in_files(hostile):
    site, texts = hostile / "_output", planted(hostile)
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]
    told = {row: squeezed(facts[row]["label"]["en"]) for row in texts}
    assert all(squeezed(text) in told[row] for row, text in texts.items())
    table = {row["id"]: row["subject"] for row in rows(site / "data/claims.csv")}
    assert all(table[row] == text for row, text in texts.items())


def test_hostile_text_stays_text_in_figures(hostile):
    from lxml import etree

    site = hostile / "_output"
    drawn = (site / "figures/region/region.csv").read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" in drawn and "| a | b | ::: {.callout-note}" in drawn
    for path in site.glob("figures/*/*.svg"):
        etree.parse(str(path))
        assert not etree.parse(str(path)).xpath("//*[local-name()='script']")
    for path in site.glob("figures/*/index.html"):
        tree = html.fromstring(path.read_text(encoding="utf-8"))
        assert not tree.xpath("//img[@onerror]") and not [
            s for s in tree.xpath("//script/text()") if s.strip().startswith("alert")
        ]
