"""What the answer rests on: how long the gates lived, where, why they stopped, and what they did to travellers.

Three layers, widest first: draws of all uncertain parameters (gates alone: many; journeys: the expectation), the pack's
own values, and seeds of the individual runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.results import Results
from greyspace.simulate import Plan, mondays
from greyspace.simulate.world import day_of
from greyspace.study import gates
from greyspace.study.draws import latin
from greyspace.study.era import Era, first_monday
from greyspace.study.eras import by_draw, by_seed, put_under, read_by
from greyspace.study.jobs import Tell

LEAD_IN = timedelta(days=730)
"""How long before the first gate the expectation starts, from a stationary state.

Long enough to begin before travel was banned: what officers catch at the start says how many of them there are.
"""

GATE_DRAWS = 200
"""Draws of the gates' fates: cheap, since nobody need travel."""

FACTORIAL_EVERY = 4
"""Every so many of these draws goes through the factorial over the limits, which takes eight of them."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """The 10th percentile, median and 90th percentile of a number over draws."""

    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """From the values of all draws."""
        low, mid, high = np.quantile(np.asarray(values, dtype=np.float64), [0.1, 0.5, 0.9])
        return cls(float(low), float(mid), float(high))


@dataclass(frozen=True)
class Sighting:
    """What sources saw of the gates, to which lives of devices and spare parts were fitted.

    ``within``: whether the run goes on until that day. ``fits`` by draw and ``settled_fits`` by seed at the pack's own
    values: whether what was seen of the first province, and of the capital, comes out.
    """

    first_at_most: float
    capital_at_least: float
    within: bool
    fits: list[tuple[bool, bool]]
    settled_fits: list[tuple[bool, bool]]


@dataclass(frozen=True)
class Findings:
    """All that the answer and its figures show; ``pack`` and ``p`` are the country under the first scenario.

    ``fates`` are the gates' fates by draw and ``settled_fates`` those at the pack's own values, over many seeds.
    ``seen_on`` is the day whose gates they count, and ``sighting`` what sources saw on it; None where none tells.
    ``factorial`` and ``shares`` come from the same draws: live share of gate-time by limits lifted; Shapley shares.
    ``eras`` by draw and scenario, ``at_values`` the expectation at the pack's values, ``seeds`` the individual runs.
    ``read`` are the parameters that the runs read.
    """

    pack: Pack
    p: Parameters
    weeks: NDArray[np.int64]
    names: Mapping[str, str]
    fates: list[gates.Fates]
    settled_fates: list[gates.Fates]
    factorial: list[Mapping[frozenset[str], float]]
    shares: list[Mapping[str, float]]
    eras: Sequence[Mapping[str, Era]]
    at_values: Mapping[str, Era]
    seeds: list[Mapping[str, Era]]
    baseline: str
    without: str | None
    read: frozenset[str]
    since: date
    end: date
    seen_on: date
    sighting: Sighting | None


def find(plans: Sequence[Plan], runs: Sequence[Results], draws: int, workers: int, tell: Tell) -> Findings | None:
    """Everything for the answer; None where the first scenario has no gates, or they come after the end."""
    first = plans[0]
    pack = first.pack
    world = first.world()
    since = first_monday(world)
    if since is None:
        return None
    scenarios = list(dict.fromkeys(plan.scenario.id for plan in plans))
    weeks = mondays(day_of(since), first.end)
    seeds = list(range(1, GATE_DRAWS + 1))
    under = pack.under(first.scenario)
    read = read_by(plans)
    settings = [put_under(first, drawn) for drawn in latin(pack.parameters, GATE_DRAWS, read)]
    tell("fates of gates", 0, 3)
    drawn = gates.many(under, settings, seeds, weeks)
    tell("fates of gates", 1, 3)
    settled = gates.many(under, [put_under(first, {})] * GATE_DRAWS, seeds, weeks)
    tell("fates of gates", 2, 3)
    every = slice(None, None, FACTORIAL_EVERY)
    worth = [gates.limits(under, s, seed, weeks) for s, seed in zip(settings[every], seeds[every], strict=True)]
    tell("fates of gates", 3, 3)
    seen = gates.seen_day(first.p)
    start = max(first.start, day_of(since) - LEAD_IN)
    start -= timedelta(days=start.weekday())
    late = [replace(plan, start=start) for plan in plans]
    eras = by_draw(late, draws, read, since, workers, tell) if draws else []
    return Findings(
        pack=under,
        p=first.p,
        weeks=weeks,
        names=gates.group_names(pack),
        fates=[found for _, found in drawn],
        settled_fates=[found for _, found in settled],
        factorial=[w for w, _ in worth],
        shares=[s for _, s in worth],
        eras=eras[1:],
        at_values=eras[0] if eras else {},
        seeds=by_seed(plans, runs, since),
        baseline=scenarios[0],
        without=next((name for name in scenarios if "station_gates" in _off(plans, name)), None),
        read=read,
        since=day_of(since),
        end=first.end,
        seen_on=day_of(int(weeks[-1]) if seen is None else min(seen, int(weeks[-1]))),
        sighting=None
        if seen is None
        else Sighting(
            first_at_most=first.p.number("fitted.first_province_working_at_most"),
            capital_at_least=first.p.number("fitted.capital_working_at_least"),
            within=bool(seen < weeks[-1] + 7),
            fits=[gates.fits(found, p) for p, found in drawn],
            settled_fits=[gates.fits(found, p) for p, found in settled],
        ),
    )


def _off(plans: Sequence[Plan], scenario: str) -> frozenset[str]:
    return next(plan.off for plan in plans if plan.scenario.id == scenario)
