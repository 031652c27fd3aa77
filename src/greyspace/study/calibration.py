"""Which parameters agree with what is told: history matching in waves, and which facts clash.

A wave lives histories at points of the ranges. For each target a small linear emulator, fitted to all of them, says
what other points would come to, and with what error; points that are off even with it are ruled out, and the next wave
is drawn from the rest. What agrees in the end are lived histories, never emulated ones.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.evidence import quantile
from greyspace.evidence.parameters import Pert, Value
from greyspace.figures import calibration as of_calibration
from greyspace.simulate import Plan
from greyspace.study.draws import SEED
from greyspace.study.histories import History, Kept, Reader
from greyspace.study.jobs import Tell
from greyspace.study.sensitivity import free, own_history, setting
from greyspace.study.targets import Target, Targets
from greyspace.study.totals import Totals

Floats = NDArray[np.float64]

CUT = 3.0
"""A point is ruled out where an emulated value lies further from agreement than so many of its errors."""

CANDIDATES = 20_000
"""Points at which emulators are asked, to see what is left of the ranges."""

ENOUGH = 8
"""Fewer agreeing histories than this are no posterior."""

INFORMED = 0.9
"""A parameter counts as informed where what is left has less than this of the width of its range."""

CORRELATED = 0.3
"""Two parameters of which only a combination is informed go together at least so far in what is left."""

_NODES = np.linspace(0.0, 1.0, 65)

_MOST_INPUTS = 12
_FOLDS = 8
_LEAST_POINTS = 12
_EXPECTED = 3.0
"""Two targets clash where no history agrees with both, although chance alone would give so many."""


# -- emulators


class Emulator(NamedTuple):
    """A linear prediction from a few inputs: ``middle + (x - 1/2) @ slopes`` for inputs ``on``; its error and skill.

    ``error``: root mean square over points that it was not fitted to; ``skill``: share of the variance it foretells.
    """

    on: NDArray[np.int64]
    middle: float
    slopes: Floats
    error: float
    skill: float

    def at(self, points: Floats) -> Floats:
        """Predictions at ``points[point, input]``."""
        return np.asarray(self.middle + ((points[:, self.on] - 0.5) * self.slopes).sum(axis=1))


def emulate(points: Floats, values: Floats) -> Emulator:
    """The emulator with as many inputs as foretell points best that it was not fitted to; with none, the mean.

    Inputs are taken one after the other, each the one that goes furthest with what is not yet explained.
    """
    x, n = points - 0.5, len(values)
    most = min(_MOST_INPUTS, n // 5)
    fold = np.arange(n) % min(_FOLDS, n)
    wrong = np.zeros((most + 1, n))
    for each in range(int(fold.max()) + 1):
        out = fold == each
        for inputs, (middle, on, slopes) in enumerate(_path(x[~out], values[~out], most)):
            wrong[inputs, out] = values[out] - middle - (x[out][:, on] * slopes).sum(axis=1)
    errors = np.sqrt((wrong**2).mean(axis=1))
    best = int(np.argmin(errors))
    middle, on, slopes = _path(x, values, most)[best]
    spread = float(values.std())
    skill = max(1.0 - (float(errors[best]) / spread) ** 2, 0.0) if spread > 0 else 0.0
    return Emulator(on, middle, slopes, float(errors[best]), skill)


def _path(x: Floats, y: Floats, most: int) -> list[tuple[float, NDArray[np.int64], Floats]]:
    """Fits with 0, 1, ... inputs."""
    spread = x.std(axis=0)
    usable = np.where(spread > 1e-12, spread, np.inf)
    on: list[int] = []
    found = [(float(y.mean()), np.zeros(0, np.int64), np.zeros(0))]
    rest = y - y.mean()
    for _ in range(most):
        pull = np.abs(((x - x.mean(axis=0)) * rest[:, None]).sum(axis=0)) / usable
        pull[on] = -1.0
        on.append(int(np.argmax(pull)))
        matrix = np.column_stack([np.ones(len(y)), x[:, on]])
        fitted = np.asarray(np.linalg.lstsq(matrix, y, rcond=None)[0], dtype=np.float64)
        rest = y - (matrix * fitted).sum(axis=1)
        found.append((float(fitted[0]), np.array(on, np.int64), fitted[1:]))
    return found


def scaled(target: Target, values: Floats) -> Floats:
    """Values as a target measures distance: logarithms where it is a ratio."""
    if target.kind == "ratio":
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(values > 0, np.log(np.maximum(values, 1e-300)), np.nan)
    return values


def possible(target: Target, told: float, emulator: Emulator, points: Floats) -> NDArray[np.bool_]:
    """``[point]``: whether a point may agree, for all that its emulator says."""
    low, high = (float(scaled(target, np.array([edge]))[0]) if math.isfinite(edge) else edge
                 for edge in target.edges(told))  # fmt: skip
    found, slack = emulator.at(points), CUT * emulator.error
    if math.isnan(low):  # a ratio of something that may be nothing
        low = -math.inf
    return np.asarray((found >= low - slack) & (found <= high + slack))


# -- waves


@dataclass(frozen=True)
class Calibration:
    """A question: where do the histories of a plan (by expectation) agree with targets? ``fitted``: their names."""

    plan: Plan
    targets: Targets
    fitted: tuple[str, ...]
    draws: int
    waves: int

    @cached_property
    def own(self) -> tuple[Totals, frozenset[str], float]:
        """The history at the pack's own values, what it read, and the seconds that it took."""
        return own_history(self.plan, self.targets.window, self.targets.spans)

    @cached_property
    def ids(self) -> list[str]:
        """The parameters that are looked through: uncertain, read, and not set by the scenario or the user."""
        return free(self.plan, self.own[1])

    def first(self) -> Floats:
        """``[draw, parameter]``: the points of the first wave, each range cut into as many parts as there are draws."""
        from SALib.sample.latin import sample

        number = len(self.ids)
        problem = {"num_vars": number, "names": self.ids, "bounds": [[0.0, 1.0]] * number}
        return np.asarray(sample(problem, self.draws, seed=SEED), dtype=np.float64)

    def sets(self, point: Floats) -> dict[str, Value]:
        """The setting at a point of the unit cube."""
        return setting(self.plan.pack.parameters, self.ids, point)

    @cached_property
    def _bends(self) -> list[Floats]:
        """Of each parameter: values at :data:`_NODES`, from 0 to 1; a word, or a ratio, is as even as its range."""
        parameters = self.plan.pack.parameters
        found = []
        for key in self.ids:
            values = np.array(_NODES)
            if isinstance(parameters[key].distribution, Pert):
                values = np.array([quantile(parameters[key], float(u)) for u in np.clip(_NODES, 1e-6, 1.0 - 1e-6)])
                values = (values - values[0]) / (values[-1] - values[0])
            found.append(values)
        return found

    def inputs(self, points: Floats) -> Floats:
        """What emulators are given of points of the unit cube: values where a range has a hump, else places."""
        return np.stack([np.interp(points[:, i], _NODES, bend) for i, bend in enumerate(self._bends)], axis=1)

    def history(self, point: Floats, number: int) -> History:
        """The history of a draw; each has luck of its own."""
        sets = {**self.sets(point), **self.plan.sets}
        made = replace(self.plan, sets=sets, seed=self.plan.seed + number)
        return History(made, self.targets.window, self.targets.spans)

    def histories(self, points: Floats, after: int = 0) -> list[History]:
        """The histories of points; ``after``: how many draws came before."""
        return [self.history(point, after + i) for i, point in enumerate(points)]


