"""What to run: a country, a scenario, settings, time, seed, scale, engine. Everything that makes a run that run."""

import inspect
import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Any

from greyspace import __version__
from greyspace.country import Pack, Scenario, packs
from greyspace.draws import DRAWS_VERSION
from greyspace.errors import InputError
from greyspace.evidence import Parameters, counts, resolve
from greyspace.evidence.resolve import Setting
from greyspace.results import run_id, source_hash
from greyspace.simulate.world import World, mondays
from greyspace.systems import SYSTEMS

ENGINES = ("individuals", "expected")
_MOST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Plan:
    """One run, checked. ``sets`` are settings put over the scenario's own; ``model``: another kind of world, such as a
    wrong one that the evidence is to reject.
    """

    pack: Pack
    scenario: Scenario
    engine: str
    seed: int
    scale: float
    start: date
    end: date
    sets: Mapping[str, Setting]
    model: type[World] = World

    @cached_property
    def p(self) -> Parameters:
        """The parameters under the scenario and the settings."""
        return resolve(self.pack.parameters, {**self.scenario.sets(), **self.sets})

    @cached_property
    def off(self) -> frozenset[str]:
        """Systems that the scenario switches off for the whole run."""
        return frozenset(name for name, on in self.scenario.systems.items() if on is False)

    def world(self) -> World:
        """The world of this run."""
        weeks = mondays(self.start, self.end)
        pack, switched = self.pack.under(self.scenario), self.scenario.switched()
        return self.model(pack, self.p, self.seed, weeks, self.off, self.cuts, switched)

    @cached_property
    def cuts(self) -> set[date]:
        """Dates on which anything changes in the pack or a scenario of it, so that these share their periods."""
        told = (self.scenario, *self.pack.scenarios.values())
        events = (*self.pack.events, *(event for scenario in told for event in scenario.added))
        sets = (self.sets, *(scenario.sets() for scenario in told))
        dated = {day for of in sets for value in of.values() if isinstance(value, Mapping) for day in value}
        switched = {day for scenario in told for dates in scenario.switched().values() for day in dates}
        return dated | switched | {day for event in events for day in (event.start, event.until) if day is not None}

    @cached_property
    def ingredients(self) -> dict[str, Any]:
        """All that shapes the results, and nothing else."""
        found = {
            "source_hash": source_hash(),
            "pack_hash": self.pack.content_hash,
            "scenario": self.scenario.model_dump(mode="json", exclude={"name", "sentence"}),
            "parameters": self.p.resolved(),
            "engine": self.engine,
            "from": self.start,
            "to": self.end,
            "seed": self.seed,
            # The expectation does not sample: its results are the same at every scale.
            "scale": self.scale if self.engine == "individuals" else 1.0,
            "draws_version": DRAWS_VERSION,
        }
        return found if self.model is World else {**found, "model": inspect.getsource(self.model)}

    @cached_property
    def run_id(self) -> str:
        """The name of the run."""
        return run_id(self.ingredients)

    def manifest(self) -> dict[str, Any]:
        """What the run's folder says of it."""
        return {
            **self.ingredients,
            "run_id": self.run_id,
            "scenario": self.scenario.id,
            "scenario_says": self.scenario.model_dump(mode="json"),
            "settings": dict(self.sets),
            "country": self.pack.id if _shipped(self.pack) else str(self.pack.folder.resolve()),
            "evidence": counts(self.pack.parameters),
            "versions": {"greyspace": __version__, "python": platform.python_version()}
            | {name: version(name) for name in ("numpy", "numba", "polars", "pyarrow")},
            "cpu": platform.processor() or platform.machine(),
        }


def plan(
    pack: Pack,
    scenario: Scenario,
    *,
    engine: str = "individuals",
    seed: int = 1,
    scale: float = 0.004,
    start: date = date(2016, 1, 4),
    end: date = date(2024, 12, 30),
    sets: Mapping[str, Setting] | None = None,
) -> Plan:
    """Check and resolve what to run; dates snap to the Monday of their week. InputError in one sentence."""
    if engine not in ENGINES:
        raise InputError(f"--engine {engine}: there is no such engine (allowed: {', '.join(ENGINES)}).")
    if not 0 <= seed <= _MOST_SEED:
        raise InputError(f"--seed {seed}: allowed are whole numbers from 0 to {_MOST_SEED}.")
    if not (math.isfinite(scale) and 0 < scale <= 1):
        raise InputError(f"--scale {scale:g}: allowed is a share of the population, more than 0 and at most 1.")
    if end < start:
        raise InputError(f"--from {start} --to {end}: the end lies before the start; put the earlier date first.")
    years = [row.year for row in pack.projection]
    first, last = date(min(years), 1, 7), date(max(years), 12, 31)
    for name, day in (("--from", start), ("--to", end)):
        if not first <= day <= last:
            raise InputError(f"{name} {day}: the pack {pack.id} covers {first} to {last}.")
    unknown = sorted(set(scenario.systems) - {system.NAME for system in SYSTEMS})
    if unknown:
        names = ", ".join(system.NAME for system in SYSTEMS)
        raise InputError(f"scenario {scenario.id}, systems: there is no system '{unknown[0]}' (allowed: {names}).")
    made = Plan(pack, scenario, engine, seed, scale, _monday(start), _monday(end), dict(sets or {}))
    _ = made.p  # resolves now, so that a mistake is told before anything is computed
    return made


def _monday(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())


def _shipped(pack: Pack) -> bool:
    return pack.id in packs() and pack.folder.parent.name == "countries"
