"""What moves an outcome: Morris screening of all uncertain parameters, then Sobol indices of those that matter.

The designs and the indices are SALib's. Every history is lived by expectation, with one fate of devices (one seed).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.errors import InputError
from greyspace.evidence import Parameter, ParameterSet, quantile, uncertain
from greyspace.evidence.parameters import Value
from greyspace.figures import sensitivity as of_sensitivity
from greyspace.simulate import Life, Plan
from greyspace.study import totals
from greyspace.study.claims import Window
from greyspace.study.draws import SEED
from greyspace.study.histories import History, Kept, Reader
from greyspace.study.jobs import Tell
from greyspace.study.quantities import Quantity
from greyspace.study.totals import Totals

Floats = NDArray[np.float64]

LEVELS = 4
"""Places of each range at which screening tries a parameter."""

LOW, HIGH = 0.05, 0.95
"""Percentiles of a range between which screening moves a parameter: its very ends are seldom meant."""

LEAST_SPREAD = 0.01
"""An outcome whose middle eighty of a hundred lie within this share of its size barely varies."""

ENOUGH = 0.9
"""Survivors of the screening are the fewest that have this share of all effects, and no more than asked for."""

LUCKY = 4
"""Other seeds that are tried at the pack's own values, to say what luck does."""

MOST_TOLD = 10
"""Parameters that are told of after a screening."""

OF_EQUIPMENT = ("gates", "power")
"""Families of outcomes that are settled before anybody lives: their histories take no time to speak of."""

_RESAMPLES = 200
_CERTAIN = 0.95
_EDGE = 1e-9


# -- the knowledge behind a number


def weakness(parameter: Parameter) -> float:
    """How weak the evidence for a parameter is, from 1/6 (confirmed, by a reliable source) to 1 (assumed, or a lever).

    Of each item of evidence the worse of its letter and its digit, in sixths; the best item counts, one sixth more if
    the value was derived from it by a further step.

    >>> from greyspace.country import load_pack
    >>> weakness(load_pack("toyland").parameters["devices.life_years"])
    1.0
    """
    if parameter.grounds in ("assumed", "lever"):
        return 1.0
    steps = min(max("ABCDEF".index(each.grade[0]) + 1, int(each.grade[1])) for each in parameter.evidence)
    return min(steps + (parameter.grounds == "derived"), 6) / 6.0


def grade(parameter: Parameter) -> str:
    """The grades of the evidence in words: assumed, or derived or sourced with its grades."""
    if parameter.grounds in ("assumed", "lever"):
        return parameter.grounds
    return f"{parameter.grounds} {', '.join(dict.fromkeys(each.grade for each in parameter.evidence))}"


# -- screening


def morris_design(number: int, trajectories: int, seed: int = SEED) -> Floats:
    """``[trajectory * (number + 1), number]``: points in the unit cube; each next one of a trajectory moves one.

    Trajectories are drawn one by one: asking for more of them adds to those before.
    """
    from SALib.sample.morris import sample

    each = [sample(_problem(number), 1, num_levels=LEVELS, seed=seed + i) for i in range(trajectories)]
    return np.concatenate(each).astype(np.float64)


def effects(points: Floats, values: Floats) -> list[Floats]:
    """By parameter: change of the value for a move through the whole range, one a trajectory.

    Moves from or to a point without a value (NaN) are left out.
    """
    number = points.shape[1]
    found: list[list[float]] = [[] for _ in range(number)]
    for first in range(0, len(points), number + 1):
        for at in range(first, first + number):
            step = points[at + 1] - points[at]
            moved = int(np.flatnonzero(step)[0])
            change = (values[at + 1] - values[at]) / step[moved]
            if np.isfinite(change):
                found[moved].append(float(change))
    return [np.array(each) for each in found]


class Screened(NamedTuple):
    """One parameter after screening: mean size of its effects, their mean and spread, how many there are, its share of
    all effects.
    """

    key: str
    size: float
    mean: float
    spread: float
    moves: int
    share: float


def screened(ids: Sequence[str], points: Floats, values: Floats) -> list[Screened]:
    """All parameters, the one with the largest effects first."""
    every = effects(points, values)
    sizes = np.array([np.abs(each).mean() if len(each) else 0.0 for each in every])
    total = float(sizes.sum()) or 1.0
    found = [
        Screened(
            key,
            float(size),
            float(each.mean()) if len(each) else 0.0,
            float(each.std(ddof=1)) if len(each) > 1 else 0.0,
            len(each),
            float(size) / total,
        )
        for key, size, each in zip(ids, sizes, every, strict=True)
    ]
    return sorted(found, key=lambda each: (-each.size, each.key))


