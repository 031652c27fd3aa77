"""Many footprints at once: how many days of a month can be told again, and how few points single a person out.

The panel are persons taken evenly from the nation, whole as it is: pupils, farmers, those without a telephone. What
single persons leave is theirs; how many others leave the same is reckoned for the nation, never among the panel, in
which everybody would be unique.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack, Scenario
from greyspace.country.people import ROLES, SETTLEMENT_CLASSES
from greyspace.draws import uniforms
from greyspace.evidence.resolve import Setting
from greyspace.figures.readings import Readings
from greyspace.footprint import joins, unicity
from greyspace.footprint.joins import JOINS
from greyspace.simulate import Plan, plan
from greyspace.society.population import make, units_at
from greyspace.study.draws import latin
from greyspace.study.eras import put_under, read_by
from greyspace.study.footprint import follow, trace_of
from greyspace.study.jobs import Tell, lived
from greyspace.study.months import Month, month

_LIVED_FOR_ONE = 40
"""Persons lived for each one of the panel, so that the panel comes from many neighbourhoods."""

_CHOICES = 10
"""Choices of points of each trace."""

_BOOTS = 200
_SURE = (0.05, 0.95)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Persons followed through a month, and what their records come to.

    ``days[n, join]``: days with at least one record that can be put to the person; ``alone[n, time, place, k]``: chance
    that so many random points of the trace hold of nobody else in the nation, and ``others``, likewise, how many others
    they hold of; who has fewer is known by all of them, and who has none is anybody of the nation.
    """

    role: tuple[str, ...]
    where: tuple[str, ...]  # settlement class
    profile: tuple[str, ...]
    days: Floats
    alone: Floats
    others: Floats
    records: Floats  # [n, join]
    length: int  # days of the month

    @property
    def persons(self) -> int:
        return len(self.role)


@dataclass(frozen=True)
class Job:
    """A panel of one world, for whichever process is free."""

    pack: Pack
    scenario: Scenario
    day: date
    seed: int
    sets: Mapping[str, Setting]
    start: date
    persons: int
    off: frozenset[str]

    def live(self) -> Panel:
        """The panel."""
        of = month(self.pack, self.scenario, self.day, self.seed, self.sets, self.start)
        return panel(of, self.persons, self.off)


@dataclass(frozen=True)
class Panels:
    """A panel at the pack's own values, and one in each draw of the uncertain parameters."""

    own: Panel
    draws: tuple[Panel, ...]


def jobs(job: Job, draws: int) -> list[Job]:
    """The same panel in draws of the parameters that its world reads."""
    if not draws:
        return []
    first: Plan = plan(
        job.pack, job.scenario, engine="expected", seed=job.seed, start=job.start, end=job.day, sets=job.sets
    )
    read = read_by([first]) | {f"analysis.joinable_{kind}" for kind in joins.IDENTITY_OF}
    drawn = latin(job.pack.parameters, draws, read)
    return [replace(job, seed=n + 1, sets=put_under(first, setting)) for n, setting in enumerate(drawn)]


def panels(own: Month, job: Job, draws: int, workers: int, tell: Tell) -> Panels:
    """The panel of a month, and those in draws of what made it; ``job`` says how it was made."""
    todo = jobs(job, draws)
    tell("following a panel", 0, 1)
    first = panel(own, job.persons, job.off)
    return Panels(first, tuple(lived(todo, workers, "panels in draws of the parameters", tell)) if todo else ())


def panel(month: Month, persons: int, off: frozenset[str] = frozenset()) -> Panel:
    """Follow so many persons, taken evenly from the nation, through the month."""
    total = sum(month.recipe.units)
    unit = float(month.persons.sum()) / total
    scale = min(1.0, _LIVED_FOR_ONE * persons / (total * unit))
    crowd = make(month.recipe, month.seed, *units_at(month.recipe, scale))
    region = np.repeat(crowd.region, np.diff(crowd.first))
    # Where a region is lived more thinly than others, each of its persons stands for more.
    made = np.bincount(region, minlength=len(month.recipe.units))
    reach = np.cumsum((month.persons.sum(axis=1) / np.maximum(made, 1))[region])
    chosen = np.searchsorted(reach, (np.arange(persons) + 0.5) / persons * reach[-1])
    found = follow(month, crowd, np.unique(chosen), month.seed, off)
    who, records = found.who, found.records
    n = len(who.serial)
    where = joins.tells_where(records)
    days, counts = np.zeros((n, len(JOINS))), np.zeros((n, len(JOINS)))
    for j, put in enumerate(found.joined.values()):
        known = np.unique(np.stack([records.person[put & where], records.day[put & where]]), axis=1)
        days[:, j] = np.bincount(known[0], minlength=n)
        counts[:, j] = np.bincount(records.person[put], minlength=n)
    crowds = month.crowd(off)
    ends = int(month.days[0]), int(month.days[-1])
    alone = np.zeros((n, len(unicity.TIMES), len(unicity.PLACES), len(unicity.POINTS)))
    others = np.full_like(alone, month.persons.sum())
    for i in np.unique(records.person).tolist():
        trace, of = trace_of(records, i), (int(who.serial[i]), int(who.counter()[i]))
        for t, time in enumerate(unicity.TIMES):
            for p, place in enumerate(unicity.PLACES):
                own = unicity.distinct(trace, *ends, time, place)
                by_number: dict[int, unicity.Known | None] = {}
                for k, most in enumerate(unicity.POINTS):
                    number = min(most, len(own))
                    if number not in by_number:
                        by_number[number] = unicity.known_by(crowds, own, number, month.seed, of, _CHOICES)
                    found_out = by_number[number]
                    if found_out is not None:
                        alone[i, t, p, k], others[i, t, p, k] = found_out
    kinds, regions = month.pack.profiles, month.pack.regions
    return Panel(
        role=tuple(kinds[p].role for p in who.profile),
        where=tuple(regions[r].settlement_class for r in who.region),
        profile=tuple(month.world.axes.profiles[p] for p in who.profile),
        days=days,
        alone=alone,
        others=others,
        records=counts,
        length=len(month.days),
    )


