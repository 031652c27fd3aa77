"""Lognormal amounts, and the smaller of two, with NumPy alone: chances, tails and their moments on arrays of any shape.

The normal tail follows Hart's rational approximations as arranged by West (2005, 'Better approximations to cumulative
normal functions'), with a continued fraction far out, to nine digits or more. What the smaller of two amounts exceeds a
threshold by is an integral, tabled once for each pair; its Gauss-Legendre nodes are found here by Newton's method, so
that no linear algebra stands between two machines, and sums run in the order of the nodes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
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
_NODES = 5  # of an integral over one cell of a table
_CELL = 0.08  # width of a cell, in standard deviations of the narrower amount
_REACH = 6.5  # standard deviations beyond which a tail is left out: less than 1e-10 of it
_BEYOND = 2.5  # standard deviations more that are summed up, so that a table is good to its end
_HALVINGS = 60


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x  # in place: this is where the time goes
        value += coefficient
    return value


def mills(z: Floats | float) -> Floats:
    """Tail over density, ``(1 - Phi(z)) / phi(z)``, of the standard normal for z >= 0; near 1/z far out.

    >>> round(float(mills(0.0)), 12)  # the square root of pi / 2
    1.253314137316
    """
    z = np.asarray(z, dtype=float)
    near = np.minimum(z, _FAR)
    found = np.asarray(_ROOT_TWO_PI * _polynomial(_TOP, near) / _polynomial(_BOTTOM, near))
    beyond = z >= _FAR
    if beyond.any():  # few are: the fraction is worked out for them alone
        far = z[beyond]
        fraction = far + 0.65
        for step in range(14, 0, -1):
            fraction = far + step / fraction
        found[beyond] = 1.0 / fraction
    return found


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

    def rate(self, amount: Floats | float) -> Floats:
        """Amount times hazard, density over tail: by how many percent fewer exceed it when it is one percent higher."""
        return hazard(self.z(amount)) / np.asarray(self.spread, dtype=float)


def hazard(z: Floats | float) -> Floats:
    """Density over tail of the standard normal.

    >>> hazard(np.array([-2.0, 0.0, 2.0])).round(4)
    array([0.0552, 0.7979, 2.3732])
    """
    z = np.asarray(z, dtype=float)
    right = z >= 0.0
    inverse, at = mills(np.abs(z)), density(z)
    return np.where(right, 1.0 / np.where(right, inverse, 1.0), at / np.where(right, 1.0, 1.0 - at * inverse))


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


class Excess(NamedTuple):
    """What exceeds a threshold t: ``Pr(W > t)``, ``E[(W - t)+]`` and ``E[((W - t)+)**2]``, in the units of W."""

    chance: Floats
    mean: Floats
    square: Floats


class _Cells(NamedTuple):
    """A table of logarithms of mean and square, cubic in each cell; cells count downwards from ``top``."""

    top: Floats  # [pair] where the cells begin, log of the amount
    step: Floats  # [pair] width of a cell
    above: Floats  # [pair] cells from the top that are too far out to be good
    below: Floats  # [pair] cells from the top to where everybody exceeds the amount
    first: Floats  # [pair] index of the first cell of a pair
    mean: tuple[Floats, ...]  # [pair * cell] coefficients, from the constant on
    square: tuple[Floats, ...]
    edge: Floats  # [pair] amount at ``below``
    edge_mean: Floats
    edge_square: Floats


class _Edges(NamedTuple):
    """Where ranks end, from the first rank's lower end to nothing."""

    amount: Floats  # [..., X, J]
    chance: Floats  # [J]
    mean: Floats  # [..., X, J]
    square: Floats