class Wave(NamedTuple):
    """What a wave left: of the ranges of all parameters together, by what emulators cannot rule out."""

    histories: int
    left: float


@dataclass(frozen=True)
class Matched:
    """What agrees. ``points[draw, parameter]``, in the unit cube; ``values[draw, target]`` of all targets, NaN without;
    ``off`` likewise, in tolerances; ``region[point, parameter]``: candidates that the last emulators do not rule out.
    """

    asked: Calibration
    points: Floats
    values: Floats
    off: Floats
    own: tuple[float, ...]
    waves: list[Wave]
    emulators: dict[str, Emulator]
    region: Floats

    @property
    def names(self) -> list[str]:
        """Targets in the order of the columns."""
        return list(self.asked.targets.targets)

    def column(self, name: str) -> int:
        """The column of a target."""
        return self.names.index(name)

    @cached_property
    def agrees(self) -> NDArray[np.bool_]:
        """``[draw, target]``."""
        return np.abs(self.off) <= 1.0

    @cached_property
    def kept(self) -> NDArray[np.int64]:
        """Draws that agree with all fitted targets."""
        return np.flatnonzero(self.agrees[:, [self.column(name) for name in self.asked.fitted]].all(axis=1))

    @property
    def is_posterior(self) -> bool:
        """Whether enough agree."""
        return len(self.kept) >= ENOUGH


