"""Kilograms of rice in other measures."""

from datetime import date

import pytest

from given import country, parameters
from greyspace.institutions import shown


def test_the_bribe_on_a_train_is_ten_to_twenty_thousand_won():
    p = parameters(country("dprk"))
    assert shown(p, 2.0, date(2016, 6, 1)).own == pytest.approx(11_540)
    assert 10_000 < shown(p, 3.0, date(2017, 1, 2)).own < 20_000


def test_a_won_that_loses_its_worth_leaves_the_rice():
    p = parameters(country("dprk"))
    before, after = shown(p, 50.0, date(2021, 2, 1)), shown(p, 50.0, date(2025, 5, 25))
    assert after.own > 2 * before.own
    assert after.dollars < before.dollars
    assert after.rice == before.rice
    assert after.months == before.months
