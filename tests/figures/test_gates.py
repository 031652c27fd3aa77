"""Gates in order by week, and what their time was lost to."""

from datetime import date, timedelta

import numpy as np
import pytest

from greyspace.figures.gates import Bar, Count, Lifted, Sighting, causes, working
from greyspace.figures.readings import Readings
from legible import legible

PARTS = {
    "live": "did its work",
    "no_power": "no power",
    "not_linked": "no link",
    "in_repair": "in repair",
    "waiting_for_spare": "waiting for a spare part",
}


def weeks(number):
    return [date(2021, 4, 19) + timedelta(weeks=i) for i in range(number)]


def count(name, number, installed=5.0, sighting=None):
    rows = np.maximum(0.0, installed - np.arange(number) // 7 - np.arange(3)[:, None])
    return Count(name, rows, np.full((3, number), installed), rows[:1], sighting)


SEEN = Sighting(date(2021, 8, 1), 3.0, True, "seen in August 2021: at least 3 in operation; fitted to, not predicted")


def test_each_group_has_a_panel_with_its_name_and_unit():
    border = np.repeat([0.1, 0.8], 30)
    figure = working([count("North", 60, 5, SEEN), count("South", 60)], weeks(60), border, "Title", "Reads", "Foot")
    strip, north, south = figure.axes
    assert [north.get_title(loc="left"), south.get_title(loc="left")] == ["North", "South"]
    assert north.get_ylabel() == south.get_ylabel() == "gates"
    assert south.get_xlabel().startswith("date")
    assert {text.get_text() for text in strip.texts} == {"10%", "80%"}
    legible(figure)


def test_what_was_seen_is_marked_on_its_day_and_called_fitted():
    figure = working([count("North", 60, 5, SEEN)], weeks(60), np.ones(60), "Title", "Reads", "Foot")
    assert any("fitted to, not predicted" in text.get_text() for text in figure.axes[1].texts)


def test_more_seen_than_ever_installed_still_lies_in_the_panel():
    seen = Sighting(date(2021, 8, 1), 9.0, True, "seen")
    _strip, ax = working([count("North", 60, 2, seen)], weeks(60), np.ones(60), "Title", "Reads", "Foot").axes
    assert ax.get_ylim()[1] > 9


@pytest.mark.parametrize("number", [1, 5, 520])
def test_short_and_long_times_are_legible(number):
    legible(working([count("North", number)], weeks(number), np.ones(number), "Title", "Reads", "Foot"))


def test_no_gate_at_all_is_an_empty_panel_with_zero_on_its_axis():
    _strip, ax = working([count("North", 60, 0)], weeks(60), np.ones(60), "Title", "Reads", "Foot").axes
    low, high = ax.get_ylim()
    assert low < 0 < 1 <= high


def bars():
    shares = dict(zip(PARTS, (0.1, 0.05, 0.2, 0.15, 0.5), strict=True))
    return [Bar(group, case, shares) for group in ("North", "South") for case in ("over draws", "at the pack's values")]


def test_parts_of_a_bar_add_up_and_are_written_in():
    limits = [
        Lifted("limits as they are", Readings((0.1, 0.2, 0.3))),
        Lifted("gain: electricity", Readings((-0.02, 0.2, 0.3)), gain=True),
    ]
    figure = causes(bars(), PARTS, limits, "Title", "Reads", "Foot")
    left, right = figure.axes
    assert [text.get_text() for text in left.texts][:5] == ["10", "5", "20", "15", "50"]
    assert "%" in left.get_xlabel()
    assert "%" in right.get_xlabel()
    # A gain may be negative: nothing of it is cut off.
    assert right.get_xlim()[0] < -0.02
    assert right.texts[1].get_text().startswith("+20")
    legible(figure)