# -- what panels come to


def curve(found: Panels, time: str, place: str) -> list[Readings]:
    """By how many points are known: the share singled out, over draws and at the pack's own values."""
    t, p = unicity.TIMES.index(time), unicity.PLACES.index(place)
    own = found.own.alone[:, t, p].mean(axis=0)
    drawn = [each.alone[:, t, p].mean(axis=0) for each in found.draws]
    return [
        Readings(draws=tuple(float(each[k]) for each in drawn), own=float(own[k])) for k in range(len(unicity.POINTS))
    ]


def crowd_left(found: Panels, time: str, place: str) -> list[Readings]:
    """By how many points are known: of how many people of the nation they hold, in the middle of those with records."""
    t, p = unicity.TIMES.index(time), unicity.PLACES.index(place)

    def of(each: Panel) -> list[float]:
        some = each.others[:, t, p][each.records[:, -1] > 0]
        return [float(x) for x in np.median(some, axis=0)] if len(some) else [0.0] * len(unicity.POINTS)

    drawn, own = [of(each) for each in found.draws], of(found.own)
    return [Readings(draws=tuple(each[k] for each in drawn), own=own[k]) for k in range(len(unicity.POINTS))]


def luck(found: Panel, time: str, place: str) -> Floats:
    """``[k, (low, high)]``: where the share lies in nine of ten panels of as many persons (bootstrap)."""
    t, p = unicity.TIMES.index(time), unicity.PLACES.index(place)
    n = found.persons
    again = (uniforms(0, "footprint/again", np.arange(_BOOTS)[:, None], np.arange(n))[..., 0] * n).astype(np.int64)
    return np.asarray(np.quantile(found.alone[:, t, p][again].mean(axis=1), _SURE, axis=0).T)


def days_by(found: Panels, key: str) -> list[dict[str, Any]]:
    """Mean days that can be told again, by ``role``, ``where``, ``profile`` or ``role and where``, for each join.

    Each with the 10th and 90th percentile over persons (``_low``, ``_high``), and over draws of the mean where there
    are draws.
    """
    groups = _groups(found.own, key)
    rows = []
    for group in dict.fromkeys(sorted(groups, key=_order)):
        mine = np.array([each == group for each in groups])
        row: dict[str, Any] = {"group": group, "persons": int(mine.sum())}
        for j, join in enumerate(JOINS):
            days = found.own.days[mine, j]
            row[join] = float(days.mean())
            row[f"{join}_low"], row[f"{join}_high"] = (float(x) for x in np.quantile(days, [0.1, 0.9]))
            means = []
            for each in found.draws:
                same = np.array([other == group for other in _groups(each, key)])
                if same.any():
                    means.append(float(each.days[same, j].mean()))
            if means:
                row[f"{join}_draws_low"], row[f"{join}_draws_high"] = (float(x) for x in np.quantile(means, [0.1, 0.9]))
        rows.append(row)
    return rows


def _groups(found: Panel, key: str) -> list[str]:
    if key == "role and where":
        return [f"{role}, {where}" for role, where in zip(found.role, found.where, strict=True)]
    return list(getattr(found, key))


def _order(group: str) -> tuple[int, ...]:
    known = [*SETTLEMENT_CLASSES, *ROLES]
    return tuple(known.index(word) for word in group.split(", ")) if group.split(", ")[0] in known else (0,)


def told(found: Panels) -> dict[str, Any]:
    """Panels as plain data, JSON-able."""
    curves: dict[str, Any] = {}
    for time in unicity.TIMES:
        curves[time] = {}
        for place in unicity.PLACES:
            readings, own = curve(found, time, place), luck(found.own, time, place)
            curves[time][place] = {
                "own": [round(float(each.own or 0.0), 6) for each in readings],
                "others": [float(f"{each.own:.4g}") for each in crowd_left(found, time, place)],
                "luck_low": [round(float(x), 6) for x in own[:, 0]],
                "luck_high": [round(float(x), 6) for x in own[:, 1]],
                "draws": [None if each.spread is None else [round(x, 6) for x in each.spread] for each in readings],
            }
    return {
        "persons": found.own.persons,
        "draws": len(found.draws),
        "days_of_month": found.own.length,
        "points": list(unicity.POINTS),
        "unicity": curves,
        "days": {key: days_by(found, key) for key in ("role and where", "profile")},
    }
