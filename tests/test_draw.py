"""The drawing machine refuses what would look wrong, redraws only what changed, and draws the same
bytes everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from figures import style
from pipeline.charts import draw, fonts, look, rows, say, svg
from pipeline.errors import Problems
from tools import make_fonts

ROOT = Path(__file__).parent.parent
MODULE = '''"""Which of the bars is longer?"""

import altair as alt
import pandas as pd

from figures import style

WORDS = {
    "en": {
        "title": "The council counted {council.first.counted}",
        "subtitle": "Share of sheets",
        "caption": "Bars of sheets.",
        "alt": "Bar chart of sheets, where the council counted {council.first.counted}.",
        "long": "One scale.",
        "labels": {"bar": "Sheets"},
    }
}


def data(tables, facts):
    return pd.DataFrame(
        {
            "share": [80, 97],
            "y": [20, 50],
            "date": ["2024-07-29", "2024-08-02"],
            "source_ids": "g1.2024-07-30",
        }
    )


def chart(rows, say):
    x, y = style.across("share", (0, 100), 100, 300), style.down("y", 80)
    rows["name"] = [f"{say('bar')} {say.date(day)}" for day in rows["date"]]
    bars = alt.Chart(rows).mark_bar(height=10, color=style.color("maduro"))
    bars = bars.encode(alt.XDatum(0), x2="share:Q", y=y, description="name:N")
    names = alt.Chart(rows).mark_text().encode(x=alt.value(0), y=y, text="name:N")
    return alt.layer(bars.encode(x=x), names).properties(height=80)
'''


def make(tables, facts, folder, build):
    """Write rows and words of every figure of a folder, then draw each; return the pictures."""
    rows.write_figures(rows.prepare(tables, facts, folder), build)
    names = sorted(path.name for path in build.glob("figures/*"))
    return [picture for name in names for picture in draw.draw(name, folder, build)]


@pytest.fixture
def attempt(tables, facts, tmp_path, monkeypatch):
    """Draw modules given as file name → source; returns what was drawn, or raises Problems."""
    monkeypatch.chdir(ROOT)  # where the fonts lie
    folder = tmp_path / "figures"
    folder.mkdir()

    def put(modules: dict[str, str], replace: tuple):
        for name, source in modules.items():
            for old, new in replace:
                assert old in source, f"the test replaces {old!r}, which the module does not hold"
                source = source.replace(old, new)
            (folder / name).write_text(source, encoding="utf-8")

    def run(modules: dict[str, str] | None = None, replace: tuple = ()):
        put(modules or {"two_bars.py": MODULE}, replace)
        return make(tables, facts, folder, run.build)

    def write(replace: tuple):
        """Write rows and words of the figure, and draw nothing; return their folder."""
        put({"two_bars.py": MODULE}, replace)
        rows.write_figures(rows.prepare(tables, facts, folder), run.build)
        return run.build / "figures/two-bars/en"

    run.folder, run.build, run.write = folder, tmp_path / "build", write
    return run


REFUSED = {
    "no alt text": (
        (
            '        "alt": "Bar chart of sheets, where the council counted '
            '{council.first.counted}.",\n'
        ),
        "",
        ":8: no alt (en)",
    ),
    "alt text that is the caption": (
        '"alt": "Bar chart of sheets, where the council counted {council.first.counted}."',
        '"alt": "bars of  sheets"',
        "alt is the caption again",
    ),
    "an unknown fact": (
        "The council counted {council.first.counted}",
        "{council.frist.counted}",
        ':10: no fact "council.frist.counted"; did you mean council.first.counted',
    ),
    "an unknown style of a fact": (
        "The council counted {council.first.counted}",
        "{council.first.counted|day}",
        'has no style "day"; it can be printed as',
    ),
    "an unknown fact in a label": ('"bar": "Sheets"', '"bar": "{sheets}"', 'no fact "sheets"'),
    "no rows": (
        "def chart",
        "data = lambda tables, facts: pd.DataFrame({'source_ids': []})\n\n\ndef chart",
        "data() gives no rows",
    ),
    "rows without sources": (
        '            "source_ids": "g1.2024-07-30",\n',
        "",
        "rows without a column source_ids",
    ),
    "an unknown font": (".mark_text()", '.mark_text(font="Helvetica")', 'unknown font "Helvetica"'),
    "a letter without a glyph": (
        '"bar": "Sheets"',
        '"bar": "字"',
        ':15: no glyph for "字" (U+5B57)',
    ),
    "a colour of its own": (
        'color=style.color("maduro")',
        'color="#ff0000"',
        "fill #ff0000 is not in the palette",
    ),
    "tiny type": (".mark_text()", ".mark_text(fontSize=9)", "text of 9 px"),
    "type on its side": (".mark_text()", ".mark_text(angle=270)", "is turned on its side"),
    "labels that cover each other": ('"y": [20, 50]', '"y": [20, 24]', 'covers "Sheets'),
    "a label cut at the edge": ("alt.value(0)", "alt.value(330)", "is cut at the edge"),
    "a mark outside the drawing": (
        "(0, 100), 100, 300)",
        "(0, 10), 100, 300)",
        "lies outside the 660 px drawing",
    ),
    "a drawing of another width": (
        ".properties(height=80)",
        ".properties(height=80, width=400)",
        "wide drawing is 400 px wide, expected 660",
    ),
    "a clipped mark": (
        "mark_bar(height=10",
        "mark_bar(clip=True, height=10",
        "got a clipped or shaded mark",
    ),
    "a chart that cannot be drawn": (
        "style.down(",
        "style.downwards(",
        ":32: AttributeError: module 'figures.style' has no attribute",
    ),
    "a module that is no Python": (
        "def chart(rows, say):",
        "def chart(rows, say)",
        ":31: SyntaxError",
    ),
    "a module without a chart": ("def chart(", "def picture(", "no chart, expected WORDS, data"),
}


# The quick run takes a sample of them.
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=[pytest.mark.slow] * bool(number % 4))
        for number, fault in enumerate(REFUSED)
    ],
)
def test_a_figure_is_refused_for(fault, attempt):
    old, new, message = REFUSED[fault]
    with pytest.raises(Problems) as refused:
        attempt(replace=[(old, new)])
    assert message in str(refused.value)
    assert str(attempt.folder / "two_bars.py") in str(refused.value), "the module is named"
    assert not list(attempt.build.glob("figures/*/*/*.svg")), "nothing is drawn"


def test_two_modules_cannot_share_an_id(attempt):
    with pytest.raises(
        Problems, match=r'the id "two-bars" is taken by .*two-bars.py; rename one of the two files'
    ):
        attempt({"two_bars.py": MODULE, "two-bars.py": MODULE})


def test_the_mistakes_of_all_figures_are_told_at_once_and_nothing_is_written(attempt):
    with pytest.raises(Problems) as refused:
        attempt(
            {
                "good.py": MODULE,
                "no_alt.py": MODULE.replace('"alt"', '"alternative"'),
                "no_rows.py": MODULE.replace("def chart", "data = None\n\n\ndef chart"),
            }
        )
    assert "no_alt.py" in str(refused.value) and "no_rows.py" in str(refused.value)
    assert not list(attempt.build.glob("figures/*"))


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
        "spec.json",
        "spec-narrow.json",
        "values.html",
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
        "def data(tables, facts):\n",
        "def data(tables, facts):\n    tables['measures'], tables['claims']\n",
    )
    words = json.loads((attempt.write([read]) / "words.json").read_text(encoding="utf-8"))
    assert words["tables"] == ["claims", "measures"]


def test_a_figure_may_go_through_all_facts(attempt):
    through = '"share": [len(facts.values()), len(dict(facts.items()))]'
    folder = attempt.write([('"share": [80, 97]', through)])
    _, first, second = (folder / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert int(first.split(",")[0]) == int(second.split(",")[0]) > 1000


def test_rows_that_a_file_cannot_hold_are_refused(attempt):
    with pytest.raises(Problems, match="gives rows that a CSV file cannot hold as they are"):
        attempt(replace=[('"y": [20, 50]', '"y": [20, 50], "what": ["a", None]')])


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
    attempt({"two_bars.py": MODULE, "other.py": MODULE})
    (attempt.build / "include/en/corrections.md").write_text("not a figure")
    (attempt.folder / "other.py").unlink()
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
    attempt({"a_first.py": MODULE.replace("[80, 97]", "[10, 20]"), "two_bars.py": MODULE})
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
    look.write(tmp_path / "palette.css", tmp_path / "page.css")
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
        assert path.stat().st_size < 30_000, face.name
        letters = (
            "ÁÑÚàáãäçèéêíñóõúü«»¿—–−→’“”" + "ćčğ" * face.east
        )  # headings need no letters from beyond western Europe
        assert {ord(letter) for letter in letters} <= set(TTFont(path).getBestCmap()), face.name


def test_the_folder_of_fonts_holds_the_faces_their_licences_and_nothing_else():
    faces = {f"{face.name}.ttf" for face in make_fonts.FACES}
    faces |= {f"{face.name}.woff2" for face in make_fonts.FACES if face.web}
    beside = {"README.md", "faces.css", "OFL-SourceSans3.txt", "OFL-SourceSerif4.txt"}
    assert {path.name for path in (ROOT / fonts.FOLDER).iterdir()} == faces | beside
    named = re.findall(r'url\("([^"]+)"\)', (ROOT / fonts.FOLDER / "faces.css").read_text())
    assert set(named) == {name for name in faces if name.endswith(".woff2")}


@pytest.mark.slow
def test_the_recipe_makes_the_fonts_that_are_committed(tmp_path):
    face = next(face for face in make_fonts.FACES if face.name == "SourceSans3-Semibold")
    make_fonts.make(face, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (ROOT / fonts.FOLDER / path.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("pair", ['"#15171a"', '["#fff", "#15171a"]', '["#ffffff"]'])
def test_a_colour_that_is_no_pair_is_refused_with_its_line(pair, tmp_path):
    path = tmp_path / "tokens.yml"
    text = (ROOT / look.TOKENS).read_text(encoding="utf-8")
    path.write_text(text.replace('["#ffffff", "#15171a"]', pair), encoding="utf-8")
    line = text[: text.index("  paper:")].count("\n") + 1
    with pytest.raises(Problems, match=f":{line}: paper: got .*; first on light pages"):
        look.colours(path)


def test_the_table_on_the_page_spells_numbers_and_codes(attempt):
    more = '"y": [20, 50], "what": ["bar", "<b>"], "votes": [1234567, 2]'
    page = (attempt.write([('"y": [20, 50]', more)]) / "values.html").read_text()
    assert "<td>80</td><td>20</td><td>Sheets</td><td>1,234,567</td><td>2024-07-29</td>" in page
    assert "<td>&lt;b&gt;</td>" in page


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
    assert say.curled(typed) == printed
    assert say.filled(typed, {}, "en") == printed


def test_a_label_that_a_module_lacks_is_said_otherwise():
    assert say.Say({}, "en", 660, 13, narrow=False)("Foro Penal", "Foro Penal") == "Foro Penal"


@pytest.mark.parametrize(
    ("style", "expected"), [("short", "30 Dec"), ("dated", "30 Dec 2024"), ("monthly", "Dec 2024")]
)
def test_a_day_of_a_last_week_is_of_its_own_year(style, expected):
    """30 December 2024 lies in the first week of 2025, as calendars count weeks."""
    spoken = say.Say({}, "en", 660, 13, narrow=False)
    assert spoken.date("2024-12-30", style) == expected.replace(" ", "\u00a0")


def test_names_with_commas_are_parted_by_semicolons():
    assert rows.source_line([], ["Italy, Permanent Mission to the UN", "AP"], 2).startswith(
        "Data: 2 sources, among them AP; Italy, Permanent"
    )
    assert rows.source_line([], ["Reuters", "AP"], 2).startswith(
        "Data: 2 sources, among them AP, Reuters."
    )
