"""Cameras turned on officers: how much of what they do is seen, and with which devices."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, odds_of, practice, with_gates_live, world
from greyspace.contract import FOUND
from greyspace.infrastructure import RAIL, WAITING, WORKING
from greyspace.simulate import plan
from greyspace.simulate.world import day_of
from greyspace.society.papers import FALSE
from greyspace.systems import enforcer_cameras, gate_programme

WHERE = ("station", "train", "road", "market", "office", "border")
KINDS = ("station", "train", "road", "market", "neighbourhood", "security", "border")
COVERED = {f"enforcer_cameras.covered_{where}": 0.4 for where in WHERE}
NOWHERE = dict.fromkeys(COVERED, 0.0)
DARK, LIT = 0, 1


def in_view(made, period=-1):
    """``[kind, place, powered]``: share of the encounters of a kind of officer before a live camera."""
    seen = enforcer_cameras.publish(made.view(made.periods[period]))
    return np.stack([seen[f"in_view_{kind}"] for kind in KINDS])


def few(name, scenario, start=date(2021, 1, 4), end=date(2023, 12, 25)):
    pack = country(name)
    return plan(pack, pack.scenario(scenario), start=start, end=end).world()


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_what_is_in_view_is_a_share_for_all_that_is_allowed(number):
    pack = country("toyland")
    sets = allowed(pack, number) | {"power.hours_factor": 1.0}
    seen = in_view(world(pack, sets, systems={"station_gates": not sets["enforcer_cameras.at_gates"]}))
    assert ((seen >= 0) & (seen <= 1)).all()


def test_no_camera_sees_more_than_it_covers_while_it_works():
    made = world(country("dprk"), COVERED | {"enforcer_cameras.live_share": 0.5})
    station, train, *elsewhere = in_view(made)
    assert station[:, LIT] == pytest.approx(0.2)
    assert (station[:, DARK] == 0).all()
    assert train == pytest.approx(0.2)
    for seen in elsewhere:
        assert (seen > 0).all()
        assert (seen < 0.2).all()


def test_on_the_road_a_camera_sees_as_long_as_there_is_supply():
    made = world(country("dprk"), COVERED)
    period = made.periods[-1]
    hours = made.infrastructure.power.share[period.first : period.last, :, RAIL].mean(axis=0)
    road = in_view(made)[KINDS.index("road")]
    assert np.allclose(road / road.max(), np.stack([hours, hours], axis=1) / hours.max())
    steady = world(country("dprk"), COVERED | {"power.least_hours": 24.0})
    assert (in_view(steady)[KINDS.index("road")] >= road).all()


def test_with_power_at_all_hours_every_camera_sees_what_it_covers_and_nobody_watches_administrators():
    made = world(country("dprk"), COVERED | {"power.least_hours": 24.0, "enforcer_cameras.live_share": 1.0})
    assert in_view(made)[..., LIT] == pytest.approx(0.4)
    assert "in_view_workplace" not in enforcer_cameras.publish(made.view(made.periods[-1]))


def test_at_the_border_cameras_on_guards_see_in_the_hours_of_the_border_not_of_the_towns():
    hours = {f"border_video.{name}": value for name, value in (("hours", 6.0), ("hours_factor", 1.0))}
    made = world(country("dprk"), COVERED | hours | {"enforcer_cameras.live_share": 1.0})
    assert in_view(made)[KINDS.index("border")] == pytest.approx(0.4 / 4)


def test_cameras_on_officers_came_slowly_between_the_dates_that_are_told():
    pack = country("dprk")
    steady = {"power.least_hours": 24.0}
    market = [
        float(in_view(world(pack, steady, start=date(year, 1, 7), end=date(year, 1, 21)))[KINDS.index("market")].max())
        for year in (2019, 2020, 2022, 2024)
    ]
    assert market[0] == 0.0
    assert 0.0 < market[1] < 0.8 * market[2] < 0.8 * market[3]


def test_cameras_without_number_are_in_view_of_no_more_than_there_is():
    steady = COVERED | {"enforcer_cameras.live_share": 1.0}
    once, far_too_many = (
        in_view(world(country("dprk"), steady | {"enforcer_cameras.covered_factor": factor})) for factor in (1.0, 100.0)
    )
    assert (far_too_many >= once).all()
    assert far_too_many.max() == 1.0


def test_cameras_that_come_on_a_date_see_nothing_before_it():
    """A pack says when; a period begins on the date of a scenario."""
    pack = country("dprk")
    made = plan(pack, pack.scenario("watch-the-enforcers"), start=date(2021, 1, 4), end=date(2021, 6, 28)).world()
    told = [KINDS.index(kind) for kind in ("station", "train", "road")]
    covered = {day_of(period.monday): in_view(made, i)[told].max(axis=(1, 2)) for i, period in enumerate(made.periods)}
    since = pack.scenario("watch-the-enforcers").start
    assert since in covered
    assert max(seen.max() for day, seen in covered.items() if day < since) < 0.5
    assert min(seen.min() for day, seen in covered.items() if day >= since) > 0.5


# The same devices, turned on travellers or on officers.


@pytest.mark.parametrize("name", ["dprk", "toyland"])
def test_devices_turned_on_officers_have_the_fates_of_those_turned_on_people(name):
    people, officers = few(name, "few-cameras-on-people"), few(name, "few-cameras-on-officers")
    a, b = people.infrastructure, officers.infrastructure
    assert [site.id for site in a.sites] == [site.id for site in b.sites] != []
    for array in ("state", "site_power", "linked", "spares"):
        assert (getattr(a, array) == getattr(b, array)).all(), array
    hours = [((infra.state == WORKING) * infra.site_power).sum() for infra in (a, b)]
    assert hours[0] == hours[1] > 0
    assert people.periods == officers.periods


def test_turned_on_officers_the_devices_put_no_traveller_on_record():
    pack = country("toyland")
    people, officers = few("toyland", "few-cameras-on-people"), few("toyland", "few-cameras-on-officers")
    at_gates = [i for i, found in enumerate(FOUND) if found.endswith("on_record")]

    def chance(made):
        odds = odds_of(made, made.periods[-1])
        rows = np.diff(odds.finding.astype(np.float64), axis=-1, prepend=0.0)
        # A reader of cards is no camera.
        gates = [i for i, c in enumerate(made.contacts) if c.encounter.startswith("gate") and c.papers not in FALSE]
        return rows[:, gates][..., at_gates].sum()

    assert pack.scenario("few-cameras-on-officers").systems == {"station_gates": False}
    assert chance(officers) == 0 < chance(people)


def turned_on_officers(sets):
    """A world in which all devices of the gate programme are there, and turned on officers."""
    pack = with_gates_live(country("dprk"))
    return world(pack, sets | {"enforcer_cameras.at_gates": 1}, systems={"station_gates": False})


def test_devices_turned_on_officers_see_where_trains_leave_and_only_with_power():
    made = turned_on_officers(NOWHERE)
    view = made.view(made.periods[-1])
    seen = in_view(made)
    assert (seen[1:] == 0).all()
    assert (seen[0, :, DARK] == 0).all()
    works = np.zeros(view.places)
    devices = gate_programme.devices(view)
    for place, traffic, on in zip(devices.place, devices.traffic, devices.works.T, strict=True):
        works[place] += traffic * on.mean()
    assert seen[0, :, LIT] == pytest.approx(np.minimum(works, 1.0))
    assert seen.max() > 0


def test_devices_at_stations_add_to_cameras_that_are_there_anyway():
    """As if chance had put them up: what both see is not seen twice."""
    both = in_view(turned_on_officers(COVERED | {"enforcer_cameras.live_share": 1.0}))[0, :, LIT]
    alone = in_view(turned_on_officers(NOWHERE))[0, :, LIT]
    assert both == pytest.approx(0.4 + 0.6 * alone)


def test_a_dead_device_sees_no_officer():
    made = turned_on_officers(NOWHERE)
    infra = made.infrastructure
    made.infrastructure = replace(infra, state=np.full_like(infra.state, WAITING))
    assert (in_view(made) == 0).all()


def test_without_the_system_no_officer_is_seen():
    made = world(country("dprk"), COVERED, systems={"enforcer_cameras": False})
    found = made.enforcement(made.periods[-1], practice(made.cases, 20, 2))
    assert (found.watch.covered == 0).all()
    watched = world(country("dprk"), COVERED)
    assert (watched.enforcement(watched.periods[-1], practice(watched.cases, 20, 2)).watch.covered > 0).any()
