"""Draws from the ranges of the uncertain parameters, evenly spread (Latin hypercube), the same for every scenario."""

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np

from greyspace.evidence import ParameterSet, quantile, uncertain
from greyspace.evidence.parameters import Value
from greyspace.evidence.resolve import Setting

SEED = 20240520
"""Of the design alone; the seeds of runs are another matter."""


def latin(parameters: ParameterSet, n: int, read: Collection[str]) -> list[dict[str, Value]]:
    """``n`` settings of the uncertain parameters among ``read``, each range cut into ``n`` parts that are used once.

    A parameter that nothing reads is not drawn, so that adding one moves no draw of another. A calibrated pack has
    settings that belong together: a draw takes one of them whole, and the rest from their ranges.

    >>> from greyspace.country import load_pack
    >>> len(latin(load_pack("toyland").parameters, 3, ["devices.life_years"]))
    3
    """
    from SALib.sample.latin import sample

    ids = [key for key in uncertain(parameters) if key in read]
    problem = {"num_vars": len(ids), "names": ids, "bounds": [[0.0, 1.0]] * len(ids)}
    unit = np.clip(sample(problem, n, seed=SEED), 1e-9, 1.0 - 1e-9)
    found = [{key: quantile(parameters[key], float(u)) for key, u in zip(ids, row, strict=True)} for row in unit]
    if parameters.joint:
        places = sample({"num_vars": 1, "names": ["joint"], "bounds": [[0.0, 1.0]]}, n, seed=SEED)[:, 0]
        for drawn, place in zip(found, places, strict=True):
            together = parameters.joint[min(int(place * len(parameters.joint)), len(parameters.joint) - 1)]
            drawn.update({key: value for key, value in together.items() if key in drawn})
    return found


def told_over(usual: Mapping[str, Setting], told: Mapping[str, Setting]) -> dict[str, Setting]:
    """``usual`` settings, such as a draw, with others told over them: what is told from a date on is usual until then.

    >>> told_over({"a.b": 2.0, "a.c": 3.0}, {"a.b": {date(2023, 1, 30): 5.0}, "a.c": 4.0})
    {'a.b': {datetime.date(1, 1, 1): 2.0, datetime.date(2023, 1, 30): 5.0}, 'a.c': 4.0}
    """
    found = dict(usual)
    for key, setting in told.items():
        before = usual.get(key)
        if isinstance(setting, Mapping) and isinstance(before, int | float):
            setting = {date.min: float(before), **setting}
        found[key] = setting
    return found