def match(asked: Calibration, store: Kept, workers: int, tell: Tell) -> Matched:
    """Live the waves, and say what agrees."""
    targets = asked.targets
    points = asked.first()
    values = np.zeros((0, len(targets.targets)))
    waves: list[Wave] = []
    emulators: dict[str, Emulator] = {}
    rng = np.random.Generator(np.random.Philox(SEED))
    candidates = rng.random((CANDIDATES, len(asked.ids)))
    region = candidates
    new = points
    for wave in range(asked.waves):
        histories = asked.histories(new, len(values))
        lived = Reader(store, workers, tell).all(histories, f"wave {wave + 1}")
        found = [[targets.found(target, each) for target in targets.targets.values()] for each in lived]
        values = np.concatenate([values, np.array([[np.nan if v is None else v for v in row] for row in found])])
        emulators = _emulators(asked, points, values)
        region = candidates[_left(asked, emulators, candidates)]
        waves.append(Wave(len(new), len(region) / CANDIDATES))
        if wave + 1 == asked.waves or not len(region):
            break
        # Others than those that say how much is left, or these would be lived again and again.
        fresh = rng.random((CANDIDATES, len(asked.ids)))
        new = fresh[_left(asked, emulators, fresh)][: asked.draws]
        if not len(new):
            break
        points = np.concatenate([points, new])
    off = np.array([[target.off(None if np.isnan(v) else float(v), targets.told(target))
                     for target, v in zip(targets.targets.values(), row, strict=True)] for row in values])  # fmt: skip
    own = tuple(targets.off(target, asked.own[0]) for target in targets.targets.values())
    return Matched(asked, points[: len(values)], values, off, own, waves, emulators, region)


def _emulators(asked: Calibration, points: Floats, values: Floats) -> dict[str, Emulator]:
    """Of the fitted targets; of one that is hardly ever there to measure, none."""
    found = {}
    for i, (name, target) in enumerate(asked.targets.targets.items()):
        if name in asked.fitted:
            y = scaled(target, values[:, i])
            there = np.isfinite(y)
            if there.sum() >= _LEAST_POINTS:
                found[name] = emulate(asked.inputs(points[there]), y[there])
    return found


def _left(asked: Calibration, emulators: dict[str, Emulator], points: Floats) -> NDArray[np.bool_]:
    left, given = np.ones(len(points), np.bool_), asked.inputs(points)
    for name, emulator in emulators.items():
        target = asked.targets.targets[name]
        left &= possible(target, asked.targets.told(target), emulator, given)
    return left


# -- what the targets inform


