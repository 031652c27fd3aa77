"""Worlds over two parameters: what a measure comes to at each point, and where it breaks even.

A row of points differs in one parameter alone; each point finds its beginning from that of the point before, which is
near. Then it is lived, by expectation, for as long as the plan says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.errors import InputError
from greyspace.evidence import ParameterSet, known_id, resolve
from greyspace.evidence.resolve import Setting
from greyspace.figures import maps as of_maps
from greyspace.simulate import Life, Plan, plan
from greyspace.simulate.beginning import SETTLED, Beginning, spin_up
from greyspace.study.gauges import Gauge
from greyspace.study.jobs import Tell, lived
from greyspace.study.lives import ByYear, Totals, one_more, whole

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """Points that differ in one parameter alone, ``key``, in the order in which each is near to the one before.

    ``within``: the change a step that still counts as settled at the beginning. What is compared with another world
    needs the least there is.
    """

    plan: Plan
    key: str
    values: tuple[float, ...]
    within: float = SETTLED

    def live(self) -> list[tuple[Totals, bool]]:
        """Totals of each point, and whether its beginning came to rest."""
        found: list[tuple[Totals, bool]] = []
        near: Beginning | None = None
        for value in self.values:
            here = put(self.plan, {self.key: value})
            near = spin_up(here.world(), near, self.within)
            life = Life(here, begun=near)
            years: ByYear = {}
            for period in life.world.periods:
                years = one_more(years, life.world, period, life.step(period, life.odds(period), lambda _: None))
            found.append((whole(years), near.last_change < self.within))
        return found


def put(base: Plan, sets: Mapping[str, Setting]) -> Plan:
    """The plan, by expectation, with more parameters set over its own."""
    return plan(
        base.pack,
        base.scenario,
        engine="expected",
        seed=base.seed,
        start=base.start,
        end=base.end,
        sets={**base.sets, **sets},
    )


# -- maps of where a measure breaks even


class Axis(NamedTuple):
    """The values of a parameter along one side of a map, rising; ``ratio``: spaced by ratios, not by differences."""

    key: str
    values: tuple[float, ...]
    ratio: bool

    @property
    def places(self) -> Floats:
        """The values as they are spaced."""
        values = np.array(self.values)
        return np.log(values) if self.ratio else values


class Ready(NamedTuple):
    """A map that is ready to be asked for: its axes as one would write them, its measure, and what it shows."""

    x: str
    y: str
    measure: str
    against: str | None
    says: str


READY: Mapping[str, Ready] = {
    "power-pay": Ready(
        "power.least_hours=0:24",
        "bribery.wage_factor=1:100",
        "held_up",
        "no-gates",
        "whether gates make officers hold up more innocent travellers or fewer, by hours of electricity and by pay",
    ),
    "posts-conduct": Ready(
        "road_posts.open_share=0.1:1",
        "bribery.toll_conduct=0:1",
        "journey_without_permit.priced_out",
        None,
        "journeys that bribes make not worth it, by posts that are manned and how far they ask as one",
    ),
    "analysts-review": Ready(
        "analysis.capacity=0.1:100",
        "analysis.reviewed_share=0.0001:0.5",
        "leads",
        None,
        "people followed up for what is on record, by analysts and by the share of records that anybody looks at",
    ),
    "spares-power": Ready(
        "devices.spares_per_year=1:100",
        "power.least_hours=0:24",
        "gates_live",
        None,
        "the time that gates work, by spare parts and hours of electricity",
    ),
}
"""Maps by name."""

_WIDE = 30.0
"""Ends whose ratio is larger are spaced by ratios."""


def axis(parameters: ParameterSet, side: str, words: str, points: int) -> Axis:
    """An axis from ``id``, ``id=low:high`` or ``id=a,b,c``; ``side`` is its option. InputError where it is none.

    Without ends a parameter has those of its distribution, or else of its range.
    """
    key, equals, told = (part.strip() for part in words.partition("="))
    known = parameters[known_id(parameters, key)]
    if known.range is None:
        raise InputError(f"{side} {words}: {known.id} is a word, not a number; it has no axis.")
    if "," in told:
        values = tuple(sorted({_number(side, words, part) for part in told.split(",")}))
    else:
        low, high = _ends(known, side, words, told) if equals else _known_ends(known)
        if not low < high:
            raise InputError(f"{side} {words}: the first number must be the smaller, as in {known.id}=1:100.")
        ratio = low > 0 and high / low >= _WIDE
        values = tuple((np.geomspace if ratio else np.linspace)(low, high, points).tolist())
    if len(values) < 2:
        raise InputError(f"{side} {words}: a map needs two values at least.")
    for value in values:
        resolve(parameters, {known.id: value})
    return Axis(known.id, values, values[0] > 0 and values[-1] / values[0] >= _WIDE)


def _known_ends(known: Any) -> tuple[float, float]:
    drawn = known.distribution
    low, high = (drawn.low, drawn.high) if drawn is not None and hasattr(drawn, "low") else known.range
    return float(low), float(high)


def _ends(known: Any, side: str, words: str, told: str) -> tuple[float, float]:
    low, colon, high = told.partition(":")
    if not colon:
        raise InputError(f"{side} {words}: give the ends, {known.id}=1:100, or values, {known.id}=1,10,100.")
    return _number(side, words, low), _number(side, words, high)


def _number(side: str, words: str, told: str) -> float:
    try:
        value = float(told)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{side} {words}: '{told.strip()}' is not a number.")
    return value


@dataclass(frozen=True)
class Map:
    """What a measure comes to over two parameters, ``a[y, x]`` under the plan and ``b`` under what it is held against.

    ``level`` is where it breaks even: nought for a difference, else what the plan itself comes to, or what was asked
    for. NaN: nothing to measure. ``settled[y, x]``: whether all that is compared there began at rest.
    """

    plan: Plan
    against: str | None
    gauge: Gauge
    x: Axis
    y: Axis
    a: Floats
    b: Floats | None
    level: float
    settled: NDArray[np.bool_]

    @property
    def margin(self) -> Floats:
        """What is above break-even, ``[y, x]``; NaN where a point did not settle."""
        value = self.a - self.level if self.b is None else self.a - self.b
        return np.where(self.settled, value, np.nan)

    @property
    def own(self) -> tuple[float, float]:
        """Where the plan itself lies."""
        x, y = (self.plan.p.number(of.key, self.plan.end) for of in (self.x, self.y))
        return x, y


def histories(x: Axis, y: Axis, against: bool, level: float | None) -> int:
    """How many worlds a map takes."""
    return len(x.values) * len(y.values) * (2 if against else 1) + (not against and level is None)


def chart(
    base: Plan,
    against: Plan | None,
    gauge: Gauge,
    x: Axis,
    y: Axis,
    level: float | None,
    workers: int,
    tell: Tell,
) -> Map:
    """Live the worlds of a map. ``against``: the same plan under another scenario; it breaks even where both agree.

    ``level``: where it breaks even without that; None: at what the plan itself comes to. InputError where the axes are
    one parameter, or where the plan itself has nothing to measure.
    """
    if x.key == y.key:
        raise InputError(f"--x and --y are both {x.key}: a map needs two parameters.")
    worlds = [base] if against is None else [base, against]
    rows = [Row(put(world, {y.key: value}), x.key, x.values) for world in worlds for value in y.values]
    asked = against is None and level is None
    if asked:
        here = base.p.number(x.key, base.end)
        rows.append(Row(base, x.key, (here,)))
    found = lived(rows, workers, "worlds of the map", tell)
    if asked:
        level = gauge.of(found.pop()[0][0])
        if level is None:
            raise InputError(f"--measure {gauge.name}: there is nothing to measure under {base.scenario.id}.")
    shape = (len(worlds), len(y.values), len(x.values))
    values = np.array([np.nan if (v := gauge.of(totals)) is None else v for row in found for totals, _ in row])
    settled = np.array([rest for row in found for _, rest in row]).reshape(shape)
    both = values.reshape(shape)
    return Map(
        plan=base,
        against=None if against is None else against.scenario.id,
        gauge=gauge,
        x=x,
        y=y,
        a=both[0],
        b=None if against is None else both[1],
        level=0.0 if against is not None else float(level or 0.0),
        settled=np.asarray(settled.all(axis=0)),
    )


def crossings(found: Map, across: bool = False) -> list[list[float]]:
    """By value of y: where along x the measure breaks even, between points by straight lines.

    ``across``: by value of x, where along y.
    """
    told: list[list[float]] = []
    along = found.y if across else found.x
    places = along.places
    for row in found.margin.T if across else found.margin:
        at: list[float] = []
        for (left, a), (right, b) in pairwise(zip(places, row, strict=True)):
            if np.isfinite([a, b]).all() and (a > 0) != (b > 0) and a != b:
                at.append(float(left + (right - left) * a / (a - b)))
        told.append([float(np.exp(place)) if along.ratio else place for place in at])
    return told


def table(found: Map) -> pl.DataFrame:
    """One row a point: the two parameters, the measure, what it is held against, the margin above break-even."""
    rows = []
    for j, y in enumerate(found.y.values):
        for i, x in enumerate(found.x.values):
            other = found.level if found.b is None else float(found.b[j, i])
            numbers = (float(found.a[j, i]), other, float(found.margin[j, i]))
            rows.append((x, y, *(None if np.isnan(n) else n for n in numbers), bool(found.settled[j, i])))
    names = [found.x.key, found.y.key, found.plan.scenario.id, found.against or "break_even", "margin", "settled"]
    kinds = [pl.Float64] * 5 + [pl.Boolean]
    return pl.DataFrame(rows, schema=list(zip(names, kinds, strict=True)), orient="row")


def say(found: Map) -> str:
    """Where it breaks even, in a sentence or two."""
    margin = found.margin[np.isfinite(found.margin)]
    gauge = found.gauge
    if not len(margin):
        return "There is nothing to measure anywhere on this map."
    if found.b is None:
        what = f"{gauge.says} ({gauge.unit}) against {found.level:.3g}"
    else:
        what = f"{gauge.says} ({gauge.unit}), {found.plan.scenario.id} less {found.against}"
    reach = f"from {margin.min():+.3g} to {margin.max():+.3g}"
    if (margin > 0).all() or (margin < 0).all():
        return f"Nowhere on this map does it break even: {what} goes {reach}."
    share = 100.0 * float((margin > 0).mean())
    return f"It breaks even along the thick line: {what} goes {reach}, and is more at {share:.0f}% of the points."


def picture(found: Map) -> tuple[Figure, str]:
    """The map as a figure, and its caption."""
    pack, gauge, base = found.plan.pack, found.gauge, found.plan.scenario.id
    sides = [of_maps.Side(pack.parameters[s.key].description, pack.parameters[s.key].unit, s.key, np.array(s.values),
                          s.ratio) for s in (found.x, found.y)]  # fmt: skip
    rest = found.settled
    panels = [of_maps.Panel(base, gauge.unit, np.where(rest, found.a, np.nan))]
    if found.b is not None:
        panels.append(of_maps.Panel(str(found.against), gauge.unit, np.where(rest, found.b, np.nan)))
        difference = f"{base} less {found.against}"
        panels.append(of_maps.Panel(difference, f"difference, {gauge.unit}", found.margin, about=0.0))
    else:
        panels[0] = panels[0]._replace(about=found.level)
    unsettled = int((~rest).sum())
    figure = of_maps.maps(
        panels,
        sides[0],
        sides[1],
        found.own,
        f"Where it breaks even: {gauge.says}",
        f"{pack.title}, {found.plan.start:%B %Y} to {found.plan.end:%B %Y}. {say(found)}",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): "
        f"{'an invented country' if pack.stylised else 'invented persons; conditional on a model, not a measurement'}. "
        f"Each point is a world that has settled under these values, by expectation, with one fate of its devices "
        f"(seed {found.plan.seed}); values between points are drawn straight."
        + (f" {unsettled} of {rest.size} points did not come to rest and are left empty." if unsettled else ""),
    )
    caption = (
        f"{gauge.says} ({gauge.unit}) by {found.x.key} and {found.y.key}, {base}"
        + (f" against {found.against}" if found.against else "")
        + f"; {found.plan.start} to {found.plan.end}. {say(found)}"
    )
    return figure, caption
