"""What is handed up, who is held up for it, and that no money is lost on the way."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from given import country, parameters
from greyspace.errors import InputError
from greyspace.institutions import (
    ACCOUNTS,
    Bribes,
    demanded,
    held_up,
    payers_of,
    post_of,
    pretexts,
    settle,
    shortfall,
    strike,
    takings,
)
from greyspace.institutions.bribe import brought_to_rest, laid_out
from greyspace.institutions.posts import Known, outcome
from greyspace.institutions.stake import Met
from greyspace.institutions.watchers import fields_of, watch_of

MIX = np.array([0.05, 0.20, 0.50, 0.25])
amounts = st.floats(0.0, 500.0)
shares = st.floats(0.0, 1.0)


@given(amounts, amounts, st.floats(0.5, 100.0))
def test_an_officer_is_short_by_what_he_expects_to_lack(demand, mean, deviation):
    short = shortfall(demand, mean, deviation)
    of = stats.norm(mean, deviation)
    low = min(mean - 9 * deviation, demand)
    edges = [low, *sorted(x for x in (mean - 3 * deviation, mean, mean + 3 * deviation) if low < x < demand), demand]
    wanted = sum(integrate.quad(of.cdf, a, b)[0] for a, b in pairwise(edges))
    assert short == pytest.approx(wanted, rel=1e-5, abs=1e-6 * deviation)


@given(amounts, amounts, amounts, st.floats(0.0, 100.0), st.floats(0.1, 20.0))
def test_hold_ups_rise_with_demands_and_fall_with_takings(demand, more, mean, deviation, toll):
    met = np.array(1e9)
    now = held_up(demand, mean, deviation, toll, met)
    assert now >= 0.0
    assert held_up(demand + more, mean, deviation, toll, met) >= now - 1e-9
    assert held_up(demand, mean + more, deviation, toll, met) <= now + 1e-9
    assert held_up(demand, mean, deviation, toll, np.array(3.0)) <= 3.0


@given(amounts, amounts, amounts)
def test_those_stopped_by_mistake_are_held_up_first_and_nobody_beyond_what_is_needed(held, stopped, looked):
    first, then = pretexts(held, stopped, looked)
    assert 0.0 <= first <= 1.0
    assert 0.0 <= then <= 1.0
    assert first * stopped + then * looked == pytest.approx(min(held, stopped + looked))
    if first < 1.0 and stopped > 0.0:
        assert then * looked < 1e-9  # what rounding leaves


def test_certain_takings_leave_the_plain_difference():
    assert shortfall(100.0, 60.0, 0.0) == 40.0
    assert shortfall(100.0, 160.0, 0.0) == 0.0
    assert shortfall(100.0, 60.0, 1e-9) == pytest.approx(40.0)


def test_takings_are_those_of_so_many_bribes():
    p = parameters(country("dprk"))
    post, payers = post_of(p, date(2020, 1, 6)), payers_of(p, "journey", MIX)
    deal = strike(post, payers)
    mean, deviation = takings(post, deal)
    keeps = (1 - post.found_out) * (1 - post.handed_up)
    assert mean == pytest.approx(post.encounters * keeps * float(deal.takings))
    assert deviation >= mean / np.sqrt(post.encounters * deal.chance)  # no less than if each bribe were the same
    less, _ = takings(post, deal, cut=0.5)
    assert less == pytest.approx(mean - 0.5 * post.encounters * deal.chance)


def test_many_posts_at_once_take_what_each_would():
    p, day = parameters(country("dprk")), date(2020, 1, 6)
    post, payers = post_of(p, day), payers_of(p, "journey", MIX)
    covered = np.array([0.0, 0.6])
    watch = watch_of(p, day, covered=covered, on_record=0.5 * covered)
    posts, watching, start = laid_out(post, fields_of(watch, 0.0), 0.0, covered.shape)
    met = Met(*(np.repeat(x.reshape(1, -1), 2, axis=0) for x in payers.apart), np.repeat(MIX[None], 2, axis=0))
    deal = brought_to_rest(posts, met, payers.gives, watching, False, covered > 0.0, start)
    nobody = Known(np.zeros(1, np.int64), np.zeros(1), np.zeros(1))
    found = outcome(posts, watching, deal, nobody)
    mean, deviation = takings(post, deal, found.cut)
    assert found.taken == pytest.approx(mean)
    assert found.spread == pytest.approx(deviation)
    assert found.cut.max() > 0.0


@given(st.lists(st.tuples(amounts, st.floats(0.0, 1e7)), min_size=1, max_size=6), shares, shares, amounts, amounts)
def test_money_is_conserved_to_the_last_gram(cells, q, u, cut, fine):
    count, paid = (np.array(x) for x in zip(*cells, strict=True))
    ledger = (
        settle(Bribes(count, paid, q, u, cut, fine, payer_fine=fine, fee=cut))
        + settle(Bribes(count, paid, q, u), takers="guards")
        + demanded(count, demand=fine, short=cut, tolls=cut / 2)
    )
    assert (ledger.balances().sum(axis=1) == 0).all()
    given_away = sum(ledger.paid(account) for account in ACCOUNTS)
    assert (given_away == sum(ledger.received(account) for account in ACCOUNTS)).all()
    assert (ledger.balance("payers") == -ledger.paid("payers")).all()


def test_what_payers_pay_in_bribes_is_what_officers_receive():
    ledger = settle(Bribes(np.array([3.0]), np.array([12.3456]), 0.1, 0.2, cut=0.4))
    assert ledger.paid("payers") == ledger.received("officers") == 12346
    assert ledger.balance("state") == 1235
    assert ledger.balance("superiors") == 2222
    assert ledger.balance("watchers") == 1200


def test_who_is_short_hands_up_less_and_nobody_hands_up_less_than_nothing():
    ledger = demanded(np.array([2.0, 2.0]), demand=10.0, short=np.array([4.0, 40.0]), tolls=np.array([1.0, 0.0]))
    assert ledger.received("superiors").tolist() == [14_000, 0]


def test_a_payment_of_less_than_nothing_is_refused():
    bribes = Bribes(np.array([1.0]), np.array([-4.0]), 0.0, 0.0)
    with pytest.raises(InputError, match="less than nothing"):
        settle(bribes)
    assert settle(replace(bribes, paid=np.array([4.0]))).paid("payers") == 4000
