"""Tolls of posts in a row on one journey, between independent officers and one hand.

A traveller has one willingness W to pay for the whole journey. N posts on his way ask a toll each; each has a cost c of
letting him pass (its least bribe). With D(T) = Pr(W >= T) the posts' conditions add up (Shleifer and Vishny 1993,
'Corruption', on complementary permits) to::

    (T - N c) x (-D'(T) / D(T)) = N / (1 + theta (N - 1))

theta = 0: each post heeds itself alone; theta = 1: one hand that shares out the sum. With linear demand and c = 0 the
total is N / (N + 1) of the highest willingness against 1/2. For W the smaller of two lognormal amounts T times the
hazard rises with T, so there is one total. Posts are open by chance that day, known to all on the road; totals follow
for each number of open posts and are mixed afterwards. Amounts in kg of rice.
"""

import math
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS
from greyspace.draws import inner, kernel
from greyspace.evidence import Parameters
from greyspace.institutions.lognormal import Lognormal, hazard_at, over_both

Floats = NDArray[np.float64]

_STEPS = 60
_NEAR = 1e-9  # a step in the logarithm after which the next would be lost in rounding


def hands(posts: Floats | float, conduct: Floats | float) -> Floats:
    """Effective number of independent hands in a row of posts, from N (conduct 0) to 1 (conduct 1).

    >>> hands(4.0, np.array([0.0, 0.5, 1.0]))
    array([4. , 1.6, 1. ])
    """
    posts = np.asarray(posts, dtype=float)
    return posts / (1.0 + np.asarray(conduct) * (posts - 1.0))


def total_linear(posts: Floats | float, conduct: Floats | float, highest: Floats | float) -> Floats:
    """Total toll where willingness is spread evenly up to ``highest`` and posts have no cost.

    >>> total_linear(np.array([1.0, 3.0]), 0.0, 8.0)
    array([4., 6.])
    """
    count = hands(posts, conduct)
    return highest * count / (count + 1.0)


def total(
    posts: Floats | float, conduct: Floats | float, cost: Floats | float, value: Lognormal, means: Lognormal
) -> Floats:
    """Total toll, kg a journey, of ``posts`` open posts with cost c each; 0 with no post. Broadcasts.

    ``value``: what the journey is worth to travellers; ``means``: what they can pay (median infinity: no limit).

    >>> total(np.array([0, 1, 2, 5]), 0.0, 0.0, Lognormal(6.0, 0.8), Lognormal(np.inf, 1.0)).round(1)
    array([  0. ,   6. ,  14.4, 121.8])
    """
    asked = np.array(np.broadcast_arrays(posts, conduct, cost, *value, *means), dtype=float)
    found = np.empty(asked.shape[1:])
    _total(asked.reshape(len(asked), -1), found.reshape(-1))
    return found


@kernel
def _total(asked, out):  # type: ignore[no-untyped-def]
    for i in range(len(out)):
        out[i] = _total_at(
            asked[0, i], asked[1, i], asked[2, i], asked[3, i], asked[4, i], asked[5, i], asked[6, i]
        )  # fmt: skip


@inner
def _total_at(posts, conduct, cost, value, spread, means, spread_too):  # type: ignore[no-untyped-def]
    """Searched in the logarithm u of what the posts add to their cost, by Newton's method for the logarithms of both
    sides, inside a bracket: from next to nothing, where nobody is kept away, to where twice the hands wanted are passed
    by the worth of the journey alone (its rate exceeds z over the spread).
    """
    if not posts > 0.0:
        return 0.0
    some = max(posts, 1.0)
    floor, wanted = some * cost, some / (1.0 + conduct * (some - 1.0))
    middle, middle_too = math.log(value), math.log(means)
    low = middle - 12.0 - 12.0 * spread
    high = math.log(max(floor, math.exp(middle + 2.0 * wanted * spread * spread))) + 1.0
    # Near where one limit alone, at no cost, would have the total.
    steep, steep_too = wanted * spread, wanted * spread_too
    u = middle + spread * (steep - 1.0 / (steep + 0.5))
    u = min(u, middle_too + spread_too * (steep_too - 1.0 / (steep_too + 0.5)))
    u = min(max(u, low), high)
    for _ in range(_STEPS):
        added = math.exp(u)
        x = math.log(floor + added)
        z, z_too = max((x - middle) / spread, -1e3), max((x - middle_too) / spread_too, -1e3)
        first, second = hazard_at(z) / spread, hazard_at(z_too) / spread_too
        rate = max(first + second, 1e-300)
        turns = first * (first - z / spread) + second * (second - z_too / spread_too)
        rest = u - x + math.log(rate) - math.log(wanted)
        slope = (floor + added * max(turns, 0.0) / rate) / (floor + added)
        if rest > 0.0:
            high = u
        else:
            low = u
        there = u - rest / slope if slope > 1e-12 else np.inf
        if there < low or there > high:
            there = 0.5 * (low + high)
        still = abs(there - u) <= _NEAR
        u = there
        if still:
            break
    return floor + math.exp(u)


