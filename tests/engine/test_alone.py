"""Persons who live one by one, each from Monday to Sunday, live as they do in passes."""

import numpy as np
from hypothesis import settings

from engine.test_individuals import MONDAY, any_world, copy, same, varied
from greyspace.contract import new_tallies
from greyspace.engine import Individuals
from greyspace.engine.alone import live_alone
from greyspace.engine.week import keys


@settings(max_examples=12, deadline=None)
@varied
def test_whoever_lives_alone_and_in_whatever_order_lives_as_in_passes(seed, rate, size):
    """Each draw, each count, each person and each unit's news; persons take turns as chance will."""
    lay, chances, people, rng = any_world(seed, rate, size)
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
