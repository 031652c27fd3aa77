"""What would change a conclusion: the uncertain parameters with which a number goes up and down over draws.

Rank correlation over the draws that a range is made of. With many parameters and few draws some go along by chance:
how far the strongest of as many would go is said beside them.
"""

from collections.abc import Collection, Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from greyspace.evidence import ParameterSet
from greyspace.evidence.parameters import Value
from greyspace.simulate import Plan
from greyspace.study.draws import latin

Floats = NDArray[np.float64]

MOST = 10
"""Parameters that are told of for each number, the strongest first."""

_CHANCE = 0.05
"""How often the strongest of all would go further by chance alone."""

SCHEMA = {
    **dict.fromkeys(("scenario", "act", "state", "parameter"), pl.String),
    **dict.fromkeys(("correlation", "by_chance"), pl.Float64),
    "beyond_chance": pl.Boolean,
    **dict.fromkeys(("known", "grade", "description"), pl.String),
}


def moved(plans: Sequence[Plan], draws: int, read: Collection[str]) -> dict[str, Floats]:
    """Ranks of each uncertain parameter over the draws of these plans; those that a scenario or the user set are left
    out, as no draw moves them. A word counts by its place in the order of the words allowed.
    """
    pack = plans[0].pack
    drawn = latin(pack.parameters, draws, read) if draws else []
    fixed = {key for plan in plans for key in (*plan.scenario.sets(), *plan.sets)}
    found = {}
    for key in drawn[0] if drawn else ():
        if key not in fixed:
            values = [_number(pack.parameters, key, setting) for setting in drawn]
            if len(set(values)) > 1:
                found[key] = ranks(values)
    return found


def _number(parameters: ParameterSet, key: str, setting: Mapping[str, Value]) -> float:
    value = setting[key]
    return float((parameters[key].options or ()).index(value)) if isinstance(value, str) else float(value)


def ranks(values: Sequence[float]) -> Floats:
    """Ranks from 0, those that are equal with the mean of theirs.

    >>> ranks([3.0, 1.0, 3.0]).tolist()
    [1.5, 0.0, 1.5]
    """
    of = np.asarray(values, dtype=np.float64)
    below = (of[:, None] > of[None, :]).sum(axis=1)
    same = (of[:, None] == of[None, :]).sum(axis=1)
    return np.asarray(below + (same - 1) / 2.0)


def by_chance(draws: int, parameters: int) -> float:
    """How far the strongest of so many rank correlations goes by chance, once in twenty times, at most 1.

    >>> round(by_chance(16, 200), 1), round(by_chance(400, 200), 1)
    (0.9, 0.2)
    """
    if draws < 3 or parameters < 1:
        return 1.0
    return min(NormalDist().inv_cdf(1.0 - _CHANCE / (2.0 * parameters)) / float(np.sqrt(draws - 1.0)), 1.0)


def strongest(parameters: ParameterSet, moved: Mapping[str, Floats], numbers: Sequence[float]) -> list[tuple[Any, ...]]:
    """Rows of the table for one number over draws, from ``parameter`` on; none where it never changes."""
    of = ranks(numbers)
    if len(set(of.tolist())) < 2:
        return []
    limit = by_chance(len(numbers), len(moved))
    found = [(key, float(np.corrcoef(rank, of)[0, 1])) for key, rank in moved.items()]
    found.sort(key=lambda item: (-abs(item[1]), item[0]))
    rows = []
    for key, rho in found[:MOST]:
        known = parameters[key]
        grade = ", ".join(dict.fromkeys(each.grade for each in known.evidence))
        rows.append((key, rho, limit, abs(rho) > limit, known.grounds, grade, known.description))
    return rows


def table(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """The rows as a frame: scenario, act, state, then as :func:`strongest` gives them."""
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def say(frame: pl.DataFrame, draws: int) -> str:
    """In a sentence, which parameters stand out, or that none does."""
    sure = frame.filter("beyond_chance")
    if frame.is_empty():
        return ""
    if sure.is_empty():
        return (
            f"Which parameters these changes hang on cannot be said from {draws} draws: none goes along with a change "
            "further than the strongest of so many would by chance. More --draws tell."
        )
    first = sure.sort(pl.col("correlation").abs(), descending=True).unique(
        "parameter", keep="first", maintain_order=True
    )
    named = ", ".join(
        f"{row['parameter']} ({row['known']}{', ' + row['grade'] if row['grade'] else ''}; "
        f"{row['act'].replace('_', ' ')}, {row['state'].replace('_', ' ')}: {row['correlation']:+.2f})"
        for row in first.head(5).iter_rows(named=True)
    )
    return f"What would change this, by rank correlation over {draws} draws: {named}."
