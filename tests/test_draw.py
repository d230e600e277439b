"""The drawing machine refuses what would look wrong, redraws only what changed, and draws the same
bytes everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from figures import style
from pipeline import theme
from pipeline.charts import draw, fonts, include, rows, say, svg
from pipeline.errors import Problems
from pipeline.facts import spell
from tools import make_fonts

ROOT = Path(__file__).parent.parent
MODULE = '''"""Which of the bars is longer?"""

import altair as alt
import pandas as pd

from figures import style


def rows(tables, facts):
    return pd.DataFrame(
        {
            "share": [80, 97],
            "y": [20, 50],
            "date": ["2024-07-29", "2024-08-02"],
            "source_ids": "g1.2024-07-30",
        }
    )


def chart(rows, words, look):
    x = style.across("share", (0, 100), (100, 300))
    y = alt.Y("y:Q").scale(domain=[0, 80], range=[0, 80]).axis(None)
    rows["name"] = [f"{words('bar')} {words.date(day)}" for day in rows["date"]]
    bars = alt.Chart(rows).mark_bar(height=10, color=style.color("maduro"))
    bars = bars.encode(x, x2=alt.datum(0), y=y, description="name:N")
    names = alt.Chart(rows).mark_text().encode(x=alt.value(0), y=y, text="name:N")
    return alt.layer(bars, names).properties(height=80)
'''
WORDS = """\
en:
  title: The council counted {council.first.counted}
  subtitle: Share of sheets
  note: Bars of sheets.
  alt: Bar chart of sheets, where the council counted {council.first.counted}.
  long: One scale.
  columns:
    share: Share
    date: Day
  labels:
    bar: Sheets
