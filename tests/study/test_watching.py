"""The grid of watching and pay: what its points are, and what they say."""

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from given import country, parameters
from greyspace.errors import InputError
from greyspace.results import Store
from greyspace.simulate import plan, run
from greyspace.study import watching
from greyspace.study.era import of_results
from greyspace.study.officers import OF_OFFICERS
from legible import legible

DAY = date(2024, 1, 1)
REVIEWED, PAY = [1e-3, 1e-2], [1.0, 10.0]


def made(pack, workers=1, sets=None, reviewed=REVIEWED, pay=PAY, day=DAY):
    return watching.grid(pack, sets or {}, day, workers, lambda *_: None, reviewed, pay)


@pytest.fixture(scope="module")
def pack():
    return country("toyland")


@pytest.fixture(scope="module")
def found(pack):
    return made(pack)


def test_all_points_settle_and_have_all_measures(found):
    assert found.settled.all()
    assert found.unsettled == 0
    assert set(found.values) == set(OF_OFFICERS)
    for values in found.values.values():
        assert values.shape == (2, 2, 2)
        assert np.isfinite(values).all()


def test_a_point_is_what_a_run_under_its_settings_begins_with(pack, found, tmp_path):
    """The last point of a row has been begun from its neighbour; a run finds its beginning by itself."""
    places = ("station", "train", "road", "market", "office", "border", "factor")
    everywhere = {f"enforcer_cameras.covered_{place}": 1.0 for place in places}
    sets = {**everywhere, "enforcer_cameras.live_share": 1.0, "bribery.wage_factor": 10.0}
    for column, reviewed in enumerate(REVIEWED):
        alone = plan(
            pack,
            pack.scenario("history"),
            engine="expected",
            start=DAY,
            end=DAY + timedelta(weeks=3),
            sets={**sets, "bribery.reviewed": reviewed},
        )
        era = of_results(run(alone, Store(tmp_path)), DAY.toordinal() - date(1970, 1, 1).toordinal())
        for name, of in OF_OFFICERS.items():
            # What is lacking is the tail of a distribution: it moves more than what it is the tail of.
            near = 0.04 if name in ("held_up", "short") else 0.02
            assert found.values[name][0, 1, column] == pytest.approx(of(era), rel=near, abs=1e-3), name


def test_where_a_point_was_begun_changes_what_the_figure_shows_by_nothing(pack, found):
    alone = made(pack, reviewed=REVIEWED[1:])
    # Who is held up makes up for what little is lacking: a small part of takings, and so less sure than these.
    for name, within in (("let_off_caught", 5e-3), ("price", 5e-3), ("fixed_price", 5e-3), ("held_up", 2e-2)):
        assert alone.values[name][..., 0] == pytest.approx(found.values[name][..., 1], rel=within, abs=1e-3), name


def test_two_processes_find_the_same(pack, found):
    spread = made(pack, workers=2)
    for name, values in found.values.items():
        assert (spread.values[name] == values).all(), name


def test_demands_sustain_bribery_and_hold_innocent_people_up(found):
    """Where hardly anybody is let off any more this need not hold: here pay is at most ten times that of the day."""
    values = found.values
    assert (values["let_off_caught"][0] > values["let_off_caught"][1]).all()
    assert (values["price"][0] < values["price"][1]).all()
    assert (values["held_up"][0] > 0).all()
    assert (values["short"][0] > 0).all()


def test_who_is_asked_for_nothing_holds_nobody_up(found):
    assert (found.values["held_up"][1] == 0).all()
    assert (found.values["short"][1] == 0).all()
    assert (found.values["received_superiors"][1] == 0).all()


@pytest.mark.parametrize("name", ["toyland", "dprk"])
def test_higher_pay_lets_fewer_off_for_more(name):
    grid = made(country(name), reviewed=[1e-2], pay=[1.0, 30.0])
    assert (np.diff(grid.values["let_off_caught"], axis=1) < 0).all()
    assert (np.diff(grid.values["let_off_on_record"], axis=1) < 0).all()
    assert (np.diff(grid.values["price"], axis=1) > 0).all()
    assert (np.diff(grid.wage) > 0).all()


def test_closer_watching_lets_fewer_off_until_it_is_not_worth_an_officers_while_to_be_seen(pack, found):
    """Beyond that he leads people away, and how many eyes there are no longer matters."""
    assert (np.diff(found.values["let_off_caught"], axis=2) < 0).all()
    close = made(pack, reviewed=[0.2, 0.5], pay=[1.0])
    assert close.values["let_off_caught"][..., 1] == pytest.approx(close.values["let_off_caught"][..., 0], rel=5e-3)


def test_what_is_paid_is_received(found):
    received = sum(found.values[name] for name in found.values if name.startswith("received_"))
    assert received == pytest.approx(np.ones((2, 2, 2)))


def test_settings_of_the_user_count_but_cameras_stay_everywhere(pack, found):
    more = made(pack, sets={"bribery.demand": 300.0, "enforcer_cameras.covered_station": 0.0})
    assert more.demand.tolist() == [300.0, 0.0]
    assert (more.values["held_up"][0] > found.values["held_up"][0]).all()
    assert more.values["let_off_caught"][1] == pytest.approx(found.values["let_off_caught"][1])


def test_a_day_beyond_the_pack_is_refused_in_the_words_of_the_user(pack):
    for day in (date(2007, 1, 1), date(2035, 12, 20)):
        with pytest.raises(InputError, match=rf"--date {day}: the pack toyland covers 2008-01-07 to 2035-12-10"):
            made(pack, day=day)


def test_all_is_told_as_json(found):
    values = {**found.values, "price": np.where(np.arange(8).reshape(2, 2, 2) == 7, np.nan, found.values["price"])}
    told = json.loads(json.dumps(watching.told(replace(found, values=values)), allow_nan=False))
    assert told["price"][1][1] == [pytest.approx(found.values["price"][1, 1, 0]), None]
    assert told["axes"] == ["demand", "pay", "reviewed"]
    assert told["unsettled"] == 0
    assert set(OF_OFFICERS) < set(told)


def said(figure):
    return " ".join(" ".join(text.get_text() for text in figure.texts).split())


def test_the_figure_is_legible_and_says_what_it_is(pack, found):
    figure, caption = watching.picture(pack, parameters(pack), found)
    legible(figure)
    assert "an invented country" in said(figure)
    assert "are assumed" in said(figure)
    assert "stationary state" in said(figure)
    assert "did not come to rest" not in said(figure)
    assert "with demands from above of 90 kg of rice a month" in caption
    assert "innocent people made to pay" in caption
    lowest = figure.axes[9]
    assert [text.get_text() for text in lowest.texts] == ["0 everywhere"]


def test_points_that_did_not_settle_are_counted_and_left_empty(pack, found):
    settled = found.settled.copy()
    settled[1, 0] = False
    figure, _ = watching.picture(pack, parameters(pack), replace(found, settled=settled))
    legible(figure)
    assert "2 of 8 points did not come to rest and are left empty" in said(figure)
    assert not figure.axes[9].texts
