"""All who live, as masses of people of one status in one cell: what they take with them from week to week."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class People(NamedTuple):
    """All who live and what they know: what goes on from week to week."""

    free: Floats  # [S, cell]
    held: Floats  # [S, cell] all who are held
    held_short: Floats  # [day of release from this Monday, S, cell]
    held_long: Floats  # [Monday of release, round and round, S, cell]
    fined: Floats  # [S, cell] those of the last week whose penalty was news and held nobody, by the status it left
    news: Floats  # [R, kind of unit, news] chances that a unit heard it last week
    lives: Floats  # [R, S, kind of unit] where those of a status live
    calmer: Floats  # [R, S] covariance of being of a status with the news that a neighbour makes


class Work(NamedTuple):
    """Room for one week, written over again and again."""

    by_cell: Floats  # [5, cell]
    gains: Floats  # [S, cell]
    early: Floats  # [hold class, S, cell] person-days from which one is released a Monday sooner than from the rest
    people: Floats  # [S]
    after: Floats  # [S, kind of unit]
    shift: Floats  # [3, S]
    heard: Floats  # [R, S, news]
    makes: Floats  # [R, kind of unit]
    made_news: Floats  # [R, news]
