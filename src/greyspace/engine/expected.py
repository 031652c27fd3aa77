"""The expectation of the same process over classes of people: no draws, same odds, same tallies (as ``float64``).

People of one (region, profile, status) are alike. A day moves mass between statuses and into holds; a week begins with
the changes of mood. What a begun act leaves is worked out once per renewal of the odds
(:mod:`greyspace.engine.routes`). It is exact for the odds given, up to rounding, except for news, which neighbours hear
together and which they make. Of how a region's units differ only the leading terms are carried: three kinds of units by
how lively they are, with the people of each status spread over them; by how much the neighbours of the wary are warier
than others', since they heard the same; that households are of a kind; and that the fined hear of themselves.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, ONE, STATES, Layout, Odds, chances
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import kernel
from greyspace.engine.days import fine, hold_as_ever, live_days, release
from greyspace.engine.fates import Fate, Kinds, Taken, choose_ways, effects_of, fates, find_used, gather
from greyspace.engine.lanes import room
from greyspace.engine.lived import Lived, Terms, of_profiles
from greyspace.engine.masses import People, Work
from greyspace.engine.neighbours import (
    SHARES,
    Units,
    change_moods,
    hear,
    look_at_units,
    meet_tempers,
    mix_units,
    runs_of,
    spread_news,
)
from greyspace.engine.routes import Contacts, Routes
from greyspace.engine.week import WEEK

_STATES = len(STATES)
_SHORT = 2 * WEEK
_ONE = float(ONE)

Floats = NDArray[np.float64]


@kernel
def _live_week(
    people, now, weekly, on_average, becomes, runs, units, fate, effects, hold_days, work, days_free, days_held
):
    """One week from its Monday: fills the person-days ``days_free[S, cell]`` and ``days_held[cell]``."""
    release(people, now)
    hear(people, on_average, becomes, units, work)
    change_moods(people, weekly, becomes, runs, units.silence, work)
    live_days(people, now, fate, effects, hold_days, work, days_free, days_held)
    fine(days_free, fate, effects, people.fined)
    spread_news(people, days_free, fate, units.neighbours, work)


class Expected:
    """The engine of expectations.

    ``people[R, P, S]`` are the persons at the start, all free; ``unit_size[R]`` and ``unit_spread[R]`` are the mean
    persons of a unit, as its members see it, and their standard deviation. Profiles with the same number in
    ``alike[P]`` act by the same odds and are carried as one class. ``company[R, P, profile]``: how many more neighbours
    of each profile somebody has than any person of the region does, since households are of a kind.
    """

    def __init__(
        self,
        people: Floats,
        layout: Layout,
        unit_size: Floats,
        unit_spread: Floats,
        alike: NDArray[np.int32] | None = None,
        company: Floats | None = None,
    ) -> None:
        people = np.asarray(people, dtype=np.float64)
        regions, profiles, statuses = people.shape
        self.alike = np.arange(profiles, dtype=np.int32) if alike is None else alike
        self._one_of = np.unique(self.alike, return_index=True)[1]
        self._shape = (regions, len(self._one_of), statuses)
        longest = int(layout.hold_days.max(initial=0))
        self.layout = layout._replace(
            standing_of=layout.standing_of[self._one_of], temper_of=layout.temper_of[self._one_of]
        )
        free = np.zeros(self._shape)
        for profile in range(profiles):
            free[:, self.alike[profile]] += people[:, profile]
        of_profile = people.sum(axis=2)
        of_class = free.sum(axis=2)[:, self.alike]
        self._share = np.divide(of_profile, of_class, out=np.zeros_like(of_profile), where=of_class > 0)
        self._company = np.zeros((regions, self._shape[1], self._shape[1]))
        if company is not None:
            everywhere, one, other = np.ogrid[:regions, :profiles, :profiles]
            at = (everywhere, self.alike[one], self.alike[other])
            np.add.at(self._company, at, self._share[:, :, None] * company)
        self._persons = free.sum(axis=2).reshape(-1)
        # What an intent comes to differs by what somebody can pay and how he or she chooses.
        kinds = np.stack([self.layout.standing_of, self.layout.temper_of], axis=1)
        (standing, temper), of_class = _numbered(kinds)
        self._kinds = Kinds(standing, temper, of_class)
        self._effects = effects_of(self.layout)
        self._unit_size, self._unit_spread = unit_size, unit_spread
        self._ceiling: NDArray[np.uint32] | None = None
        self._routes = Routes(self.layout)
        self._marked = np.empty(0)
        # Cells stand last: what a week does, it does to all of them alike.
        by_status = np.ascontiguousarray(free.reshape(-1, statuses).T)
        cells, units = by_status.shape[1], len(SHARES)
        all_of, mondays = by_status.shape, (longest + 2 * WEEK) // WEEK + 1
        news = np.zeros((regions, units, NEWS_KINDS))
        news[..., 0] = 1.0
        self._people = People(
            free=by_status,
            held=np.zeros(all_of),
            held_short=np.zeros((_SHORT, *all_of)),
            held_long=np.zeros((mondays, *all_of)),
            fined=np.zeros(all_of),
            news=news,
            lives=np.tile(SHARES, (regions, statuses, 1)),
            calmer=np.zeros((regions, statuses)),
        )
        self._now = 0
        self._units = Units(
            np.empty((regions, units)), np.empty(cells), np.empty((regions, statuses)), np.empty((regions, 2))
        )
        self._work = Work(
            by_cell=np.empty((5, cells)),
            gains=np.empty(all_of),
            early=np.zeros((len(layout.hold_days), *all_of)),
            people=np.empty(statuses),
            after=np.empty((statuses, units)),
            shift=np.empty((3, statuses)),
            heard=np.empty((regions, statuses, NEWS_KINDS)),
            makes=np.empty((regions, units)),
            made_news=np.empty((regions, NEWS_KINDS)),
        )

    @property
    def free(self) -> Floats:
        """``[R, class, S]``: persons who are free."""
        return self._by_region(self._people.free)

    def _by_status(self, x: Floats) -> Floats:
        """``[S, cell]`` of ``[R, class, S]``."""
        return np.ascontiguousarray(x.reshape(-1, x.shape[-1]).T)

    def _by_region(self, x: Floats) -> Floats:
        """``[R, class, S]`` of ``[S, cell]``."""
        return np.ascontiguousarray(x.T).reshape(self._shape)

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay, people = self.layout, self._people
        regions, tempers, moods, acts, ways = odds.way.shape
        classes, statuses = self._shape[1:]
        if odds.ceiling is not self._ceiling:
            self._take_occasions(odds)
        accept = odds.accept[:, self._one_of] / _ONE
        used = np.zeros((acts, ways), np.bool_)
        find_used(odds.way.reshape(-1, acts, ways), used)
        taken = Taken(np.append(0, np.cumsum(used.sum(axis=1))), np.nonzero(used)[1])
        number = np.full(used.shape, NOTHING, np.int64)
        number[used] = np.arange(len(taken.way))
        self._routes.take(odds, number)
        left = self._routes.left()
        does = np.empty((len(self._effects.hold) + NEWS_KINDS - 1, *people.free.shape))
        comes = np.empty((*left.shape[:-1], _STATES))
        self._marked = room(self._marked, (*left.shape[:2], len(taken.way), left.shape[2], len(does)))
        gather(left, lay.state_of, lay.news_of, self._effects.of_mark, comes, self._marked)
        chosen = np.empty((regions, tempers, moods, len(taken.way)))
        choose_ways(odds.way, taken, chosen)
        rate, work = np.empty((regions, classes, acts)), self._work
        marked = self._marked.reshape(*self._marked.shape[:3], -1)
        self._fate = Fate(does, *np.empty((2, *people.free.shape)))
        fates(
            self._daily, self._pick, accept, chosen, taken, marked, self._kinds, self._effects,
            np.empty((acts, statuses * len(does))), np.empty((classes, statuses * len(does))), rate, self._fate,
        )  # fmt: skip
        self._terms = Terms(
            rate, chosen, taken, comes, self._kinds, does, self._effects.hold, self.alike, self._share, ways, moods,
            len(lay.hold_days),
        )  # fmt: skip
        self._lived: list[Lived] = []
        self._weekly = chances(odds.weekly)
        self._on_average = np.empty((regions, *self._weekly.shape[2:]))
        meet_tempers(people.free, self._weekly, lay.temper_of, np.empty(tempers), self._on_average)
        self._runs = runs_of(self._weekly, lay.temper_of)
        look_at_units(
            people, self._fate, self._effects, lay.hold_days, self._company, self._unit_size, self._unit_spread,
            work.gains, np.empty((4, people.free.shape[1])), np.empty(classes), self._units,
        )  # fmt: skip

    def _take_occasions(self, odds: Odds) -> None:
        """Daily chances of candidate days and of acts, by class; ValueError if profiles said to be alike are not."""
        for rows in (odds.ceiling, odds.pick, odds.accept):
            if (rows != rows[:, self._one_of[self.alike]]).any():
                raise ValueError("profiles carried as one class do not act by the same odds")
        days = np.array([int(i).bit_count() for i in range(128)]) / WEEK
        # A sum in a fixed order, not a matrix product: the same bits on every machine.
        self._daily = (chances(odds.ceiling[:, self._one_of]) * days).sum(axis=-1)
        self._pick = chances(odds.pick[:, self._one_of])
        self._ceiling = odds.ceiling

    def advance(self) -> Lived:
        """Live one week under the odds taken last."""
        days_free, days_held = np.empty_like(self._people.free), np.empty(self._people.free.shape[1])
        _live_week(
            self._people, self._now, self._weekly, self._on_average, self.layout.becomes, self._runs, self._units,
            self._fate, self._effects, self.layout.hold_days, self._work, days_free, days_held,
        )  # fmt: skip
        self._now = (self._now + 1) % len(self._people.held_long)
        self._lived.append(Lived(self._terms, days_free, days_held))
        self._days_free = days_free
        return self._lived[-1]

    def lived(self) -> Lived:
        """All weeks since the odds were renewed, of which there is at least one."""
        whole = self._lived.pop(0)
        for week in self._lived:
            whole += week
        self._lived = [whole]
        return whole

    def contacts(self) -> Contacts:
        """Expected contacts since the odds were renewed."""
        return Contacts(self._routes, self.lived().flow)

    def people(self) -> Floats:
        """``[R, P, S]``: persons there, free or held."""
        return of_profiles(self._by_region(self._people.free + self._people.held), self.alike, self._share)

    def state(self) -> dict[str, Floats]:
        """All that it carries from week to week, for a checkpoint; ``held_long`` begins with the coming Monday."""
        people = self._people
        return {
            "free": people.free,
            "held_short": people.held_short,
            "held_long": np.roll(people.held_long, -self._now, axis=0),
            "held": people.held,
            "mean_news": people.news,
            "lives": people.lives,
            "calmer": people.calmer,
            "fined": people.fined,
        }

    def take_up(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Go to the state that :meth:`state` described."""
        for name, array in self._people._asdict().items():
            array[:] = state["mean_news" if name == "news" else name]
        self._now = 0

    def settle(self, factor: Floats, trait: NDArray[np.int32]) -> None:
        """Go on as if it had always been like the last week, with ``factor[R, P, S]`` times the people of each status.

        As many are held as such weeks come to; a class has as many people as at first; and people of each
        ``trait[S]``, which never changes, live in all kinds of units alike.
        """
        of, early = self._people, self._work.early
        mix_units(of.free, of.lives, trait, SHARES)
        by_cell = self._by_status(factor[:, self._one_of])
        for persons in (of.free, of.held_short, of.fined, early):
            persons *= by_cell
        hold_as_ever(
            of, self._now, self._persons, np.empty_like(self._persons), self._fate, self._effects,
            self.layout.hold_days, self._days_free * by_cell, early, np.empty_like(of.free),
        )  # fmt: skip


def _numbered(rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The different rows, each column by itself, and the number of each row's like among them."""
    different, number = np.unique(rows, axis=0, return_inverse=True)
    return np.ascontiguousarray(different.T), number.reshape(-1).astype(np.int32)
