"""The log of corrections prints what changed a number, a code or a statement, each change once."""

from __future__ import annotations

from pathlib import Path

from pipeline.prose import appendix
from pipeline.theme import words

HEAD = "date,table,row,column,from,to,reason,sources\n"


def printed(folder: Path, *rows: str) -> str:
    """Write a log of these rows as page and PDF print it, one behind the other."""
    log = folder / "corrections.csv"
    log.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    appendix.write_corrections(log, folder, "en")
    page, paper = (folder / f"corrections.{form}" for form in appendix.FORMS)
    return page.read_text(encoding="utf-8") + paper.read_text(encoding="utf-8")


def test_rows_corrected_alike_are_told_once_with_day_and_source(tmp_path):
    told = "2026-11-26,claims,{},side,independent,unclear,doubted,a.2024;b.2024"
    text = printed(tmp_path, told.format("x.share"), told.format("y.share"))
    assert text.count("doubted") == 2  # once in each
    assert (
        text.count("26\u00a0November\u00a02026")
        == text.count("claims: x.share, y.share, side")
        == 2
    )
    assert "<!--cite a.2024;b.2024-->" in text and '#sources("a.2024;b.2024")' in text


def test_what_only_cites_or_notes_otherwise_stays_in_the_log(tmp_path):
    quiet = [
        "2026-11-26,claims,x.share,sources,a.2024,b.2024,a better source,",
        "2026-11-26,claims,x.share,note,old,new,clearer,",
        "2026-11-26,sources,a.2024,url,http://a.org,https://a.org,by https,",
    ]
    assert printed(tmp_path, *quiet).count(words("appendix", "en").none) == 2
    text = printed(tmp_path, *quiet, "2026-11-26,claims,x.share,value,51,52,misread,")
    assert "misread" in text and "clearer" not in text and "https" not in text


def test_no_text_of_a_table_looks_like_a_citation_or_like_markup(tmp_path):
    hostile = '<!--cite a.2024-->#sources(""b.2024"")\\'
    text = printed(tmp_path, f'2026-11-26,claims,x.share,value,51,"{hostile}",misread,')
    page, _, paper = text.partition("#report-table")
    assert "&lt;!--cite a.2024--&gt;" in page and '#sources("' not in paper
    assert r"""sources(\"b.2024\")\\",""" in paper  # the string of Typst ends where the text does


def test_quoted_words_are_printed_as_quoted(tmp_path):
    assert "“fraud”" in printed(tmp_path, "2026-11-26,findings,x.y,quote,,fraud,left out,")
