"""The analyses give the published answers, name what they stand on, and their functions hold on
small tables."""

from __future__ import annotations

import csv
import dataclasses
import inspect
import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from statistics import NormalDist

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    attendance,
    bulletins,
    coding,
    counts,
    coverage,
    incompatible,
    irreversible,
    oas,
    one_decimal,
    reactions,
    relations,
    results,
    shift,
    toll,
    tools,
)
from pipeline.charts import say
from pipeline.facts.collect import analyses
from pipeline.facts.spell import rounded
from pipeline.model import Fact

EXPECTED = list(csv.DictReader((Path(__file__).parent / "expected.csv").open(encoding="utf-8")))
MODULES = {path.stem: module for path, module in analyses()}
PLAIN = (
    int,
    Decimal,
    Fraction,
    str,
    Mapping,
)  # what facts.json can hold; numpy's numbers it cannot


def claims(**values) -> dict[str, Fact]:
    """Facts as claims, from names with __ for the dot."""
    facts = (
        Fact(
            name.replace("__", "."),
            "claim",
            value,
            "votes",
            {"en": name},
            claimant="Somebody",
            sources=("s",),
        )
        for name, value in values.items()
    )
    return {fact.name: fact for fact in facts}


@pytest.fixture(scope="module")
def said(tables, facts):
    """What was said, without what was derived from it."""
    return {name: fact for name, fact in facts.items() if fact.kind == "claim"}


@pytest.fixture(scope="module")
def derived(facts):
    return {name: fact for name, fact in facts.items() if fact.kind == "derived"}


# --- the facts as a whole


@pytest.mark.parametrize("row", EXPECTED, ids=[row["fact"] for row in EXPECTED])
def test_the_published_answer_comes_out(row, derived):
    decimals = len(row["expected"].partition(".")[2])
    assert rounded(derived[row["fact"]].value, decimals) == Decimal(row["expected"]), (
        f"{row['published_by']} has {row['expected']}"
    )


PRINTED = [  # a share as its claimant prints it, the votes, and what they are a share of
    *(
        (f"council.second.{who}.share", f"council.second.{who}.votes", "council.second.valid_votes")
        for who in (
            "maduro",
            "gonzalez",
            "martinez",
            "ecarri",
            "rausseo",
            "brito",
            "bertucci",
            "fermin",
            "marquez",
            "ceballos",
        )
    ),
    *(
        (f"council.first.{who}.share", f"council.first.{who}.votes", "council.first.valid_votes")
        for who in ("maduro", "gonzalez", "others")
    ),
    ("council.second.valid_share", "council.second.valid_votes", "council.second.voters"),
    ("council.second.counted", "council.second.roll_on_counted_sheets", "council.second.roll"),
    ("council.second.turnout", "council.second.voters", "council.second.roll_on_counted_sheets"),
    *(
        (f"opposition.{day}.sheets_share", f"opposition.{day}.sheets", "roll.tables")
        for day in ("july_30", "august_2", "august_6", "january_3")
    ),
    *((f"moe.{who}.share", f"moe.{who}.votes", "moe.votes") for who in ("gonzalez", "maduro")),
]


@pytest.mark.parametrize(
    ("share", "votes", "whole"), PRINTED, ids=[share for share, _, _ in PRINTED]
)
def test_a_printed_share_follows_from_the_printed_votes(share, votes, whole, said):
    printed = said[share].value
    decimals = max(0, -Decimal(printed).as_tuple().exponent)
    assert rounded(tools.percent(said[votes].value, said[whole].value), decimals) == Decimal(
        printed
    )


def test_no_reading_gives_the_lead_that_the_post_prints(derived, said):
    left = [derived[f"checks.post.lead_left_by_{by}"] for by in ("sheets", "electors", "council")]
    millions = [str(rounded(Fraction(fact.value) / 10**6, 2)) for fact in left]
    assert millions == ["1.04", "1.27", "1.67"]
    assert said["post.gonzalez.lead"].value == Decimal("1.5")


def test_the_slip_of_a_digit_is_kept_beside_its_correction(derived, said):
    slip = said["moe.missing_votes"].value - derived["checks.moe.missing_votes_corrected"].value
    lead = said["moe.gonzalez.votes"].value - said["moe.maduro.votes"].value
    assert slip == 30
    assert said["moe.lead_left"].value == lead - said["moe.missing_votes"].value


def test_values_are_exact_and_plain(derived):
    assert {
        name: type(fact.value)
        for name, fact in derived.items()
        if not isinstance(fact.value, PLAIN) or isinstance(fact.value, bool)
    } == {}


def test_fractions_say_how_many_decimals_print(derived):
    assert [
        name
        for name, fact in derived.items()
        if isinstance(fact.value, Fraction) and fact.decimals is None
    ] == []


CHOSEN = {"one_decimal.chance", "one_decimal.spread", "digits.least", "sample.kept"}
CHOSEN |= {f"fingerprint.{name}" for name in ("high", "low", "few", "large")}
CHOSEN |= {f"neighbours.{name}" for name in ("near", "wide", "far")}


def test_every_fact_has_a_label_and_what_it_stands_on(derived):
    assert all(fact.label["en"] for fact in derived.values())
    alone = {name for name, fact in derived.items() if not (fact.inputs or fact.rows)}
    assert alone == CHOSEN == {name for name in alone if not derived[name].formula["en"]}


