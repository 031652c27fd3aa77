"""How a run begins: settled, as nothing else would have it, and the same from wherever it is looked for."""

from functools import cache

import numpy as np
import pytest

from given import country, world
from greyspace.simulate import beginning
from greyspace.simulate.beginning import SETTLED, expectation, spin_up
from greyspace.society import caution

GIVEN = {"caution.chronic": 0.7, "caution.fade_weekly": 0.2, "bribery.demand": 60.0, "bribery.found_out": 0.02}
"""A world that begins quite otherwise."""


@cache
def begun(name="toyland", within=SETTLED, **sets):
    return spin_up(world(country(name), sets), within=within)


def apart(one, other):
    """By how much two beginnings differ: shares of caution; what is heard, met and smuggled, of the most there is."""
    found = {"caution": np.abs(one.spread - other.spread).max()}
    for name, part, field in (
        ("bribes", "heard", "bribes"),
        ("penalties", "heard", "human"),
        ("caught", "practice", "caught"),
        ("found in order", "practice", "looked_over"),
        ("journeys", "travellers", "begun"),
        ("stopped", "travellers", "stopped"),
    ):
        here, there = (getattr(getattr(each.learnt, part), field) for each in (one, other))
        found[name] = np.abs(here - there).max() / max(there.max(), 1e-300)
    found["loads"] = abs(one.usual_loads / other.usual_loads - 1.0)
    return found


def test_it_is_the_same_wherever_it_is_looked_for_from():
    made = world(country("toyland"))
    far = begun(**GIVEN)
    found, from_afar = spin_up(made, within=1e-5), spin_up(made, far, within=1e-5)
    assert max(apart(far, found).values()) > 0.1
    assert apart(from_afar, found) == pytest.approx(dict.fromkeys(apart(found, found), 0.0), abs=2e-4)


@pytest.mark.parametrize("sets", [{}, GIVEN, {"caution.chronic": 0.25, "caution.fade_weekly": 0.025}])
def test_what_counts_as_settled_lies_near_where_it_ends(sets):
    found, end = begun(**sets), begun(within=1e-6, **sets)
    assert found.last_change < SETTLED
    differs = apart(found, end)
    assert differs["caution"] < 3 * SETTLED
    assert max(differs.values()) < 10 * SETTLED


def test_from_where_it_is_nothing_moves():
    """Two years under the odds of the beginning leave caution, acts and news where they are."""
    made = world(country("toyland"))
    found = begun(within=1e-5)
    engine = expectation(made, made.recipe(made.start(found.spread)))
    period = made.periods[0]
    officers = made.enforcement(period, found.learnt.practice)
    engine.renew(beginning._without_learning(made.odds(period, found.learnt, officers)))
    for _ in range(35):
        modes = np.sum([engine.advance().modes for _ in range(3)], axis=0)
        beginning._go_on(made, engine, beginning._spread(made, engine.people()))
    assert beginning._spread(made, engine.people()) == pytest.approx(found.spread, abs=2e-3)
    assert beginning.smuggled(modes, 1.0, 3) == pytest.approx(found.usual_loads, rel=2e-3)


def test_nobody_learns_or_is_enrolled_before_the_run_begins():
    made = world(country("toyland"))
    engine = expectation(made, made.recipe(made.start(begun().spread)))
    first, now = engine.people(), caution.parts()
    period = made.periods[0]
    engine.renew(made.odds(period, begun().learnt, made.enforcement(period, begun().learnt.practice)))
    for _ in range(9):
        engine.advance()
    for trait in (now.knows, now.enrolled):
        assert engine.people()[..., trait == 1].sum() > first[..., trait == 1].sum() * 1.001
    beginning._go_on(made, engine, beginning._spread(made, engine.people()))
    for trait in (now.knows, now.enrolled):
        assert engine.people()[..., trait == 1].sum() == pytest.approx(first[..., trait == 1].sum(), rel=2e-4)


def test_a_neighbour_that_is_near_saves_the_way_there(monkeypatch):
    near = begun(**{"bribery.demand": 10.0})
    counted = []
    renew = beginning.Expected.renew
    monkeypatch.setattr(beginning.Expected, "renew", lambda self, odds: counted.append(1) or renew(self, odds))
    made = world(country("toyland"), {"bribery.demand": 10.5})
    spin_up(made)
    alone = len(counted)
    spin_up(made, near)
    assert len(counted) - alone < alone
