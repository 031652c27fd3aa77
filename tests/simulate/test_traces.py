"""What is on record, and how long it takes until somebody follows it up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from given import country, parameters
from greyspace.contract import OUTCOMES, STATES, WAYS_NOT_BEGUN
from greyspace.country import ACTS
from greyspace.institutions import MONTH_WEEKS, ends
from greyspace.simulate.learn import Sorting, Traces, followed_up, no_traces, traced
from greyspace.society.routes import MODES
from greyspace.society.sums import summed
from greyspace.systems import RECORD_KINDS, Contact

R = 3
SMUGGLING, ABSENCE = ACTS.index("smuggling"), ACTS.index("absence")
PATROL = Contact("patrol", "border_patrol", "smuggling", "border")
CAMERA = Contact("camera", "border_camera", "smuggling", "border", device=True, record="border")
FOREMAN = Contact("foreman", "workplace", "absence", "workplace")
ALL = (PATROL, CAMERA, FOREMAN)
SORTING = Sorting.of(ALL)


def with_delay(weeks):
    return parameters(country("dprk"), analysis__delay_weeks=weeks)


def tallies(free_recorded, free_unseen=0.0, punished=0.0, chilled=0.0):
    """Acts of every kind and region that ended so, by the last of the modes."""
    modes = np.zeros((R, len(ACTS), len(WAYS_NOT_BEGUN) + len(MODES), len(STATES)))
    for state, number in (("free_recorded", free_recorded), ("free_unseen", free_unseen), ("punished", punished)):
        modes[:, :, -1, STATES.index(state)] = number
    modes[:, :, 1, STATES.index("chilled")] = chilled
    return modes


def met(patrol=0.0, camera_dark=0.0, camera_lit=0.0, foreman=1.0, outcome="recorded_passed"):
    found = np.zeros((R, len(ALL), 2, len(OUTCOMES)))
    found[:, :, 0, OUTCOMES.index(outcome)] = (patrol, camera_dark, foreman)
    found[:, 1, 1, OUTCOMES.index(outcome)] = camera_lit
    return found


def left(**some):
    return ends(met(**some))


def lived(p, *numbers, weeks=4):
    traces = no_traces(R)
    for number in numbers:
        traces = traced(traces, p, SORTING, left(), summed(tallies(number)), weeks, 1.0)
    return traces


def test_before_anybody_acted_nothing_is_followed_up():
    begun, free, recorded = followed_up(no_traces(R), with_delay(6))
    assert begun.shape == free.shape == (R, len(ACTS))
    assert recorded.shape == (R, len(ACTS), len(RECORD_KINDS))
    assert not begun.any()
    assert not free.any()
    assert not recorded.any()


def test_what_is_followed_up_was_recorded_when_the_delay_began():
    months = [1.0, 2.0, 3.0, 4.0]
    for delay, number in ((0, 4.0), (3, 4.0), (6, 3.0), (9, 2.0), (13, 1.0)):
        p = with_delay(delay)
        begun, *_ = followed_up(lived(p, *months), p)
        assert begun == pytest.approx(number * MONTH_WEEKS / 4), delay


def test_what_came_before_all_that_is_remembered_was_like_the_oldest():
    p = with_delay(40)
    begun, *_ = followed_up(lived(p, 7.0, 1.0), p)
    assert begun == pytest.approx(7.0 * MONTH_WEEKS / 4)


@given(st.integers(0, 30), st.lists(st.integers(1, 4), min_size=1, max_size=20))
def test_no_more_is_kept_than_is_followed_up_some_day_and_cuts_change_no_rate(delay, lengths):
    p = with_delay(delay)
    traces, everything = no_traces(R), []
    for week, weeks in enumerate(lengths):
        traces = traced(traces, p, SORTING, left(), summed(tallies(float(week) * weeks)), weeks, 1.0)
        everything += [week] * weeks
    assert traces.weeks[1:].sum() <= delay
    then = everything[max(len(everything) - 1 - delay, 0)]
    assert followed_up(traces, p)[0] == pytest.approx(then * MONTH_WEEKS)


def test_only_what_went_free_is_a_record_that_waits_and_only_what_was_begun_counts_as_done():
    p = with_delay(0)
    modes = tallies(free_recorded=10.0, free_unseen=20.0, punished=5.0, chilled=100.0)
    begun, free, recorded = followed_up(traced(no_traces(R), p, SORTING, left(), summed(modes), 4, 1.0), p)
    assert begun[:, ABSENCE] == pytest.approx(35.0 * MONTH_WEEKS / 4)
    assert free[:, ABSENCE] == pytest.approx(30.0 * MONTH_WEEKS / 4)
    assert recorded[:, ABSENCE].sum(axis=-1) == pytest.approx(10.0 * MONTH_WEEKS / 4)


def test_a_sample_counts_as_the_nation_it_stands_for():
    p = with_delay(0)
    all_of_it = traced(no_traces(R), p, SORTING, left(), summed(tallies(1000.0)), 4, 1.0)
    few = traced(no_traces(R), p, SORTING, left(), summed(tallies(10.0)), 4, 100.0)
    assert np.allclose(all_of_it.begun, few.begun)
    assert np.allclose(all_of_it.recorded, few.recorded)


def test_a_device_without_power_leaves_paper():
    p = with_delay(0)
    traces = traced(
        no_traces(R), p, SORTING, left(patrol=1.0, camera_dark=2.0, camera_lit=5.0), summed(tallies(8.0)), 4, 1.0
    )
    kinds = traces.recorded[0, :, SMUGGLING]
    assert kinds[:, RECORD_KINDS.index("border")] == pytest.approx(5.0)
    assert kinds[:, RECORD_KINDS.index("paper")] == pytest.approx(3.0)
    assert traces.recorded[0, :, ABSENCE, RECORD_KINDS.index("paper")] == pytest.approx(8.0)


def test_the_records_of_those_who_were_stopped_say_nothing_of_those_who_went_free():
    p = with_delay(0)
    went = met(patrol=1.0)
    stopped = met(camera_lit=99.0, foreman=0.0, outcome="recorded_camp")
    traces = traced(no_traces(R), p, SORTING, ends(went + stopped), summed(tallies(4.0)), 4, 1.0)
    assert traces.recorded[0, :, SMUGGLING, RECORD_KINDS.index("paper")] == pytest.approx(4.0)


def test_a_checkpoint_keeps_it_all():
    traces = lived(with_delay(13), 1.0, 2.0, 3.0)
    again = Traces.of(traces.arrays())
    for name in traces.__dataclass_fields__:
        assert (getattr(again, name) == getattr(traces, name)).all()
