"""Fan charts: legible whatever they hold; bands lie around the median, luck stands apart from them."""

import numpy as np
import pytest

from greyspace.figures.fan import Panel, fans
from legible import legible

YEARS = tuple(range(2016, 2025))
FAN = np.linspace(1.0, 5.0, 5)[:, None] * np.linspace(1.0, 2.0, len(YEARS))


def drawn(count, years=YEARS, fan=True, luck=True):
    panels = [
        Panel(
            f"scenario-{n}" if n else "history",
            np.full(len(years), 2.0 + n),
            FAN[:, : len(years)] if fan else None,
            np.stack([np.full(len(years), 1.8), np.full(len(years), 2.2)]) if luck else None,
        )
        for n in range(count)
    ]
    return fans(panels, years, "of 1,000 journeys with a permit", "Innocent travellers", "Reads " * 40, "Foot " * 30)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize(("fan", "luck"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_fan_is_legible(count, fan, luck):
    legible(drawn(count, fan=fan, luck=luck))


def test_one_year_and_years_with_nothing_to_measure_are_drawn():
    legible(drawn(2, years=(2021,)))
    panel = Panel("no-gates", np.full(9, np.nan), np.full((5, 9), np.nan), None)
    legible(fans([panel], YEARS, "%", "Gates", "Reads", "Foot"))


def test_all_scenarios_have_one_scale_that_begins_at_nothing():
    figure = drawn(3)
    limits = {ax.get_ylim() for ax in figure.axes}
    assert len(limits) == 1
    assert limits.pop()[0] == 0.0
    assert figure.axes[0].get_ylabel() == "of 1,000 journeys with a permit"
