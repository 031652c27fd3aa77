"""What the market comes to: prices that clear, stocks that bridge, smugglers who come where it pays."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, parameters, plausible
from greyspace.country import STANDINGS
from greyspace.evidence import resolve
from greyspace.institutions import Market, cleared, drawn, purses, usual_market, worth_it

NUMBERS = st.integers(0, 2**32 - 1)
USUAL = date(2016, 1, 1)
"""The harvest of this year is the usual one."""


@pytest.fixture(scope="module")
def p():
    return parameters(country("dprk"))


def month(p, before=None, border_open=1.0, smuggled=1.0, months=1.0, day=USUAL):
    return cleared(p, before or usual_market(p), day, border_open, smuggled, months)


def without_response(**sets):
    """Smugglers who bring what they bring, whatever it costs."""
    return parameters(country("dprk"), market__smuggling_response=0.0, **sets)


@given(NUMBERS)
def test_where_all_is_as_usual_it_stays_so(number):
    for name in ("dprk", "toyland"):
        pack = country(name)
        p = resolve(pack.parameters, plausible(pack, number) | {"market.harvest_factor": 1.0})
        now = usual_market(p)
        for _ in range(3):
            now = month(p, now)
        assert now.goods == pytest.approx(1.0, rel=1e-9)
        assert now.food == pytest.approx(1.0)
        assert now.smuggled == pytest.approx(1.0)
        assert now.stock == pytest.approx(usual_market(p).stock)
        assert drawn(p, usual_market(p)) == 1.0


@given(st.floats(0.1, 1.0), st.floats(0.1, 3.0))
def test_a_share_of_the_usual_supply_clears_at_its_price(border_open, eps):
    """Of goods, where nobody smuggles; of food, where nothing is in stock."""
    p = without_response(market__smuggled_share=0, market__elasticity=eps, market__stock_months=0)
    found = month(p, border_open=border_open)
    assert found.goods == pytest.approx(border_open ** (-1 / eps), rel=1e-6)
    imports = p.number("market.legal_imports")
    harvest = p.between("market.harvest", USUAL)
    there = (harvest + imports * border_open) / (harvest + imports)
    assert found.food == pytest.approx(there ** (-1 / eps), rel=1e-9)


@given(NUMBERS, st.floats(0, 1), st.floats(0.01, 1))
def test_a_border_that_is_shut_makes_goods_dearer_and_never_cheaper(number, border_open, more):
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    less, much = border_open * (1 - more), border_open
    for smuggled in (0.0, 0.5, 1.0, 2.0):
        a, b = (month(p, border_open=share, smuggled=smuggled) for share in (less, much))
        assert a.goods >= b.goods * (1 - 1e-9)
        assert a.food >= b.food * (1 - 1e-9)
        if less < much:
            assert a.smuggled >= b.smuggled * (1 - 1e-9)  # what is dear is brought
    open_again = month(p, month(p, border_open=0.0))
    assert open_again.goods == pytest.approx(1.0, abs=0.5)


def test_more_that_is_smuggled_through_makes_goods_cheaper(p):
    prices = [month(p, border_open=0.2, smuggled=share).goods for share in (0.0, 0.3, 0.6, 1.0, 2.0)]
    assert (np.diff(prices) < 0).all()


def test_a_higher_price_draws_smugglers_who_bring_it_down():
    fixed, answering = without_response(), parameters(country("dprk"), market__smuggling_response=2.0)
    a, b = (month(p, border_open=0.3) for p in (fixed, answering))
    assert a.smuggled == pytest.approx(1.0)
    assert b.smuggled > 1.0
    assert 1.0 < b.goods < a.goods


def test_stocks_bridge_a_gap_for_as_long_as_they_last_and_no_longer(p):
    """A quarter of the usual is missing: two months in stock feed people for eight months."""
    p = parameters(country("dprk"), market__stock_months=2.0, market__legal_imports=0.0, market__harvest_factor=0.75)
    now, prices = usual_market(p), []
    for _ in range(12):
        now = month(p, now)
        prices.append(now.food)
    assert prices[:8] == pytest.approx([1.0] * 8)
    hungry = 0.75 ** (-1 / p.number("market.elasticity"))
    assert prices[8:] == pytest.approx([hungry] * 4)
    assert now.stock == 0.0


def test_a_good_year_fills_stocks_before_it_makes_food_cheap(p):
    p = parameters(country("dprk"), market__stock_months=1.0, market__legal_imports=0.0, market__harvest_factor=1.25)
    now, found = Market(1.0, 1.0, 0.0, 1.0), []
    for _ in range(6):
        now = month(p, now)
        found.append((now.food, now.stock))
    assert [food for food, _ in found[:4]] == pytest.approx([1.0] * 4)
    assert [stock for _, stock in found[:4]] == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert found[-1][0] < 1.0
    assert found[-1][1] == 1.0


@settings(max_examples=60)
@given(NUMBERS)
def test_whatever_a_pack_allows_has_prices(number):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    rng = np.random.default_rng(number)
    now = usual_market(p)
    for _ in range(8):
        now = month(p, now, *rng.choice([0.0, 0.3, 1.0], 2), months=rng.choice([0.25, 1.0]))
        assert np.isfinite([now.food, now.goods, now.stock, now.smuggled]).all()
        assert min(now.food, now.goods) > 0
        assert 0 <= now.stock <= p.number("market.stock_months")
        assert np.isfinite(drawn(p, now))
        left = worth_it(p, now, np.array([0.0, 1.0, 1e9]))
        assert ((left >= 0) & (left <= 1)).all()


# Smugglers.


def test_smugglers_stay_at_home_where_bribes_take_all_that_a_load_is_worth(p):
    gain = p.number("market.load") * (1 - p.number("market.load_cost_share"))
    left = worth_it(p, usual_market(p), np.array([0.0, 0.25 * gain, 0.5 * gain, gain, 3 * gain]))
    assert left[0] == 1.0
    assert (np.diff(left[:4]) < 0).all()
    assert (left[3:] == 0).all()


def test_dear_goods_are_worth_a_dearer_bribe(p):
    cheap, usual, dear = (Market(1.0, goods, 0.0, 1.0) for goods in (0.8, 1.0, 1.5))
    asked = np.array([40.0])
    shares = [float(worth_it(p, now, asked)[0]) for now in (cheap, usual, dear)]
    assert shares[0] < shares[1] < shares[2]
    assert drawn(p, cheap) < drawn(p, usual) == 1.0 < drawn(p, dear)


def test_nobody_smuggles_what_costs_more_abroad_than_it_brings(p):
    now = Market(1.0, 0.9 * p.number("market.load_cost_share"), 0.0, 1.0)
    assert drawn(p, now) == 0.0
    assert worth_it(p, now, np.array([1.0]))[0] == 0.0


# Households.


def test_dear_food_and_bribes_leave_more_below_the_line(p):
    none = np.zeros(len(STANDINGS))
    usual, hungry = Market(1.0, 1.0, 0.0, 1.0), Market(1.5, 1.0, 0.0, 1.0)
    now, dear, paying = (
        purses(p, usual, USUAL, none),
        purses(p, hungry, USUAL, none),
        purses(p, usual, USUAL, none + 20),
    )
    assert (dear.hardship > now.hardship).all()
    assert (paying.hardship > now.hardship).all()
    assert np.allclose(now.income / dear.income, 1.5)
    assert (np.diff(now.hardship) > 0).all()  # the lower one stands, the likelier


def test_vendors_sell_less_where_goods_are_dear(p):
    none = np.zeros(len(STANDINGS))
    usual, dear = (purses(p, Market(1.0, goods, 0.0, 1.0), USUAL, none).income for goods in (1.0, 2.0))
    assert (dear < usual).all()