@dataclass(frozen=True)
class Smaller:
    """The smaller W of two independent lognormal amounts, for each pair ``[..., X]``; the other may have no limit.

    People of one pair are split into J equally likely ``ranks`` by their W, rank 0 the highest. The moments of what W
    exceeds a threshold by are integrals, ``E[(W - t)+] = int_t Pr(W > s) ds``: they are tabled at the first question,
    on a grid even in log t, and interpolated by cubics in their logarithms, whose slopes are known, to 1e-7 of
    themselves. The chance is the product of two tails.

    >>> gives = Smaller(Lognormal(3.0, 0.8), Lognormal(np.array([50.0, np.inf]), 1.0))
    >>> [x.round(4).tolist() for x in gives.excess(2.0)]
    [[0.6934, 0.6939], [2.2832, 2.3486], [17.7303, 19.6315]]
    """

    one: Lognormal
    other: Lognormal
    ranks: int = 1

    def excess(self, threshold: Floats | float) -> Excess:
        """What W exceeds thresholds ``[..., X]`` by, over all ranks."""
        cells, shape = self._cells, self.shape
        t = np.asarray(threshold, dtype=float)
        x = np.log(np.maximum(t, 1e-300))
        chance = self._chance(x)
        first, top, step, above, below = (
            each.reshape(shape) for each in (cells.first, cells.top, cells.step, cells.above, cells.below)
        )
        place = (top - x) / step
        inside = np.minimum(np.maximum(place, above), below)
        whole = np.floor(inside)
        at = (first + whole).astype(np.intp)
        part = inside - whole
        short = np.maximum(cells.edge.reshape(shape) - t, 0.0)  # below the cells each falls short by that much more
        low = place >= below
        mean = np.where(low, cells.edge_mean.reshape(shape) + short, np.exp(_cubic(cells.mean, at, part)))
        more = cells.edge_square.reshape(shape) + short * (2.0 * cells.edge_mean.reshape(shape) + short)
        square = np.where(low, more, np.exp(_cubic(cells.square, at, part)))
        far = place < above
        return Excess(chance, np.where(far, 0.0, mean), np.where(far, 0.0, square))

    def by_rank(self, threshold: Floats | float) -> Excess:
        """The same by class ``[..., X * J]``, given the rank: class = x * J + j. The mean over ranks is that over all.

        >>> gives = Smaller(Lognormal(3.0, 0.8), Lognormal(np.array([50.0]), 1.0), ranks=4)
        >>> [x.round(3).tolist() for x in gives.by_rank(2.0)]
        [[1.0, 1.0, 0.774, 0.0], [6.848, 1.919, 0.366, 0.0], [66.641, 4.043, 0.237, 0.0]]
        """
        every, edges = self.excess(threshold), self._edges
        t = np.asarray(threshold, dtype=float)[..., None]
        rank = np.arange(self.ranks, dtype=float)
        chance = np.clip(self.ranks * every.chance[..., None] - rank, 0.0, 1.0)
        above = edges.amount - t  # what all who are above an edge exceed the threshold by at least
        cut = above > 0.0
        mean = edges.mean + above * edges.chance
        square = np.where(cut, edges.square + above * (edges.mean + mean), every.square[..., None])
        mean = np.where(cut, mean, every.mean[..., None])
        flat = (*chance.shape[:-2], -1)
        return Excess(*(x.reshape(flat) for x in (chance, self._between(mean), self._between(square))))

    def _between(self, beyond: Floats) -> Floats:
        """From what is beyond each edge to what is between two, of one rank."""
        found = np.empty_like(beyond)
        found[..., 0] = beyond[..., 0]
        np.maximum(beyond[..., 1:] - beyond[..., :-1], 0.0, out=found[..., 1:])
        found *= self.ranks
        return found

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """``[..., X]``."""
        return np.broadcast_shapes((1,), *(np.shape(x) for x in (*self.one, *self.other)))

    @cached_property
    def _both(self) -> tuple[Floats, Floats]:
        """Logarithms of the medians, and spreads: ``[one or other, ..., X]``."""
        middle, spread = np.empty((2, *self.shape)), np.empty((2, *self.shape))
        for i, each in enumerate((self.one, self.other)):
            middle[i], spread[i] = np.log(each.median), each.spread
        return middle, spread

    def _chance(self, x: Floats) -> Floats:
        """Chance that W exceeds ``exp(x[..., X])``."""
        apart = (2, *(1,) * (x.ndim - len(self.shape)), *self.shape)
        middle, spread = (each.reshape(apart) for each in self._both)
        over = tail((x - middle) / spread)
        return np.asarray(over[0] * over[1])

    @cached_property
    def _cells(self) -> _Cells:
        middle, spread = (each.reshape(2, -1) for each in self._both)
        low = np.min(middle - _REACH * spread, axis=0)
        high, high_too = middle + 2.0 * spread * spread + _REACH * spread
        top = np.where(high < high_too, high + _BEYOND * spread[0], high_too + _BEYOND * spread[1])
        narrow = np.where(np.isinf(middle[1]), spread[0], np.minimum(spread[0], spread[1]))
        step = _CELL * narrow
        count = np.ceil((top - low) / step)
        above = (top - np.minimum(high, high_too)) / step
        # All pairs have as many nodes as the one with most: a pair does not depend on its neighbours.
        node = np.arange(int(count.max()) + 1, dtype=float)
        x = top[:, None] - step[:, None] * node
        t = np.exp(x)

        def chance(x: Floats) -> Floats:
            over = tail((x - middle[:, :, None]) / spread[:, :, None])
            return np.asarray(over[0] * over[1])

        whole, moment = np.zeros_like(x[:, 1:]), np.zeros_like(x[:, 1:])
        for at, weight in zip(*_legendre(_NODES), strict=True):
            s = np.exp(x[:, 1:] + at * step[:, None])
            piece = weight * step[:, None] * s * chance(x[:, 1:] + at * step[:, None])
            whole, moment = whole + piece, moment + (s - t[:, 1:]) * piece
        mean = np.zeros_like(x)
        mean[:, 1:] = np.cumsum(whole, axis=1)
        square = np.zeros_like(x)
        square[:, 1:] = np.cumsum(2.0 * ((t[:, :-1] - t[:, 1:]) * mean[:, :-1] + moment), axis=1)
        log_mean, log_square = (np.log(np.maximum(each, 1e-300)) for each in (mean, square))
        rise = step[:, None] * t
        steeper = rise * chance(x) / np.maximum(mean, 1e-300)
        steeper_square = 2.0 * rise * mean / np.maximum(square, 1e-300)
        last = (np.arange(len(count)), count.astype(np.intp))
        return _Cells(
            top=top,
            step=step,
            above=above,
            below=count,
            first=np.arange(float(len(count))) * len(node),
            mean=_hermite(log_mean, steeper),
            square=_hermite(log_square, steeper_square),
            edge=t[last],
            edge_mean=mean[last],
            edge_square=square[last],
        )

    @cached_property
    def _edges(self) -> _Edges:
        chance = np.arange(1.0, self.ranks + 1.0) / self.ranks
        cells = self._cells
        low = np.empty((self.ranks - 1, *self.shape))
        high = np.empty_like(low)
        low[:], high[:] = np.log(cells.edge).reshape(self.shape), cells.top.reshape(self.shape)
        wanted = chance[:-1].reshape(-1, *(1,) * len(self.shape))
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            more = self._chance(middle) > wanted
            low, high = np.where(more, middle, low), np.where(more, high, middle)
        amounts = np.concatenate([np.exp(0.5 * (low + high)), np.zeros((1, *self.shape))])
        found = self.excess(amounts)
        amount, mean, square = (np.moveaxis(x, 0, -1) for x in (amounts, found.mean, found.square))
        return _Edges(amount, chance, mean, square)


