"""Electricity: who gets it, who loses it first, and that a week's supply is the same in every run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greyspace.evidence import resolve
from greyspace.infrastructure import HOME, INDUSTRY, RAIL, power
from infrastructure.days import mondays

HOURS = np.array([6.0, 16.0, 18.0])
LOAD = np.array([0.4, 1.0, 0.1])

hours = st.tuples(*[st.floats(0.0, 24.0)] * 3).map(np.array)
loads = st.tuples(*[st.floats(0.01, 10.0)] * 3).map(np.array)
energies = st.floats(0.0, 20.0)
shares = st.floats(0.0, 1.0)


@given(energies, hours, loads, shares)
def test_nobody_has_less_than_no_hour_or_more_than_a_day(energy, hours, load, homes_first):
    got = power.allocate(np.array(energy), hours, load, homes_first)
    assert (got >= -1e-9).all()
    assert (got <= 24.0 + 1e-9).all()


@given(energies, energies, hours, loads, shares)
def test_a_week_with_more_energy_has_no_fewer_hours_for_anybody(one, other, hours, load, homes_first):
    got = power.allocate(np.array(sorted([one, other])), np.stack([hours, hours]), load, homes_first)
    assert (got[1] >= got[0] - 1e-9).all()


def test_where_the_light_is_never_out_more_energy_changes_nothing():
    always = np.full(3, 24.0)
    assert power.allocate(np.array([1.0, 1.3, 10.0]), always, LOAD, 0.7) == pytest.approx(np.full((3, 3), 24.0))
    almost = always - [3.6e-15, 0.0, 0.0]
    assert power.allocate(np.array(1e6), almost, LOAD, 0.7) == pytest.approx(always)


@given(st.floats(0.0, 1.0), hours, loads, shares)
def test_in_a_shortfall_no_energy_is_lost_or_made(energy, hours, load, homes_first):
    got = power.allocate(np.array(energy), hours, load, homes_first)
    assert (got * load).sum() == pytest.approx(energy * (hours * load).sum(), abs=1e-9)


@given(st.floats(0.0, 1.0), shares)
def test_homes_lose_a_larger_part_than_factories_and_factories_than_the_railway(energy, homes_first):
    kept = power.allocate(np.array(energy), HOURS, LOAD, homes_first) / HOURS
    assert kept[HOME] <= kept[INDUSTRY] + 1e-9
    assert kept[INDUSTRY] <= kept[RAIL] + 1e-9


@given(st.floats(0.0, 1.0))
def test_under_a_strict_order_homes_are_dark_before_a_factory_loses_an_hour(energy):
    got = power.allocate(np.array(energy), HOURS, LOAD, 1.0)
    assert got[HOME] == pytest.approx(0.0) or got[INDUSTRY] == pytest.approx(HOURS[INDUSTRY])
    assert got[INDUSTRY] == pytest.approx(0.0) or got[RAIL] == pytest.approx(HOURS[RAIL])


def test_twenty_four_least_hours_leave_no_dark_hour(toyland, weeks):
    p = resolve(toyland.parameters, {"power.least_hours": 24})
    assert (power.supply(toyland, p, 1, weeks).share == 1.0).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_least_supply_never_takes_hours_from_anybody(toyland, weeks, seed):
    as_is = power.supply(toyland, resolve(toyland.parameters, {}), seed, weeks).share
    lifted = power.supply(toyland, resolve(toyland.parameters, {"power.least_hours": 8}), seed, weeks).share
    assert (lifted >= as_is).all()
    assert lifted.min() == pytest.approx(8 / 24)


def test_rivers_give_least_in_march_and_most_in_september():
    days = mondays("2019-01-07", "2019-12-30")
    level = power.season(days, 75)
    assert days[level.argmin()] in mondays("2019-03-11", "2019-03-18")
    assert days[level.argmax()] in mondays("2019-09-09", "2019-09-16")


def test_a_week_has_the_same_power_whenever_the_run_starts(toyland, weeks):
    p = resolve(toyland.parameters, {})
    late = mondays("2022-01-03", "2024-12-30")
    whole = power.supply(toyland, p, 3, weeks).share
    assert (power.supply(toyland, p, 3, late).share == whole[-len(late) :]).all()


def test_a_region_keeps_its_weather_when_another_joins_the_country(toyland, weeks):
    p = resolve(toyland.parameters, {})
    turned = replace(toyland, regions=toyland.regions[::-1])
    shock = power.shocks(toyland, p, 3, weeks)
    assert (power.shocks(turned, p, 3, weeks) == shock[:, ::-1]).all()


def test_bad_weeks_come_in_spells_that_regions_share(dprk, weeks):
    p = resolve(dprk.parameters, {})
    shock = np.concatenate([power.shocks(dprk, p, seed, weeks) for seed in range(40)])
    nation, region = p.number("power.shock_nation"), p.number("power.shock_region")
    assert shock.std() == pytest.approx(np.hypot(nation, region), rel=0.05)
    assert np.corrcoef(shock[:-1, 0], shock[1:, 0])[0, 1] == pytest.approx(
        np.exp(-1 / p.number("power.persistence_weeks")), abs=0.03
    )
    shared = nation**2 / (nation**2 + region**2)
    assert np.corrcoef(shock[:, 0], shock[:, 5])[0, 1] == pytest.approx(shared, abs=0.1)


def test_a_running_train_says_as_much_of_the_gate_as_the_coupling():
    share = np.array([0.0, 0.3, 1.0])
    assert (power.at_the_train(share, 0.0) == share).all()
    assert (power.at_the_train(share, 1.0) == 1.0).all()


@pytest.mark.parametrize("first", ["2016-01-05", "1999-12-27"])
def test_weeks_start_on_mondays_of_this_century(toyland, first):
    with pytest.raises(ValueError, match="consecutive Mondays"):
        power.supply(toyland, resolve(toyland.parameters, {}), 1, mondays(first, "2016-03-01"))


def _hours(dprk, region, use, month):
    p = resolve(dprk.parameters, {})
    index = [r.id for r in dprk.regions].index(region)
    days = mondays(*month)
    return np.array([power.supply(dprk, p, seed, days).share[:, index, use] for seed in range(60)]).mean(axis=1) * 24


@pytest.mark.parametrize(
    ("region", "use", "month", "low", "high"),
    [
        ("pyongyang_urban", HOME, ("2023-01-02", "2023-12-25"), 6, 8),
        ("north_hamgyong_urban", HOME, ("2021-01-04", "2021-01-25"), 2, 4),
    ],
)
def test_usual_hours_are_those_that_were_reported(dprk, region, use, month, low, high):
    assert low <= np.median(_hours(dprk, region, use, month)) <= high


@pytest.mark.parametrize(("use", "reported"), [(HOME, 10.0), (INDUSTRY, 18.0)])
def test_the_good_summer_of_2018_in_the_north_is_within_reach(dprk, use, reported):
    hours = _hours(dprk, "north_hamgyong_urban", use, ("2018-07-02", "2018-07-30"))
    assert (hours >= reported).mean() > 0.05


def test_in_the_countryside_months_pass_with_hardly_an_hour_a_day(dprk, weeks):
    p = resolve(dprk.parameters, {})
    index = [r.id for r in dprk.regions].index("ryanggang_rural")
    dark = power.supply(dprk, p, 1, weeks).share[:, index, HOME] < 1 / 24
    runs = np.diff(np.flatnonzero(np.concatenate([[True], ~dark, [True]]))) - 1
    assert runs.max() >= 8
