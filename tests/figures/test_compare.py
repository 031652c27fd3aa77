"""What acts came to in two cases: legible whatever is known, and nothing added or left out."""

import numpy as np
import pytest

from greyspace.contract import STATES
from greyspace.figures.compare import Act, acts
from greyspace.figures.readings import Readings
from legible import legible

FULL = Readings((10.0, 20.0, 40.0), 15.0, (14.0, 16.0))
CASES = {
    "full": FULL,
    "seeds only": Readings(seeds=(1.0, 3.0)),
    "own only": Readings(own=-2.0),
    "nothing": Readings(),
    "zeros": Readings((0.0, 0.0), 0.0, (0.0,)),
}


def rows(readings, count):
    a, b = np.full(len(STATES), 125.0), np.eye(len(STATES))[-1] * 1000.0
    return [Act(f"an_act_{n}", a, b, (FULL, *[readings] * (len(STATES) - 1))) for n in range(count)]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("count", [1, 12])
def test_a_comparison_is_legible_whatever_is_known(case, count):
    figure = acts(rows(CASES[case], count), "history", "full-power", "Title", "Reads " * 60, "Foot")
    assert len(figure.axes) == 1 + len(STATES)
    legible(figure)


def test_all_thousand_intents_are_drawn_and_no_change_leaves_its_panel():
    figure = acts(rows(Readings((-300.0, 700.0)), 2), "a", "b", "Title", "", "Foot")
    bars = figure.axes[0].patches
    assert sum(bar.get_width() for bar in bars) == pytest.approx(2 * 2 * 1000.0)
    assert max(bar.get_x() + bar.get_width() for bar in bars) == pytest.approx(1000.0)
    for ax in figure.axes[2:]:
        low, high = ax.get_xlim()
        assert low == -high < -700.0
