"""The bribe between an officer and whom he has caught: whether it is struck, at what price, and what the post is worth.

An officer's post is an asset (Becker and Stigler 1974, 'Law enforcement, malfeasance, and compensation of enforcers').
All money is kilograms of rice, all time months. With D = J - J0, what the post is worth above life after dismissal::

    rho J = w - Q + n [(1-q)(1-u) S + R - c P - q P F] - n q P D      hence, collected,
        D = {w - Q - rho J0 + n [(1-q)(1-u) S + R - c P - q P F]} / (rho + n q P)

    wage w, lump sum handed up Q, encounters n a month, chance q that a bribe taken is found out, share handed up u,
    worth r of enforcing instead, by offence, costs c of a bribe beside its risk (a watcher's cut), fine F, rate rho of
    discount and turnover, worth J0 of life after dismissal, P = Pr(struck), S = E[price; struck], R = E[r; not struck]

He takes a bribe of at least ``b* = [q (D + F) + r + c] / [(1-q)(1-u)]``, and never less than with D = 0: more the
graver the offence, since letting off then costs him a case that counts. Whom he has caught would give W, the smaller of
what the penalty would cost him and of what he can raise; since he too risks being found out, ``W' = (1-q) W - q F_p``.
It is struck where W' >= b*, at ``b* + beta (W' - b*)``.

There is one D. Write h(D) for the right side of the first line less rho J: where D > 0, an officer who is indifferent
at each b* gains nothing by moving it, so ``h' = -(rho + beta n (q + c') P) < 0``, and below it h falls in a straight
line.

All contacts of one journey share one W. So people are split into ranks by it, and what comes of a contact is told given
the rank: classes are a standing (at an offence) and a rank.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.institutions.lognormal import Lognormal, Smaller, room_for, together
from greyspace.institutions.stake import (
    MOST_KINDS,
    SIDE_FIELDS,
    SIDES,
    Met,
    Posts,
    Solved,
    Watching,
    add_up,
    solve_each,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OFFENCES = ("minor", "journey", "false_papers", "trade", "grave")
"""How grave what somebody is caught at is: what its penalty would cost."""

RANKS = 4
"""Into how many equally likely ranks the willingness to pay is resolved where it must hold for a whole journey."""


@dataclass(frozen=True)
class Post:
    """An officer's post; every field is a number or an array, and all broadcast to one shape ``[...]``."""

    wage: Floats | float  # w, kg a month, pay and rations
    demand: Floats | float  # Q, kg a month that superiors ask for, whatever he takes
    encounters: Floats | float  # n a month in which a bribe is possible
    found_out: Floats | float  # q, chance that one bribe taken is found out
    handed_up: Floats | float  # u, share of each bribe
    fine: Floats | float  # F, kg that he loses beside the post and the bribe when found out
    discount: Floats | float  # rho, a month: impatience, and the chance to be moved for other reasons
    outside: Floats | float  # J0, kg: worth of life after dismissal
    bargaining: Floats | float  # beta, his share of what a bribe is worth beyond b*
    cost: Floats | float = 0.0  # c, kg that each bribe costs him for certain


@dataclass(frozen=True)
class Payers:
    """Whom officers meet: X kinds (a standing caught at one offence), each in J ranks by what it would give.

    Classes are kinds by ranks, ``class = x * J + j``, the first rank the most willing. ``replace`` another mix and what
    they would give is not worked out anew.
    """

    gives: Smaller  # W by kind [..., X]: the smaller of what the penalty would cost and what a household can raise; kg
    fine: Floats | float  # [..., X] F_p, kg that a payer loses beside the bribe when found out
    mix: Floats  # [..., X * J] share of the encounters; sums to one over the classes
    worth: Floats | float = 0.0  # [..., X] r, kg that enforcing this case instead is worth to the officer
    known: Bools | bool = True  # [..., X] whether these officers ever meet such people; if not, all is nought for them

    @property
    def ranks(self) -> int:
        """J."""
        return self.gives.ranks

    @cached_property
    def apart(self) -> tuple[NDArray[np.int64], Floats, Floats]:
        """``[..., X]``: the first fields of :class:`Met`, as :class:`Posts` ask for them."""
        shape = np.broadcast_shapes(self.gives.shape, *(np.shape(x) for x in (self.fine, self.worth, self.known)))
        fine, worth = np.empty(shape), np.empty(shape)
        fine[...], worth[...] = self.fine, self.worth
        return np.where(self.known, self.gives.pairs(shape), -1), fine, worth


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
        fine=p.number("bribery.fine"),
        discount=discount,
        outside=p.number("bribery.outside_income") / discount,
        bargaining=p.number("bribery.bargaining"),
    )


