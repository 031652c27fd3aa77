"""Money: kilograms of rice in the model, shown in the country's own money, in dollars, and in months of needs."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.evidence import Parameters

Floats = NDArray[np.float64]


class Money(NamedTuple):
    """One amount in each measure, since rice itself grows scarce; arrays of any shape."""

    rice: Floats  # kg
    own: Floats  # the country's own money, at the market price of rice; `currency` says what it is called
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
    own = rice * p.between("prices.rice", day)
    return Money(rice, own, own / p.between("prices.dollar", day), rice / p.number("prices.household_month"))


def currency(pack: Pack) -> str:
    """What the country's own money is called: the price of rice is given in it.

    >>> from greyspace.country import load_pack
    >>> currency(load_pack("toyland"))
    'crown'
    """
    return pack.parameters["prices.rice"].unit.split()[0]
