"""The hours of the day for which cameras along the border have power, whomever they are turned on.

Fences and posts have a supply of their own, apart from that of towns. The lever ``power.least_hours`` lifts it too.

Parameters: border_video.hours, hours_factor.
"""

from datetime import date

from greyspace.evidence import Parameters

_DAY = 24.0


def lit(p: Parameters, day: date) -> float:
    """Share of the hours of a day."""
    hours = p.number("border_video.hours", day) * p.number("border_video.hours_factor")
    return min(max(hours, p.number("power.least_hours", day)), _DAY) / _DAY
