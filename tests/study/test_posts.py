"""An officer's post by itself: its price list, and the grid of watching and pay."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country, parameters
from greyspace.country import packs
from greyspace.errors import InputError
from greyspace.evidence import resolve
from greyspace.institutions import OFFENCES, row_of
from greyspace.institutions.lognormal import Lognormal
from greyspace.study import posts
from legible import legible

DAY = date(2024, 1, 1)
REVIEWED, PAY = np.logspace(-4, -1, 6), np.logspace(0, 3, 7)


@pytest.fixture(scope="module")
def pack():
    return country("dprk")


def prices(pack, **sets):
    return posts.price_list(pack, resolve(pack.parameters, {f"bribery.{k}": v for k, v in sets.items()}), DAY)


@pytest.fixture(scope="module")
def found(pack):
    return posts.grid(pack, parameters(pack), DAY, REVIEWED, PAY)


def test_graver_offences_cost_more_and_the_elite_pays_more(pack):
    listed = prices(pack)
    assert listed.converged
    assert (np.diff(listed.mean.rice, axis=0) > 0).all()
    assert (np.diff(listed.mean.rice, axis=1) < 0).all()
    assert ((listed.let_off > 0) & (listed.let_off <= 1)).all()


def test_a_kilogram_less_demanded_is_a_kilogram_more_paid(pack):
    base = prices(pack)
    less, more = prices(pack, demand=50.0), prices(pack, ration=base.wage - 5.0 + 40.0)
    assert less.worth == pytest.approx(more.worth)
    assert less.let_off == pytest.approx(more.let_off)
    assert less.least > base.least


def test_all_measures_of_money_are_of_the_same_amount(pack):
    listed = prices(pack)
    rate = listed.mean.won / listed.mean.rice
    assert rate == pytest.approx(np.full(rate.shape, rate[0, 0]))
    assert (listed.mean.dollars > 0).all()
    assert (listed.mean.months > 0).all()


def test_what_superiors_do_not_get_from_bribes_must_come_from_the_innocent(pack):
    assert prices(pack, demand=0.0).held_up == 0.0
    assert prices(pack, demand=400.0).held_up > prices(pack).held_up


def test_every_point_converges_and_demands_sustain_bribery(found):
    assert found.unsolved == 0
    assert (found.let_off[0] >= found.let_off[1] - 1e-12).all()
    assert (np.diff(found.let_off, axis=1) <= 1e-9).all()
    assert (np.diff(found.let_off, axis=2) <= 1e-6).all()


def test_what_is_paid_is_received(found):
    total = found.receives.sum(axis=0)
    assert total[~np.isnan(total)] == pytest.approx(1.0)
    assert np.nanmin(found.receives) >= -1e-3


def test_a_price_is_there_where_somebody_is_let_off(found):
    assert (np.isnan(found.fixed_price) == (found.fixed_let_off == 0)).all()
    assert (found.mean_price[found.let_off > 0] > 0).all()


def test_unwatched_the_grid_is_the_price_list(pack):
    at = posts.grid(pack, parameters(pack), DAY, np.array([0.0]), np.array([1.0]))
    listed = prices(pack)
    usual = (listed.let_off[OFFENCES.index("journey")] * posts.mix_of(pack)).sum()
    # Before a camera that nobody looks at a few lead people away all the same, at no trouble to speak of.
    assert at.let_off[0, 0, 0] == pytest.approx(usual, rel=0.01)
    assert at.worth[0, 0, 0] == pytest.approx(listed.worth, rel=0.01)


def test_all_is_told_as_json(pack, found):
    told = json.loads(json.dumps(posts.told(prices(pack), found), allow_nan=False))
    assert len(told["prices"]) == 16
    assert np.shape(told["grid"]["let_off"]) == (2, 7, 6)
    assert set(told["grid"]["receives"]) == set(posts.RECEIVERS)


def test_a_day_before_anything_is_known_of_pay_is_refused(pack):
    with pytest.raises(InputError, match=r"bribery\.wage has no value"):
        posts.price_list(pack, parameters(pack), date(1990, 1, 1))


@pytest.mark.parametrize("name", packs())
def test_the_figure_is_legible_and_says_what_it_rests_on(name):
    pack = country(name)
    p = parameters(pack)
    found = posts.grid(pack, p, DAY, REVIEWED, PAY)
    figure, caption = posts.picture(pack, p, posts.price_list(pack, p, DAY), found)
    legible(figure)
    words = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert "no feedback through travellers yet" in words
    assert "are assumed" in words
    assert "assumptions" in caption


def test_points_without_a_solution_are_counted_and_left_empty(pack, found):
    p = parameters(pack)
    bad = found.converged.copy()
    bad[0, :3] = False
    figure, _ = posts.picture(pack, p, prices(pack), replace(found, converged=bad))
    words = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert "18 of 84 points did not converge" in words


@pytest.mark.parametrize("name", packs())
def test_every_parameter_of_bribery_is_read(name):
    """By the price list and the grid, but for tolls of posts in a row, which have a closed form of their own."""
    pack = country(name)
    p = parameters(pack)
    posts.price_list(pack, p, DAY)
    posts.grid(pack, p, DAY, REVIEWED[:2], PAY[:2])
    own = {key for key in pack.parameters if key.startswith(("bribery.", "prices."))}
    assert own - p.used == {"bribery.toll_conduct", "bribery.journey_value", "bribery.journey_value_spread"}
    row_of(p, 4, 0.5, 1.0, Lognormal(60.0, 1.0))
    assert not own - p.used
