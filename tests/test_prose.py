"""A mistake in the prose is found before an engine runs, with its file, its line and the way
out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lxml import html

from pipeline import programs, report
from pipeline.errors import Problems
from pipeline.prose import manuscript, tree
from pipeline.site import engines
from tests.conftest import copy_project

NAME = "council.first.maduro.share"
FACTS = {NAME: {"texts": {"en": {"": "51.20%", "bare": "51.20"}}}}
SOURCES = {"carter-center.2024-07-30"}
HEADER = "---\ntitle: T\nauthor: A\n---\n\n"
FIRST = 6  # the line of a body's first line
IMAGE = "build/figures/two-counts/en/wide.svg"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty project to write documents into, with one figure that the build made."""
    monkeypatch.chdir(tmp_path)
    for path in (IMAGE, "build/include/en/two-counts.md"):
        Path(path).parent.mkdir(parents=True)
        Path(path).write_text("::: {#fig-x}\n:::\n", encoding="utf-8")
    Path("secret.md").write_text("SECRET {{< fact no.such >}}\n", encoding="utf-8")
    return tmp_path


def told(source: str | bytes) -> str:
    """Check a document; return what its writer would be told."""
    page = Path("report.qmd")
    page.write_bytes(source if isinstance(source, bytes) else source.encode())
    try:
        manuscript.check(page, FACTS, SOURCES, {"two-counts"}, "en")
    except Problems as found:
        return str(found)
    return ""


def refusals(cases: list[tuple[str, str]]) -> list[str]:
    """Put faulty pieces one after the other into one document; list those not told with their
    line."""
    body, wanted, line = "", [], FIRST
    for piece, expected in cases:
        offset, _, message = expected.rpartition("|")
        wanted.append(f"report.qmd:{line + int(offset or 0)}: {message}")
        body += piece + "\n\n"
        line += piece.count("\n") + 2
    found = told(HEADER + body)
    return [f"{each}\n--- in\n{found}" for each in wanted if each not in found]


def test_a_correct_document_passes(folder):
    body = f"""## Counted {{#sec-a}}

It was {{{{< fact {NAME} bare >}}}} [@carter-center.2024-07-30], see @sec-a[^n] and [there](#sec-a).

[^n]: A note, with [a link](https://example.org/a?b#c) and <https://example.org>.

“Typographic” – and — 'straight' "quotes", thin\u2009and fixed\u00a0blanks; 1 < 2, 5 $ to 7 $, a_b.

Escaped: \\`code\\`, \\[^1], \\{{\\{{\\< fact x \\>\\}}\\}}, \\<b\\>;
`<b>` and `python -m pipeline` are code.

<!-- a comment
over lines with {{{{< nothing -->

::: {{.callout-note title="Plain *words*"}}
Inside.
:::

![]({IMAGE}){{fig-alt="What it shows"}}

{{{{< include build/include/en/two-counts.md >}}}}
"""
    assert told(HEADER + body) == ""


