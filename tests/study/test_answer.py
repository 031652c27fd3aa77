"""The answer: what it compares is the same however it is computed, and what it says holds for what it was given."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greyspace.contract import STATES, VERDICTS
from greyspace.country import ACTS, load_pack
from greyspace.evidence import quantile, uncertain
from greyspace.institutions import RECEIVERS
from greyspace.results import Store
from greyspace.simulate import plan, run
from greyspace.study.answer import say
from greyspace.study.draws import latin
from greyspace.study.era import PENALTIES, added, first_monday, nothing, of_results
from greyspace.study.era import together as lived_together
from greyspace.study.findings import find
from greyspace.study.gates import limits, shapley
from greyspace.study.numbers import numbers
from greyspace.study.officers import OF_OFFICERS, paid_at

PARTS = ("entrances", "states", "modes", "hands", "posts", "moved")
CAUGHT = ("paid", "turned_back", *PENALTIES)
START, END = date(2021, 1, 4), date(2021, 12, 27)


def plans(*scenarios: str, engine: str = "expected", sets: dict[str, float | str] | None = None):
    pack = load_pack("toyland")
    where = {"station_gates.gallery": "local"} | (sets or {})
    return [
        plan(pack, pack.scenario(name), engine=engine, seed=3, scale=1.0, start=START, end=END, sets=where)
        for name in scenarios
    ]


def together(plans, since):
    return lived_together(plans, since, nothing, added)


@pytest.fixture(scope="module")
def since():
    return first_monday(plans("history")[0].world())


def test_a_beginning_lived_once_for_two_scenarios_changes_neither(since):
    both = together(plans("history", "no-gates"), since)
    for name in ("history", "no-gates"):
        alone = together(plans(name), since)[name]
        for part in PARTS:
            assert np.array_equal(getattr(both[name], part), getattr(alone, part)), part


def test_scenarios_that_part_at_once_share_nothing(since):
    """More power from the first week on: nothing may be taken from the other scenario's beginning."""
    both = together(plans("history", "full-power"), since)
    alone = together(plans("full-power"), since)["full-power"]
    assert np.array_equal(both["full-power"].states, alone.states)


def test_totals_in_memory_and_on_disk_are_the_same(tmp_path, since):
    one = plans("history")[0]
    on_disk = of_results(run(one, Store(tmp_path)), since)
    in_memory = together([one], since)["history"]
    for part in PARTS:
        here, there = getattr(on_disk, part), getattr(in_memory, part)
        assert here.any(), part
        # The sum of a column is added in another order; what is measured per officer-month is multiplied back.
        assert np.allclose(here, there, rtol=1e-9), part


def test_without_gates_nobody_meets_one(since):
    none = together(plans("no-gates"), since)["no-gates"]
    assert none.per_thousand("live", "permit") == none.per_thousand("idle", "none") == {}
    assert sum(none.per_thousand("manual", "none")[verdict] for verdict in VERDICTS) == pytest.approx(1000)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
def test_shapley_shares_add_up_to_the_whole_gain(values):
    subsets = [frozenset(name for i, name in enumerate("abc") if number >> i & 1) for number in range(8)]
    worth = dict(zip(subsets, values, strict=True))
    shares = shapley(worth)
    assert sum(shares.values()) == pytest.approx(worth[frozenset("abc")] - worth[frozenset()], abs=1e-9)


def test_a_limit_that_does_not_bind_has_no_share():
    pack = load_pack("toyland")
    _, shares = limits(pack, {"station_gates.gallery": "local"}, 1, plans("history")[0].world().weeks)
    assert shares["network"] == 0


def test_draws_lie_in_their_ranges_and_use_each_part_of_a_range_once():
    parameters = load_pack("dprk").parameters
    read = [key for key in uncertain(parameters) if parameters[key].options is None]
    drawn = latin(parameters, 10, read)
    for key in read:
        edges = [quantile(parameters[key], u) for u in np.arange(1, 10) / 10]
        assert sorted(np.searchsorted(edges, [draw[key] for draw in drawn])) == list(range(10)), key


def test_what_nothing_reads_moves_no_draw():
    parameters = load_pack("dprk").parameters
    few = latin(parameters, 4, ["devices.life_years", "routes.rail_share"])
    assert all(set(draw) == {"devices.life_years", "routes.rail_share"} for draw in few)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    made = plans("history", "no-gates", engine="individuals")
    store = Store(tmp_path_factory.mktemp("results"))
    return find(made, [run(each, store) for each in made], draws=2, workers=1, tell=lambda *_: None)


