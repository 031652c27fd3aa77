"""What a renewal of the odds comes to before anybody lives under it: looked up for each person, worked out once.

A *walk* is the route of an act from one region to another by one way, with its places filled in and without the
contacts that nobody can meet under these odds.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import DESTINATION, HOME, NOTHING, Layout, Odds
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import kernel
from greyspace.engine.eights import in_eights
from greyspace.engine.instructions import EIGHT
from greyspace.engine.week import STATUS_AT

_FEWEST = 1
Table = NDArray[np.uint32]


class Walks(NamedTuple):
    """Looked up by the passes of a week; E contacts of all walks, L the lower bits of a person: profile and status."""

    ceiling: Table  # [R, P, 128], as in the odds
    every_eighth: Table  # [R, P, 16]: every eighth of these
    least_free: Table  # [R]: the least threshold of a week without a candidate day
    pick: Table  # [R, P, A], in eights
    way: Table  # [R, temper and mood, A, W], in eights
    finding: Table  # [R place x C x G x powered, 2 F], in eights
    verdict: Table  # [R place, D, X J, powered, F, V], in eights
    most_accept: Table  # [R]: threshold that no acceptance exceeds
    change: Table  # [R, news, L]: threshold of any change on Monday
    most_change: Table  # [R, news]: the most of these
    chooser: Table  # [L]: temper and mood, as one row of the ways
    trait: Table  # [L]
    only: Table  # [R, A]: the only destination, or R if there are several
    mark: Table  # [C x powered x outcome]
    begin: Table  # [R x A x W x R destination + 1]: first contact of each walk, where the one before ended
    met: Table  # [E]: threshold of meeting anybody
    draws: Table  # [E]: counter of its draws
    contact: Table  # [E]
    place: Table  # [E]
    leaves_nothing: bool  # an act whose contacts give the first mark leaves the person as he or she was


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
    """Work out what ``odds`` come to."""
    regions, profiles = odds.pick.shape[:2]
    moods, statuses, traits = odds.way.shape[2], odds.weekly.shape[3], layout.group_of.shape[1]
    change = np.zeros((regions, NEWS_KINDS, statuses << STATUS_AT), np.uint32)
    for profile in range(profiles):
        change[:, :, profile :: 1 << STATUS_AT] = odds.weekly[:, layout.temper_of[profile], ..., -1]
    low = np.arange(statuses << STATUS_AT)
    temper = layout.temper_of[np.minimum(low & ((1 << STATUS_AT) - 1), profiles - 1)]
    shares = np.diff(odds.dest, axis=-1, prepend=np.uint32(0)) > 0
    only = np.where(shares.sum(axis=-1) == 1, shares.argmax(axis=-1), regions)

    begin = np.empty(layout.route_of.size + 1, np.uint32)
    met, draws, contact, place = (np.empty(0, np.uint32) for _ in range(4))
    for _ in range(2):  # once to see how many there are
        n = _walk(odds.met, layout.instead, layout.route_of, layout.routes, begin, met, draws, contact, place)
        if n > len(met):
            met, draws, contact, place = (np.empty(n, np.uint32) for _ in range(4))

    same = (layout.status_after[0] == np.arange(statuses)).all()
    return Walks(
        ceiling=odds.ceiling,
        every_eighth=np.ascontiguousarray(odds.ceiling[..., EIGHT - 1 :: EIGHT]),
        least_free=odds.ceiling[..., 0].min(axis=-1),
        pick=in_eights(odds.pick),
        way=in_eights(odds.way.reshape(regions, -1, *odds.way.shape[3:])),
        finding=in_eights(odds.finding.reshape(-1, odds.finding.shape[-1])),
        verdict=in_eights(odds.verdict),
        most_accept=odds.accept.max(axis=(1, 2)),
        change=change,
        most_change=change.max(axis=-1),
        chooser=(temper * moods + (low >> STATUS_AT) // traits).astype(np.uint32),
        trait=((low >> STATUS_AT) % traits).astype(np.uint32),
        only=only.astype(np.uint32),
        mark=layout.mark_of.astype(np.uint32).ravel(),
        begin=begin,
        met=met,
        draws=draws,
        contact=contact,
        place=place,
        leaves_nothing=bool(same and layout.hold_of[0] == layout.gone[0] == layout.news_of[0] == 0),
    )
