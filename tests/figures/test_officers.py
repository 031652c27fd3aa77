"""Officers in numbers that may be rare, absent or all zero."""

import pytest

from greyspace.figures.officers import Panel, panels
from greyspace.figures.readings import Readings
from legible import legible

FULL = Readings((10.0, 20.0, 40.0), 15.0, (14.0, 16.0))
CASES = {
    "full": FULL,
    "seeds only": Readings(seeds=(1.0, 3.0)),
    "own only": Readings(own=2.0),
    "nothing": Readings(),
    "zeros": Readings((0.0, 0.0), 0.0, (0.0,)),
    "large": Readings((-99999.0, 123456.0)),
    "small": Readings((-0.01, 0.02)),
}


def drawn(readings):
    here = [Panel(name, "kg", (("a gate", FULL), ("an officer\nalone", readings))) for name in ("One", "Two", "Three")]
    change = [Panel(name, "per 1,000", (("all", readings),), change=True) for name in ("Four", "Five", "Six")]
    return panels([("Under one", here), ("Against the other", change)], "Title", "Reads", "Foot")


@pytest.mark.parametrize("case", CASES)
def test_panels_are_legible_whatever_is_known_and_hold_zero(case):
    figure = drawn(CASES[case])
    legible(figure)
    axes = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title(loc="left") for ax in axes] == ["One", "Two", "Three", "Four", "Five", "Six"]
    for ax in axes:
        low, high = ax.get_xlim()
        assert low < 0 < high


def test_a_change_has_its_sign_and_an_amount_has_none():
    axes = [ax for ax in drawn(Readings((1.0, 2.0, 3.0))).axes if ax.axison]
    assert [text.get_text() for text in axes[0].texts] == ["20.0 [12.0 to 36.0]", "2.0 [1.2 to 2.8]"]
    assert [text.get_text() for text in axes[3].texts] == ["+2.0 [+1.2 to +2.8]"]
