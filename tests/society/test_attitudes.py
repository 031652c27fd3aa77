"""Attitudes: who feels watched, who holds that cameras cut theft, and who is right."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from given import allowed, country, parameters
from greyspace.evidence import resolve
from greyspace.society import attitudes, caution

NUMBERS = st.integers(0, 2**32 - 1)
NOW = caution.parts()


def among(**told):
    calm = dict.fromkeys(attitudes.Impressions._fields, 0.0)
    return attitudes.Impressions(**{name: np.array([value]) for name, value in (calm | told).items()})


@pytest.fixture
def p():
    return parameters(country("dprk"))


@given(NUMBERS, *(st.floats(0, 1) for _ in range(4)), st.floats(0, 50))
def test_they_are_chances_whatever_people_live_among(number, visible, network, telephones, register, thefts):
    p = resolve(country("dprk").parameters, allowed(country("dprk"), number))
    live = among(visible=visible, network=20 * network, telephones=telephones, register=register, thefts=thefts)
    for chance in (attitudes.feels_watched(p, live), attitudes.thinks_cameras_cut_theft(p, live)):
        assert chance.shape == (1, caution.STATUSES)
        assert ((chance >= 0) & (chance <= 1)).all()
    cut = attitudes.thefts_cut(p, np.array([visible]))
    assert ((cut >= 0) & (cut <= visible)).all()


def test_who_is_warier_feels_more_watched(p):
    watched = attitudes.feels_watched(p, among())[0]
    by_level = [watched[NOW.caution == level] for level in range(caution.LEVELS)]
    assert (by_level[0] == 0).all()
    assert all(more.min() > less.max() for less, more in pairwise(by_level))


@pytest.mark.parametrize("by", ["visible", "network", "telephones"])
def test_what_is_around_makes_everybody_feel_more_watched(p, by):
    assert (attitudes.feels_watched(p, among(**{by: 0.5})) > attitudes.feels_watched(p, among())).all()


def test_a_dead_camera_that_is_seen_makes_people_feel_watched_and_knowing_what_it_can_do_more(p):
    """Whether it works is not asked; who does not know what it can do is watched by what stands there alone."""
    watched = attitudes.feels_watched(p, among(visible=1.0))[0]
    calm = NOW.caution == 0
    assert watched[calm & (NOW.knows == 0)] == pytest.approx(p.number("attitudes.watched_by_sight"))
    assert watched[calm & (NOW.knows == 1)].min() > p.number("attitudes.watched_by_sight")


def test_the_register_watches_those_who_are_in_it(p):
    more = attitudes.feels_watched(p, among(register=1.0)) - attitudes.feels_watched(p, among())
    assert (more[0, NOW.enrolled == 1] > 0).all()
    assert (more[0, NOW.enrolled == 0] == 0).all()


def test_who_sees_cameras_or_knows_them_gives_them_more_credit_and_who_was_stolen_from_less(p):
    nothing, seen, stolen = (
        attitudes.thinks_cameras_cut_theft(p, among(**told))[0] for told in ({}, {"visible": 1.0}, {"thefts": 2.0})
    )
    assert (nothing[NOW.knows == 1] == seen[NOW.knows == 1]).all()
    assert (nothing[NOW.knows == 0] < seen[NOW.knows == 0]).all()
    assert (stolen < nothing).all()


def test_cameras_keep_from_theft_only_those_who_know_that_they_look(p):
    cut = attitudes.thefts_cut(p, np.array([0.4]))[0]
    assert (cut[NOW.knows == 0] == 0).all()
    assert cut[NOW.knows == 1] == pytest.approx(0.4 * p.number("attitudes.theft_fall_where_watched"))


def test_who_is_right_hangs_on_what_cameras_do_not_on_how_many_think_so(p):
    line = p.number("attitudes.counts_as_a_cut")
    right = attitudes.are_right(p, np.array([0.3, 0.3]), np.array([line, line / 2]))
    assert right == pytest.approx([0.3, 0.7])