NAMES = [
    (
        "{{< fact council.frist.maduro.share >}}",
        f'no fact "council.frist.maduro.share"; did you mean {NAME}?',
    ),
    (
        "{{< fact council.first.maduro.share words >}}",
        f'{NAME} has no style "words"; it can be printed as: bare',
    ),
    (
        "Said [@carter-centre.2024-07-30].",
        'no source "carter-centre.2024-07-30"; did you mean carter-center.2024-07-30?',
    ),
    ("See @sec-nowhere.", 'no reference "sec-nowhere"'),
    ("See [there](#nowhere).", 'no place "nowhere"'),
    ("See[^nothing].", "got [^ as text"),
    ("[^unused]: Nobody points here.", "Pandoc: Note with key 'unused' defined"),
    ("See [this][nowhere].", "got ][ as text"),
    ("[A]{#twice}\n\n[B]{#twice}", '2|got the id "twice" a second time'),
    ("## Report", 'got the id "report" a second time'),
    ("{{< video x.mp4 >}}", 'unsupported Quarto feature: shortcode "video"; use fact or include'),
]
MARKUP = [
    ("<script\nsrc=x></script>", "got raw html (<script src=x>"),
    ("One <b\nonclick=x>word</b>", "got raw html (<b onclick=x>)"),
    ("<div>\ntext\n</div>", "got raw html (<div>)"),
    ("<iframe srcdoc=x></iframe>", "got raw html (<iframe srcdoc="),
    ("<!-- a --!><script>alert(1)</script> -->", "got raw html"),
    ("`<!-- a --><s>`{=html}", "got raw html (<!-- a --><s>)"),
    ("Vanishes: \\input{x}", "got raw tex (\\input{x})"),
    (
        "`<u>`{=html}",
        "got raw html (<u>), expected Markdown; write it in Markdown, or change theme/",
    ),
    ("```{=typst}\n#read(1)\n```", "1|got raw typst (#read(1))"),
    ("Half $x^2$.", "unsupported Quarto feature: math"),
    ("$$y$$", "unsupported Quarto feature: math"),
    (
        "```{python}\n1 + 1\n```",
        "unsupported Quarto feature: code that runs; compute in analysis/ and print a fact",
    ),
    (
        "It is `{python} 1 + 1`.",
        "unsupported Quarto feature: code that runs; compute in analysis/ and print a fact",
    ),
    (
        "::: {layout-ncol=2}\n:::",
        "got the attribute layout-ncol on a block, expected",
    ),
    (
        "::: {.panel-tabset}\n:::",
        "unsupported Quarto feature: block .panel-tabset; known: callout-",
    ),
    ("::: {.nosuch}\n:::", "unsupported Quarto feature: block .nosuch; known: callout-"),
    ("::: {.key-findings onclick=x}\n:::", "got the attribute onclick on a block"),
    ("[x]{style=y}", "got the attribute style on a span"),
    ("### H {srcdoc=x}", "got the attribute srcdoc on a heading"),
    ("`c`{onload=x}", "got the attribute onload on a piece of code"),
    ("[x](https://a.b){target=x}", "got the attribute target on a link"),
    (f"![]({IMAGE}){{fig-alt=x onerror=y}}", "got the attribute onerror on a picture"),
]
LINKS = [
    ("[a](javascript:x)", "got the link javascript:x, expected https"),
    ("[b][far]\n\n[far]: data:text/html,x", "2|got the link data:text/html,x"),
    ("[c](http://c.d)", "got the link http://c.d"),
    ("<mailto:x@y.z>", "got the link mailto:x@y.z"),
    ("[d](//evil.example/x)", "got the link //evil.example/x"),
    ("[e](https://good.example@evil.example/)", "got the link https://good.example@evil.example/"),
    ("[f](figures/../../x)", "got the link figures/../../x"),
]
SHORTCODES = [
    (f"Unclosed {{{{< fact {NAME}", "got {{< as text"),
    (f"Over lines {{{{< fact\n{NAME} >}}}}", "1|got >}} as text"),
    (f"Lame {{< fact {NAME} >}}", "got {< as text"),
    (f"[x]({{{{< fact {NAME} >}}}})", "got a shortcode in a link"),
    (f"```\n{{{{< fact {NAME} >}}}}\n```", "1|got a shortcode in code"),
    (f"Code `a {{{{< fact {NAME} >}}}}`", "got a shortcode in code"),
    (
        f'::: {{.callout-note title="{{{{< fact {NAME} >}}}}"}}\n:::',
        "got a shortcode in an attribute",
    ),
    (f"{{{{{{< fact {NAME} >}}}}}}", 'unsupported Quarto feature: shortcode "fact"'),
    ("::: {.callout-note}\nThe rest becomes a note.", "Pandoc: Div unclosed"),
]
FILES = [
    (
        "{{< include ../secret.md >}}",
        "got the include ../secret.md, expected a page that the build wrote",
    ),
    ("{{< include /etc/passwd >}}", "got the include /etc/passwd"),
    ("{{< include secret.md >}}", "got the include secret.md"),
    ("{{< include build/include/en/../../../secret.md >}}", "got the include build/include/en/../"),
    ("{{< include build/include/en/two-count.md >}}", 'no figure or page "two-count" to include'),
    (
        "See {{< include build/include/en/two-counts.md >}}",
        "got the include build/include/en/two-counts.md",
    ),
    (
        '::: {.made file="/etc/passwd"}\n:::',
        "got file=/etc/passwd, expected a list that the build wrote",
    ),
    ('::: {.made file="build/include/en/no-list"}\n:::', "got file=build/include/en/no-list"),
    ('::: {.made file="build/../secret"}\n:::', "got file=build/../secret"),
    (
        "![](/etc/passwd){fig-alt=x}",
        "got the picture /etc/passwd, expected one that the build drew",
    ),
    ("![](../x.png){fig-alt=x}", "got the picture ../x.png"),
    ("![](https://a.b/x.png){fig-alt=x}", "got the picture https://a.b/x.png"),
    ("![](build/figures/none.svg){fig-alt=x}", "got the picture build/figures/none.svg"),
]


