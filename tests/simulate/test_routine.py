"""What is kept and covered without any act, as a run tells it."""

from datetime import date

import numpy as np
import pytest

from given import country, world
from greyspace.simulate.measures import Recorder

WITH_RECORDS = ("airport", "payments", "phones", "school_cameras", "workplace_cameras")
WITH_COVERAGE = (*WITH_RECORDS, "border_video", "plate_cameras", "station_gates")


@pytest.mark.parametrize("name", ["dprk", "toyland"])
def test_every_system_that_keeps_or_covers_is_told_of(name):
    made = world(country(name))
    assert {system for system, _ in made.routine(made.periods[0])} == set(WITH_RECORDS)
    assert {system for system, _ in made.coverage(made.periods[0])} == set(WITH_COVERAGE)


@pytest.mark.parametrize("off", WITH_COVERAGE)
def test_a_system_that_is_off_keeps_and_covers_nothing_and_changes_no_other(off):
    both, without = world(country("toyland")), world(country("toyland"), systems={off: False})
    period = both.periods[-1]
    for told in ("routine", "coverage"):
        a, b = getattr(both, told)(period), getattr(without, told)(period)
        assert set(b) == {key for key in a if key[0] != off}
        assert all(np.array_equal(a[key], b[key], equal_nan=True) for key in b)


def test_nothing_is_kept_and_nobody_covered_where_every_device_is_off():
    made = world(country("toyland"), systems=dict.fromkeys(WITH_COVERAGE, False))
    assert not made.routine(made.periods[0])
    assert not made.coverage(made.periods[0])
    Recorder(made)


def test_gates_cover_departures_in_the_seats_of_provinces_while_there_is_power():
    lit = world(country("dprk"), {"power.least_hours": 24.0}, start=date(2022, 1, 3))
    made = world(country("dprk"), start=date(2022, 1, 3))
    share, most = (w.coverage(w.periods[0])["station_gates", "rail_departures"] for w in (made, lit))
    towns = np.array([region.urban for region in made.pack.regions])
    assert (np.isfinite(share) == towns).all()
    assert (share[towns] < most[towns]).any()
    assert np.allclose(most[towns], lit.view(lit.periods[0]).published["gate_live"][towns])


def columns(made, name, blocks):
    """The columns of a table of periods, from what a world tells of each."""
    recorder = Recorder(made)
    recorder.days[name] = [period.monday for period in made.periods[: len(blocks)]]
    kinds = recorder.kinds[name]
    stacked = np.stack([np.stack([block[kind] for kind in kinds], axis=1) for block in blocks])
    return recorder._columns(name, np.array(recorder.days[name]), stacked)


def test_a_table_has_a_row_for_each_kind_where_something_is_kept():
    made = world(country("toyland"))
    told = made.routine(made.periods[0])
    rows = columns(made, "routine", [told])
    kept = {
        (rows["system"].names[s], rows["kind"].names[k], made.axes.regions[r]): records
        for s, k, r, records in zip(
            rows["system"].codes, rows["kind"].codes, rows["place"].codes, rows["records"], strict=True
        )
    }
    expected = {
        (*key, made.axes.regions[r]): records[r]
        for key, records in told.items()
        for r in range(len(records))
        if records[r] > 0
    }
    assert kept == expected


def test_a_table_of_coverage_leaves_out_where_there_is_nothing_to_cover():
    made = world(country("dprk"))
    told = made.coverage(made.periods[0])
    rows = columns(made, "coverage", [told])
    border = [
        rows["place"].names[place]
        for place, system in zip(rows["place"].codes, rows["system"].codes, strict=True)
        if rows["system"].names[system] == "border_video"
    ]
    assert border == [region.id for region in made.pack.regions if region.borders_china]
