"""The expectation of the same process over classes of people: no draws, same odds, same tallies (as ``float64``).

People of one (region, profile, status) are alike. A day moves mass between statuses and into holds; a week begins with
the changes of mood. It is exact for the odds given, up to rounding, except for news: here the news a unit has is
independent of who lives in it, and units of a region are of equal size (a mean field).

The routes are walked once per renewal of the odds, for every (region, standing, trait, act, way, destination): what an
act leaves does not depend on mood. The gravest mark of a route is a product of distribution functions as long as no
contact ends the act.
"""

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import (
    DESTINATION,
    HOME,
    NOTHING,
    WAYS_NOT_BEGUN,
    Layout,
    Odds,
    Tallies,
    chances,
    new_tallies,
)
from greyspace.draws import kernel
from greyspace.engine.week import release_day

_MODES_FROM = len(WAYS_NOT_BEGUN)
_DAYS = 7
_SHORT = 14
_MOST_PLACES = 6

Floats = NDArray[np.float64]


@kernel
def _mark_chances(outcome, mark_of, graver, out):
    """``out[place, contact, standing, group, powered, mark]`` from the outcomes that give each mark."""
    places, contacts, standings, groups, powers, outcomes = outcome.shape
    out[:] = 0.0
    for i in range(places):
        for c in range(contacts):
            for x in range(standings):
                for g in range(groups):
                    for w in range(powers):
                        for o in range(outcomes):
                            k = mark_of[c, o]
                            p = outcome[i, c, x, g, w, o]
                            out[i, c, x, g, w, k] += p * (1.0 - graver[k])
                            if graver[k] > 0.0:
                                out[i, c, x, g, w, k + 1] += p * graver[k]


@kernel
def _resolve(place, region, destination):
    if place == HOME:
        return region
    if place == DESTINATION:
        return destination
    return place


@kernel
def _power_places(row, region, destination, routes, matters, found):
    """The distinct places of a route where power changes an outcome; their number."""
    n = 0
    for step in range(routes.shape[1]):
        contact = routes[row, step, 0]
        if contact == NOTHING:
            break
        place = _resolve(routes[row, step, 1], region, destination)
        if matters[place, contact] == 0:
            continue
        known = False
        for i in range(n):
            known = known or found[i] == place
        if not known:
            if n == found.shape[0]:
                return -1
            found[n] = place
            n += 1
    return n


@kernel
def _lanes(place, contact, standing, trait, powered, p, alive, met, instead, group_of, marks, reach, q):
    """Chances ``q[mark]`` of one contact over its chain of alternatives; ``reach`` gains ``alive`` where it is met.

    ``powered`` = -1: power changes nothing here, and the contacts are told apart by its chance ``p`` alone.
    """
    q[:] = 0.0
    before = 0.0
    lane = contact
    while lane != NOTHING:
        share = met[place, lane] - before
        if share > 0.0:
            group = group_of[lane, trait]
            for k in range(q.shape[0]):
                q[k] += share * marks[place, lane, standing, group, max(powered, 0), k]
            if powered < 0:
                reach[place, lane, standing, group, 0] += alive * share * (1.0 - p)
                reach[place, lane, standing, group, 1] += alive * share * p
            else:
                reach[place, lane, standing, group, powered] += alive * share
            before = met[place, lane]
        lane = instead[lane]
    q[0] += 1.0 - before


@kernel
def _walk(
    row,
    region,
    destination,
    act,
    way,
    standing,
    trait,
    weight,
    bits,
    places,
    n_places,
    routes,
    met,
    instead,
    group_of,
    powered,
    marks,
    first_ending,
    reach,
    below,
    q,
    left,
):
    """One route with the power of its places settled by ``bits``; adds ``weight`` x chances to ``left[mark]``."""
    below[:] = 1.0
    alive = 1.0
    for step in range(routes.shape[1]):
        contact = routes[row, step, 0]
        if contact == NOTHING or alive == 0.0:
            break
        place = _resolve(routes[row, step, 1], region, destination)
        on = -1
        for i in range(n_places):
            if places[i] == place:
                on = (bits >> i) & 1
        for _ in range(routes[row, step, 2]):
            _lanes(
                place,
                contact,
                standing,
                trait,
                on,
                powered[place, way],
                weight * alive,
                met,
                instead,
                group_of,
                marks,
                reach,
                q,
            )
            for k in range(first_ending, q.shape[0]):
                left[k] += weight * alive * q[k]
            total = 0.0
            for k in range(first_ending):
                total += q[k]
                below[k] *= total
            alive = below[first_ending - 1]
    left[0] += weight * below[0]
    for k in range(1, first_ending):
        left[k] += weight * (below[k] - below[k - 1])


