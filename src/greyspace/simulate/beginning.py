"""How a run begins: with people whose caution is what it would be after living long under the first odds."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greyspace.engine import Expected
from greyspace.institutions import Practice, no_practice, usual
from greyspace.simulate.learn import Experience, nothing_known, practised, remember, settled
from greyspace.simulate.world import World
from greyspace.society import caution
from greyspace.society.population import Recipe
from greyspace.society.routes import MODES

STEP_WEEKS = 3
MOST_CYCLES = 40
SETTLED = 2e-4
"""Caution, and the bribes that officers strike, count as settled when one step changes no share of them by more."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Beginning:
    """``spread[R, M, level]`` of caution, what travellers and officers know, and what the last step still changed."""

    spread: Floats
    known: Experience
    practice: Practice
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

    Nobody learns of gates or enrols for good: only caution, travellers' experience and officers' practice are carried
    over. Where caution settles slowly, two steps show how it nears its end, and the rest of the way is jumped.
    ``near``: how a world begins that is little different, to start from; ``within``: the change that still counts as
    settled.
    """
    regions = len(world.axes.regions)
    first_period = world.periods[0]
    known = nothing_known(regions, len(world.axes.acts), len(MODES))
    practice = no_practice(regions, world.cases)
    calm = np.tile(caution.calm(world.p), (regions, len(world.axes.tempers), 1))
    if near is not None:
        calm, practice = near.spread, replace(near.practice, usual=practice.usual)
    engine = expectation(world, world.recipe(world.start(calm)))
    each, ungated = np.ones(regions), np.zeros(regions)
    spread, let_off, change = _spread(world, engine.people()), np.zeros(()), np.inf
    for _ in range(MOST_CYCLES):
        found = world.enforcement(first_period, practice)
        engine.renew(world.odds(first_period, known, found))
        steps, modes = [spread], np.zeros(())
        for _ in range(2):
            for _ in range(STEP_WEEKS):
                now = engine.advance().modes
                known = remember(known, world.p, now, 1, each, ungated)
                modes = modes + now
            steps.append(_spread(world, engine.people()))
        practice = practised(practice, world.p, world.cases, found, engine.contacts().cases, modes, 2 * STEP_WEEKS, 1.0)
        practice = replace(practice, moved=found.watched.moving)  # where officers' learning leads
        first, second = steps[1] - steps[0], steps[2] - steps[1]
        spread, before, let_off = steps[2], let_off, found.verdict
        change = max(float(np.abs(second).max()), float(np.abs(let_off - before).max()))
        if change < within:
            break
        pace = min(float(np.abs(second).sum() / max(np.abs(first).sum(), 1e-300)), 0.95)
        ahead = np.clip(spread + second * pace / (1.0 - pace), 1e-6, None)
        _scale(engine, ahead / ahead.sum(axis=-1, keepdims=True) / np.maximum(spread, 1e-12))
        spread = _spread(world, engine.people())
    return Beginning(spread, settled(known, world.p), usual(practice, world.cases), change)


def _scale(engine: Expected, factor: Floats) -> None:
    """Scale the people of each caution by ``factor[R, M, level]``; no profile gains or loses people by it."""
    before = _mass(engine)
    by_status = factor[:, engine.layout.temper_of][:, :, caution.parts().caution]
    engine.free *= by_status
    engine.held_short *= by_status[:, :, None]
    engine.held_long *= by_status[:, :, None]
    after = _mass(engine)
    kept = np.divide(before, after, out=np.ones_like(before), where=after > 0.0)
    engine.free *= kept[:, :, None]
    engine.held_short *= kept[:, :, None, None]
    engine.held_long *= kept[:, :, None, None]


def _mass(engine: Expected) -> Floats:
    """People by region and profile, free or held."""
    return np.asarray(engine.free.sum(axis=-1) + engine.held_short.sum(axis=(2, 3)) + engine.held_long.sum(axis=(2, 3)))


def _spread(world: World, people: Floats) -> Floats:
    """Caution by region and temper, as shares."""
    now = caution.parts()
    temper = world.layout.temper_of
    found = np.zeros((people.shape[0], len(world.axes.tempers), caution.LEVELS))
    for profile in range(people.shape[1]):
        for status in range(people.shape[2]):
            found[:, temper[profile], now.caution[status]] += people[:, profile, status]
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(found, total, out=np.full_like(found, 1.0 / caution.LEVELS), where=total > 0)
