"""The bribe between an officer and whom he has caught: whether it is struck, at what price, and what the post is worth.

An officer's post is an asset (Becker and Stigler 1974, 'Law enforcement, malfeasance, and compensation of enforcers').
All money is kilograms of rice, all time months. With D = J - J0, what the post is worth above life after dismissal::

    rho J = w - Q + n [(1-q)(1-u) S + (1-P) R - c P - q P F] - n q P D      hence, collected,
        D = {w - Q - rho J0 + n [(1-q)(1-u) S + (1-P) R - c P - q P F]} / (rho + n q P)

    wage w, lump sum handed up Q, encounters n a month, chance q that a bribe taken is found out, share handed up u,
    worth R of enforcing instead, costs c of a bribe beside its risk (a watcher's cut), fine F, rate rho of discount and
    turnover, worth J0 of life after dismissal, P = Pr(struck), S = E[price; struck]

He takes a bribe of at least ``b* = [q (D + F) + R + c] / [(1-q)(1-u)]``, and never less than with D = 0. Whom he has
caught would give W, the smaller of what the penalty would cost him and of what he can raise; since he too risks being
found out, ``W' = (1-q) W - q F_p``. It is struck where W' >= b*, at ``b* + beta (W' - b*)``.

There is one D. Write h(D) for the right side of the first line less rho J: where D > 0, an officer who is indifferent
at b* gains nothing by moving it, so ``h' = -(rho + beta n (q + c') P) < 0``, and below it h falls in a straight line.

All contacts of one journey share one W. So people are split into ranks by it, and what comes of a contact is told given
the rank: classes are a standing (at an offence) and a rank.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.institutions.lognormal import Lognormal, Smaller, together

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OFFENCES = ("minor", "journey", "trade", "grave")
"""How grave what somebody is caught at is: what its penalty would cost."""

RANKS = 4
"""Into how many equally likely ranks the willingness to pay is resolved where it must hold for a whole journey."""

_STEPS = 16
_CLOSE = 1e-9
_ENOUGH = 1e-10  # of what goes in and out of a post in a month: a stake this good is not touched again


@dataclass(frozen=True)
class Post:
    """An officer's post; every field is a number or an array, and all broadcast to one shape ``[...]``."""

    wage: Floats | float  # w, kg a month, pay and rations
    demand: Floats | float  # Q, kg a month that superiors ask for, whatever he takes
    encounters: Floats | float  # n a month in which a bribe is possible
    found_out: Floats | float  # q, chance that one bribe taken is found out
    handed_up: Floats | float  # u, share of each bribe
    enforcing: Floats | float  # R, kg that enforcing instead is worth to him
    fine: Floats | float  # F, kg that he loses beside the post and the bribe when found out
    discount: Floats | float  # rho, a month: impatience, and the chance to be moved for other reasons
    outside: Floats | float  # J0, kg: worth of life after dismissal
    bargaining: Floats | float  # beta, his share of what a bribe is worth beyond b*
    cost: Floats | float = 0.0  # c, kg that each bribe costs him for certain


@dataclass(frozen=True)
class Payers:
    """Whom an officer meets: X kinds (a standing caught at one offence), each in J ranks by what it would give.

    Classes are kinds by ranks, ``class = x * J + j``, the first rank the most willing. ``replace`` another mix and what
    they would give is not worked out anew.
    """

    gives: Smaller  # W by kind [..., X]: the smaller of what the penalty would cost and what a household can raise; kg
    fine: Floats | float  # [..., X] F_p, kg that a payer loses beside the bribe when found out
    mix: Floats  # [..., X * J] share of the encounters; sums to one over the classes

    @property
    def ranks(self) -> int:
        """J."""
        return self.gives.ranks


