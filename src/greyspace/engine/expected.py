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
    ONE,
    STATES,
    WAYS_NOT_BEGUN,
    Layout,
    Odds,
    Tallies,
    chances,
)
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import inner, kernel
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
                            k = mark_of[c, w, o]
                            p = outcome[i, c, x, g, w, o]
                            out[i, c, x, g, w, k] += p * (1.0 - graver[k])
                            if graver[k] > 0.0:
                                out[i, c, x, g, w, k + 1] += p * graver[k]


@inner
def _resolve(place, region, destination):
    if place == HOME:
        return region
    if place == DESTINATION:
        return destination
    return place


@inner
def _tells_traits(row, region, destination, routes, tells):
    """Whether any contact of a route comes to something else for other traits."""
    for step in range(routes.shape[1]):
        contact = routes[row, step, 0]
        if contact == NOTHING:
            break
        if tells[_resolve(routes[row, step, 1], region, destination), contact] != 0:
            return True
    return False


@inner
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
def _chains(met, instead, group_of, marks, first_ending, below, ending):
    """What a step that names a contact comes to, over the chain of contacts that stand for it.

    ``below[place, contact, X, T, powered, k]`` is the chance that the act goes on with a mark of at most k, and
    ``ending[..., k - first_ending]`` the chance that mark k ends it.
    """
    places, contacts = met.shape
    for i in range(places):
        for c in range(contacts):
            for x in range(marks.shape[2]):
                for t in range(group_of.shape[1]):
                    for on in range(2):
                        q = below[i, c, x, t, on]
                        e = ending[i, c, x, t, on]
                        q[:] = 0.0
                        e[:] = 0.0
                        before = 0.0
                        lane = c
                        while lane != NOTHING:
                            share = met[i, lane] - before
                            if share > 0.0:
                                group = group_of[lane, t]
                                for k in range(first_ending):
                                    q[k] += share * marks[i, lane, x, group, on, k]
                                for k in range(e.shape[0]):
                                    e[k] += share * marks[i, lane, x, group, on, first_ending + k]
                                before = met[i, lane]
                            lane = instead[lane]
                        q[0] += 1.0 - before
                        for k in range(1, first_ending):
                            q[k] += q[k - 1]


@kernel
def _unchain(steps, met, instead, group_of, reach):
    """Spread the contacts of each chain, ``steps[place, contact, X, T, powered]``, over who is met: into ``reach``."""
    reach[:] = 0.0
    places, contacts, standings, traits, powers = steps.shape
    for i in range(places):
        for c in range(contacts):
            for x in range(standings):
                for t in range(traits):
                    for on in range(powers):
                        amount = steps[i, c, x, t, on]
                        if amount == 0.0:
                            continue
                        before = 0.0
                        lane = c
                        while lane != NOTHING:
                            share = met[i, lane] - before
                            if share > 0.0:
                                reach[i, lane, x, group_of[lane, t], on] += amount * share
                                before = met[i, lane]
                            lane = instead[lane]


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
def _walk(row, region, destination, way, standing, trait, weight, counting, bits, places, n_places, routes, powered,
          below, ending, steps, now, left):  # fmt: skip
    """One route with the power of its places settled by ``bits``.

    Adds ``weight`` x chances to ``left[mark]``, or, if ``counting``, the contacts of ``weight`` acts to ``steps``.
    """
    first_ending = now.shape[0]
    now[:] = 1.0
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
        once = below[place, contact, standing, trait, max(on, 0)]
        # The same contact several times: the mark is the gravest of as many, and each time some end the act.
        times = routes[row, step, 2]
        goes_on = once[first_ending - 1]
        passes = alive * (times if goes_on >= 1.0 else (1.0 - _power(goes_on, times)) / (1.0 - goes_on))
        if not counting:
            last = ending[place, contact, standing, trait, max(on, 0)]
            for k in range(last.shape[0]):
                left[first_ending + k] += weight * passes * last[k]
        elif on >= 0:
            steps[place, contact, standing, trait, on] += weight * passes
        else:
            # Power changes nothing, yet the contacts are told apart by it.
            p = powered[place, way]
            steps[place, contact, standing, trait, 0] += weight * passes * (1.0 - p)
            steps[place, contact, standing, trait, 1] += weight * passes * p
        for k in range(first_ending):
            now[k] *= _power(once[k], times)
        alive = now[first_ending - 1]
    if not counting:
        left[0] += weight * now[0]
        for k in range(1, first_ending):
            left[k] += weight * (now[k] - now[k - 1])


