"""Persons who live one by one, each from Monday to Sunday, live as they do in passes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.test_individuals import GONE, MONDAY, copy, same
from greyspace.contract import new_tallies
from greyspace.engine import Individuals
from greyspace.engine.alone import live_alone
from greyspace.engine.week import keys
from worlds import crowd, layout, odds


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.001, 0.1, 0.3]), st.sampled_from([(1, 9), (30, 31), (60, 160)]))
def test_whoever_lives_alone_and_in_whatever_order_lives_as_in_passes(seed, rate, size):
    """Each draw, each count, each person and each unit's news; persons take turns as chance will."""
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    lay.gone[-1] = seed % 2
    chances, people = odds(rng, lay, rate), crowd(rng, units=6, size=size)
    chances.met[:, : seed % 5] = 0
    people.persons[::7] |= GONE
    many = Individuals(copy(people), lay, seed)
    unit_of = np.repeat(np.arange(6), np.diff(people.first))
    people = people._replace(news=people.news.astype(np.uint32))
    for monday in (MONDAY, MONDAY + 7, MONDAY + 14):
        tallies = many.advance(chances, monday)
        own, heard = new_tallies(lay, chances), np.zeros(6, np.uint32)
        for at in rng.permutation(len(unit_of)):
            live_alone(at, unit_of[at], people, heard, chances, lay, keys(seed), monday, own)
        assert same([tallies], [own])
        assert (many.crowd.persons == people.persons).all()
        assert many.crowd.news.tolist() == heard.tolist()
        people.news[:] = heard