@kernel
def _walk_routes(
    flow,
    use_flow,
    dest,
    route_of,
    routes,
    met,
    instead,
    group_of,
    powered,
    matters,
    marks,
    first_ending,
    reach,
    places,
    below,
    q,
    left,
):
    """Walk every route.

    ``use_flow`` = 0: ``left[R, X, T, A, W, mark]`` becomes the chances of the marks of a begun act.
    ``use_flow`` = 1: ``reach`` becomes the expected contacts of the ``flow[R, X, T, A, W]`` of begun acts.
    Returns 1 where a route has too many places at which power matters, else 0.
    """
    regions, standings, traits, acts, ways = flow.shape
    reach[:] = 0.0
    if use_flow == 0:
        left[:] = 0.0
    for r in range(regions):
        for a in range(acts):
            for d in range(regions):
                to = dest[r, a, d]
                if to == 0.0:
                    continue
                for w in range(_MODES_FROM, ways):
                    row = route_of[r, a, w, d]
                    if row == NOTHING:
                        if use_flow == 0:
                            for x in range(standings):
                                for t in range(traits):
                                    left[r, x, t, a, w, 0] += to
                        continue
                    n = _power_places(row, r, d, routes, matters, places)
                    if n < 0:
                        return 1
                    for bits in range(1 << n):
                        share = to
                        for i in range(n):
                            p = powered[places[i], w]
                            share *= p if (bits >> i) & 1 else 1.0 - p
                        if share == 0.0:
                            continue
                        for x in range(standings):
                            for t in range(traits):
                                weight = share
                                if use_flow == 1:
                                    weight *= flow[r, x, t, a, w]
                                    if weight == 0.0:
                                        continue
                                _walk(
                                    row,
                                    r,
                                    d,
                                    a,
                                    w,
                                    x,
                                    t,
                                    weight,
                                    bits,
                                    places,
                                    n,
                                    routes,
                                    met,
                                    instead,
                                    group_of,
                                    powered,
                                    marks,
                                    first_ending,
                                    reach,
                                    below,
                                    q,
                                    left[r, x, t, a, w],
                                )
    return 0


