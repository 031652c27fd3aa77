"""What makes a run that run, and what is refused before it begins."""

from datetime import date

import pytest

from given import country
from greyspace.errors import InputError
from greyspace.simulate import plan


def planned(scenario="history", name="toyland", **more):
    pack = country(name)
    return plan(pack, pack.scenario(scenario), **more)


def test_dates_snap_to_the_mondays_of_their_weeks():
    made = planned(start=date(2016, 1, 10), end=date(2020, 2, 29))
    assert made.start == date(2016, 1, 4)
    assert made.end == date(2020, 2, 24)


def test_days_of_one_week_are_one_run():
    ids = {planned(start=date(2016, 1, day)).run_id for day in range(4, 11)}
    assert len(ids) == 1
    assert planned(start=date(2016, 1, 11)).run_id not in ids


def test_everything_that_shapes_results_makes_another_run():
    first = planned()
    others = [
        planned(seed=2),
        planned(scale=0.5),
        planned(engine="expected"),
        planned(scenario="no-gates"),
        planned(start=date(2017, 1, 2)),
        planned(end=date(2020, 1, 6)),
        planned(sets={"power.least_hours": 3.0}),
        planned(name="dprk"),
    ]
    ids = {made.run_id for made in (first, *others)}
    assert len(ids) == len(others) + 1


def test_the_expectation_is_the_same_at_every_scale():
    assert planned(engine="expected", scale=0.5).run_id == planned(engine="expected", scale=0.01).run_id


def test_a_setting_that_says_what_is_anyway_is_no_other_run():
    said = country("toyland").parameters["caution.fade_weekly"].value
    assert planned(sets={"caution.fade_weekly": said}).run_id == planned().run_id


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"engine": "magic"}, "individuals, expected"),
        ({"seed": -1}, "0 to 4294967295"),
        ({"seed": 2**32}, "0 to 4294967295"),
        ({"scale": 0.0}, "more than 0"),
        ({"scale": 1.5}, "at most 1"),
        ({"scale": float("nan")}, "more than 0"),
        ({"start": date(2020, 1, 6), "end": date(2019, 1, 7)}, "end lies before"),
        ({"start": date(1999, 1, 4)}, "2008-01-07"),
        ({"end": date(2036, 1, 7)}, "2035-12-31"),
        ({"sets": {"caution.chronik": 0.5}}, "caution.chronic"),
        ({"sets": {"caution.chronic": 2.0}}, "0 to 1"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(more, says):
    with pytest.raises(InputError) as refused:
        planned(**more)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_system_that_is_not_there_cannot_be_switched_off():
    pack = country("toyland")
    told = pack.scenario("no-gates").model_copy(update={"systems": {"gates": False}})
    with pytest.raises(InputError, match=r"'gates'.*station_gates"):
        plan(pack, told)


def test_a_system_that_is_left_on_is_on():
    pack = country("toyland")
    told = pack.scenario("history").model_copy(update={"systems": {"station_gates": True}})
    assert plan(pack, told).off == frozenset()
    assert planned("no-gates").off == {"station_gates"}


def test_the_manifest_says_what_the_run_was():
    said = planned("no-gates", sets={"power.least_hours": 3.0}).manifest()
    assert said["scenario"] == "no-gates"
    assert said["country"] == "toyland"
    assert said["settings"] == {"power.least_hours": 3.0}
    assert said["parameters"]["power.least_hours"] == 3.0
    assert set(said["versions"]) >= {"greyspace", "python", "numpy", "numba"}
