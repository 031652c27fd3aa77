"""Dates as the numbers that infrastructure counts in."""

from datetime import date

import numpy as np


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def mondays(first: str, last: str) -> np.ndarray:
    """Every seventh day from first to last."""
    return np.arange(day(first), day(last) + 1, 7)