"""
PAIR = (MODULE, WORDS)


def make(tables, facts, folder, build):
    """Write rows and words of every figure of a folder, then draw each; return the pictures."""
    rows.write_figures(rows.prepare(tables, facts, folder), build)
    names = sorted(path.name for path in build.glob("figures/*"))
    return [picture for name in names for picture in draw.draw(name, folder, build)]


@pytest.fixture
def attempt(tables, facts, tmp_path, monkeypatch):
    """Draw figures given as name → (module, words); returns what was drawn, or raises Problems."""
    monkeypatch.chdir(ROOT)  # where the fonts and the words of all figures lie
    folder = tmp_path / "figures"
    folder.mkdir()

    def put(figures: dict[str, tuple[str, str]], replace: tuple):
        for name, (module, words) in figures.items():
            pair = {".py": module, ".yml": words}
            for old, new in replace:
                (end,) = (end for end, text in pair.items() if old in text)  # stands in one of them
                pair[end] = pair[end].replace(old, new)
            for end, text in pair.items():
                (folder / f"{name}{end}").write_text(text, encoding="utf-8")

    def run(figures: dict[str, tuple[str, str]] | None = None, replace: tuple = ()):
        put(figures or {"two_bars": PAIR}, replace)
        return make(tables, facts, folder, run.build)

    def write(replace: tuple):
        """Write rows and words of the figure, and draw nothing; return their folder."""
        put({"two_bars": PAIR}, replace)
        rows.write_figures(rows.prepare(tables, facts, folder), run.build)
        return run.build / "figures/two-bars/en"

    run.folder, run.build, run.write = folder, tmp_path / "build", write
    return run


ALT = "alt: Bar chart of sheets, where the council counted {council.first.counted}."
REFUSED = {  # what is replaced in which of the two files, and what is told of which line
    "no alt text": (f"  {ALT}\n", "", "yml:1: en: got no alt, expected one"),
    "an empty alt text": (ALT, "alt:", "yml:5: en/alt: got null, expected a text"),
    "alt text that is the note": (ALT, "alt: bars of  sheets", "yml:5: alt is the note again"),
    "an unknown fact": (
        "The council counted {council.first.counted}",
        '"{council.frist.counted}"',
        'yml:2: no fact "council.frist.counted"; did you mean council.first.counted',
    ),
    "an unknown style of a fact": (
        "The council counted {council.first.counted}",
        '"{council.first.counted|day}"',
        'yml:2: council.first.counted has no style "day"; it can be printed as',
    ),
    "an unknown fact in a label": ("bar: Sheets", 'bar: "{sheets}"', 'yml:11: no fact "sheets"'),
    "an unknown fact in a heading": (
        "share: Share",
        'share: "{sheets}"',
        'yml:8: no fact "sheets"',
    ),
    "a word twice": (
        "note:",
        "title: Again\n  note:",
        'yml:4: en/title: got the key "title" twice in one object, expected it once',
    ),
    "a word that no figure has": (
        "note:",
        "caption: Bars.\n  note:",
        'yml:4: en/caption: got the key "caption", expected one of title, subtitle',
    ),
    "a word that is no text": (
        "The council counted {council.first.counted}",
        "2024",
        "yml:2: en/title: got 2024, expected a text (between quotes",
    ),
    "a label that is no text": (
        "bar: Sheets",
        "bar: {sheets}",
        "yml:11: en/labels/bar: got an object, expected a text (between quotes",
    ),
    "labels without names": (
        "labels:\n    bar: Sheets",
        "labels: [Sheets]",
        'yml:10: en/labels: got a list, expected type "object"',
    ),
    "a language without words": (
        WORDS,
        "en: nada",
        'yml:1: en: got "nada", expected type "object"',
    ),
    "a label that is missing": ("words('bar')", "words('bars')", "yml:10: no label bars (en)"),
    "a label that is never drawn": (
        "bar: Sheets\n",
        "bar: Sheets\n    line: Line\n",
        "yml:12: label line is never drawn (en); take it out",
    ),
    "a column that the rows have not": (
        "date: Day",
        "day: Day",
        "yml:9: no column day (en); rows() of",
    ),
    "broken YAML": (
        "Share of sheets",
        "Share: of sheets",
        "yml:3: got invalid YAML (mapping values are not allowed in this context)",
    ),
    "words of nothing": (WORDS, "", "yml:1: got nothing, expected keys and values"),
    "no rows": (
        "def chart",
        "rows = lambda tables, facts: pd.DataFrame({'source_ids': []})\n\n\ndef chart",
        "py:9: rows() gives no rows",
    ),
    "rows without sources": (
        '            "source_ids": "g1.2024-07-30",\n',
        "",
        "py:9: rows without a column source_ids",
    ),
    "an unknown font": (
        ".mark_text()",
        '.mark_text(font="Helvetica")',
        'py:26: unknown font "Helvetica"',
    ),
    "a letter without a glyph": ("bar: Sheets", "bar: 字", 'yml:11: no glyph for "字" (U+5B57)'),
    "a letter of the module without a glyph": (
        "{words('bar')} ",
        "{words('bar')} 字",
        'py:23: no glyph for "字" (U+5B57)',
    ),
    "a colour of its own": (
        'color=style.color("maduro")',
        'color="#ff0000"',
        "py:24: fill #ff0000 is not in the palette",
    ),
    "tiny type": (".mark_text()", ".mark_text(fontSize=9)", "py:26: text of 9 px"),
    "type on its side": (".mark_text()", ".mark_text(angle=270)", 'py:26: "Sheets 29'),
    "labels that cover each other": (
        '"y": [20, 50]',
        '"y": [20, 24]',
        'py:20: "Sheets 2\\u00a0Aug" covers "Sheets 29\\u00a0Jul" in the 660 px drawing; give',
    ),
    "a label cut at the edge": (
        "alt.value(0)",
        "alt.value(330)",
        'py:20: "Sheets 29\\u00a0Jul" is cut at the edge of the 340 px drawing, and 1 more; leave',
    ),
    "a mark outside the drawing": (
        "(0, 100), (100, 300)",
        "(0, 10), (100, 300)",
        "py:20: a path lies outside the 660 px drawing",
    ),
    "a drawing wider than its width": (
        ".properties(height=80)",
        ".properties(height=80, width=700)",
        "py:20: wide drawing is 700 px wide, expected at most 660",
    ),
    "a drawing wider than a phone": (
        ".properties(height=80)",
        ".properties(height=80, width=400)",
        "py:20: narrow drawing is 400 px wide, expected at most 340",
    ),
    "a clipped mark": (
        "mark_bar(height=10",
        "mark_bar(clip=True, height=10",
        "py:20: got a clipped or shaded mark",
    ),
    "a chart that cannot be drawn": (
        "style.across(",
        "style.along(",
        "py:21: AttributeError: module 'figures.style' has no attribute",
    ),
    "a module that is no Python": (
        "def chart(rows, words, look):",
        "def chart(rows, words, look)",
        "py:20: SyntaxError",
    ),
    "a module without a chart": (
        "def chart(",
        "def picture(",
        "py: no chart, expected rows(tables, facts) and chart(rows, words, look)",
    ),
    "rows that a file cannot hold": (
        '"y": [20, 50]',
        '"y": [20, 50], "what": ["a", None]',
        "py:9: rows() gives what a CSV file cannot hold as it is",
    ),
}


# The quick run takes a sample of them.
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=[pytest.mark.slow] * bool(number % 8))
        for number, fault in enumerate(REFUSED)
    ],
)
def test_a_figure_is_refused_for(fault, attempt):
    old, new, message = REFUSED[fault]
    with pytest.raises(Problems) as refused:
        attempt(replace=[(old, new)])
    told = str(refused.value)
    assert told.startswith(f"{attempt.folder}/two_bars.{message}"), "file, line and fault are named"
    assert told.count("two_bars.py: ") <= message.startswith("py: "), "every other has its line"
    assert not list(attempt.build.glob("figures/*/*/*.svg")), "nothing is drawn"


def test_a_module_without_a_file_of_words_is_told(attempt):
    with pytest.raises(Problems, match=r"/two_bars.yml: got no file, expected a YAML file"):
        attempt(replace=[])
        (attempt.folder / "two_bars.yml").unlink()
        draw.draw("two-bars", attempt.folder, attempt.build)


def test_of_many_labels_that_cover_each_other_one_is_told_with_the_count(attempt):
    three = ('"y": [20, 50]', '"y": [20, 24, 22]'), ("[80, 97]", "[80, 97, 98]")
    day = '["2024-07-29", "2024-08-02"]', '["2024-07-29", "2024-08-02", "2024-08-03"]'
    with pytest.raises(Problems) as refused:
        attempt(replace=[*three, day])
    wide, narrow = str(refused.value).splitlines()
    for told, width in ((wide, 660), (narrow, 340)):
        assert f" in the {width} px drawing, and 2 more; give them room" in told


def test_the_mistakes_of_all_figures_are_told_at_once_and_nothing_is_written(attempt):
    with pytest.raises(Problems) as refused:
        attempt(
            {
                "good": PAIR,
                "no_alt": (MODULE, WORDS.replace("alt:", "alternative:")),
                "no_rows": (MODULE.replace("def chart", "rows = None\n\n\ndef chart"), WORDS),
                "no_text": (MODULE, WORDS.replace("One scale.", "1")),
            }
        )
    for name in (
        "no_alt.yml:5: en/alternative: got the key",
        "no_alt.yml:1: en: got no alt",
        "no_rows.py",
        "no_text.yml:6",
    ):
        assert name in str(refused.value)
    assert "good" not in str(refused.value)
    assert not list(attempt.build.glob("figures/*"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  hollow:", "  #", ":2: en: got no hollow, expected one"),
        ("{event.2024-07-28.election}", "{event}", ':3: no fact "event"'),
        ("\nen:", "\nfr:", ":1: got no en, expected one"),
    ],
)
def test_words_of_all_figures_are_checked_once(attempt, tmp_path, monkeypatch, old, new, told):
    path = tmp_path / "style.yml"
    text = include.OF_ALL.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(include, "OF_ALL", path)
    with pytest.raises(Problems) as refused:
        attempt({"two_bars": PAIR, "other": PAIR})
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{path}{told}")


def test_a_hollow_row_brings_what_hollow_means_onto_every_picture_and_no_other_does(attempt):
    key = include.of_all("en")["hollow"]
    for hollow in (True, False):
        attempt(replace=[('"y": [20, 50]', f'"y": [20, 50], "hollow": [{hollow}, False]')])
        folder = attempt.build / "figures/two-bars/en"
        spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
        assert (key in (folder / "full.svg").read_text(encoding="utf-8")) == hollow
        assert (key in spec["title"]["subtitle"]) == hollow
        page = attempt.build / "include/en/two-bars.md"
        assert (key in page.read_text(encoding="utf-8")) == hollow


def test_what_is_written_for_a_figure(attempt):
    attempt()
    folder = attempt.build / "figures/two-bars/en"
    names = {
        "wide.svg",
        "narrow.svg",
        "inline-wide.svg",
        "inline-narrow.svg",
        "full.svg",
        "full.png",
        "card.png",
        "spec.json",
        "values.html",
        "values.typ",
        "rows.csv",
        "words.json",
    }
    assert {path.name for path in folder.iterdir()} == names
    assert (folder / "rows.csv").read_text().splitlines()[0] == "share,y,date,source_ids"
    page = (attempt.build / "include/en/two-bars.md").read_text()
    assert page.startswith(
        "::: {#fig-two-bars}\n::: {.figure-title}\nThe council counted {{< fact "
        "council.first.counted >}}\n"
    )
    assert 'fig-alt="Bar chart of sheets, where the council counted 80%."' in page


@pytest.mark.slow
def test_other_words_leave_the_rows_as_they_are(attempt):
    attempt()
    folder = attempt.build / "figures/two-bars/en"
    before = {
        name: (folder / name).read_bytes() for name in ("rows.csv", "words.json", "values.html")
    }
    attempt(replace=[("Bars of sheets.", "Bars of tally sheets.")])
    after = {name: (folder / name).read_bytes() for name in before}
    assert [name for name in before if after[name] != before[name]] == ["words.json"]


def test_a_figure_names_the_tables_that_its_rows_were_read_from(attempt):
    read = (
        "def rows(tables, facts):\n",
        "def rows(tables, facts):\n    tables['measures'], tables['claims']\n",
    )
    words = json.loads((attempt.write([read]) / "words.json").read_text(encoding="utf-8"))
    assert words["tables"] == ["claims", "measures"]


def test_a_figure_may_go_through_all_facts(attempt):
    through = '"share": [len(facts.values()), len(dict(facts.items()))]'
    folder = attempt.write([('"share": [80, 97]', through)])
    _, first, second = (folder / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert int(first.split(",")[0]) == int(second.split(",")[0]) > 1000


@pytest.mark.parametrize(
    "column", [[1, 2], [0.5, None], [True, False], ["", "29"], ["NA", "nan"], ["a,b", 'c"d\ne']]
)
def test_rows_come_back_from_their_file_as_they_were(column):
    import pandas as pd

    table = rows.plain(pd.DataFrame({"x": column}))
    kinds = {name: str(kind) for name, kind in table.dtypes.items()}
    assert rows.back(rows.csv(table), kinds).equals(table)


@pytest.mark.slow
def test_a_figure_that_is_gone_leaves_nothing_behind(attempt):
    attempt({"two_bars": PAIR, "other": PAIR})
    (attempt.build / "include/en/corrections.md").write_text("not a figure")
    for end in ("py", "yml"):
        (attempt.folder / f"other.{end}").unlink()
    attempt()
    assert (
        not (attempt.build / "figures/other/en").exists()
        and not (attempt.build / "include/en/other.md").exists()
    )
    assert (attempt.build / "include/en/corrections.md").exists()


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_other_figures(attempt):
    attempt()
    alone = (attempt.build / "figures/two-bars/en/full.svg").read_bytes()
    attempt({"a_first": (MODULE.replace("[80, 97]", "[10, 20]"), WORDS), "two_bars": PAIR})
    assert (attempt.build / "figures/two-bars/en/full.svg").read_bytes() == alone


def test_marks_keep_their_spoken_labels_and_no_id_or_style_is_left(attempt):
    attempt()
    drawn = (attempt.build / "figures/two-bars/en/inline-wide.svg").read_text()
    assert 'aria-label="Sheets 29\u00a0Jul"' in drawn and 'fill="var(--maduro)"' in drawn
    assert not [
        word
        for word in (" id=", "style=", "class=", "url(", "aria-hidden", "xlink")
        if word in drawn
    ]


def test_paths_move_by_their_points_and_keep_their_lengths():
    assert svg.moved("M1,2h3.04v-4L7,-8C1e-7,1,0,1,9.99,10Z", 10, 20) == (
        "M11 22h3v-4L17 12C10 21,10 21,20 30Z"
    )
    with pytest.raises(ValueError, match="got a mark with an arc"):
        svg.moved("M1,2A1,1,0,1,1,9,10Z", 10, 20)


def test_pages_have_the_colours_of_charts_light_and_dark(tmp_path):
    theme.write_styles(tmp_path / "palette.css", tmp_path / "page.css")
    light, dark = (tmp_path / "palette.css").read_text(encoding="utf-8").split("@media")
    for role, pair in style.PALETTE.items():
        assert f"--{role}: {pair[0]};" in light and f"--{role}: {pair[1]};" in dark


def test_lines_break_at_spaces_only_and_keep_to_their_width():
    text = "The council gives Maduro 51.95 %; the sheets give González 67.08 %"
    lines = fonts.wrap(text, 20, 200, "Semibold")
    assert " ".join(lines) == text and len(lines) > 2
    assert all(fonts.width(line, 20, style="Semibold") <= 200 for line in lines)


def test_every_face_has_the_name_and_weight_by_which_it_is_asked_for():
    for face in make_fonts.FACES:
        font = TTFont(ROOT / fonts.FOLDER / f"{face.name}.ttf")
        assert (
            font["name"].getDebugName(16) == face.family
            and font["OS/2"].usWeightClass == face.weight
        )
        assert "fvar" not in font, "static, for readers of fonts that know no axes"
        assert all(font.getBestCmap().get(ord(letter)) for letter in "áéíñóúüçãğčć¿«»—–−→≥₂…’“”")


def test_web_fonts_are_small_and_hold_the_letters_of_names():
    for face in (face for face in make_fonts.FACES if face.web):
        path = ROOT / fonts.FOLDER / f"{face.name}.woff2"
        assert path.stat().st_size < 9_000, face.name
        letters = set(map(ord, "ÁÑÚàãäçêíñõü¿—–−→’“”ćčğ"))
        assert letters <= set(TTFont(path).getBestCmap()), face.name


def test_the_folder_of_fonts_holds_the_faces_their_licences_and_nothing_else():
    faces = {f"{face.name}.ttf" for face in make_fonts.FACES}
    faces |= {f"{face.name}.woff2" for face in make_fonts.FACES if face.web}
    beside = {"README.md", "faces.css", "OFL-TwoCountsSans.txt", "OFL-TwoCountsSerif.txt"}
    assert {path.name for path in (ROOT / fonts.FOLDER).iterdir()} == faces | beside
    named = re.findall(r'url\("([^"]+)"\)', (ROOT / fonts.FOLDER / "faces.css").read_text())
    assert set(named) == {name for name in faces if name.endswith(".woff2")}


@pytest.mark.slow
def test_the_recipe_makes_the_fonts_that_are_committed(tmp_path):
    face = next(face for face in make_fonts.FACES if face.name == "TwoCountsSans-Semibold")
    make_fonts.make(face, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (ROOT / fonts.FOLDER / path.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("pair", ['"#15171a"', '["#fff", "#15171a"]', '["#ffffff"]'])
def test_a_colour_that_is_no_pair_is_refused_with_its_line(pair, tmp_path):
    path = tmp_path / "tokens.yml"
    text = (ROOT / theme.TOKENS).read_text(encoding="utf-8")
    path.write_text(text.replace('["#ffffff", "#15171a"]', pair), encoding="utf-8")
    line = text[: text.index("  paper:")].count("\n") + 1
    with pytest.raises(Problems, match=f":{line}: colours/paper.*: got .*, expected"):
        theme.colours(path)


MORE = '"y": [20, 50]', '"y": [20, 50], "what": ["bar", "<b>"], "votes": [1234567, 2]'


def test_the_printed_table_has_the_columns_named_and_spells_numbers_days_and_codes(attempt):
    named = "votes: Votes cast\n    what: What\n    share: Share"
    table = (attempt.write([MORE, ("share: Share", named)]) / "values.typ").read_text()
    assert '"Votes cast", "What", "Share", "Day",' in table
    assert '"1,234,567", "Sheets", "80", "29\u00a0Jul\u00a02024",' in table
    assert "<b>" in table


def test_without_columns_the_printed_table_has_all_but_the_sources(attempt):
    none = "columns:\n    share: Share\n    date: Day\n  ", ""
    table = (attempt.write([MORE, none]) / "values.typ").read_text()
    assert '"share", "y", "what", "votes", "date",' in table


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("the council's count", "the council’s count"),
        ('said "yes", then ("no")', "said “yes”, then (“no”)"),
        ('"all"', "“all”"),
        ("plain", "plain"),
    ],
)
def test_quotes_and_apostrophes_are_printed_ones(typed, printed):
    assert spell.curled(typed) == printed
    assert say.filled(typed, {}, "en") == printed


def test_a_label_that_a_module_lacks_is_said_otherwise():
    assert say.Words({}, "en")("Foro Penal", "Foro Penal") == "Foro Penal"


@pytest.mark.parametrize(
    ("style", "expected"), [("short", "30 Dec"), ("dated", "30 Dec 2024"), ("monthly", "Dec 2024")]
)
def test_a_day_of_a_last_week_is_of_its_own_year(style, expected):
    """30 December 2024 lies in the first week of 2025, as calendars count weeks."""
    assert say.Words({}, "en").date("2024-12-30", style) == expected.replace(" ", "\u00a0")


def test_names_with_commas_are_parted_by_semicolons():
    mission = "Italy, Permanent Mission to the UN"
    assert rows.names(rows.ranked([mission, "AP"], in_order=False)) == f"AP; {mission}"
    assert rows.names(rows.ranked(["Reuters", "AP"], in_order=False)) == "AP, Reuters"
    assert rows.names(rows.ranked(["Reuters (agency)", "AP"], in_order=True)) == "Reuters, AP"


def test_the_source_line_names_four_whose_data_these_are_the_commonest_first(attempt):
    assert rows.ranked(["a", "b", "b", "GitHub (c)"], in_order=False) == ["b", "a"]
    assert rows.names(list("abcdef")) == "a, b, c, d and others"
    claims = "\"claimant\": ['One (first)', 'Two'], \"source_ids\": ['g1;g2', 'g2']"
    written = attempt.write([('"source_ids": "g1.2024-07-30"', claims)]) / "words.json"
    words = json.loads(written.read_text(encoding="utf-8"))
    assert words["source_line"].startswith("Data: One, Two, read in 2 sources. Chart: ")
    own = "long: One scale.\n  source: The council"
    written = attempt.write([("long: One scale.", own)]) / "words.json"
    line = json.loads(written.read_text(encoding="utf-8"))["source_line"]
    assert line.startswith("Data: The council. Chart: ")
