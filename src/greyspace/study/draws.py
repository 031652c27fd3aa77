"""Draws from the ranges of the uncertain parameters, evenly spread (Latin hypercube), the same for every scenario."""

from collections.abc import Collection

import numpy as np

from greyspace.evidence import ParameterSet, quantile, uncertain
from greyspace.evidence.parameters import Value

SEED = 20240520
"""Of the design alone; the seeds of runs are another matter."""


def latin(parameters: ParameterSet, n: int, read: Collection[str]) -> list[dict[str, Value]]:
    """``n`` settings of the uncertain parameters among ``read``, each range cut into ``n`` parts that are used once.

    A parameter that nothing reads is not drawn, so that adding one moves no draw of another.

    >>> from greyspace.country import load_pack
    >>> len(latin(load_pack("toyland").parameters, 3, ["devices.life_years"]))
    3
    """
    from SALib.sample.latin import sample

    ids = [key for key in uncertain(parameters) if key in read]
    problem = {"num_vars": len(ids), "names": ids, "bounds": [[0.0, 1.0]] * len(ids)}
    unit = np.clip(sample(problem, n, seed=SEED), 1e-9, 1.0 - 1e-9)
    return [{key: quantile(parameters[key], float(u)) for key, u in zip(ids, row, strict=True)} for row in unit]