def survivors(found: Sequence[Screened], most: int) -> list[str]:
    """The fewest parameters that have :data:`ENOUGH` of all effects, at most so many."""
    kept: list[str] = []
    share = 0.0
    for each in found[:most]:
        if share >= ENOUGH or each.size <= 0.0:
            break
        kept.append(each.key)
        share += each.share
    return kept


# -- shares of variance


def sobol_design(number: int, samples: int, seed: int = SEED) -> Floats:
    """``[samples * (number + 2), number]``: Saltelli's points in the unit cube. ``samples``: a power of two."""
    from SALib.sample.sobol import sample

    return np.asarray(sample(_problem(number), samples, calc_second_order=False, seed=seed), dtype=np.float64)


class Index(NamedTuple):
    """Shares of the variance of an outcome over the survivors: of a parameter by itself, and in all it takes part in.

    ``low`` and ``high``: the mean outcome over the lowest and the highest third of its range.
    """

    key: str
    first: float
    first_half: float
    total: float
    total_half: float
    low: float
    high: float

    @property
    def together(self) -> float:
        """What it does only together with others."""
        return self.total - self.first

    @property
    def sure(self) -> bool:
        """Whether its total is told apart from nothing."""
        return self.total - self.total_half > 0.0


def indices(ids: Sequence[str], points: Floats, values: Floats) -> list[Index]:
    """First and total indices with half the width of their 95 percent intervals, the largest total first."""
    from SALib.analyze.sobol import analyze

    found = analyze(
        _problem(len(ids)),
        values,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=_CERTAIN,
        seed=SEED,
    )
    every = []
    for i, key in enumerate(ids):
        at = points[:, i]
        low, high = (float(values[part].mean()) for part in (at <= 1 / 3, at >= 2 / 3))
        first, first_half, total, total_half = (float(found[name][i]) for name in ("S1", "S1_conf", "ST", "ST_conf"))
        every.append(Index(key, first, first_half, total, total_half, low, high))
    return sorted(every, key=lambda each: (-each.total, each.key))


def _problem(number: int) -> dict[str, object]:
    return {"num_vars": number, "names": [f"x{i}" for i in range(number)], "bounds": [[0.0, 1.0]] * number}


# -- histories


@dataclass(frozen=True)
class Sensitivity:
    """A question: what moves ``outcome`` in the histories of a plan (by expectation)."""

    plan: Plan
    outcome: Quantity
    trajectories: int
    samples: int
    most: int

    @cached_property
    def window(self) -> Window:
        """All of the plan, counted; where equipment alone settles the outcome, nobody need live."""
        people = self.outcome.family.name not in OF_EQUIPMENT
        asked = {"says": "as asked", "from": self.plan.start, "to": self.plan.end, "people": people}
        return Window.model_validate(asked)

    @cached_property
    def own(self) -> tuple[Totals, frozenset[str], float]:
        """The history at the pack's own values, what it read, and the seconds that it took."""
        return own_history(self.plan, self.window)

    @cached_property
    def ids(self) -> list[str]:
        """The parameters that are tried: uncertain, read, and not set by the scenario or the user."""
        return free(self.plan, self.own[1])

    def history(self, drawn: Mapping[str, Value], seed: int | None = None) -> History:
        """The history under a setting."""
        sets = {**drawn, **self.plan.sets}
        return History(replace(self.plan, sets=sets, seed=self.plan.seed if seed is None else seed), self.window)

    def screening(self) -> tuple[Floats, list[History]]:
        """The points of the screening, and their histories."""
        points = morris_design(len(self.ids), self.trajectories)
        parameters = self.plan.pack.parameters
        at = LOW + (HIGH - LOW) * points
        return points, [self.history(setting(parameters, self.ids, row)) for row in at]

    def luck(self) -> list[History]:
        """The history at the pack's own values with other seeds."""
        return [self.history({}, self.plan.seed + 1 + i) for i in range(LUCKY)]

    def over(self, ids: Sequence[str]) -> tuple[Floats, list[History]]:
        """The points over the survivors, all else at the pack's own values, and their histories."""
        points = sobol_design(len(ids), self.samples)
        parameters = self.plan.pack.parameters
        return points, [self.history(setting(parameters, ids, row)) for row in points]

    def count(self) -> int:
        """Histories that all of it takes at most."""
        most = min(self.most, len(self.ids))
        return self.trajectories * (len(self.ids) + 1) + LUCKY + self.samples * (most + 2)


