"""Who knows what telephones, payments and cards record, and what the register can do: shares of a region's people.

Of cameras on faces and roads each person knows or not (:mod:`greyspace.society.caution`). Of the other two classes of
systems only the share of those who know is kept: whoever knows of one is as likely as anybody to know of another. It
grows by hearsay once there is something to hear of, and by cases: a penalty that such a system brought about, heard of
in the unit or beyond. Nobody forgets.

Parameters: knowing.initial_<class>, from_news_<class>, background_yearly_<class>, beyond_unit.
"""

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters

CLASSES = ("phone_and_money", "register")
"""Classes of systems of which knowledge is a share."""

WEEKS_A_YEAR = 52.1775

Floats = NDArray[np.float64]


def initial(p: Parameters, regions: int) -> Floats:
    """``[R, class]``: who knows before the first case."""
    return np.tile([p.number(f"knowing.initial_{name}") for name in CLASSES], (regions, 1))


def hears(p: Parameters, cases: Floats) -> Floats:
    """Chance a week to hear of a case beyond one's own unit; ``cases``: of the region, a person and week.

    ``knowing.beyond_unit`` is the share of the cases among a thousand people of the region that somebody hears of who
    does not live in their units.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters, {"knowing.beyond_unit": 0.1})
    >>> hears(p, np.array([0.0, 0.001])).round(3).tolist()
    [0.0, 0.095]
    """
    return np.asarray(1.0 - np.exp(-1000.0 * p.number("knowing.beyond_unit") * cases))


def after(p: Parameters, known: Floats, cases: Floats, unit: float, heard_of: Floats, weeks: int) -> Floats:
    """``[R, class]``: who knows after ``weeks`` weeks, of ``known[R, class]`` before.

    ``cases[R, class]``: penalties through these systems, a person and week; ``unit``: mean persons of a unit;
    ``heard_of[class]``: 1 where there is something to hear of, else 0.
    """
    news = np.array([p.number(f"knowing.from_news_{name}") for name in CLASSES])
    yearly = np.array([p.number(f"knowing.background_yearly_{name}") for name in CLASSES])
    hearsay = 1.0 - (1.0 - yearly * heard_of) ** (1.0 / WEEKS_A_YEAR)
    in_unit = 1.0 - np.exp(-unit * cases)
    ignorant = (1.0 - news * in_unit) * (1.0 - news * hears(p, cases)) * (1.0 - hearsay)
    return np.asarray(1.0 - (1.0 - known) * ignorant**weeks)
