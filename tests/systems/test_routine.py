"""What every system has to say, whatever the parameters are; and that nothing is kept where a system is not."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import country
from greyspace.systems import (
    airport,
    border_guards,
    border_video,
    payments,
    phones,
    plate_cameras,
    school_cameras,
    workplace_cameras,
)
from views import anything, holds_together, seen

NUMBERS = st.integers(0, 2**32 - 1)
DEVICES = (
    airport,
    border_guards,
    border_video,
    payments,
    phones,
    plate_cameras,
    school_cameras,
    workplace_cameras,
)


@pytest.mark.parametrize("system", DEVICES, ids=lambda system: system.NAME)
@settings(max_examples=25, deadline=None)
@given(number=NUMBERS, year=st.integers(2009, 2034), name=st.sampled_from(["dprk", "toyland"]))
def test_whatever_the_parameters_are_a_system_holds_together(system, number, year, name):
    holds_together(system, anything(name, number, date(year, 7, 1)))


@pytest.mark.parametrize("system", DEVICES, ids=lambda system: system.NAME)
def test_a_system_keeps_the_same_kinds_of_records_in_all_years(system):
    early, late = (seen(country("dprk"), day=date(year, 1, 5)) for year in (2009, 2030))
    assert list(system.routine(early)) == list(system.routine(late))
    assert list(system.coverage(early)) == list(system.coverage(late))


@pytest.mark.parametrize("system", [airport, payments, plate_cameras, school_cameras], ids=lambda s: s.NAME)
def test_in_2014_nothing_was_kept_that_came_later(system):
    view = seen(country("dprk"), day=date(2014, 6, 2))
    kept = [*system.routine(view).values(), *system.met(view).values()]
    assert kept
    assert all((np.asarray(share) == 0).all() for share in kept)


@pytest.mark.parametrize("system", [workplace_cameras, school_cameras], ids=lambda s: s.NAME)
def test_without_power_cameras_keep_nothing(system):
    dark, lit = (seen(country("dprk"), hours=hours) for hours in (0.0, 24.0))
    for kind, records in system.routine(dark).items():
        assert (records == 0).all(), kind
        assert (system.routine(lit)[kind] > 0).all(), kind
    for whom, share in system.coverage(dark).items():
        assert (share == 0).all(), whom


@pytest.mark.parametrize("system", [payments, phones, school_cameras, workplace_cameras], ids=lambda s: s.NAME)
@settings(max_examples=15, deadline=None)
@given(number=NUMBERS)
def test_nobody_is_written_down_more_than_once_a_day_by_one_kind(system, number):
    view = anything("dprk", number, date(2030, 7, 1))
    for kind, records in system.routine(view).items():
        assert (records <= view.people.sum(axis=1) * 31).all(), kind
