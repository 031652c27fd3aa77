"""Records of ordinary days, person by person: who can leave one at all, and on which days one is left.

The world knows them as rates of a place. Here a person has a telephone or not for as long as he or she is looked at, a
household has a box or not, and each day one more draw says whether it was used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import uniforms
from greyspace.engine.week import MEMBER_AT

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Habit:
    """One kind of record of ordinary days that a system keeps.

    ``has[R, P]``: share of persons (of households, ``of_household``) who can leave it at all; ``on_day[R]``: chance a
    day that one of them does. ``within``: the kind of the same system that such a record comes with; then both are
    shares of those who have that, and of the records of that. ``thing``: what it takes, where habits share it: who has
    it for one of them has it for every one that more people have.
    """

    system: str
    kind: str
    has: Floats
    on_day: Floats
    within: str = ""
    of_household: bool = False
    thing: str = ""

    @property
    def name(self) -> str:
        """Names its draws."""
        return f"{self.system}/{self.kind}"


@dataclass(frozen=True)
class Who:
    """Persons as arrays ``[n]``: number of the unit in the nation, place in it, household in it, region, profile."""

    serial: NDArray[np.uint32]
    member: NDArray[np.uint32]
    household: NDArray[np.uint32]
    region: NDArray[np.int64]
    profile: NDArray[np.int64]

    def counter(self, of_household: bool = False) -> NDArray[np.uint32]:
        """The second word of a draw's counter: the person, or the household."""
        return np.asarray((self.household if of_household else self.member) << MEMBER_AT, np.uint32)


def had(habits: Sequence[Habit], seed: int, who: Who) -> list[Bools]:
    """By habit ``[n]``: who can leave such records at all. The same persons have it as more people come to."""
    found: dict[str, Bools] = {}
    for habit in habits:
        thing = f"footprint/has/{habit.thing or habit.name}"
        draw = uniforms(seed, thing, who.serial, who.counter(habit.of_household))[..., 0]
        has = draw < habit.has[who.region, who.profile]
        found[habit.name] = has & found[f"{habit.system}/{habit.within}"] if habit.within else has
    return list(found.values())


def left(habits: Sequence[Habit], seed: int, who: Who, days: NDArray[np.int64]) -> list[Bools]:
    """By habit ``[n, day]``: on which days such a record is left; ``days`` since 1970-01-01."""
    found: dict[str, Bools] = {}
    for habit, has in zip(habits, had(habits, seed, who), strict=True):
        counter = who.counter(habit.of_household)[:, None]
        draw = uniforms(seed, f"footprint/day/{habit.name}", who.serial[:, None], counter, days[None])[..., 0]
        on = has[:, None] & (draw < habit.on_day[who.region][:, None])
        found[habit.name] = on & found[f"{habit.system}/{habit.within}"] if habit.within else on
    return list(found.values())
