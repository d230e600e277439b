"""What the report checks of others is told to search engines, or the mistake is told."""

from __future__ import annotations

import pytest

from pipeline.errors import Problems
from pipeline.pages import texts

TABLE = r"""
| The article says | Verdict | Finding |
|:---|:---|:---|
| It is [51\.2%](#fact-a){#use-a .fact}`#metadata(none)<use-a>`{=typst} for "him\!" | **Cut** | |

: Statements {#tbl-said}
"""


def test_a_statement_is_read_without_the_markup_of_its_numbers(tmp_path):
    prose = tmp_path / "report.qmd"
    prose.write_text(TABLE)
    assert texts.statements(prose, "tbl-said") == [('It is 51.2% for "him!"', "Cut")]


@pytest.mark.parametrize("text", ["", "# A {#tbl-other}\n", "Text\n\n## A {#tbl-other}\n"])
def test_a_table_that_is_not_there_is_told(tmp_path, text):
    prose = tmp_path / "report.qmd"
    prose.write_text(text + TABLE.replace("tbl-said", "tbl-more"))
    with pytest.raises(
        Problems, match=r"_quarto\.yml: report: reviewed: got the table tbl-other, "
    ):
        texts.statements(prose, "tbl-other")


def test_a_source_that_is_not_there_is_told(tmp_path, monkeypatch):
    settings = tmp_path / "settings.yml"
    settings.write_text("report:\n  reviewed: {source: x, table: y}\n")
    monkeypatch.setattr(texts, "SETTINGS", settings)
    with pytest.raises(Problems, match="report: reviewed: got the source "):
        texts.reviewed()
