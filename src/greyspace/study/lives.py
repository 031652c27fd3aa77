"""What a life comes to, by year: totals small enough to keep many of them, from which every measure is read."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract.axes import FREE_RECORDED
from greyspace.infrastructure import HOME, NOT_INSTALLED, WORKING
from greyspace.results import source_hash
from greyspace.results.files import make_folder, write_whole
from greyspace.simulate import Plan, World
from greyspace.simulate.measures import PeriodTallies, bribes_of
from greyspace.simulate.world import Period, day_of
from greyspace.study.era import Era, added, nothing, together

Floats = NDArray[np.float64]

FLOWS = (
    *("person_weeks", "recorded", "leads", "bribes", "kg", "held_short", "held_long", "held_camp", "held_killed"),
    *("gate_weeks", "gates_working", "gates_live"),
)
"""Person-weeks; acts that went free but recorded, and leads; bribes and tolls of all officers, and kg of rice for them;
persons newly held, by class, and killed; weeks of installed gates, of those not broken, and of those at work."""

COVERED = {
    "payers": ("payments", "payers"),
    "riders": ("payments", "riders"),
    "pupils": ("school_cameras", "pupils"),
    "vehicle_trips": ("plate_cameras", "vehicle_trips"),
    "border": ("border_video", "border"),
    "industry_workers": ("workplace_cameras", "industry_workers"),
    "owners": ("phones", "owners"),
}
"""Whom a system is for, by the name of the level: (system, whom)."""

LEVELS = ("food_price", "goods_price", "power_home", "linked", *COVERED)
"""What is averaged over time (prices) or over time and people (all others)."""

_HOLDS = ("short", "long", "camp", "killed")


@dataclass(frozen=True)
class Totals:
    """Totals of some time, in persons of the nation: an :class:`Era`, ``flows`` in the order of :data:`FLOWS`.

    ``levels[level]`` are levels times weeks, ``weeks[level]`` the weeks in which there was anything of the kind.
    """

    era: Era
    flows: Floats
    levels: Floats
    weeks: Floats

    def flow(self, name: str) -> float:
        """One of :data:`FLOWS`."""
        return float(self.flows[FLOWS.index(name)])

    def level(self, name: str) -> float | None:
        """The mean of one of :data:`LEVELS`; None where there never was anything of the kind."""
        at = LEVELS.index(name)
        return float(self.levels[at] / self.weeks[at]) if self.weeks[at] > 0 else None

    @property
    def person_years(self) -> float:
        """Years lived by all persons of the nation."""
        return self.flow("person_weeks") * 7.0 / 365.25


ByYear = Mapping[int, Totals]
"""Totals by calendar year; a period counts for the year in which it begins."""


def none() -> Totals:
    """Totals before anything happened."""
    return Totals(nothing(), np.zeros(len(FLOWS)), np.zeros(len(LEVELS)), np.zeros(len(LEVELS)))


def whole(years: ByYear) -> Totals:
    """Totals over all years."""
    found = none()
    for of in years.values():
        era = Era(**{f.name: getattr(found.era, f.name) + getattr(of.era, f.name) for f in fields(Era)})
        found = Totals(era, found.flows + of.flows, found.levels + of.levels, found.weeks + of.weeks)
    return found


def by_year(plans: Sequence[Plan], since: int) -> dict[str, ByYear]:
    """Expectations under several scenarios, by name and year, from the Monday ``since`` on (days since 1970-01-01)."""
    return dict(together(plans, since, dict, one_more))


@dataclass(frozen=True)
class Lives:
    """Lives under several scenarios with one seed and the same dates, from ``since`` on, for whichever process is free.

    ``shelf``: folder where the totals of each life are kept; one that is there is not lived again.
    """

    plans: tuple[Plan, ...]
    since: int
    shelf: Path | None = None

    def live(self) -> dict[str, ByYear]:
        """Totals by scenario and year."""
        found = {plan.scenario.id: years for plan in self.plans if (years := self._kept(plan)) is not None}
        missing = [plan for plan in self.plans if plan.scenario.id not in found]
        if missing:
            fresh = by_year(missing, self.since)
            for plan in missing:
                found[plan.scenario.id] = fresh[plan.scenario.id]
                if self.shelf is not None:
                    _keep(self._file(plan, self.shelf), fresh[plan.scenario.id])
        return {plan.scenario.id: found[plan.scenario.id] for plan in self.plans}

    def missing(self) -> int:
        """How many of them are not kept yet."""
        return sum(self.shelf is None or not self._file(plan, self.shelf).exists() for plan in self.plans)

    def _file(self, plan: Plan, shelf: Path) -> Path:
        return shelf / f"{plan.run_id}-{self.since}-{source_hash(('study',))}.npz"

    def _kept(self, plan: Plan) -> ByYear | None:
        if self.shelf is None:
            return None
        try:
            with self._file(plan, self.shelf).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return _of_arrays(dict(arrays))
        # One that is torn is lived again.
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


_OWN = ("flows", "levels", "weeks")


def _keep(path: Path, years: ByYear) -> None:
    arrays: dict[str, Any] = {name: np.stack([getattr(of, name) for of in years.values()]) for name in _OWN}
    arrays |= {f.name: np.stack([getattr(of.era, f.name) for of in years.values()]) for f in fields(Era)}
    make_folder(path.parent)
    write_whole(path, lambda file: np.savez_compressed(file, years=np.array(list(years)), **arrays))


def _of_arrays(arrays: Mapping[str, NDArray[np.float64]]) -> ByYear:
    return {
        int(year): Totals(Era(**{f.name: arrays[f.name][i] for f in fields(Era)}), *(arrays[name][i] for name in _OWN))
        for i, year in enumerate(arrays["years"])
    }


def one_more(found: ByYear, world: World, period: Period, got: PeriodTallies) -> ByYear:
    """Totals by year with one more period."""
    year = day_of(period.monday).year
    before = found.get(year, none())
    levels = _levels(world, period, got)
    there = np.isfinite(levels)
    return {
        **found,
        year: Totals(
            era=added(before.era, world, period, got),
            flows=before.flows + _flows(world, period, got),
            levels=before.levels + np.where(there, levels, 0.0) * period.weeks,
            weeks=before.weeks + there * float(period.weeks),
        ),
    }


def _flows(world: World, period: Period, got: PeriodTallies) -> Floats:
    paid = bribes_of(got.enforcement, got.cases * got.weight)[..., 1:].sum(axis=(0, 1, 2, 3))
    held = np.sum([week.sum(axis=(0, 1)) for week in got.held], axis=0) * got.weight
    leads = sum(
        float(np.asarray(got.contacts, np.float64)[:, c].sum())
        for c, contact in enumerate(world.contacts)
        if contact.encounter == "lead"
    )
    infra, weeks = world.infrastructure, slice(period.first, period.last)
    there, works = infra.state[weeks] != NOT_INSTALLED, infra.state[weeks] == WORKING
    found = {
        "person_weeks": float(world.persons(day_of(period.monday).year).sum()) * period.weeks,
        "recorded": float(np.sum(got.modes, axis=0)[..., FREE_RECORDED].sum()) * got.weight,
        "leads": leads * got.weight,
        "bribes": float(paid[0]),
        "kg": float(paid[1]),
        **{f"held_{name}": float(held[world.axes.holds.index(name)]) for name in _HOLDS},
        "gate_weeks": float(there.sum()),
        "gates_working": float(works.sum()),
        "gates_live": float(world.live(weeks).sum()),
    }
    return np.array([found[name] for name in FLOWS])


def _levels(world: World, period: Period, got: PeriodTallies) -> Floats:
    """Levels of a period in the order of :data:`LEVELS`; NaN where there is nothing of the kind."""
    persons = world.persons(day_of(period.monday).year)
    infra, weeks = world.infrastructure, slice(period.first, period.last)
    covered = world.coverage(period, got.knew)

    def mean(of: Floats) -> float:
        there = np.isfinite(of)
        return float((of[there] * persons[there]).sum() / persons[there].sum()) if there.any() else np.nan

    found = {
        "food_price": float(got.market.food),
        "goods_price": float(got.market.goods),
        "power_home": mean(infra.power.share[weeks][..., HOME].mean(axis=0)),
        "linked": mean(infra.network[weeks].mean(axis=0)),
        **{name: mean(covered[kind]) if kind in covered else np.nan for name, kind in COVERED.items()},
    }
    return np.array([found[name] for name in LEVELS])
