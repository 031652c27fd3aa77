"""Maps of what watching and paying officers comes to."""

import numpy as np
import pytest

from greyspace.figures.posts import Axis, Surface, grid
from legible import legible

PAY = Axis(np.logspace(0, 3, 8), "pay", (1, 10, 100, 1000), ("1", "10", "100", "1,000"))
SEEN = Axis(np.logspace(-4, -1, 9), "chance", (1e-4, 1e-3, 1e-2, 0.1), ("0.01%", "0.1%", "1%", "10%"))


def drawn(values, own=(0.01, 1.0, "own"), few=1.0, of_some=True):
    surfaces = [Surface(name, "unit", values, (1, 2, 4, 6), "{:g}%", of_some) for name in ("One", "Two", "Three")]
    rare = (np.broadcast_to(few, values.shape), "nobody")
    return grid(surfaces, ["with", "without"], PAY, SEEN, own, rare, "Title", "Reads", "Foot")


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


@pytest.mark.parametrize(("value", "words"), [(np.nan, []), (0.0, ["0% everywhere"]), (99.0, ["99% everywhere"])])
def test_an_even_map_says_its_value_and_an_empty_one_nothing(value, words):
    figure = drawn(np.full((2, 8, 9), value))
    legible(figure)
    assert [text.get_text() for text in figure.axes[0].texts] == words


def test_a_map_between_two_levels_says_from_where_to_where():
    figure = drawn(2.5 + slope() / 10)
    assert [text.get_text() for text in figure.axes[0].texts] == ["2.5% to 3.3%"]


def test_what_is_of_hardly_anybody_is_covered_and_says_nothing():
    # Fewer and fewer upwards: nothing is said of the upper half, where levels 4 and 6 lie.
    few = 3.5 - slope()
    covered, whole = drawn(slope(), few=few), drawn(slope(), few=few, of_some=False)
    legible(covered)
    assert {text.get_text() for text in covered.axes[0].texts} == {"1%", "2%"}
    assert {"4%", "6%"} <= {text.get_text() for text in whole.axes[0].texts}
    even = drawn(np.where(slope() < 3.0, 0.5, 99.0), few=2.0 - slope())
    assert [text.get_text() for text in even.axes[0].texts] == ["0.5% everywhere"]


def test_holes_are_left_open():
    values = slope()
    values[:, 5:] = np.nan
    legible(drawn(values))


def test_values_beyond_the_axes_have_no_mark():
    assert len(drawn(slope()).axes[0].lines) == 1
    assert not drawn(slope(), (0.5, 1.0, "own")).axes[0].lines
