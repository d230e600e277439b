"""What is drawn is what the rows say: numbers, lengths, places, colours and names, read from the
page."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from lxml import html

from pipeline.charts import include
from pipeline.charts.say import HOLE
from tests.conftest import ROOT
from tests.drawing import Mark, marks
from tests.words import written

pytestmark = pytest.mark.slow
IDS = sorted(
    path.stem.replace("_", "-")
    for path in (ROOT / "figures").glob("*.py")
    if path.stem not in ("__init__", "style")
)
PERSONS = {"maduro": "Maduro", "gonzalez": "González"}
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DAY = re.compile(rf"\b(\d{{1,2}}) ({MONTHS})[a-z]*( \d{{4}})?|\b({MONTHS})[a-z]* (\d{{4}})")
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?")


class Figure:
    """A figure as a reader has it: its rows as published, and the marks of both drawings."""

    def __init__(self, name: str, site: Path, report: html.HtmlElement):
        self.name = name
        with (site / f"figures/{name}/{name}.csv").open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.drawings = [marks(svg) for svg in report.get_element_by_id(f"fig-{name}").iter("svg")]
        words = site.parent / f"build/figures/{name}/en/words.json"
        self.words = json.loads(words.read_text(encoding="utf-8"))

    @property
    def marks(self) -> list[Mark]:
        return [mark for drawing in self.drawings for mark in drawing]


@pytest.fixture(scope="module")
def report(site):
    page = html.parse(str(site / "report.html"), html.HTMLParser(encoding="utf-8"))
    return page.getroot()


@pytest.fixture(scope="module")
def figure(site, report) -> Callable[[str], Figure]:
    return lambda name: Figure(name, site, report)


@pytest.fixture(scope="module")
def published(site) -> dict[str, dict]:
    return json.loads((site / "facts.json").read_text(encoding="utf-8"))["facts"]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-").replace("+", ""))


def numbers(text: str) -> list[Decimal]:
    """List the numbers of a text, without those of its dates."""
    return [number(found) for found in NUMBER.findall(DAY.sub(" ", text.replace("\xa0", " ")))]


def rounded(value: str, like: Decimal) -> Decimal | None:
    """Round a cell as a drawn number is rounded; nothing if the cell holds no number."""
    try:
        exact = Decimal(value)
    except ArithmeticError:
        return None
    return exact.quantize(Decimal(1).scaleb(like.as_tuple().exponent), ROUND_HALF_UP)


def known(value: Decimal, rows: list[dict], facts: dict[str, dict]) -> bool:
    """Tell whether a number stands in the rows, or is what some printed fact says."""
    cells = {cell for row in rows for cell in row.values()}
    if any(
        abs(found) == abs(value) for cell in cells if (found := rounded(cell, value)) is not None
    ):
        return True
    spelled = (text for fact in facts.values() for text in fact["texts"]["en"].values())
    return any(abs(found) == abs(value) for text in spelled for found in numbers(text))


def ticks(drawing: list[Mark]) -> Iterator[tuple[Decimal, float, float]]:
    """List the muted numbers, as value and place: those of an axis are among them."""
    for mark in drawing:
        if mark.shape == "text" and mark.fill == "muted" and len(numbers(mark.text)) == 1:
            yield numbers(mark.text)[0], mark.left, mark.top


def on_a_scale(value: Decimal, drawing: list[Mark]) -> bool:
    """Tell whether a number is a tick: in a line with others whose places follow from their
    values."""
    every = list(ticks(drawing))
    for _, x, y in (tick for tick in every if tick[0] == value):
        for along, across in ((1, 2), (2, 1)):
            line = [tick for tick in every if abs(tick[across] - (x, y)[across - 1]) < 1]
            if (
                len({tick[0] for tick in line}) > 1
                and misfit([float(tick[0]) for tick in line], [tick[along] for tick in line]) < 1.5
            ):
                return True
    return False


def misfit(values: list[float], pixels: list[float]) -> float:
    """Say by how many pixels at most places differ from those that a linear scale gives."""
    slope, start = np.polyfit(values, pixels, 1)
    return float(np.abs(np.polyval([slope, start], values) - pixels).max())


def unexplained(figure: Figure, facts: dict[str, dict]) -> list[str]:
    """List drawn texts with a number that is in no row, is no fact and is no tick of an axis."""
    found = []
    for drawing in figure.drawings:
        for mark in drawing:
            for value in numbers(f"{mark.text} {mark.label}"):
                if not known(value, figure.rows, facts) and not on_a_scale(value, drawing):
                    found.append(f"{value} in “{mark.text or mark.label}”")
    return found


def holes(name: str) -> set[str]:
    """Name the facts that the words of a figure, and those of all figures, ask for."""
    files = (ROOT / f"figures/{stem}.yml" for stem in (name.replace("-", "_"), "style"))
    return {hole[1] for file in files for text in written(file) for hole in HOLE.finditer(text)}


@pytest.mark.parametrize("name", IDS)
def test_every_number_drawn_stands_in_the_rows_or_is_a_fact(name, figure, report, published):
    asked = holes(name)
    assert asked <= {*published}
    printed = {
        one.removeprefix("fact-") for one in report.xpath("//dt//@id[starts-with(., 'fact-')]")
    }
    said = {key: fact for key, fact in published.items() if key in printed or key in asked}
    assert unexplained(figure(name), said) == []


def test_a_number_of_no_row_is_found(figure, published):
    toll = figure("toll")
    for row in toll.rows:
        row["persons"] = str(int(row["persons"]) * 10 + 1)
    assert len(unexplained(toll, {})) > 20


# What is drawn to scale: which marks, which number of their label, along which side, from nought or
# not.
NAMED = {who: re.compile(rf"{name} ([\d.]+)%") for who, name in PERSONS.items()}
LAST = re.compile(r"([+−-]?\d[\d,]*(?:\.\d+)?)(?!.*\d)")
FIRST = re.compile(r"([+−-]?\d[\d,]*(?:\.\d+)?)")


def own_share(mark: Mark) -> str | None:
    """Read the share of the candidate in whose colour a mark is drawn; nothing if it tells that of
    another."""
    found = NAMED[mark.colour].search(mark.label)
    return found and found[1]


def last(mark: Mark) -> str:
    return LAST.search(mark.label)[1]


def first(mark: Mark) -> str:
    return FIRST.search(DAY.sub("", mark.label))[1]


def first_share(mark: Mark) -> str:
    return re.search(r"([\d.]+)%", mark.label)[1]


def counted(mark: Mark) -> str:
    """Read the persons that a bar of the toll stands for, behind the name and the day of its
    count."""
    return FIRST.search(mark.label.split(": ", 1)[1])[1]


def middle(mark: Mark) -> float:
    return (mark.left + mark.right) / 2


def line(mark: Mark) -> tuple[int, float]:
    """Place a mark in the order of reading; letters stand 4 pixels above their baseline."""
    return round((mark.top + mark.bottom) / 2 - 4 * (mark.shape == "text")), mark.left


SCALES = {
    # figure: (shape, its value, its place or length in pixels, must nought have no length)
    "two-counts": ("circle", own_share, middle, False),
    "by-state": ("circle", own_share, middle, False),
    "irreversible": ("path", last, lambda mark: mark.width, True),
    "incompatible": ("path", last, lambda mark: mark.width, True),
    "by-sheet": ("path", last, lambda mark: mark.height, True),
    "toll": ("path", counted, lambda mark: mark.width, True),
    "overlap": ("path", last, lambda mark: mark.width, True),
    "missing-sheets": ("circle", own_share, middle, False),
    "null-votes": ("path", last, lambda mark: mark.width, True),
    "neighbours": ("path", first_share, lambda mark: mark.height, True),
}


def off_scale(figure: Figure) -> list[str]:
    """List the drawings whose marks do not lie where one rising scale puts their numbers."""
    shape, value, place, from_nought = SCALES[figure.name]
    found = []
    for drawing in figure.drawings:
        drawn = [m for m in drawing if m.shape == shape and m.label and m.colour != "ink"]
        for panel in panels(figure, drawn):
            if None in map(value, panel):
                found.append(f"{panel[0].label} and {len(panel) - 1} others are not in its colour")
                continue
            values = [float(number(value(mark))) for mark in panel] + [0.0] * from_nought
            pixels = [place(mark) for mark in panel] + [0.0] * from_nought
            if misfit(values, pixels) > 1 or np.polyfit(values, pixels, 1)[0] <= 0:
                found.append(f"{panel[0].label} and {len(panel) - 1} others")
    return found


def panels(figure: Figure, drawn: list[Mark]) -> list[list[Mark]]:
    """Part marks that have scales of their own: in the toll, deaths have another than arrests."""
    if figure.name != "toll":
        return [drawn]
    deaths = [mark for mark in drawn if re.search(r"\b(deaths|killings|killed|dead)\b", mark.label)]
    return [deaths, [mark for mark in drawn if mark not in deaths]]


@pytest.mark.parametrize("name", SCALES)
def test_places_and_lengths_follow_from_the_numbers(name, figure):
    assert off_scale(figure(name)) == []


def test_a_bar_too_long_and_shares_that_change_sides_are_found(figure):
    toll = figure("toll")
    drawing = toll.drawings[0]
    seen = [mark for mark in drawing if mark.label and mark.width > 50 and not mark.more]
    at = drawing.index(seen[0])
    drawing[at] = drawing[at]._replace(right=drawing[at].right + 8)
    assert len(off_scale(toll)) == 1
    counts = figure("two-counts")
    other = {"maduro": "gonzalez", "gonzalez": "maduro"}
    counts.drawings = [
        [
            mark._replace(
                fill=other.get(mark.fill, mark.fill), stroke=other.get(mark.stroke, mark.stroke)
            )
            for mark in drawing
        ]
        for drawing in counts.drawings
    ]
    assert len(off_scale(counts)) == 2


def test_leads_and_voters_not_covered_lie_on_one_scale(figure):
    coverage = figure("coverage")
    rows = {row["name"]: row for row in coverage.rows}
    ends = {"grid": "missing_voters_percent", "line": "missing_votes_percent"}
    for drawing in coverage.drawings:
        values, pixels = [], []
        for mark in (mark for mark in drawing if mark.label):
            row = rows[mark.label.partition(":")[0]]
            dot = mark.shape == "circle"
            values.append(float(row["lead_votes_percent" if dot else ends[mark.fill]]))
            pixels.append(middle(mark) if dot else mark.right)
        bars = [mark for mark in drawing if mark.label and mark.shape == "path"]
        assert len(values) == 3 * len(rows) and len({round(bar.left) for bar in bars}) == 1
        assert misfit([*values, 0], [*pixels, bars[0].left]) < 1


def uncounted(toll: Figure) -> list[str]:
    """List counts of deaths that are not drawn as a dot a person, in their colour, in even steps
    from the same line."""
    found = []
    for drawing in toll.drawings:
        dots = [mark for mark in drawing if mark.shape == "circle" and not mark.label]
        steps: list[tuple[int, float]] = []
        for row in (row for row in toll.rows if row["kind"] == "deaths"):
            said = f"{row['persons']} {row['measure']}"
            start = f"{row['claimant']}, {spelled(row['date'])}: "
            (bar,) = (m for m in drawing if m.label.startswith(start) and said in m.label)
            own = [dot for dot in dots if bar.top < dot.top and dot.bottom < bar.bottom]
            colours = {dot.colour for dot in own}
            right = len(own) == int(row["persons"]) and colours == {bar.colour}
            found += [] if right else [f"{len(own)} {colours} for {bar.label}"]
            steps += enumerate(sorted(middle(dot) - bar.left for dot in own))
        if misfit(*map(list, zip(*steps, strict=True))) > 0.2:
            found.append("steps are not even")
    return found


def test_the_dead_of_each_count_are_as_many_dots(figure):
    assert uncounted(figure("toll")) == []


def test_a_dot_too_few_and_one_out_of_its_place_are_found(figure):
    toll = figure("toll")
    at = next(i for i, mark in enumerate(toll.drawings[0]) if mark.shape == "circle")
    moved = toll.drawings[0][at]
    toll.drawings[0][at] = moved._replace(left=moved.left + 2, right=moved.right + 2)
    assert uncounted(toll) == ["steps are not even"]
    del toll.drawings[0][at]
    assert len(uncounted(toll)) == 2


def test_the_line_of_every_vote_stands_at_a_hundred_percent(figure):
    for drawing in figure("irreversible").drawings:
        bars = [mark for mark in drawing if mark.label]
        lines = [mark for mark in drawing if mark.shape == "path" and mark.colour == "ink"]
        values = [float(last(bar)) for bar in bars] + [100.0] * len(lines)
        pixels = [bar.right for bar in bars] + [middle(line) for line in lines]
        assert len(lines) >= len(bars) and misfit([*values, 0], [*pixels, bars[0].left]) < 1


def test_counts_lie_as_far_from_their_percentages_as_their_rows_say(figure):
    one_decimal = figure("one-decimal")
    for drawing in one_decimal.drawings:
        bands = [mark for mark in drawing if mark.shape == "path" and mark.fill == "nodata"]
        values, pixels = [-0.5, 0.5], [bands[0].left, bands[0].right]
        for row in one_decimal.rows:
            start, _ = by_person(row)
            said = f": {int(row['votes']):,} votes, "
            (dot,) = (m for m in drawing if m.label.startswith(start) and said in m.label)
            values.append(float(row["distance_steps"]))
            pixels.append(middle(dot))
        assert len({(round(band.left), round(band.right)) for band in bands}) == 1
        assert misfit(values, pixels) < 1


def test_arrows_lead_from_the_published_votes_to_those_of_the_council(figure):
    incompatible = figure("incompatible")
    words = incompatible.words["labels"]
    for drawing in incompatible.drawings:
        paths = [mark for mark in drawing if mark.shape == "path"]
        shafts = [mark for mark in paths if mark.colour == "ink" and not mark.label]
        for row, shaft in zip(incompatible.rows, shafts, strict=True):
            who = words[row["candidate"]]
            published, council, head = (
                next(mark for mark in paths if mark.label.startswith(f"{who}, {start}"))
                for start in (words["published"], words["council"], words["remainder"].split()[0])
            )
            ends = sorted((published.right, council.right))
            assert (shaft.left, shaft.right) == pytest.approx(ends, abs=1)
            back = council.right < published.right
            assert (head.left if back else head.right) == pytest.approx(council.right, abs=1)


# Whose colour a row wears.
STANCES = {
    "congratulated": "maduro",
    "neutral": "waiting",
    "concern": "concern",
    "asked": "asked",
    "rejected": "rejected",
    "recognised": "recognised",
}
VOTES = {"yes": "asked", "against": "rejected", "abstain": "waiting", "absent": "nodata"}
Expected = tuple[str, str]  # how the label of the mark begins, and the role of its colour


def spelled(iso: str) -> str:
    """Spell a day as charts do: 29 Jul 2024."""
    year, month, day = iso.split("-")
    return f"{int(day)} {MONTHS.split('|')[int(month) - 1]} {year}"


def by_name(row: dict) -> Expected:
    return f"{row['name']}:", STANCES.get(row.get("stance", ""), "") or VOTES.get(
        row.get("vote", ""), "line"
    )


def by_day(row: dict) -> Expected:
    return f"{row['name']}, {spelled(row['date'])}:", STANCES[row["stance"]]


def by_person(row: dict) -> Expected:
    name, place = PERSONS.get(row["candidate"], "Other"), row.get("place", "Venezuela")
    return (name, row["candidate"]) if place == "Venezuela" else (f"{place}: {name}", "line")


OWNERS: dict[str, Callable[[dict], Expected]] = {
    "region": by_name,
    "world": by_name,
    "oas-vote": by_name,
    "shift": by_day,
    "incompatible": by_person,
    "one-decimal": by_person,
}


def miscoloured(figure: Figure) -> list[str]:
    """List rows without a mark of their own in their own colour, by name and, where there is one,
    day."""
    found = []
    for drawing in figure.drawings:
        labelled = [mark for mark in drawing if mark.label and mark.colour != "ink"]
        for row in figure.rows:
            start, role = OWNERS[figure.name](row)
            colours = {mark.colour for mark in labelled if mark.label.startswith(start)}
            if colours != {role}:
                found.append(f"{start} {colours or 'not drawn'}, expected {role}")
    return found


@pytest.mark.parametrize("name", OWNERS)
def test_every_row_is_drawn_in_the_colour_of_its_person_state_or_position(name, figure):
    assert miscoloured(figure(name)) == []


def test_a_wrong_colour_is_found(figure):
    region = figure("region")
    region.drawings[0] = [
        mark._replace(fill="recognised", stroke="recognised") if mark.colour == "rejected" else mark
        for mark in region.drawings[0]
    ]
    assert len(miscoloured(region)) == 3
    region.drawings[0] = []
    assert len(miscoloured(region)) >= 33


def test_who_acted_is_told_by_the_colour_of_each_measure(figure):
    rupture = figure("rupture")
    for drawing in rupture.drawings:
        drawn = [mark for mark in drawing if mark.label and mark.shape == "path"]
        colours = [mark.colour for mark in drawn]
        by_venezuela = [row["by_venezuela"] == "True" for row in rupture.rows]
        assert colours.count("maduro") == sum(by_venezuela)
        assert colours.count("foreign") == len(by_venezuela) - sum(by_venezuela)
        for mark in drawn:
            does = mark.label.split(": ", 1)[1].startswith("Venezuela ")
            assert mark.colour == ("maduro" if does else "foreign"), mark.label


def test_sheets_wear_the_colour_of_whoever_has_more_votes_on_them(figure):
    by_sheet = figure("by-sheet")
    leads = {
        row["gonzalez_share_from"]: "gonzalez"
        if int(row["gonzalez"]) > int(row["maduro"])
        else "maduro"
        for row in by_sheet.rows
    }
    for drawing in by_sheet.drawings:
        bars = [mark for mark in drawing if mark.label]
        assert {first(mark): mark.colour for mark in bars} == leads
        assert all(f"{PERSONS[mark.colour]} has more votes" in mark.label for mark in bars)


def test_counts_of_the_toll_wear_the_colour_of_their_side(figure):
    toll = figure("toll")
    side = {row["claimant"]: row["side"] for row in toll.rows}
    for drawing in toll.drawings:
        for mark in (mark for mark in drawing if mark.label):
            government = side[mark.label.partition(", ")[0]] == "government"
            assert mark.colour == ("maduro" if government else "others"), mark.label


def test_a_bar_wears_the_colour_of_the_candidate_who_needs_the_votes(figure):
    irreversible = figure("irreversible")
    for drawing in irreversible.drawings:
        bars = [mark for mark in drawing if mark.label]
        assert len(bars) == len(irreversible.rows)
        for mark in bars:
            assert f": {PERSONS[mark.colour]} would need" in mark.label, mark.label
        hollow = [row["hollow"] == "True" for row in irreversible.rows]
        assert sum(mark.fill == "paper" for mark in bars) == sum(hollow)


def test_a_name_and_its_number_have_the_colour_of_the_person_or_none(figure):
    for name in IDS:
        for mark in (mark for mark in figure(name).marks if mark.fill in PERSONS and mark.text):
            others = [person for who, person in PERSONS.items() if who != mark.fill]
            assert not any(re.search(rf"\b{person}\b", mark.text) for person in others), mark.text


@pytest.mark.parametrize("name", ["region", "world", "oas-vote"])
def test_the_name_on_a_tile_is_that_of_its_state(name, figure):
    one, short = figure(name), include.of_all("en")["labels"]
    code = {row["name"]: row["iso3"] for row in one.rows}
    names = {
        long: {long, iso, " ".join(short.get(iso, long).split())} for long, iso in code.items()
    }
    for drawing in one.drawings:
        tiles = [m for m in drawing if m.label.partition(":")[0] in code and m.shape == "path"]
        texts = [mark for mark in drawing if mark.shape == "text"]
        assert len(tiles) == len(one.rows)
        for tile in tiles:
            inside = [
                text.text
                for text in texts
                if tile.left < text.left < tile.right and tile.top < text.top < tile.bottom
            ]
            assert len(inside) == 1 and inside[0] in names[tile.label.partition(":")[0]], tile.label


def test_what_is_left_to_a_candidate_is_printed_and_drawn_with_its_sign(figure):
    """That the sheets leave one candidate fewer votes than none is what the report finds."""
    incompatible = figure("incompatible")
    left = [int(row["remainder_votes"]) for row in incompatible.rows]
    signs = {1: "+", -1: "−"}
    expected = [f"{signs[votes // abs(votes)]}{abs(votes):,}" for votes in left]
    assert any(votes < 0 for votes in left) and any(votes > 0 for votes in left)
    for drawing in incompatible.drawings:
        printed = [found[0] for mark in drawing if (found := re.search(r"[+−].*", mark.text))]
        tips = [
            mark for mark in drawing if mark.shape == "path" and mark.label.endswith((*printed,))
        ]
        assert printed == expected
        assert [last(mark) for mark in tips] == expected


def told_by(row: dict, who: str, label: str) -> bool:
    """Tell whether a mark says who counted and one candidate's share: as it was stated, or computed
    to a decimal or two."""
    told = re.fullmatch(rf"(.*): {PERSONS[who]} (\d+(?:\.\d+)?)%", label)
    if told is None or told[1] != row["claimant"]:
        return False
    exact, share = row[f"{who}_percent"], Decimal(told[2])
    if row["base"] == "as stated":
        return share == Decimal(exact)
    return rounded(exact, share) == share and share.as_tuple().exponent in (-1, -2)


def mistold(counts: Figure) -> list[str]:
    """List marks that say what no row does, and rows that no mark tells of."""
    found = []
    for drawing in counts.drawings:
        labels = [mark.label for mark in drawing if mark.shape == "circle"]
        for row in counts.rows:
            for who in PERSONS:
                own = next((label for label in labels if told_by(row, who, label)), "")
                if own:
                    labels.remove(own)
                else:
                    found.append(f"{row['claimant']} of {who}")
        found += labels
    return found


def test_a_count_says_its_own_claimant_and_its_own_share(figure):
    assert mistold(figure("two-counts")) == []


def test_a_count_with_the_share_of_another_is_found(figure):
    counts = figure("two-counts")
    counts.rows[0]["maduro_percent"] = counts.rows[1]["maduro_percent"]
    assert len(mistold(counts)) == 4, "in each drawing a row and a mark"


def test_headings_of_the_world_count_their_own_tiles_and_parts_lead_their_states(figure):
    world = figure("world")
    words, names = world.words["labels"], world.words["names"] | world.words["labels"]
    parts = {names[row["part"]]: row["part"] for row in world.rows}
    rows = {row["name"]: row for row in world.rows}
    for drawing in world.drawings:
        stance, part, counted = "", "", Counter()
        for mark in sorted(drawing, key=line):
            head = next((key for key in STANCES if mark.text == words[f"head.{key}"]), "")
            stance, part = head or stance, parts.get(mark.text, part)
            if mark.label:
                row = rows[mark.label.partition(":")[0]]
                assert (row["stance"], row["part"]) == (stance, part), mark.label
                counted[stance] += row["hollow"] == "False"
        expected = {key: int(FIRST.search(words[f"head.{key}"])[1]) for key in STANCES}
        assert counted == expected


def test_a_tile_of_the_rupture_stands_for_each_row_and_says_its_state_and_day(figure):
    rupture = figure("rupture")
    expected = sorted(f"{row['other']}, {spelled(row['date'])}" for row in rupture.rows)
    for drawing in rupture.drawings:
        tiles = [mark for mark in drawing if mark.label and mark.shape == "path"]
        assert sorted(tile.label.partition(":")[0] for tile in tiles) == expected


def test_the_key_of_the_map_names_every_position_in_its_colour_with_its_count(figure):
    region = figure("region")
    labels = region.words["labels"]
    for drawing in region.drawings:
        keys = {mark.label: mark.colour for mark in drawing if mark.label and mark.shape == "path"}
        written = [mark.text for mark in drawing if mark.shape == "text"]
        for stance, role in STANCES.items():
            count = sum(row["stance"] == stance for row in region.rows)
            assert keys.get(f"{labels[stance]}: {count}") == role, stance
            assert labels[stance] in written and str(count) in written, stance


def test_the_title_names_whoever_leads_in_the_rows_of_the_council(figure, report):
    rows = [row for row in figure("two-counts").rows if row["group"] == "council"]
    ahead = {max(PERSONS, key=lambda who: float(row[f"{who}_percent"])) for row in rows}
    title = report.get_element_by_id("fig-two-counts").find_class("figure-title")[0].text_content()
    assert len(ahead) == 1
    who = ahead.pop()
    assert f"The council gives {PERSONS[who]} {rows[-1][f'{who}_percent']}%" in title
    assert f"the council's rows {PERSONS[who]} stands on the right" in figure("two-counts").words[
        "long"
    ].replace("’", "'")


def test_the_shares_of_sheets_are_in_percent_below_their_heading(figure):
    irreversible = figure("irreversible")
    for drawing in irreversible.drawings:
        muted = sorted((m.top, m.text) for m in drawing if m.text and m.fill == "muted")
        head, *shares = [text for _, text in muted]
        assert head == irreversible.words["labels"]["covers"]
        assert len(shares) == len(irreversible.rows)
        assert [text for text in shares if not re.fullmatch(r"\d+%", text)] == []


def shade(mark: Mark) -> float:
    """How dark a mark is, of one at most."""
    found = re.search(r"opacity=([\d.]+)", mark.more)
    return float(found[1]) if found else 1.0


def test_a_tile_has_its_number_of_sheets_and_the_colour_of_whoever_has_more_votes(figure):
    clouds = figure("fingerprint")
    rows = {(row["turnout_from"], row["gonzalez_share_from"]): row for row in clouds.rows}
    for drawing in clouds.drawings:
        tiles = [mark for mark in drawing if mark.label]
        assert len(tiles) == len(rows)
        for tile in tiles:
            turnout, share, sheets = (str(value) for value in numbers(tile.label))
            row = rows[turnout, share]
            ahead = max(PERSONS, key=lambda person: int(row[person]))
            inside = [
                number(mark.text)
                for mark in drawing
                if mark.text and tile.left < mark.left < tile.right
                if tile.top < mark.top < tile.bottom
            ]
            assert (tile.colour, inside) == (ahead, [int(row["sheets"])]), tile.label
            assert sheets == row["sheets"]


def test_a_tile_with_more_sheets_is_never_paler(figure):
    for drawing in figure("fingerprint").drawings:
        tiles = [mark for mark in drawing if mark.label]
        dark = [shade(mark) for mark in tiles]
        sheets = [int(numbers(mark.label)[-1]) for mark in tiles]
        ordered = [one for _, one in sorted(zip(sheets, dark, strict=True))]
        assert ordered == sorted(ordered) and len(set(ordered)) == 4


def against(neighbours: Figure, test: str) -> list[float]:
    return [float(row["against_percent"]) for row in neighbours.rows if row["test"] == test]


def test_the_line_beside_neighbouring_tables_is_that_of_chance_and_of_any_pair(figure):
    neighbours = figure("neighbours")
    for drawing in neighbours.drawings:
        tallest = max((mark for mark in drawing if mark.label), key=lambda mark: mark.height)
        pixels = tallest.height / float(number(first_share(tallest)))
        lines = [m for m in drawing if m.shape == "path" and m.stroke == "ink" and not m.label]
        for line, test in zip(lines, ("chance", "pairs"), strict=True):
            shares = against(neighbours, test)
            assert line.height == pytest.approx((max(shares) - min(shares)) * pixels, abs=2)


def test_the_paler_bar_is_the_bulletin_and_the_other_what_both_must_share(figure):
    overlap = figure("overlap")
    wanted = [
        int(row[f"{part}_votes"])
        for row in sorted(overlap.rows, key=lambda row: float(row["counted_percent"]))
        for part in ("least", "council")
    ]
    for drawing in overlap.drawings:
        bars = sorted((mark for mark in drawing if mark.label), key=lambda mark: mark.top)
        assert [int(numbers(mark.label)[-1]) for mark in bars] == wanted
        pale = ["opacity=0.6" in mark.more for mark in bars]
        assert pale == [False, True] * len(overlap.rows)


def test_a_bar_of_null_votes_names_its_year_and_is_hollow_where_its_source_is_single(figure):
    nulls = figure("null-votes")
    for drawing in nulls.drawings:
        bars = sorted((mark for mark in drawing if mark.label), key=lambda mark: mark.top)
        assert [mark.fill == "paper" for mark in bars] == [
            row["hollow"] == "True" for row in nulls.rows
        ]
        for mark, row in zip(bars, nulls.rows, strict=True):
            year = re.search(r"of_(\d{4})", row["count"])
            assert not year or year[1] in mark.label
            assert f"{int(row['null_votes']):,}" in mark.label
            assert (mark.colour == "gonzalez") == (row["count"] == "of_v2")
