"""The engine's week of single persons, told act by act and contact by contact.

The engine counts and forgets. Since every draw is a function of who, when and what is decided, the week of a person can
be told again afterwards from the odds that were in force: the same act on the same day, the same gate, the same end.
What is told adds up to the engine's tallies exactly.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import (
    DESTINATION,
    FINDINGS,
    HOME,
    NOTHING,
    OUTCOMES,
    VERDICTS,
    WAYS_NOT_BEGUN,
    Crowd,
    Layout,
    Odds,
)
from greyspace.draws import philox, words
from greyspace.engine.week import FREE_AT, GONE, MEMBER_AT, PROFILE_AND_STATUS, STATUS_AT, WEEK, keys

_PROFILE = (1 << STATUS_AT) - 1
_GONE = int(GONE)
_MEMBER_AT = int(MEMBER_AT)
_TOGETHER = 4
"""Members whose once-a-week draws share a block."""


class Met(NamedTuple):
    """One contact that happened, as indices along the axes; ``payer`` and ``finding`` where somebody decided."""

    place: int
    contact: int
    group: int
    powered: int
    finding: int
    payer: int
    outcome: int

    @property
    def recorded(self) -> bool:
        """Whether it is written down."""
        return self.outcome >= len(OUTCOMES) // 2

    @property
    def verdict(self) -> int:
        """What became of the person, of ``VERDICTS``."""
        return self.outcome % len(VERDICTS)


class Act(NamedTuple):
    """One intent: its day (since 1970-01-01), how it was to be done, where to, what it ended as, whom it met.

    ``destination`` is NOTHING where it was not begun.
    """

    day: int
    act: int
    way: int
    destination: int
    state: int
    met: tuple[Met, ...]


class Person(NamedTuple):
    """Who is told of: number in the crowd, its unit, the place within the unit."""

    number: int
    unit: int
    member: int


def persons_of(crowd: Crowd, chosen: Iterable[int]) -> list[Person]:
    """Those at these indices of a crowd."""
    indices = np.asarray(list(chosen), np.int64)
    units = np.searchsorted(crowd.first, indices, side="right") - 1
    return [Person(int(i), int(u), int(i - crowd.first[u])) for i, u in zip(indices, units, strict=True)]


def week(
    crowd: Crowd, persons: list[Person], odds: Odds, layout: Layout, seed: int, monday: int
) -> Iterator[tuple[Person, list[Act], int]]:
    """The acts of persons in the week from ``monday``, each with who it was and the person's word at its end.

    ``crowd`` as it stood before that week; it is left as it is. Who has no day on which anything could happen is left
    out.
    """
    if not persons:
        return
    serial = np.array([crowd.serial[who.unit] for who in persons], np.uint32)
    member = np.array([who.member for who in persons], np.uint32)
    word = crowd.persons[[who.number for who in persons]]
    drawn = words(seed, "person/week", serial, (member // _TOGETHER) << _MEMBER_AT, monday)
    draw = drawn[np.arange(len(persons)), member % _TOGETHER] >> np.uint32(1)
    region = crowd.region[[who.unit for who in persons]]
    none = odds.ceiling[region, word & _PROFILE, 0]
    for i in np.flatnonzero((draw >= none) & (word & GONE == 0)):
        who = persons[i]
        teller = _Teller(odds, layout, seed, int(serial[i]), who.member, int(region[i]), monday)
        acts = teller.live(int(word[i]), int(draw[i]), int(crowd.news[who.unit]))
        yield who, acts, teller.person


def _choose(draw: int, row: NDArray[np.uint32]) -> int:
    return int(np.searchsorted(row, np.uint32(draw), side="right"))


class _Teller:
    """One person's week."""

    def __init__(
        self, odds: Odds, layout: Layout, seed: int, serial: int, member: int, region: int, monday: int
    ) -> None:
        self._odds, self._layout = odds, layout
        self._keys = keys(seed)
        self._serial, self._member, self._region, self._monday = serial, member, region, monday
        self.person = 0

    def _draws(self, key: np.uint32, member: int, day: int, count: int = 0) -> list[int]:
        k = int(self._keys.seed), int(key)
        return [int(word) >> 1 for word in philox(self._serial, member << _MEMBER_AT, day, count, *k)]

    def _with_status(self, status: int) -> None:
        low = int(PROFILE_AND_STATUS) ^ _PROFILE
        self.person = (self.person & ~low) | int(status) << STATUS_AT

    @property
    def _status(self) -> int:
        return (self.person & int(PROFILE_AND_STATUS)) >> STATUS_AT

    @property
    def _profile(self) -> int:
        return self.person & _PROFILE

    def live(self, person: int, draw: int, news: int) -> list[Act]:
        """The acts of the week; afterwards ``person`` is as the week left it."""
        self.person = person
        odds, lay = self._odds, self._layout
        if person >> FREE_AT <= self._monday:
            mood = self._draws(self._keys.mood, self._member // _TOGETHER, self._monday)[self._member % _TOGETHER]
            row = odds.weekly[self._region, lay.temper_of[self._profile], news, self._status]
            if mood < row[-1]:
                self._with_status(lay.becomes[self._status, _choose(mood, row)])
        days = _choose(draw, odds.ceiling[self._region, self._profile])
        acts = []
        for weekday in range(WEEK):
            if days >> weekday & 1 and not self.person & _GONE:
                act = self._day(self._monday + weekday)
                if act is not None:
                    acts.append(act)
        return acts

    def _day(self, day: int) -> Act | None:
        odds, lay = self._odds, self._layout
        picks, accepts, ways, goes = self._draws(self._keys.day, self._member, day)
        act = _choose(picks, odds.pick[self._region, self._profile])
        if accepts >= odds.accept[self._region, self._profile, act]:
            return None
        mood, trait = divmod(self._status, lay.group_of.shape[1])
        way = _choose(ways, odds.way[self._region, lay.temper_of[self._profile], mood, act])
        held = self.person >> FREE_AT > day
        if held or way < len(WAYS_NOT_BEGUN):
            way = 0 if held else way
            return Act(day, act, way, NOTHING, way, ())
        destination = _choose(goes, odds.dest[self._region, act])
        mark, met = 0, []
        for contact, place, count in self._route(act, way, destination):
            found = self._meet(contact, place, count, trait, way, day)
            if found is None:
                continue
            met.append(found)
            mark = max(mark, int(lay.mark_of[found.contact, found.powered, found.outcome]))
            if mark >= lay.first_ending:
                break
        self._bear(mark, day)
        return Act(day, act, way, destination, int(lay.state_of[mark]), tuple(met))

    def _route(self, act: int, way: int, destination: int) -> Iterator[tuple[int, int, int]]:
        """Contact, place and count of draws of each that may be met, in order."""
        row = self._layout.route_of[self._region, act, way, destination]
        filled = {HOME: self._region, DESTINATION: destination}
        for contact, where, times, first in self._layout.routes[row].tolist() if row != NOTHING else ():
            if contact == NOTHING:
                return
            for time in range(times):
                yield contact, filled.get(where, where), first + time

    def _meet(self, contact: int, place: int, count: int, trait: int, way: int, day: int) -> Met | None:
        odds, lay = self._odds, self._layout
        who, finds, decides, _ = self._draws(self._keys.contact, self._member, day, count)
        while contact != NOTHING and who >= odds.met[place, contact]:
            contact = int(lay.instead[contact])
        if contact == NOTHING:
            return None
        group, standing = int(lay.group_of[contact, trait]), int(lay.standing_of[self._profile])
        powered = int(self._draws(self._keys.power, self._member, day, place)[0] < odds.powered[place, way])
        found = _choose(finds, odds.finding[place, contact, group, powered])
        recorded, finding = divmod(found, len(FINDINGS))
        payer, verdict = NOTHING, 0
        if finding:
            rank = self._draws(self._keys.purse, self._member, day)[0] * lay.ranks >> 31
            payer = standing * lay.ranks + rank
            verdict = _choose(decides, odds.verdict[place, lay.case_of[contact], payer, powered, finding])
        return Met(place, contact, group, powered, finding, payer, recorded * len(VERDICTS) + verdict)

    def _bear(self, mark: int, day: int) -> None:
        """What the gravest mark of an act does to the person."""
        lay = self._layout
        self._with_status(lay.status_after[mark, self._status])
        if lay.hold_of[mark]:
            hold = int(lay.hold_days[lay.hold_of[mark]])
            free = day + 1 + hold
            if hold >= WEEK:
                free += (self._monday - free) % WEEK
            self.person = (self.person & (1 << FREE_AT) - 1) | free << FREE_AT
        self.person |= _GONE * int(lay.gone[mark])
