"""Countries under settings that nobody chose, values drawn from a pack, and what officers may have met in them."""

import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from greyspace.contract import Odds
from greyspace.country import STANDINGS, Pack, load_pack
from greyspace.draws import uniforms
from greyspace.evidence import Parameters, quantile, resolve, uncertain
from greyspace.infrastructure import paths
from greyspace.institutions import RANKS, Cases, Practice, no_practice, usual
from greyspace.simulate import World, mondays
from greyspace.simulate.learn import Experience, nothing_learnt
from greyspace.simulate.world import Period
from greyspace.society import caution
from greyspace.systems import System, View

country = cache(load_pack)


def late(folder: Path) -> Path:
    """A copy of toyland of which nothing is told before 2020: its lives are short."""
    shutil.copytree(country("toyland").folder, folder)
    told = folder / "projection.csv"
    head, *years = told.read_text().splitlines(keepends=True)
    told.write_text("".join([head, *(year for year in years if year >= "2020")]))
    return folder


def plausible(pack: Pack, number: int) -> dict[str, float | str]:
    """Settings drawn from every distribution of the pack."""
    ids = uncertain(pack.parameters)
    u = uniforms(number, "test/plausible", np.arange(len(ids)))[:, 0]
    return {key: quantile(pack.parameters[key], float(x)) for key, x in zip(ids, u, strict=True)}


def allowed(pack: Pack, number: int) -> dict[str, float | str]:
    """Settings drawn from the whole of every range, each with a chance of a third at one of its ends."""
    found: dict[str, float | str] = {}
    u = uniforms(number, "test/allowed", np.arange(len(pack.parameters)))[:, :2]
    for (key, parameter), (where, x) in zip(pack.parameters.items(), u.tolist(), strict=True):
        if parameter.options:
            found[key] = parameter.options[int(x * len(parameter.options))]
        else:
            low, high = parameter.range
            found[key] = low if where < 1 / 6 else high if where < 1 / 3 else low + (high - low) * x
    # Ranges know nothing of each other; what only a pair of them can do has tests of its own.
    found["population.least_households"] = min(
        found["population.least_households"], found["population.most_households"]
    )
    return found


def parameters(pack: Pack, **sets: float | str) -> Parameters:
    """The pack's parameters with settings, a dot written as two underscores."""
    return resolve(pack.parameters, {key.replace("__", "."): value for key, value in sets.items()})


def world(
    pack: Pack,
    sets: dict[str, float | str] | None = None,
    scenario: str = "history",
    start: date = date(2020, 1, 6),
    end: date = date(2022, 6, 27),
    seed: int = 1,
    systems: dict[str, bool] | None = None,
) -> World:
    """A world of a pack under a scenario."""
    told = pack.scenario(scenario)
    off = frozenset(name for name, on in {**told.systems, **(systems or {})}.items() if on is False)
    p = resolve(pack.parameters, {**told.sets(), **(sets or {})})
    return World(pack.under(told), p, seed, mondays(start, end), off, switched=told.switched())


def look(
    pack: Pack, systems: tuple[System, ...], day: date, sets: dict[str, float | str] | None = None, **more: object
) -> View:
    """What systems see on a day where there are no others, with what they publish in their order."""
    p = resolve(pack.parameters, sets or {})
    infrastructure = paths(pack, p, 1, mondays(day, day), [])
    masked = np.zeros(len(pack.regions))
    view = View(pack, p, day, 0, 1, infrastructure, masked, infrastructure.power.over(0, 1), **more)
    for system in systems:
        view = replace(view, published={**view.published, **system.publish(view)})
    return view


def with_gates_live(pack: Pack) -> Pack:
    """The pack with every gate of its programme there from the beginning of 2016."""
    return replace(pack, gates=tuple(replace(gate, installed=date(2016, 1, 4)) for gate in pack.gates))


def practice(cases: Cases, places: int, number: int) -> Practice:
    """What officers may have met: some hundreds a month of each kind in a place, and nobody at all in some places."""
    payers = len(STANDINGS) * RANKS
    rng = np.random.default_rng(number)
    caught = np.floor(rng.gamma(0.3, 1.0, (places, len(cases.pairs), payers, 2)) * 20.0)
    caught[rng.uniform(size=(places, len(cases.pairs))) < 0.1] = 0.0
    met = usual(replace(no_practice(places, cases), caught=caught), cases).usual
    return Practice(
        caught=caught,
        on_record=np.floor(caught.sum(axis=-1) * rng.choice([0.0, 0.3, 1.0], (places, 1, 1))),
        stopped=met * rng.uniform(0, 0.3, met.shape),
        looked_over=met * rng.uniform(0, 6, met.shape),
        journeys=met.sum() * rng.uniform(0.2, 2, 2),
        usual=met * rng.uniform(0.7, 1.4, met.shape),
        moved=rng.uniform(0, 1, met.shape),
        stake=rng.uniform(-500, 2000, met.shape),
    )


def odds_of(made: World, period: Period, known: Experience | None = None, met: Practice | None = None) -> Odds:
    """The odds of a period; travellers know nothing, and officers have met nobody, unless it is said."""
    learnt = nothing_learnt(made.p, len(made.pack.regions), made.cases)
    learnt = replace(learnt, travellers=known or learnt.travellers, practice=met or learnt.practice)
    return made.odds(period, learnt, made.enforcement(period, learnt.practice))


def calm(made: World) -> np.ndarray:
    """``[R, M, level]``: caution as it is where nothing has happened for long, the same for all tempers."""
    return np.repeat(caution.calm(made.chronic)[:, None], len(made.axes.tempers), axis=1)