@pytest.mark.parametrize(
    "cases",
    [NAMES, MARKUP, LINKS, SHORTCODES, FILES],
    ids=("names", "markup", "links", "shortcodes", "files"),
)
def test_every_mistake_is_named_at_once_with_its_line(folder, cases):
    assert refusals(cases) == []


def test_a_refused_include_is_not_read(folder):
    assert "SECRET" not in told(HEADER + "{{< include secret.md >}}") and "no.such" not in told(
        HEADER + "{{< include secret.md >}}"
    )


def test_a_mistake_in_an_included_page_is_named_there(folder):
    Path("build/include/en/two-counts.md").write_text(
        "One\n\n<b>two</b> {{< fact no.such >}}\n", encoding="utf-8"
    )
    found = told(
        HEADER + "Before.\n\n{{< include build/include/en/two-counts.md >}}\n\n<i>after</i>\n"
    )
    assert "build/include/en/two-counts.md:3: no fact" in found
    assert "build/include/en/two-counts.md:3: got raw html (<b>)" in found
    assert f"report.qmd:{FIRST + 4}: got raw html (<i>)" in found


def test_the_line_is_right_behind_look_alikes(folder):
    body = "`<b>`, `$x$` and \\[^1].\n\nThen.[^n] And <b>y</b>.\n\n[^n]: A note <b>x</b>\n"
    lines = {row.partition(": ")[0] for row in told(HEADER + body).splitlines()}
    assert lines == {f"report.qmd:{FIRST + below}" for below in (2, 4)}


def test_a_list_that_the_build_wrote_is_taken_as_it_is(folder):
    Path("build/include/en/corrections.html").write_text("<p>http://a.b</p>\n", encoding="utf-8")
    assert told(HEADER + '::: {.made file="build/include/en/corrections"}\n:::\n') == ""


def ready(body: str) -> str:
    """Give the text behind the header as engines get it, all facts in place."""
    page, target = Path("report.qmd"), Path("build/report.qmd")
    page.write_text(HEADER + body, encoding="utf-8")
    document = manuscript.check(page, FACTS, SOURCES, {"two-counts"}, "en")
    manuscript.write(page, document, FACTS, "en", target)
    return target.read_text(encoding="utf-8").removeprefix(HEADER)


def test_a_fact_is_put_in_its_place_and_only_its_first_use_outside_headings_is_led_back_to(folder):
    target = f"`#metadata(none)<use-{NAME}>`{{=typst}}"
    code = f"{{{{< fact {NAME} >}}}}"
    first, second, third = ready(f"## {code}\n{code},\n{code}.\n").splitlines()[:3]
    assert first == f"## [51.20%](#fact-{NAME})"
    assert second == f"[51.20%](#fact-{NAME}){{#use-{NAME}}}{target},"
    assert third == f"[51.20%](#fact-{NAME})."


def test_an_include_is_put_in_its_place(folder):
    assert ready("{{< include build/include/en/two-counts.md >}}\n\nX\n") == (
        "::: {#fig-x}\n:::\n\n\n\nX\n\n"
    )


def test_what_a_fact_holds_prints_as_it_stands(folder, monkeypatch):
    texts = {"en": {"": "*a* [b](c) <i>d</i> {{< e >}} `f` @g"}}
    monkeypatch.setitem(FACTS, NAME, {"texts": texts})
    ready(f"{{{{< fact {NAME} >}}}}\n")
    command = [programs.pandoc_path(), "build/report.qmd", "--to=html", "--wrap=none"]
    command.append(f"--from={tree.READER}")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert html.fromstring(done.stdout).text_content().strip() == texts["en"][""]