def post_of(p: Parameters, day: date) -> Post:
    """An officer's post as the pack has it on a day; single fields are replaced by kind of officer and place.

    Reads the officer's share of ``bribery.*``, from ``wage`` to ``bargaining``.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> post = post_of(resolve(load_pack("toyland").parameters), date(2020, 1, 6))
    >>> round(post.wage, 2), post.demand
    (12.8, 90.0)
    """
    discount = p.number("bribery.discount")
    return Post(
        wage=p.number("bribery.wage", day) * p.number("bribery.wage_factor", day) + p.number("bribery.ration", day),
        demand=p.number("bribery.demand", day),
        encounters=p.number("bribery.encounters"),
        found_out=p.number("bribery.found_out", day),
        handed_up=p.number("bribery.handed_up", day),
        enforcing=p.number("bribery.enforcing"),
        fine=p.number("bribery.fine"),
        discount=discount,
        outside=p.number("bribery.outside_income") / discount,
        bargaining=p.number("bribery.bargaining"),
    )


def enforcing(p: Parameters, post: Post, offence: str) -> Post:
    """The post in face of somebody caught at one of :data:`OFFENCES`: reporting is worth more the graver it is.

    Reads ``bribery.enforcing`` (for a journey) and ``bribery.enforcing_<offence>``.
    """
    key = "bribery.enforcing" if offence == "journey" else f"bribery.enforcing_{offence}"
    return replace(post, enforcing=p.number(key))


def payers_of(p: Parameters, offence: str, mix: Floats, ranks: int = 1) -> Payers:
    """Those caught at one of :data:`OFFENCES`, by standing and rank; ``mix[..., standing * rank]``.

    Reads ``bribery.penalty_*``, ``means_*`` and ``payer_fine``. Raises InputError for an offence that there is not.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters)
    >>> payers_of(p, "journey", np.array([0.05, 0.2, 0.5, 0.25])).gives.one.median
    array([9. , 6.3, 4.5, 3.6])
    """
    if offence not in OFFENCES:
        raise InputError(f"There is no offence '{offence}'; allowed: {', '.join(OFFENCES)}.")
    usual = p.number(f"bribery.penalty_{offence}")
    factor = [1.0 if x == "ordinary" else p.number(f"bribery.penalty_factor_{x}") for x in STANDINGS]
    means = np.array([p.number(f"bribery.means_{x}") for x in STANDINGS])
    return Payers(
        gives=Smaller(
            Lognormal(usual * np.array(factor), p.number("bribery.penalty_spread")),
            Lognormal(means, p.number("bribery.means_spread")),
            ranks,
        ),
        fine=p.number("bribery.payer_fine"),
        mix=np.asarray(mix, dtype=float),
    )


def at_one_post(offences: Sequence[Payers], mix: Floats) -> Payers:
    """Payers of several offences as those of one post; ``mix[..., offence * standing * rank]``, shares of all of them.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters)
    >>> alone = np.array([0.05, 0.2, 0.5, 0.25])
    >>> both = [payers_of(p, offence, alone) for offence in ("minor", "journey")]
    >>> at_one_post(both, np.append(0.9 * alone, 0.1 * alone)).gives.one.median
    array([6. , 4.2, 3. , 2.4, 9. , 6.3, 4.5, 3.6])
    """
    fine = [np.broadcast_to(np.asarray(payers.fine, dtype=float), payers.gives.shape) for payers in offences]
    return Payers(
        gives=together([payers.gives for payers in offences]),
        fine=np.concatenate(fine, axis=-1),
        mix=np.asarray(mix, dtype=float),
    )


class Side(NamedTuple):
    """One of the circumstances (seen, unseen, ...) that an officer meets people in; arrays ``[...]``."""

    weight: Floats  # share of his encounters
    found_out: Floats  # q
    cost: Floats  # c
    weight_slope: Floats | float  # change of the weight with the stake D, where D > 0
    cost_slope: Floats | float  # c'


