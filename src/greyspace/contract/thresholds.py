"""Probabilities become integers here, and here only."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greyspace.contract.odds import ONE, Thresholds
from greyspace.draws import inner, kernel

_ONE = float(ONE)

TOLERANCE = 1e-9
"""How far a row of probabilities may be from one: rounding of sums, never a missing outcome."""


class OddsError(ValueError):
    """Probabilities that are none: outside 0..1, or not adding up to one; the message says where."""


@kernel
def _round(values, out):
    """Fill ``out`` with thresholds; the first entry that is no probability, or -1."""
    wrong = -1
    for i in range(values.shape[0]):
        p = values[i]
        if not -TOLERANCE <= p <= 1.0 + TOLERANCE:
            if wrong < 0:
                wrong = i
            p = 0.0
        out[i] = np.uint32(np.rint(min(max(p, 0.0), 1.0) * _ONE))
    return wrong


@kernel
def _add_up(values, out, sums):
    """Fill rows of cumulative thresholds, and the sum of each; the least entry, and whether all sums lie below one."""
    least = 0.0
    below = True
    for i in range(values.shape[0]):
        total = exact = 0.0
        reached = np.uint32(0)
        for j in range(values.shape[1]):
            p = values[i, j]
            # Many choices are none: then nothing is added.
            if p != 0.0:
                exact += p
                least = min(least, p)
                total += max(p, 0.0)
                reached = np.uint32(np.rint(min(total, 1.0) * _ONE))
            out[i, j] = reached
        sums[i] = exact
        # Not so either where an entry is no number.
        below &= total <= 1.0 + TOLERANCE and exact == exact
    return least, below


@inner
def add_up_beside(values, some, total, exact, out):
    """Cumulative thresholds ``out[choice, row]`` of rows that stand beside each other; whether all are right.

    So many rows at once take less time. ``some[choice]``: whether a choice is made in any row; values of others are not
    read. ``total[row]`` and ``exact[row]`` are written over.
    """
    choices, rows = values.shape
    total[:rows] = 0.0
    exact[:rows] = 0.0
    for j in range(choices):
        if not some[j]:
            for row in range(rows):
                out[j, row] = out[j - 1, row] if j > 0 else np.uint32(0)
            continue
        for row in range(rows):
            p = values[j, row]
            exact[row] += p
            total[row] += max(p, 0.0)
            out[j, row] = np.uint32(np.rint(min(total[row], 1.0) * _ONE))
    right = True
    for row in range(rows):
        # What lies below nothing is left out of the total.
        right &= abs(exact[row] - 1.0) <= TOLERANCE and total[row] - exact[row] <= TOLERANCE
        out[choices - 1, row] = ONE
    return right


@kernel
def _differences(thresholds, out):
    for i in range(thresholds.shape[0]):
        before = 0.0
        for j in range(thresholds.shape[1]):
            now = np.float64(thresholds[i, j])
            out[i, j] = (now - before) / _ONE
            before = now


def _where(values: NDArray[np.float64], flat: int) -> list[int]:
    return [int(i) for i in np.unravel_index(flat, values.shape)]


def threshold(p: ArrayLike, what: str) -> Thresholds:
    """``round(p * 2**31)`` as ``uint32``; ``what`` names the odds in the error.

    >>> threshold([0.0, 0.5, 1.0], "example").tolist()
    [0, 1073741824, 2147483648]
    """
    values = np.ascontiguousarray(p, dtype=np.float64)
    out = np.empty(values.shape, np.uint32)
    wrong = _round(values.reshape(-1), out.reshape(-1))
    if wrong >= 0:
        raise OddsError(f"{what}{_where(values, wrong)} is {values.reshape(-1)[wrong]:g}; a probability lies in 0..1")
    return out


def cumulative(p: ArrayLike, what: str) -> Thresholds:
    """Cumulative thresholds of the choices on the last axis, which must add up to one.

    >>> cumulative([0.25, 0.25, 0.5], "example").tolist()
    [536870912, 1073741824, 2147483648]
    """
    out, sums = _partial_sums(p, what)
    off = ~(np.abs(sums - 1.0) <= TOLERANCE)
    if off.any():
        where = tuple(int(i) for i in np.argwhere(off)[0])
        raise OddsError(f"{what}{list(where)} adds up to {sums[where]:.12g}, not to 1")
    out[..., -1] = ONE
    return out


def partial_sums(p: ArrayLike, what: str) -> Thresholds:
    """Cumulative thresholds of choices that may leave a rest in which nothing happens."""
    return _partial_sums(p, what)[0]


def _partial_sums(p: ArrayLike, what: str) -> tuple[Thresholds, NDArray[np.float64]]:
    """Cumulative thresholds, and what each row adds up to."""
    values = np.ascontiguousarray(p, dtype=np.float64)
    out, sums = np.empty(values.shape, np.uint32), np.empty(values.shape[:-1])
    if not values.size:
        return out, np.zeros(values.shape[:-1])
    rows = (-1, values.shape[-1])
    least, below = _add_up(values.reshape(rows), out.reshape(rows), sums.reshape(-1))
    if not least >= -TOLERANCE:
        raise OddsError(f"{what} has a negative probability ({values.min():g})")
    if not below:
        threshold(np.cumsum(np.clip(values, 0.0, None), axis=-1), what)
    return out, sums


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
    out = np.empty(cumulative_thresholds.shape)
    rows = (-1, cumulative_thresholds.shape[-1])
    _differences(np.ascontiguousarray(cumulative_thresholds).reshape(rows), out.reshape(rows))
    return out
