"""What telephones, cards and boxes leave behind: who has one, where, and how it grows."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.systems import airport, payments, phones
from views import at, border, seen


def test_six_of_ten_in_the_capital_pay_by_telephone_in_2024_and_hardly_anybody_in_the_countryside():
    view = seen(country("dprk"), day=date(2024, 4, 1))
    capital, town, fields = at(view, "pyongyang_urban", "north_pyongan_urban", "north_pyongan_rural")
    share = payments.coverage(view)["payers"]
    assert share[capital] == pytest.approx(0.6)
    assert share[town] == pytest.approx(0.1)
    assert share[fields] < 0.05


def test_paying_by_telephone_grows_on_after_the_last_date_until_all_do():
    at_end, later, at_last = (
        payments.coverage(seen(country("dprk"), day=day))["payers"]
        for day in (date(2024, 4, 1), date(2026, 4, 1), date(2035, 12, 3))
    )
    growth = country("dprk").parameters["payments.growth_yearly"].value
    assert np.allclose(later - at_end, 2 * growth, atol=1e-3)
    assert (at_last <= 1).all()
    still = seen(country("dprk"), {"payments.growth_yearly": 0.0}, day=date(2035, 12, 3))
    assert np.allclose(payments.coverage(still)["payers"], at_end)


def test_what_a_scenario_sets_from_2030_on_leaves_2029_as_it_was():
    sets = {f"payments.uptake_{where}": {date(2030, 1, 7): 0.95} for where in ("capital", "urban", "rural")}
    for day in (date(2023, 1, 2), date(2029, 12, 31)):
        a, b = (payments.coverage(seen(country("dprk"), given, day=day))["payers"] for given in ({}, sets))
        assert (a == b).all(), day
    assert np.allclose(payments.coverage(seen(country("dprk"), sets, day=date(2030, 1, 7)))["payers"], 0.95)


def test_some_of_those_who_know_what_is_kept_pay_cash_and_ride_as_ever():
    naive = seen(country("dprk"), day=date(2024, 4, 1))
    warned = replace(naive, knows_phone_and_money=np.ones(naive.places))
    left = 1 - naive.p.number("knowing.keeps_to_cash")
    assert np.allclose(payments.coverage(warned)["payers"], left * payments.coverage(naive)["payers"])
    assert np.allclose(payments.routine(warned)["payment"], left * payments.routine(naive)["payment"])
    assert (payments.routine(warned)["transport_card"] == payments.routine(naive)["transport_card"]).all()


def test_cards_are_for_rides_in_the_capital_and_boxes_count_households():
    view = seen(country("dprk"))
    (capital,) = at(view, "pyongyang_urban")
    rides = payments.routine(view)["transport_card"]
    assert rides[capital] > 0
    assert rides.sum() == rides[capital]
    every_day = {f"payments.set_top_{what}": 1.0 for what in ("uptake_capital", "uptake_elsewhere", "days")}
    boxes = payments.routine(seen(country("dprk"), every_day))["set_top"]
    census = view.country.persons / view.people.sum()
    households = np.array([region.households for region in view.country.regions])
    assert boxes * census == pytest.approx(households * 365.25 / 12)


def test_more_have_a_telephone_in_the_capital_than_elsewhere_and_fewest_along_the_border():
    view = seen(country("dprk"), day=date(2017, 6, 5))
    capital = np.array([region.capital for region in view.country.regions])
    share = phones.coverage(view)["owners"]
    assert share[capital].min() > share[~capital].max()
    assert share[border(view)].max() < share[~border(view)].min()


def test_pictures_of_the_screen_are_kept_by_some_smartphones():
    kept = phones.routine(seen(country("dprk")))
    assert (0 < kept["screen"]).all()
    assert (kept["screen"] < 0.5 * kept["phone"]).all()
    plain = phones.routine(seen(country("dprk"), {"phones.smartphone_share": 0.0}))
    assert (plain["screen"] == 0).all()
    assert (plain["phone"] == kept["phone"]).all()


def test_pupils_neither_pay_nor_own():
    view = seen(country("dprk"))
    adults = view.people.sum(axis=1) - view.persons("pupil")
    every_day = {"phones.days_with_record": 1.0, "phones.owned_factor": 100.0}
    assert phones.routine(seen(country("dprk"), every_day))["phone"] == pytest.approx(adults * 365.25 / 12)


def test_the_airport_stands_in_the_capital_and_was_shut_from_2020_to_2023():
    open_, shut, again = (seen(country("dprk"), day=date(year, 7, 1)) for year in (2019, 2021, 2024))
    (capital,) = at(open_, "pyongyang_urban")
    for view in (open_, shut, again):
        records = airport.routine(view)["face"]
        assert records.sum() == records[capital] > 0
    faces = [airport.routine(view)["face"].sum() for view in (open_, shut, again)]
    assert faces[0] > faces[2] > 10 * faces[1]
