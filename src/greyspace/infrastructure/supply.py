"""Spare parts come from abroad: how far the border is open to freight, and how many parts that lets in."""

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure.weeks import by_week, dates

_YEAR = 365.25


def border(pack: Pack, weeks: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far the border is open to freight in each week: 0 shut, 1 open; from the pack's events."""
    return pack.events_over("border_open", weeks)


def arriving(p: Parameters, weeks: NDArray[np.int64], opened: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spare parts that reach the store in each week: shape (week,), in parts; a part may come in instalments.

    The lever ``supply.ignores_border`` at 1 lets parts in as if the border were open.
    """
    days = dates(weeks)
    through = np.maximum(opened, by_week(p, "supply.ignores_border", days))
    return np.asarray(by_week(p, "devices.spares_per_year", days) * through * 7.0 / _YEAR)
