"""Cameras at work: whom they miss, whom they see, and who is left when they are dark."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.systems import workplace_cameras
from greyspace.systems.shape import add
from views import DARK, LIT, at, found, seen, supplied

ABSENCE, THEFT = "workplace_camera_absence", "workplace_camera_theft"


def administrators(view, notice):
    """Odds of an absence where administrators alone look."""
    table = view.empty()
    add(table, {"caught": notice, "passed": 1.0 - notice}, 0.0)
    return {"workplace_absence": table}


def test_without_power_the_administrators_are_left():
    pack = country("dprk")
    by_hand = administrators(seen(pack), 0.3)
    table = workplace_cameras.odds(seen(pack, published=by_hand))[ABSENCE]
    assert (table[:, :, DARK] == by_hand["workplace_absence"][:, :, DARK]).all()
    assert (found(table, "on_record")[..., LIT] > 0).all()


def test_a_camera_adds_to_what_administrators_notice_and_takes_nothing_from_it():
    pack = country("dprk")
    sets = {"workplace_cameras.detection_absence": 0.4, "workplace_cameras.access_control_share": 0.0}
    for notice in (0.0, 0.3, 1.0):
        by_hand = administrators(seen(pack), notice)
        table = workplace_cameras.odds(seen(pack, sets, published=by_hand))[ABSENCE][:, :, LIT]
        assert np.allclose(found(table, "passed"), 0.6 * (1.0 - notice))
        assert np.allclose(found(table, "caught"), 0.6 * notice)


def test_the_odds_of_the_administrators_are_left_as_they_are():
    by_hand = administrators(seen(country("dprk")), 0.3)
    before = by_hand["workplace_absence"].copy()
    workplace_cameras.odds(seen(country("dprk"), published=by_hand))
    assert (by_hand["workplace_absence"] == before).all()


def test_with_neither_cameras_nor_administrators_nobody_is_missed():
    table = workplace_cameras.odds(seen(country("dprk")))[ABSENCE]
    assert (found(table, "passed")[..., DARK] == 1).all()


@pytest.mark.parametrize(("entrances", "seen_absent"), [(0.0, 0.1), (0.5, 0.55), (1.0, 1.0)])
def test_an_entrance_that_opens_to_faces_knows_who_did_not_come(entrances, seen_absent):
    sets = {
        "workplace_cameras.detection_absence": 0.1,
        "workplace_cameras.access_control_share": entrances,
    }
    table = workplace_cameras.odds(seen(country("dprk"), sets))[ABSENCE]
    assert np.allclose(found(table, "on_record")[..., LIT], seen_absent)


def test_where_every_workplace_is_in_view_only_the_fields_are_not():
    everywhere = {"workplace_cameras.covered_industry": 1.0, "workplace_cameras.covered_office": 1.0}
    view = seen(country("dprk"), everywhere)
    share = workplace_cameras.met(view)[ABSENCE]
    towns, fields = at(view, "pyongyang_urban", "south_hwanghae_rural")
    assert share[towns] > 0.9
    assert 0.0 < share[fields] < share[towns]
    no_fields = tuple(replace(row, rate=0.0) if row.role == "farmer" else row for row in view.country.acts)
    without = replace(view, country=replace(view.country, acts=no_fields))
    assert workplace_cameras.met(without)[ABSENCE] == pytest.approx(np.ones(view.places))


def test_a_theft_is_seen_only_at_work_and_while_the_workplace_has_power():
    sets = {
        "workplace_cameras.covered_industry": 1.0,
        "workplace_cameras.covered_office": 1.0,
        "workplace_cameras.theft_at_work": 0.5,
    }
    view = seen(country("dprk"), sets)
    share = workplace_cameras.met(view)[THEFT]
    assert (share > 0).all()
    assert (share <= 0.5 * supplied(view, "industry") + 1e-12).all()
    elsewhere = seen(country("dprk"), {**sets, "workplace_cameras.theft_at_work": 0.0})
    assert (workplace_cameras.met(elsewhere)[THEFT] == 0).all()
    assert (workplace_cameras.met(seen(country("dprk"), sets, hours=0.0))[THEFT] == 0).all()


def test_more_were_filmed_at_work_each_year_since_the_factories_of_2023():
    filmed = [
        workplace_cameras.routine(seen(country("dprk"), day=date(year, 7, 1), hours=12.0))["workplace"].sum()
        for year in (2016, 2022, 2024)
    ]
    assert 0 <= filmed[0] < filmed[1] < filmed[2]
    assert filmed[2] > 2 * filmed[1]
