"""What the routes of begun acts come to, in expectation: walked once per renewal of the odds, not once per person.

What an act leaves does not depend on mood, so a route is walked for every trait and every *payer* (standing x rank of
willingness to pay) alone, all payers side by side. The gravest mark of a route is a product of distribution functions
as long as no contact ends the act. A *stop* is a contact met so many times in a row in one place; routes have far more
steps than there are different stops, so what a stop comes to is worked out first.
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
    """What each stop comes to. Of ``within`` and ``ended`` only the first row is there where the others are like it."""

    within: Floats  # [stop, powered, trait, (mark, payer)]: chance that the act goes on with no mark above this one
    ended: Floats  # [stop, powered, trait, (mark - first_ending, payer)]: chance that it ends with this one
    goes_on: Floats  # [stop, powered, (trait, payer)]: chance that the act goes on at all
    meetings: Floats  # [stop, powered, (trait, payer)]: contacts met, given that the stop is reached
    power: NDArray[np.int64]  # [stop]: 1 if power changes anything
    traits: NDArray[np.int64]  # [stop]: 1 if the trait does
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


@inner
def _differ(one, other):
    """Whether two rows differ; without a way out, so that many entries are compared at once."""
    found = False
    for i in range(one.shape[0]):
        found |= one[i] != other[i]
    return found


@kernel
def _decided(verdict, out, power):
    """``out[R, D, powered, F, V, X J]``: chances of cumulative thresholds; payers last, as the inner loops go.

    ``power[R, D]``: whether power changes any.
    """
    places, cases, payers, powers, findings, verdicts = verdict.shape
    for i in range(places):
        for d in range(cases):
            power[i, d] = False
            for y in range(payers):
                for f in range(findings):
                    power[i, d] |= _differ(verdict[i, d, y, 0, f], verdict[i, d, y, powers - 1, f])
            for on in range(powers):
                for f in range(findings):
                    for y in range(payers):
                        out[i, d, on, f, 0, y] = np.float64(verdict[i, d, y, on, f, 0]) / _ONE
                    for v in range(1, verdicts):
                        for y in range(payers):
                            row = verdict[i, d, y, on, f]
                            out[i, d, on, f, v, y] = (np.float64(row[v]) - np.float64(row[v - 1])) / _ONE


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


@inner
def _some(row):
    found = False
    for i in range(row.shape[0]):
        found |= row[i] > 0.0
    return found


@inner
def _may_tell(s, stops, met, instead, group_of, finding, power_of, case_of, mark_of):
    """Whether power, and whether the trait, may change what a stop comes to."""
    place = stops.place[s]
    power = traits = False
    before = 0.0
    c = stops.contact[s]
    while c != NOTHING:
        if met[place, c] - before > 0.0:
            power |= _differ(mark_of[c, 0], mark_of[c, 1]) or (case_of[c] >= 0 and power_of[place, case_of[c]])
            for t in range(group_of.shape[1]):
                mine, first = finding[place, c, group_of[c, t]], finding[place, c, group_of[c, 0]]
                power |= _differ(mine[0], mine[1])
                traits |= _differ(mine[0], first[0]) or _differ(mine[1], first[1])
            before = met[place, c]
        c = instead[c]
    return power, traits


@kernel
def _come_to(stops, met, instead, group_of, finding, verdict, power_of, case_of, mark_of, first_ending, marks, comes):
    """What each stop comes to, over the chain of contacts that stand for the one it names."""
    payers = marks.shape[1]
    through = first_ending * payers
    for s in range(stops.place.shape[0]):
        place = stops.place[s]
        times = stops.times[s]
        power, tells = _may_tell(s, stops, met, instead, group_of, finding, power_of, case_of, mark_of)
        for on in range(2 if power else 1):
            for t in range(group_of.shape[1] if tells else 1):
                q, e = comes.within[s, on, t], comes.ended[s, on, t]
                q[:] = 0.0
                e[:] = 0.0
                before = 0.0
                c = stops.contact[s]
                while c != NOTHING:
                    share = met[place, c] - before
                    if share > 0.0:
                        # Where nobody decides there is no row to read: nothing but 'passed' is found.
                        _marks(finding[place, c, group_of[c, t], on], verdict[place, max(case_of[c], 0), on],
                               mark_of[c, on], marks)  # fmt: skip
                        for k in range(first_ending):
                            for y in range(payers):
                                q[k * payers + y] += share * marks[k, y]
                        for k in range(first_ending, marks.shape[0]):
                            for y in range(payers):
                                e[(k - first_ending) * payers + y] += share * marks[k, y]
                        before = met[place, c]
                    c = instead[c]
                for y in range(payers):
                    q[y] += 1.0 - before
                for i in range(payers, through):
                    q[i] += q[i - payers]
                # The same contact several times: the mark is the gravest of as many, and each time some end the act.
                goes_on, meetings = comes.goes_on[s, on], comes.meetings[s, on]
                for y in range(payers):
                    once = q[through - payers + y]
                    often = once if times == 1 else _power(once, times)
                    goes_on[t * payers + y] = often
                    meetings[t * payers + y] = times if once >= 1.0 else (1.0 - often) / (1.0 - once)
                if times == 1:
                    continue
                for k in range(marks.shape[0] - first_ending):
                    for y in range(payers):
                        e[k * payers + y] *= meetings[t * payers + y]
                for i in range(through):
                    q[i] = _power(q[i], times)
        _tell(power, tells, s, payers, comes)


@inner
def _tell(power, tells, s, payers, comes):
    """Note for whom and under which power stop ``s`` comes to something else, and how it can end an act."""
    within, ended = comes.within[s], comes.ended[s]
    traits, lanes = within.shape[1], comes.goes_on.shape[2]
    comes.power[s] = comes.traits[s] = 0
    for k in range(comes.ends.shape[1]):
        comes.ends[s, k] = _some(ended[0, 0, k * payers : (k + 1) * payers])
    for on in range(2 if power else 1):
        for t in range(traits if tells else 1):
            if on > 0 and (_differ(within[on, t], within[0, t]) or _differ(ended[on, t], ended[0, t])):
                comes.power[s] = 1
            if t > 0 and (_differ(within[on, t], within[on, 0]) or _differ(ended[on, t], ended[on, 0])):
                comes.traits[s] = 1
            if on + t > 0:
                for k in range(comes.ends.shape[1]):
                    comes.ends[s, k] |= _some(ended[on, t, k * payers : (k + 1) * payers])
        if not tells:
            for i in range(payers, lanes):
                comes.goes_on[s, on, i] = comes.goes_on[s, on, i - payers]
                comes.meetings[s, on, i] = comes.meetings[s, on, i - payers]


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
def _goes(dest, taken, r, a, w, d):
    """Whether anybody who does an act goes to ``d`` that way."""
    return taken[a, w] != NOTHING and dest[r, a, d] != 0.0


@inner
def _earlier(route_of, dest, taken, r, a, w, d):
    """Whether people who do an act before ``a`` take the same route."""
    found = False
    for before in range(a):
        found |= route_of[r, before, w, d] == route_of[r, a, w, d] and _goes(dest, taken, r, before, w, d)
    return found


@inner
def _slot(place, slots, used):
    for i in range(used):
        if slots[i] == place:
            return i
    return NOTHING


@inner
def _others_open(slot, slots, used, lit, first, reach):
    """Multiply ``reach`` by the chances, over power, of all places carried but ``slot``; from lane ``first``."""
    for other in range(used):
        if other != slot and slots[other] != NOTHING:
            for y in range(reach.shape[0]):
                reach[y] *= lit[other, 0, first + y] + lit[other, 1, first + y]


@inner
def _tells_traits(row, region, destination, routes, stops, comes):
    """Whether a stop of a route tells traits apart; else the first stands for all."""
    found = np.int64(0)
    for step in range(routes.shape[1]):
        pair = stops.pair_of[row, step]
        if pair == NOTHING:
            break
        found |= comes.traits[stops.at[_resolve(routes[row, step, 1], region, destination), pair]]
    return found != 0


@inner
def _walk(row, trait, region, destination, way, routes, stops, powered, comes, slots, lit, settled, reach, out):
    """Chances ``out[(mark, payer)]`` of what one route leaves to people of one trait.

    Places have power or not independently of each other, so only the two cases of one place need be carried side by
    side (``lit[slot, powered]``), and only from its first stop where power matters to its last; then they are added up.
    """
    payers, through = reach.shape[0], settled.shape[0]
    last = through - payers
    used = 0
    settled[:] = 1.0
    out[:] = 0.0
    for step in range(routes.shape[1]):
        pair = stops.pair_of[row, step]
        if pair == NOTHING:
            break
        place = _resolve(routes[row, step, 1], region, destination)
        s = stops.at[place, pair]
        t = trait * comes.traits[s]
        slot = _slot(place, slots, used)
        if slot == NOTHING and comes.power[s] != 0:
            slot = used
            used += 1
            slots[slot] = place
            for i in range(through):
                lit[slot, 0, i] = 1.0 - powered[place, way]
                lit[slot, 1, i] = powered[place, way]
        for y in range(payers):
            reach[y] = settled[last + y]
        _others_open(slot, slots, used, lit, last, reach)
        if slot == NOTHING:
            within, ended = comes.within[s, 0, t], comes.ended[s, 0, t]
            for k in range(comes.ends.shape[1]):
                if comes.ends[s, k]:
                    for y in range(payers):
                        out[through + k * payers + y] += reach[y] * ended[k * payers + y]
            for i in range(through):
                settled[i] *= within[i]
            continue
        for on in range(2):
            within, ended = comes.within[s, on * comes.power[s], t], comes.ended[s, on * comes.power[s], t]
            for k in range(comes.ends.shape[1]):
                if comes.ends[s, k]:
                    for y in range(payers):
                        out[through + k * payers + y] += reach[y] * lit[slot, on, last + y] * ended[k * payers + y]
            for i in range(through):
                lit[slot, on, i] *= within[i]
        if not _comes_again(row, step, place, region, destination, routes):
            slots[slot] = NOTHING
            for i in range(through):
                settled[i] *= lit[slot, 0, i] + lit[slot, 1, i]
    for y in range(payers):
        out[y] = settled[y]
    for i in range(payers, through):
        out[i] = settled[i] - settled[i - payers]


@kernel
def _walk_routes(dest, taken, route_of, like, routes, stops, powered, comes, ranks, slots, lit, settled, reach, walked,
                 one, sums, left):  # fmt: skip
    """Walk every route: chances ``left[R, X, T, taken, mark]`` of what a begun act leaves, averaged over ranks.

    ``taken[A, W]`` numbers the acts and ways that anybody takes; NOTHING for the others.
    ``like[R, A, W, R]`` numbers the different routes from a region by a way: each is walked once, into
    ``one[number, trait, (mark, payer)]``. ``walked[number]``: how many traits it was walked for.
    """
    regions, standings, traits, _, marks = left.shape
    acts, ways = taken.shape
    payers = reach.shape[0]
    left[:] = 0.0
    for r in range(regions):
        for w in range(_MODES_FROM, ways):
            sums[:] = 0.0
            walked[:] = 0
            for d in range(regions):
                for a in range(acts):
                    if not _goes(dest, taken, r, a, w, d):
                        continue
                    share = dest[r, a, d]
                    row = route_of[r, a, w, d]
                    if row == NOTHING:
                        for t in range(traits):
                            for y in range(payers):
                                sums[a, t, y] += share
                        continue
                    i = like[r, a, w, d]
                    if walked[i] == 0:
                        walked[i] = traits if _tells_traits(row, r, d, routes, stops, comes) else 1
                        for t in range(walked[i]):
                            _walk(row, t, r, d, w, routes, stops, powered, comes, slots, lit, settled, reach, one[i, t])
                    for t in range(traits):
                        come = one[i, min(t, walked[i] - 1)]
                        for j in range(marks * payers):
                            sums[a, t, j] += share * come[j]
            for x in range(standings):
                for t in range(traits):
                    for a in range(acts):
                        if taken[a, w] == NOTHING:
                            continue
                        row = left[r, x, t, taken[a, w]]
                        for k in range(marks):
                            for j in range(ranks):
                                row[k] += sums[a, t, k * payers + x * ranks + j]
                            row[k] /= ranks


@inner
def _count(row, region, destination, way, routes, stops, powered, comes, slots, lit, settled, reach, steps):
    """Add the contacts of one route, begun by ``settled[(T, payer)]`` acts, to ``steps[stop, powered, (T, payer)]``."""
    lanes = settled.shape[0]
    used = 0
    for step in range(routes.shape[1]):
        pair = stops.pair_of[row, step]
        if pair == NOTHING:
            break
        place = _resolve(routes[row, step, 1], region, destination)
        s = stops.at[place, pair]
        slot = _slot(place, slots, used)
        if slot == NOTHING and comes.power[s] != 0:
            slot = used
            used += 1
            slots[slot] = place
            for y in range(lanes):
                lit[slot, 0, y] = 1.0 - powered[place, way]
                lit[slot, 1, y] = powered[place, way]
        for y in range(lanes):
            reach[y] = settled[y]
        _others_open(slot, slots, used, lit, 0, reach)
        if slot == NOTHING:
            # Power changes nothing, yet the contacts are told apart by it.
            p = powered[place, way]
            for y in range(lanes):
                meetings = reach[y] * comes.meetings[s, 0, y]
                steps[s, 0, y] += meetings * (1.0 - p)
                steps[s, 1, y] += meetings * p
            for y in range(lanes):
                settled[y] *= comes.goes_on[s, 0, y]
            continue
        for on in range(2):
            o = on * comes.power[s]
            for y in range(lanes):
                steps[s, on, y] += reach[y] * lit[slot, on, y] * comes.meetings[s, o, y]
                lit[slot, on, y] *= comes.goes_on[s, o, y]
        if not _comes_again(row, step, place, region, destination, routes):
            slots[slot] = NOTHING
            for y in range(lanes):
                settled[y] *= lit[slot, 0, y] + lit[slot, 1, y]


@kernel
def _count_routes(flow, dest, taken, route_of, routes, stops, powered, comes, ranks, slots, lit, settled, reach, steps):
    """The contacts ``steps[stop, powered, (T, payer)]`` that the begun acts ``flow[R, X, T, taken]`` make."""
    regions, standings, traits, _ = flow.shape
    acts, ways = taken.shape
    payers = standings * ranks
    steps[:] = 0.0
    for r in range(regions):
        for w in range(_MODES_FROM, ways):
            for d in range(regions):
                for a in range(acts):
                    row = route_of[r, a, w, d]
                    if row == NOTHING or not _goes(dest, taken, r, a, w, d):
                        continue
                    if _earlier(route_of, dest, taken, r, a, w, d):
                        continue
                    settled[:] = 0.0
                    for b in range(a, acts):
                        if route_of[r, b, w, d] != row or not _goes(dest, taken, r, b, w, d):
                            continue
                        for t in range(traits):
                            for y in range(payers):
                                settled[t * payers + y] += dest[r, b, d] * flow[r, y // ranks, t, taken[b, w]] / ranks
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
    """What the contacts ``reach`` come to: ``outcomes``, and those where an officer decided as ``cases``.

    ``verdict`` as thresholds, whose verdicts lie side by side.
    """
    places, contacts, groups, powers, payers = reach.shape
    for i in range(places):
        # Place by place, since these are the largest arrays of all: what was just cleared is at hand.
        outcomes[i] = 0.0
        cases[i] = 0.0
        for c in range(contacts):
            if not there[i, c]:
                continue
            d = case_of[c]
            for g in range(groups):
                for on in range(powers):
                    for y in range(payers):
                        amount = reach[i, c, g, on, y]
                        if amount == 0.0:
                            continue
                        came = outcomes[i, c, y // ranks, g, on]
                        for f in range(finding.shape[4]):
                            found = amount * finding[i, c, g, on, f]
                            if found == 0.0:
                                continue
                            recorded = f // _FINDINGS * _VERDICTS
                            f = f % _FINDINGS
                            if f == _PASSED:
                                came[recorded] += found
                                continue
                            rows, of_case = verdict[i, d, y, on, f], cases[i, d, y, on, f]
                            before = 0.0
                            for v in range(_VERDICTS):
                                now = np.float64(rows[v])
                                decided = found * ((now - before) / _ONE)
                                before = now
                                came[recorded + v] += decided
                                of_case[v] += decided


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
        self._like, self._most = _different(layout)
        none: Floats = np.empty(0)
        self._verdict = self._left = self._reach = none
        never = np.empty(0, np.int64)
        self._comes = _Comes(none, none, none, none, never, never, np.empty(0, np.bool_))

    def take(self, odds: Odds, taken: NDArray[np.int64]) -> None:
        """Work out what every stop comes to under these odds.

        ``taken[A, W]`` numbers the ways by which anybody does an act, act by act; NOTHING for the others.
        """
        self._taken = taken
        lay, stops = self._layout, len(self._stops.place)
        self._dest = chances(odds.dest)
        self._powered = odds.powered / float(ONE)
        self._met = odds.met / float(ONE)
        self._finding = chances(odds.finding)
        self._thresholds = odds.verdict
        places, cases, payers, *rest = odds.verdict.shape
        self._payers = payers
        self._verdict = room(self._verdict, (places, cases, *rest, payers))
        power = np.empty((places, cases), np.bool_)
        _decided(odds.verdict, self._verdict, power)
        ending = len(lay.state_of) - lay.first_ending
        each = (stops, 2, lay.group_of.shape[1])
        self._comes = _Comes(
            room(self._comes.within, (*each, lay.first_ending * payers)),
            room(self._comes.ended, (*each, ending * payers)),
            room(self._comes.goes_on, (stops, 2, each[-1] * payers)),
            room(self._comes.meetings, (stops, 2, each[-1] * payers)),
            np.empty(stops, np.int64),
            np.empty(stops, np.int64),
            np.empty((stops, ending), np.bool_),
        )
        _come_to(
            self._stops, self._met, lay.instead, lay.group_of, self._finding, self._verdict, power, lay.case_of,
            lay.mark_of, lay.first_ending, np.empty((len(lay.state_of), payers)), self._comes,
        )  # fmt: skip

    def left(self) -> Floats:
        """``[R, X, T, taken, mark]``: chances of what a begun act leaves."""
        lay, payers, traits = self._layout, self._payers, self._layout.group_of.shape[1]
        regions, acts = lay.route_of.shape[:2]
        steps, marks, through = lay.routes.shape[1], len(lay.state_of), lay.first_ending * payers
        left = self._left = room(self._left, (regions, payers // lay.ranks, traits, int(self._taken.max()) + 1, marks))
        _walk_routes(
            self._dest, self._taken, lay.route_of, self._like, lay.routes, self._stops, self._powered, self._comes,
            lay.ranks, np.empty(steps, np.int64), np.empty((steps, 2, through)), np.empty(through), np.empty(payers),
            np.empty(self._most, np.int64), np.empty((self._most, traits, marks * payers)),
            np.empty((acts, traits, marks * payers)), left,
        )  # fmt: skip
        return left

    def contacts(self, flow: Floats) -> Contacts:
        """The contacts that begun acts ``flow[R, X, T, taken]`` make, the ranks of a standing in equal parts."""
        lay, lanes = self._layout, self._layout.group_of.shape[1] * self._payers
        made = np.empty((len(self._stops.place), 2, lanes))
        steps = lay.routes.shape[1]
        _count_routes(
            flow, self._dest, self._taken, lay.route_of, lay.routes, self._stops, self._powered, self._comes, lay.ranks,
            np.empty(steps, np.int64), np.empty((steps, 2, lanes)), np.empty(lanes), np.empty(lanes), made,
        )  # fmt: skip
        places, contacts, groups, powers, _ = self._finding.shape
        reach = self._reach = room(self._reach, (places, contacts, groups, powers, self._payers))
        _spread(self._stops, made, self._met, lay.instead, lay.group_of, reach)
        outcomes = np.empty((places, contacts, self._payers // lay.ranks, groups, powers, len(OUTCOMES)))
        cases = np.empty((places, self._verdict.shape[1], self._payers, powers, _FINDINGS, _VERDICTS))
        _settle(self._there, reach, self._finding, self._thresholds, lay.case_of, lay.ranks, outcomes, cases)
        return Contacts(outcomes, cases)


def _different(layout: Layout) -> tuple[NDArray[np.int32], int]:
    """Number the different routes from each region by each way, ``[R, A, W, R]``; and the most that there are.

    Places may be named by where one comes to: then the same row is another route to each destination.
    """
    regions, acts, ways, _ = layout.route_of.shape
    comes_to = np.append((layout.routes[..., 1] == DESTINATION).any(axis=1), False)
    where = np.where(comes_to[layout.route_of], np.arange(regions), 0)
    like, most = np.zeros(layout.route_of.shape, np.int32), 1
    for r in range(regions):
        for w in range(ways):
            rows = layout.route_of[r, :, w].astype(np.int64) * regions + where[r, :, w]
            different, number = np.unique(rows, return_inverse=True)
            like[r, :, w] = number.reshape(acts, regions)
            most = max(most, len(different))
    return like, most