@kernel
def _walk_routes(flow, counting, dest, route_of, routes, powered, matters, tells, below, ending, steps, places, now,
                 one, left):  # fmt: skip
    """Walk every route: chances ``left[R, X, T, A, W, mark]`` of what a begun act leaves; or, if ``counting``, the
    contacts ``steps`` that the begun acts ``flow[R, X, T, A, W]`` make.

    Returns whether a route has too many places at which power matters.
    """
    regions, standings, traits, acts, ways = flow.shape
    if counting:
        steps[:] = 0.0
    else:
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
                        if not counting:
                            for x in range(standings):
                                for t in range(traits):
                                    left[r, x, t, a, w, 0] += to
                        continue
                    told = _tells_traits(row, r, d, routes, tells)
                    one[:] = 0.0
                    n = _power_places(row, r, d, routes, matters, places)
                    if n < 0:
                        return True
                    for bits in range(1 << n):
                        share = to
                        for i in range(n):
                            p = powered[places[i], w]
                            share *= p if (bits >> i) & 1 else 1.0 - p
                        if share == 0.0:
                            continue
                        for x in range(standings):
                            # Where no contact of the route tells traits apart, the first stands for all.
                            for t in range(traits if told else 1):
                                weight = share
                                if counting:
                                    weight = 0.0
                                    for u in range(t, traits if not told else t + 1):
                                        weight += share * flow[r, x, u, a, w]
                                if weight != 0.0:
                                    _walk(row, r, d, w, x, t, weight, counting, bits, places, n, routes, powered,
                                          below, ending, steps, now, one[x, t])  # fmt: skip
                    if not counting:
                        for x in range(standings):
                            for t in range(traits):
                                for k in range(one.shape[2]):
                                    left[r, x, t, a, w, k] += one[x, t if told else 0, k]
    return False


@kernel
def _fates(daily, pick, accept, way, left, standing_of, temper_of, traits, rate, fate):
    """Per free day: ``rate[R, P, A]`` of intents, ``fate[R, P, mark, S]`` of acts that leave a mark."""
    regions, profiles, acts = pick.shape
    marks, statuses = fate.shape[2:]
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
                            for k in range(marks):
                                fate[r, p, k, s] += f * left[r, x, s % traits, a, w, k]


@kernel
def _change_moods(free, weekly, becomes, temper_of, news, step, after):
    """Monday: every status of free people moves by its changes of the week, averaged over the news that units have."""
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
                if temper_of[p] != m:
                    continue
                after[:] = 0.0
                for s in range(statuses):
                    x = free[r, p, s]
                    if x != 0.0:
                        after[s] += x * step[s, changes]
                        for c in range(changes):
                            after[becomes[s, c]] += x * step[s, c]
                for s in range(statuses):
                    free[r, p, s] = after[s]


@kernel
def _release(free, held_short, held_long):
    """Monday: those whose hold ended with the week are free before anything happens."""
    for r in range(free.shape[0]):
        for p in range(free.shape[1]):
            for s in range(free.shape[2]):
                free[r, p, s] += held_short[r, p, 0, s] + held_long[r, p, 0, s]
                held_short[r, p, 0, s] = 0.0
                held_long[r, p, 0, s] = 0.0