def test_the_answer_says_what_was_found(told):
    facts = numbers(told)
    text = say(told, facts)
    assert json.loads(json.dumps(facts)) == facts
    assert "Northshire" in text
    assert "Capital City" in text
    assert "lies after the end of this run" in text  # the fit is of 2024, this run ends before
    for name in ("nan", "None", "inf"):
        assert name not in text
    assert facts["evidence"]["assumed"] > 0
    assert {kind: len(ids) for kind, ids in facts["rests_on"].items()} == facts["evidence"]
    assert any(key.startswith("bribery.") for key in told.read)


def test_an_act_that_nobody_does_has_no_difference(told):
    """A thousand of nothing is no number: it is left out, and the answer stays plain JSON."""

    def idle(eras):
        acts = (np.arange(len(ACTS)) != ACTS.index("crossing"))[:, None]
        return {name: replace(era, states=era.states * acts) for name, era in eras.items()}

    nobody = replace(
        told, eras=[idle(each) for each in told.eras], at_values=idle(told.at_values), seeds=[*map(idle, told.seeds)]
    )
    change = numbers(nobody)["difference_per_1000_begun"]
    assert change["crossing"] == {state: {} for state in STATES}
    assert change["trade"]["paid"]["draws"]
    assert json.dumps(numbers(nobody), allow_nan=False)


def test_the_second_half_says_the_numbers_of_officers(told):
    facts = numbers(told)
    officers, text = facts["officers"], " ".join(say(told, facts).split())
    assert set(officers) == set(OF_OFFICERS)
    price = officers["price"]["with"]["draws"]
    assert f"A bribe cost {price['mid']:.1f} kg [{price['low']:.1f} to {price['high']:.1f}] of rice" in text
    held = officers["held_up"]["with"]["draws"]
    assert f"{held['mid']:.0f} [{held['low']:.0f} to {held['high']:.0f}] had to pay for every 1,000" in text
    change = officers["bribes"]["change"]
    ends = (min(change["seeds"]), max(change["seeds"]))
    for value in (change["draws"]["mid"], *ends):
        sign = "" if round(abs(value), 1) == 0 else "+" if value > 0 else "-"
        assert f"{sign}{abs(value):.1f}" in text.split("bribes per 1,000 journeys")[0].rsplit("Against", 1)[1]
    for paragraph in ("What did they do to bribes?", "And to people who had done nothing?"):
        assert paragraph in text


def test_what_is_paid_ends_up_somewhere_in_every_draw_and_seed(told):
    for era in (*told.eras, told.at_values, *told.seeds):
        for each in era.values():
            shares = [OF_OFFICERS[f"received_{who}"](each) for who in RECEIVERS]
            assert sum(shares) == pytest.approx(1.0)
            assert 0 <= OF_OFFICERS["let_off_caught"](each) <= 1000
            assert OF_OFFICERS["price"](each) > 0


def test_a_gates_record_makes_officers_let_fewer_off_for_more(told):
    """Whoever a device has on record is a risk to the officer."""
    for era in (*told.eras, told.at_values):
        here, there = era["history"], era["no-gates"]
        assert OF_OFFICERS["let_off_on_record"](here) < OF_OFFICERS["let_off_caught"](here)
        assert OF_OFFICERS["price_on_record"](here) > OF_OFFICERS["price_caught"](here)
        assert paid_at(there, ["live"], "none") is None
        assert paid_at(here, ["live"], "none", CAUGHT) < paid_at(here, ["manual"], "none", CAUGHT)


def test_nothing_is_told_of_officers_before_anything_happened():
    told = {name: of(nothing()) for name, of in OF_OFFICERS.items()}
    assert set(told.values()) == {None}


def test_what_a_scenario_sets_no_draw_moves(tmp_path):
    made = plans("plenty-of-spares")
    found = find(made, [run(made[0], Store(tmp_path))], draws=0, workers=1, tell=lambda *_: None)
    waiting = [by.get("waiting_for_spare", 0.0) for fate in found.fates for by in fate.weeks_by.values()]
    assert max(waiting) == 0
    assert found.without is None
    assert "In the whole country" not in say(found, numbers(found))


def test_no_gates_is_said_so():
    only = plans("no-gates")
    assert find([replace(only[0])], [], draws=0, workers=1, tell=lambda *_: None) is None