def printed(spelled: Mapping[str, str], fact: Fact) -> str:
    """A formula as it prints, its holes filled."""
    texts = {str(n): spelled.get(name, name) for n, name in enumerate(fact.inputs)}
    texts[""] = spelled[fact.name]
    return re.sub(r"\{(\d*)\}", lambda hole: texts[hole[1]], fact.formula["en"])


SUM = re.compile(r"[(\d][\d,.%()+−×÷ ]*=\s*−?[\d.,]+%?$")
SIGNS = str.maketrans({"−": "-", "×": "*", "÷": "/", ",": None, "\u00a0": " "})


def off(text: str) -> Fraction | None:
    """By how many units of its last place a printed equation is off; None without one."""
    if not (found := SUM.search(text)):
        return None
    right = found[0].partition("=")[2]
    unit = Fraction(1, 10 ** len(right.rstrip("%").partition(".")[2])) / (
        100 if "%" in right else 1
    )
    plain = re.sub(r"([\d.]+)%", r"(\1/100)", found[0].translate(SIGNS))
    sides = re.sub(r"[\d.]+", r"Fraction('\g<0>')", plain).split("=")
    left, said = map(eval, sides)  # of digits and signs: the pattern lets nothing else pass
    return abs(left - said) / unit


def test_every_equation_that_is_printed_holds(facts):
    spelled = {name: say.spelled(fact, "en")[""] for name, fact in facts.items()}
    equations = {
        name: printed(spelled, fact)
        for name, fact in facts.items()
        if "=" in fact.formula.get("en", "")
    }
    assert [
        text for text in equations.values() if off(text) is None or off(text) > Fraction(1, 2)
    ] == []
    assert len(equations) > 40


def test_an_equation_that_does_not_hold_is_seen():
    assert off("Half: (1,000 + 2) ÷ 4 × 10% = 25.1") == Fraction(1, 2)
    assert off("7,303,480 ÷ 10,887,262 = 76.08%") > 800
    assert off("number of states") is None


def test_an_analysis_opens_with_its_question():
    assert [
        name
        for name, module in MODULES.items()
        if not inspect.getdoc(module).partition("\n\n")[0].endswith("?")
        or "Method:" not in inspect.getdoc(module)
    ] == []


class Watched(dict):
    """Tables or facts that remember which of them were read."""

    def __init__(self, named):
        super().__init__(named)
        self.read = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


def behind(derived, name: str) -> set[str]:
    """Claims and tables that a derived fact names as inputs, through other derived ones too."""
    if name not in derived:
        return {name.partition("/")[0]}
    rows = {f"table:{row.partition('/')[0]}" for row in derived[name].rows}
    return rows | {one for input_ in derived[name].inputs for one in behind(derived, input_)}


def readers(tables, said) -> dict[str, list]:
    """Modules by the claim that they read."""
    found = {}
    for module in MODULES.values():
        watched = Watched(said)
        list(module.facts(tables, watched))
        for claim in watched.read:
            found.setdefault(claim, []).append(module)
    return found


@pytest.mark.slow
def test_a_changed_claim_changes_only_what_names_it(tables, said, derived):
    unnamed, idle = (
        set(),
        set(),
        # idle by right: a range moves with its ends, a count with rows, triples with decimals, what
        # is rounded to whole votes not with each, and what was chosen not at all
    )
    for claim, modules in readers(tables, said).items():
        if said[claim].unit == "date":
            continue
        changed = said | {claim: dataclasses.replace(said[claim], value=said[claim].value + 1)}
        values = {
            fact.name: fact.value for module in modules for fact in module.facts(tables, changed)
        }
        moved = {name for name, value in values.items() if value != derived[name].value}
        named = {name for name in values if claim in behind(derived, name)}
        unnamed |= {(claim, name) for name in moved - named}
        idle |= {
            (claim, name)
            for name in named - moved
            if not re.search(
                r"^counts\.|\.count$|candidate_triples|one_decimal\.(spread|chance)$|^missing", name
            )
        }
    assert unnamed == set(), "these facts change with a claim that they do not name"
    assert idle == set(), "these facts name a claim that does not change them"


@pytest.fixture(scope="module")
def placed(tables):
    """What placed each state of the tables, without the texts of bodies and with them."""
    return {bodies: reactions.turns(tables, bodies) for bodies in (False, True)}


@pytest.fixture
def once(placed, monkeypatch):
    """Put the acts of the tables in order once for all tests that leave them as they are."""
    monkeypatch.setattr(reactions, "turns", lambda tables, bodies=False: placed[bodies])


@pytest.mark.parametrize(
    ("name", "to"), [(reactions.START, "2024-07-30"), (reactions.INAUGURATION, "2024-09-10")]
)
def test_a_changed_date_changes_only_what_names_it(name, to, tables, said, derived, once):
    changed = said | {name: dataclasses.replace(said[name], value=to)}
    moved = {
        fact.name
        for module in ("reactions", "shift")
        for fact in MODULES[module].facts(tables, changed)
        if fact.name in derived and fact.value != derived[fact.name].value
    }
    assert moved
    assert {fact for fact in moved if name not in behind(derived, fact)} == set()


