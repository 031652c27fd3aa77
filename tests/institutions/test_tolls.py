"""Posts in a row: each for himself, or in one hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greyspace.institutions import Row, asked, journey, willing
from greyspace.institutions.lognormal import Lognormal
from greyspace.institutions.tolls import hands, total, total_linear

VALUE, MEANS, NO_LIMIT = Lognormal(12.0, 0.9), Lognormal(60.0, 1.0), Lognormal(np.inf, 1.0)


@pytest.mark.parametrize("posts", [1, 2, 5, 20])
def test_with_linear_demand_independent_posts_take_n_over_n_plus_one_and_one_hand_takes_half(posts):
    assert total_linear(posts, 0.0, 1.0) == pytest.approx(posts / (posts + 1))
    assert total_linear(posts, 1.0, 1.0) == pytest.approx(0.5)


def test_the_linear_total_is_where_no_post_gains_by_another_toll():
    """Each post's best toll given the others, found by trying."""
    posts, whole = 5, float(total_linear(5, 0.0, 1.0))
    mine, others = whole / posts, whole * (posts - 1) / posts
    tolls = np.linspace(0.0, 1.0 - others, 10_001)
    assert tolls[np.argmax(tolls * (1.0 - others - tolls))] == pytest.approx(mine, abs=1e-4)


@pytest.mark.parametrize("means", [MEANS, NO_LIMIT])
@pytest.mark.parametrize("cost", [0.0, 0.7])
def test_no_post_of_a_row_gains_by_another_toll_and_one_hand_earns_most(means, cost):
    posts = 3

    def goes(amount):
        return VALUE.over(amount) * means.over(amount)

    alone = float(total(posts, 0.0, cost, VALUE, means))
    tolls = np.linspace(1e-3, 4.0 * alone, 200_001)
    earned = (tolls - cost) * goes(tolls + alone * (posts - 1) / posts)
    assert tolls[np.argmax(earned)] == pytest.approx(alone / posts, rel=1e-3)
    one = float(total(posts, 1.0, cost, VALUE, means))
    together = (tolls - posts * cost) * goes(tolls)
    assert tolls[np.argmax(together)] == pytest.approx(one, rel=1e-3)


@settings(max_examples=25)
@given(st.integers(1, 60), st.floats(0.0, 1.0), st.floats(0.0, 5.0), st.floats(0.2, 1.5), st.floats(0.5, 500.0))
def test_the_total_meets_its_condition_covers_the_cost_and_falls_with_conduct(posts, conduct, cost, spread, median):
    value = Lognormal(median, spread)
    found = total(posts, conduct, cost, value, MEANS)
    assert found > posts * cost
    pull = (1.0 - posts * cost / found) * (value.rate(found) + MEANS.rate(found))
    assert pull == pytest.approx(float(hands(posts, conduct)), rel=1e-5)
    assert total(posts, 1.0, cost, value, MEANS) <= found * (1 + 1e-9)


def test_a_limit_of_means_keeps_tolls_down():
    assert (total(np.arange(1, 9), 0.3, 0.1, VALUE, MEANS) < total(np.arange(1, 9), 0.3, 0.1, VALUE, NO_LIMIT)).all()


def test_no_posts_no_tolls_and_posts_that_each_take_what_they_can_empty_the_road():
    free = journey(Row(8, 0.0, 0.0, 0.2, VALUE, MEANS))
    assert (free.travels, free.paid, free.asked) == (1.0, 0.0, 0.0)
    roads = [journey(Row(8, 0.6, conduct, 0.2, VALUE, MEANS)) for conduct in (0.0, 0.5, 1.0)]
    travels = [float(road.travels) for road in roads]
    assert travels == sorted(travels)
    assert travels[0] < 0.1 < 0.3 < travels[2]
    assert [float(road.paid) for road in roads] == sorted(float(road.paid) for road in roads)


def test_which_posts_are_open_is_mixed_after_the_tolls_are_set():
    row = Row(2, 0.5, 0.0, 0.2, VALUE, MEANS)
    by_number = [float(VALUE.over(t) * MEANS.over(t)) for t in total(np.arange(3), 0.0, 0.2, VALUE, MEANS)]
    assert journey(row).travels == pytest.approx(0.25 * by_number[0] + 0.5 * by_number[1] + 0.25 * by_number[2])


@settings(max_examples=50)
@given(st.floats(1.0, 40.0), st.floats(0.0, 1.0), st.floats(0.05, 20.0), st.floats(0.0, 60.0))
def test_nobody_in_a_row_asks_more_than_the_row_would_or_than_he_can_have(posts, conduct, least, more):
    share = float(asked(0.6, least, least + more, posts, conduct, VALUE, MEANS))
    assert 0.0 <= share <= 0.6
    price = least + share / 0.6 * more
    toll = float(total(posts, conduct, least, VALUE, MEANS)) / posts
    assert price == pytest.approx(min(least + more, toll), rel=1e-9)


def test_one_hand_keeps_down_what_officers_ask_and_the_more_so_the_longer_the_row():
    by_conduct = asked(0.5, 1.0, 4.0, 12.0, np.linspace(0.0, 1.0, 6), VALUE, MEANS)
    assert (np.diff(by_conduct) <= 0).all()
    assert by_conduct[0] == 0.5 > by_conduct[-1]
    by_length = asked(0.5, 1.0, 4.0, np.array([1.0, 4.0, 8.0, 16.0, 32.0]), 1.0, VALUE, MEANS)
    assert (np.diff(by_length) <= 0).all()
    assert by_length[0] == 0.5


def test_where_no_bribe_is_struck_what_is_asked_is_left_alone():
    assert asked(0.5, np.array([np.inf, 1.0, 2.0]), np.array([np.nan, np.nan, 2.0]), 6.0, 0.8, VALUE, MEANS) == (
        pytest.approx(0.5)
    )


def test_a_total_is_the_same_alone_as_among_others():
    posts, cost = np.array([1.0, 2.5, 7.0, 60.0]), np.array([0.0, 30.0, 0.2, 5.0])
    among = total(posts, 0.3, cost, VALUE, MEANS)
    assert among.tolist() == [float(total(n, 0.3, c, VALUE, MEANS)) for n, c in zip(posts, cost, strict=True)]


def test_a_toll_is_paid_by_those_who_want_to_and_can():
    assert willing(0.0, VALUE, MEANS) == 1.0
    assert willing(12.0, VALUE, NO_LIMIT) == pytest.approx(0.5)
    assert willing(12.0, VALUE, MEANS) < 0.5
