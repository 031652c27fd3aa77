"""Maps, parts of a difference, signposts, grey space and penalties: legible whatever they hold."""

import numpy as np
import pytest

from greyspace.contract import STATES
from greyspace.contract.axes import PUNISHED
from greyspace.figures import attribution, detained, grey, maps, signposts
from greyspace.figures.readings import Readings
from legible import legible

HOURS = maps.Side("least hours of supply a day that every use in every region gets", "hours a day", "power.least_hours",
                  np.linspace(0.0, 24.0, 5), False)  # fmt: skip
PAY = maps.Side(
    "what officers' pay is multiplied by", "times", "bribery.wage_factor", np.geomspace(1.0, 100.0, 4), True
)
SLOPE = np.linspace(-3.0, 5.0, 20).reshape(4, 5)


def chart(*panels, own=(0.0, 1.0)):
    return maps.maps(panels, HOURS, PAY, own, "Title", "Reads " * 30, "Foot " * 20)


@pytest.mark.parametrize("about", [None, 0.0, 99.0])
@pytest.mark.parametrize(
    "values", [SLOPE, np.full((4, 5), 2.0), np.full((4, 5), np.nan), np.where(SLOPE > 2.0, np.nan, SLOPE), -SLOPE - 9.0]
)
def test_a_map_is_legible_whatever_it_holds(values, about):
    legible(chart(maps.Panel("history", "of 1,000", values, about)))


def test_the_line_is_drawn_where_it_breaks_even_alone():
    def thick(figure):
        return [
            c
            for c in figure.axes[-2].collections + figure.axes[0].collections
            if 2.6 in np.atleast_1d(c.get_linewidth())
        ]

    assert thick(chart(maps.Panel("a", "unit", SLOPE, 0.0)))
    assert not thick(chart(maps.Panel("a", "unit", SLOPE, 9.0)))
    assert not thick(chart(maps.Panel("a", "unit", SLOPE)))


def test_maps_side_by_side_share_their_shades_but_for_the_difference():
    figure = chart(maps.Panel("a", "u", SLOPE), maps.Panel("b", "u", SLOPE + 1.0), maps.Panel("a - b", "u", SLOPE, 0.0))
    legible(figure)
    norms = [ax.collections[0].norm for ax in figure.axes[:3]]
    assert (norms[0].vmin, norms[0].vmax) == (norms[1].vmin, norms[1].vmax) == (-3.0, 6.0)
    assert norms[2].vmin == -norms[2].vmax


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("draws", [(), (1.0, 2.0, 9.0)])
def test_parts_of_a_difference_are_legible(count, draws):
    rows = [
        attribution.Row(name, Readings(draws, 5.0 - 3 * n), Readings(own=0.1), Readings(own=9.0))
        for n, name in enumerate(["cameras, registers, phones and cards", "electricity", "a", "b", "c"][:count])
    ]
    panel = attribution.Panel(
        "journey without permit: punished", "of 1,000 begun", 12.0, Readings(own=4.0), tuple(rows)
    )
    legible(attribution.attribution([panel] * count, "Title", "Reads " * 30, "Foot"))


def test_signposts_say_their_years_and_what_never_differs_stays_white():
    cells = (signposts.Cell(2025, True, True, False), signposts.Cell(2034, False, False, False))
    cells += (signposts.Cell(None, False, False, False), signposts.Cell(None, False, False, True))
    rows = [signposts.Row(f"what can be seen {n} (by somebody)", cells) for n in range(12)]
    names = ["analysts", "full-network-4g", "national-register-complete", "imports-stop"]
    figure = signposts.signposts(rows, names, (2024, 2034), "Title", "Reads " * 20, "Foot")
    legible(figure)
    assert [text.get_text() for text in figure.axes[0].texts[:3]] == ["↑ 2025", "↓ 2034*", "–"]


@pytest.mark.parametrize(("cases", "scenarios"), [(1, 1), (9, 1), (4, 2), (9, 3)])
def test_grey_space_is_legible_and_its_bars_are_whole(cases, scenarios):
    bars = [
        grey.Bar(f"case {c}", f"s{s}" if scenarios > 1 else "", 10.0**c, (20.0,) * 5, (10.0, 5.0, 1.0))
        for c in range(cases)
        for s in range(scenarios)
    ]
    panels = [grey.Panel(f"act {n}", tuple(bars)) for n in range(4)]
    ended, not_begun = STATES[PUNISHED:][::-1], STATES[:PUNISHED]
    figure = grey.grey(panels, ended, not_begun, "Title", "Reads " * 40, "Foot")
    legible(figure)
    assert sum(bar.get_width() for bar in figure.axes[0].patches) == pytest.approx(100.0 * len(bars))


def test_penalties_are_legible_with_one_year_and_with_many():
    for years in ([2021], list(range(2016, 2036))):
        lines = tuple(
            detained.Line(name, years, [1e6] * len(years), [2e4] * len(years)) for name in ("history", "no-gates")
        )
        panels = [detained.Panel("fined and let go", 0.0, lines), detained.Panel("sent to a camp", 1095.0, lines)]
        legible(detained.detained([*panels, detained.Panel("killed", None, lines)], "Title", "Reads", "Foot"))
