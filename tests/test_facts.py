"""Facts have a name, a value, a unit and a history, and their record obeys the published schema."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from pipeline.errors import Problems
from pipeline.facts import collect as machine
from pipeline.facts.rows import Rows
from pipeline.model import Derived
from pipeline.tables import contract

NOWHERE = """from pipeline.model import Derived


def facts(tables, known):
    a = {"en": "a"}
    yield Derived("a.b", 1, "votes", a, a, rows=("x/y",))
"""
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def published(facts, tables, tmp_path_factory):
    """The public facts.json as a reader gets it."""
    path = tmp_path_factory.mktemp("facts") / "facts.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        machine.write(facts, tables, path)
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_published_fact_obeys_the_schema(published):
    schema = json.loads((ROOT / "data/facts.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    problems = list(jsonschema.Draft202012Validator(schema).iter_errors(published))
    assert not problems, "\n".join(
        f"{'/'.join(map(str, p.absolute_path))}: {p.message}" for p in problems[:10]
    )


@pytest.mark.parametrize(
    "damage",
    [{"kind": "rumour"}, {"texts": {"en": {"": 5}}}, {"confidence": "certain"}, {"extra": 1}],
)
def test_a_damaged_record_does_not_obey_the_schema(published, damage):
    schema = json.loads((ROOT / "data/facts.schema.json").read_text(encoding="utf-8"))
    name = "council.first.maduro.share"
    damaged = published | {"facts": {name: published["facts"][name] | damage}}
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(damaged))


def test_a_claim_keeps_its_claimant_date_sources_and_printed_decimals(facts):
    claim = facts["council.first.maduro.share"]
    assert (claim.kind, claim.claimant, claim.date) == (
        "claim",
        "National Electoral Council",
        "2024-07-29",
    )
    assert str(claim.value) == "51.20" and claim.sources
    assert facts["council.first.maduro.share.date"].value == "2024-07-29"


def test_a_derived_fact_names_its_inputs_and_inherits_their_sources(facts):
    derived = [fact for fact in facts.values() if fact.kind == "derived"]
    assert derived
    for fact in derived:
        assert fact.label.get("en"), fact.name
        behind = {source for name in fact.inputs if name in facts for source in facts[name].sources}
        assert fact.rows or behind <= set(fact.sources), fact.name


def test_a_fact_that_counts_rows_stands_on_their_sources_not_on_those_of_the_days_between(facts):
    count = facts["reactions.latest.recognised.count"]
    assert len(count.rows) == count.value
    argentina = "positions/argentina.2025-01-10.recognised"
    assert argentina in count.rows
    assert {*facts["position.argentina.2025-01-10.recognised"].sources} <= {*count.sources}
    assert not {*facts["council.first.maduro.votes"].sources} <= {*count.sources}


def test_no_derived_fact_stands_on_itself(facts):
    def below(name, seen):
        assert name not in seen, f"{name} is computed from itself"
        for inner in facts[name].inputs if name in facts else ():
            below(inner, seen | {name})

    for name in facts:
        below(name, frozenset())


def test_two_facts_may_not_share_a_name(tables):
    known = {}
    fact = next(machine.stated(Rows(contract.read(ROOT / "data"), tables)))
    machine._add(known, fact, "data")
    with pytest.raises(Problems, match=r'analysis/x.py: two facts are called "'):
        machine._add(known, fact, "analysis/x.py")


WRONG = [
    ({"inputs": ("no.such",)}, "got the input no.such, expected a fact or a table"),
    ({"inputs": ("table:statement",)}, "got the input table:statement, expected a fact or a table"),
    ({"inputs": ("table:tallies_by_state/v3",)}, "got the row publications/v3, expected one that"),
    ({"inputs": ("table:events",), "formula": {"en": "{1}"}}, r"got {1} in its formula, expected"),
    ({"rows": ("positions/atlantis",)}, "got the row positions/atlantis, expected one that is in"),
    ({"rows": ("tile_grid/CHL",)}, "got the row tile_grid/CHL, whose table says in no column"),
    ({}, "got a formula, but no inputs and no rows"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_a_derived_fact_that_leads_nowhere_is_refused(tables, wrong, told):
    derived = replace(Derived("a.b", 1, "votes", {"en": "a"}, {"en": "b"}), **wrong)
    with pytest.raises(ValueError, match=re.escape(told)):
        machine._completed(derived, {}, Rows(contract.read(ROOT / "data"), tables))


def test_a_table_without_sources_is_no_input(tables):
    package = contract.read(ROOT / "data")
    del contract.by_name(package)["tile_grid"]["own"]
    with pytest.raises(ValueError, match="got the input table:tile_grid, a table without sources"):
        Rows(package, tables).behind("table:tile_grid")


def test_what_leads_nowhere_is_told_with_file_and_line(tables, monkeypatch, tmp_path):
    analysis = tmp_path / "analysis"
    analysis.mkdir()
    (analysis / "nowhere.py").write_text(NOWHERE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    module = ModuleType("nowhere")
    exec(compile(NOWHERE, analysis / "nowhere.py", "exec"), vars(module))
    monkeypatch.setattr(machine.importlib, "import_module", lambda name: module)
    with pytest.raises(Problems, match=r"analysis/nowhere.py:6: ValueError: a.b: got the row x/y"):
        machine.collect(tables)


def test_an_exact_value_is_recorded_exactly():
    from fractions import Fraction

    assert machine.exact(Fraction(1, 3)) == "1/3"
    assert machine.exact(Decimal("51.20")) == "51.20"
    assert machine.exact(Fraction(4, 2)) == 2