def payers_of(p: Parameters, offence: str, mix: Floats, ranks: int = 1) -> Payers:
    """Those caught at one of :data:`OFFENCES`, by standing and rank; ``mix[..., standing * rank]``.

    Reads ``bribery.penalty_*``, ``means_*`` and ``payer_fine``, and ``enforcing`` (for a journey) or
    ``enforcing_<offence>``: reporting is worth more the graver it is. Raises InputError for an offence that there is
    not.

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
        worth=p.number("bribery.enforcing" if offence == "journey" else f"bribery.enforcing_{offence}"),
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

    def joined(field: str) -> Floats:
        return np.concatenate([np.broadcast_to(getattr(each, field), each.gives.shape) for each in offences], axis=-1)

    return Payers(
        gives=together([payers.gives for payers in offences]),
        fine=joined("fine"),
        mix=np.asarray(mix, dtype=float),
        worth=joined("worth"),
    )


@dataclass(frozen=True)
class Deal:
    """What comes of it. With several circumstances ``[K, ...]`` leads where it says so, and one worth holds for all."""

    worth: Floats  # [...] J, kg
    stake: Floats  # [...] D = J - J0, kg; below zero the post is not worth keeping
    weight: Floats  # [K, ...] share of encounters in each circumstance
    found_out: Floats  # [K, ...] q
    cost: Floats  # [K, ...] c, kg a bribe
    b_star: Floats  # [K, ..., X] least bribe by kind of payer, kg
    struck: Floats  # [K, ..., X * J] P by class
    paid: Floats  # [K, ..., X * J] S by class, kg
    all_struck: Floats  # [K, ...] P over all classes
    all_paid: Floats  # [K, ...] S over all classes, kg
    all_squared: Floats  # [K, ...] E[price**2; struck] over all classes, kg**2
    chance: Floats  # [...] P over all
    takings: Floats  # [...] S over all, kg an encounter
    reported: Floats  # [...] R over all, kg an encounter: what enforcing is worth where nothing is struck
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


def worth(post: Post, chance: Floats | float, takings: Floats | float, reported: Floats | float) -> Floats:
    """``J[...]``, kg, of a post in which a share P of the encounters ends in a bribe.

    ``takings`` S of bribes and ``reported`` R, what enforcing is worth where there is none, are kg an encounter.

    >>> post = Post(wage=1, demand=0, encounters=60, found_out=0.002, handed_up=0, fine=0, discount=0.04, outside=0,
    ...             bargaining=0.5)
    >>> round(float(worth(post, chance=0.5, takings=2.0, reported=0.0)), 3)
    1207.6
    """
    q = np.asarray(post.found_out, dtype=float)
    flow = post.wage - post.demand - post.discount * np.asarray(post.outside, dtype=float)
    kept = (1.0 - q) * (1.0 - post.handed_up) * np.asarray(takings)
    flow = flow + post.encounters * (kept + reported - (q * post.fine + post.cost) * chance)
    return post.outside + flow / (post.discount + post.encounters * q * chance)


def reservation(post: Post, stake: Floats | float, worth: Floats | float) -> Floats:
    """``b*[...]``, kg: the least bribe of an officer with ``stake`` D = J - J0; infinite where each is found out.

    ``worth`` r, kg: what it would be to enforce instead.

    >>> post = Post(wage=1, demand=0, encounters=60, found_out=0.01, handed_up=0.2, fine=50, discount=0.04, outside=0,
    ...             bargaining=0.5)
    >>> [round(float(reservation(post, stake, worth=1.0)), 3) for stake in (500.0, 0.0, -500.0)]
    [8.207, 1.894, 1.894]
    """
    q = np.asarray(post.found_out, dtype=float)
    asked = q * (np.maximum(stake, 0.0) + post.fine) + worth + post.cost
    keeps = (1.0 - q) * (1.0 - np.asarray(post.handed_up, dtype=float))
    return np.divide(asked, keeps, out=np.full(np.broadcast_shapes(asked.shape, keeps.shape), np.inf), where=keeps > 0)


def price_for(post: Post, payer_fine: Floats | float, b_star: Floats, would_give: Floats | float) -> Floats:
    """The price, kg, that somebody pays who would give W; NaN where nothing is struck. A price list holds him fixed.

    >>> post = Post(wage=1, demand=0, encounters=60, found_out=0.0, handed_up=0, fine=50, discount=0.04, outside=0,
    ...             bargaining=0.5)
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
    """``P``, ``S`` (kg) and ``E[price**2; struck]`` by class ``[..., X * J]``, of who asks b* ``[..., X]``, or
    ``[..., 1]`` of everybody alike.
    """
    q, beta = (np.asarray(x, dtype=float)[..., None] for x in (post.found_out, post.bargaining))
    b = np.broadcast_to(b_star, np.broadcast_shapes(np.shape(b_star), q.shape, payers.gives.shape))
    never = ~np.isfinite(b) | (q >= 1.0)
    asked, left = np.where(never, 1.0, b), np.where(never, 1.0, 1.0 - q)
    more = payers.gives.by_rank((asked + q * payers.fine) / left)  # W at which W' = b*
    asked, gain, never = (np.repeat(x, payers.ranks, axis=-1) for x in (asked, beta * left, never))
    first = gain * more.mean
    paid = asked * more.chance + first
    squared = asked * (paid + first) + gain * gain * more.square
    return _Struck(*(np.where(never, 0.0, x) for x in (more.chance, paid, squared)))