# They lend only names, days and sources
LENT = {"countries", "statements", "publications", "states"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_an_analysis_stands_on_claims_and_on_tables_that_it_names(name, tables, said, derived):
    copies = Watched({key: table.copy() for key, table in tables.items()})
    made = list(MODULES[name].facts(copies, said))
    assert [fact.name for fact in made if derived[fact.name].value != fact.value] == []
    inputs = {one for fact in made for one in behind(derived, fact.name)}
    named = {one.removeprefix("table:") for one in inputs if one.startswith("table:")}
    assert copies.read - LENT <= named
    for key in copies.read:
        pd.testing.assert_frame_equal(copies[key], tables[key])  # left as it was


# --- tools


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        ((), "none"),
        (("PER",), "Peru"),
        (("PER", "DOM"), "the Dominican Republic and Peru"),
        (("USA", "PER", "TTO", "PER"), "Peru, Trinidad and Tobago and the United States"),
    ],
)
def test_names_are_sorted_joined_and_given_their_article(codes, text, tables):
    assert tools.listing(tables, codes) == {"en": text}


def test_an_unknown_country_is_not_passed_over(tables):
    with pytest.raises(KeyError):
        tools.listing(tables, ["XXX"])


def test_percentages_are_exact():
    assert tools.percent(1, 3) == Fraction(100, 3)
    with pytest.raises(ZeroDivisionError):
        tools.percent(1, 0)


def test_an_amount_keeps_its_decimals_exactly():
    assert tools.amount(claims(a=Decimal("51.2")), "a") == Fraction(512, 10)


def test_a_missing_claim_is_not_taken_for_nothing(tables, said):
    with pytest.raises(KeyError):
        list(
            bulletins.facts(
                tables,
                {name: fact for name, fact in said.items() if name != "council.second.voters"},
            )
        )


# --- bulletins, irreversible, incompatible

SECOND = {
    "council__second__maduro__votes": 60,
    "council__second__gonzalez__votes": 30,
    "council__second__brito__votes": 6,
    "council__second__fermin__votes": 4,
}


def test_all_but_two_candidates_are_the_others():
    known = claims(**SECOND, council__second__null_votes=9, council__second__valid_votes=100)
    assert bulletins.votes(known, "council.second") == {"maduro": 60, "gonzalez": 30, "others": 10}


def moment(share: str, gonzalez: int, maduro: int, **more: int) -> irreversible.Moment:
    """A publication of these votes that counted a share of the sheets, in percent."""
    kind, _, percent = share.partition(" ")
    votes = {"a__b__gonzalez__votes": gonzalez, "a__b__maduro__votes": maduro}
    more = {f"a__b__{name}": value for name, value in more.items()}
    return irreversible.moment(claims(**votes, **more, **{f"a__b__{kind}": int(percent)}), "a.b")


def test_a_lead_that_outstanding_votes_can_undo():
    row = moment("counted 80", 45, 55, valid_votes=100)
    assert (row.outstanding, row.lead, row.needed_lead, row.needed) == (25, 10, 40, 70)


def test_a_lead_that_no_outstanding_vote_can_undo():
    row = moment("sheets_share 90", 80, 20)
    assert row.needed > 100 and row.base == "votes of the two leading candidates"


def test_the_whole_count_leaves_nothing_outstanding():
    with pytest.raises(ZeroDivisionError):
        _ = moment("sheets_share 100", 80, 20).needed


def tallies(*rows) -> pd.DataFrame:
    """Tallies by state: publication, state, sheets, registered, valid, null, González, Maduro,
    others."""
    names = [
        "publication",
        "state",
        "sheets",
        "registered_on_sheets",
        "valid_votes",
        "null_votes",
        "gonzalez",
        "maduro",
        "others",
    ]
    return pd.DataFrame(rows, columns=names).astype({"registered_on_sheets": "Int64"})


SMALL = {
    "tallies_by_state": tallies(
        ("v1", "A", 2, 200, 100, 1, 60, 40, 0),
        ("v1", "B", 1, 90, 50, 0, 20, 25, 5),
        ("v2", "A", 2, None, 100, 1, 60, 40, 0),
        ("v2", "B", 1, None, 50, 0, 20, 25, 5),
    ),
    "states": pd.DataFrame(
        {
            "iso_3166_2": ["A", "B"],
            "name": ["Alpha", "Beta"],
            "registered_voters": [400, 100],
            "sources": [("r",), ("r",)],
        }
    ),
    "publications": pd.DataFrame({"id": ["v1", "v2"], "sources": [("s", "t"), ("u",)]}),
}


def test_totals_are_of_one_publication():
    assert results.totals(SMALL, "v1") | {"registered_on_sheets": 290} == results.totals(
        SMALL, "v1"
    )
    assert results.totals(SMALL, "v2")["gonzalez"] == 80


def test_states_are_ordered_by_lead():
    rows = results.by_state(SMALL)
    assert list(rows["name"]) == ["Beta", "Alpha"]
    assert list(rows["lead_points"]) == pytest.approx([-10, 20])
    assert set(rows["source_ids"]) == {"u"}


def test_states_are_ordered_by_coverage():
    assert list(coverage.by_state(SMALL)["covered_percent"]) == [50, 90]


