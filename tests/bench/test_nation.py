"""The programs that time the model count right. Nothing is timed here."""

import numpy as np
import pytest

import worlds
from bench_programs import program
from greyspace.contract import ONE, day_sets
from greyspace.engine import Individuals


@pytest.fixture(scope="module")
def nation():
    return program("nation")


@pytest.fixture
def world():
    rng = np.random.default_rng(5)
    layout = worlds.layout(rng)
    return layout, worlds.odds(rng, layout), worlds.crowd(rng, units=120)


def test_a_day_that_comes_up_one_time_in_fifty_is_a_candidate_so_often(nation, world):
    _, odds, _ = world
    rate = np.full(odds.ceiling.shape[:2], 0.02)
    found = nation.candidate_days(odds._replace(ceiling=day_sets(rate)))
    np.testing.assert_allclose(found, 7 * rate, rtol=1e-6)


def test_the_engine_lives_as_many_candidate_days_as_the_ceilings_have(nation, world):
    layout, odds, crowd = world
    before = crowd.persons.copy()
    found = nation.counted(Individuals(crowd, layout, seed=3), layout, odds, monday=17_000 - 17_000 % 7 + 4)
    expected = found["candidate_days_expected"]
    assert abs(found["candidate_days"] - expected) < 5 * np.sqrt(expected / len(crowd.persons))
    assert found["intents"] < found["candidate_days"]
    np.testing.assert_array_equal(crowd.persons, before)


def test_each_rung_of_the_profile_leaves_only_what_it_names(nation, world):
    layout, odds, crowd = world
    tallies = {}
    for name, less in nation.rungs(odds).items():
        engine = Individuals(crowd, layout, seed=3)
        before = nation.kept(engine)
        tallies[name] = engine.advance(less, 17_003)
        moved = (crowd.persons != before["persons"]).any()
        assert moved == (name != "whose week is empty")
        engine.take_up(before)
    assert not tallies["candidate days"].states.any()
    # The dead intend nothing.
    assert tallies["intents"].states.sum() >= tallies["journeys"].states.sum() > 0
    assert not tallies["intents"].outcomes.any()
    assert tallies["journeys"].outcomes.any()


def test_one_block_of_moods_serves_four_of_a_unit(nation, world):
    layout, odds, crowd = world
    assert nation.quads_that_may_change(crowd, layout, odds) == nation.quads(crowd)
    weekly = np.zeros_like(odds.weekly)
    weekly[:, :, :, 0] = ONE // 2
    lone = odds._replace(weekly=weekly)
    blocks = {
        (unit, (i - crowd.first[unit]) // 4)
        for unit in range(len(crowd.region))
        for i in range(crowd.first[unit], crowd.first[unit + 1])
        if (crowd.persons[i] >> 6) & 255 == 0
    }
    assert nation.quads_that_may_change(crowd, layout, lone) == len(blocks)
