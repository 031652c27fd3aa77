"""What the market comes to: prices that clear, stocks that bridge, smugglers who come where it pays."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, parameters, plausible
from greyspace.country import STANDINGS
from greyspace.evidence import resolve
from greyspace.institutions import (
    Market,
    cleared,
    drawn,
    profit,
    purses,
    spending,
    usual_market,
    vendors_of,
    worth_it,
)

NUMBERS = st.integers(0, 2**32 - 1)
USUAL = date(2016, 1, 1)
"""The harvest of this year is the usual one."""


@pytest.fixture(scope="module")
def p():
    return parameters(country("dprk"))


def month(p, before=None, border_open=1.0, smuggled=1.0, months=1.0, day=USUAL):
    return cleared(p, before or usual_market(p), day, border_open, smuggled, months)


NO_OTHER_FOOD = {"market__legal_imports": 0.0, "market__smuggled_grain": 0.0}


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
    p = without_response(
        market__smuggled_share=0, market__elasticity=eps, market__stock_months=0, market__smuggled_grain=0
    )
    found = month(p, border_open=border_open)
    assert found.goods == pytest.approx(border_open ** (-1 / eps), rel=1e-6)
    imports = p.number("market.legal_imports")
    harvest = p.between("market.harvest", USUAL)
    there = (harvest + imports * border_open) / (harvest + imports)
    assert found.food == pytest.approx(there ** (-1 / eps), rel=1e-9)


@given(NUMBERS, st.floats(0, 1), st.floats(0.01, 1))
def test_a_border_that_is_shut_makes_goods_dearer_and_never_cheaper(number, border_open, more):
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number) | {"market.smuggled_grain": 0.0})
    less, much = border_open * (1 - more), border_open
    for smuggled in (0.0, 0.5, 1.0, 2.0):
        a, b = (month(p, border_open=share, smuggled=smuggled) for share in (less, much))
        assert a.goods >= b.goods * (1 - 1e-9)
        assert a.food >= b.food * (1 - 1e-9)
        if less < much:
            assert a.smuggled >= b.smuggled * (1 - 1e-9)  # what is dear is brought
    shut = month(p, border_open=0.0)
    open_again = month(p, shut)
    # Smugglers who came for the price of a shut border do not leave at once.
    assert abs(np.log(open_again.goods)) <= max(0.5 * abs(np.log(shut.goods)), 0.4)


def test_more_that_is_smuggled_through_makes_goods_cheaper(p):
    prices = [month(p, border_open=0.2, smuggled=share).goods for share in (0.0, 0.3, 0.6, 1.0, 2.0)]
    assert (np.diff(prices) < 0).all()


def test_a_higher_price_draws_smugglers_who_bring_it_down():
    fixed, answering = without_response(), parameters(country("dprk"), market__smuggling_response=2.0)
    a, b = (month(p, border_open=0.3) for p in (fixed, answering))
    assert a.smuggled == pytest.approx(1.0)
    assert b.smuggled > 1.0
    assert 1.0 < b.goods < a.goods


@given(NUMBERS, st.floats(0, 1))
def test_fewer_loads_over_the_border_never_make_food_cheaper(number, share):
    """Some of what is smuggled is grain, so bribes that keep smugglers at home reach the price of food."""
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    few, many = (month(p, smuggled=loads, border_open=0.5) for loads in (share, 1.0))
    assert few.food >= many.food * (1 - 1e-9)
    bare = parameters(pack, market__stock_months=0.0)
    few, many = (month(bare, smuggled=loads, border_open=0.5) for loads in (0.0, 1.0))
    assert few.food > many.food


def test_stocks_bridge_a_gap_for_as_long_as_they_last_and_no_longer(p):
    """A quarter of the usual is missing: two months in stock feed people for eight months."""
    p = parameters(country("dprk"), market__stock_months=2.0, market__harvest_factor=0.75, **NO_OTHER_FOOD)
    now, prices = usual_market(p), []
    for _ in range(12):
        now = month(p, now)
        prices.append(now.food)
    assert prices[:8] == pytest.approx([1.0] * 8)
    hungry = 0.75 ** (-1 / p.number("market.elasticity"))
    assert prices[8:] == pytest.approx([hungry] * 4)
    assert now.stock == 0.0


def test_a_good_year_fills_stocks_before_it_makes_food_cheap(p):
    p = parameters(country("dprk"), market__stock_months=1.0, market__harvest_factor=1.25, **NO_OTHER_FOOD)
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


# Vendors.

NOBODY = np.zeros(len(STANDINGS))
HOUSEHOLDS, NUMBER = np.array([1e5, 8e5, 3e6, 2e6]), np.array([1e5, 9e5, 2.5e6, 1.2e6])


def selling(p, food=1.0, goods=1.0, tolls=NOBODY, fined=NOBODY, taken=NOBODY, day=USUAL):
    return vendors_of(p, Market(food, goods, 0.0, 1.0), day, HOUSEHOLDS, NUMBER, tolls, fined, taken)


@given(NUMBERS, st.floats(1.01, 5.0), st.sampled_from(["food", "goods"]))
def test_vendors_earn_less_when_goods_are_dear_though_buyers_spend_more_on_them(number, price, which):
    """With an elasticity below one, price times quantity rises with the price; what vendors live on falls."""
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number) | {"market.elasticity": 0.5})
    usual, dear = selling(p), selling(p, **{which: price})
    assert price * price ** -p.number("market.elasticity") > 1.0
    assert (dear.sales < usual.sales).all()
    assert (dear.income < usual.income).all()
    assert (dear.fees == usual.fees).all()


@given(NUMBERS)
def test_a_vendor_is_left_with_volume_times_margin_less_tolls_and_less_what_is_paid_whatever_he_sells(number):
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    fined, taken, tolls = NUMBER * 0.01, NUMBER * 0.02, NUMBER * np.array([3.0, 2.0, 1.0, 0.5])
    found = selling(p, 1.3, 2.0, tolls, fined, taken)
    fees = p.number("market.fee") * p.number("market.vendor_days") * 365.25 / 12 / 7
    confiscated = 0.01 * p.number("bribery.fine_small") + 0.02 * p.number("market.goods_taken")
    margin = p.number("market.vendors_margin")
    assert found.income == pytest.approx(found.sales * (margin - tolls / NUMBER / found.sales) - fees - confiscated)


def test_households_spend_what_vendors_sell_and_it_grows_as_the_pack_says(p):
    found = selling(p)
    assert (found.sales * NUMBER).sum() == pytest.approx((HOUSEHOLDS * spending(p, USUAL)).sum())
    assert (np.diff(found.sales) < 0).all()  # the lower one stands, the smaller the trade
    growing = parameters(country("dprk"), households__spending_growth=0.02)
    later = date(2026, 1, 1)
    assert spending(growing, USUAL) == pytest.approx(spending(p, USUAL))
    assert spending(growing, later) == pytest.approx(1.02**10 * spending(p, later), rel=1e-3)
    assert selling(growing, day=later).sales == pytest.approx(1.02**10 * found.sales, rel=1e-3)


def test_the_same_toll_and_fee_weigh_more_on_a_small_vendor(p):
    without, paying = selling(p), selling(p, tolls=NUMBER * 1.0)
    loss = 1 - paying.income / without.income
    assert (np.diff(loss) > 0).all()


def test_a_load_brings_nothing_where_goods_cost_more_abroad(p):
    share, load = p.number("market.load_cost_share"), p.number("market.load")
    assert profit(p, usual_market(p)) == pytest.approx(load * (1 - share))
    assert profit(p, Market(1.0, 0.9 * share, 0.0, 1.0)) == 0.0
