"""The market in a month: what food and goods cost, what smuggling is worth, what households are left with.

Prices clear what there is against what is wanted. With D(p) = D0 p**-eps and supply as a share s of what is usual, the
price is ``s ** (-1 / eps)`` times the usual. Food comes from the harvest, from legal imports as far as the border is
open, from what is smuggled, and from stocks that bridge a gap for some months. Goods come over the border, some of them
smuggled; smugglers answer to what a load is worth beyond its cost, and stay at home where guards and officers take it
all. Vendors live on margins, so on how much they sell and not on what it costs. Amounts in kilograms of rice at usual
prices.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS
from greyspace.draws import kernel
from greyspace.evidence import Parameters
from greyspace.institutions.enforcers import MONTH_WEEKS
from greyspace.institutions.lognormal import Lognormal

Floats = NDArray[np.float64]

_HALVINGS = 60

_LEAST = 0.02
"""Of what is usual, a supply below this, or as much above it, is not told apart from it: prices stay finite."""

_MOST_GAIN = 1e12
"""Times the usual gain of a load; no larger one is told apart from it, so that its power stays finite."""


@dataclass(frozen=True)
class Market:
    """What the market comes to in a period; prices are times the usual."""

    food: float  # price of food
    goods: float  # price of goods that come over the border
    stock: float  # months of usual supply left in stock
    smuggled: float  # loads a month, as a share of the usual

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {"market": np.array([self.food, self.goods, self.stock, self.smuggled])}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Market":
        """From a checkpoint."""
        return cls(*(float(x) for x in arrays["market"]))


def usual_market(p: Parameters) -> Market:
    """Everything as usual. Reads ``market.stock_months``."""
    return Market(1.0, 1.0, p.number("market.stock_months"), 1.0)


def cleared(p: Parameters, before: Market, day: date, border_open: float, smuggled: float, months: float) -> Market:
    """The market ``months`` later; ``smuggled``: loads a month that came through, as a share of the usual.

    Smugglers see the price coming: goods clear where what they would bring at a price leaves just that price, given
    what they brought at the last one. Some of what they bring is grain. Reads ``market.harvest``, ``harvest_factor``,
    ``legal_imports``, ``smuggled_grain``, ``elasticity``, ``smuggled_share``, ``stock_months``, and what :func:`drawn`
    reads.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters)
    >>> shut = cleared(p, usual_market(p), date(2020, 6, 1), border_open=0.0, smuggled=0.0, months=1.0)
    >>> shut.goods > 1.5, shut.food >= 1.0
    (True, True)
    """
    eps = p.number("market.elasticity")
    share = p.number("market.smuggled_share")
    legal = (1.0 - share) * border_open
    cost, response = _smuggling(p)
    ready = smuggled / max(_drawn(before.goods, cost, response), _LEAST)  # at usual prices, with guards as they are
    goods = _clearing(float(legal), float(share * ready), float(eps), cost, response)
    loads = ready * _drawn(goods, cost, response)
    imports, grain = p.number("market.legal_imports"), p.number("market.smuggled_grain")
    harvest = p.between("market.harvest", day) * p.number("market.harvest_factor")
    made = (harvest + imports * border_open + grain * loads) / (p.between("market.harvest", _MIDDLE) + imports + grain)
    # Stocks fill up with a surplus and bridge a gap as long as they last.
    most = p.number("market.stock_months")
    left = float(np.clip(before.stock + (made - 1.0) * months, 0.0, most))
    food = made - (left - before.stock) / months if months > 0.0 else made
    return Market(min(max(food, _LEAST), 1.0 / _LEAST) ** (-1.0 / eps), goods, left, loads)


_MIDDLE = date(2016, 1, 1)
"""The year whose harvest counts as usual: the first of a run, before anything changed."""


def drawn(p: Parameters, now: Market) -> float:
    """How much likelier a smuggler sets out than usual, bribes and risk left out; 1 at usual prices.

    Reads ``market.load_cost_share`` and ``smuggling_response``: a load's worth beyond its cost, in the power of the
    response.
    """
    return float(_drawn(now.goods, *_smuggling(p)))


def _smuggling(p: Parameters) -> tuple[float, float]:
    return float(p.number("market.load_cost_share")), float(p.number("market.smuggling_response"))


@kernel
def _drawn(goods, cost, response):  # type: ignore[no-untyped-def]
    return min(max(goods - cost, 0.0) / (1.0 - cost), _MOST_GAIN) ** response


@kernel
def _clearing(legal, brought, eps, cost, response):  # type: ignore[no-untyped-def]
    """The price at which ``legal`` goods, and what is ``brought`` at usual prices, are as much as is wanted."""
    low, high = _LEAST**eps, _LEAST ** (-1.0 / eps)
    for _ in range(_HALVINGS):
        price = math.sqrt(low) * math.sqrt(high)
        if legal + brought * _drawn(price, cost, response) < price**-eps:
            low = price
        else:
            high = price
    return math.sqrt(low) * math.sqrt(high)


def worth_it(p: Parameters, now: Market, costs: Floats) -> Floats:
    """Share of smugglers for whom a load stays worth what bribes of ``costs``, kg, would leave of it; any shape."""
    gain = p.number("market.load") * max(now.goods - p.number("market.load_cost_share"), 1e-9)
    left = np.clip(1.0 - np.asarray(costs) / gain, 0.0, 1.0)
    return np.asarray(left ** p.number("market.smuggling_response"))


@dataclass(frozen=True)
class Purses:
    """Households of each standing in a period, ``[standing]``; kg of rice a household-month at the food price."""

    income: Floats  # median, wages and market
    bribes: Floats  # mean paid to officers and those between
    hardship: Floats  # share of persons below the subsistence line


def purses(p: Parameters, now: Market, day: date, bribes: Floats) -> Purses:
    """What households are left with; ``bribes[standing]``: kg a household-month paid to officers.

    Income from the market goes with the volume sold, not with prices: vendors earn margins. Reads
    ``market.informal_income_*``, ``official_wage``, ``subsistence``, ``households.persons`` and ``income_spread``.
    """
    volume = now.goods ** -p.number("market.elasticity")
    informal = np.array([p.number(f"market.informal_income_{standing}") for standing in STANDINGS])
    wage = p.number("market.official_wage", day)
    income = (informal * volume + wage) / now.food
    each = (income - bribes) / p.number("households.persons")
    spread = p.number("households.income_spread")
    line = p.number("market.subsistence")
    poor = 1.0 - Lognormal(np.maximum(each, 1e-6), spread).over(line)
    return Purses(income, np.asarray(bribes, dtype=float), poor)


def spending(p: Parameters, day: date) -> Floats:
    """``[standing]``: what a household spends in a month, kg of rice at usual prices.

    Reads ``households.spending_*`` and ``spending_growth``, from the year whose prices count as usual.
    """
    years = (day - _MIDDLE).days / _YEAR_DAYS
    grown = (1.0 + p.number("households.spending_growth")) ** years
    return grown * np.array([p.number(f"households.spending_{standing}") for standing in STANDINGS])


_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Vendors:
    """Vendors of each standing, ``[standing]``; amounts in kg of rice a month and vendor, at usual prices."""

    sales: Floats  # what he sells, by volume: less is sold where it is dear
    margin: Floats  # what he keeps of it before he pays anybody
    tolls: Floats  # what he pays officers for trade outside the rules
    fees: Floats  # what he pays for his stall
    lost: Floats  # fines, and goods taken from him

    @property
    def income(self) -> Floats:
        """What is left; below nothing, he eats up his stock."""
        return self.margin - self.tolls - self.fees - self.lost


def vendors_of(
    p: Parameters,
    now: Market,
    day: date,
    households: Floats,
    number: Floats,
    tolls: Floats,
    fined: Floats,
    taken: Floats,
) -> Vendors:
    """What vendors live on in a month; all of it ``[standing]``, of the nation.

    ``households`` spend all they spend in markets, with ``number`` vendors, who sell in proportion to what households
    of their standing earn there. ``tolls``: kg a month paid to officers at trade outside the rules; ``fined`` and
    ``taken``: vendors a month who were fined, and who lost their goods. A vendor's margin is so much a unit sold: when
    goods are dear he pays as much more for them. So income goes with volume, less what he pays, and never with price
    times quantity. Reads ``market.elasticity``, ``food_share``, ``vendors_margin``, ``fee``, ``vendor_days``,
    ``goods_taken``, ``informal_income_*``, ``bribery.fine_small``, and what :func:`spending` reads.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p, none, some = resolve(load_pack("toyland").parameters), np.zeros(4), np.full(4, 1000.0)
    >>> usual, dear = (vendors_of(p, Market(1.0, price, 0.0, 1.0), date(2016, 1, 4), some, some, none, none, none)
    ...                for price in (1.0, 2.0))
    >>> bool((dear.income < usual.income).all()), bool((dear.fees == usual.fees).all())
    (True, True)
    """
    eps, food = p.number("market.elasticity"), p.number("market.food_share")
    volume = food * now.food**-eps + (1.0 - food) * now.goods**-eps
    weight = np.array([p.number(f"market.informal_income_{standing}") for standing in STANDINGS])
    shared = float((number * weight).sum())
    spent = float((households * spending(p, day)).sum())
    sales = spent * volume * (weight / shared if shared > 0.0 else np.zeros(len(STANDINGS)))

    def each(amount: Floats) -> Floats:
        return np.divide(amount, number, out=np.zeros(len(STANDINGS)), where=number > 0.0)

    a_month = p.number("market.vendor_days") * MONTH_WEEKS
    return Vendors(
        sales=sales,
        margin=sales * p.number("market.vendors_margin"),
        tolls=each(tolls),
        fees=np.full(len(STANDINGS), p.number("market.fee") * a_month),
        lost=each(fined * p.number("bribery.fine_small") + taken * p.number("market.goods_taken")),
    )


def profit(p: Parameters, now: Market) -> float:
    """Kg that a load brings before bribes, nothing if it costs more. Reads ``market.load``, ``load_cost_share``."""
    return p.number("market.load") * max(now.goods - p.number("market.load_cost_share"), 0.0)
