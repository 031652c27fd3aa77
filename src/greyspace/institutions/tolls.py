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

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters
from greyspace.institutions.lognormal import Lognormal

Floats = NDArray[np.float64]

_STEPS = 60


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
    n = np.asarray(posts, dtype=float)
    some = np.maximum(n, 1.0)
    floor = some * np.asarray(cost, dtype=float)
    wanted = hands(some, conduct)

    def pull(amount: Floats) -> Floats:
        rate = value.rate(amount) + np.where(np.isinf(means.median), 0.0, means.rate(amount))
        return (1.0 - floor / amount) * rate - wanted

    # In the logarithm of what a post adds to its cost: from next to nothing, where nobody is kept away, to where twice
    # the hands wanted are passed by the worth of the journey alone (its rate exceeds z over the spread).
    spread = np.asarray(value.spread, dtype=float)
    middle = np.log(value.median)
    shape = np.broadcast_shapes(floor.shape, wanted.shape, np.shape(middle), np.shape(pull(floor + value.median)))
    low = np.broadcast_to(middle - 12.0 - 12.0 * spread, shape)
    high = np.broadcast_to(np.log(np.maximum(floor, np.exp(middle + 2.0 * wanted * spread * spread))) + 1.0, shape)
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        above = pull(floor + np.exp(middle)) > 0.0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(n > 0.0, floor + np.exp(0.5 * (low + high)), 0.0)


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
    value = Lognormal(p.number("bribery.journey_value"), p.number("bribery.journey_value_spread"))
    return Row(posts, open_share, p.number("bribery.toll_conduct"), cost, value, means)


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
        willing = row.value.over(toll) * row.means.over(toll)
        travels = travels + likely * willing
        paid = paid + likely * toll * willing
        asked = asked + likely * toll
    return Road(travels, paid, asked)


def _choices(number: int) -> list[int]:
    """Ways to choose 0, 1, ... of a number of posts."""
    return [comb(number, some) for some in range(number + 1)]