def test_what_turns_a_state_is_more_than_its_lead():
    rows = coverage.not_covered(SMALL).set_index("name")
    assert dict(rows["missing_voters"]) == {"Beta": 10, "Alpha": 200}
    assert dict(rows["missing_votes"]) == pytest.approx({"Beta": 50 / 9, "Alpha": 101})
    assert dict(rows["turns"]) == {"Beta": "by_votes", "Alpha": "by_votes"}
    level = SMALL["tallies_by_state"].assign(gonzalez=[140, 35, 0, 0], maduro=[39, 25, 0, 0])
    rows = coverage.not_covered(SMALL | {"tallies_by_state": level}).set_index("name")
    assert dict(rows["turns"]) == {"Alpha": "by_voters", "Beta": "never"}, "level is not turned"


def test_a_state_that_stands_twice_stops_the_merge():
    doubled = SMALL | {"states": pd.concat([SMALL["states"], SMALL["states"]])}
    for by_state in (results.by_state, coverage.by_state, coverage.not_covered):
        with pytest.raises(pd.errors.MergeError):
            by_state(doubled)


def test_remainders_may_be_negative():
    rows = incompatible.frame(SMALL, claims(**SECOND)).set_index("candidate")["remainder_votes"]
    assert dict(rows) == {"gonzalez": -50, "maduro": -5, "others": 5}


def test_empty_bins_between_sheets_are_kept():
    sheets = pd.DataFrame(
        {
            "publication": "v2",
            "gonzalez_share_from": [2, 4],
            "sheets": [3, 1],
            "valid_votes": 9,
            "gonzalez": 1,
            "maduro": 8,
        }
    )
    assert list(results.by_sheet(SMALL | {"sheet_shares": sheets})["sheets"]) == [3, 0, 1]


# --- one decimal


