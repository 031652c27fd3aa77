"""Weeks as days since 1970-01-01 of their Monday, and parameters read week by week."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters

FIRST_MONDAY = 10959
"""Monday 3 January 2000. Persistent weather starts here whatever week a run starts in; no run starts before it."""

_UNIX_EPOCH = date(1970, 1, 1).toordinal()


def dates(weeks: NDArray[np.int64]) -> list[date]:
    """The Mondays of ``weeks`` as dates."""
    return [date.fromordinal(_UNIX_EPOCH + int(day)) for day in weeks]


def by_week(p: Parameters, name: str, days: list[date]) -> NDArray[np.float64]:
    """The value of one parameter in each week: shape (week,). A scenario may change any of these on a date."""
    values = [p.at(name, day) for day in (days if name in p.days else days[:1])]
    return np.array(values if name in p.days else values * len(days), dtype=np.float64)


def check_weeks(weeks: NDArray[np.int64]) -> None:
    """Refuse weeks that are not consecutive Mondays from the year 2000 on."""
    if len(weeks) == 0 or weeks[0] < FIRST_MONDAY or (weeks[0] - FIRST_MONDAY) % 7 or (np.diff(weeks) != 7).any():
        raise ValueError("weeks must be consecutive Mondays, as days since 1970-01-01, none before 2000-01-03")