def strike(post: Post, payers: Payers) -> Deal:
    """The bribe of a post whose risk is the same in all encounters, with the worth that follows from itself.

    ``post`` broadcasts to ``[...]``, ``payers`` to ``[..., X]`` and ``[..., X * J]``; the result's axis K is one long.

    >>> post = Post(wage=1, demand=20, encounters=60, found_out=0.002, handed_up=0.1, fine=50, discount=0.04, outside=0,
    ...             bargaining=0.5)
    >>> gives = Smaller(Lognormal(4.0, 0.9), Lognormal(np.array([np.inf, 20.0]), 1.0))
    >>> payers = Payers(gives, fine=5.0, mix=np.array([0.5, 0.5]), worth=np.array([0.5, 1.5]))
    >>> deal = strike(post, payers)
    >>> bool(deal.converged), deal.b_star[0].round(2), deal.struck[0].round(2)
    (True, array([5.53, 6.65]), array([0.36, 0.25]))
    """
    return solve(post, payers, _NOBODY, settled=False, in_view=False, start=0.0, sides=1)


_WHOLE = 1e-5
"""How far shares may be from adding up to one."""

_NOBODY = {name: 1.0 if name in ("floor_spread", "temper") else 0.0 for name in Watching._fields}
"""No camera, and nobody who looks at one."""


