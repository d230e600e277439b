"""A mistake in the prose is found before an engine runs, with its file, its line and the way out."""

from __future__ import annotations

import pytest

from pipeline import prose
from pipeline.errors import Problems

FACTS = {"council.first.maduro.share": {"texts": {"en": {"": "51.20%", "1": "51.2%"}}}}
SOURCES = {"carter-center.2024-07-30"}


def problems(tmp_path, text: str) -> str:
    """Check a document of this body; return what the writer would be told."""
    page = tmp_path / "report.qmd"
    page.write_text(f"---\ntitle: T\n---\n\n{text}\n", encoding="utf-8")
    try:
        prose.check(list(prose.lines(page)), FACTS, SOURCES, {"two-counts"}, "en")
    except Problems as found:
        return str(found).replace(str(page), "report.qmd")
    return ""


def test_a_correct_document_passes(tmp_path):
    body = "## Counted {#sec-a}\n\nIt was {{< fact council.first.maduro.share 1 >}} [@carter-center.2024-07-30], see @sec-a."
    assert problems(tmp_path, body) == ""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{< fact council.frist.maduro.share >}}",
         'report.qmd:5: no fact "council.frist.maduro.share"; did you mean council.first.maduro.share?'),
        ("{{< fact council.first.maduro.share words >}}",
         'report.qmd:5: council.first.maduro.share has no style "words"; it can be printed as: 1'),
        ("Said [@carter-centre.2024-07-30].", 'report.qmd:5: no source "carter-centre.2024-07-30"; did you mean carter-center.2024-07-30?'),
        ("See @sec-nowhere.", 'report.qmd:5: no reference "sec-nowhere"'),
        ("{{< include build/include/en/two-count.md >}}",
         'report.qmd:5: no figure or page "two-count" to include (build/include/en/two-count.md); did you mean two-counts?'),
        ("{{< video x.mp4 >}}", 'report.qmd:5: unsupported Quarto feature: shortcode "video"; use fact or include'),
        ("```{python}\n1 + 1\n```", "report.qmd:5: unsupported Quarto feature: code cell; compute in analysis/ and print a fact"),
        ("It is `{python} 1 + 1`.", "report.qmd:5: unsupported Quarto feature: inline code; compute in analysis/ and print a fact"),
        ("`<b>`{=html}", "report.qmd:5: unsupported Quarto feature: raw markup; write it in Markdown, or change theme/"),
        ("<script>alert(1)</script>", "report.qmd:5: unsupported Quarto feature: raw markup; write it in Markdown, or change theme/"),
        ("::: {layout-ncol=2}\n:::", "report.qmd:5: unsupported Quarto feature: layout; one figure or table after the other"),
        ("::: {.panel-tabset}\n:::", "report.qmd:5: unsupported Quarto feature: layout; one figure or table after the other"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_line_and_way_out(tmp_path, body, expected):
    assert problems(tmp_path, body).splitlines()[0] == expected


def test_all_mistakes_are_told_at_once(tmp_path):
    assert len(problems(tmp_path, "{{< fact a.b >}}\n\n@sec-x\n\n[@y.2024]").splitlines()) == 3


def test_facts_are_listed_under_the_section_that_prints_them_first(tmp_path):
    from pipeline.appendix import listed

    page = tmp_path / "report.qmd"
    page.write_text("## One {#sec-one}\n\n{{< fact a.b >}}\n\n## Two {#sec-two}\n\n{{< fact a.b >}} {{< fact c.d >}}\n", encoding="utf-8")
    groups = listed(prose.uses(list(prose.lines(page))))
    assert groups == {("sec-one", "One"): ["a.b"], ("sec-two", "Two"): ["c.d"]}


def test_an_included_page_is_read_in_its_place(tmp_path):
    inner = tmp_path / "inner.md"
    inner.write_text("{{< fact no.such >}}\n", encoding="utf-8")
    assert "inner.md:1: no fact" in problems(tmp_path, f"{{{{< include {inner} >}}}}")
