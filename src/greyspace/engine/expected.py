"""The expectation of the same process over classes of people: no draws, same odds, same tallies (as ``float64``).

People of one (region, profile, status) are alike. A day moves mass between statuses and into holds; a week begins with
the changes of mood. It is exact for the odds given, up to rounding, except for news: here the news a unit has is
independent of who lives in it, and units of a region are of equal size (a mean field). What a begun act leaves is
worked out once per renewal of the odds (:mod:`greyspace.engine.routes`).
"""

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import ONE, STATES, WAYS_NOT_BEGUN, Layout, Odds, Tallies, chances, new_tallies
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import kernel
from greyspace.engine.routes import Contacts, Routes
from greyspace.engine.week import release_day

_MODES_FROM = len(WAYS_NOT_BEGUN)
_DAYS = 7
_SHORT = 14

Floats = NDArray[np.float64]


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
        self._routes = Routes(self.layout)

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay = self.layout
        acts, ways = odds.pick.shape[2], odds.way.shape[4]
        self._odds = odds
        if odds.ceiling is not self._ceiling:
            self._take_occasions(odds)
        self._way = chances(odds.way)
        self._weekly = chances(odds.weekly)
        self._routes.take(odds)
        self._left = self._routes.left()
        regions, standings, traits, _, _, marks = self._left.shape
        self._flow = np.zeros((regions, standings, traits, acts, ways))
        self._rate = np.zeros((*self.free.shape[:2], acts))
        self._fate = np.empty((*self.free.shape[:2], marks, self.free.shape[2]))
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
        return new_tallies(lay, odds, np.float64)._replace(
            states=states[:, self.alike] * share[..., None, None],
            modes=modes,
            held=held[:, self.alike] * share[..., None],
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

    def contacts(self) -> Contacts:
        """Expected contacts since the odds were renewed, by outcome and by case."""
        made = self._routes.contacts(self._flow)
        self._flow[:] = 0.0
        return made

    def people(self) -> Floats:
        """``[R, P, S]``: persons there, free or held."""
        of_class = self.free + self.held_short.sum(axis=2) + self.held_long.sum(axis=2)
        return np.asarray(of_class[:, self.alike] * self._share[..., None])
