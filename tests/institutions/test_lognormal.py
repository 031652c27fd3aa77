"""Chances and tails of lognormal amounts, against an independent library."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from greyspace.institutions.lognormal import Lognormal, Smaller, hazard, mills, tail, together

spreads = st.floats(0.05, 2.0)
medians = st.floats(0.1, 5000.0)
AT, WEIGHT = np.polynomial.legendre.leggauss(40)


def by_quadrature(one, other, threshold):
    """Mean and square of what the smaller amount exceeds a threshold above 0 by: 12,000 nodes in log s."""
    ends = [np.log(x.median) + 2.0 * x.spread**2 + 9.5 * x.spread for x in (one, other)]
    edges = np.linspace(np.log(threshold), min(ends), 301)
    y = (edges[:-1, None] + np.diff(edges)[:, None] * 0.5 * (1.0 + AT)).ravel()
    part = (np.diff(edges)[:, None] * 0.5 * WEIGHT).ravel() * np.exp(y)
    for x in (one, other):
        part = part * stats.norm.sf((y - np.log(x.median)) / x.spread)
    return part.sum(), 2.0 * ((np.exp(y) - threshold) * part).sum()


def test_the_normal_tail_is_right_far_out_too():
    z = np.linspace(-9.0, 37.0, 5001)
    assert np.allclose(tail(z), stats.norm.sf(z), rtol=1e-9, atol=0.0)
    assert np.allclose(mills(60.0), 1.0 / (60.0 + 1.0 / 60.0), rtol=1e-6)
    assert np.allclose(hazard(z), np.exp(stats.norm.logpdf(z) - stats.norm.logsf(z)), rtol=1e-9, atol=0.0)


@pytest.mark.parametrize("threshold", [-2.0, 0.0, 0.5, 4.0, 25.0])
def test_without_a_limit_of_means_moments_have_their_closed_form(threshold):
    found = Smaller(Lognormal(3.0, 0.8), Lognormal(np.inf, 1.0)).excess(threshold)
    of = stats.lognorm(s=0.8, scale=3.0)
    for power, value in ((0, found.chance), (1, found.mean), (2, found.square)):
        wanted = of.expect(lambda x, n=power: (x - threshold) ** n, lb=max(threshold, 0.0))
        assert value == pytest.approx(wanted, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(medians, spreads, st.one_of(medians, st.just(np.inf)), spreads, st.floats(0.0, 1.0))
def test_what_can_be_paid_and_what_is_worth_paying_are_both_limits(median, spread, means, means_spread, place):
    """From where everybody exceeds the threshold to where next to nobody does."""
    one, other = Lognormal(median, spread), Lognormal(means, means_spread)
    low = min(np.log(x.median) - 7.0 * x.spread for x in (one, other))
    high = min(np.log(x.median) + 2.0 * x.spread**2 + 6.0 * x.spread for x in (one, other))
    threshold = np.exp(low + place * (high - low))
    found = Smaller(one, other).excess(threshold)
    mean, square = by_quadrature(one, other, threshold)
    assert found.mean == pytest.approx(mean, rel=1e-7)
    assert found.square == pytest.approx(square, rel=1e-7)
    assert found.chance == pytest.approx(float(one.over(threshold) * other.over(threshold)), rel=1e-12)


def test_beyond_all_that_is_tabled_nobody_exceeds_and_below_it_everybody_does():
    gives = Smaller(Lognormal(5.0, 0.8), Lognormal(60.0, 1.0))
    beyond = gives.excess(1e9)
    assert beyond.chance < 1e-100
    assert beyond.mean == beyond.square == 0.0
    nothing, less = gives.excess(0.0), gives.excess(-3.0)
    assert nothing.chance == less.chance == 1.0
    assert less.mean == pytest.approx(nothing.mean + 3.0, rel=1e-12)
    assert less.square == pytest.approx(nothing.square + 6.0 * nothing.mean + 9.0, rel=1e-12)


def test_a_limit_far_away_is_none():
    near = Smaller(Lognormal(5.0, 0.8), Lognormal(1e9, 0.5)).excess(2.0)
    none = Smaller(Lognormal(5.0, 0.8), Lognormal(np.inf, 0.5)).excess(2.0)
    assert np.allclose(near, none, rtol=1e-7)


def test_an_amount_is_tabled_alike_whatever_stands_beside_it():
    alone = Smaller(Lognormal(5.0, 0.8), Lognormal(60.0, 1.0), ranks=4)
    beside = Smaller(Lognormal(900.0, 0.1), Lognormal(3.0, 1.4), ranks=4)
    t = np.exp(np.linspace(-6.0, 7.0, 301))[:, None]
    both = together([alone, beside]).by_rank(np.broadcast_to(t, (301, 2)))
    for x, a, b in zip(both, alone.by_rank(t), beside.by_rank(t), strict=True):
        assert (x == np.concatenate([a, b], axis=1)).all()


@settings(max_examples=30, deadline=None)
@given(medians, spreads, medians, spreads, st.integers(1, 6))
def test_ranks_average_to_all_and_stand_in_order(median, spread, means, means_spread, ranks):
    gives = Smaller(Lognormal(median, spread), Lognormal(means, means_spread), ranks)
    usual = min(median, means)
    t = usual * np.exp(np.linspace(-5.0, 4.0, 181))[:, None]
    every, each = gives.excess(t), gives.by_rank(t)
    for whole, part, power in zip(every, each, (0, 1, 2), strict=True):
        assert part.mean(axis=1) == pytest.approx(whole[:, 0], rel=1e-8, abs=1e-8 * usual**power)
        assert (part >= 0.0).all()
        assert (np.diff(part, axis=1) <= 1e-8 * usual**power * (1.0 + part[:, :-1])).all()
    if ranks == 1:
        assert all((a == b).all() for a, b in zip(every, each, strict=True))


def test_a_rank_is_those_who_would_give_so_much():
    """Against a crowd of travellers sorted by what they would give."""
    u = (np.arange(2_000) + 0.5) / 2_000
    penalty, means = 5.0 * np.exp(0.8 * stats.norm.ppf(u)), 8.0 * np.exp(stats.norm.ppf(u))
    crowd = np.sort(np.minimum(penalty[:, None], means).ravel())[::-1].reshape(4, -1)
    gives = Smaller(Lognormal(5.0, 0.8), Lognormal(8.0, 1.0), ranks=4)
    for threshold in (0.0, 1.0, 3.0, 6.0, 20.0):
        more = np.maximum(crowd - threshold, 0.0)
        found = gives.by_rank(threshold)
        assert found.chance == pytest.approx((more > 0).mean(axis=1), abs=2e-3)
        assert found.mean == pytest.approx(more.mean(axis=1), rel=5e-3, abs=2e-3)
        assert found.square == pytest.approx((more**2).mean(axis=1), rel=2e-2, abs=2e-2)
