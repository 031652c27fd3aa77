"""Chances and tails of lognormal amounts, against an independent library."""

import numpy as np
import pytest
from scipy import integrate, stats

from greyspace.institutions.lognormal import Lognormal, excess, excess_of_smaller, mills, tail


def test_the_normal_tail_is_right_far_out_too():
    z = np.linspace(-9.0, 37.0, 5001)
    assert np.allclose(tail(z), stats.norm.sf(z), rtol=1e-9, atol=0.0)
    assert np.allclose(mills(60.0), 1.0 / (60.0 + 1.0 / 60.0), rtol=1e-6)


@pytest.mark.parametrize("threshold", [-2.0, 0.0, 0.5, 4.0, 25.0])
def test_without_a_limit_of_means_moments_have_their_closed_form(threshold):
    found = excess(Lognormal(3.0, 0.8), threshold)
    of = stats.lognorm(s=0.8, scale=3.0)
    for power, value in ((0, found.chance), (1, found.mean), (2, found.square)):
        wanted = of.expect(lambda x, n=power: (x - threshold) ** n, lb=max(threshold, 0.0))
        assert value == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("threshold", [0.0, 0.5, 3.0, 12.0])
@pytest.mark.parametrize("spreads", [(0.4, 0.5), (0.8, 1.0), (1.3, 0.6)])
@pytest.mark.parametrize("means", [2.0, 8.0, 60.0])
def test_what_can_be_paid_and_what_is_worth_paying_are_both_limits(threshold, spreads, means):
    worth, limit = Lognormal(5.0, spreads[0]), Lognormal(means, spreads[1])
    found = excess_of_smaller(worth, limit, threshold)

    def beyond(y):
        return (
            np.exp(y) * stats.norm.sf((y - np.log(5.0)) / spreads[0]) * stats.norm.sf((y - np.log(means)) / spreads[1])
        )

    start = np.log(max(threshold, 1e-9))
    mean = integrate.quad(beyond, start, 14.0, points=[np.log(5.0)], limit=400)[0]
    square = integrate.quad(lambda y: 2.0 * (np.exp(y) - threshold) * beyond(y), start, 14.0, limit=400)[0]
    assert found.mean == pytest.approx(mean, rel=1e-4)
    assert found.square == pytest.approx(square, rel=1e-4)
    assert found.mean <= excess(worth, threshold).mean


def test_a_limit_far_away_is_none():
    near = excess_of_smaller(Lognormal(5.0, 0.8), Lognormal(1e9, 0.5), 2.0)
    none = excess_of_smaller(Lognormal(5.0, 0.8), Lognormal(np.inf, 0.5), 2.0)
    assert np.allclose(near, none, rtol=1e-6)