def together(amounts: Iterable[Smaller]) -> Smaller:
    """Pairs one behind the other along X, with the same number of ranks."""
    amounts = tuple(amounts)
    (ranks,) = {each.ranks for each in amounts}

    def joined(which: str, field: str) -> Floats:
        return np.concatenate(
            [np.broadcast_to(getattr(getattr(each, which), field), each.shape) for each in amounts], axis=-1
        )

    one, other = (Lognormal(joined(which, "median"), joined(which, "spread")) for which in ("one", "other"))
    return Smaller(one, other, ranks)


def _hermite(value: Floats, slope: Floats) -> tuple[Floats, ...]:
    """Coefficients of the cubic in each cell, flat; slopes are a cell. Behind the last node nothing changes."""
    rise = np.diff(value, axis=1, append=value[:, -1:])
    after = np.concatenate([slope[:, 1:], slope[:, -1:]], axis=1)
    return (
        value.ravel(),
        slope.ravel(),
        (3.0 * rise - 2.0 * slope - after).ravel(),
        (slope + after - 2.0 * rise).ravel(),
    )


def _cubic(coefficients: tuple[Floats, ...], at: NDArray[np.intp], part: Floats) -> Floats:
    constant, linear, second, third = (each[at] for each in coefficients)
    return constant + part * (linear + part * (second + part * third))
