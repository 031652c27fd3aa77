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
from greyspace.institutions.lognormal import (
    ASKED,
    CHANCE,
    FINE,
    GAIN,
    LANES,
    LEAST,
    MEAN,
    RANK,
    SQUARE,
    WORTH,
    by_rank_beside,
    density_at,
    set_pair,
    tail_at,
)

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
    """Whom they meet ``[M, X]``, posts going through the M rows in turn; fields of
    :class:`~greyspace.institutions.bribe.Payers`.
    """

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
def answer_at(gain, i, watching):
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
        found = answer_at(gain[i], i, watching)
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
    bought, cut, moved, trouble, bought_slope, cut_slope, moved_slope, trouble_slope = answer_at(
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


MOST_KINDS = LANES // len(SIDES)
"""So many kinds of payers fit, all circumstances beside each other."""


@inner
def _least(risk, worth, cost, keeps):
    """b*, infinite where each is found out."""
    return (risk + worth + cost) / keeps if keeps > 0.0 else np.inf


@inner
def _set_lanes(row, met, gives, kinds, who, room):
    """Of those kinds of a row that are met, which they are into ``who``, and into lanes all that does not change,
    circumstance by circumstance; how many they are.
    """
    number = 0
    for x in range(kinds):
        if met.pair[row, x] >= 0:
            who[number] = x
            number += 1
    for k in range(len(SIDES)):
        for x in range(number):
            lane = k * number + x
            set_pair(lane, met.pair[row, who[x]], gives, room)
            room[FINE + lane], room[WORTH + lane] = met.fine[row, who[x]], met.worth[row, who[x]]
    return number


@inner
def _strike(valued, i, sides, told, number, side, posts, gives, ranks, room):
    """Chance, payment and its square by rank, in the ``told[:sides]`` circumstances, into lanes."""
    for at in range(sides):
        q, cost, here = side[_FOUND_OUT, told[at]], side[_COST, told[at]], room[at * number :]
        left, risk = 1.0 - q, q * (valued + posts.fine[i])
        keeps, taken = left * (1.0 - posts.handed_up[i]), posts.bargaining[i] * left
        for x in range(number):
            b = _least(risk, here[WORTH + x], cost, keeps)
            here[LEAST + x] = b
            here[ASKED + x] = (b + q * here[FINE + x]) / left if b < np.inf else 1.0
            here[GAIN + x] = taken
    lanes = sides * number
    by_rank_beside(lanes, ranks, gives.cells, room)
    for j in range(ranks):
        here = room[j * RANK :]
        for lane in range(lanes):
            b, taken, chance = room[LEAST + lane], room[GAIN + lane], here[CHANCE + lane]
            first = taken * here[MEAN + lane]
            paid = b * chance + first
            squared = b * (paid + first) + taken * taken * here[SQUARE + lane]
            # Of whom each would be found out he takes nothing.
            here[CHANCE + lane] = chance if b < np.inf else 0.0
            here[MEAN + lane] = paid if b < np.inf else 0.0
            here[SQUARE + lane] = squared if b < np.inf else 0.0


@kernel
def solve_each(posts, met, gives, watching, settled, in_view, start, most, side, which, all_of, room, out):
    """Bring each post to rest from a ``start[E]``, by Newton's method in a bracket that halves when a step leaves it.

    ``gives``: the tables of what payers would give; ``settled``: as many officers lead people away as would at the
    stake that follows from it; ``in_view[E]``: whether circumstances before a camera are told also where no encounter
    comes about in them; ``most[pair * J]``: the most that payers would give, kg. ``out`` begins as noughts, which stay
    where nothing is told. ``side[SIDE_FIELDS, SIDES]``, ``which[2, X or SIDES]``, ``all_of[3, SIDES]`` and ``room`` are
    written over. Kinds of payers stand beside each other, in all circumstances, and are worked out at once.
    """
    rows, kinds = met.pair.shape
    ranks = met.mix.shape[1] // kinds
    who, told = which[0], which[1]
    for row in range(rows):
        number = _set_lanes(row, met, gives, kinds, who, room)
        for i in range(row, len(start), rows):
            fixed, n, rate = posts.fixed[i], posts.encounters[i], posts.discount[i]
            keeps, beta = 1.0 - posts.handed_up[i], posts.bargaining[i]
            all_most = all_worth = 0.0
            for x in who[:number]:
                for j in range(ranks):
                    all_most += met.mix[i, x * ranks + j] * most[met.pair[row, x] * ranks + j]
                    all_worth += met.mix[i, x * ranks + j] * met.worth[row, x]
            # No encounter can bring more than all that a payer would give, and what enforcing is worth.
            low, high = -np.inf, max(fixed + n * (all_most * keeps + all_worth), 0.0) / rate + 1.0
            stake = min(start[i], high)
            step, others = 0, False
            while True:
                # Each step tells the circumstances in which there are encounters. Once it has come to rest, once more
                # for the others. One loop, since all that is called is compiled into it.
                valued = max(stake, 0.0)
                if not others:
                    _set_sides(valued, i, posts, watching, settled, side)
                sides = 0
                for k in range(len(SIDES)):
                    due = (side[_WEIGHT, k] == 0.0 and side[_WEIGHT_SLOPE, k] == 0.0) == others
                    if due and not (others and not in_view[i] and k != _UNWATCHED and k != _ON_RECORD):
                        told[sides] = k
                        sides += 1
                _strike(valued, i, sides, told, number, side, posts, gives, ranks, room)
                struck, takings, reported = 0.0, 0.0, 0.0
                risk, value, turning, steeper = 0.0, 0.0, 0.0, 0.0
                for at in range(sides):
                    k = told[at]
                    weight, q, cost = side[_WEIGHT, k], side[_FOUND_OUT, k], side[_COST, k]
                    here_struck, here_paid, here_squared, here_reported = 0.0, 0.0, 0.0, 0.0
                    here = room[at * number :]
                    for x in range(number):
                        for j in range(ranks):
                            share, lane = met.mix[i, who[x] * ranks + j], j * RANK + x
                            here_struck += share * here[CHANCE + lane]
                            here_paid += share * here[MEAN + lane]
                            here_squared += share * here[SQUARE + lane]
                            here_reported += share * (1.0 - here[CHANCE + lane]) * here[WORTH + x]
                    all_of[0, k], all_of[1, k], all_of[2, k] = here_struck, here_paid, here_squared
                    each = (1.0 - q) * keeps * here_paid + here_reported - (q * posts.fine[i] + cost) * here_struck
                    each -= q * here_struck * stake
                    struck += weight * here_struck
                    takings += weight * here_paid
                    reported += weight * here_reported
                    risk += weight * q * here_struck
                    value += weight * each
                    turning += side[_WEIGHT_SLOPE, k] * each
                    steeper += weight * beta * (q + side[_COST_SLOPE, k]) * here_struck
                if not others:
                    hold = rate + n * risk
                    rest = fixed + n * value - rate * stake
                    # Where a stake leads to more of what makes it higher still, the bracket decides; the slope must
                    # only not mislead.
                    fall = -rate + n * (turning - steeper)
                    if stake < 0.0 or (stake == 0.0 and rest < 0.0) or fall >= 0.0:
                        fall = -hold
                    size = 1.0 + abs(fixed) + n * (takings + all_worth) + rate * abs(stake)
                    if step < STEPS and not abs(rest) <= _ENOUGH * size:
                        step += 1
                        if rest >= 0.0:
                            low = stake
                        if rest <= 0.0:
                            high = stake
                        there = stake - rest / fall
                        if there < low or there > high:
                            there = 0.5 * ((stake if low == -np.inf else low) + high)
                        stake = there
                        continue
                    out.stake[i], out.chance[i], out.takings[i], out.reported[i] = stake, struck, takings, reported
                    out.slope[i], out.converged[i] = 1.0 + fall / hold, abs(rest) <= _CLOSE * size
                for at in range(sides):
                    k, here = told[at], room[at * number :]
                    out.all_struck[k, i], out.all_paid[k, i] = all_of[0, k], all_of[1, k]
                    out.all_squared[k, i] = all_of[2, k]
                    for x in range(number):
                        for j in range(ranks):
                            c, lane = who[x] * ranks + j, j * RANK + x
                            out.struck[k, i, c], out.paid[k, i, c] = here[CHANCE + lane], here[MEAN + lane]
                if others:
                    break
                others = True
            for k in range(len(SIDES)):
                q, cost = side[_FOUND_OUT, k], side[_COST, k]
                out.weight[k, i], out.found_out[k, i], out.cost[k, i] = side[_WEIGHT, k], q, cost
                for x in who[:number]:
                    out.b_star[k, i, x] = _least(
                        q * (valued + posts.fine[i]), met.worth[row, x], cost, (1.0 - q) * keeps
                    )
