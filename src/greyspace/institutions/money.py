"""Money: kilograms of rice in the model, shown as won, dollars and months of what a household needs as well."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters

Floats = NDArray[np.float64]


class Money(NamedTuple):
    """One amount in each measure, since rice itself grows scarce; arrays of any shape."""

    rice: Floats  # kg
    won: Floats  # the country's own money, whatever it is called, at the market price of rice
    dollars: Floats  # at the market rate
    months: Floats  # of what a family of four needs


def shown(p: Parameters, kg: Floats | float, day: date) -> Money:
    """An amount of rice in all measures, at the prices of a day, which move in straight lines between the dates known.

    Reads ``prices.rice``, ``prices.dollar`` and ``prices.household_month``.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters)
    >>> [round(float(x), 2) for x in shown(p, 4.0, date(2010, 1, 4))]
    [4.0, 22225.74, 2.2, 0.04]
    """
    rice = np.asarray(kg, dtype=float)
    won = rice * p.between("prices.rice", day)
    return Money(rice, won, won / p.between("prices.dollar", day), rice / p.number("prices.household_month"))