def own_history(
    plan: Plan, window: Window, spans: tuple[totals.Span, ...] = ()
) -> tuple[Totals, frozenset[str], float]:
    """A history lived here and now: its totals, ids of the parameters that it and its totals read, and the seconds."""
    began = time.monotonic()
    if not window.people:
        plan.world()  # the first of a process takes much longer than all others
        began = time.monotonic()
        found = totals.of_equipment(plan.world(), window.counted)
        return found, frozenset(plan.p.used), time.monotonic() - began
    life = Life(plan)
    found = totals.of_spans(life, spans or ((window.counted, plan.end),))
    return (found if spans else found.of_span(0)), frozenset(life.plan.p.used), time.monotonic() - began


def free(plan: Plan, read: frozenset[str]) -> list[str]:
    """Uncertain parameters among those read that neither the scenario nor the user sets."""
    parameters = plan.pack.parameters
    fixed = {parameters[key].id for key in (*plan.scenario.sets(), *plan.sets)}
    return [key for key in uncertain(parameters) if key in read and key not in fixed]


def setting(parameters: ParameterSet, ids: Sequence[str], row: Floats) -> dict[str, Value]:
    """The values at a point of the unit cube."""
    at = np.clip(row, _EDGE, 1.0 - _EDGE)
    return {key: quantile(parameters[key], float(u)) for key, u in zip(ids, at, strict=True)}


@dataclass(frozen=True)
class Found:
    """What moves an outcome. ``own``: at the pack's values; ``spread``: 10th, 50th and 90th percentile while screening;
    ``luck``: least and most over seeds. ``indices`` is empty where the outcome barely varies.
    """

    asked: Sensitivity
    own: float | None
    spread: tuple[float, float, float]
    luck: tuple[float, float]
    unsaid: int
    screened: list[Screened]
    indices: list[Index]

    @property
    def varies(self) -> bool:
        """Whether there is anything to explain."""
        low, mid, high = self.spread
        return high - low > LEAST_SPREAD * max(abs(mid), abs(low), abs(high))

    def parameter(self, key: str) -> Parameter:
        """A parameter by id."""
        return self.asked.plan.pack.parameters[key]


def find(asked: Sensitivity, kept: Kept, workers: int, tell: Tell) -> Found:
    """Screen, and take shares of variance over what is left. InputError where there is nothing to measure."""
    points, histories = asked.screening()
    totals = Reader(kept, workers, tell)
    lucky = totals.all(asked.luck(), "luck")
    values = _values(asked, totals.all(histories, "screening"))
    known = values[np.isfinite(values)]
    if not len(known):
        raise InputError(f"{asked.outcome.name}: there is nothing to measure in any history of this time.")
    low, mid, high = (float(x) for x in np.quantile(known, [0.1, 0.5, 0.9]))
    own = asked.outcome.of(asked.own[0])
    of_luck = [x for x in (own, *_values(asked, lucky)) if x is not None and np.isfinite(x)]
    found = Found(
        asked,
        own,
        (low, mid, high),
        (min(of_luck, default=np.nan), max(of_luck, default=np.nan)),
        len(values) - len(known),
        screened(asked.ids, points, values),
        [],
    )
    chosen = survivors(found.screened, asked.most) if found.varies else []
    if not chosen:
        return found
    points, histories = asked.over(chosen)
    values = _values(asked, totals.all(histories, "shares of variance"))
    if not np.isfinite(values).all():
        raise InputError(
            f"{asked.outcome.name}: in {int((~np.isfinite(values)).sum())} of {len(values)} histories there is nothing "
            "to measure, so that shares of variance mean nothing; ask for an outcome that is always there."
        )
    if float(np.ptp(values)) <= LEAST_SPREAD * float(np.abs(values).max()):
        return found
    return replace(found, indices=indices(chosen, points, values))


def _values(asked: Sensitivity, lived: Sequence[Totals]) -> Floats:
    read = (asked.outcome.of(each) for each in lived)
    return np.array([np.nan if value is None else value for value in read])


# -- what it says


SCHEMA = {
    **dict.fromkeys(("parameter", "evidence"), pl.String),
    **dict.fromkeys(("effect", "effect_share", "mean_effect", "spread_of_effects"), pl.Float64),
    **dict.fromkeys(("first", "first_half", "total", "total_half", "together", "low_third", "high_third"), pl.Float64),
    **dict.fromkeys(("weakness", "worth"), pl.Float64),
    "description": pl.String,
}