def splits_that_fit(total: int, steps: int) -> int:
    """Count, one by one, the splits of a total into three that some triple of steps yields, half
    up."""
    step = [(2 * i * total + steps) // (2 * steps) for i in range(steps + 1)]
    yielded = {
        (step[i], step[j], step[steps - i - j])
        for i in range(steps + 1)
        for j in range(steps + 1 - i)
    }
    return sum(
        (a, b, total - a - b) in yielded
        for a, b in product(range(total + 1), repeat=2)
        if a + b <= total
    )


@given(st.integers(10, 60), st.sampled_from([2, 4, 10]))
def test_fitting_triples_are_the_fitting_splits_one_by_one(total, steps):
    assert one_decimal.fits(total, steps) == splits_that_fit(total, steps)


def test_a_total_of_whole_steps_always_fits():
    assert one_decimal.fits(1_000_000) == 501_501


@given(st.integers(1000, 10**8), st.data())
def test_the_nearest_percentage_is_at_most_half_a_step_away(total, data):
    count = Fraction(data.draw(st.integers(0, total)))
    share, distance = one_decimal.nearest(count, Fraction(total), 1)
    assert count == share * total / 100 + distance
    assert abs(distance) <= Fraction(total, 2000)
    assert (share * 10).denominator == 1


@pytest.mark.parametrize("total", [2_000, 2_001, 9_999, 31_415, 10_058_774])
def test_pairs_that_fit_are_two_counts_of_one_decimal_that_leave_a_third(total):
    counts = sorted((2 * step * total + 1000) // 2000 for step in range(1001))
    assert one_decimal.pairs_that_fit(total) == sum(
        bisect_right(counts, total - count) for count in counts
    )


def test_a_normal_spread_meets_the_percentages_as_often_as_an_even_one_within_the_error(derived):
    step, spread = float(derived["one_decimal.step"].value), derived["one_decimal.spread"].value
    for start in range(
        0, round(step), 500
    ):  # wherever the middle of the spread lies between two percentages
        met = step * sum(NormalDist(start, spread).pdf(number * step) for number in range(-20, 21))
        assert abs(met - 1) * 100 <= float(derived["one_decimal.spread_error"].value) * 1.000001


# --- positions


def acts(*rows, joined=()) -> dict:
    """Own acts: iso3, date, stance, confidence, and "back" if one takes back. Texts joined: iso3,
    date, stance, role."""
    own = [(*row[:4], len(row) > 4) for row in rows]
    own = pd.DataFrame(own, columns=["iso3", "date", "stance", "confidence", "takes_back"])
    names = [f"text-{number}" for number, _ in enumerate(joined)]
    texts = pd.DataFrame(joined, columns=["iso3", "date", "stance", "role"]).assign(
        id=names, statement=names, name="Text", kind="statement", sources=""
    )
    texts = texts.astype(str)  # even where there are none
    codes = sorted({*own["iso3"], *texts["iso3"]})
    return {
        "positions": own.assign(
            id=own["iso3"] + own["date"],
            kind="state",
            region="South America",
            act="",
            sources=[()] * len(own),
        ),
        "statements": texts[["id", "date", "kind", "stance", "name", "sources"]],
        "statement_members": texts[["statement", "iso3", "role"]].assign(
            member=texts["iso3"], sources=[()] * len(texts)
        ),
        "countries": pd.DataFrame({"iso3": codes, "name": codes, "region": "South America"}),
    }


def stands(tables, iso3="PER", until="2024-08-04", bodies=False) -> str | None:
    """Return where a state stands at the end of a day, if anywhere."""
    rows = reactions.standing(tables, until, bodies).set_index("iso3")["stance"]
    return rows.get(iso3)


@pytest.mark.parametrize(
    ("rows", "stance"),
    [
        ([("2024-07-30", "recognised", "high"), ("2024-07-29", "asked", "high")], "recognised"),
        ([("2024-07-29", "recognised", "high"), ("2024-07-30", "asked", "high")], "recognised"),
        ([("2024-07-29", "recognised", "high"), ("2024-07-30", "asked", "high", "back")], "asked"),
        (
            [
                ("2024-07-29", "recognised", "high"),
                ("2024-07-30", "asked", "high", "back"),
                ("2024-07-31", "rejected", "high"),
            ],
            "rejected",
        ),
        (
            [
                ("2024-07-29", "recognised", "high"),
                ("2024-07-30", "asked", "high", "back"),
                ("2024-07-31", "concern", "high"),
            ],
            "asked",
        ),
        (
            [
                ("2024-07-29", "rejected", "high"),
                ("2024-07-29", "recognised", "medium"),
                ("2024-07-29", "asked", "high"),
            ],
            "recognised",
        ),
        ([("2024-07-29", "asked", "high", "back"), ("2024-07-29", "recognised", "high")], "asked"),
        (
            [("2024-07-29", "congratulated", "high"), ("2024-07-30", "asked", "high")],
            "congratulated",
        ),
        (
            [("2024-07-29", "asked", "high"), ("2024-07-30", "congratulated", "high")],
            "congratulated",
        ),
        (
            [("2024-07-29", "congratulated", "high"), ("2024-07-30", "recognised", "high")],
            "recognised",
        ),
        (
            [("2024-07-29", "recognised", "high"), ("2024-07-30", "congratulated", "high")],
            "congratulated",
        ),
        ([("2024-07-29", "asked", "high"), ("2024-07-30", "congratulated", "low")], "asked"),
        (
            [("2024-07-29", "recognised", "high"), ("2024-07-30", "asked", "low", "back")],
            "recognised",
        ),
        ([("2024-07-29", "asked", "high"), ("2024-08-05", "rejected", "high")], "asked"),
        ([("2024-07-29", "asked", "low")], None),
    ],
    ids=[
        "the stronger of two acts counts",
        "a weaker later act leaves the stronger standing",
        "one that takes back does not",
        "after it what is stronger counts again",
        "after it what is weaker does not",
        "the strongest of a day counts",
        "what takes back is the last of its day",
        "asking does not take congratulations back",
        "who asked may congratulate",
        "of two as strong the later counts",
        "and the other way round",
        "low confidence is left out",
        "low confidence takes nothing back",
        "a later row is not of the week",
        "low confidence alone places nobody",
    ],
)
def test_a_state_stands_where_its_acts_put_it(rows, stance):
    assert stands(acts(*[("PER", *row) for row in rows])) == stance


@pytest.mark.parametrize(
    ("role", "stance", "with_bodies"),
    [
        ("signatory", "rejected", "rejected"),
        ("aligned", "rejected", "rejected"),
        ("yes", "rejected", "rejected"),
        ("abstain", "neutral", "neutral"),
        ("absent", "neutral", "neutral"),
        ("member", None, "rejected"),
        ("signatory_one_list_only", None, None),
        ("signatory_press_only", None, None),
        ("later_adherent", None, None),
    ],
)
def test_a_text_counts_for_who_joined_it_by_name_and_that_of_a_body_in_the_second_count_only(
    role, stance, with_bodies
):
    made = acts(joined=[("PER", "2024-07-29", "rejected", role)])
    assert (stands(made), stands(made, bodies=True)) == (stance, with_bodies)


@pytest.mark.parametrize("role", [*reactions.JOINED, reactions.BODY])
def test_a_text_that_was_joined_takes_no_stronger_act_back(role):
    made = acts(
        ("PER", "2024-07-29", "congratulated", "high"),
        joined=[("PER", "2024-07-31", "asked", role)],
    )
    assert stands(made) == stands(made, bodies=True) == "congratulated"


def test_of_one_day_an_own_act_stands_before_a_text_that_says_the_same():
    made = acts(
        ("PER", "2024-07-29", "asked", "medium"),
        joined=[
            ("PER", "2024-07-29", "asked", "signatory"),
            ("CHL", "2024-07-29", "asked", "signatory"),
        ],
    )
    assert dict(reactions.standing(made, "2024-07-29").set_index("iso3")["own"]) == {
        "CHL": False,
        "PER": True,
    }


@settings(deadline=None, max_examples=20)  # tables are made for each
@given(
    st.lists(
        st.tuples(
            st.just("PER"),
            st.dates(date(2024, 7, 29), date(2024, 8, 4)).map(str),
            st.sampled_from(reactions.STANCES),
            st.just("high"),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_where_nothing_is_taken_back_a_state_stands_at_its_strongest_act(rows):
    strength = reactions.STRENGTH
    assert strength[stands(acts(*rows))] == max(strength[stance] for _, _, stance, _ in rows)


@pytest.mark.parametrize(
    ("iso3", "until", "stance", "with_bodies"),
    [
        ("ARG", "2024-08-01", "rejected", "rejected"),
        (
            "ARG",
            "2024-08-02",
            "rejected",
            "rejected",
        ),  # the ministry took its minister's post back the same day
        ("ARG", "2024-08-07", "recognised", "recognised"),
        ("ARG", "2025-01-15", "recognised", "recognised"),
        ("JPN", "2025-01-09", "asked", "asked"),
        (
            "JPN",
            "2025-01-11",
            "rejected",
            "rejected",
        ),  # its spokesman's concern leaves the text of the G7 standing
        ("PER", "2024-07-30", "recognised", "recognised"),
        ("PER", "2024-09-05", "asked", "asked"),
        ("PER", "2024-11-23", "recognised", "recognised"),
        ("ATG", "2024-07-31", "congratulated", "congratulated"),  # abstained that day
        ("ATG", "2024-08-16", "asked", "asked"),
        ("ATG", "2024-08-23", "asked", "congratulated"),
        ("ATG", "2024-12-14", "congratulated", "congratulated"),
        ("ISL", "2024-09-12", "asked", "asked"),
        (
            "ISL",
            "2025-01-12",
            "rejected",
            "rejected",
        ),  # no member of the European Union; aligned itself by name
        ("HUN", "2024-08-04", "asked", "rejected"),
        ("GRD", "2024-07-29", None, "congratulated"),
        ("GRD", "2025-01-31", "neutral", "congratulated"),
        ("UKR", "2024-08-16", None, None),  # a late adherent of that day's text
    ],
)
def test_a_state_of_the_tables_stands_where_its_acts_put_it(
    iso3, until, stance, with_bodies, tables, once
):
    assert (stands(tables, iso3, until), stands(tables, iso3, until, bodies=True)) == (
        stance,
        with_bodies,
    )


def test_the_published_counts_come_out(derived):
    """These guard the headline: where the states stood by the end of January 2025, and where with
    the texts of bodies."""
    published = {
        "congratulated": (19, 23),
        "neutral": (12, 8),
        "concern": (2, 1),
        "asked": (34, 14),
        "rejected": (14, 35),
        "recognised": (12, 12),
    }
    for stance, (own, with_bodies) in published.items():
        name = f"reactions.latest.{stance}.count"
        assert (derived[name].value, derived[f"{name}_with_bodies"].value) == (own, with_bodies)
    assert sum(own for own, _ in published.values()) == sum(both for _, both in published.values())


def test_bodies_are_not_counted_as_states(tables):
    codes = set(reactions.acts(tables, bodies=True)["iso3"])
    assert codes <= set(tables["countries"]["iso3"]) - {"VEN"}
    own = acts(("PER", "2024-07-29", "asked", "high"))
    assert reactions.standing(
        own | {"positions": own["positions"].assign(kind="body")}, "2024-07-29", bodies=True
    ).empty


def test_every_stance_has_a_strength(tables):
    assert (
        {*tables["positions"]["stance"], *tables["statements"]["stance"]}
        <= set(reactions.STANCES)
        == set(reactions.STRENGTH)
    )


def test_every_role_is_counted_or_left_out_on_purpose(tables):
    left_out = {"signatory_one_list_only", "signatory_press_only", "later_adherent"}
    assert set(tables["statement_members"]["role"]) <= set(reactions.ACTS) | left_out
    assert set(reactions.ACTS) == {*reactions.JOINED, reactions.BODY}


def test_every_tile_of_the_region_says_something(tables, said):
    rows = reactions.region(tables, said)
    assert len(rows) == len(tables["tile_grid"])
    assert list(rows.loc[rows["stance"] == reactions.ITSELF, "iso3"]) == ["VEN"]
    assert not rows.isna().any(axis=None)


def test_a_state_without_a_row_reads_as_no_statement_found(tables, said):
    without = tables | {
        name: tables[name][tables[name]["iso3"] != "PER"]
        for name in ("positions", "statement_members")
    }
    assert (
        reactions.region(without, said).set_index("iso3").loc["PER", "stance"]
        == "no statement found"
    )


def test_every_region_lies_in_a_part_of_the_world(tables):
    assert {reactions.part(region) for region in tables["countries"]["region"]} <= {
        "Americas",
        "Europe",
        "Asia",
        "Africa",
        "Oceania",
    }


def test_states_of_low_confidence_stand_after_those_counted(tables, said, derived):
    rows = reactions.everywhere(tables, said)
    low = rows["confidence"] == "low"
    assert low.sum() == derived["reactions.low_only.count"].value
    assert (~low).sum() == len(reactions.standing(tables, reactions.windows(said)["latest"]))
    assert low.is_monotonic_increasing and rows["iso3"].is_unique
    assert set(rows["region"]) <= {*reactions.LARGE, *reactions.PARTS}


def test_no_position_has_a_majority_in_the_region(tables, said):
    rows = reactions.standing(tables, reactions.windows(said)["first_week"])
    stances = rows.loc[rows["region"].isin(reactions.REGION), "stance"]
    assert 2 * stances.value_counts().max() <= len(stances), "the caption of the map says so"


DAYS = {
    name: dataclasses.replace(fact, value=day)
    for (name, fact), day in zip(
        claims(council__first__maduro__votes__date=1, **{"event__2025-01-10__sworn-in": 1}).items(),
        ("2024-07-29", "2025-01-10"),
        strict=True,
    )
}


def test_steps_are_the_stretches_of_states_that_moved_after_the_first_week():
    # acts() knows no window, so the days of the real ones are used
    rows = [
        ("PER", "2024-07-29", "rejected", "high"),
        ("PER", "2024-07-30", "recognised", "high"),
        ("PER", "2024-09-05", "asked", "high", "back"),
        ("CHL", "2024-07-29", "asked", "high"),
        ("CHL", "2024-08-07", "asked", "high"),
        ("PRY", "2024-07-29", "asked", "high"),
        ("PRY", "2024-08-22", "rejected", "low"),
        ("PRY", "2024-08-23", "concern", "high"),
        ("CAN", "2024-07-29", "asked", "high"),
        ("CAN", "2024-08-04", "neutral", "high", "back"),
    ]
    made = shift.steps(acts(*rows), DAYS)
    assert list(zip(made["iso3"], made["stance"], made["date"], made["until"], strict=True)) == [
        ("PER", "rejected", "2024-07-29", "2024-07-30"),
        ("PER", "recognised", "2024-07-30", "2024-09-05"),
        ("PER", "asked", "2024-09-05", "2025-01-31"),
    ]
    assert set(made["moved"]) == {"2024-09-05"}


def test_who_first_spoke_after_the_first_week_and_then_moved_is_told_apart():
    rows = [
        ("ISL", "2024-09-12", "asked", "high"),
        ("ISL", "2025-01-10", "rejected", "high"),
        ("KOR", "2024-09-12", "asked", "high"),
        ("CHL", "2024-07-29", "asked", "high"),
        ("CHL", "2024-08-07", "rejected", "high"),
    ]
    assert shift.later_moved(acts(*rows), DAYS) == {"ISL"}


def test_the_states_that_moved_are_among_those_with_steps(tables, said, derived):
    moves, rows = shift.pairs(tables, said), shift.steps(tables, said)
    moved = moves[(moves["first_week"] != shift.NOT_YET) & (moves["first_week"] != moves["latest"])]
    assert set(moved["iso3"]) <= set(rows["iso3"])
    assert rows["iso3"].nunique() == derived["shift.changed.count"].value
    ends = rows.drop_duplicates("iso3", keep="last").set_index("iso3")["stance"]
    assert all(ends[row.iso3] == row.latest for row in moved.itertuples())


# --- toll, counts, coding


def test_bars_show_one_count_a_day_and_parts_below(tables):
    rows = toll.bars(tables)
    assert list(dict.fromkeys(rows["kind"])) == list(toll.KINDS)
    assert not rows.duplicated(["kind", "counter", "until", "measure"]).any()
    for _, counts_ in rows.groupby(["kind", "counter"]):
        assert counts_["until"].is_monotonic_increasing
        for _, day in counts_.groupby("until"):
            assert day["part"].is_monotonic_increasing, "whole counts first"


@pytest.mark.parametrize(
    ("stated", "base", "votes", "decimals"),
    [
        (Decimal("51.20"), "as stated", 30, 2),
        (31, "as stated", 30, 0),
        (None, "votes of the two", 31, 1),
        (None, "valid votes", 7_300_000, 1),
        (None, "valid votes", 31, 2),
    ],
)
def test_a_share_gets_the_decimals_it_deserves(stated, base, votes, decimals):
    assert counts.decimals(stated, base, votes) == decimals


@pytest.mark.parametrize(
    ("values", "share", "base"),
    [
        (
            {"a__gonzalez__votes": 30, "a__maduro__votes": 10, "a__valid_votes": 50},
            60,
            "valid votes",
        ),
        (
            {"a__gonzalez__votes": 30, "a__maduro__votes": 10, "a__voters": 60},
            50,
            "voters on held sheets",
        ),
        ({"a__gonzalez__votes": 30, "a__maduro__votes": 10}, 75, "votes of the two"),
        (
            {
                "a__gonzalez__votes": 30,
                "a__maduro__votes": 10,
                "a__gonzalez__share": Decimal("67.2"),
            },
            Fraction(672, 10),
            "as stated",
        ),
    ],
)
def test_a_share_says_what_it_is_of(values, share, base):
    assert counts.share(claims(**values), "a", "gonzalez")[:2] == (share, base)


def test_a_set_with_a_single_candidate_is_no_count_of_both():
    assert counts.starts(
        claims(
            a__gonzalez__share=60,
            b__gonzalez__share=1,
            b__maduro__share=2,
            article__gonzalez__votes=3,
            article__maduro__votes=4,
        )
    ) == ["b"]


def test_kappa_of_a_textbook_table():
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert coding.kappa(*(pd.Series(column) for column in zip(*pairs, strict=True))) == Fraction(
        2, 5
    )


def test_kappa_has_no_value_where_nobody_could_disagree():
    with pytest.raises(ZeroDivisionError):
        coding.kappa(pd.Series(["a", "a"]), pd.Series(["a", "a"]))


def test_a_row_coded_twice_over_stops_the_merge(tables):
    doubled = tables | {"recoding": pd.concat([tables["recoding"], tables["recoding"].head(1)])}
    with pytest.raises(pd.errors.MergeError):
        coding.both(doubled)


FRAMES = {
    "irreversible": lambda tables, said: irreversible.frame(said),
    "one_decimal": one_decimal.frame,
    "incompatible": incompatible.frame,
    "coverage": lambda tables, said: coverage.not_covered(tables),
    "by_state": lambda tables, said: coverage.beside_shares(tables),
    "by_sheet": lambda tables, said: results.by_sheet(tables),
    "counts": lambda tables, said: counts.grouped(said),
    "toll": lambda tables, said: toll.bars(tables),
    "oas": lambda tables, said: oas.roll_call(tables),
    "relations": lambda tables, said: relations.timeline(tables),
    "shift": shift.steps,
    "reactions": reactions.everywhere,
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_frame_names_its_sources(frame, tables, said):
    cells = frame(tables, said)["source_ids"]
    assert {one for cell in cells for one in cell.split(";")} <= set(tables["sources"]["id"])


def test_frames_agree_with_the_facts(tables, said, derived):
    for row in irreversible.frame(said).to_dict("records"):
        needed = derived[f"irreversible.{row['moment']}.needed_share"].value
        assert row["needed_percent"] == pytest.approx(float(needed))
    missing = coverage.not_covered(tables)
    uncovered = derived["incompatible.v1.uncovered_electors"].value
    assert missing["missing_voters"].sum() == uncovered
    assert missing["lead_votes"].sum() == derived["results.v1.lead"].value
    left = incompatible.frame(tables, said).set_index("candidate")["remainder_votes"]
    assert left["maduro"] == derived["incompatible.v2.maduro.remainder"].value
    assert left["gonzalez"] == -derived["incompatible.v2.gonzalez.excess"].value
    near = one_decimal.frame(tables, said)
    assert near["distance_steps"].abs().max() <= 0.5
    near = near[near["place"] == one_decimal.WHOLE].set_index(["count", "candidate"])
    for of, name in (("first", "maduro.residual"), ("second", "second.maduro_miss")):
        distance = abs(near.loc[(f"council.{of}", "maduro"), "distance_votes"])
        assert distance == pytest.approx(abs(float(derived[f"one_decimal.{name}"].value)))


# --- attendance, relations, toll, counts


def test_who_came_is_who_sent_somebody_and_is_known_well():
    rows = [("CUB", "head", "high"), ("RUS", "envoy", "medium"), ("ARG", "nobody", "high")]
    rows += [("MLI", "envoy", "low"), ("", "head", "high")]
    names = {"iso3": ["CUB", "RUS", "ARG", "MLI"], "name": ["Cuba", "Russia", "Argentina", "Mali"]}
    made = {
        "attendance": pd.DataFrame(rows, columns=["iso3", "rank", "confidence"]).assign(actor="x"),
        "countries": pd.DataFrame(names),
    }
    assert {fact.name: fact.value for fact in attendance.facts(made, {})} == {
        "attendance.head.names": {"en": "Cuba"},
        "attendance.nobody.count": 1,
        "attendance.came.count": 2,
    }


def test_measures_against_venezuela_are_not_taken_for_its_own(tables):
    assert set(relations.taken(tables, "expelled_mission")["imposing_iso3"]) == {"VEN"}


def test_the_other_country_is_never_venezuela(tables):
    rows = relations.timeline(tables)
    assert "VEN" not in set(rows["other_iso3"])
    assert len(rows) == len(tables["measures"])
    assert (rows["kind"].str.startswith("venezuela.") == rows["by_venezuela"]).all()


def test_a_chronology_keeps_to_its_days(tables):
    rows = relations.chronology(tables, "2024-07-29", "2024-12-31")
    assert len(rows) and rows["date"].between("2024-07-29", "2024-12-31").all()


def test_the_roll_call_agrees_with_the_reported_totals(tables, said):
    for role, claim in (("yes", "votes_for"), ("abstain", "abstentions"), ("absent", "absences")):
        assert len(oas.members(tables, oas.DRAFT, role)) == said[f"oas.{claim}"].value


def test_parts_of_a_count_stand_apart(tables):
    rows = toll.frame(tables)
    assert set(rows.loc[rows["part"], "id"]) == {
        "government.deaths.soldiers",
        "hrw.deaths.protesters_and_bystanders",
        "hrw.deaths.verified",
        "un_mission.deaths.investigated",
        "un_mission.deaths.state_forces",
    }


def test_states_that_turn_come_first_and_are_counted_once(tables, derived):
    rows = coverage.not_covered(tables)
    turned = {name: derived[f"coverage.v1.turned.{name}.states"].value for name in coverage.TURNS}
    assert list(rows["turns"]) == [name for name in turned for _ in range(turned[name])]
    assert len(rows) == len(coverage.by_state(tables))
    assert rows["missing_votes"].lt(rows["missing_voters"]).all()


def test_counts_are_grouped_and_our_own_left_out(said):
    rows, every = counts.grouped(said), counts.frame(said)
    assert list(dict.fromkeys(rows["group"])) == list(counts.GROUPS)
    assert set(rows["count"]) == set(every.loc[every["side"] != "own", "count"])
    assert all(group["date"].is_monotonic_increasing for _, group in rows.groupby("group"))
