"""From an act at home to a record, and from records to somebody who comes."""

from datetime import date

import polars as pl
import pytest

from given import country, world
from greyspace.country import ACTS
from greyspace.simulate import ENGINES, Life, plan
from greyspace.simulate.loop import OddsDigest
from greyspace.systems.analysis import FOOTPRINTS

START, END = date(2021, 1, 4), date(2021, 6, 28)
ANALYSTS = {"analysis.capacity": 100.0, "analysis.reviewed_share": 0.5}


@pytest.fixture(scope="module")
def expected(lived):
    return lambda **sets: lived(engine="expected", start=START, end=END, sets=sets)


def by_act(results, name="leads"):
    rows = results.table(name).group_by("act").agg(pl.col("free_recorded", "leads", "from_footprints").sum())
    return {row["act"]: row for row in rows.to_dicts()}


def test_with_few_analysts_next_to_none_of_what_is_on_record_is_followed_up(expected):
    p = country("toyland").parameters
    most = p["analysis.reviewed_share"].value * p["analysis.hit_rate"].value
    for act, row in by_act(expected()).items():
        assert row["leads"] <= most * row["free_recorded"], act


def test_with_analysts_for_all_leads_are_what_the_records_give(expected):
    found = by_act(expected(**ANALYSTS))
    p = country("toyland").parameters
    share = 0.5 * p["analysis.hit_rate"].value * p["analysis.joinable_paper"].value
    for act in ("visitor", "trade", "private_word"):  # of which only people tell, on paper
        of_records = found[act]["leads"] - found[act]["from_footprints"]
        assert of_records == pytest.approx(share * found[act]["free_recorded"], rel=0.1), act


def test_what_telephones_and_payments_keep_leads_to_some_and_to_fewer_where_people_know(expected):
    """Of private words nothing is kept; with nobody to look at it, next to nothing comes of the rest."""
    found = by_act(expected(**ANALYSTS))
    told = {act for acts in FOOTPRINTS.values() for act in acts}
    for act, row in found.items():
        assert (row["from_footprints"] > 0) == (act in told), act
    warned = by_act(expected(**ANALYSTS, **{"knowing.initial_phone_and_money": 1}))
    assert all(warned[act]["from_footprints"] < 0.8 * found[act]["from_footprints"] for act in told)
    assert max(row["from_footprints"] for row in by_act(expected()).values()) < 1


def test_where_all_pay_by_telephone_more_traders_are_found_out(expected):
    paying = {f"payments.uptake_{where}": 1.0 for where in ("capital", "urban", "rural")}
    usual, more = (by_act(expected(**ANALYSTS, **sets))["trade"] for sets in ({}, paying))
    assert more["from_footprints"] > 2 * usual["from_footprints"]
    off = by_act(expected(**ANALYSTS, **{"payments.uptake_factor": 0, "payments.growth_yearly": 0}))["trade"]
    assert off["from_footprints"] == 0


def test_nobody_comes_for_what_is_permitted_however_much_is_on_record(expected):
    found = by_act(expected(**ANALYSTS))
    assert found["journey_with_permit"]["free_recorded"] > 0
    assert found["journey_with_permit"]["leads"] == 0


def test_the_table_says_one_in_twenty(expected):
    share = expected().table("human_network")["network_share"].mean()
    assert share == pytest.approx(0.05, abs=0.015)


def test_with_analysts_more_are_punished(expected):
    sure = {**ANALYSTS, "analysis.hit_rate": 0.6}
    few, many = (expected(**sets).table("series")["punished"].sum() for sets in ({}, sure))
    assert many > few


@pytest.mark.parametrize("engine", ENGINES)
def test_who_takes_up_a_run_knows_what_was_on_record(engine):
    pack = country("toyland")
    made = plan(pack, pack.scenario("history"), engine=engine, scale=0.2, start=START, end=END, sets=ANALYSTS)
    life, digest = Life(made), OddsDigest()
    *before, last = life.world.periods
    for period in before:
        life.step(period, life.odds(period), lambda _: None)
    again = Life(made, taken_up={name: array.copy() for name, array in life.arrays().items()})
    assert life.learnt.traces.recorded.any()
    assert life.learnt.traces.free.any()
    assert (life.learnt.knowing.phone_and_money > pack.parameters["knowing.initial_phone_and_money"].value).all()
    assert digest.of(again.odds(last)) == digest.of(life.odds(last))


@pytest.mark.parametrize("system", ["human_network", "inspections", "analysis"])
def test_a_system_that_is_off_meets_nobody(system):
    whole = world(country("toyland"), start=START, end=END)
    made = world(country("toyland"), start=START, end=END, systems={system: False})
    gone = {contact.name for contact in whole.contacts} - {contact.name for contact in made.contacts}
    own = next(s for s in whole.systems if system == s.NAME)
    assert gone == {contact.name for contact in own.CONTACTS}
    assert {contact.act for contact in made.contacts} <= set(ACTS)
