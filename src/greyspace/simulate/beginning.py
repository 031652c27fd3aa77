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
    return Expected(people, world.layout, np.full(len(persons), _unit_size(recipe)), world.alike())


def _unit_size(recipe: Recipe) -> float:
    """Mean persons of a unit as somebody who lives in one sees it: large units hold more people."""
    households = np.arange(recipe.least_households, recipe.most_households + 1)
    sizes, shares = np.arange(1, len(recipe.generator.size) + 1), recipe.generator.size
    mean = float((sizes * shares).sum())
    spread = float((sizes**2 * shares).sum()) - mean**2
    units = households * mean
    return float((units**2 + households * spread).mean() / units.mean())


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
    now = caution.parts()
    temper = world.layout.temper_of
    of_level = np.stack([np.flatnonzero(now.caution == level) for level in range(caution.LEVELS)])
    found = np.zeros((people.shape[0], len(world.axes.tempers), caution.LEVELS))
    for profile in range(people.shape[1]):
        for statuses in of_level.T:  # one of each level
            found[:, temper[profile]] += people[:, profile, statuses]
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(found, total, out=np.full_like(found, 1.0 / caution.LEVELS), where=total > 0)