@dataclass(frozen=True)
class Deal:
    """What comes of it. With several circumstances ``[K, ...]`` leads where it says so, and one worth holds for all."""

    worth: Floats  # [...] J, kg
    stake: Floats  # [...] D = J - J0, kg; below zero the post is not worth keeping
    weight: Floats  # [K, ...] share of encounters in each circumstance
    found_out: Floats  # [K, ...] q
    cost: Floats  # [K, ...] c, kg a bribe
    b_star: Floats  # [K, ...] least bribe, kg
    struck: Floats  # [K, ..., X * J] P by class
    paid: Floats  # [K, ..., X * J] S by class, kg
    squared: Floats  # [K, ..., X * J] E[price**2; struck] by class, kg**2
    chance: Floats  # [...] P over all
    takings: Floats  # [...] S over all, kg an encounter
    slope: Floats  # [...] change of next month's D with this month's, if each follows from the other
    converged: Bools  # [...]

    @property
    def mean_price(self) -> Floats:
        """``[...]`` kg a bribe; NaN where none is struck."""
        return _ratio(self.takings, self.chance)

    @property
    def mean_prices(self) -> Floats:
        """``[K, ..., X * J]`` kg a bribe by circumstance and class; NaN where none is struck."""
        return _ratio(self.paid, self.struck)


def _ratio(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.full(np.shape(over), np.nan), where=np.asarray(under) > 0.0)


def worth(post: Post, chance: Floats | float, takings: Floats | float) -> Floats:
    """``J[...]``, kg, of a post in which a share P of the encounters ends in a bribe, at S kg an encounter.

    >>> post = Post(wage=1, demand=0, encounters=60, found_out=0.002, handed_up=0, enforcing=0, fine=0, discount=0.04,
    ...             outside=0, bargaining=0.5)
    >>> round(float(worth(post, chance=0.5, takings=2.0)), 3)
    1207.6
    """
    q = np.asarray(post.found_out, dtype=float)
    flow = post.wage - post.demand - post.discount * np.asarray(post.outside, dtype=float)
    flow = flow + post.encounters * _an_encounter(post, np.asarray(chance), np.asarray(takings))
    return post.outside + flow / (post.discount + post.encounters * q * chance)


def _an_encounter(post: Post, chance: Floats, takings: Floats) -> Floats:
    """Income of one encounter, before the risk to the post."""
    q = np.asarray(post.found_out, dtype=float)
    kept = (1.0 - q) * (1.0 - post.handed_up) * takings
    return kept + (1.0 - chance) * post.enforcing - (q * post.fine + post.cost) * chance


def reservation(post: Post, stake: Floats | float) -> Floats:
    """``b*[...]``, kg: the least bribe of an officer with ``stake`` D = J - J0; infinite where each is found out.

    >>> post = Post(wage=1, demand=0, encounters=60, found_out=0.01, handed_up=0.2, enforcing=1, fine=50, discount=0.04,
    ...             outside=0, bargaining=0.5)
    >>> [round(float(reservation(post, stake)), 3) for stake in (500.0, 0.0, -500.0)]
    [8.207, 1.894, 1.894]
    """
    q = np.asarray(post.found_out, dtype=float)
    asked = q * (np.maximum(stake, 0.0) + post.fine) + post.enforcing + post.cost
    keeps = (1.0 - q) * (1.0 - np.asarray(post.handed_up, dtype=float))
    return np.divide(asked, keeps, out=np.full(np.broadcast_shapes(asked.shape, keeps.shape), np.inf), where=keeps > 0)


def price_for(post: Post, payer_fine: Floats | float, b_star: Floats, would_give: Floats | float) -> Floats:
    """The price, kg, that somebody pays who would give W; NaN where nothing is struck. A price list holds him fixed.

    >>> post = Post(wage=1, demand=0, encounters=60, found_out=0.0, handed_up=0, enforcing=1, fine=50, discount=0.04,
    ...             outside=0, bargaining=0.5)
    >>> price_for(post, 0.0, np.array([2.0, 6.0]), 5.0)
    array([3.5, nan])
    """
    ready = (1.0 - np.asarray(post.found_out)) * would_give - np.asarray(post.found_out) * payer_fine
    return np.where(ready >= b_star, b_star + post.bargaining * (ready - b_star), np.nan)


class _Struck(NamedTuple):
    chance: Floats  # [..., X]
    paid: Floats
    squared: Floats


