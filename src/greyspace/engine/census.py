"""How many persons are in which status, and how many are held: counted once, then followed from week to week.

To look through a whole crowd takes a tenth of a quiet week, so the passes note who changes, and few do.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Crowd, Layout
from greyspace.engine.week import FREE_AT, GONE, PROFILE, PROFILE_AND_STATUS, STATUS_AT, WEEK, release_day

_AT_ONCE = 1 << 20  # persons that are looked through together

Words = NDArray[np.uint32]
Numbers = NDArray[np.int64]


class Changes(NamedTuple):
    """What one thread notes of those who change. A number may wrap around; what all threads noted together is right."""

    people: Words  # [R, L]: how many more are like this than at first, by the lower bits of a person
    detained: Words  # [R, P, hold class, weekday]: holds begun, of persons who are not gone


class Census:
    """The numbers of a crowd, from the ``changes`` noted in it, thread by thread."""

    def __init__(self, layout: Layout, threads: int) -> None:
        self._regions, self._profiles = layout.route_of.shape[0], len(layout.standing_of)
        self._statuses, holds = len(layout.becomes), len(layout.hold_days)
        self.changes = [
            Changes(
                np.zeros((self._regions, self._statuses << STATUS_AT), np.uint32),
                np.zeros((self._regions, self._profiles, holds, WEEK), np.uint32),
            )
            for _ in range(threads)
        ]
        self._none = np.zeros((self._regions, self._profiles), np.int64)
        free = [[release_day.py_func(day, day, int(days)) for day in range(WEEK)] for days in layout.hold_days]
        self._free, which = np.unique(free, return_inverse=True)  # the days of release, from Monday on
        self._free_on = np.eye(len(self._free), dtype=np.int64)[which.ravel()]  # [hold class x weekday, day of release]
        self.forget()

    def forget(self) -> None:
        """Somebody else changed the crowd: what is asked for next is counted."""
        self._first: Words | None = None  # [R, L], without the changes noted
        self._held: dict[int, Numbers] | None = None  # [R, P] by the first day on which they are free

    def follow(self, monday: int) -> None:
        """The week that began on ``monday`` is over."""
        if self._held is None:
            return
        begun = self._begun()
        for day in [day for day in self._held if day <= monday]:
            del self._held[day]
        for at in np.flatnonzero(begun.any(axis=(0, 1))).tolist():
            day = monday + int(self._free[at])
            self._held[day] = self._held.get(day, self._none) + begun[..., at]

    def people(self, crowd: Crowd) -> Numbers:
        """``[R, P, S]``: those who are not gone."""
        changed = np.zeros_like(self.changes[0].people)
        for each in self.changes:
            changed += each.people
        if self._first is None:
            first = np.zeros_like(changed)
            for region, persons in _parts(crowd):
                alike = np.bincount(persons & (GONE | PROFILE_AND_STATUS), minlength=changed.shape[1])
                first[region] += alike[: changed.shape[1]].astype(np.uint32)
            self._first = first - changed
        people = (self._first + changed).reshape(self._regions, self._statuses, -1)
        return people[..., : self._profiles].transpose(0, 2, 1).astype(np.int64)

    def held(self, crowd: Crowd, day: int) -> Numbers:
        """``[R, P]``: those of them who are held on ``day``, the last that was lived or a later one."""
        if self._held is None:
            self._begun()
            self._held = {}
            for region, persons in _parts(crowd):
                held = persons[persons >> FREE_AT > day]
                held = held[held & GONE == 0]
                for first in np.unique(held >> FREE_AT).tolist():
                    until = self._held.setdefault(first, self._none.copy())
                    until[region] += np.bincount(held[held >> FREE_AT == first] & PROFILE, minlength=self._profiles)
        return sum((many for first, many in self._held.items() if first > day), self._none)

    def _begun(self) -> Numbers:
        """``[R, P, day of release]``: holds begun since this was last asked."""
        detained = np.sum([each.detained for each in self.changes], axis=0, dtype=np.int64)
        for each in self.changes:
            each.detained[:] = 0
        return detained.reshape(self._regions, self._profiles, -1) @ self._free_on


def _parts(crowd: Crowd) -> Iterator[tuple[int, Words]]:
    """All persons, a part of a region at a time."""
    starts = np.flatnonzero(np.diff(crowd.region, prepend=-1))
    for unit, last in zip(starts, [*starts[1:], len(crowd.region)], strict=True):
        for first in range(crowd.first[unit], crowd.first[last], _AT_ONCE):
            yield int(crowd.region[unit]), crowd.persons[first : min(first + _AT_ONCE, crowd.first[last])]
