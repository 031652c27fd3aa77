"""An officer's post by itself: its price list."""

import json
from datetime import date
from itertools import product

import numpy as np
import pytest

from given import country, parameters
from greyspace.country import STANDINGS, packs
from greyspace.errors import InputError
from greyspace.evidence import resolve
from greyspace.institutions import OFFENCES
from greyspace.study import posts

DAY = date(2024, 1, 1)


@pytest.fixture(scope="module")
def pack():
    return country("dprk")


def prices(pack, **sets):
    return posts.price_list(pack, resolve(pack.parameters, {f"bribery.{k}": v for k, v in sets.items()}), DAY)


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
    assert (less.least > base.least).all()


def test_all_measures_of_money_are_of_the_same_amount(pack):
    listed = prices(pack)
    rate = listed.mean.own / listed.mean.rice
    assert rate == pytest.approx(np.full(rate.shape, rate[0, 0]))
    assert (listed.mean.dollars > 0).all()
    assert (listed.mean.months > 0).all()


def test_what_superiors_do_not_get_from_bribes_must_come_from_the_innocent(pack):
    assert prices(pack, demand=0.0).held_up == 0.0
    assert prices(pack, demand=400.0).held_up > prices(pack).held_up


def test_all_is_told_as_json(pack):
    told = json.loads(json.dumps(posts.told(prices(pack)), allow_nan=False))
    assert [(row["offence"], row["standing"]) for row in told["prices"]] == list(product(OFFENCES, STANDINGS))
    assert told["post"]["converged"]
    assert told["least"]["journey"] == pytest.approx(prices(pack).least[OFFENCES.index("journey")])


def test_who_is_not_let_off_has_no_price_in_what_is_told(pack):
    """An officer paid a thousandfold asks more than a typical household would give."""
    told = posts.told(prices(pack, wage_factor=1000.0, demand=0.0))
    row = next(row for row in told["prices"] if (row["offence"], row["standing"]) == ("minor", "vulnerable"))
    assert row["price_for_a_fixed_payer"] is None
    json.dumps(told, allow_nan=False)


def test_a_day_before_anything_is_known_of_pay_is_refused(pack):
    with pytest.raises(InputError, match=r"bribery\.wage has no value"):
        posts.price_list(pack, parameters(pack), date(1990, 1, 1))


@pytest.mark.parametrize("name", packs())
def test_it_is_said_how_many_parameters_are_assumed(name):
    pack = country(name)
    own = [known for key, known in pack.parameters.items() if key.split(".")[0] in ("bribery", "prices")]
    guesses = [known for known in own if known.grounds == "assumed"]
    assert posts.assumed(pack) == f"Of {len(own)} parameters of bribery and prices, {len(guesses)} are assumed."
