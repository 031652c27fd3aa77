"""How a run begins: with people whose caution is what it would be after living long under the first odds."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greyspace.engine import Expected
from greyspace.institutions import usual, usual_market
from greyspace.simulate.learn import Learnt, learn_from, no_traces, nothing_learnt, settled, smuggled
from greyspace.simulate.world import World
from greyspace.society import caution
from greyspace.society.population import Recipe

STEP_WEEKS = 3
MOST_CYCLES = 40
SETTLED = 2e-4
"""Caution, and the bribes that officers strike, count as settled when one step changes no share of them by more."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Beginning:
    """``spread[R, M, level]`` of caution, what is learnt by then, and what the last step still changed.

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

    Nobody learns what systems can do, or enrols, for good: only caution, travellers' experience, what is heard, and
    officers' practice are carried over. Where caution settles slowly, two steps show how it nears its end, and the rest
    of the way is jumped. ``near``: how a world begins that is little different, to start from; ``within``: the change
    that still counts as settled.
    """
    regions = len(world.axes.regions)
    period = world.periods[0]
    learnt = nothing_learnt(world.view(period).p, regions, world.cases)
    spread = np.repeat(caution.calm(world.chronic)[:, None], len(world.axes.tempers), axis=1)
    if near is not None:
        spread = near.spread
        learnt = replace(learnt, practice=replace(near.learnt.practice, usual=learnt.practice.usual))
    engine = expectation(world, world.recipe(world.start(spread)))
    spread, let_off, change, loads = _spread(world, engine.people()), np.zeros(()), np.inf, 0.0
    for _ in range(MOST_CYCLES):
        found = world.enforcement(period, learnt.practice)
        engine.renew(world.odds(period, learnt, found))
        steps, weekly = [spread], []
        for _ in range(2):
            weekly += [engine.advance().modes for _ in range(STEP_WEEKS)]
            steps.append(_spread(world, engine.people()))
        modes = np.sum(weekly, axis=0)
        met, people = engine.contacts(), engine.people()
        lesson = world.lesson(period, modes, met.outcomes, met.cases, people, 2 * STEP_WEEKS, 1.0, 0.0)
        # As if it had always been so: what is followed up now was like this when it was recorded.
        learnt = replace(learnt, traces=no_traces(regions))
        knowing, p = learnt.knowing, world.view(period).p
        learnt = learn_from(learnt, p, world.cases, world.contacts, found, lesson)
        # Where officers' learning leads, and a market in which everything is as usual.
        practice = replace(learnt.practice, moved=found.moving)
        learnt = replace(learnt, practice=practice, market=usual_market(p), knowing=knowing)
        loads = smuggled(modes, 1.0, 2 * STEP_WEEKS)
        first, second = steps[1] - steps[0], steps[2] - steps[1]
        spread, before, let_off = steps[2], let_off, found.verdict
        change = max(float(np.abs(second).max()), float(np.abs(let_off - before).max()))
        if change < within:
            break
        pace = min(float(np.abs(second).sum() / max(np.abs(first).sum(), 1e-300)), 0.95)
        ahead = np.clip(spread + second * pace / (1.0 - pace), 1e-6, None)
        _scale(world, engine, ahead / ahead.sum(axis=-1, keepdims=True) / np.maximum(spread, 1e-12))
        spread = _spread(world, engine.people())
    travellers = settled(learnt.travellers, world.view(period).p)
    learnt = replace(learnt, travellers=travellers, practice=usual(learnt.practice, world.cases))
    return Beginning(spread, learnt, loads, change)


def _scale(world: World, engine: Expected, factor: Floats) -> None:
    """Scale the people of each caution by ``factor[R, M, level]``; nobody changes profile."""
    engine.scale(factor[:, world.layout.temper_of][:, :, caution.parts().caution])


def _spread(world: World, people: Floats) -> Floats:
    """Caution by region and temper, as shares."""
    regions, tempers, levels = people.shape[0], len(world.axes.tempers), caution.LEVELS
    cell = (np.arange(regions)[:, None] * tempers + world.layout.temper_of)[:, :, None] * levels
    # In the order of profiles and statuses.
    summed = np.bincount((cell + caution.parts().caution).ravel(), people.ravel(), regions * tempers * levels)
    found = summed.reshape(regions, tempers, levels)
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(found, total, out=np.full_like(found, 1.0 / caution.LEVELS), where=total > 0)
