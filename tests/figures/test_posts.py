"""Maps of what watching and paying officers comes to."""

import numpy as np
import pytest

from greyspace.figures.posts import Axis, Surface, grid
from legible import legible

PAY = Axis(np.logspace(0, 3, 8), "pay", (1, 10, 100, 1000), ("1", "10", "100", "1,000"))
SEEN = Axis(np.logspace(-4, -1, 9), "chance", (1e-4, 1e-3, 1e-2, 0.1), ("0.01%", "0.1%", "1%", "10%"))


def drawn(values, own=(0.01, 1.0, "own")):
    surfaces = [Surface(name, "unit", values, (1, 2, 4, 6), "{:g}%") for name in ("One", "Two", "Three")]
    return grid(surfaces, ["with", "without"], PAY, SEEN, own, "nobody", "Title", "Reads", "Foot")


def slope():
    return np.broadcast_to(np.linspace(0, 8, 8)[:, None], (2, 8, 9)).copy()


def test_rows_are_cases_and_columns_are_quantities():
    figure = drawn(slope())
    legible(figure)
    maps = figure.axes[:6]
    assert [ax.get_title(loc="left") for ax in maps[:3]] == ["One", "Two", "Three"]
    assert [maps[0].get_ylabel(), maps[3].get_ylabel()] == ["with\npay", "without\npay"]
    assert {text.get_text() for text in maps[0].texts} <= {"1%", "2%", "4%", "6%"}
    assert maps[0].texts


@pytest.mark.parametrize("value", [np.nan, 0.0, 3.0, 99.0])
def test_an_even_or_empty_map_is_drawn_too(value):
    legible(drawn(np.full((2, 8, 9), value)))


def test_holes_are_left_open():
    values = slope()
    values[:, 5:] = np.nan
    legible(drawn(values))


def test_values_beyond_the_axes_have_no_mark():
    assert len(drawn(slope()).axes[0].lines) == 1
    assert not drawn(slope(), (0.5, 1.0, "own")).axes[0].lines