def identified(found: Matched) -> pl.DataFrame:
    """A row a parameter: how wide what is left of its range is against the range itself, the narrowest first.

    By the candidates that emulators do not rule out, in places of the range: where a parameter is in no emulator, the
    targets do not inform it.
    """
    asked, region = found.asked, found.region
    rows = []
    used = {int(i) for emulator in found.emulators.values() for i in emulator.on}
    for i, key in enumerate(asked.ids):
        width = middle = None
        if len(region) >= 100:
            low, mid, high = (float(x) for x in np.quantile(region[:, i], [0.1, 0.5, 0.9]))
            width, middle = (high - low) / 0.8, mid
        by = [name for name, emulator in found.emulators.items() if i in emulator.on]
        informed = i in used and width is not None and width < INFORMED
        rows.append((key, width, middle, informed, ", ".join(by), asked.plan.pack.parameters[key].grounds))
    rows.sort(key=lambda row: (1.0 if row[1] is None or not row[4] else row[1], row[0]))
    schema = {"parameter": pl.String, "width": pl.Float64, "middle": pl.Float64, "informed": pl.Boolean,
              "in_emulators_of": pl.String, "known": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def correlated(found: Matched) -> list[tuple[str, str, float]]:
    """Pairs of which what is left informs the combination: their correlation there, the strongest first."""
    used = sorted({int(i) for emulator in found.emulators.values() for i in emulator.on})
    if len(found.region) < 100:
        return []
    pairs = []
    for a, b in combinations(used, 2):
        r = float(np.corrcoef(found.region[:, a], found.region[:, b])[0, 1])
        if abs(r) >= CORRELATED:
            pairs.append((found.asked.ids[a], found.asked.ids[b], r))
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


# -- which targets clash


class Clash(NamedTuple):
    """Two fitted targets: draws that agree with the one, the other, both, and as many as chance would give."""

    a: str
    b: str
    of_a: int
    of_b: int
    both: int
    by_chance: float

    @property
    def clash(self) -> bool:
        """Whether both can be had, but never together."""
        return self.both == 0 and self.by_chance >= _EXPECTED


def clashes(found: Matched) -> list[Clash]:
    """All pairs of fitted targets, those first that agree together least, against chance."""
    n, rows = len(found.agrees), []
    for a, b in combinations(found.asked.fitted, 2):
        of_a, of_b = found.agrees[:, found.column(a)], found.agrees[:, found.column(b)]
        chance = float(of_a.sum() * of_b.sum()) / n
        rows.append(Clash(a, b, int(of_a.sum()), int(of_b.sum()), int((of_a & of_b).sum()), chance))
    return sorted(rows, key=lambda row: (row.both / row.by_chance if row.by_chance > 0 else 9.0, -row.by_chance))


def pairs_table(found: Matched) -> pl.DataFrame:
    """The pairs as a frame."""
    schema: dict[str, Any] = {**dict.fromkeys(("a", "b"), pl.String),
                              **dict.fromkeys(("of_a", "of_b", "both"), pl.Int64), "by_chance": pl.Float64}  # fmt: skip
    return pl.DataFrame(clashes(found), schema=schema, orient="row")


def without(found: Matched) -> dict[str, int]:
    """How many draws agree with all fitted targets but one, by that one."""
    counted = {}
    for name in found.asked.fitted:
        others = [found.column(each) for each in found.asked.fitted if each != name]
        counted[name] = int(found.agrees[:, others].all(axis=1).sum()) if others else len(found.agrees)
    return counted


# -- what it says


def table(found: Matched) -> pl.DataFrame:
    """A row a target: what is told, how it is used, what comes out, in how many draws it agrees."""
    asked = found.asked
    counted = without(found)
    rows = []
    for i, (name, target) in enumerate(asked.targets.targets.items()):
        told = asked.targets.told(target)
        values = found.values[:, i]
        there = values[np.isfinite(values)]
        low, mid, high = (float(x) for x in np.quantile(there, [0.1, 0.5, 0.9])) if len(there) else (None,) * 3
        after = values[found.kept][np.isfinite(values[found.kept])] if found.is_posterior else np.zeros(0)
        p_low, p_mid, p_high = (float(x) for x in np.quantile(after, [0.1, 0.5, 0.9])) if len(after) else (None,) * 3
        low_edge, high_edge = (edge if math.isfinite(edge) else None for edge in target.edges(told))
        emulator = found.emulators.get(name)
        rows.append(
            (name, target.says, target.of.unit, target.role, name in asked.fitted, target.bound, told, low_edge,
             high_edge, target.grade(asked.plan.pack), asked.targets.found(target, asked.own[0]), low, mid, high,
             p_low, p_mid, p_high, int(found.agrees[:, i].sum()), len(values),
             int(found.agrees[found.kept, i].sum()) if found.is_posterior else None, counted.get(name),
             None if emulator is None else emulator.skill)
        )  # fmt: skip
    text = dict.fromkeys(("target", "says", "unit", "role"), pl.String)
    numbers = ("told", "least", "most")
    spreads = ("own", "low", "mid", "high", "kept_low", "kept_mid", "kept_high")
    counts = ("agree", "draws", "kept_agree", "agree_without_it")
    schema: dict[str, Any] = {**text, "fitted": pl.Boolean, "bound": pl.String, **dict.fromkeys(numbers, pl.Float64),
                              "evidence": pl.String, **dict.fromkeys(spreads, pl.Float64),
                              **dict.fromkeys(counts, pl.Int64), "emulator_skill": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def draws_table(found: Matched) -> pl.DataFrame:
    """A row a draw: whether it is kept, how far off it is by target, and its place in the range of each parameter."""
    kept = np.zeros(len(found.points), np.bool_)
    kept[found.kept] = True
    columns: dict[str, Any] = {"draw": np.arange(1, len(kept) + 1), "kept": kept}
    columns |= {f"off_{name}": found.off[:, i] for i, name in enumerate(found.names)}
    columns |= {key: found.points[:, i] for i, key in enumerate(found.asked.ids)}
    return pl.DataFrame(columns)


def middle(found: Matched) -> int:
    """The kept draw nearest to the middle of all that are kept, over the parameters that emulators use."""
    used = sorted({int(i) for emulator in found.emulators.values() for i in emulator.on})
    at = found.points[found.kept][:, used]
    return int(found.kept[int(np.argmin(np.square(at - at.mean(axis=0)).sum(axis=1)))])


def say(found: Matched) -> str:
    """In sentences: whether anything agrees with all, what clashes, what the targets inform, what is held out."""
    asked, n = found.asked, len(found.agrees)
    lines = []
    if len(found.kept):
        lines.append(
            f"{len(found.kept)} of {n} histories agree with all {len(asked.fitted)} targets that were fitted"
            + ("." if found.is_posterior else f"; fewer than {ENOUGH} are no posterior, and none is written.")
        )
    else:
        most = int(found.agrees[:, [found.column(name) for name in asked.fitted]].sum(axis=1).max())
        lines.append(
            f"None of {n} histories agrees with all {len(asked.fitted)} targets that were fitted; the nearest agrees "
            f"with {most}. Nothing was tuned, and no posterior is written."
        )
    never = [name for name in asked.fitted if not found.agrees[:, found.column(name)].any()]
    if never:
        lines.append(f"Out of reach by themselves, in every draw: {', '.join(never)}.")
    clash = [f"{each.a} with {each.b}" for each in clashes(found) if each.clash]
    if clash:
        lines.append(f"Each in reach, but never together: {'; '.join(clash[:5])}.")
    if not found.is_posterior:
        best = sorted(without(found).items(), key=lambda item: -item[1])
        named = ", ".join(f"{name} ({number})" for name, number in best[:3] if number > len(found.kept))
        if named:
            lines.append(f"Histories that would agree with all others, if one target were left out: {named}.")
    left = found.waves[-1].left
    lines.append(f"Emulators cannot rule out {100 * left:.3g} percent of all ranges together.")
    weak = [name for name, emulator in found.emulators.items() if emulator.skill < 0.3]
    if weak:
        lines.append(f"They foretell these badly, so that they rule out little by them: {', '.join(weak)}.")
    frame = identified(found)
    informed = frame.filter("informed")["parameter"].to_list()
    told = f": {', '.join(informed[:8])}" + (" and others" if len(informed) > 8 else "") if informed else ""
    lines.append(
        f"The targets inform {len(informed)} of {len(asked.ids)} uncertain parameters{told}. "
        f"The other {len(asked.ids) - len(informed)} keep their ranges."
    )
    pairs = correlated(found)
    if pairs:
        named = "; ".join(f"{a} and {b} ({r:+.2f})" for a, b, r in pairs[:3])
        lines.append(f"Only the combination is informed of: {named}.")
    held = [name for name, target in asked.targets.targets.items() if target.role == "held out"]
    if held and found.is_posterior:
        words = ", ".join(f"{name} {int(found.agrees[found.kept, found.column(name)].sum())}" for name in held)
        lines.append(f"Held out; of {len(found.kept)} that are kept, so many agree: {words}.")
    return "\n".join(lines)


def picture(found: Matched) -> tuple[Figure, str]:
    """What comes out against what is told, as a figure, and its caption."""
    asked = found.asked
    pack = asked.plan.pack
    frame = table(found)
    rows = [
        of_calibration.Row(
            f"{row['says']} ({row['told']:,.4g}; {row['evidence']})",
            row["role"] if row["fitted"] or row["role"] == "held out" else f"{row['role']}, left out",
            tuple(float(x) for x in found.off[:, i]),
            tuple(float(x) for x in found.off[found.kept, i]) if found.is_posterior else (),
            found.own[i],
            f"{row['agree']} of {row['draws']}",
        )
        for i, row in enumerate(frame.iter_rows(named=True))
    ]
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    kept = len(found.kept)
    waves = "one wave" if len(found.waves) == 1 else f"{len(found.waves)} waves"
    figure = of_calibration.against(
        rows,
        "What comes out, against what is told",
        f"{pack.title}, '{asked.plan.scenario.id}'. Each dot is a history, in tolerances off what is told (in "
        f"brackets, with its grade): within the band it agrees. {kept} of {len(found.agrees)} agree with all "
        "that was fitted" + (" (blue)." if found.is_posterior else "."),
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. {waves}, "
        f"{len(found.agrees)} histories, {asked.targets.window.start} to {asked.targets.window.end}, by expectation, "
        "each with luck of its own. Dots beyond the edges stand on them.",
    )
    return figure, say(found).replace("\n", " ")
