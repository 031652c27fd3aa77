"""Devices: they die as exponential lives do, wait for parts, and meet the same fate in every run."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greyspace.evidence import resolve
from greyspace.infrastructure import (
    IN_REPAIR,
    NOT_INSTALLED,
    WAITING,
    WORKING,
    Site,
    devices,
    limits_off,
    paths,
)
from infrastructure.days import day, mondays

START = "2021-04-12"
NO_SPARES = {"devices.spares_initial": 0, "devices.spares_per_year": 0, "devices.mended_without_spare": 0}


def row_of(n, priority=1):
    return [Site(f"site {k}", 0, "x", day(START), priority) for k in range(n)]


def live(pack, sites, sets, seed=1, wear=1.0, opened=0.0, last="2024-12-30"):
    weeks = mondays(START, last)
    shape = (len(weeks), len(sites))
    p = resolve(pack.parameters, sets)
    return devices.fates(sites, p, seed, weeks, np.full(shape, wear), np.full(len(weeks), opened))


def test_without_repair_the_share_alive_falls_as_an_exponential(toyland):
    fates = live(toyland, row_of(4000), {**NO_SPARES, "devices.life_years": 1.5})
    for years in (0.5, 1.0, 2.0, 3.0):
        weeks = round(years * 52.18)
        alive = (fates.state[weeks - 1] == WORKING).mean()
        assert alive == pytest.approx(np.exp(-7 * weeks / (1.5 * 365.25)), abs=0.03)


def test_without_spares_and_with_the_border_shut_a_dead_gate_stays_dead(toyland):
    fates = live(toyland, row_of(30), {**NO_SPARES, "devices.spares_per_year": 50})
    dead = fates.state == WAITING
    assert dead[-1].sum() > 15
    assert (dead[1:] >= dead[:-1]).all()


def test_the_open_border_lets_in_the_parts_of_a_year(toyland):
    sets = {**NO_SPARES, "devices.spares_per_year": 6, "devices.life_years": 1000}
    shut, opened = (live(toyland, row_of(1), sets, opened=x) for x in (0.0, 1.0))
    assert (shut.spares == 0).all()
    assert opened.spares[51] == pytest.approx(6 * 52 * 7 / 365.25)
    ignored = live(toyland, row_of(1), {**sets, "supply.ignores_border": 1})
    assert (ignored.spares == opened.spares).all()


def test_the_capital_gets_the_first_spare(toyland):
    sites = [*row_of(8, priority=1), *[Site(f"capital {k}", 0, "c", day(START), 0) for k in range(8)]]
    sets = {**NO_SPARES, "devices.spares_per_year": 4, "devices.spares_reserved": 0, "devices.life_years": 0.3}
    fates = live(toyland, sites, sets, opened=1.0)
    waits = fates.state == WAITING
    for week in range(1, len(waits)):
        got_one = waits[week - 1] & ~waits[week]
        if got_one[:8].any():
            assert not waits[week, 8:].any()
    assert waits[:, :8].sum() > waits[:, 8:].sum()


def test_what_is_kept_back_for_the_capital_never_reaches_a_province(toyland):
    sets = {**NO_SPARES, "devices.spares_initial": 3, "devices.spares_reserved": 3, "devices.life_years": 0.5}
    provinces = live(toyland, row_of(10, priority=1), sets)
    capital = live(toyland, row_of(10, priority=0), sets)
    assert (provinces.spares == 3).all()
    assert capital.spares[-1] == 0


def test_who_waited_longest_is_served_first_among_equals(toyland):
    sets = {**NO_SPARES, "devices.spares_per_year": 3, "devices.spares_reserved": 0}
    fates = live(toyland, row_of(12), sets, opened=1.0)
    waits = fates.state == WAITING
    since = np.full(12, -1)
    for week in range(1, len(waits)):
        served = np.flatnonzero(waits[week - 1] & ~waits[week])
        left = np.flatnonzero(waits[week] & waits[week - 1])
        for s in served:
            assert (since[s] <= since[left]).all()
        since[waits[week] & ~waits[week - 1]] = week


def test_no_part_is_lost_or_made(toyland):
    sets = {"devices.spares_initial": 7, "devices.spares_per_year": 5, "devices.spares_reserved": 0}
    fates = live(toyland, row_of(20), sets, opened=1.0)
    arrived = 7 + 5 * 7 / 365.25 * len(fates.weeks)
    still_waiting = (fates.state[-1] == WAITING).sum()
    due = fates.failures.needs_spare
    lately = fates.failures.week > fates.weeks[-1] - 7 * 20
    used = arrived - fates.spares[-1]
    assert used == pytest.approx(round(used))
    assert (due & ~lately).sum() - still_waiting <= used + 1e-9 <= due.sum() + 1e-9


def test_a_gate_is_not_there_before_its_installation(toyland):
    sites = [Site("early", 0, "x", day(START), 1), Site("late", 0, "x", day("2022-06-01"), 1)]
    fates = live(toyland, sites, {})
    there = fates.state[:, 1] != NOT_INSTALLED
    assert fates.weeks[np.argmax(there)] == day("2022-06-06")
    assert there[np.argmax(there) :].all()


def test_a_noticed_failure_with_a_part_at_hand_takes_report_and_repair_only(toyland):
    sets = {
        "devices.spares_initial": 1000,
        "devices.spares_reserved": 0,
        "devices.report_days": 21,
        "devices.repair_weeks": 5,
    }
    fates = live(toyland, row_of(50), sets)
    assert not (fates.state == WAITING).any()
    for column in (fates.state == IN_REPAIR).T:
        edges = np.diff(np.concatenate([[False], column]).astype(int))
        begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        # One that fails again in the week of its return is down for two spells at a stretch.
        assert ((ends - begins[: len(ends)]) % 8 == 0).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), better=st.floats(0.0, 1.0))
def test_better_power_only_puts_a_first_failure_off(toyland, seed, better):
    poor, good = (_first_failures(live(toyland, row_of(12), {}, seed=seed, wear=1 + x)) for x in (1.0, 1.0 - better))
    assert (good >= poor).all()


def _first_failures(fates):
    first = np.full(fates.state.shape[1], np.iinfo(np.int64).max)
    np.minimum.at(first, fates.failures.site, fates.failures.week)
    return first


def test_gates_meet_the_same_fate_when_the_run_starts_later(toyland, weeks, gates):
    p = resolve(toyland.parameters, {})
    whole = paths(toyland, p, 5, weeks, gates)
    for first in ("2010-01-04", "2021-04-12", "2021-05-31", "2023-03-06"):
        other = paths(toyland, p, 5, mondays(first, "2024-12-30"), gates)
        n = min(len(other.weeks), len(whole.weeks))
        for name in ("state", "spares", "linked", "site_power", "border_open"):
            assert (getattr(other, name)[-n:] == getattr(whole, name)[-n:]).all(), (first, name)
        assert (other.power.share[-n:] == whole.power.share[-n:]).all()


def test_a_gate_meets_the_same_fate_when_another_is_added(toyland, weeks, gates):
    """With parts for all; with few, a new gate rightly takes some from the others."""
    p = resolve(toyland.parameters, limits_off({"spares"}))
    new = Site("another", 0, gates[0].province, day("2021-03-01"), 0)
    before = paths(toyland, p, 5, weeks, gates).state
    after = paths(toyland, p, 5, weeks, [new, *gates]).state[:, 1:]
    assert (before == after).all()


def test_a_scenario_without_effect_on_a_gate_leaves_its_fate_alone(toyland, weeks, gates):
    as_is = paths(toyland, resolve(toyland.parameters, {}), 5, weeks, gates)
    linked = paths(toyland, resolve(toyland.parameters, limits_off({"network"})), 5, weeks, gates)
    assert (as_is.state == linked.state).all()
    assert linked.linked.all()


def test_scenarios_share_failures_up_to_the_date_on_which_they_part(toyland, weeks, gates):
    parted = {"power.least_hours": {date(2023, 1, 2): 24}, "devices.spares_per_year": {date(2023, 1, 2): 500}}
    as_is = paths(toyland, resolve(toyland.parameters, {}), 5, weeks, gates)
    other = paths(toyland, resolve(toyland.parameters, parted), 5, weeks, gates)
    before = weeks < day("2023-01-02")
    assert (as_is.state[before] == other.state[before]).all()
    assert (other.site_power[~before] == 1).all()


def test_lifting_the_limit_of_spares_ends_all_waiting(toyland, weeks, gates):
    p = resolve(toyland.parameters, limits_off({"spares"}))
    assert not (paths(toyland, p, 5, weeks, gates).state == WAITING).any()


def test_lifting_it_from_a_date_on_ends_all_waiting_within_a_week(toyland, weeks, gates):
    sets = {name: {date(2023, 1, 2): value} for name, value in limits_off({"spares"}).items()}
    state = paths(toyland, resolve(toyland.parameters, sets), 5, weeks, gates).state
    assert (state[weeks < day("2023-01-02")] == WAITING).any()
    assert not (state[weeks >= day("2023-01-02")] == WAITING).any()


def test_two_sites_of_one_name_are_refused(toyland):
    with pytest.raises(ValueError, match="same id"):
        live(toyland, [row_of(1)[0], replace(row_of(1)[0], priority=0)], {})


def test_a_history_that_starts_too_late_is_refused(toyland):
    with pytest.raises(ValueError, match="first installation"):
        live(toyland, [replace(row_of(1)[0], installed=day("2020-01-06"))], {})


def test_a_country_without_equipment_has_power_all_the_same(toyland, weeks):
    nothing = paths(toyland, resolve(toyland.parameters, {}), 1, weeks, [])
    assert nothing.state.shape == (len(weeks), 0)
    assert (nothing.spares == 0).all()
