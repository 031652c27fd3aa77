"""Cameras in classrooms: one viewer, few reports, fewer consequences."""

import numpy as np
import pytest

from given import country
from greyspace.systems import school_cameras
from views import at, seen


def test_the_capital_has_most_cameras_and_the_countryside_hardly_any():
    view = seen(country("dprk"), hours=24.0)
    capital, town, fields = at(view, "pyongyang_urban", "south_hamgyong_urban", "south_hamgyong_rural")
    share = school_cameras.coverage(view)["pupils"]
    assert share[capital] > share[town] > share[fields] > 0


def test_a_report_takes_somebody_who_looks_and_a_consequence_takes_a_report():
    view = seen(country("dprk"))
    kept = school_cameras.routine(view)
    assert (kept["school"] > kept["school_report"]).all()
    assert (kept["school_report"] > kept["school_consequence"]).all()
    for link in ("attention", "misconduct", "report_chance"):
        without = school_cameras.routine(seen(country("dprk"), {f"school_cameras.{link}": 0.0}))
        assert (without["school_report"] == 0).all(), link
        assert np.allclose(without["school"], kept["school"]), link
    lenient = school_cameras.routine(seen(country("dprk"), {"school_cameras.consequence_share": 0.0}))
    assert (lenient["school_consequence"] == 0).all()


def test_twice_the_looking_is_twice_the_reports():
    once, twice = (
        school_cameras.routine(seen(country("dprk"), {"school_cameras.attention": share})) for share in (0.01, 0.02)
    )
    assert twice["school_report"] == pytest.approx(2 * once["school_report"])


def test_only_pupils_are_filmed_in_class():
    view = seen(country("dprk"), {"school_cameras.attendance": 1.0, "school_cameras.equipped_capital": 1.0}, hours=24.0)
    (capital,) = at(view, "pyongyang_urban")
    pupils = view.persons("pupil")[capital]
    assert school_cameras.routine(view)["school"][capital] == pytest.approx(pupils * 365.25 / 12)
