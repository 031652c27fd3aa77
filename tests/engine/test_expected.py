"""The expectation and the individuals are one process: on the same odds their counts differ by chance alone."""

from math import exp, lgamma, log

import numpy as np
import pytest

from greyspace.contract import STATES
from greyspace.engine import Expected, Individuals
from worlds import AXES, crowd, layout, odds

MONDAY = 16804
FALSE_ALARMS = 1e-6
"""Chance that any cell of a comparison is called different although the engines agree."""


def poisson_tail(count: float, mean: float) -> float:
    """Chance of a Poisson count at least as far out as ``count``, on its side, doubled."""
    count = round(count)
    up = count >= mean
    total, k = 0.0, count
    while True:
        term = exp(-mean + k * log(mean) - lgamma(k + 1))
        total += term
        k += 1 if up else -1
        if k < 0 or term < 1e-18 * max(total, 1e-300):
            return min(1.0, 2 * total)


def run_both(seed: int, news: bool, weeks: int = 10, units: int = 500):
    rng = np.random.default_rng(seed)
    lay, chances, people = layout(rng, news), odds(rng), crowd(rng, units)
    individuals = Individuals(people, lay, seed)
    start, _ = individuals.census(MONDAY, 4, AXES.statuses, 3)
    sizes = np.diff(people.first)
    unit_size = np.array([sizes[people.region == r].mean() for r in range(3)])
    expected = Expected(start, lay, unit_size)
    expected.renew(chances)
    counted = expectation = None
    for week in range(weeks):
        a = [x.astype(float) for x in individuals.advance(chances, MONDAY + 7 * week)]
        b = list(expected.advance())
        counted = a if counted is None else [x + y for x, y in zip(counted, a, strict=True)]
        expectation = b if expectation is None else [x + y for x, y in zip(expectation, b, strict=True)]
    expectation[2] = expected.contacts()
    counted.append(individuals.census(MONDAY + 7 * weeks - 1, 4, AXES.statuses, 3)[0].astype(float))
    expectation.append(expected.people())
    return counted, expectation


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engines_agree_on_the_same_odds(seed):
    """News off. All cells expected at least ten times; a contact met up to three times a step counts that much less."""
    counted, expectation = run_both(seed, news=False)
    cells = []
    for name, a, b in zip(("states", "modes", "outcomes", "held", "people"), counted, expectation, strict=True):
        spread = 3.0 if name == "outcomes" else 1.0
        well = b >= 10 * spread
        assert well.sum() >= 20 or name == "held"
        cells += [(name, x / spread, y / spread) for x, y in zip(a[well], b[well], strict=True)]
    worst = min((poisson_tail(x, y), name, x, y) for name, x, y in cells)
    assert worst[0] > FALSE_ALARMS / len(cells), worst
    # And the other way about: a tenth too many in one cell of many counts would be called different.
    most = max(y for _, _, y in cells)
    assert poisson_tail(most * 1.1, most) < FALSE_ALARMS / len(cells)


def test_expectation_loses_nobody():
    rng = np.random.default_rng(5)
    lay, chances = layout(rng), odds(rng, 0.3)
    people = rng.uniform(0, 50, (3, 4, AXES.statuses))
    engine = Expected(people, lay, np.array([90.0, 100.0, 110.0]))
    engine.renew(chances)
    for _ in range(30):
        tallies = engine.advance()
        assert np.allclose(tallies.states.sum(axis=1), tallies.modes.sum(axis=2))
    assert np.allclose(engine.people().sum(axis=2), people.sum(axis=2))
    assert engine.free.min() >= 0


def test_news_in_a_mean_field(record_property):
    """With news on the expectation treats units as alike; the gap this opens stays small and is reported."""
    counted, expectation = run_both(4, news=True)
    punished = STATES.index("punished")
    gap = expectation[0][..., punished].sum() / counted[0][..., punished].sum() - 1
    record_property("mean_field_gap", float(gap))
    assert abs(gap) < 0.05
