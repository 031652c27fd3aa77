"""When two plans part: the day from which what they come to may differ, told without living either.

Whatever two plans do not have in common matters from some day on, and up to then their expectations are the same to the
last bit: one life can be lived for both. Where it cannot be told, they part at the beginning.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from greyspace.simulate.plan import Plan
from greyspace.simulate.world import day_of
from greyspace.systems import SYSTEMS, station_gates


def parting(one: Plan, other: Plan, covered: bool = False) -> date | None:
    """The day from which the expectations under two plans may differ; None where they are the same to the end.

    A period that ends before this day is the same under both. One that ends on it may not be: what a period comes to
    can hang on what holds when it is over. ``covered``: whether it matters which systems are there to cover anybody,
    also those that have no equipment yet.
    """
    if "individuals" in (one.engine, other.engine) or _frame(one) != _frame(other):
        return one.start
    equipped = min((day for plan in (one, other) if (day := _equipped(plan)) is not None), default=None)
    there = date.min if covered else equipped
    days = [*_of_events(one, other), *_of_systems(one, other, there), *_of_parameters(one, other, equipped)]
    # Odds are renewed on dates that only one of them has.
    days += one.cuts ^ other.cuts
    first = min(days, default=date.max)
    return max(first, one.start) if first <= one.end + timedelta(weeks=1) else None


def _frame(plan: Plan) -> tuple[object, ...]:
    """What must be the same from the beginning."""
    return plan.pack.content_hash, plan.seed, plan.start, plan.end, plan.model


def _equipped(plan: Plan) -> date | None:
    """The day on which the first device is installed that a system keeps one by one; None without any."""
    on = (system for system in SYSTEMS if system.NAME not in plan.off)
    sites = (site for system in on for site in system.sites(plan.pack, plan.p))
    return min((day_of(site.installed) for site in sites), default=None)


def _of_events(one: Plan, other: Plan) -> Iterator[date]:
    """When events begin that only one of them has."""
    said = ("start", "until", "variable", "value", "where", "acts")
    had = [
        {tuple(getattr(event, name) for name in said) for event in plan.scenario.over(plan.pack.events)}
        for plan in (one, other)
    ]
    yield from (start for start, *_ in had[0] ^ had[1])


def _of_systems(one: Plan, other: Plan, equipped: date | None) -> Iterator[date]:
    """From when on a system is on in one of them alone; gates are not there before the first is installed."""
    for name in (system.NAME for system in SYSTEMS):
        told = [plan.scenario.systems.get(name, True) for plan in (one, other)]
        dates = {day for of in told if not isinstance(of, bool) for day in of}
        # One that is off for the whole run has no contacts; one that is switched off has, and nobody meets them.
        differs = date.min if (told[0] is False) != (told[1] is False) else None
        for day in sorted({date.min, *dates}) if differs is None else ():
            if len({_is_on(of, day) for of in told}) > 1:
                differs = day
                break
        if differs is not None and name == station_gates.NAME:
            differs = max(differs, equipped) if equipped is not None else None
        if differs is not None:
            yield differs


def _is_on(told: bool | dict[date, bool], day: date) -> bool:
    if isinstance(told, bool):
        return told
    since = [on for start, on in told.items() if start <= day]
    return since[-1] if since else not next(iter(told.values()))


def _of_parameters(one: Plan, other: Plan, equipped: date | None) -> Iterator[date]:
    """From when on parameters are otherwise; those of gates alone, from the first that is installed."""
    for key, day in one.p.differs(other.p).items():
        if not key.startswith(station_gates.OWN):
            yield day
        elif equipped is not None:
            yield equipped
