"""The contract between world and engine: odds in, tallies out. Neither side knows more of the other."""

from greyspace.contract.axes import FINDINGS, FOUND, LIMITS, OUTCOMES, STATES, VERDICTS, WAYS_NOT_BEGUN, Axes
from greyspace.contract.checks import check_layout, check_odds
from greyspace.contract.odds import (
    DESTINATION,
    HOME,
    NOTHING,
    ONE,
    Crowd,
    Layout,
    Odds,
    Tallies,
    draw_count,
    new_tallies,
)
from greyspace.contract.thresholds import OddsError, chances, cumulative, day_sets, partial_sums, threshold

__all__ = [
    "DESTINATION",
    "FINDINGS",
    "FOUND",
    "HOME",
    "LIMITS",
    "NOTHING",
    "ONE",
    "OUTCOMES",
    "STATES",
    "VERDICTS",
    "WAYS_NOT_BEGUN",
    "Axes",
    "Crowd",
    "Layout",
    "Odds",
    "OddsError",
    "Tallies",
    "chances",
    "check_layout",
    "check_odds",
    "cumulative",
    "day_sets",
    "draw_count",
    "new_tallies",
    "partial_sums",
    "threshold",
]