def struck(post: Post, payers: Payers, b_star: Floats) -> _Struck:
    """``P``, ``S`` (kg) and ``E[price**2; struck]`` by class ``[..., X * J]``, of an officer who asks b* ``[...]``."""
    b = np.asarray(b_star, dtype=float)[..., None]
    q = np.broadcast_to(np.asarray(post.found_out, dtype=float), np.shape(b_star))[..., None]
    beta = np.asarray(post.bargaining, dtype=float)[..., None]
    never = ~np.isfinite(b) | (q >= 1.0)
    asked, left = np.where(never, 1.0, b), np.where(never, 1.0, 1.0 - q)
    threshold = (asked + q * payers.fine) / left  # W at which W' = b*
    more = payers.gives.by_rank(threshold)
    gain = beta * left
    first = gain * more.mean
    paid = asked * more.chance + first
    squared = asked * (paid + first) + gain * gain * more.square
    if not never.any():
        return _Struck(more.chance, paid, squared)
    return _Struck(*(np.where(never, 0.0, x) for x in (more.chance, paid, squared)))


def strike(post: Post, payers: Payers) -> Deal:
    """The bribe of a post whose risk is the same in all encounters, with the worth that follows from itself.

    ``post`` broadcasts to ``[...]``, ``payers`` to ``[..., X]`` and ``[..., X * J]``; the result's axis K is one long.

    >>> post = Post(wage=1, demand=20, encounters=60, found_out=0.002, handed_up=0.1, enforcing=0.5, fine=50,
    ...             discount=0.04, outside=0, bargaining=0.5)
    >>> gives = Smaller(Lognormal(4.0, 0.9), Lognormal(np.array([np.inf, 20.0]), 1.0))
    >>> payers = Payers(gives, fine=5.0, mix=np.array([0.5, 0.5]))
    >>> deal = strike(post, payers)
    >>> bool(deal.converged), round(float(deal.b_star[0]), 2), deal.struck[0].round(2)
    (True, 4.62, array([0.43, 0.4 ]))
    """
    shape = _shape(post, payers)
    all_of_them, q, cost = (
        np.broadcast_to(np.asarray(x, dtype=float), (1, *shape)) for x in (1.0, post.found_out, post.cost)
    )
    side = Side(all_of_them, q, cost, weight_slope=0.0, cost_slope=0.0)
    return solve(post, payers, lambda stake: side)


def solve(post: Post, payers: Payers, sides: Callable[[Floats], Side], start: Floats | float = 0.0) -> Deal:
    """One post in several circumstances: the stake D ``[...]`` that follows from the bribes it leads to.

    ``sides(D)`` gives ``[K, ...]`` shares of encounters, risks and costs, which may answer to the stake; those of
    ``post`` are not read. h(D) is solved from ``start`` by Newton's method, inside a bracket that it halves when a step
    would leave it. An element that has come to rest is left alone, so that none depends on its neighbours.
    """
    shape = _shape(post, payers)
    rate = np.asarray(post.discount, dtype=float)
    if not (np.all(rate > 0.0) and np.all(np.isclose(over_classes(payers.mix, 1.0), 1.0))):
        raise InputError("A post needs a discount above 0, and the mix of its payers must sum to 1.")
    n = np.asarray(post.encounters, dtype=float)
    fixed = np.asarray(post.wage - post.demand - rate * post.outside, dtype=float)
    most = over_classes(payers.mix, payers.gives.by_rank(0.0).mean)
    # No encounter can bring more than all that a payer would give, or than enforcing is worth.
    best = fixed + n * (most * (1.0 - post.handed_up) + post.enforcing)
    low, high = np.full(shape, -np.inf), np.broadcast_to(np.maximum(best, 0.0) / rate, shape) + 1.0
    stake = np.minimum(np.broadcast_to(np.asarray(start, dtype=float), shape), high)
    for step in range(_STEPS + 1):
        now = _at(post, payers, sides, stake, fixed, n, rate)
        size = 1.0 + np.abs(fixed) + n * (now.takings + np.asarray(post.enforcing)) + rate * np.abs(stake)
        moves = np.abs(now.rest) > _ENOUGH * size
        if step == _STEPS or not moves.any():
            break
        low, high = np.where(now.rest >= 0.0, stake, low), np.where(now.rest <= 0.0, stake, high)
        there = stake - now.rest / now.fall
        outside = (there < low) | (there > high)
        halved = 0.5 * (np.where(np.isinf(low), stake, low) + high)
        stake = np.where(moves, np.where(outside, halved, there), stake)
    return Deal(
        worth=stake + post.outside,
        stake=stake,
        weight=now.side.weight,
        found_out=now.side.found_out,
        cost=now.side.cost,
        b_star=now.b_star,
        struck=now.struck.chance,
        paid=now.struck.paid,
        squared=now.struck.squared,
        chance=now.chance,
        takings=now.takings,
        slope=1.0 + now.fall / now.hold,
        converged=np.abs(now.rest) <= _CLOSE * size,
    )