@kernel
def _live_days(free, held_short, held_long, fate, status_after, hold_of, hold_days, gone, days_free, days_held, holds,
               acting, change, moved):  # fmt: skip
    """Seven days: releases, then the marks of the day; fills person-days free and held, and the holds begun.

    ``held_short[..., i, s]`` is released on day i from this Monday, ``held_long[..., i, s]`` on the i-th Monday.
    """
    regions, profiles, statuses = free.shape
    marks = fate.shape[2]
    for r in range(regions):
        for p in range(profiles):
            held = 0.0
            for s in range(statuses):
                for i in range(held_short.shape[2]):
                    held += held_short[r, p, i, s]
                for i in range(held_long.shape[2]):
                    held += held_long[r, p, i, s]
            # Marks that change anything here: most change nothing, and many people have no occasion at all.
            n = 0
            for k in range(1, marks):
                share = 0.0
                for s in range(statuses):
                    if hold_of[k] > 0 or gone[k] != 0 or status_after[k, s] != s:
                        share += fate[r, p, k, s]
                if share > 0.0:
                    acting[n] = k
                    n += 1
            if held == 0.0 and n == 0:
                for s in range(statuses):
                    days_free[r, p, s] = _DAYS * free[r, p, s]
                continue
            for day in range(_DAYS):
                if held > 0.0:
                    for s in range(statuses):
                        released = held_short[r, p, day, s]
                        held_short[r, p, day, s] = 0.0
                        free[r, p, s] += released
                        held -= released
                days_held[r, p] += held
                for s in range(statuses):
                    change[s] = 0.0
                    days_free[r, p, s] += free[r, p, s]
                for i in range(n):
                    k = acting[i]
                    hold = hold_of[k]
                    for s in range(statuses):
                        moved[s] = free[r, p, s] * fate[r, p, k, s]
                        change[s] -= moved[s]
                    if gone[k] != 0:
                        for s in range(statuses):
                            holds[r, p, hold] += moved[s]
                    elif hold > 0:
                        until = release_day(day, day, hold_days[hold])
                        for s in range(statuses):
                            holds[r, p, hold] += moved[s]
                            held += moved[s]
                            if hold_days[hold] < _DAYS:
                                held_short[r, p, until, status_after[k, s]] += moved[s]
                            else:
                                held_long[r, p, until // _DAYS, status_after[k, s]] += moved[s]
                    else:
                        for s in range(statuses):
                            change[status_after[k, s]] += moved[s]
                for s in range(statuses):
                    free[r, p, s] += change[s]
            if held == 0.0:
                continue
            for i in range(_DAYS):
                for s in range(statuses):
                    held_short[r, p, i, s] = held_short[r, p, i + _DAYS, s]
                    held_short[r, p, i + _DAYS, s] = 0.0
            for i in range(held_long.shape[2] - 1):
                for s in range(statuses):
                    held_long[r, p, i, s] = held_long[r, p, i + 1, s]
            for s in range(statuses):
                held_long[r, p, held_long.shape[2] - 1, s] = 0.0


@kernel
def _tally(days_free, days_held, rate, way, left, standing_of, temper_of, state_of, news_of, states, modes, flow, news,
           begun):  # fmt: skip
    """Person-days become intents by state, begun acts by way (added to ``flow``), and acts that make news.

    What an act leaves depends on traits but not on mood, so acts are added up over moods first: ``begun[trait, way]``.
    """
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
                begun[:] = 0.0
                for s in range(statuses):
                    intents = days_free[r, p, s] * rate[r, p, a]
                    for w in range(ways):
                        begun[s % traits, w] += intents * way[r, m, s // traits, a, w]
                for t in range(traits):
                    for w in range(_MODES_FROM):
                        states[r, p, a, w] += begun[t, w]
                        modes[r, a, w, w] += begun[t, w]
                    for w in range(_MODES_FROM, ways):
                        flow[r, x, t, a, w] += begun[t, w]
                        for k in range(left.shape[5]):
                            g = begun[t, w] * left[r, x, t, a, w, k]
                            states[r, p, a, state_of[k]] += g
                            modes[r, a, w, state_of[k]] += g
                            if news_of[k] != 0:
                                news[r, news_of[k]] += g


class Expected:
    """The engine of expectations.

    ``people[R, P, S]`` are the persons at the start, all free; ``unit_size[R]`` is the mean persons a unit, as its
    members see it. Profiles with the same number in ``alike[P]`` act by the same odds and are carried as one class.
    """

    def __init__(
        self, people: Floats, layout: Layout, unit_size: Floats, alike: NDArray[np.int32] | None = None
    ) -> None:
        people = np.asarray(people, dtype=np.float64)
        regions, profiles, statuses = people.shape
        self.alike = np.arange(profiles, dtype=np.int32) if alike is None else alike
        self._one_of = np.unique(self.alike, return_index=True)[1]
        classes = len(self._one_of)
        longest = int(layout.hold_days.max(initial=0))
        self.layout = layout._replace(
            standing_of=layout.standing_of[self._one_of], temper_of=layout.temper_of[self._one_of]
        )
        self.free = np.zeros((regions, classes, statuses))
        for profile in range(profiles):
            self.free[:, self.alike[profile]] += people[:, profile]
        of_profile = people.sum(axis=2)
        of_class = self.free.sum(axis=2)[:, self.alike]
        self._share = np.divide(of_profile, of_class, out=np.zeros_like(of_profile), where=of_class > 0)
        self.held_short = np.zeros((regions, classes, _SHORT, statuses))
        self.held_long = np.zeros((regions, classes, (longest + 2 * _DAYS) // _DAYS + 1, statuses))
        self.news = np.zeros((regions, NEWS_KINDS))
        self.news[:, 0] = 1.0
        self._unit_size = unit_size
        self._ceiling: NDArray[np.uint32] | None = None

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay = self.layout
        regions, _, acts = odds.pick.shape
        ways = odds.way.shape[4]
        standings, traits, marks = odds.outcome.shape[2], lay.group_of.shape[1], len(lay.state_of)
        self._odds = odds
        if odds.ceiling is not self._ceiling:
            self._take_occasions(odds)
        self._way = chances(odds.way)
        self._dest = chances(odds.dest)
        self._powered = odds.powered / float(ONE)
        self._weekly = chances(odds.weekly)
        self._outcome = chances(odds.outcome)
        made = np.empty((*odds.outcome.shape[:-1], marks))
        _mark_chances(self._outcome, lay.mark_of, odds.graver / float(ONE), made)
        self._met = met = odds.met / float(ONE)
        self._steps = np.empty((*met.shape, standings, traits, 2))
        self._below = np.empty((*self._steps.shape, lay.first_ending))
        self._ending = np.empty((*self._steps.shape, marks - lay.first_ending))
        _chains(met, lay.instead, lay.group_of, made, lay.first_ending, self._below, self._ending)
        # A contact depends on power if it, or whoever is met instead, comes to something else without.
        differs = (odds.outcome[..., 0, :] != odds.outcome[..., 1, :]).any(axis=(2, 3, 4))
        tells = (lay.group_of != lay.group_of[:, :1]).any(axis=1) & (met > 0)
        for c in range(len(lay.instead) - 1, -1, -1):
            if lay.instead[c] != NOTHING:
                differs[:, c] |= differs[:, lay.instead[c]]
                tells[:, c] |= tells[:, lay.instead[c]]
        self._matters, self._tells = differs.astype(np.int32), tells.astype(np.int32)
        self._flow = np.zeros((regions, standings, traits, acts, ways))
        self._left = np.empty((*self._flow.shape, marks))
        self._rate = np.zeros((*self.free.shape[:2], acts))
        self._fate = np.empty((*self.free.shape[:2], marks, self.free.shape[2]))
        self._walk(counting=False)
        _fates(
            self._daily, self._pick, self._accept, self._way, self._left, lay.standing_of, lay.temper_of, traits,
            self._rate, self._fate,
        )  # fmt: skip

    def _take_occasions(self, odds: Odds) -> None:
        """Daily chances of candidate days and of acts, by class; ValueError if profiles said to be alike are not."""
        for rows in (odds.ceiling, odds.pick, odds.accept):
            if (rows != rows[:, self._one_of[self.alike]]).any():
                raise ValueError("profiles carried as one class do not act by the same odds")
        days = np.array([int(i).bit_count() for i in range(128)]) / _DAYS
        # A sum in a fixed order, not a matrix product: the same bits on every machine.
        self._daily = (chances(odds.ceiling[:, self._one_of]) * days).sum(axis=-1)
        self._pick = chances(odds.pick[:, self._one_of])
        self._accept = odds.accept[:, self._one_of] / float(ONE)
        self._ceiling = odds.ceiling

    def _walk(self, counting: bool) -> None:
        lay = self.layout
        failed = _walk_routes(
            self._flow, counting, self._dest, lay.route_of, lay.routes, self._powered, self._matters, self._tells,
            self._below, self._ending, self._steps, np.empty(_MOST_PLACES, np.int64), np.empty(lay.first_ending),
            np.empty((*self._flow.shape[1:3], len(lay.state_of))), self._left,
        )  # fmt: skip
        if failed:
            raise ValueError(f"a route passes more than {_MOST_PLACES} places at which power changes an outcome")

    def advance(self) -> Tallies:
        """Live one week under the odds taken last; the contacts are left at zero (see :meth:`contacts`)."""
        lay, odds = self.layout, self._odds
        regions, classes, statuses = self.free.shape
        acts, ways, holds = odds.pick.shape[2], odds.way.shape[4], len(lay.hold_days)
        states = np.zeros((regions, classes, acts, len(STATES)))
        modes = np.zeros((regions, acts, ways, len(STATES)))
        held = np.zeros((regions, classes, holds))
        days_free = np.zeros_like(self.free)
        days_held = np.zeros((regions, classes))
        made_news = np.zeros((regions, NEWS_KINDS))
        _release(self.free, self.held_short, self.held_long)
        step = np.empty((statuses, lay.becomes.shape[1] + 1))
        _change_moods(self.free, self._weekly, lay.becomes, lay.temper_of, self.news, step, np.empty(statuses))
        _live_days(
            self.free, self.held_short, self.held_long, self._fate, lay.status_after, lay.hold_of, lay.hold_days,
            lay.gone, days_free, days_held, held, np.empty(len(lay.state_of), np.int64), np.empty(statuses),
            np.empty(statuses),
        )  # fmt: skip
        held[..., 0] = 0.0
        _tally(
            days_free, days_held, self._rate, self._way, self._left, lay.standing_of, lay.temper_of, lay.state_of,
            lay.news_of, states, modes, self._flow, made_news, np.empty((lay.group_of.shape[1], ways)),
        )  # fmt: skip
        self._spread_news(made_news)
        share = self._share
        return Tallies(
            states[:, self.alike] * share[..., None, None],
            modes,
            np.zeros(odds.outcome.shape),
            held[:, self.alike] * share[..., None],
        )

    def _spread_news(self, made: Floats) -> None:
        """The chance that a unit heard each kind of news, if newsmaking acts fall on units as a Poisson process."""
        persons = sum(
            array.sum(axis=tuple(range(1, array.ndim))) for array in (self.free, self.held_short, self.held_long)
        )
        rate = made / np.where(persons > 0, persons, 1.0)[:, None] * self._unit_size[:, None]
        human, digital, both = rate[:, 1], rate[:, 2], rate[:, 3]
        nothing = np.exp(-(human + digital + both))
        self.news[:, 0] = nothing
        self.news[:, 1] = np.exp(-(digital + both)) - nothing
        self.news[:, 2] = np.exp(-(human + both)) - nothing
        self.news[:, 3] = 1.0 - self.news[:, :3].sum(axis=1)

    def contacts(self) -> Floats:
        """Expected contacts by outcome since the odds were renewed, in the shape of ``Tallies.outcomes``."""
        self._walk(counting=True)
        self._flow[:] = 0.0
        reach = np.empty(self._outcome.shape[:-1])
        _unchain(self._steps, self._met, self.layout.instead, self.layout.group_of, reach)
        return np.asarray(reach[..., None] * self._outcome)

    def people(self) -> Floats:
        """``[R, P, S]``: persons there, free or held."""
        of_class = self.free + self.held_short.sum(axis=2) + self.held_long.sum(axis=2)
        return np.asarray(of_class[:, self.alike] * self._share[..., None])
