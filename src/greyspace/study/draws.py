"""Draws from the ranges of the uncertain parameters, evenly spread (Latin hypercube), the same for every scenario."""

import numpy as np

from greyspace.evidence import ParameterSet, quantile, uncertain
from greyspace.evidence.parameters import Value

SEED = 20240520
"""Of the design alone; the seeds of runs are another matter."""


def latin(parameters: ParameterSet, n: int) -> list[dict[str, Value]]:
    """``n`` settings of all uncertain parameters, each range cut into ``n`` parts that are used once.

    >>> from greyspace.country import load_pack
    >>> len(latin(load_pack("toyland").parameters, 3))
    3
    """
    from SALib.sample.latin import sample

    ids = uncertain(parameters)
    problem = {"num_vars": len(ids), "names": ids, "bounds": [[0.0, 1.0]] * len(ids)}
    unit = np.clip(sample(problem, n, seed=SEED), 1e-9, 1.0 - 1e-9)
    return [{key: quantile(parameters[key], float(u)) for key, u in zip(ids, row, strict=True)} for row in unit]
