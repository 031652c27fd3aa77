"""The expectation of the same process over classes of people: no draws, same odds, same tallies (as ``float64``).

People of one (region, profile, status) are alike. A day moves mass between statuses and into holds; a week begins with
the changes of mood. It is exact for the odds given, up to rounding, except for news: here the news a unit has is
independent of who lives in it, and units of a region are of equal size (a mean field). What a begun act leaves is
worked out once per renewal of the odds (:mod:`greyspace.engine.routes`).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, ONE, STATES, WAYS_NOT_BEGUN, Layout, Odds, Tallies, chances, new_tallies
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import kernel
from greyspace.engine.routes import Contacts, Routes, room
from greyspace.engine.week import release_day

_MODES_FROM = len(WAYS_NOT_BEGUN)
_STATES = len(STATES)
_DAYS = 7
_SHORT = 14

Floats = NDArray[np.float64]


class _Effects(NamedTuple):
    """What marks do to a person, each once: many marks do the same, and most do nothing."""

    of_mark: NDArray[np.int32]  # [mark] -> effect, or NOTHING
    after: NDArray[np.int32]  # [effect, S] -> status
    hold: NDArray[np.int32]  # [effect] -> hold class
    gone: NDArray[np.int32]  # [effect] -> 1 if the person leaves the population


def _effects(layout: Layout) -> _Effects:
    stays = np.arange(layout.status_after.shape[1])
    known: dict[tuple[int, int, bytes], int] = {}
    first: list[int] = []
    of_mark = np.full(len(layout.state_of), NOTHING, np.int32)
    for k, after in enumerate(layout.status_after):
        hold, gone = int(layout.hold_of[k]), int(layout.gone[k])
        if hold > 0 or gone != 0 or (after != stays).any():
            of_mark[k] = known.setdefault((hold, gone, after.tobytes()), len(known))
            if of_mark[k] == len(first):
                first.append(k)
    return _Effects(of_mark, layout.status_after[first], layout.hold_of[first], layout.gone[first])


@kernel
def _gather(left, state_of, news_of, effect_of, comes):
    """``comes[R, X, T, A, W, (state, effect, news)]`` of chances of marks."""
    regions, standings, traits, acts, ways, marks = left.shape
    for r in range(regions):
        for x in range(standings):
            for t in range(traits):
                for a in range(acts):
                    for w in range(_MODES_FROM, ways):
                        row = comes[r, x, t, a, w]
                        row[:] = 0.0
                        for k in range(marks):
                            share = left[r, x, t, a, w, k]
                            if share == 0.0:
                                continue
                            row[state_of[k]] += share
                            if news_of[k] != 0:
                                row[-news_of[k]] += share
                            if effect_of[k] != NOTHING:
                                row[_STATES + effect_of[k]] += share


@kernel
def _end(way, used, comes, kind_standing, kind_temper, ends, does):
    """What an intent comes to, over the ways that people take.

    As states, ``ends[R, kind, S, A, state]``, and as what it does to people, ``does[R, kind, S, A, effect]``.
    """
    regions, kinds, statuses, acts, effects = does.shape
    traits = comes.shape[2]
    for r in range(regions):
        for y in range(kinds):
            x, m = kind_standing[y], kind_temper[y]
            for s in range(statuses):
                for a in range(acts):
                    row, done = ends[r, y, s, a], does[r, y, s, a]
                    row[:] = 0.0
                    done[:] = 0.0
                    for w in range(_MODES_FROM):
                        row[w] += way[r, m, s // traits, a, w]
                    for w in range(_MODES_FROM, way.shape[4]):
                        f = way[r, m, s // traits, a, w]
                        if used[a, w] and f != 0.0:
                            of_way = comes[r, x, s % traits, a, w]
                            for state in range(_STATES):
                                row[state] += f * of_way[state]
                            for e in range(effects):
                                done[e] += f * of_way[_STATES + e]


@kernel
def _fates(daily, pick, accept, does, kind_of, rate, fate):
    """Per free day: ``rate[R, P, A]`` of intents, ``fate[R, P, effect, S]`` of what acts do to people."""
    regions, profiles, acts = pick.shape
    effects, statuses = fate.shape[2:]
    fate[:] = 0.0
    for r in range(regions):
        for p in range(profiles):
            for a in range(acts):
                i = daily[r, p] * pick[r, p, a] * accept[r, p, a]
                rate[r, p, a] = i
                if i == 0.0:
                    continue
                for s in range(statuses):
                    of_act = does[r, kind_of[p], s, a]
                    for e in range(effects):
                        fate[r, p, e, s] += i * of_act[e]


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
def _release(free, held_long, held):
    """Monday: those whose hold ended with the week, ``held_long[R, P, S]``, are free before anything happens."""
    for r in range(free.shape[0]):
        for p in range(free.shape[1]):
            for s in range(free.shape[2]):
                released = held_long[r, p, s]
                if released != 0.0:
                    free[r, p, s] += released
                    held[r, p, s] = max(held[r, p, s] - released, 0.0)
                    held_long[r, p, s] = 0.0


@kernel
def _live_days(free, held_short, held_long, now, held, fate, effects, hold_days, days_free, days_held, holds, on_day,
               leaves, into, later, gains):  # fmt: skip
    """Seven days: releases, then what the acts of the day do; fills person-days free and held, and the holds begun.

    ``held_short[R, P, i, S]`` is released on day i from this Monday, ``held_long[now + i, R, P, S]`` on the i-th
    Monday, round and round; ``held[R, P, S]`` are all of them. Holds of a week or longer bring nobody back within the
    week, so they are booked at its end.
    """
    regions, profiles, statuses = free.shape
    mondays = held_long.shape[0]
    briefly = False
    for e in range(effects.hold.shape[0]):
        briefly |= effects.hold[e] > 0 and effects.gone[e] == 0 and hold_days[effects.hold[e]] < _DAYS
    for r in range(regions):
        for p in range(profiles):
            here = free[r, p]
            days = days_free[r, p]
            inside = 0.0
            acting = False
            for s in range(statuses):
                inside += held[r, p, s]
                leaves[s] = 0.0
                into[s] = 0.0
                later[s] = 0.0
                days[s] = 0.0
            for e in range(fate.shape[2]):
                for s in range(statuses):
                    leaves[s] += fate[r, p, e, s]
                    acting |= fate[r, p, e, s] > 0.0
                if effects.hold[e] > 0 and effects.gone[e] == 0:
                    for s in range(statuses):
                        into[s] += fate[r, p, e, s]
            if not acting and (inside == 0.0 or not briefly):
                days_held[r, p] = _DAYS * inside
                for s in range(statuses):
                    days[s] = _DAYS * here[s]
                continue
            for day in range(_DAYS):
                if briefly:
                    for s in range(statuses):
                        released = held_short[r, p, day, s]
                        held_short[r, p, day, s] = 0.0
                        here[s] += released
                        held[r, p, s] = max(held[r, p, s] - released, 0.0)
                        inside -= released
                days_held[r, p] += inside
                for s in range(statuses):
                    on_day[day, s] = here[s]
                    days[s] += here[s]
                    later[s] += (_DAYS - 1 - day) * here[s]
                    gains[s] = -here[s] * leaves[s]
                for e in range(fate.shape[2]):
                    hold = effects.hold[e]
                    if effects.gone[e] != 0:
                        continue
                    if hold == 0:
                        for s in range(statuses):
                            gains[effects.after[e, s]] += here[s] * fate[r, p, e, s]
                    elif hold_days[hold] < _DAYS:
                        until = release_day(day, day, hold_days[hold])
                        for s in range(statuses):
                            moved = here[s] * fate[r, p, e, s]
                            held_short[r, p, until, effects.after[e, s]] += moved
                            held[r, p, effects.after[e, s]] += moved
                for s in range(statuses):
                    here[s] += gains[s]
            for s in range(statuses):
                days_held[r, p] += later[s] * into[s]
            for e in range(fate.shape[2]):
                hold = effects.hold[e]
                for s in range(statuses):
                    holds[r, p, hold] += days[s] * fate[r, p, e, s]
                if hold == 0 or effects.gone[e] != 0 or hold_days[hold] < _DAYS:
                    continue
                # Days from which one is released on the same Monday are booked as one.
                gains[:] = 0.0
                for day in range(_DAYS):
                    for s in range(statuses):
                        gains[s] += on_day[day, s]
                    week = release_day(day, day, hold_days[hold]) // _DAYS
                    if day + 1 < _DAYS and release_day(day + 1, day + 1, hold_days[hold]) // _DAYS == week:
                        continue
                    for s in range(statuses):
                        moved = gains[s] * fate[r, p, e, s]
                        held_long[(now + week) % mondays, r, p, effects.after[e, s]] += moved
                        held[r, p, effects.after[e, s]] += moved
                        gains[s] = 0.0
            if briefly:
                for i in range(_DAYS):
                    for s in range(statuses):
                        held_short[r, p, i, s] = held_short[r, p, i + _DAYS, s]
                        held_short[r, p, i + _DAYS, s] = 0.0


@kernel
def _tally(days_free, days_held, rate, way, used, comes, ends, kind_of, kind_standing, kind_temper, acted, begun,
           states, modes, flow, news):  # fmt: skip
    """Person-days become intents ``states[R, P, (A, state)]``, begun acts by way (added to ``flow``), and news.

    What an act leaves depends on traits but not on mood, so acts are added up over moods first: ``acted[kind, S]`` are
    intents to do one act, ``begun[trait, way]`` the acts begun.
    """
    regions, profiles, statuses = days_free.shape
    acts, ways = way.shape[3], way.shape[4]
    traits = comes.shape[2]
    modes[:] = 0.0
    news[:] = 0.0
    for r in range(regions):
        for p in range(profiles):
            # All acts and states in one long row, as if all were intended alike, and then by their rates.
            row = states[r, p]
            row[:] = 0.0
            for s in range(statuses):
                f = days_free[r, p, s]
                of_all = ends[r, kind_of[p], s]
                if f != 0.0:
                    for j in range(row.shape[0]):
                        row[j] += f * of_all[j]
            for a in range(acts):
                for state in range(_STATES):
                    row[a * _STATES + state] *= rate[r, p, a]
                row[a * _STATES] += days_held[r, p] * rate[r, p, a]
        for a in range(acts):
            acted[:] = 0.0
            for p in range(profiles):
                i = rate[r, p, a]
                if i == 0.0:
                    continue
                y = kind_of[p]
                for s in range(statuses):
                    acted[y, s] += days_free[r, p, s] * i
                modes[r, a, 0, 0] += days_held[r, p] * i
            for x in range(comes.shape[1]):
                begun[:] = 0.0
                for y in range(acted.shape[0]):
                    if kind_standing[y] != x:
                        continue
                    for s in range(statuses):
                        if acted[y, s] == 0.0:
                            continue
                        for w in range(ways):
                            if used[a, w]:
                                begun[s % traits, w] += acted[y, s] * way[r, kind_temper[y], s // traits, a, w]
                for t in range(traits):
                    for w in range(_MODES_FROM):
                        modes[r, a, w, w] += begun[t, w]
                    for w in range(_MODES_FROM, ways):
                        if not used[a, w]:
                            continue
                        of_way = comes[r, x, t, a, w]
                        flow[r, x, t, a, w] += begun[t, w]
                        for state in range(_STATES):
                            modes[r, a, w, state] += begun[t, w] * of_way[state]
                        for kind in range(1, NEWS_KINDS):
                            news[r, kind] += begun[t, w] * of_way[-kind]


@kernel
def _share_out(of_class, alike, share, out):
    """``out[R, P, ...]``: each profile's share of what its class came to."""
    for r in range(out.shape[0]):
        for p in range(out.shape[1]):
            for i in range(out.shape[2]):
                out[r, p, i] = of_class[r, alike[p], i] * share[r, p]


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
        self._held_short = np.zeros((regions, classes, _SHORT, statuses))
        self._held_long = np.zeros(((longest + 2 * _DAYS) // _DAYS + 1, regions, classes, statuses))
        self._held = np.zeros((regions, classes, statuses))
        # What an intent comes to differs by what somebody can pay and how he or she chooses.
        kinds = np.stack([self.layout.standing_of, self.layout.temper_of], axis=1)
        (self._kind_standing, self._kind_temper), self._kind_of = _numbered(kinds)
        self._effects = _effects(self.layout)
        self._now = 0
        self.news = np.zeros((regions, NEWS_KINDS))
        self.news[:, 0] = 1.0
        self._unit_size = unit_size
        self._ceiling: NDArray[np.uint32] | None = None
        self._routes = Routes(self.layout)
        self._comes = self._ends = self._does = np.empty(0)

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay = self.layout
        acts, ways = odds.pick.shape[2], odds.way.shape[4]
        self._odds = odds
        if odds.ceiling is not self._ceiling:
            self._take_occasions(odds)
        self._accept = odds.accept[:, self._one_of] / float(ONE)
        self._way = chances(odds.way)
        # Ways by which anybody at all does an act: most acts have one.
        self._used = np.asarray((self._way > 0.0).any(axis=(0, 1, 2)))
        self._weekly = chances(odds.weekly)
        self._routes.take(odds, self._used)
        left = self._routes.left()
        regions, standings, traits = left.shape[:3]
        effects, statuses = self._effects.after.shape
        self._comes = room(self._comes, (*left.shape[:-1], _STATES + effects + NEWS_KINDS - 1))
        _gather(left, lay.state_of, lay.news_of, self._effects.of_mark, self._comes)
        intents = (regions, len(self._kind_standing), statuses, acts)
        self._ends = room(self._ends, (*intents, _STATES))
        self._does = room(self._does, (*intents, effects))
        _end(self._way, self._used, self._comes, self._kind_standing, self._kind_temper, self._ends, self._does)
        self._flow = np.zeros((regions, standings, traits, acts, ways))
        self._rate = np.zeros((*self.free.shape[:2], acts))
        self._fate = np.empty((*self.free.shape[:2], effects, statuses))
        _fates(self._daily, self._pick, self._accept, self._does, self._kind_of, self._rate, self._fate)
        self._nothing_yet = new_tallies(lay, odds, np.float64)

    def _take_occasions(self, odds: Odds) -> None:
        """Daily chances of candidate days and of acts, by class; ValueError if profiles said to be alike are not."""
        for rows in (odds.ceiling, odds.pick, odds.accept):
            if (rows != rows[:, self._one_of[self.alike]]).any():
                raise ValueError("profiles carried as one class do not act by the same odds")
        days = np.array([int(i).bit_count() for i in range(128)]) / _DAYS
        # A sum in a fixed order, not a matrix product: the same bits on every machine.
        self._daily = (chances(odds.ceiling[:, self._one_of]) * days).sum(axis=-1)
        self._pick = chances(odds.pick[:, self._one_of])
        self._ceiling = odds.ceiling

    def advance(self) -> Tallies:
        """Live one week under the odds taken last; the contacts are left at zero (see :meth:`contacts`)."""
        lay, odds = self.layout, self._odds
        regions, classes, statuses = self.free.shape
        acts, ways, holds = odds.pick.shape[2], odds.way.shape[4], len(lay.hold_days)
        states = np.empty((regions, classes, acts, _STATES))
        modes = np.empty((regions, acts, ways, _STATES))
        held = np.zeros((regions, classes, holds))
        days_free = np.empty_like(self.free)
        days_held = np.zeros((regions, classes))
        made_news = np.empty((regions, NEWS_KINDS))
        _release(self.free, self._held_long[self._now], self._held)
        step = np.empty((statuses, lay.becomes.shape[1] + 1))
        _change_moods(self.free, self._weekly, lay.becomes, lay.temper_of, self.news, step, np.empty(statuses))
        _live_days(
            self.free, self._held_short, self._held_long, self._now, self._held, self._fate, self._effects,
            lay.hold_days, days_free, days_held, held, np.empty((_DAYS, statuses)), *np.empty((4, statuses)),
        )  # fmt: skip
        self._now = (self._now + 1) % len(self._held_long)
        held[..., 0] = 0.0
        _tally(
            days_free, days_held, self._rate, self._way, self._used, self._comes,
            self._ends.reshape(*self._ends.shape[:3], -1), self._kind_of,
            self._kind_standing, self._kind_temper, np.empty((len(self._kind_standing), statuses)),
            np.empty((lay.group_of.shape[1], ways)), states.reshape(regions, classes, -1), modes, self._flow, made_news,
        )  # fmt: skip
        self._spread_news(made_news)
        return self._nothing_yet._replace(states=self._of_profiles(states), modes=modes, held=self._of_profiles(held))

    def _of_profiles(self, of_class: Floats) -> Floats:
        """``[R, P, ...]`` of ``[R, class, ...]``."""
        regions, classes, *rest = of_class.shape
        out = np.empty((regions, len(self.alike), *rest))
        _share_out(of_class.reshape(regions, classes, -1), self.alike, self._share, out.reshape(*out.shape[:2], -1))
        return out

    def _spread_news(self, made: Floats) -> None:
        """The chance that a unit heard each kind of news, if newsmaking acts fall on units as a Poisson process."""
        persons = (self.free + self._held).sum(axis=(1, 2))
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
        return self._of_profiles(self.free + self._held)

    def state(self) -> dict[str, Floats]:
        """All that it carries from week to week, for a checkpoint; ``held_long`` begins with the coming Monday."""
        return {
            "free": self.free,
            "held_short": self._held_short,
            "held_long": np.roll(self._held_long, -self._now, axis=0),
            "held": self._held,
            "mean_news": self.news,
        }

    def take_up(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Go to the state that :meth:`state` described."""
        self.free[:] = state["free"]
        self._held_short[:] = state["held_short"]
        self._held_long[:] = state["held_long"]
        self._held[:] = state["held"]
        self.news[:] = state["mean_news"]
        self._now = 0

    def scale(self, factor: Floats) -> None:
        """Multiply the people of each status, ``factor[R, P, S]``, free or held; no class gains or loses anybody."""
        people = self.free + self._held
        wanted = factor[:, self._one_of]
        before, after = people.sum(axis=-1), (people * wanted).sum(axis=-1)
        kept = np.divide(before, after, out=np.ones_like(before), where=after > 0.0)
        by_class = wanted * kept[:, :, None]
        self.free *= by_class
        self._held *= by_class
        self._held_short *= by_class[:, :, None]
        self._held_long *= by_class


def _numbered(rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The different rows, each column by itself, and the number of each row's like among them."""
    different, number = np.unique(rows, axis=0, return_inverse=True)
    return np.ascontiguousarray(different.T), number.reshape(-1).astype(np.int32)
