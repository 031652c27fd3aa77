"""Probabilities become integers here, and here only."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greyspace.contract.odds import ONE, Thresholds

TOLERANCE = 1e-9
"""How far a row of probabilities may be from one: rounding of sums, never a missing outcome."""


class OddsError(ValueError):
    """Probabilities that are none: outside 0..1, or not adding up to one; the message says where."""


def threshold(p: ArrayLike, what: str) -> Thresholds:
    """``round(p * 2**31)`` as ``uint32``; ``what`` names the odds in the error.

    >>> threshold([0.0, 0.5, 1.0], "example").tolist()
    [0, 1073741824, 2147483648]
    """
    values = np.asarray(p, dtype=np.float64)
    bad = ~((values >= -TOLERANCE) & (values <= 1 + TOLERANCE))
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise OddsError(f"{what}{list(where)} is {values[where]:g}; a probability lies in 0..1")
    return np.rint(np.clip(values, 0.0, 1.0) * float(ONE)).astype(np.uint32)


def cumulative(p: ArrayLike, what: str) -> Thresholds:
    """Cumulative thresholds of the choices on the last axis, which must add up to one.

    >>> cumulative([0.25, 0.25, 0.5], "example").tolist()
    [536870912, 1073741824, 2147483648]
    """
    values = np.asarray(p, dtype=np.float64)
    sums = values.sum(axis=-1)
    off = ~(np.abs(sums - 1.0) <= TOLERANCE)
    if off.any():
        where = tuple(int(i) for i in np.argwhere(off)[0])
        raise OddsError(f"{what}{list(where)} adds up to {sums[where]:.12g}, not to 1")
    out = partial_sums(values, what)
    out[..., -1] = ONE
    return out


def partial_sums(p: ArrayLike, what: str) -> Thresholds:
    """Cumulative thresholds of choices that may leave a rest in which nothing happens."""
    values = np.asarray(p, dtype=np.float64)
    if values.size and float(values.min()) < -TOLERANCE:
        raise OddsError(f"{what} has a negative probability ({values.min():g})")
    return threshold(np.cumsum(np.clip(values, 0.0, None), axis=-1), what)


def day_sets(rate: NDArray[np.float64]) -> Thresholds:
    """Cumulative thresholds over the 128 sets of days of a week, each day a candidate with chance ``rate``.

    Shape ``rate.shape + (128,)``; the set of no day stands first, so most people need one comparison.
    """
    sets = np.arange(128)
    days = np.array([int(s).bit_count() for s in sets])
    chance = np.power(rate[..., None], days) * np.power(1.0 - rate[..., None], 7 - days)
    return cumulative(chance, "candidate days")


def chances(cumulative_thresholds: Thresholds) -> NDArray[np.float64]:
    """The probabilities that rounded cumulative thresholds stand for."""
    return np.diff(cumulative_thresholds.astype(np.float64), axis=-1, prepend=0.0) / float(ONE)