def asked(
    bargaining: Floats | float,
    least: Floats | float,
    price: Floats | float,
    posts: Floats | float,
    conduct: Floats | float,
    value: Lognormal,
    means: Lognormal,
) -> Floats:
    """The officers' share of what a bribe is worth beyond b*, ``[...]``, where ``posts`` n >= 1 stand in a row.

    An officer could have of somebody caught the bargained ``price``, kg on average, of which b* = ``least`` is what he
    needs; his share would be ``bargaining``. But he does not ask more than a row of such conduct would, T / n a post
    with T = :func:`total`: with one hand, a heavier total would keep travellers at home (Shleifer and Vishny 1993), and
    the more each heeds himself alone, the less this holds him back.

    >>> value, means = Lognormal(12.0, 0.9), Lognormal(60.0, 1.0)
    >>> asked(0.5, 1.0, 4.0, np.array([1.0, 4.0, 12.0]), 0.8, value, means).round(2)
    array([0.5 , 0.5 , 0.24])
    >>> asked(0.5, 1.0, 4.0, 12.0, np.array([0.0, 1.0]), value, means).round(2)
    array([0.5 , 0.19])
    """
    given = np.array(np.broadcast_arrays(bargaining, least, price, posts, conduct, *value, *means), dtype=float)
    found = np.empty(given.shape[1:])
    _asked(given.reshape(len(given), -1), found.reshape(-1))
    return found


@kernel
def _asked(given, out):  # type: ignore[no-untyped-def]
    for i in range(len(out)):
        out[i] = asked_at(
            given[0, i], given[1, i], given[2, i], given[3, i], given[4, i], given[5, i], given[6, i], given[7, i],
            given[8, i],
        )  # fmt: skip


@inner
def asked_at(bargaining, least, price, posts, conduct, value, spread, means, spread_too):  # type: ignore[no-untyped-def]
    """:func:`asked` of one post."""
    if not (np.isfinite(least) and price > least):
        return bargaining
    toll = _total_at(posts, conduct, least, value, spread, means, spread_too) / posts
    return bargaining * min(max((toll - least) / (price - least), 0.0), 1.0)


def willing(toll: Floats | float, value: Lognormal, means: Lognormal) -> Floats:
    """Share of travellers who pay a toll, kg: to whom the journey is worth more, and who can raise it.

    >>> willing(np.array([0.0, 6.0]), Lognormal(6.0, 0.8), Lognormal(6.0, 1.0))
    array([1.  , 0.25])
    """
    return over_both(toll, value, means)


@dataclass(frozen=True)
class Row:
    """Posts on a journey; fields but ``posts`` broadcast to ``[...]`` (such as ``[place, standing]``)."""

    posts: int  # N
    open_share: Floats | float  # chance that a post is manned when somebody comes by
    conduct: Floats | float  # theta, from 0 (each for himself) to 1 (one hand)
    cost: Floats | float  # c, kg: the least that a post takes
    value: Lognormal  # what the journey is worth to travellers, kg
    means: Lognormal  # what they can pay, kg


def row_of(p: Parameters, posts: int, open_share: Floats | float, cost: Floats | float, means: Lognormal) -> Row:
    """A row of posts as the pack has it. Reads ``bribery.toll_conduct``, ``journey_value`` and its spread."""
    return Row(posts, open_share, p.number("bribery.toll_conduct"), cost, value_of(p), means)


def value_of(p: Parameters) -> Lognormal:
    """What a journey is worth to travellers, kg. Reads ``bribery.journey_value`` and its spread."""
    return Lognormal(p.number("bribery.journey_value"), p.number("bribery.journey_value_spread"))


def means_of(p: Parameters) -> Lognormal:
    """What households can raise, kg, by standing. Reads ``bribery.means_*``."""
    medians = np.array([p.number(f"bribery.means_{standing}") for standing in STANDINGS])
    return Lognormal(medians, p.number("bribery.means_spread"))


@dataclass(frozen=True)
class Road:
    """What a row of posts comes to for those who would travel for nothing; arrays ``[...]``."""

    travels: Floats  # share for whom the journey stays worth it
    paid: Floats  # kg a would-be journey, over those who travel
    asked: Floats  # kg, mean total toll asked


def journey(row: Row) -> Road:
    """The row as one contact: totals for each number of open posts, mixed by how likely it is.

    >>> row = Row(posts=4, open_share=0.6, conduct=np.array([0.0, 0.5, 1.0]), cost=0.2, value=Lognormal(6.0, 0.8),
    ...           means=Lognormal(60.0, 1.0))
    >>> road = journey(row)
    >>> road.travels.round(2), road.asked.round(1)
    (array([0.16, 0.34, 0.48]), array([19.8,  8.5,  6.2]))
    """
    fields = (row.open_share, row.conduct, row.cost, *row.value, *row.means)
    shape = np.broadcast_shapes(*(np.shape(x) for x in fields))
    share = np.broadcast_to(np.asarray(row.open_share, dtype=float), shape)
    travels, paid, asked = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for posts, ways in enumerate(_choices(row.posts)):
        likely = ways * share**posts * (1.0 - share) ** (row.posts - posts)
        toll = np.broadcast_to(total(posts, row.conduct, row.cost, row.value, row.means), shape)
        goes = willing(toll, row.value, row.means)
        travels = travels + likely * goes
        paid = paid + likely * toll * goes
        asked = asked + likely * toll
    return Road(travels, paid, asked)


def _choices(number: int) -> list[int]:
    """Ways to choose 0, 1, ... of a number of posts."""
    return [comb(number, some) for some in range(number + 1)]
