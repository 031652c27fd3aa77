"""What the routes of begun acts come to, in expectation: walked once per renewal of the odds, not once per person.

What an act leaves does not depend on mood, so a route is walked for every trait and every *payer* (standing x rank of
willingness to pay) alone: side by side, as *lanes*, lane = trait * payers + payer. The gravest mark of a route is a
product of distribution functions as long as no contact ends the act. A *stop* is a contact met so many times in a row
in one place; routes have far more steps than there are different stops, so what a stop comes to is worked out first.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import (
    DESTINATION,
    FINDINGS,
    HOME,
    NOTHING,
    ONE,
    OUTCOMES,
    VERDICTS,
    WAYS_NOT_BEGUN,
    Layout,
    Odds,
    chances,
)
from greyspace.draws import inner, kernel

_MODES_FROM = len(WAYS_NOT_BEGUN)
_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_PASSED = 0
_ONE = float(ONE)

Floats = NDArray[np.float64]


class Contacts(NamedTuple):
    """Expected contacts, in the shapes of ``Tallies.outcomes`` and ``Tallies.cases``."""

    outcomes: Floats  # [R place, C, X, G, powered, outcome]
    cases: Floats  # [R place, D, X J, powered, F, V]


class _Stops(NamedTuple):
    """The different stops of all routes."""

    at: NDArray[np.int32]  # [place, pair of contact and times] -> stop, or NOTHING
    pair_of: NDArray[np.int32]  # [routes, steps] -> pair, or NOTHING after the last step
    place: NDArray[np.int32]  # [stop]
    contact: NDArray[np.int32]  # [stop]
    times: NDArray[np.int32]  # [stop]


class _Comes(NamedTuple):
    """What each stop comes to, without power and with it."""

    within: Floats  # [stop, powered, mark, lane]: chance that the act goes on with no mark above this one
    ended: Floats  # [stop, powered, mark - first_ending, lane]: chance that it ends with this one
    meetings: Floats  # [stop, powered, lane]: contacts met, given that the stop is reached
    lanes: NDArray[np.int64]  # [stop]: lanes to walk: 1 if it is the same for all, all of a trait, or all
    matters: NDArray[np.bool_]  # [stop]: whether power changes anything
    ends: NDArray[np.bool_]  # [stop, mark - first_ending]: whether it can end an act with this one


@inner
def _resolve(place, region, destination):
    if place == HOME:
        return region
    if place == DESTINATION:
        return destination
    return np.int64(place)


@kernel
def _find_stops(route_of, routes, pair_of, at):
    """Set ``at[place, pair]`` to 0 where some route stops."""
    regions, acts, ways, destinations = route_of.shape
    for r in range(regions):
        for a in range(acts):
            for w in range(ways):
                for d in range(destinations):
                    row = route_of[r, a, w, d]
                    if row == NOTHING:
                        continue
                    for step in range(routes.shape[1]):
                        pair = pair_of[row, step]
                        if pair == NOTHING:
                            break
                        at[_resolve(routes[row, step, 1], r, d), pair] = 0


@kernel
def _decided(verdict, out):
    """``out[R, D, powered, F, V, X J]``: chances of cumulative thresholds; payers last, as the inner loops go."""
    places, cases, payers, powers, findings, verdicts = verdict.shape
    for i in range(places):
        for d in range(cases):
            for on in range(powers):
                for y in range(payers):
                    for f in range(findings):
                        before = 0.0
                        for v in range(verdicts):
                            now = np.float64(verdict[i, d, y, on, f, v])
                            out[i, d, on, f, v, y] = (now - before) / _ONE
                            before = now


@inner
def _marks(finding, verdict, mark_of, marks):
    """``marks[mark, payer]`` of one contact in one place from what is found and decided."""
    payers = marks.shape[1]
    marks[:] = 0.0
    for f in range(finding.shape[0]):
        p = finding[f]
        if p == 0.0:
            continue
        recorded = f // _FINDINGS * _VERDICTS
        f = f % _FINDINGS
        if f == _PASSED:
            k = mark_of[recorded]
            for y in range(payers):
                marks[k, y] += p
            continue
        for v in range(_VERDICTS):
            k = mark_of[recorded + v]
            for y in range(payers):
                marks[k, y] += p * verdict[f, v, y]


@inner
def _power(x, n):
    """``x ** n`` for whole n > 0, by squaring."""
    found = 1.0
    while n > 0:
        if n & 1:
            found *= x
        x *= x
        n >>= 1
    return found


@kernel
def _come_to(stops, met, instead, group_of, finding, verdict, case_of, mark_of, first_ending, marks, comes):
    """What each stop comes to, over the chain of contacts that stand for the one it names."""
    payers = marks.shape[1]
    traits = group_of.shape[1]
    lanes = traits * payers
    for s in range(stops.place.shape[0]):
        place = stops.place[s]
        times = stops.times[s]
        for on in range(2):
            q = comes.within[s, on]
            e = comes.ended[s, on]
            q[:] = 0.0
            e[:] = 0.0
            before = 0.0
            c = stops.contact[s]
            while c != NOTHING:
                share = met[place, c] - before
                if share > 0.0:
                    for t in range(traits):
                        g = group_of[c, t]
                        if t == 0 or g != group_of[c, t - 1]:
                            # Where nobody decides there is no row to read: nothing but 'passed' is found.
                            _marks(finding[place, c, g, on], verdict[place, max(case_of[c], 0), on], mark_of[c, on],
                                   marks)  # fmt: skip
                        for k in range(first_ending):
                            for y in range(payers):
                                q[k, t * payers + y] += share * marks[k, y]
                        for k in range(e.shape[0]):
                            for y in range(payers):
                                e[k, t * payers + y] += share * marks[first_ending + k, y]
                    before = met[place, c]
                c = instead[c]
            for lane in range(lanes):
                q[0, lane] += 1.0 - before
            for k in range(1, first_ending):
                for lane in range(lanes):
                    q[k, lane] += q[k - 1, lane]
            # The same contact several times: the mark is the gravest of as many, and each time some end the act.
            meetings = comes.meetings[s, on]
            for lane in range(lanes):
                goes_on = q[first_ending - 1, lane]
                meetings[lane] = times if goes_on >= 1.0 else (1.0 - _power(goes_on, times)) / (1.0 - goes_on)
            if times == 1:
                continue
            for k in range(e.shape[0]):
                for lane in range(lanes):
                    e[k, lane] *= meetings[lane]
            for k in range(first_ending):
                for lane in range(lanes):
                    q[k, lane] = _power(q[k, lane], times)
        _tell(comes.within[s], comes.ended[s], payers, s, comes)


@inner
def _differ(one, other):
    """Whether two rows differ; without a way out, so that many entries are compared at once."""
    found = False
    for i in range(one.shape[0]):
        found |= one[i] != other[i]
    return found


@inner
def _tell(within, ended, payers, s, comes):
    """Note for whom and under which power stop ``s`` comes to something else, and how it can end an act."""
    lanes = within.shape[2]
    matters = tells_payers = tells_traits = False
    for k in range(within.shape[1] + ended.shape[1]):
        ending = k - within.shape[1]
        off = within[0, k] if ending < 0 else ended[0, ending]
        on = within[1, k] if ending < 0 else ended[1, ending]
        matters |= _differ(off, on)
        for row in (off, on):
            tells_payers |= _differ(row[1:payers], row[: payers - 1])
            tells_traits |= _differ(row[payers:], row[: lanes - payers])
        if ending >= 0:
            ends = False
            for lane in range(lanes):
                ends |= (off[lane] > 0.0) | (on[lane] > 0.0)
            comes.ends[s, ending] = ends
    comes.matters[s] = matters
    comes.lanes[s] = lanes if tells_traits else payers if tells_payers else 1


@inner
def _comes_again(row, step, place, region, destination, routes):
    """Whether a route stops in this place after this step."""
    for later in range(step + 1, routes.shape[1]):
        if routes[row, later, 0] == NOTHING:
            return False
        if _resolve(routes[row, later, 1], region, destination) == place:
            return True
    return False


@inner
def _goes(dest, used, r, a, w, d):
    """Whether anybody who does an act goes to ``d`` that way."""
    return used[a, w] and dest[r, a, d] != 0.0


@inner
def _earlier(route_of, dest, used, r, a, w, d):
    """Whether people who do an act before ``a`` take the same route."""
    found = False
    for before in range(a):
        found |= route_of[r, before, w, d] == route_of[r, a, w, d] and _goes(dest, used, r, before, w, d)
    return found


@inner
def _slot(place, slots, used):
    for i in range(used):
        if slots[i] == place:
            return i
    return NOTHING


@inner
def _lanes(row, region, destination, routes, stops, comes):
    """Lanes to walk of a route: where none of its stops tells people apart, the first stands for all."""
    n = np.int64(1)
    for step in range(routes.shape[1]):
        pair = stops.pair_of[row, step]
        if pair == NOTHING:
            break
        n = max(n, comes.lanes[stops.at[_resolve(routes[row, step, 1], region, destination), pair]])
    return n


@inner
def _walk(row, region, destination, way, n, routes, stops, powered, comes, slots, lit, settled, reach, out):
    """Chances ``out[mark, lane]`` of what one route leaves, in its first ``n`` lanes.

    Places have power or not independently of each other, so only the two cases of one place need be carried side by
    side (``lit[slot, powered]``), and only from its first stop where power matters to its last; then they are added up.
    """
    first_ending = settled.shape[0]
    last = first_ending - 1
    used = 0
    for y in range(n):
        for k in range(first_ending):
            settled[k, y] = 1.0
        for k in range(first_ending, out.shape[0]):
            out[k, y] = 0.0
    for step in range(routes.shape[1]):
        pair = stops.pair_of[row, step]
        if pair == NOTHING:
            break
        place = _resolve(routes[row, step, 1], region, destination)
        s = stops.at[place, pair]
        slot = _slot(place, slots, used)
        if slot == NOTHING and comes.matters[s]:
            slot = used
            used += 1
            slots[slot] = place
            for k in range(first_ending):
                for y in range(n):
                    lit[slot, 0, k, y] = 1.0 - powered[place, way]
                    lit[slot, 1, k, y] = powered[place, way]
        for y in range(n):
            reach[y] = settled[last, y]
        for other in range(used):
            if other != slot and slots[other] != NOTHING:
                for y in range(n):
                    reach[y] *= lit[other, 0, last, y] + lit[other, 1, last, y]
        if slot == NOTHING:
            for k in range(comes.ended.shape[2]):
                if comes.ends[s, k]:
                    for y in range(n):
                        out[first_ending + k, y] += reach[y] * comes.ended[s, 0, k, y]
            for k in range(first_ending):
                for y in range(n):
                    settled[k, y] *= comes.within[s, 0, k, y]
            continue
        for on in range(2):
            for k in range(comes.ended.shape[2]):
                if comes.ends[s, k]:
                    for y in range(n):
                        out[first_ending + k, y] += reach[y] * lit[slot, on, last, y] * comes.ended[s, on, k, y]
            for k in range(first_ending):
                for y in range(n):
                    lit[slot, on, k, y] *= comes.within[s, on, k, y]
        if not _comes_again(row, step, place, region, destination, routes):
            slots[slot] = NOTHING
            for k in range(first_ending):
                for y in range(n):
                    settled[k, y] *= lit[slot, 0, k, y] + lit[slot, 1, k, y]
    for y in range(n):
        out[0, y] = settled[0, y]
        for k in range(1, first_ending):
            out[k, y] = settled[k, y] - settled[k - 1, y]


@kernel
def _walk_routes(dest, used, route_of, routes, stops, powered, comes, ranks, slots, lit, settled, reach, one, sums,
                 left):  # fmt: skip
    """Walk every route: chances ``left[R, X, T, A, W, mark]`` of what a begun act leaves, averaged over ranks."""
    regions, standings, traits, acts, ways, marks = left.shape
    payers = standings * ranks
    left[:] = 0.0
    for r in range(regions):
        for w in range(_MODES_FROM, ways):
            sums[:] = 0.0
            for d in range(regions):
                for a in range(acts):
                    row = route_of[r, a, w, d]
                    if not _goes(dest, used, r, a, w, d):
                        continue
                    if row == NOTHING:
                        for lane in range(traits * payers):
                            sums[a, 0, lane] += dest[r, a, d]
                        continue
                    if _earlier(route_of, dest, used, r, a, w, d):
                        continue
                    n = _lanes(row, r, d, routes, stops, comes)
                    _walk(row, r, d, w, n, routes, stops, powered, comes, slots, lit, settled, reach, one)
                    for b in range(a, acts):
                        if route_of[r, b, w, d] != row or not _goes(dest, used, r, b, w, d):
                            continue
                        for k in range(marks):
                            for first in range(0, traits * payers, n):
                                for y in range(n):
                                    sums[b, k, first + y] += dest[r, b, d] * one[k, y]
            for x in range(standings):
                for t in range(traits):
                    for a in range(acts):
                        if not used[a, w]:
                            continue
                        for k in range(marks):
                            for j in range(ranks):
                                left[r, x, t, a, w, k] += sums[a, k, t * payers + x * ranks + j]
                            left[r, x, t, a, w, k] /= ranks


@inner
def _count(row, region, destination, way, routes, stops, powered, comes, slots, lit, settled, reach, steps):
    """Add the contacts of one route, begun by ``settled[lane]`` acts, to ``steps[stop, powered, lane]``."""
    last = comes.within.shape[2] - 1
    lanes = settled.shape[0]
    used = 0
    for step in range(routes.shape[1]):
        pair = stops.pair_of[row, step]
        if pair == NOTHING:
            break
        place = _resolve(routes[row, step, 1], region, destination)
        s = stops.at[place, pair]
        slot = _slot(place, slots, used)
        if slot == NOTHING and comes.matters[s]:
            slot = used
            used += 1
            slots[slot] = place
            for y in range(lanes):
                lit[slot, 0, y] = 1.0 - powered[place, way]
                lit[slot, 1, y] = powered[place, way]
        for y in range(lanes):
            reach[y] = settled[y]
        for other in range(used):
            if other != slot and slots[other] != NOTHING:
                for y in range(lanes):
                    reach[y] *= lit[other, 0, y] + lit[other, 1, y]
        if slot == NOTHING:
            # Power changes nothing, yet the contacts are told apart by it.
            p = powered[place, way]
            for y in range(lanes):
                meetings = reach[y] * comes.meetings[s, 0, y]
                steps[s, 0, y] += meetings * (1.0 - p)
                steps[s, 1, y] += meetings * p
                settled[y] *= comes.within[s, 0, last, y]
            continue
        for on in range(2):
            for y in range(lanes):
                steps[s, on, y] += reach[y] * lit[slot, on, y] * comes.meetings[s, on, y]
                lit[slot, on, y] *= comes.within[s, on, last, y]
        if not _comes_again(row, step, place, region, destination, routes):
            slots[slot] = NOTHING
            for y in range(lanes):
                settled[y] *= lit[slot, 0, y] + lit[slot, 1, y]


@kernel
def _count_routes(flow, dest, used, route_of, routes, stops, powered, comes, ranks, slots, lit, settled, reach, steps):
    """The contacts ``steps[stop, powered, lane]`` that the begun acts ``flow[R, X, T, A, W]`` make."""
    regions, standings, traits, acts, ways = flow.shape
    payers = standings * ranks
    steps[:] = 0.0
    for r in range(regions):
        for w in range(_MODES_FROM, ways):
            for d in range(regions):
                for a in range(acts):
                    row = route_of[r, a, w, d]
                    if row == NOTHING or not _goes(dest, used, r, a, w, d):
                        continue
                    if _earlier(route_of, dest, used, r, a, w, d):
                        continue
                    settled[:] = 0.0
                    for b in range(a, acts):
                        if route_of[r, b, w, d] != row or not _goes(dest, used, r, b, w, d):
                            continue
                        for t in range(traits):
                            for y in range(payers):
                                settled[t * payers + y] += dest[r, b, d] * flow[r, y // ranks, t, b, w] / ranks
                    _count(row, r, d, w, routes, stops, powered, comes, slots, lit, settled, reach, steps)


@kernel
def _spread(stops, steps, met, instead, group_of, reach):
    """Spread the contacts of each chain over who is met: into ``reach[place, contact, G, powered, payer]``."""
    reach[:] = 0.0
    payers = reach.shape[4]
    for s in range(stops.place.shape[0]):
        place = stops.place[s]
        before = 0.0
        c = stops.contact[s]
        while c != NOTHING:
            share = met[place, c] - before
            if share > 0.0:
                for t in range(group_of.shape[1]):
                    for on in range(2):
                        for y in range(payers):
                            reach[place, c, group_of[c, t], on, y] += share * steps[s, on, t * payers + y]
                before = met[place, c]
            c = instead[c]


@kernel
def _settle(there, reach, finding, verdict, case_of, ranks, outcomes, cases):
    """What the contacts ``reach`` come to: ``outcomes``, and those where an officer decided as ``cases``."""
    outcomes[:] = 0.0
    cases[:] = 0.0
    places, contacts, groups, powers, payers = reach.shape
    for i in range(places):
        for c in range(contacts):
            if not there[i, c]:
                continue
            for g in range(groups):
                for on in range(powers):
                    for y in range(payers):
                        amount = reach[i, c, g, on, y]
                        if amount == 0.0:
                            continue
                        x = y // ranks
                        for f in range(finding.shape[4]):
                            found = amount * finding[i, c, g, on, f]
                            if found == 0.0:
                                continue
                            recorded = f // _FINDINGS * _VERDICTS
                            f = f % _FINDINGS
                            if f == _PASSED:
                                outcomes[i, c, x, g, on, recorded] += found
                                continue
                            for v in range(_VERDICTS):
                                decided = found * verdict[i, case_of[c], on, f, v, y]
                                outcomes[i, c, x, g, on, recorded + v] += decided
                                cases[i, case_of[c], y, on, f, v] += decided


def room(before: Floats, shape: tuple[int, ...]) -> Floats:
    """An array to fill: the one of the last renewal where it fits, since new memory costs more than filling it."""
    return before if before.shape == shape else np.empty(shape)


class Routes:
    """All routes of a layout, under the odds taken last."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        routes, regions = layout.routes, layout.route_of.shape[0]
        contact, times = routes[..., 0], routes[..., 2]
        most = int(times.max(initial=0)) + 1
        # A number for each pair of contact and times; the ends of routes sort before them and keep NOTHING.
        pairs, row_of = np.unique(np.where(contact == NOTHING, NOTHING, contact * most + times), return_inverse=True)
        ends = int(np.searchsorted(pairs, 0))
        pairs = pairs[ends:]
        pair_of = np.asarray(row_of.reshape(contact.shape) - ends, np.int32)
        at = np.full((regions, len(pairs)), NOTHING, np.int32)
        _find_stops(layout.route_of, routes, pair_of, at)
        place, pair = np.nonzero(at == 0)
        at[place, pair] = np.arange(len(place))
        named = (pairs[pair] // most).astype(np.int32)
        times_of = (pairs[pair] % most).astype(np.int32)
        self._stops = _Stops(at, pair_of, place.astype(np.int32), named, times_of)
        self._there = np.zeros((regions, len(layout.instead)), np.bool_)
        while (named != NOTHING).any():
            self._there[place[named != NOTHING], named[named != NOTHING]] = True
            named = np.where(named != NOTHING, layout.instead[named], np.int32(NOTHING))
        none: Floats = np.empty(0)
        self._verdict = self._left = self._reach = none
        self._comes = _Comes(none, none, none, np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0, np.bool_))

    def take(self, odds: Odds, used: NDArray[np.bool_]) -> None:
        """Work out what every stop comes to under these odds; ``used[A, W]``: ways by which anybody does an act."""
        self._used = used
        lay, stops = self._layout, len(self._stops.place)
        self._dest = chances(odds.dest)
        self._powered = odds.powered / float(ONE)
        self._met = odds.met / float(ONE)
        self._finding = chances(odds.finding)
        places, cases, self._payers, *rest = odds.verdict.shape
        self._verdict = room(self._verdict, (places, cases, *rest, self._payers))
        _decided(odds.verdict, self._verdict)
        lanes = self._lanes = lay.group_of.shape[1] * self._payers
        marks = len(lay.state_of)
        self._comes = _Comes(
            room(self._comes.within, (stops, 2, lay.first_ending, lanes)),
            room(self._comes.ended, (stops, 2, marks - lay.first_ending, lanes)),
            np.empty((stops, 2, lanes)),
            np.empty(stops, np.int64),
            np.empty(stops, np.bool_),
            np.empty((stops, marks - lay.first_ending), np.bool_),
        )
        _come_to(
            self._stops, self._met, lay.instead, lay.group_of, self._finding, self._verdict, lay.case_of, lay.mark_of,
            lay.first_ending, np.empty((marks, self._payers)), self._comes,
        )  # fmt: skip

    def left(self) -> Floats:
        """``[R, X, T, A, W, mark]``: chances of what a begun act leaves; nothing for a way that nobody takes."""
        lay, lanes = self._layout, self._lanes
        regions, acts, ways, _ = lay.route_of.shape
        steps, marks = lay.routes.shape[1], len(lay.state_of)
        left = self._left = room(
            self._left, (regions, self._payers // lay.ranks, lay.group_of.shape[1], acts, ways, marks)
        )
        _walk_routes(
            self._dest, self._used, lay.route_of, lay.routes, self._stops, self._powered, self._comes, lay.ranks,
            np.empty(steps, np.int64), np.empty((steps, 2, lay.first_ending, lanes)),
            np.empty((lay.first_ending, lanes)), np.empty(lanes), np.empty((marks, lanes)),
            np.empty((acts, marks, lanes)), left,
        )  # fmt: skip
        return left

    def contacts(self, flow: Floats) -> Contacts:
        """The contacts that begun acts ``flow[R, X, T, A, W]`` make, the ranks of a standing in equal parts."""
        lay, lanes = self._layout, self._lanes
        made = np.empty((len(self._stops.place), 2, lanes))
        steps = lay.routes.shape[1]
        _count_routes(
            flow, self._dest, self._used, lay.route_of, lay.routes, self._stops, self._powered, self._comes, lay.ranks,
            np.empty(steps, np.int64), np.empty((steps, 2, lanes)), np.empty(lanes), np.empty(lanes), made,
        )  # fmt: skip
        places, contacts, groups, powers, _ = self._finding.shape
        reach = self._reach = room(self._reach, (places, contacts, groups, powers, self._payers))
        _spread(self._stops, made, self._met, lay.instead, lay.group_of, reach)
        outcomes = np.empty((places, contacts, self._payers // lay.ranks, groups, powers, len(OUTCOMES)))
        cases = np.empty((places, self._verdict.shape[1], self._payers, powers, _FINDINGS, _VERDICTS))
        _settle(self._there, reach, self._finding, self._verdict, lay.case_of, lay.ranks, outcomes, cases)
        return Contacts(outcomes, cases)
