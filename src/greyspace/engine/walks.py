"""The routes of all acts, with their places filled in and without the contacts that nobody can meet."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import DESTINATION, HOME, NOTHING, Layout, Odds
from greyspace.draws import kernel

_FEWEST = 1


class Walks(NamedTuple):
    """A *walk* is the route of an act from one region to another by one way; E contacts of all walks."""

    begin: NDArray[np.uint32]  # [R x A x W x R destination + 1]: first contact of each walk, where the one before ended
    met: NDArray[np.uint32]  # [E]: threshold of meeting anybody
    draws: NDArray[np.uint32]  # [E]: counter of its draws
    contact: NDArray[np.uint32]  # [E]
    place: NDArray[np.uint32]  # [E]


@kernel
def _walk(met, instead, route_of, routes, begin, anybody, draws, contact, place):
    """Fill the walks in; returns how many contacts they have. Where there is no room they are only counted."""
    regions, acts, ways, destinations = route_of.shape
    walk = n = np.int64(0)
    for r in range(regions):
        for a in range(acts):
            for w in range(ways):
                for d in range(destinations):
                    begin[walk] = n
                    walk += 1
                    row = route_of[r, a, w, d]
                    for step in range(routes.shape[1]):
                        if row == NOTHING or routes[row, step, 0] == NOTHING:
                            break
                        at = int(routes[row, step, 1])
                        if at == HOME:
                            at = r
                        elif at == DESTINATION:
                            at = d
                        likely = np.uint32(0)
                        of_chain = routes[row, step, 0]
                        while of_chain != NOTHING:
                            likely = max(likely, met[at, of_chain])
                            of_chain = instead[of_chain]
                        if likely == 0:
                            continue
                        for time in range(routes[row, step, 2]):
                            if n < draws.shape[0]:
                                anybody[n] = likely
                                draws[n] = routes[row, step, 3] + time
                                contact[n] = routes[row, step, 0]
                                place[n] = at
                            n += 1
    begin[walk] = n
    return n


def longest_walk(layout: Layout) -> int:
    """The most contacts that one act can meet."""
    there = layout.routes[..., 0] != NOTHING
    return int((layout.routes[..., 2] * there).sum(axis=1).max(initial=_FEWEST))


def walks_of(odds: Odds, layout: Layout) -> Walks:
    """All walks under these odds."""
    begin = np.empty(layout.route_of.size + 1, np.uint32)
    found = [np.empty(0, np.uint32) for _ in range(4)]
    for _ in range(2):  # once to see how many there are
        n = _walk(odds.met, layout.instead, layout.route_of, layout.routes, begin, *found)
        if n > len(found[0]):
            found = [np.empty(n, np.uint32) for _ in range(4)]
    return Walks(begin, *found)