@pytest.mark.parametrize(
    "character",
    ["\u202e", "\u200b", "\u2066", "\ufeff", "\x07", "\x1b", "\ue000", "\u2028"],
)
def test_a_character_that_nobody_sees_is_refused_with_its_code_point(folder, character):
    assert told(f"{HEADER}One\nt{character}o").startswith(
        f"report.qmd:{FIRST + 1}: character 2: got U+{ord(character):04X}"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", "report.qmd:1: got no header, expected title and author"),
        (b"Text only.\n", "report.qmd:1: got no header, expected title and author"),
        (b"---\ntitle: T\n", "report.qmd:1: got a header without its end"),
        (b"---\ntitle: T\nauthor: [A\n---\n\nx\n", "report.qmd:4: got invalid YAML"),
        (b"---\ntitle: T\n---\n\nx\n", "report.qmd:1: got no author, expected one"),
        (
            b"---\ntitle: 7\nauthor: A\n---\n\nx\n",
            "report.qmd:2: title: got 7, expected a text",
        ),
        (
            b"---\ntitle: T\nauthor: A\ncss: x\n---\n\nx\n",
            'report.qmd:4: css: got the key "css", expected one of',
        ),
        (b"---\ntitle: T\nauthor: A <b>\n---\n\nx\n", "report.qmd:3: got raw html (<b>)"),
        (
            f"---\ntitle: T\nauthor: A {{{{< fact {NAME} >}}}}\n---\n\nx\n".encode(),
            "report.qmd:3: got a shortcode in the header, expected it in the text",
        ),
        (
            (HEADER + "caf\u00e9").encode("latin-1"),
            f"report.qmd:{FIRST}: character 4: got byte 0xe9",
        ),
        ((HEADER + "x").encode("utf-16"), "report.qmd:1: got UTF-16, expected UTF-8"),
        (HEADER.encode() + b"\xed\xa0\x80", f"report.qmd:{FIRST}: character 1: got byte 0xed"),
    ],
)
def test_a_document_that_cannot_be_read_is_told_in_one_line(folder, source, expected):
    assert told(source).startswith(expected)


def test_a_folder_in_place_of_the_report_is_told(folder):
    Path("report.qmd").mkdir()
    with pytest.raises(Problems, match=r"report.qmd: got a file that cannot be read \(is a dir"):
        list(manuscript.lines(Path("report.qmd")))


BROKEN = [
    ("_quarto.yml", "a: [b\n", "_quarto.yml:2: got invalid YAML"),
    ("theme/page.html", None, "theme/page.html: got no file, expected a text file"),
    ("theme/fonts/TwoCountsSans-Italic.ttf", None, "theme/fonts/TwoCountsSans-Italic.ttf: got no "),
]


def broken(*breaks: tuple[str, str | None, str]) -> list[str]:
    """Break files of the project at hand; return what is told of its parts."""
    for name, text, _ in breaks:
        Path(name).unlink()
        if text is not None:
            Path(name).write_text(text, encoding="utf-8")
    report.read.cache_clear()
    with pytest.raises(Problems) as found:
        engines.check()
    report.read.cache_clear()
    return sorted(map(str, found.value.problems))


def test_every_missing_or_broken_part_is_told_by_name_and_no_other(tmp_path, monkeypatch):
    monkeypatch.chdir(copy_project(tmp_path / "project"))
    told = broken(*BROKEN)
    expected = sorted(begins for _, _, begins in BROKEN)
    assert [row[: len(begins)] for row, begins in zip(told, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "_quarto.yml:1: got nothing, expected keys and values"),
        ("project: {type: default}\n", "_quarto.yml:1: got no "),
    ],
)
def test_settings_without_what_is_needed_are_told(tmp_path, monkeypatch, text, expected):
    monkeypatch.chdir(copy_project(tmp_path / "project"))
    told, *_ = broken(("_quarto.yml", text, expected))
    assert told.startswith(expected)


def test_a_broken_template_or_filter_is_told_with_its_line():
    template = 'Error compiling template "theme/page.html" (line 64, column 5):\nunexpected "\\n"'
    told = str(programs.failure(Path("report.qmd"), "pandoc", template))
    assert told == f"report.qmd: pandoc stopped: {template}".replace("\n", " ", 1)
    script = (
        "Error running filter _extensions/report/report.lua:\n_extensions/report/report.lua:9: "
        "<eof> expected near '$'"
    )
    told = str(programs.failure(Path("report.qmd"), "pandoc", script))
    assert told == f"report.qmd: pandoc stopped: {script.splitlines()[1]}"


def test_all_mistakes_are_told_at_once(folder):
    assert len(told(HEADER + "{{< fact a.b >}}\n\n@sec-x\n\n[@y.2024]").splitlines()) == 3


def test_facts_are_listed_under_the_section_that_prints_them_first(tmp_path):
    from pipeline.prose.appendix import listed, places

    page = tmp_path / "report.qmd"
    page.write_text(
        (
            "## One {#sec-one}\n\n{{< fact a.b >}}\n\n## Two {#sec-two}\n\n{{< fact a.b >}} {{< "
            "fact c.d >}}\n"
        ),
        encoding="utf-8",
    )
    document = list(manuscript.lines(page))
    assert listed(document) == {"One": ["a.b"], "Two": ["c.d"]}
    assert places(document, "en") == {
        "": ("report", "Key findings"),
        "One": ("sec-one", "Section\u00a01"),
        "Two": ("sec-two", "Section\u00a02"),
    }
