"""Whether the tools hold the same society: equal means and equal spread over seeds, region by region."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from reference import MEASURES, WEEKS
from scipy import stats

FALSE_ALARM = 1e-3
"""The chance that tools which are all alike are refused, over all that is compared."""

_QUARTERS = 4
_PERIODS = (*(f"quarter {quarter}" for quarter in range(1, _QUARTERS + 1)), "the year")

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def cells() -> list[str]:
    """What is compared, in the order of :func:`statistics`: each measure, period, and place."""
    places = [f"region {region}" for region in range(10)] + ["all regions"]
    return [f"{measure}, {period}, {place}" for measure in MEASURES for period in _PERIODS for place in places]


def statistics(counts: Counts) -> Floats:
    """``[seed, cell]`` of counts ``[seed, week, region, measure]``: sums over a period.

    Those who know are taken at the end of a quarter.
    """
    seeds, weeks, regions, measures = counts.shape
    if weeks != WEEKS:
        raise ValueError(f"a year has {WEEKS} weeks, and {weeks} were counted")
    quarters = counts.reshape(seeds, _QUARTERS, -1, regions, measures)
    at_end = np.array(MEASURES) == "knowing"
    found = np.where(at_end, quarters[:, :, -1], quarters.sum(axis=2))
    found = np.concatenate([found, counts.sum(axis=1)[:, None]], axis=1)
    found = np.concatenate([found, found.sum(axis=2, keepdims=True)], axis=2)
    return np.moveaxis(found, 3, 1).reshape(seeds, -1).astype(np.float64)


@dataclass(frozen=True)
class Verdict:
    """One tool against all others: the worst of its means, and the worst of its spreads."""

    name: str
    z: float
    where: str
    spread: float  # standard deviation over that of the others
    spread_where: str
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """All tools; ``seen``: the least difference of a measure over the year that would have been noticed, as a share."""

    verdicts: list[Verdict]
    limit: float  # of z
    seen: dict[str, float]
    compared: int

    @property
    def agree(self) -> bool:
        """Whether no tool differs."""
        return not any(verdict.differs for verdict in self.verdicts)


def compare(found: Mapping[str, Floats]) -> Comparison:
    """Compare the statistics ``[seed, cell]`` of every tool with those of all others together.

    Means are compared by z, with the variance within tools as one estimate for all; spreads by the ratio of variances
    over all regions together. Both at a chance of :data:`FALSE_ALARM` for the whole table.
    """
    names = list(found)
    n = np.array([len(found[name]) for name in names])
    mean = np.array([found[name].mean(axis=0) for name in names])
    variance = np.array([found[name].var(axis=0, ddof=1) for name in names])
    freedom = (n - 1).sum()
    within = ((n - 1)[:, None] * variance).sum(axis=0) / freedom
    others = n.sum() - n
    rest = ((n[:, None] * mean).sum(axis=0) - n[:, None] * mean) / others[:, None]
    error = np.sqrt(within * (1 / n + 1 / others)[:, None])
    z = (mean - rest) / error
    limit = float(stats.t.isf(FALSE_ALARM / 2 / z.size / 2, freedom))

    what = cells()
    whole = np.array([cell.endswith("all regions") for cell in what])
    free = (n - 1)[:, None]
    left = freedom - free
    spread = variance[:, whole] / ((freedom * within[whole] - free * variance[:, whole]) / left)
    tail = 2 * np.minimum(stats.f.sf(spread, free, left), stats.f.cdf(spread, free, left))

    verdicts = []
    for i, name in enumerate(names):
        worst, widest = int(np.abs(z[i]).argmax()), int(tail[i].argmin())
        verdicts.append(
            Verdict(
                name,
                float(z[i, worst]),
                what[worst],
                float(np.sqrt(spread[i, widest])),
                np.array(what)[whole][widest].item(),
                bool(abs(z[i, worst]) > limit or tail[i, widest] < FALSE_ALARM / 2 / tail.size),
            )
        )
    share = limit * error.max(axis=0) / mean.mean(axis=0)
    seen = {measure: float(share[what.index(f"{measure}, the year, all regions")]) for measure in MEASURES}
    return Comparison(verdicts, limit, seen, z.size)
