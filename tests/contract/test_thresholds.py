"""Probabilities become integers once, and only probabilities do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greyspace.contract import chances, cumulative, day_sets, partial_sums, threshold
from greyspace.contract.odds import ONE, draw_count
from greyspace.contract.thresholds import OddsError

CHANCE = st.floats(0, 1)


@given(st.lists(CHANCE, min_size=1))
def test_a_threshold_is_the_nearest_of_two_to_the_31_steps(p):
    found = threshold(p, "example")
    assert found.dtype == np.uint32
    assert (np.abs(found / float(ONE) - np.array(p)) <= 0.5 / float(ONE)).all()


def test_what_is_certain_and_what_never_happens_are_exact():
    assert threshold([0.0, 1.0], "example").tolist() == [0, int(ONE)]


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_probability_is_refused_by_place(p):
    with pytest.raises(OddsError, match=r"gate\[0, 1\]"):
        threshold([[0.5, p]], "gate")
    with pytest.raises(OddsError, match="gate"):
        cumulative([[0.5, p], [0.5, 0.5]], "gate")


def test_choices_that_do_not_add_up_are_refused_by_row():
    with pytest.raises(OddsError, match=r"way\[1\] adds up to 0\.9"):
        cumulative([[0.5, 0.5], [0.5, 0.4]], "way")


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=12))
def test_choices_survive_the_rounding(weights):
    p = np.array(weights) / sum(weights)
    found = cumulative(p, "example")
    assert found[-1] == ONE
    assert (np.diff(found.astype(np.int64)) >= 0).all()
    assert np.allclose(chances(found), p, atol=2 / float(ONE))


def test_a_rest_in_which_nothing_happens_may_be_left():
    assert partial_sums([0.25, 0.25], "example").tolist() == [1 << 29, 1 << 30]
    with pytest.raises(OddsError, match="negative"):
        partial_sums([0.5, -0.25], "example")
    for more_than_all in ([0.7, 0.7], [0.1, float("nan"), 0.1], [float("nan"), -0.2]):
        with pytest.raises(OddsError):
            partial_sums(more_than_all, "example")


@given(CHANCE)
def test_days_of_a_week_are_candidates_independently(rate):
    p = chances(day_sets(np.array([rate])))[0]
    days = np.array([[s >> d & 1 for d in range(7)] for s in range(128)])
    assert np.allclose(p @ days, rate, atol=1e-7)
    assert np.allclose(p @ (days[:, 0] * days[:, 6]), rate**2, atol=1e-7)


def test_contacts_of_one_name_count_on_and_of_two_names_apart():
    assert draw_count("gate_home", 1) == draw_count("gate_home", 0) + 1
    names = ("gate_home", "gate_away", "train_check", "road_post")
    assert len({draw_count(name, times) for name in names for times in range(256)}) == 4 * 256
    with pytest.raises(ValueError, match="at most 255"):
        draw_count("road_post", 256)
