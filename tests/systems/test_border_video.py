"""Cameras along the border: when they run, and who chooses his hour."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import country
from greyspace.systems import border_video
from views import border, found, seen

SHARES = st.floats(0.0, 1.0)
CAMERA = "border_camera_smuggling"


def met(hours, shift, covered=1.0):
    """Chance that a smuggler passes a camera that runs."""
    sets = {
        "border_video.hours": hours,
        "border_video.shift": shift,
        "border_video.covered": covered,
        "border_video.covered_factor": 1.0,
    }
    return float(border_video.met(seen(country("dprk"), sets))[CAMERA].max())


@pytest.mark.parametrize("name", ["dprk", "toyland"])
def test_the_cameras_stand_at_the_border_only(name):
    view = seen(country(name))
    for share in border_video.met(view).values():
        assert (share[border(view)] > 0).all()
        assert (share[~border(view)] == 0).all()
    assert (np.isfinite(border_video.coverage(view)["border"]) == border(view)).all()


def test_a_camera_without_power_is_met_by_nobody_and_one_that_always_runs_by_all_whatever_they_know():
    for shift in (0.0, 0.5, 0.95):
        assert met(0.0, shift) == 0.0
        assert met(24.0, shift) == 1.0


def test_who_does_not_choose_meets_it_as_often_as_it_runs():
    assert met(6.0, 0.0) == pytest.approx(0.25)
    assert met(6.0, 0.0, covered=0.5) == pytest.approx(0.125)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 24.0), st.floats(0.0, 24.0), SHARES, SHARES)
def test_more_hours_mean_more_who_are_met_and_more_who_choose_mean_fewer(hours, more, shift, other):
    assert met(max(hours, more), shift) >= met(min(hours, more), shift) - 1e-12
    assert met(hours, max(shift, other)) <= met(hours, min(shift, other)) + 1e-12


def test_the_lever_of_power_lights_the_border_too():
    dark = {"border_video.hours": 2.0, "border_video.shift": 0.5, "border_video.covered": 1.0}
    lit = border_video.met(seen(country("dprk"), {**dark, "power.least_hours": 24.0}))[CAMERA]
    assert lit.max() == pytest.approx(1.0)


def test_who_passes_a_camera_that_runs_is_on_video_whether_or_not_anybody_looks():
    for detection in (0.0, 0.4, 1.0):
        table = border_video.odds(seen(country("dprk"), {"border_video.detection": detection}))[CAMERA]
        assert np.allclose(found(table, "on_record"), detection)
        assert np.allclose(found(table, "on_record", "passed", recorded=True), 1.0)


def test_before_2019_a_camera_was_a_rare_thing():
    early, late = (border_video.met(seen(country("dprk"), day=date(y, 7, 1)))[CAMERA].max() for y in (2010, 2023))
    assert 10 * early < late