def solve(
    post: Post,
    payers: Payers,
    watching: Mapping[str, Floats | float],
    settled: bool,
    in_view: Bools | bool,
    start: Floats | float,
    sides: int = len(SIDES),
) -> Deal:
    """Posts in the first ``sides`` of several circumstances: the stake D ``[...]`` that follows from their bribes.

    ``watching``: the fields of :class:`Watching` in their order, which broadcast with those of the post; ``settled``:
    as many officers lead people away as would; ``in_view[...]``: whether to tell what is struck before cameras also
    where no encounter is. h(D) is solved from ``start``. Raises InputError for payers whose mix is none.
    """
    kinds = payers.apart[0].shape
    mix = np.asarray(payers.mix)
    if mix.shape[-1:] != (kinds[-1] * payers.ranks,):
        raise InputError(f"The mix of payers needs a share for each of {kinds[-1]} kinds in {payers.ranks} ranks.")
    of_post = {np.shape(x) for x in (in_view, start, *vars(post).values(), *watching.values())}
    shape = np.broadcast_shapes(*of_post, kinds[:-1], mix.shape[:-1])
    if not (np.all(np.asarray(post.discount) > 0.0) and np.all(np.abs(over_last(mix) - 1.0) <= _WHOLE)):
        raise InputError("A post needs a discount above 0, and the mix of its payers must sum to 1.")
    count, number = math.prod(shape), kinds[-1]
    if number > MOST_KINDS:
        raise InputError(f"There are {number} kinds of payers; at most {MOST_KINDS} fit.")
    # Posts go through whom they meet in turn.
    own = kinds if kinds[:-1] == shape[len(shape) - len(kinds) + 1 :] else (*shape, number)
    classes = number * payers.ranks
    pair, fine, worth = payers.apart
    met = Met(
        pair=np.broadcast_to(pair, own).reshape(-1, number),
        fine=np.broadcast_to(fine, own).reshape(-1, number),
        worth=np.broadcast_to(worth, own).reshape(-1, number),
        mix=np.ascontiguousarray(np.broadcast_to(mix, (*shape, classes))).reshape(count, classes),
    )
    posts, watched, began = laid_out(post, watching, start, shape)
    seen = np.broadcast_to(in_view, shape).reshape(count)
    found = brought_to_rest(posts, met, payers.gives, watched, settled, seen, began)
    solved = {
        name: x.reshape(shape) if x.ndim == 1 else x[:sides].reshape(sides, *shape, *x.shape[2:])
        for name, x in found._asdict().items()
    }
    return Deal(worth=solved["stake"] + post.outside, **solved)


def laid_out(
    post: Post, watching: Mapping[str, Floats | float], start: Floats | float, shape: tuple[int, ...]
) -> tuple[Posts, Watching, Floats]:
    """Posts of a shape, those who watch them and where to start, each behind the other."""
    fixed = post.wage - post.demand - np.asarray(post.discount) * post.outside
    each = (fixed, *(getattr(post, name) for name in Posts._fields[1:]), *watching.values(), start)
    asked = np.empty((len(each), *shape))
    for i, x in enumerate(each):
        asked[i, ...] = x
    of_each, posts = asked.reshape(len(each), -1), len(Posts._fields)
    return Posts(*of_each[:posts]), Watching(*of_each[posts:-1]), of_each[-1]


def brought_to_rest(
    posts: Posts, met: Met, gives: Smaller, watching: Watching, settled: bool, in_view: Bools, start: Floats
) -> Solved:
    """What :func:`solve` finds, of posts laid out."""
    count, sides, ranks = len(start), len(SIDES), gives.ranks
    number, classes = met.pair.shape[1], met.mix.shape[1]
    told: list[Any] = [*np.empty((5, count)), np.empty(count, np.bool_), *np.empty((3, sides, count))]
    told += [np.zeros((sides, count, number)), *np.zeros((2, sides, count, classes)), *np.zeros((3, sides, count))]
    found = Solved(*told)
    room = np.empty((SIDE_FIELDS, sides)), np.empty((2, max(number, sides)), np.int64), np.empty((3, sides))
    solve_each(posts, met, gives.tables, watching, settled, in_view, start, gives.most, *room, room_for(ranks), found)
    return found


def over_last(x: Floats) -> Floats:
    """Sum over the last axis, added in its order."""
    own = np.ascontiguousarray(x)
    total = np.empty(own.shape[:-1])
    add_up(own.reshape(-1, own.shape[-1]), total.reshape(-1))
    return total


def over_sides(x: Floats) -> Floats:
    """Sum over the circumstances, added in their order."""
    total = np.zeros(x.shape[1:])
    for each in x:
        total = total + each
    return total
