"""What travellers without a permit show: a false paper where they can get one and it seems worth it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, parameters
from greyspace.country import STANDINGS
from greyspace.evidence import resolve
from greyspace.society.papers import PAPERS, carried, wanted

NUMBERS = st.integers(0, 2**32 - 1)
FORGED = PAPERS.index("forged")


def feared(number):
    return np.random.default_rng(number).lognormal(1.0, 3.0, (5, len(STANDINGS), 2, len(PAPERS)))


@settings(max_examples=30)
@given(NUMBERS)
def test_everybody_shows_one_thing_and_nobody_what_he_cannot_get(number):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    found = wanted(p, feared(number))
    assert np.allclose(found.sum(axis=-1), 1.0)
    assert (found >= 0).all()
    for x, standing in enumerate(STANDINGS):
        for k, way in enumerate(("borrow", "forge"), start=1):
            assert (found[:, x, :, k] <= p.number(f"papers.can_{way}_{standing}") + 1e-12).all()


def test_of_those_who_can_half_take_a_paper_that_costs_no_more_than_going_without():
    p = parameters(country("dprk"), papers__can_borrow_ordinary=0)
    same = wanted(p, np.ones((1, len(STANDINGS), 2, len(PAPERS))))
    ordinary = STANDINGS.index("ordinary")
    assert same[0, ordinary, 0, FORGED] == pytest.approx(p.number("papers.can_forge_ordinary") / 2)


@given(NUMBERS, st.floats(1.01, 100))
def test_a_paper_that_is_feared_more_is_shown_less_and_the_others_more(number, more):
    p = parameters(country("dprk"))
    before = feared(number)
    after = before.copy()
    after[..., FORGED] *= more
    few, many = wanted(p, after), wanted(p, before)
    assert (few[..., FORGED] <= many[..., FORGED]).all()
    assert (few[..., :FORGED] >= many[..., :FORGED]).all()


def test_who_does_not_heed_risk_shows_what_he_can_get():
    p = parameters(country("dprk"), routes__risk_weight=0)
    assert np.ptp(wanted(p, feared(1)), axis=0).max() < 1e-12


@given(NUMBERS)
def test_whoever_goes_finds_it_worth_the_cost(number):
    rng = np.random.default_rng(number)
    want, worth = rng.dirichlet(np.ones(3), 50), rng.uniform(0, 1, (50, 3))
    goes = carried(want, worth)
    # Whoever wants a paper goes with it, goes without because only the paper is too dear, or stays at home.
    assert np.allclose(goes.sum(axis=-1), (want * np.maximum(worth, worth[:, :1])).sum(axis=-1))
    assert (goes[:, 1:] <= want[:, 1:]).all()
