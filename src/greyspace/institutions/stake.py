"""What a post is worth to who holds it, solved for one post after the other: the compiled heart of officers' decisions.

The equations are told in :mod:`greyspace.institutions.bribe` (the stake D, and h(D), whose root it is) and in
:mod:`greyspace.institutions.watchers` (circumstances, and what watchers and officers make of a gain). Each post is
brought to rest by itself, so that none depends on its neighbours.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import inner, kernel
from greyspace.institutions.lognormal import by_rank_at, density_at, tail_at

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIDES = ("unwatched", "in_view", "bought", "led_away", "on_record")
"""The circumstances of an encounter, along the axis K of a deal."""

_UNWATCHED, _IN_VIEW, _BOUGHT, _LED_AWAY, _ON_RECORD = range(len(SIDES))

STEPS = 16
_CLOSE = 1e-9
_ENOUGH = 1e-10  # of what goes in and out of a post in a month: a stake this good is not touched again
_FEW = 1e-12  # a share of watchers below which there are none


class Posts(NamedTuple):
    """Posts ``[E]``; the fields of :class:`~greyspace.institutions.bribe.Post` of these names."""

    fixed: Floats  # w - Q - rho J0
    encounters: Floats
    found_out: Floats
    handed_up: Floats
    fine: Floats
    discount: Floats
    bargaining: Floats
    cost: Floats


class Met(NamedTuple):
    """Whom they meet ``[E, X]``; fields of :class:`~greyspace.institutions.bribe.Payers`."""

    pair: NDArray[np.int64]  # number of the kind in the tables of what it would give; below 0: they never meet it
    fine: Floats
    worth: Floats
    mix: Floats  # [E, X * J]


class Watching(NamedTuple):
    """Cameras and those who look at them ``[E]``; fields of :class:`~greyspace.institutions.watchers.Watch`."""

    covered: Floats
    on_record: Floats
    reviewed: Floats
    record_reviewed: Floats
    floor: Floats
    floor_spread: Floats
    bargaining: Floats
    trouble: Floats
    temper: Floats
    moved: Floats  # share of officers who lead people away; not read where it follows from the stake


class Solved(NamedTuple):
    """What comes of it; circumstances lead."""

    stake: Floats  # [E]
    chance: Floats  # [E]
    takings: Floats  # [E]
    reported: Floats  # [E]
    slope: Floats  # [E]
    converged: Bools  # [E]
    weight: Floats  # [K, E]
    found_out: Floats  # [K, E]
    cost: Floats  # [K, E]
    b_star: Floats  # [K, E, X]
    struck: Floats  # [K, E, X * J]
    paid: Floats  # [K, E, X * J]
    all_struck: Floats  # [K, E]: over all classes
    all_paid: Floats  # [K, E]
    all_squared: Floats  # [K, E]


class Answer(NamedTuple):
    """What watchers and officers make of a gain, and how it changes with the gain."""

    bought: Floats
    cut: Floats
    moving: Floats
    trouble: Floats
    bought_slope: Floats
    cut_slope: Floats
    moving_slope: Floats
    trouble_slope: Floats


@inner
def _answer(gain, i, watching):
    """The fields of :class:`Answer` to one gain."""
    part, spread = watching.bargaining[i], watching.floor_spread[i]
    share, cut, more, cut_slope = 0.0, 0.0, 0.0, 0.0
    if gain > 0.0:
        least = max(watching.floor[i], 1e-300)  # watchers who risk nothing are bought by any gain, and not by none
        z = (math.log(gain) - math.log(least)) / spread
        share = 1.0 - tail_at(z)
        more = density_at(z) / (spread * gain)
        if share > _FEW:
            mean = least * math.exp(0.5 * spread * spread) * tail_at(spread - z) / share  # of their floors
            cut = min(mean + part * (gain - mean), gain)
            cut_slope = part + (1.0 - part) * more * (gain - mean) / share
        else:
            more = 0.0

    saved = gain - share * (gain - cut)
    temper = watching.temper[i]
    # Only from below: beyond any gain the trouble is the mean of all officers, k.
    edge = max((saved - watching.trouble[i]) / temper, -500.0)
    rest = math.exp(-abs(edge))
    moves, stay = 1.0 / (1.0 + rest), rest / (1.0 + rest)
    if edge < 0.0:
        moves, stay = stay, moves
    stays = math.log1p(rest) + max(edge, 0.0)  # -ln(1 - p)
    saved_slope = 1.0 - (1.0 - part) * share
    trouble = saved - temper * stays / moves
    trouble_slope = 0.0
    if trouble > 0.0:
        trouble_slope = stays * stay / moves * saved_slope
    return share, cut, moves, max(trouble, 0.0), more, cut_slope, moves * stay / temper * saved_slope, trouble_slope


@kernel
def answers(gain, watching, out):
    """``out[field, E]``: the fields of :class:`Answer` to gains ``[E]``."""
    for i in range(len(gain)):
        found = _answer(gain[i], i, watching)
        for field in range(len(out)):
            out[field, i] = found[field]


@kernel
def add_up(x, out):
    """``out[E]``: sums of ``x[E, number]``, each in its order."""
    for i in range(len(x)):
        total = 0.0
        for each in x[i]:
            total += each
        out[i] = total


_WEIGHT, _FOUND_OUT, _COST, _WEIGHT_SLOPE, _COST_SLOPE = range(5)
SIDE_FIELDS = 5


@inner
def _set_sides(stake, i, posts, watching, settled, side):
    """``side[field, circumstance]`` at a stake of no less than nothing: shares of encounters, risks, costs, slopes."""
    blind, usual = posts.found_out[i], posts.cost[i]
    recorded, reviewed = watching.on_record[i], watching.reviewed[i]
    covered = (1.0 - recorded) * watching.covered[i]
    side[:] = 0.0
    side[_FOUND_OUT] = blind
    side[_FOUND_OUT, _IN_VIEW] = 1.0 - (1.0 - blind) * (1.0 - reviewed)
    side[_FOUND_OUT, _ON_RECORD] = 1.0 - (1.0 - blind) * (1.0 - watching.record_reviewed[i])
    side[_COST] = usual
    side[_WEIGHT, _UNWATCHED] = (1.0 - recorded) - covered
    side[_WEIGHT, _ON_RECORD] = recorded
    riskier = (1.0 - blind) * reviewed  # the gain's change with the stake
    bought, cut, moved, trouble, bought_slope, cut_slope, moved_slope, trouble_slope = _answer(
        riskier * (stake + posts.fine[i]), i, watching
    )
    if not settled:
        moved, moved_slope = watching.moved[i], 0.0
    before_it, leaving = covered * (1.0 - moved), covered * moved_slope * riskier
    turned = before_it * bought_slope * riskier
    side[_WEIGHT, _IN_VIEW], side[_WEIGHT, _BOUGHT] = before_it * (1.0 - bought), before_it * bought
    side[_WEIGHT, _LED_AWAY] = covered * moved
    side[_WEIGHT_SLOPE, _IN_VIEW] = -leaving * (1.0 - bought) - turned
    side[_WEIGHT_SLOPE, _BOUGHT] = turned - leaving * bought
    side[_WEIGHT_SLOPE, _LED_AWAY] = leaving
    side[_COST, _BOUGHT], side[_COST, _LED_AWAY] = usual + cut, usual + trouble
    side[_COST_SLOPE, _BOUGHT], side[_COST_SLOPE, _LED_AWAY] = cut_slope * riskier, trouble_slope * riskier


@inner
def _least(stake, i, x, q, cost, posts, met):
    """b* of an officer in face of a kind of payer; infinite where each is found out."""
    keeps = (1.0 - q) * (1.0 - posts.handed_up[i])
    return (q * (stake + posts.fine[i]) + met.worth[i, x] + cost) / keeps if keeps > 0.0 else np.inf


@inner
def _strike(least, i, x, q, posts, met, gives, chance, paid, squared):
    """Chance, payment and its square by rank ``[J]`` of a kind of payer of whom so much is asked."""
    if q >= 1.0 or least == np.inf:
        chance[:] = 0.0
        paid[:] = 0.0
        squared[:] = 0.0
        return
    left = 1.0 - q
    by_rank_at((least + q * met.fine[i, x]) / left, met.pair[i, x], gives, chance, paid, squared)
    gain = posts.bargaining[i] * left
    for j in range(len(chance)):
        first = gain * paid[j]
        paid[j] = least * chance[j] + first
        squared[j] = least * (paid[j] + first) + gain * gain * squared[j]


@kernel
def solve_each(posts, met, gives, watching, settled, in_view, start, most, side, work, out):
    """Bring each post to rest from a ``start[E]``, by Newton's method in a bracket that halves when a step leaves it.

    ``gives``: the tables of what payers would give; ``settled``: as many officers lead people away as would at the
    stake that follows from it; ``in_view[E]``: whether circumstances before a camera are told also where no encounter
    comes about in them; ``most[pair * J]``: the most that payers would give, kg. ``out`` begins as noughts, which stay
    where nothing is told. ``side[SIDE_FIELDS, SIDES]`` and ``work[3, J]`` are written over.
    """
    kinds, ranks = met.pair.shape[1], work.shape[1]
    chance, paid, squared = work[0], work[1], work[2]
    for i in range(len(start)):
        fixed, n, rate = posts.fixed[i], posts.encounters[i], posts.discount[i]
        keeps, beta = 1.0 - posts.handed_up[i], posts.bargaining[i]
        all_most = all_worth = 0.0
        for x in range(kinds):
            pair = met.pair[i, x]
            if pair >= 0:
                for j in range(ranks):
                    all_most += met.mix[i, x * ranks + j] * most[pair * ranks + j]
                    all_worth += met.mix[i, x * ranks + j] * met.worth[i, x]
        # No encounter can bring more than all that a payer would give, and what enforcing is worth.
        low, high = -np.inf, max(fixed + n * (all_most * keeps + all_worth), 0.0) / rate + 1.0
        stake = min(start[i], high)
        step, rests = 0, False
        struck = takings = reported = risk = value = turning = steeper = 0.0
        while True:
            # Each step tells the circumstances in which there are encounters. Once it has come to rest, once more for
            # the others. One loop, since all that is called is compiled into it.
            valued = max(stake, 0.0)
            if not rests:
                _set_sides(valued, i, posts, watching, settled, side)
                struck, takings, reported = 0.0, 0.0, 0.0
                risk, value, turning, steeper = 0.0, 0.0, 0.0, 0.0
            for k in range(len(SIDES)):
                weight, q, cost = side[_WEIGHT, k], side[_FOUND_OUT, k], side[_COST, k]
                if (weight == 0.0 and side[_WEIGHT_SLOPE, k] == 0.0) != rests:
                    continue
                empty = rests and not in_view[i] and k != _UNWATCHED and k != _ON_RECORD
                here_struck, here_paid, here_squared, here_reported = 0.0, 0.0, 0.0, 0.0
                for x in range(kinds):
                    if met.pair[i, x] < 0:
                        continue
                    least = _least(valued, i, x, q, cost, posts, met)
                    out.b_star[k, i, x] = least
                    if empty:
                        continue
                    _strike(least, i, x, q, posts, met, gives, chance, paid, squared)
                    for j in range(ranks):
                        c = x * ranks + j
                        share = met.mix[i, c]
                        here_struck += share * chance[j]
                        here_paid += share * paid[j]
                        here_squared += share * squared[j]
                        here_reported += share * (1.0 - chance[j]) * met.worth[i, x]
                        out.struck[k, i, c], out.paid[k, i, c] = chance[j], paid[j]
                out.weight[k, i], out.found_out[k, i], out.cost[k, i] = weight, q, cost
                out.all_struck[k, i], out.all_paid[k, i], out.all_squared[k, i] = here_struck, here_paid, here_squared
                if not rests:
                    each = (1.0 - q) * keeps * here_paid + here_reported - (q * posts.fine[i] + cost) * here_struck
                    each -= q * here_struck * stake
                    struck += weight * here_struck
                    takings += weight * here_paid
                    reported += weight * here_reported
                    risk += weight * q * here_struck
                    value += weight * each
                    turning += side[_WEIGHT_SLOPE, k] * each
                    steeper += weight * beta * (q + side[_COST_SLOPE, k]) * here_struck
            if rests:
                break
            hold = rate + n * risk
            rest = fixed + n * value - rate * stake
            # Where a stake leads to more of what makes it higher still, the bracket decides; the slope must only not
            # mislead.
            fall = -rate + n * (turning - steeper)
            if stake < 0.0 or (stake == 0.0 and rest < 0.0) or fall >= 0.0:
                fall = -hold
            size = 1.0 + abs(fixed) + n * (takings + all_worth) + rate * abs(stake)
            out.stake[i], out.chance[i], out.takings[i], out.reported[i] = stake, struck, takings, reported
            out.slope[i], out.converged[i] = 1.0 + fall / hold, abs(rest) <= _CLOSE * size
            if step == STEPS or abs(rest) <= _ENOUGH * size:
                rests = True
                continue
            step += 1
            if rest >= 0.0:
                low = stake
            if rest <= 0.0:
                high = stake
            there = stake - rest / fall
            if there < low or there > high:
                there = 0.5 * ((stake if low == -np.inf else low) + high)
            stake = there
