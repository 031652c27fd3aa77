"""Searches of homes, persons and telephones."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, look
from greyspace.contract import FINDINGS
from greyspace.systems import inspections

DAY = date(2019, 1, 7)
PLACES = ("capital", "urban", "rural")


def searched(sets=None, day=DAY, pack="dprk"):
    view = look(country(pack), (inspections,), day, sets)
    return view, inspections.met(view), inspections.odds(view)


def of(met, search):
    return [met[contact.name] for contact in inspections.CONTACTS if contact.encounter == search]


def near_the_border(view):
    return np.array([region.borders_china for region in view.country.regions])


@pytest.mark.parametrize("search", ["home_check", "person_search", "phone_search"])
def test_where_nobody_searches_nobody_is_searched_and_other_searches_go_on(search):
    keys = {"home_check": ("home_night_checks",)}.get(search, tuple(f"{search}es_{where}" for where in PLACES))
    _, met, _ = searched({f"inspections.{key}": 0 for key in keys})
    for kind in inspections.SEARCHES:
        for share in of(met, kind):
            assert ((share == 0) if kind == search else (share > 0)).all()


def test_a_home_checked_every_night_is_checked_on_the_night_of_the_act():
    _, met, _ = searched({"inspections.home_night_checks": 365})
    for share in of(met, "home_check"):
        assert (share == 1).all()


def test_checks_fall_on_a_night_as_often_as_there_are_checks_in_a_year():
    view, met, _ = searched({"inspections.home_night_checks": 7.3})
    inland = ~near_the_border(view)
    assert met["home_check_visitor"][inland] == pytest.approx(0.02)
    assert (met["home_check_visitor"][~inland] > 0.02).all()


def test_who_has_no_telephone_has_none_that_is_searched():
    _, met, _ = searched({"phones.owned_factor": 0})
    assert all((share == 0).all() for share in of(met, "phone_search"))
    assert all((share > 0).all() for share in of(met, "person_search"))


def test_telephones_are_searched_more_as_more_people_have_one():
    (_, before, _), (_, after, _) = searched(day=date(2013, 1, 7)), searched(day=date(2024, 1, 8))
    for few, many in zip(of(before, "phone_search"), of(after, "phone_search"), strict=True):
        assert (many > few).all()


def test_who_is_searched_is_found_out_and_written_down_or_looked_over():
    _, _, odds = searched({"inspections.find_visitor": 0.7})
    table = odds["home_check_visitor"]
    caught, looked_over = FINDINGS.index("caught") + len(FINDINGS), FINDINGS.index("looked_over")
    assert np.allclose(table[..., caught], 0.7)
    assert np.allclose(table[..., looked_over], 0.3)


def test_an_inspection_that_knows_what_it_looks_for_finds_it_more_often():
    view, _, odds = searched()
    caught = FINDINGS.index("caught") + len(FINDINGS)
    for contact in inspections.CONTACTS:
        if contact.encounter == "home_check":
            sent = view.published[f"found_{contact.act}"]
            assert (sent > odds[contact.name][:, 0, 0, caught]).all(), contact.name
            assert (sent <= 1).all()


def test_on_a_person_smuggled_goods_are_goods_like_any_other():
    _, _, odds = searched()
    assert (odds["person_search_smuggling"] == odds["person_search_trade"]).all()


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["dprk", "toyland"]))
def test_something_is_found_or_nothing_whatever_the_parameters(number, pack):
    sets = {k: v for k, v in allowed(country(pack), number).items() if k.startswith(("inspections.", "phones."))}
    view, met, odds = searched(sets, pack=pack)
    for name, table in odds.items():
        assert (table >= 0).all()
        assert np.allclose(table.sum(axis=-1), 1.0, atol=1e-12)
        assert met[name].shape == (view.places,)
        assert ((met[name] >= 0) & (met[name] <= 1)).all()
