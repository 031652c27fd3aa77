"""How a run begins: with people whose caution is what it would be after living long under the first odds."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Odds
from greyspace.engine import Expected
from greyspace.institutions import Enforcement, usual
from greyspace.simulate.learn import Learnt, learnt_as_ever, nothing_learnt, settled, smuggled
from greyspace.simulate.world import PERIOD_WEEKS, World
from greyspace.society import caution
from greyspace.society.population import Recipe

STEP_WEEKS, STEPS = 3, 3
MOST_CYCLES = 20
SETTLED = 5e-4
"""Caution, and the bribes that officers strike, count as settled when one cycle changes no share of them by more."""

_MOST_PACE = 0.9
"""However slowly caution nears its end, no more than ten steps are jumped."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Beginning:
    """``spread[R, M, level]`` of caution, what is learnt by then, and what the last cycle still changed.

    ``usual_loads``: loads a month that are smuggled in where everything is as usual.
    """

    spread: Floats
    learnt: Learnt
    usual_loads: float
    last_change: float


def expectation(world: World, recipe: Recipe) -> Expected:
    """The engine of expectations over the whole nation, as large as it is in the reference year."""
    year = round(world.p.number("population.reference_year"))
    persons = world.persons(year)[:, None] * world.profile_shares()
    people = persons[:, :, None] * recipe.start[:, world.layout.temper_of]
    size, spread = (np.full(len(persons), found) for found in _unit_size(recipe))
    return Expected(people, world.layout, size, spread, world.alike(), _company(recipe))


def _company(recipe: Recipe) -> Floats:
    """``[R, profile, profile]``: how many more of each profile somebody of the first lives with than as many would be
    of all the region: households are of a kind.
    """
    sizes, shares = np.arange(1, len(recipe.generator.size) + 1), recipe.generator.size
    others = float((sizes * (sizes - 1) * shares).sum() / (sizes * shares).sum())
    regions = len(recipe.generator.household)
    member = recipe.generator.member.reshape(regions, -1, recipe.generator.member.shape[-1])
    lives = recipe.generator.household.reshape(regions, -1, 1) * member
    profiles = lives.sum(axis=1)
    kind = np.divide(lives, profiles[:, None], out=np.zeros_like(lives), where=profiles[:, None] > 0)
    beside = (kind[..., None] * member[:, :, None]).sum(axis=1)
    return others * (beside - profiles[:, None])


def _unit_size(recipe: Recipe) -> tuple[float, float]:
    """Mean persons of a unit, as somebody who lives in one sees it, and standard deviation: large ones hold more."""
    households = np.arange(recipe.least_households, recipe.most_households + 1)
    sizes, shares = np.arange(1, len(recipe.generator.size) + 1), recipe.generator.size
    mean = float((sizes * shares).sum())
    second, third = (float(((sizes - mean) ** power * shares).sum()) for power in (2, 3))
    units = households * mean
    # The first three moments of a sum of so many households.
    square = units**2 + households * second
    cube = units**3 + 3.0 * units * households * second + households * third
    seen = float(square.mean() / units.mean())
    return seen, float(np.sqrt(max(cube.mean() / units.mean() - seen**2, 0.0)))


