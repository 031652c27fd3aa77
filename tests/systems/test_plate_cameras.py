"""Cameras that read plates: where, since when, by what light."""

from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.systems import plate_cameras
from views import DARK, LIT, at, found, seen

JUNCTION = "junction_traffic_offence"
APPROACHES = ("approach_permit", "approach_none")
CLEAR = {
    "plate_cameras.bad_weather_winter": 0.0,
    "plate_cameras.bad_weather_summer": 0.0,
    "plate_cameras.night_share": 0.0,
}


def test_junctions_came_in_2016_and_the_roads_into_the_capital_in_2021():
    met = {year: plate_cameras.met(seen(country("dprk"), day=date(year, 1, 4))) for year in (2009, 2018, 2020, 2022)}
    towns = at(seen(country("dprk")), "pyongyang_urban")[0]
    junctions = [met[year][JUNCTION][towns] for year in (2009, 2018, 2020, 2022)]
    assert junctions[0] < junctions[1] < junctions[2] < junctions[3]
    assert met[2022]["approach_none"].max() > 0.4
    assert met[2022]["approach_none"].max() > 2.5 * met[2020]["approach_none"].max()


def test_junctions_stand_in_towns_and_most_in_the_capital():
    view = seen(country("dprk"))
    capital, town, fields = at(view, "pyongyang_urban", "south_hamgyong_urban", "pyongyang_rural")
    share = plate_cameras.met(view)[JUNCTION]
    assert share[capital] > share[town] > share[fields] == 0.0


def test_who_has_no_plate_cannot_be_read():
    view = seen(country("dprk"), {"plate_cameras.vehicle_share": 0.0})
    assert (plate_cameras.met(view)[JUNCTION] == 0).all()


@pytest.mark.parametrize("contact", [JUNCTION, *APPROACHES])
def test_without_power_a_camera_sees_nothing(contact):
    table = plate_cameras.odds(seen(country("dprk")))[contact]
    assert (found(table, "passed", recorded=False)[..., DARK] == 1).all()
    assert (found(table, "passed", recorded=False)[..., LIT] < 1).all()


def test_over_the_roads_into_the_capital_everybody_passes_and_what_is_read_is_kept():
    view = seen(country("dprk"))
    for contact in APPROACHES:
        table = plate_cameras.odds(view)[contact]
        assert np.allclose(found(table, "passed"), 1.0)
        assert np.allclose(found(table, "passed", recorded=True)[..., LIT], plate_cameras.read_rate(view))


def test_of_offences_read_some_lead_to_a_fine_and_all_are_kept():
    for share in (0.0, 0.3, 1.0):
        view = seen(country("dprk"), {"plate_cameras.fine_share": share})
        table, read = plate_cameras.odds(view)[JUNCTION][:, :, LIT], plate_cameras.read_rate(view)
        assert np.allclose(found(table, "on_record"), read * share)
        assert np.allclose(found(table, "on_record", "passed", recorded=True), read)


def test_a_plate_is_read_best_by_day_in_clear_weather():
    clear = plate_cameras.read_rate(seen(country("dprk"), CLEAR))
    assert clear == pytest.approx(country("dprk").parameters["plate_cameras.read_rate_day"].value)
    night = plate_cameras.read_rate(seen(country("dprk"), {**CLEAR, "plate_cameras.night_share": 1.0}))
    rain = plate_cameras.read_rate(seen(country("dprk"), {**CLEAR, "plate_cameras.bad_weather_winter": 1.0}))
    p = country("dprk").parameters
    assert night == pytest.approx(clear * p["plate_cameras.read_rate_night_factor"].value)
    assert rain == pytest.approx(clear * p["plate_cameras.read_rate_weather_factor"].value)


def test_the_rains_of_summer_hide_more_plates_than_the_snow_of_winter():
    winter, spring, summer = (
        plate_cameras.read_rate(seen(country("dprk"), day=date(2023, month, 2))) for month in (1, 4, 7)
    )
    assert summer < spring < winter
    assert spring == pytest.approx((winter + summer) / 2)
