"""What travellers met, in numbers that may be rare, absent or all zero."""

import pytest

from greyspace.figures.readings import Readings
from greyspace.figures.travellers import Act, Block, Column, Papers, Row, differences, entrances
from legible import legible

FULL = Readings((10.0, 20.0, 40.0), 15.0, (14.0, 16.0))
CASES = {
    "full": FULL,
    "seeds only": Readings(seeds=(1.0, 3.0)),
    "own only": Readings(own=2.0),
    "nothing": Readings(),
    "zeros": Readings((0.0, 0.0), 0.0, (0.0,)),
    "large": Readings((-99999.0, 123456.0)),
}


def papers(readings):
    return [
        Papers(
            f"Travellers {with_or_without} a permit",
            ("a working gate\n(5% of inspections)", "an officer alone\n(no inspections)"),
            tuple(Column(name, (FULL, readings), 1000.0) for name in ("passed", "turned back", "had to pay")),
        )
        for with_or_without in ("with", "without")
    ]


@pytest.mark.parametrize("case", CASES)
def test_entrances_are_legible_whatever_is_known(case):
    figure = entrances(papers(CASES[case]), "Title", "Reads", "Foot")
    axes = [ax for ax in figure.axes if ax.axison]
    assert all(ax.get_xlabel() == "per 1,000 inspections" for ax in axes)
    assert [ax.get_title(loc="left") for ax in axes[:3]] == ["passed", "turned back", "had to pay"]
    legible(figure)


def test_an_axis_of_outcomes_starts_at_zero_and_holds_its_top():
    for ax in (ax for ax in entrances(papers(FULL), "Title", "Reads", "Foot").axes if ax.axison):
        low, high = ax.get_xlim()
        assert low <= 0
        assert high >= 1000


def acts(*readings):
    rows = tuple(Row(f"state {i}", each, assumed=i == 1) for i, each in enumerate(readings))
    return [Act(name, "change per 1,000 journeys", (Block("Some", rows), Block("Others", rows))) for name in ("A", "B")]


@pytest.mark.parametrize("case", CASES)
def test_differences_are_legible_whatever_is_known(case):
    figure = differences(acts(FULL, CASES[case]), "Title", "Reads", "Foot")
    for ax in figure.axes:
        low, high = ax.get_xlim()
        assert low < 0 < high, "the zero line is in every panel"
    assert figure.axes[-1].get_xlabel() == "change per 1,000 journeys"
    legible(figure)


def test_a_change_has_its_sign():
    figure = differences(acts(Readings((-3.0, -2.0, -1.0)), Readings((1.0, 2.0, 3.0))), "Title", "Reads", "Foot")
    said = [text.get_text() for text in figure.axes[0].texts]
    assert said[0].startswith("−2.0 [−2.8")
    assert said[1].startswith("+2.0 [+1.2")