def spin_up(world: World, near: Beginning | None = None, within: float = SETTLED) -> Beginning:
    """Live under the first odds until caution, and what officers take of whom, is settled.

    What people have heard and officers met is taken to have always been as in the last weeks, so that only caution
    needs time; of that, weeks show how it nears its end, and the rest of the way is jumped. Nobody learns what systems
    can do, or enrols, and whoever dies is replaced: else there would be no end. ``near``: how a world begins that is
    little different, to start from; ``within``: the change that still counts as settled.
    """
    period = world.periods[0]
    p = world.view(period).p
    learnt = nothing_learnt(p, len(world.axes.regions), world.cases)
    spread = np.repeat(caution.calm(world.chronic)[:, None], len(world.axes.tempers), axis=1)
    if near is not None:
        spread = near.spread
        learnt = replace(
            learnt,
            heard=near.learnt.heard,
            practice=replace(near.learnt.practice, usual=learnt.practice.usual),
            travellers=replace(near.learnt.travellers, usual=learnt.travellers.usual),
        )
    engine = expectation(world, world.recipe(world.start(spread)))
    change, loads = np.inf, 0.0
    last: Enforcement | None = None
    for _ in range(MOST_CYCLES):
        found = world.enforcement(period, learnt.practice)
        engine.renew(_without_learning(world.odds(period, learnt, found)))
        steps = []
        for _ in range(STEPS):
            for _ in range(STEP_WEEKS):
                engine.advance()
            steps.append(_spread(world, engine.people()))
        lived, met = engine.lived(), engine.contacts()
        weeks = STEPS * STEP_WEEKS
        lesson = world.lesson(period, lived.modes, met.ended, met.found(1.0), engine.people(), weeks, 1.0, 0.0)
        learnt = learnt_as_ever(learnt, p, world.cases, world.sorting, found, lesson, PERIOD_WEEKS)
        loads = smuggled(lived.modes, 1.0, weeks)
        ahead = _ahead(*steps[-3:])
        change = max(float(np.abs(ahead - spread).max()), found.change(last) if last is not None else 1.0)
        spread, last = ahead, found
        if change < within:
            break
        _go_on(world, engine, spread)
    learnt = replace(learnt, travellers=settled(learnt.travellers, p), practice=usual(learnt.practice, world.cases))
    return Beginning(spread, learnt, loads, change)


def _without_learning(odds: Odds) -> Odds:
    """The odds under which people grow warier and calmer, but nothing else changes in them of a Monday."""
    weekly, last = odds.weekly.copy(), caution.CHANGES.index("warier")
    weekly[..., last + 1 :] = weekly[..., last, None]
    return odds._replace(weekly=weekly)


def _ahead(first: Floats, second: Floats, third: Floats) -> Floats:
    """Where caution of each region and temper goes, if the second step is to the first as all later ones to theirs."""
    before, now = (np.abs(step).sum(axis=-1, keepdims=True) for step in (second - first, third - second))
    pace = np.minimum(np.divide(now, before, out=np.zeros_like(now), where=before > 0.0), _MOST_PACE)
    ahead = np.maximum(third + (third - second) * pace / (1.0 - pace), 1e-6)
    return np.asarray(ahead / ahead.sum(axis=-1, keepdims=True))


def _go_on(world: World, engine: Expected, spread: Floats) -> None:
    """Go on with caution spread so by region and temper, and with as many who know or are enrolled as at first."""
    now, of_class = caution.parts(), world.alike()
    people = engine.people()
    factor = (spread / np.maximum(_spread(world, people), 1e-12))[:, world.layout.temper_of][..., now.caution]
    # A profile that lacks people may stand for its class, so shares are those of the class.
    there = np.zeros((len(people), of_class.max() + 1, people.shape[-1]))
    for profile, number in enumerate(of_class):
        there[:, number] += people[:, profile]
    there = there[:, of_class]
    first = world.start(np.full_like(spread, 1.0 / caution.LEVELS))[:, world.layout.temper_of]
    for level in range(caution.LEVELS):
        of = now.caution == level
        shares = first[..., of] / first[..., of].sum(axis=-1, keepdims=True)
        wanted = shares * there[..., of].sum(axis=-1, keepdims=True)
        factor[..., of] *= np.divide(wanted, there[..., of], out=np.ones_like(wanted), where=there[..., of] > 0.0)
    engine.settle(factor, now.knows * len(caution.TRAITS) + now.enrolled)


def _spread(world: World, people: Floats) -> Floats:
    """Caution by region and temper, as shares."""
    regions, tempers, levels = people.shape[0], len(world.axes.tempers), caution.LEVELS
    cell = (np.arange(regions)[:, None] * tempers + world.layout.temper_of)[:, :, None] * levels
    # In the order of profiles and statuses.
    summed = np.bincount((cell + caution.parts().caution).ravel(), people.ravel(), regions * tempers * levels)
    found = summed.reshape(regions, tempers, levels)
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(found, total, out=np.full_like(found, 1.0 / caution.LEVELS), where=total > 0)
