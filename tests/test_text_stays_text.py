"""What stands in a table is text wherever it is printed: never markup, a script, a formula or a
command."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from lxml import html

from tests import pdf
from tests.conftest import ROOT, change, run_build
from tests.test_hostile_tables import NASTY_TEXT

pytestmark = pytest.mark.slow
ALT = "&lt;i&gt; and <b> stay as they are typed. "


def squeezed(text: str) -> str:
    """Leave out white space and the kind of quotation marks, which setting a text may change."""
    return re.sub(r"\s+", "", re.sub('[“”"]', '"', re.sub("[‘’']", "'", text)))


@pytest.fixture(scope="module")
def hostile(small, tmp_path_factory):
    """The site built from tables in which printed labels, titles and acts are hostile texts: (site,
    row id → text)."""
    folder = Path(shutil.copytree(small, tmp_path_factory.mktemp("hostile") / "project"))
    facts = json.loads((small / "_output/facts.json").read_text(encoding="utf-8"))["facts"]
    printed = (ROOT / "report.qmd").read_text(encoding="utf-8")
    free = [
        name
        for name, fact in facts.items()
        if fact["table"] == "claims"
        and fact["unit"] != "date"
        and f"fact {name} " in printed
        # these have to say whose they are
        and not re.search("maduro|gonzalez|others", name)
        and name == fact["row"]
    ]
    planted = dict(zip(free, NASTY_TEXT, strict=False))
    replace(folder / "data/claims.csv", "subject", planted)
    sources = dict.fromkeys(source for name in planted for source in facts[name]["sources"])
    replace(folder / "data/sources.csv", "title", dict(zip(sources, NASTY_TEXT, strict=False)))
    with (folder / "build/figures/region/en/rows.csv").open(encoding="utf-8", newline="") as handle:
        drawn = {row["act"] for row in csv.DictReader(handle)}
    acts = [row["id"] for row in rows(folder / "data/positions.csv") if row["act"] in drawn]
    replace(folder / "data/positions.csv", "act", dict(zip(acts, NASTY_TEXT, strict=False)))
    change(folder / "figures/toll.yml", "  alt: >-\n    ", f"  alt: >-\n    {ALT}\n    ")
    told = " ".join(f"{{{{< fact {name} >}}}}" for name in planted)
    change(folder / "report.qmd", "## Methods", f"{told}\n\n## Methods")
    done = run_build(folder, "pandoc")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_output", planted


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def replace(path: Path, column: str, planted: dict[str, str]) -> None:
    """Put a text into a column of the rows named."""
    table = rows(path)
    for row in table:
        row[column] = planted.get(row["id"], row[column])
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, table[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def test_hostile_text_prints_as_text_on_the_page(hostile):
    site, planted = hostile
    tree = html.fromstring((site / "report.html").read_text(encoding="utf-8"))
    assert len(planted) == len(NASTY_TEXT)
    for row, text in planted.items():
        told = squeezed(
            "".join(tree.get_element_by_id(f"fact-{row}").getparent().getnext().itertext())
        )
        assert squeezed(text) in told, row
    assert len(tree.xpath("//script[not(@type) and . != 'fold()']")) == 3 and not tree.xpath(
        "//img[@onerror]|//script[contains(., 'alert')]"
    )


def test_hostile_text_prints_as_text_on_the_page_of_states(hostile):
    site, _ = hostile
    text = (site / "states/index.html").read_text(encoding="utf-8")
    tree = html.fromstring(text.encode())
    told = squeezed("".join(tree.xpath("//main")[0].itertext()))
    acts = {row["act"] for row in rows(site / "data/positions.csv")}
    planted = [act for act in acts if act in NASTY_TEXT]
    assert planted and not [act for act in planted if squeezed(act) not in told]
    assert [script.get("src") for script in tree.iter("script")] == [
        "../figures/shared/faces.js",
        "states.js",
    ]
    assert not tree.xpath("//img | //*[@onerror or @onclick or @style]")


def test_marks_in_an_alternative_text_are_heard_as_they_are_typed(hostile):
    site, _ = hostile
    for page in ("report.html", "figures/toll/index.html"):
        tree = html.fromstring((site / page).read_text(encoding="utf-8"))
        heard = tree.xpath("//*[local-name()='svg']/@aria-label | //img/@alt")
        assert [text for text in heard if text.startswith(ALT)], page


def test_hostile_text_prints_as_text_in_the_references(hostile):
    site, _ = hostile
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
    site, planted = hostile
    printed = squeezed(pdf.text(site / "report.pdf"))
    missing = [text for text in planted.values() if squeezed(text)[:14] not in printed]
    assert not missing


def test_hostile_text_stays_data_in_files(hostile):
    site, planted = hostile
    facts = json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]
    told = {row: squeezed(facts[row]["label"]["en"]) for row in planted}
    assert all(squeezed(text) in told[row] for row, text in planted.items())
    table = {row["id"]: row["subject"] for row in rows(site / "data/claims.csv")}
    assert all(table[row] == text for row, text in planted.items())


def test_hostile_text_stays_text_in_figures(hostile):
    from lxml import etree

    site, _ = hostile
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
