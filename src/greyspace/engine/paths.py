"""Where the routes of a layout stop, worked out once: the different stops, and the ways there as trees.

Routes of one act by one way from one region set out alike, so they are laid as a tree, each branch walked once. A
*stop* is a contact met so many times in a row in one place; routes have far more steps than there are different stops.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import DESTINATION, HOME, NOTHING, Layout

Ints = NDArray[np.int32]

EITHER = 2
"""A visit with power or without: as often each as the place has power."""


class Stops(NamedTuple):
    """The different stops of all routes, by place and there by contact."""

    place: Ints  # [stop]
    contact: Ints  # [stop]
    times: Ints  # [stop]
    of_place: Ints  # [R + 1]: those of a place begin here


class Trees(NamedTuple):
    """A tree for each *outset*, which is (act * W + way) * R + region; nodes come before those they lead to.

    Outsets of one act by one way, from wherever, follow each other, since their trees lead to the same stops.

    The same stop in all branches of a tree is one *visit*; two, first without power and then with it, where that may
    have been told before.
    """

    of_outset: Ints  # [outset + 1]: its nodes begin here
    stop: Ints  # [node]
    depth: Ints  # [node]: stops before it
    parent: Ints  # [node] -> node before, or NOTHING
    before: Ints  # [node] -> depth of the last stop before it in the same place, or NOTHING
    again: NDArray[np.bool_]  # [node]: whether the ways through it come to this place again
    visit: Ints  # [node] -> visit, or the first of two
    visits: Ints  # [outset + 1]: its visits begin here
    visited: Ints  # [visit] -> stop
    light: Ints  # [visit]: 0 without power, 1 with it, or EITHER
    row: Ints  # [visit] -> row, stop by stop
    of_stop: Ints  # [stop + 1]: its rows begin here
    outset_of: Ints  # [row] -> outset
    way_of: Ints  # [row] -> way of its outset
    light_of: Ints  # [row], as of the visit
    end: Ints  # [R, A, W, R destination] -> last node of the route, or NOTHING where no contact is met


def lay_out(layout: Layout) -> tuple[Stops, Trees]:
    """Find the stops and the trees of all routes."""
    regions, acts, ways, _ = layout.route_of.shape
    outsets = regions * acts * ways
    origin, act, way, to = np.nonzero(layout.route_of != NOTHING)
    steps = layout.routes[layout.route_of[origin, act, way, to]].astype(np.int64)
    contact, named, times = (np.ascontiguousarray(steps[..., i]) for i in range(3))
    on = contact != NOTHING
    place = np.where(named == HOME, origin[:, None], np.where(named == DESTINATION, to[:, None], named))
    most = int(times.max(initial=0)) + 1
    each = len(layout.instead) * most
    different, stop_of = np.unique((place * each + contact * most + times)[on], return_inverse=True)
    stops = Stops(
        _ints(different // each), _ints(different % each // most), _ints(different % most),
        _ints(np.searchsorted(different // each, np.arange(regions + 1))),
    )  # fmt: skip
    # A way through a stop is another one if it comes to that place again, since then its power is still to be told.
    later = np.zeros(on.shape, np.bool_)
    for i in range(on.shape[1]):
        later[:, i] = ((place[:, i + 1 :] == place[:, i : i + 1]) & on[:, i + 1 :]).any(axis=1)
    step_of = np.full(on.shape, -1, np.int64)
    step_of[on] = stop_of.reshape(-1) * 2 + later[on]
    # Ways are ordered by the first route that goes them, not by the numbers of contacts: a contact that nobody meets
    # must not change the order in which numbers are added up. The end of a way, -1, stands before all others.
    outset_of = (act * ways + way) * regions + origin
    rows = np.full((len(on), on.shape[1] + 1), -1, np.int64)
    rows[:, 0] = label = outset_of
    for i in range(on.shape[1]):
        so_far = label * (2 * len(different) + 1) + step_of[:, i] + 1
        _, first, alike = np.unique(so_far, return_index=True, return_inverse=True)
        label = first[alike.reshape(-1)]
        rows[:, i + 1] = np.where(on[:, i], label, -1)
    rows, first_of, row_of = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    outset, paths = rows[:, 0], step_of[first_of]
    on = paths >= 0
    # A step begins a node unless the path before it, in this order, has come the same way until there.
    new = np.ones(rows.shape, np.bool_)
    new[1:] = np.logical_or.accumulate(rows[1:] != rows[:-1], axis=1)
    path, depth = np.nonzero(new[:, 1:] & on)
    number = np.full(on.shape, NOTHING, np.int64)
    number[path, depth] = np.arange(len(path))
    number = np.maximum.accumulate(number, axis=0)
    stop = paths[path, depth] // 2
    before = np.full(len(path), NOTHING, np.int64)
    where = stops.place[np.maximum(paths // 2, 0)] if len(different) else paths
    for i in range(on.shape[1]):
        before[(i < depth) & (where[path, i] == where[path, depth])] = i
    number_of = max(len(different), 1)
    visits, first, visit = np.unique(outset[path] * number_of + stop, return_index=True, return_inverse=True)
    order = np.argsort(first)
    visits, visit = visits[order], np.argsort(order)[visit.reshape(-1)]
    told = np.zeros(len(visits), np.bool_)
    told[visit[before != NOTHING]] = True
    visit = (np.cumsum(1 + told) - 1 - told)[visit]
    visits = np.repeat(visits, 1 + told)
    light = np.full(len(visits), EITHER)
    light[np.cumsum(1 + told)[told] - 2], light[np.cumsum(1 + told)[told] - 1] = 0, 1
    by_stop = np.argsort(visits % number_of, kind="stable")
    end = np.full(layout.route_of.shape, NOTHING, np.int64)
    last = number[np.arange(len(paths)), on.sum(axis=1) - 1]
    end[origin, act, way, to] = last[row_of.reshape(-1)]
    trees = Trees(
        of_outset=_ints(np.searchsorted(outset[path], np.arange(outsets + 1))),
        stop=_ints(stop),
        depth=_ints(depth),
        parent=_ints(np.where(depth > 0, number[path, depth - 1], NOTHING)),
        before=_ints(before),
        again=paths[path, depth] % 2 == 1,
        visit=_ints(visit),
        visits=_ints(np.searchsorted(visits // number_of, np.arange(outsets + 1))),
        visited=_ints(visits % number_of),
        light=_ints(light),
        row=_ints(np.argsort(by_stop)),
        of_stop=_ints(np.searchsorted(np.sort(visits % number_of), np.arange(len(different) + 1))),
        outset_of=_ints(visits[by_stop] // number_of),
        way_of=_ints(visits[by_stop] // number_of // regions % ways),
        light_of=_ints(light[by_stop]),
        end=_ints(end),
    )
    return stops, trees


def _ints(numbers: NDArray[np.int64]) -> Ints:
    """The same in half the memory, all of which is gone through at each renewal."""
    return np.ascontiguousarray(numbers, np.int32)
