"""Lognormal amounts, and the smaller of two, with NumPy alone: chances, tails and their moments on arrays of any shape.

The normal tail follows Hart's rational approximations as arranged by West (2005, 'Better approximations to cumulative
normal functions'), with a continued fraction far out, to nine digits or more. Integrals use Gauss-Legendre
nodes found here by Newton's method, so that no linear algebra stands between two machines; sums run in the order of the
nodes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROOT_TWO_PI = 2.5066282746310002
_FAR = 4.0  # from here on the continued fraction is the better one
_TOP: tuple[float, ...] = (
    *(3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383),
    *(112.079291497871, 221.213596169931, 220.206867912376),
)
_BOTTOM: tuple[float, ...] = (
    *(8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461),
    *(296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752),
)
_NODES = 48
_REACH = 6.5  # standard deviations beyond which a tail is left out: less than 1e-10 of it


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def mills(z: Floats | float) -> Floats:
    """Tail over density, ``(1 - Phi(z)) / phi(z)``, of the standard normal for z >= 0; near 1/z far out.

    >>> round(float(mills(0.0)), 12)  # the square root of pi / 2
    1.253314137316
    """
    z = np.asarray(z, dtype=float)
    near = np.minimum(z, _FAR)
    far = np.maximum(z, _FAR)
    fraction = far + 0.65
    for step in range(14, 0, -1):
        fraction = far + step / fraction
    return np.where(z < _FAR, _ROOT_TWO_PI * _polynomial(_TOP, near) / _polynomial(_BOTTOM, near), 1.0 / fraction)


def density(z: Floats | float) -> Floats:
    """Density of the standard normal."""
    z = np.clip(z, -1e3, 1e3)
    return np.exp(-0.5 * z * z) / _ROOT_TWO_PI


def tail(z: Floats | float) -> Floats:
    """``1 - Phi(z)``: the chance that a standard normal exceeds z.

    >>> round(float(tail(1.96)), 6), float(tail(-np.inf)), float(tail(np.inf))
    (0.024998, 1.0, 0.0)
    """
    z = np.asarray(z, dtype=float)
    upper = density(np.abs(z)) * mills(np.abs(z))
    return np.where(z < 0.0, 1.0 - upper, upper)


class Lognormal(NamedTuple):
    """A lognormal amount: its median (infinity: no limit) and the standard deviation of its logarithm."""

    median: Floats | float
    spread: Floats | float

    def z(self, amount: Floats | float) -> Floats:
        """Where an amount lies, in standard deviations of the logarithm from the median; -inf for nothing."""
        with np.errstate(divide="ignore"):
            return (np.log(np.maximum(amount, 0.0)) - np.log(self.median)) / np.asarray(self.spread, dtype=float)

    def over(self, amount: Floats | float) -> Floats:
        """Chance to exceed an amount."""
        return tail(self.z(amount))

    def mean_below(self, amount: Floats | float) -> Floats:
        """``E[X; X <= amount]``."""
        spread = np.asarray(self.spread, dtype=float)
        return self.median * np.exp(0.5 * spread * spread) * tail(spread - self.z(amount))

    def rate(self, amount: Floats | float) -> Floats:
        """Amount times hazard, density over tail: by how many percent fewer exceed it when it is one percent higher."""
        z = self.z(amount)
        right = np.maximum(z, 0.0)
        left = np.minimum(z, 0.0)
        odds = np.where(z >= 0.0, 1.0 / mills(right), density(left) / tail(left))
        return odds / np.asarray(self.spread, dtype=float)


def _legendre(number: int) -> tuple[Floats, Floats]:
    """Nodes and weights of the Gauss-Legendre rule on [0, 1]."""
    index = np.arange(number, dtype=float)
    x = np.cos(np.pi * (index + 0.75) / (number + 0.5))
    slope = np.ones_like(x)
    for _ in range(8):
        before, here = np.ones_like(x), x
        for degree in range(2, number + 1):
            before, here = here, ((2 * degree - 1) * x * here - (degree - 1) * before) / degree
        slope = number * (x * here - before) / (x * x - 1.0)
        x = x - here / slope
    return 0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope)


_AT, _WEIGHT = _legendre(_NODES)


class Excess(NamedTuple):
    """What exceeds a threshold t: ``Pr(W > t)``, ``E[(W - t)+]`` and ``E[((W - t)+)**2]``, in the units of W."""

    chance: Floats
    mean: Floats
    square: Floats


def excess(one: Lognormal, threshold: Floats | float) -> Excess:
    """What a lognormal amount exceeds a threshold by, in closed form (the call price of Black and Scholes).

    >>> [round(float(x), 4) for x in excess(Lognormal(3.0, 0.8), 2.0)]
    [0.6939, 2.3486, 19.6315]
    """
    t = np.maximum(threshold, 0.0)
    short = t - np.asarray(threshold, dtype=float)  # a threshold below nothing is exceeded by that much more
    z, s = one.z(t), np.asarray(one.spread, dtype=float)
    chance, shifted, twice = tail(z), tail(z - s), tail(z - 2.0 * s)
    mean = one.median * np.exp(0.5 * s * s)
    first = mean * shifted - t * chance
    second = mean * mean * np.exp(s * s) * twice - 2.0 * t * mean * shifted + t * t * chance
    return Excess(chance, first + short, second + short * (2.0 * first + short))


def excess_of_smaller(one: Lognormal, other: Lognormal, threshold: Floats | float) -> Excess:
    """What the smaller of two independent lognormal amounts exceeds a threshold by.

    The chance is a product; the moments are integrals of it, ``E[(W - t)+] = int_t Pr(W > s) ds``, by 48 fixed nodes in
    log s. Where the other has no limit the closed form of :func:`excess` stands.

    >>> [round(float(x), 4) for x in excess_of_smaller(Lognormal(3.0, 0.8), Lognormal(50.0, 1.0), 2.0)]
    [0.6934, 2.2832, 17.7303]
    """
    t = np.maximum(threshold, 0.0)
    short = t - np.asarray(threshold, dtype=float)
    ends = []
    with np.errstate(divide="ignore"):
        for each in (one, other):
            middle, s = np.log(each.median), np.asarray(each.spread, dtype=float)
            ends.append((middle - _REACH * s, middle + 2.0 * s * s + _REACH * s))
        low = np.minimum(ends[0][0], ends[1][0])
        high = np.minimum(ends[0][1], ends[1][1])
        start = np.minimum(np.maximum(np.log(t), low), high)
    least = np.where(t > np.exp(start), t, np.exp(start))  # below it (almost) everybody exceeds s
    first, second = least - t, (least - t) * (least - t)
    width = high - start
    shape = np.broadcast_shapes(*(np.shape(x) for x in (*one, *other, t)))
    apart = (_NODES, *(1,) * len(shape))
    s = np.exp(start + width * _AT.reshape(apart))
    parts = _WEIGHT.reshape(apart) * (width * s) * one.over(s) * other.over(s)
    for amount, part in zip(s, parts, strict=True):
        first = first + part
        second = second + 2.0 * (amount - t) * part
    both = Excess(one.over(t) * other.over(t), first + short, second + short * (2.0 * first + short))
    free = np.isinf(other.median)
    if not free.any():
        return both
    return Excess(*(np.where(free, a, b) for a, b in zip(excess(one, threshold), both, strict=True)))