@kernel
def _fates(daily, pick, accept, way, left, standing_of, temper_of, traits, rate, fate):
    """Per free day: ``rate[R, P, A]`` of intents, ``fate[R, P, S, mark]`` of acts that leave a mark."""
    regions, profiles, acts = pick.shape
    statuses = fate.shape[2]
    ways = way.shape[4]
    fate[:] = 0.0
    for r in range(regions):
        for p in range(profiles):
            x = standing_of[p]
            m = temper_of[p]
            for a in range(acts):
                i = daily[r, p] * pick[r, p, a] * accept[r, p, a]
                rate[r, p, a] = i
                if i == 0.0:
                    continue
                for s in range(statuses):
                    for w in range(_MODES_FROM, ways):
                        f = i * way[r, m, s // traits, a, w]
                        if f != 0.0:
                            for k in range(fate.shape[3]):
                                fate[r, p, s, k] += f * left[r, x, s % traits, a, w, k]


@kernel
def _change_moods(free, held_short, held_long, weekly, becomes, temper_of, news, step, after):
    """Monday: every status moves by its changes of the week, averaged over the news that units of the region have."""
    regions, profiles, statuses = free.shape
    changes = becomes.shape[1]
    for r in range(regions):
        for m in range(weekly.shape[1]):
            for s in range(statuses):
                step[s, changes] = 1.0
                for c in range(changes):
                    step[s, c] = 0.0
                    for n in range(news.shape[1]):
                        step[s, c] += news[r, n] * weekly[r, m, n, s, c]
                    step[s, changes] -= step[s, c]
            for p in range(profiles):
                if temper_of[p] == m:
                    _move(free[r, p], becomes, step, after)
                    for i in range(held_short.shape[2]):
                        _move(held_short[r, p, i], becomes, step, after)
                    for i in range(held_long.shape[2]):
                        _move(held_long[r, p, i], becomes, step, after)


@kernel
def _move(mass, becomes, step, after):
    statuses, changes = becomes.shape
    some = False
    for s in range(statuses):
        after[s] = 0.0
        some = some or mass[s] != 0.0
    if not some:
        return
    for s in range(statuses):
        if mass[s] != 0.0:
            after[s] += mass[s] * step[s, changes]
            for c in range(changes):
                after[becomes[s, c]] += mass[s] * step[s, c]
    for s in range(statuses):
        mass[s] = after[s]


@kernel
def _live_days(
    free,
    held_short,
    held_long,
    fate,
    status_after,
    hold_of,
    hold_days,
    gone,
    days_free,
    days_held,
    holds,
    change,
):
    """Seven days: releases, then the marks of the day; fills person-days free and held, and the holds begun.

    ``held_short[..., i, s]`` is released on day i from this Monday, ``held_long[..., i, s]`` on the i-th Monday.
    """
    regions, profiles, statuses = free.shape
    marks = fate.shape[3]
    for r in range(regions):
        for p in range(profiles):
            held = 0.0
            for s in range(statuses):
                for i in range(held_short.shape[2]):
                    held += held_short[r, p, i, s]
                for i in range(held_long.shape[2]):
                    held += held_long[r, p, i, s]
            for day in range(_DAYS):
                for s in range(statuses):
                    change[s] = held_short[r, p, day, s]
                    held_short[r, p, day, s] = 0.0
                    if day == 0:
                        change[s] += held_long[r, p, 0, s]
                        held_long[r, p, 0, s] = 0.0
                    free[r, p, s] += change[s]
                    held -= change[s]
                    change[s] = 0.0
                days_held[r, p] += held
                for s in range(statuses):
                    x = free[r, p, s]
                    if x == 0.0:
                        continue
                    days_free[r, p, s] += x
                    for k in range(1, marks):
                        moved = x * fate[r, p, s, k]
                        hold = hold_of[k]
                        to = status_after[k, s]
                        holds[r, p, hold] += moved
                        if gone[k] != 0:
                            change[s] -= moved
                        elif hold > 0:
                            change[s] -= moved
                            held += moved
                            until = release_day(day, day, hold_days[hold])
                            if hold_days[hold] < _DAYS:
                                held_short[r, p, until, to] += moved
                            else:
                                held_long[r, p, until // _DAYS, to] += moved
                        else:
                            change[s] -= moved
                            change[to] += moved
                for s in range(statuses):
                    free[r, p, s] += change[s]
            for s in range(statuses):
                for i in range(_DAYS):
                    held_short[r, p, i, s] = held_short[r, p, i + _DAYS, s]
                    held_short[r, p, i + _DAYS, s] = 0.0
                for i in range(held_long.shape[2] - 1):
                    held_long[r, p, i, s] = held_long[r, p, i + 1, s]
                held_long[r, p, held_long.shape[2] - 1, s] = 0.0


@kernel
def _tally(days_free, days_held, rate, way, left, standing_of, temper_of, state_of, news_of, states, modes, flow, news):
    """Person-days become intents by state, begun acts by way (added to ``flow``), and acts that make news."""
    regions, profiles, statuses = days_free.shape
    acts, ways = way.shape[3], way.shape[4]
    traits = left.shape[2]
    for r in range(regions):
        for p in range(profiles):
            x = standing_of[p]
            m = temper_of[p]
            for a in range(acts):
                if rate[r, p, a] == 0.0:
                    continue
                states[r, p, a, 0] += days_held[r, p] * rate[r, p, a]
                modes[r, a, 0, 0] += days_held[r, p] * rate[r, p, a]
                for s in range(statuses):
                    intents = days_free[r, p, s] * rate[r, p, a]
                    if intents == 0.0:
                        continue
                    for w in range(ways):
                        f = intents * way[r, m, s // traits, a, w]
                        if f == 0.0:
                            continue
                        if w < _MODES_FROM:
                            states[r, p, a, w] += f
                            modes[r, a, w, w] += f
                            continue
                        flow[r, x, s % traits, a, w] += f
                        for k in range(left.shape[5]):
                            g = f * left[r, x, s % traits, a, w, k]
                            states[r, p, a, state_of[k]] += g
                            modes[r, a, w, state_of[k]] += g
                            if news_of[k] != 0:
                                news[r, news_of[k]] += g


class Expected:
    """The engine of expectations.

    ``people[R, P, S]`` are the persons at the start, all free; ``unit_size[R]`` is the mean persons a unit.

    ``renew`` takes odds, ``advance`` lives a week under them, ``contacts`` gives the contacts since the last renewal.
    """

    def __init__(self, people: Floats, layout: Layout, unit_size: Floats) -> None:
        longest = int(layout.hold_days.max(initial=0))
        regions, profiles, statuses = people.shape
        self.layout = layout
        self.free = np.array(people, dtype=np.float64)
        self.held_short = np.zeros((regions, profiles, _SHORT, statuses))
        self.held_long = np.zeros((regions, profiles, (longest + 2 * _DAYS) // _DAYS + 1, statuses))
        self.news = np.zeros((regions, 4))
        self.news[:, 0] = 1.0
        self._unit_size = unit_size
        self._made_news = np.zeros((regions, 4))

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay = self.layout
        regions, profiles, acts = odds.pick.shape
        ways = odds.way.shape[4]
        standings, traits, marks = odds.outcome.shape[2], lay.group_of.shape[1], len(lay.state_of)
        sets = chances(odds.ceiling)
        days = np.array([int(i).bit_count() for i in range(128)]) / _DAYS
        self._odds = odds
        self._daily = sets @ days
        self._pick = chances(odds.pick)
        self._accept = odds.accept / float(1 << 31)
        self._way = chances(odds.way)
        self._dest = chances(odds.dest)
        self._met = odds.met / float(1 << 31)
        self._powered = odds.powered / float(1 << 31)
        self._weekly = chances(odds.weekly)
        self._outcome = chances(odds.outcome)
        self._marks = np.empty((*odds.outcome.shape[:-1], marks))
        _mark_chances(self._outcome, lay.mark_of, odds.graver / float(1 << 31), self._marks)
        # A contact depends on power if it, or whoever is met instead, comes to something else without.
        differs = (self._marks[..., 0, :] != self._marks[..., 1, :]).any(axis=(2, 3, 4))
        differs |= (self._outcome[..., 0, :] != self._outcome[..., 1, :]).any(axis=(2, 3, 4))
        for c in range(len(lay.instead) - 1, -1, -1):
            if lay.instead[c] != NOTHING:
                differs[:, c] |= differs[:, lay.instead[c]]
        self._matters = differs.astype(np.int32)
        self._flow = np.zeros((regions, standings, traits, acts, ways))
        self._left = np.empty((*self._flow.shape, marks))
        self._reach = np.empty(odds.outcome.shape[:-1])
        self._rate = np.zeros((regions, profiles, acts))
        self._fate = np.empty((regions, profiles, self.free.shape[2], marks))
        self._walk(use_flow=0)
        _fates(
            self._daily, self._pick, self._accept, self._way, self._left, lay.standing_of, lay.temper_of, traits,
            self._rate, self._fate,
        )  # fmt: skip

    def _walk(self, use_flow: int) -> None:
        lay = self.layout
        marks = len(lay.state_of)
        failed = _walk_routes(
            self._flow, use_flow, self._dest, lay.route_of, lay.routes, self._met, lay.instead, lay.group_of,
            self._powered, self._matters, self._marks, lay.first_ending, self._reach,
            np.empty(_MOST_PLACES, np.int64), np.empty(marks), np.empty(marks), self._left,
        )  # fmt: skip
        if failed:
            raise ValueError(f"a route passes more than {_MOST_PLACES} places at which power changes an outcome")

    def advance(self) -> Tallies:
        """Live one week under the odds taken last; the contacts are left at zero (see :meth:`contacts`)."""
        lay, odds = self.layout, self._odds
        tallies = new_tallies(lay, odds, np.float64)
        days_free = np.zeros_like(self.free)
        days_held = np.zeros(self.free.shape[:2])
        statuses, changes = lay.becomes.shape
        step = np.empty((statuses, changes + 1))
        _change_moods(
            self.free, self.held_short, self.held_long, self._weekly, lay.becomes, lay.temper_of, self.news, step,
            np.empty(statuses),
        )  # fmt: skip
        _live_days(
            self.free, self.held_short, self.held_long, self._fate, lay.status_after, lay.hold_of, lay.hold_days,
            lay.gone, days_free, days_held, tallies.held, np.empty(statuses),
        )  # fmt: skip
        tallies.held[..., 0] = 0.0
        self._made_news[:] = 0.0
        _tally(
            days_free, days_held, self._rate, self._way, self._left, lay.standing_of, lay.temper_of, lay.state_of,
            lay.news_of, tallies.states, tallies.modes, self._flow, self._made_news,
        )  # fmt: skip
        self._spread_news()
        return tallies

    def _spread_news(self) -> None:
        """The chance that a unit heard each kind of news, if newsmaking acts fall on units as a Poisson process."""
        persons = self.people().sum(axis=(1, 2))
        rate = self._made_news / np.where(persons > 0, persons, 1.0)[:, None] * self._unit_size[:, None]
        human, digital, both = rate[:, 1], rate[:, 2], rate[:, 3]
        nothing = np.exp(-(human + digital + both))
        self.news[:, 0] = nothing
        self.news[:, 1] = np.exp(-(digital + both)) - nothing
        self.news[:, 2] = np.exp(-(human + both)) - nothing
        self.news[:, 3] = 1.0 - self.news[:, :3].sum(axis=1)

    def contacts(self) -> Floats:
        """Expected contacts by outcome since the odds were renewed, in the shape of ``Tallies.outcomes``."""
        self._walk(use_flow=1)
        self._flow[:] = 0.0
        return self._reach[..., None] * self._outcome

    def people(self) -> Floats:
        """``[R, P, S]``: persons there, free or held."""
        return self.free + self.held_short.sum(axis=2) + self.held_long.sum(axis=2)