class _Now(NamedTuple):
    side: Side
    b_star: Floats
    struck: _Struck
    chance: Floats
    takings: Floats
    rest: Floats  # h(D)
    fall: Floats  # h'(D)
    hold: Floats  # rho + n q P


def _at(
    post: Post,
    payers: Payers,
    sides: Callable[[Floats], Side],
    stake: Floats,
    fixed: Floats,
    n: Floats,
    rate: Floats,
) -> _Now:
    valued = np.maximum(stake, 0.0)
    side = sides(valued)
    shape = np.broadcast_shapes(*(np.shape(x) for x in side), (1, *stake.shape))
    side = Side(*(np.broadcast_to(x, shape) for x in side))
    here = replace(post, found_out=side.found_out, cost=side.cost)
    b_star = np.broadcast_to(reservation(here, valued), shape)
    found = struck(here, payers, b_star)
    chance, takings = over_classes(payers.mix, found.chance), over_classes(payers.mix, found.paid)
    risk = side.found_out * chance
    value = _an_encounter(here, chance, takings) - risk * stake  # [K, ...]
    hold = rate + n * over_sides(side.weight * risk)
    rest = fixed + n * over_sides(side.weight * value) - rate * stake
    steeper = side.found_out + side.cost_slope
    turning = over_sides(side.weight_slope * value)
    rising = -rate + n * (turning - over_sides(side.weight * post.bargaining * steeper * chance))
    # Where a stake leads to more of what makes it higher still, the bracket decides; the slope must only not mislead.
    fall = np.where(stake < 0.0, -hold, np.where(stake == 0.0, np.where(rest < 0.0, -hold, rising), rising))
    return _Now(
        side,
        b_star,
        found,
        over_sides(side.weight * chance),
        over_sides(side.weight * takings),
        rest,
        np.where(fall < 0.0, fall, -hold),
        hold,
    )


def over_classes(mix: Floats | float, x: Floats | float) -> Floats:
    """Mean over the classes of payers, added in their order."""
    product = np.asarray(mix) * np.asarray(x)
    total = np.zeros(product.shape[:-1])
    for each in range(product.shape[-1]):
        total = total + product[..., each]
    return total


def over_sides(x: Floats) -> Floats:
    """Sum over the circumstances, added in their order."""
    total = np.zeros(x.shape[1:])
    for each in x:
        total = total + each
    return total


def _shape(post: Post, payers: Payers) -> tuple[int, ...]:
    one = np.broadcast_shapes(*(np.shape(x) for x in vars(post).values()))
    kinds = np.broadcast_shapes(payers.gives.shape, np.shape(payers.fine))
    if np.shape(payers.mix)[-1:] != (kinds[-1] * payers.ranks,):
        raise InputError(f"The mix of payers needs a share for each of {kinds[-1]} kinds in {payers.ranks} ranks.")
    return np.broadcast_shapes(one, kinds[:-1], np.shape(payers.mix)[:-1])