def table(found: Found) -> pl.DataFrame:
    """A row a parameter, first what is most worth finding out.

    ``worth`` is the total index times the weakness of the evidence; for what was only screened, whose indices are not
    known, it is empty, and these follow by the size of their effects.
    """
    by_key = {each.key: each for each in found.indices}
    rows = []
    for each in found.screened:
        known, index = found.parameter(each.key), by_key.get(each.key)
        of_index: list[float | None] = [None] * 7
        worth = None
        if index is not None:
            of_index = [index.first, index.first_half, index.total, index.total_half, index.together]
            of_index += [index.low, index.high]
            worth = max(index.total, 0.0) * weakness(known)
        rows.append(
            (each.key, grade(known), each.size, each.share, each.mean, each.spread, *of_index, weakness(known), worth,
             known.description)
        )  # fmt: skip
    rows.sort(key=lambda row: (-1.0 if row[-2] is None else row[-2], row[2]), reverse=True)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def say(found: Found) -> str:
    """In sentences: how far the outcome goes, whether luck does as much, what moves it, and what is not said."""
    asked = found.asked
    low, mid, high = found.spread
    unit = asked.outcome.unit
    lines = [
        f"{asked.outcome.name} ({unit}) is {_n(found.own)} at the pack's own values; in the screening "
        f"{_n(mid)}, and from {_n(low)} to {_n(high)} in eight of ten histories. Over {LUCKY + 1} seeds, at the pack's "
        f"own values, it goes from {_n(found.luck[0])} to {_n(found.luck[1])}."
    ]
    moved = sum(each.size > 0 for each in found.screened)
    if not found.varies:
        lines.append(
            f"It barely varies: eight of ten histories lie within {100 * LEAST_SPREAD:.0f} percent. No parameter is "
            "worth a rank, and none is given."
        )
        return "\n".join(lines)
    if (found.luck[1] - found.luck[0]) > 0.5 * (high - low):
        lines.append("Luck alone moves it half as far or more: an index is of this one fate of devices (seed).")
    top = found.screened[:MOST_TOLD]
    share = sum(each.share for each in top)
    lines.append(
        f"{moved} of {len(found.screened)} uncertain parameters move it at all; the first {len(top)} have "
        f"{100 * share:.0f} percent of all effects."
    )
    if found.unsaid:
        lines.append(f"In {found.unsaid} histories of the screening there was nothing to measure; they are left out.")
    if not found.indices:
        lines.append("Over the parameters that were left it barely varies: no indices are given.")
        return "\n".join(lines)
    sure = [each for each in found.indices if each.sure]
    first = sum(each.first for each in found.indices)
    covered = sum(each.share for each in found.screened if each.key in {i.key for i in found.indices})
    lines.append(
        f"Indices are shares of the variance over these {len(found.indices)} parameters alone, with "
        f"{100 * covered:.0f} percent of all effects, all else at the pack's own values. {len(sure)} of them are told "
        f"apart from nothing by {asked.samples} samples. By themselves they make {100 * first:.0f} percent of the "
        "variance together"
        + (
            "; what lacks to a hundred comes from their interplay, or is noise where intervals are wide."
            if first <= 1.0
            else ": more than all there is, so that a part of it is noise. More --samples tell."
        )
    )
    worth = sorted(found.indices, key=lambda each: -max(each.total, 0.0) * weakness(found.parameter(each.key)))
    named = ", ".join(f"{each.key} ({grade(found.parameter(each.key))})" for each in worth[:3])
    lines.append(f"Most worth finding out next, by total index times weakness of evidence: {named}.")
    return "\n".join(lines)


def _n(value: float | None) -> str:
    return "nothing" if value is None or not np.isfinite(value) else f"{value:.4g}"


def picture(found: Found) -> tuple[Figure, str]:
    """The indices as a figure, and its caption. Only where there are any."""
    asked, by_key = found.asked, {each.key: each for each in found.indices}
    pack = asked.plan.pack
    rows = [
        of_sensitivity.Bar(
            key,
            found.parameter(key).description,
            grade(found.parameter(key)),
            by_key[key].low,
            by_key[key].high,
            by_key[key].first,
            by_key[key].total,
            by_key[key].total_half,
        )
        for key in table(found).filter(pl.col("total").is_not_null())["parameter"]
    ]
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    when = f"{asked.plan.start:%B %Y} to {asked.plan.end:%B %Y}"
    ways = "one trajectory" if asked.trajectories == 1 else f"{asked.trajectories} trajectories"
    figure = of_sensitivity.tornado(
        rows,
        f"{asked.outcome.name}, {asked.outcome.unit}",
        found.own,
        f"What moves {asked.outcome.name}: {asked.outcome.family.description}",
        f"{pack.title}, '{asked.plan.scenario.id}', {when}. First stands what is most worth finding out: total index "
        "times weakness of the evidence. Left: the mean outcome over the lowest and the highest third of each range. "
        "Right: shares of the variance, of all in which a parameter takes part (with its interval) and of it alone.",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. Screened over "
        f"{len(asked.ids)} uncertain parameters ({ways}); indices by {asked.samples} "
        f"samples over these alone, all else at the pack's own values; one fate of devices (seed {asked.plan.seed}).",
    )
    return figure, say(found).replace("\n", " ")
