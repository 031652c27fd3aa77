"""Lognormal amounts, and the smaller of two: chances, tails and their moments on arrays of any shape.

The normal tail follows Hart's rational approximations as arranged by West (2005, 'Better approximations to cumulative
normal functions'), with a continued fraction far out, to nine digits or more. What the smaller of two amounts exceeds a
threshold by is an integral, tabled once for each pair; its Gauss-Legendre nodes are found here by Newton's method, so
that no linear algebra stands between two machines, and sums run in the order of the nodes. What is asked of a table is
compiled, for other compiled functions to ask as well.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import inner, kernel

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
_NEVER = 38.0  # standard deviations that no amount exceeds, by what a number can hold
_NODES = 5  # of an integral over one cell of a table
_CELL = 0.08  # width of a cell, in standard deviations of the narrower amount
_REACH = 6.5  # standard deviations beyond which a tail is left out: less than 1e-10 of it
_BEYOND = 2.5  # standard deviations more that are summed up, so that a table is good to its end
_HALVINGS = 60


@inner
def _polynomial(coefficients, x):
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


@inner
def mills_at(z):
    """:func:`mills` of one number."""
    if z < _FAR:
        return _ROOT_TWO_PI * _polynomial(_TOP, z) / _polynomial(_BOTTOM, z)
    fraction = z + 0.65
    for step in range(14, 0, -1):
        fraction = z + step / fraction
    return 1.0 / fraction


@inner
def density_at(z):
    """:func:`density` of one number."""
    z = min(max(z, -1e3), 1e3)
    return math.exp(-0.5 * z * z) / _ROOT_TWO_PI


@inner
def tail_at(z):
    """:func:`tail` of one number."""
    at = abs(z)
    upper = density_at(at) * mills_at(at) if at < _NEVER else 0.0
    return 1.0 - upper if z < 0.0 else upper


@inner
def hazard_at(z):
    """:func:`hazard` of one number."""
    if z >= 0.0:
        return 1.0 / mills_at(z)
    at = density_at(z)
    return at / (1.0 - at * mills_at(-z))


@kernel
def _mills(z, out):
    for i in range(len(z)):
        out[i] = mills_at(z[i])


@kernel
def _tail(z, out):
    for i in range(len(z)):
        out[i] = tail_at(z[i])


@kernel
def _hazard(z, out):
    for i in range(len(z)):
        out[i] = hazard_at(z[i])


def _each(compiled: Callable[[Floats, Floats], None], x: Floats | float) -> Floats:
    """A compiled function of one number, of all of an array."""
    own = np.array(x, dtype=float, order="C")
    found = np.empty(own.shape)
    compiled(own.ravel(), found.reshape(-1))
    return found


def mills(z: Floats | float) -> Floats:
    """Tail over density, ``(1 - Phi(z)) / phi(z)``, of the standard normal for z >= 0; near 1/z far out.

    >>> round(float(mills(0.0)), 12)  # the square root of pi / 2
    1.253314137316
    """
    return _each(_mills, z)


def density(z: Floats | float) -> Floats:
    """Density of the standard normal."""
    z = np.clip(z, -1e3, 1e3)
    return np.exp(-0.5 * z * z) / _ROOT_TWO_PI


def tail(z: Floats | float) -> Floats:
    """``1 - Phi(z)``: the chance that a standard normal exceeds z.

    >>> round(float(tail(1.96)), 6), float(tail(-np.inf)), float(tail(np.inf))
    (0.024998, 1.0, 0.0)
    """
    return _each(_tail, z)


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


def over_both(amount: Floats | float, one: Lognormal, other: Lognormal) -> Floats:
    """Chance that each of two amounts which have nothing to do with each other exceeds an amount."""
    with np.errstate(divide="ignore"):
        log = np.log(np.maximum(amount, 0.0))
        z, z_too = ((log - np.log(each.median)) / np.asarray(each.spread, dtype=float) for each in (one, other))
    return tail(z) * tail(z_too)


def hazard(z: Floats | float) -> Floats:
    """Density over tail of the standard normal.

    >>> hazard(np.array([-2.0, 0.0, 2.0])).round(4)
    array([0.0552, 0.7979, 2.3732])
    """
    return _each(_hazard, z)


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


class Tables(NamedTuple):
    """What W exceeds a threshold by, for each pair: logarithms of mean and square, cubic in each cell.

    Cells count downwards from ``top``. Ranks end at edges, from the first rank's lower end to nothing.
    """

    middle: Floats  # [one or other, pair] logarithm of the median
    spread: Floats  # [one or other, pair]
    top: Floats  # [pair] where the cells begin, log of the amount
    step: Floats  # [pair] width of a cell
    above: Floats  # [pair] cells from the top that are too far out to be good
    below: Floats  # [pair] cells from the top to where everybody exceeds the amount
    first: NDArray[np.int64]  # [pair] index of the first cell of a pair
    cells: Floats  # [pair * cell, 8] coefficients from the constant on, of the mean and then of the square
    edge: Floats  # [pair] amount at ``below``
    edge_mean: Floats
    edge_square: Floats
    rank_edge: Floats  # [pair, J] amount at which a rank ends
    rank_mean: Floats  # [pair, J]
    rank_square: Floats


LANES = 120
"""So many thresholds stand beside each other at most, so that they are worked out at once."""

# Each thing that is known of a threshold lies in a row of so many lanes of one flat array. Where a row begins is known
# when this is compiled: so it is also known that no two overlap, and loops along them need no test for it.
ASKED, _MIDDLE, _MIDDLE_TOO, _SPREAD, _SPREAD_TOO, _TOP_CELL, _WIDTH, _ABOVE, _BELOW = (row * LANES for row in range(9))
_FIRST, _EDGE, _EDGE_MEAN, _EDGE_SQUARE, _Z, _Z_TOO, _PLACE, _PART = (row * LANES for row in range(9, 17))
_FOUND_MEAN, _FOUND_SQUARE, _EXP, _MILLS, _MEAN_BEFORE, _SQUARE_BEFORE = (row * LANES for row in range(17, 23))
LEAST, GAIN, FINE, WORTH = (row * LANES for row in range(23, 27))
"""Rows for who asks."""

_RANK_ROWS = 6  # of each rank: its edge, mean and square there; then what is found: chance, mean and square
_RANKS = 27 * LANES
RANK = _RANK_ROWS * LANES
CHANCE, MEAN, SQUARE = (_RANKS + row * LANES for row in range(3, 6))
"""Where what is found of the first rank stands; that of the next stands by ``RANK`` further on."""


@inner
def set_pair(lane, pair, of, room):
    """Tell of which pair is asked in a lane."""
    room[_MIDDLE + lane], room[_MIDDLE_TOO + lane] = of.middle[0, pair], of.middle[1, pair]
    room[_SPREAD + lane], room[_SPREAD_TOO + lane] = of.spread[0, pair], of.spread[1, pair]
    room[_TOP_CELL + lane], room[_WIDTH + lane] = of.top[pair], of.step[pair]
    room[_ABOVE + lane], room[_BELOW + lane], room[_FIRST + lane] = of.above[pair], of.below[pair], of.first[pair]
    room[_EDGE + lane], room[_EDGE_MEAN + lane] = of.edge[pair], of.edge_mean[pair]
    room[_EDGE_SQUARE + lane] = of.edge_square[pair]
    for j in range(of.rank_edge.shape[1]):
        row = _RANKS + j * RANK + lane
        room[row], room[row + LANES] = of.rank_edge[pair, j], of.rank_mean[pair, j]
        room[row + 2 * LANES] = of.rank_square[pair, j]


@inner
def _tails(of, lanes, room):
    """Tails of a row, written over it: those of :func:`tail_at`."""
    far = False
    for lane in range(lanes):
        at = min(abs(room[of + lane]), 1e3)
        far |= at >= _FAR
        room[_MILLS + lane] = _ROOT_TWO_PI * _polynomial(_TOP, at) / _polynomial(_BOTTOM, at)
        room[_EXP + lane] = -0.5 * at * at
    for lane in range(lanes):
        room[_EXP + lane] = math.exp(room[_EXP + lane])
    if far:
        for lane in range(lanes):
            at = abs(room[of + lane])
            if at >= _FAR:
                room[_MILLS + lane] = mills_at(at) if at < _NEVER else 0.0
    for lane in range(lanes):
        upper = room[_EXP + lane] / _ROOT_TWO_PI * room[_MILLS + lane]
        room[of + lane] = 1.0 - upper if room[of + lane] < 0.0 else upper


@inner
def excess_beside(lanes, cells, room):
    """Chance, mean and square of what W exceeds the threshold of each lane by, into rows of these."""
    for lane in range(lanes):
        room[_EXP + lane] = math.log(max(room[ASKED + lane], 1e-300))
    for lane in range(lanes):
        x = room[_EXP + lane]
        room[_Z + lane] = (x - room[_MIDDLE + lane]) / room[_SPREAD + lane]
        room[_Z_TOO + lane] = (x - room[_MIDDLE_TOO + lane]) / room[_SPREAD_TOO + lane]
        place = (room[_TOP_CELL + lane] - x) / room[_WIDTH + lane]
        whole = math.floor(min(max(place, 0.0), room[_BELOW + lane] - 1.0))
        room[_PLACE + lane], room[_PART + lane] = place, place - whole
        room[_FOUND_MEAN + lane] = room[_FIRST + lane] + whole
    for lane in range(lanes):
        part, cell = room[_PART + lane], cells[np.uint64(room[_FOUND_MEAN + lane])]
        room[_FOUND_MEAN + lane] = cell[0] + part * (cell[1] + part * (cell[2] + part * cell[3]))
        room[_FOUND_SQUARE + lane] = cell[4] + part * (cell[5] + part * (cell[6] + part * cell[7]))
    for lane in range(lanes):
        room[_FOUND_MEAN + lane] = math.exp(room[_FOUND_MEAN + lane])
        room[_FOUND_SQUARE + lane] = math.exp(room[_FOUND_SQUARE + lane])
    _tails(_Z, lanes, room)
    _tails(_Z_TOO, lanes, room)
    for lane in range(lanes):
        place, edge_mean = room[_PLACE + lane], room[_EDGE_MEAN + lane]
        short = max(room[_EDGE + lane] - room[ASKED + lane], 0.0)  # below the cells each falls short by that much more
        mean, square = room[_FOUND_MEAN + lane], room[_FOUND_SQUARE + lane]
        mean_below = edge_mean + short
        square_below = room[_EDGE_SQUARE + lane] + short * (2.0 * edge_mean + short)
        mean = mean_below if place >= room[_BELOW + lane] else mean
        square = square_below if place >= room[_BELOW + lane] else square
        room[_FOUND_MEAN + lane] = 0.0 if place < room[_ABOVE + lane] else mean
        room[_FOUND_SQUARE + lane] = 0.0 if place < room[_ABOVE + lane] else square
        room[_Z + lane] *= room[_Z_TOO + lane]


@inner
def by_rank_beside(lanes, ranks, cells, room):
    """The same given the rank, into the rows of ranks."""
    excess_beside(lanes, cells, room)
    share = 1.0 / ranks
    for lane in range(lanes):
        room[_MEAN_BEFORE + lane] = 0.0
        room[_SQUARE_BEFORE + lane] = 0.0
    for j in range(ranks):
        here = room[_RANKS + j * RANK :]
        for lane in range(lanes):
            here[3 * LANES + lane] = min(max(ranks * room[_Z + lane] - j, 0.0), 1.0)
        for lane in range(lanes):
            at_edge = here[LANES + lane]
            # What all who are above an edge exceed the threshold by at least.
            above = here[lane] - room[ASKED + lane]
            mean = at_edge + above * ((j + 1.0) * share)
            square = here[2 * LANES + lane] + above * (at_edge + mean)
            mean = mean if above > 0.0 else room[_FOUND_MEAN + lane]
            square = square if above > 0.0 else room[_FOUND_SQUARE + lane]
            here[4 * LANES + lane] = ranks * max(mean - room[_MEAN_BEFORE + lane], 0.0)
            here[5 * LANES + lane] = ranks * max(square - room[_SQUARE_BEFORE + lane], 0.0)
            room[_MEAN_BEFORE + lane], room[_SQUARE_BEFORE + lane] = mean, square


@kernel
def _excess(t, pair, of, room, chance, mean, square):
    for start in range(0, len(t), LANES):
        lanes = min(LANES, len(t) - start)
        for lane in range(lanes):
            room[ASKED + lane] = t[start + lane]
            set_pair(lane, pair[start + lane], of, room)
        excess_beside(lanes, of.cells, room)
        for lane in range(lanes):
            chance[start + lane], mean[start + lane] = room[_Z + lane], room[_FOUND_MEAN + lane]
            square[start + lane] = room[_FOUND_SQUARE + lane]


@kernel
def _by_rank(t, pair, of, room, chance, mean, square):
    ranks = chance.shape[1]
    for start in range(0, len(t), LANES):
        lanes = min(LANES, len(t) - start)
        for lane in range(lanes):
            room[ASKED + lane] = t[start + lane]
            set_pair(lane, pair[start + lane], of, room)
        by_rank_beside(lanes, ranks, of.cells, room)
        for j in range(ranks):
            here = room[j * RANK :]
            for lane in range(lanes):
                chance[start + lane, j], mean[start + lane, j] = here[CHANCE + lane], here[MEAN + lane]
                square[start + lane, j] = here[SQUARE + lane]


def room_for(ranks: int) -> Floats:
    """Room for the rows of lanes."""
    return np.empty(_RANKS + ranks * RANK)


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
        t, pair = self._asked(threshold)
        found = Excess(*np.empty((3, t.size)))
        _excess(t.ravel(), pair.ravel(), self._cells, room_for(0), *found)
        return Excess(*(x.reshape(t.shape) for x in found))

    def by_rank(self, threshold: Floats | float) -> Excess:
        """The same by class ``[..., X * J]``, given the rank: class = x * J + j. The mean over ranks is that over all.

        >>> gives = Smaller(Lognormal(3.0, 0.8), Lognormal(np.array([50.0]), 1.0), ranks=4)
        >>> [x.round(3).tolist() for x in gives.by_rank(2.0)]
        [[1.0, 1.0, 0.774, 0.0], [6.848, 1.919, 0.366, 0.0], [66.641, 4.043, 0.237, 0.0]]
        """
        t, pair = self._asked(threshold)
        found = Excess(*np.empty((3, t.size, self.ranks)))
        _by_rank(t.ravel(), pair.ravel(), self.tables, room_for(self.ranks), *found)
        return Excess(*(x.reshape((*t.shape[:-1], -1)) for x in found))

    @cached_property
    def most(self) -> Floats:
        """``[pair * J]``: all that a class would give on average, pairs flat: see :meth:`pairs`."""
        return self.by_rank(0.0).mean.ravel()

    def _asked(self, threshold: Floats | float) -> tuple[Floats, NDArray[np.int64]]:
        """Thresholds, and of which pair each is asked, ``[..., X]``."""
        shape = np.broadcast_shapes(np.shape(threshold), self.shape)
        t = np.empty(shape)
        t[...] = threshold
        return t, self.pairs(shape)

    def pairs(self, shape: tuple[int, ...]) -> NDArray[np.int64]:
        """The number of each pair in the tables, ``[..., X]`` of a shape."""
        found = np.empty(shape, np.int64)
        found[...] = np.arange(math.prod(self.shape)).reshape(self.shape)
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
    def _cells(self) -> Tables:
        """Tables without ranks."""
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
        none = np.empty((len(count), 0))
        return Tables(
            middle=middle,
            spread=spread,
            top=top,
            step=step,
            above=above,
            below=count,
            first=np.arange(len(count)) * len(node),
            cells=np.stack([*_hermite(log_mean, steeper), *_hermite(log_square, steeper_square)], axis=-1),
            edge=t[last],
            edge_mean=mean[last],
            edge_square=square[last],
            rank_edge=none,
            rank_mean=none,
            rank_square=none,
        )

    @cached_property
    def tables(self) -> Tables:
        """For compiled functions, pairs flat: see :meth:`pairs`."""
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
        edge, mean, square = (
            np.ascontiguousarray(np.moveaxis(x, 0, -1)).reshape(-1, self.ranks)
            for x in (amounts, found.mean, found.square)
        )
        return cells._replace(rank_edge=edge, rank_mean=mean, rank_square=square)


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
