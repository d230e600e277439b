"""Facts have a name, a value, a unit and a history, and their record obeys the published schema."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from pipeline.errors import Problems
from pipeline.facts import collect as machine
from pipeline.model import Derived
from pipeline.tables import contract

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def published(facts, tmp_path_factory):
    """The public facts.json as a reader gets it."""
    path = tmp_path_factory.mktemp("facts") / "facts.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        machine.write(facts, path)
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
        assert fact.inputs and fact.formula.get("en") and fact.label.get("en"), fact.name
        behind = {source for name in fact.inputs if name in facts for source in facts[name].sources}
        assert behind <= set(fact.sources), fact.name


def test_no_derived_fact_stands_on_itself(facts):
    def below(name, seen):
        assert name not in seen, f"{name} is computed from itself"
        for inner in facts[name].inputs if name in facts else ():
            below(inner, seen | {name})

    for name in facts:
        below(name, frozenset())


def test_two_facts_may_not_share_a_name(tables):
    known = {}
    fact = next(machine.stated(contract.read(ROOT / "data"), tables))
    machine._add(known, fact, "data")
    with pytest.raises(Problems, match=r'analysis/x.py: two facts are called "'):
        machine._add(known, fact, "analysis/x.py")


def test_a_derived_fact_may_not_name_inputs_that_do_not_exist(tables):
    derived = Derived("a.b", 1, "votes", {"en": "a"}, {"en": "b"}, ("no.such",))
    with pytest.raises(Problems, match=r"a.b names an input that does not exist: no.such"):
        machine._completed(derived, {}, contract.read(ROOT / "data"), tables)


def test_an_exact_value_is_recorded_exactly():
    from fractions import Fraction

    assert machine.exact(Fraction(1, 3)) == "1/3"
    assert machine.exact(Decimal("51.20")) == "51.20"
    assert machine.exact(Fraction(4, 2)) == 2
