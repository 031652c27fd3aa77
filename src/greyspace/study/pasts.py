"""Lives with a common past, lived once: where plans part, the second goes on from where the first stood by then.

One process lives some plans one after the other, and keeps in memory what those to come take up: the state of the life
and its sums so far. What is not there, since another process lived it or died, is lived again from the beginning, and
comes to the same bits.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from numpy.typing import NDArray

from greyspace.country import number_of
from greyspace.simulate import Life, Plan
from greyspace.simulate.measures import PeriodTallies
from greyspace.simulate.parting import parting
from greyspace.simulate.world import Period, World

Sums = TypeVar("Sums")


class Mark(NamedTuple):
    """A past: whose it is, and from which day on others need not share it; None: it is shared to the end."""

    run_id: str
    day: date | None


@dataclass(frozen=True)
class Place:
    """Where a life stands among those of a ``group``: what it takes up, if anything, and what it leaves."""

    group: str = ""
    takes: Mark | None = None
    leaves: tuple[Mark, ...] = ()


ALONE = Place()


def places(plans: Sequence[Plan], alike: Callable[[Plan, Plan], bool] = lambda one, other: True) -> list[Place]:
    """The place of each of some plans that one process lives in this order; each follows the one it parts from last.

    ``alike``: whether what is added up of two lives has one shape.
    """
    takes: list[Mark | None] = []
    for i, plan in enumerate(plans):
        found: Mark | None = None
        for before in plans[:i]:
            if not alike(plan, before) or (day := parting(before, plan)) == plan.start:
                continue
            if found is None or (found.day is not None and (day is None or day > found.day)):
                found = Mark(before.run_id, day)
        takes.append(found)
    left = {mark for mark in takes if mark is not None}
    return [
        Place(plans[0].run_id, mark, tuple(sorted((m for m in left if m.run_id == plan.run_id), key=_when)))
        for plan, mark in zip(plans, takes, strict=True)
    ]


def _when(mark: Mark) -> date:
    return mark.day or date.max


def share(plan: Plan, place: Place) -> float:
    """How much of its time a life has to itself, about; 1 where it takes up nothing."""
    if place.takes is None:
        return 1.0
    return (plan.end - place.takes.day).days / max((plan.end - plan.start).days, 1) if place.takes.day else 0.0


@dataclass(frozen=True)
class Past(Generic[Sums]):
    """A life up to the Monday ``monday`` (days since 1970-01-01): its state by then, and its sums so far.

    ``change``: what the last step of its beginning still changed.
    """

    monday: int
    state: Mapping[str, NDArray[Any]]
    sums: Sums
    change: float


def left(life: Life, past: Past[Any] | None) -> list[Period]:
    """The periods that are left to live after a past."""
    return [period for period in life.world.periods if past is None or period.monday >= past.monday]


class Pasts(Generic[Sums]):
    """The pasts of one group that others are still to take up."""

    def __init__(self) -> None:
        self._group = ""
        self._kept: dict[Mark, Past[Sums]] = {}

    def of(self, place: Place) -> Past[Sums] | None:
        """The past that a life is to take up; None where there is none, or it is not here."""
        if place.group != self._group:
            self._group = place.group
            self._kept.clear()
        found = self._kept.get(place.takes) if place.takes is not None else None
        # Several may go on from the same sums.
        return None if found is None else Past(found.monday, found.state, copy.deepcopy(found.sums), found.change)

    def lived(
        self,
        plan: Plan,
        place: Place,
        nothing: Callable[[], Sums],
        add: Callable[[Sums, World, Period, PeriodTallies], Sums],
        begin: Callable[[Plan], Life] = Life,
    ) -> tuple[Sums, float]:
        """What a life adds up to, from the past on that it takes up, and what its beginning still changed.

        ``add`` puts one more period to sums that began as ``nothing()``; ``begin`` begins a life that takes up nothing.
        """
        past = self.of(place)
        if past is not None and not past.state:
            return past.sums, past.change
        life = begin(plan) if past is None else Life(plan, taken_up=past.state)
        sums = nothing() if past is None else past.sums
        for period in left(life, past):
            self.before(life, place, period, sums)
            sums = add(sums, life.world, period, life.step(period, life.odds(period), lambda _: None))
        self.at_the_end(life, place, sums)
        life.close()
        return sums, life.begun.last_change

    def before(self, life: Life, place: Place, period: Period, sums: Sums) -> None:
        """Keep what others take up from before a period; ``sums`` are those of all periods that were lived so far."""
        for mark in place.leaves:
            if mark.day is not None and period.monday < number_of(mark.day) <= period.monday + 7 * period.weeks:
                state = life.snapshot()
                self._keep(mark, period.monday, state, sums, life)

    def at_the_end(self, life: Life, place: Place, sums: Sums) -> None:
        """Keep what those take up who are the same to the end."""
        last = life.world.periods[-1]
        for mark in place.leaves:
            if mark.day is None:
                self._keep(mark, last.monday + 7 * last.weeks, {}, sums, life)

    def _keep(self, mark: Mark, monday: int, state: Mapping[str, NDArray[Any]], sums: Sums, life: Life) -> None:
        self._kept[mark] = Past(monday, state, copy.deepcopy(sums), life.begun.last_change)
