"""What a history comes to is what its tables say: journeys by what is shown, leads, vendors, opinions, deaths."""

from datetime import date

import polars as pl
import pytest

from given import country
from greyspace.contract import STATES
from greyspace.results import Store
from greyspace.simulate import Life, plan, run
from greyspace.study.quantities import quantity
from greyspace.study.totals import of_life

BEGIN, END = date(2021, 8, 2), date(2021, 10, 3)
SETS = {"papers.can_forge_ordinary": 0.9, "papers.can_borrow_ordinary": 0.9, "analysis.capacity": 100.0}


@pytest.fixture(scope="module")
def made():
    pack = country("toyland")
    return plan(pack, pack.scenario("history"), engine="expected", scale=0.5, seed=1, start=BEGIN, end=END, sets=SETS)


@pytest.fixture(scope="module")
def totals(made):
    return of_life(Life(made), BEGIN)


@pytest.fixture(scope="module")
def table(made, tmp_path_factory):
    return run(made, Store(tmp_path_factory.mktemp("totals"))).table


def value(totals, name):
    return quantity(name).of(totals)


def test_who_is_charged_with_false_papers_was_caught_on_a_journey(totals, table):
    caught = table("bribes").filter(pl.col("finding").is_in(["caught", "on_record"]))
    assert caught["act"].unique().len() > 1
    for (act,), rows in caught.group_by("act"):
        if rows["found"].sum() > 0:
            share = 1000.0 * rows["payers"].sum() / rows["found"].sum()
            assert value(totals, f"let_off/{act}") == pytest.approx(share)


@pytest.mark.parametrize("papers", ["none", "borrowed", "forged"])
def test_journeys_by_what_is_shown_are_those_of_the_table(totals, table, papers):
    modes = [f"{line}{'' if papers == 'none' else '_' + papers}" for line in ("rail", "road")]
    rows = table("modes").filter((pl.col("act") == "journey_without_permit") & pl.col("way").is_in(modes))
    assert rows["begun"].sum() > 0
    through = rows.select("paid", "free_recorded", "free_unseen").sum().sum_horizontal().item()
    assert value(totals, f"journeys/{papers}/through") == pytest.approx(1000.0 * through / rows["begun"].sum())


def test_what_is_shown_adds_up_to_all_journeys_and_a_paper_gains_over_none(totals):
    assert sum(value(totals, f"shown/{papers}") for papers in ("none", "borrowed", "forged")) == pytest.approx(100.0)
    rail, road = (sum(value(totals, f"shown/{line}_{p}") for p in ("none", "borrowed", "forged"))
                  for line in ("rail", "road"))  # fmt: skip
    assert rail > 0
    assert rail + road == pytest.approx(100.0)
    for line in ("", "rail_", "road_"):
        with_it, without = (value(totals, f"journeys/{line}{papers}/through") for papers in ("forged", "none"))
        assert value(totals, f"gain/{line}forged") == with_it - without
    assert totals.parts["journeys"]["rail"].shape == (len(STATES),)


def test_leads_from_footprints_are_a_part_of_all_leads(totals, table):
    years = float(totals.parts["span"]["years"])
    leads = table("leads")
    assert leads["from_footprints"].sum() > 0
    assert value(totals, "footprints/all") == pytest.approx(leads["from_footprints"].sum() / years)
    assert value(totals, "leads/all") == pytest.approx(leads["leads"].sum() / years)


def test_who_is_killed_is_not_held(totals, table):
    held = table("held").group_by("hold").agg(pl.col("held_new").sum())
    killed = held.filter(pl.col("hold") == "killed")["held_new"].sum()
    people = float(totals.parts["span"]["years"] * totals.parts["span"]["persons"])
    assert value(totals, "held/killed") == pytest.approx(1000.0 * killed / people)
    assert value(totals, "held/all") == pytest.approx(1000.0 * (held["held_new"].sum() - killed) / people)


def test_vendors_and_opinions_are_means_of_their_tables(totals, table):
    vendors = table("vendors").filter(pl.col("standing") == "ordinary").sort("period")
    parts = {name: value(totals, f"vendors/{name}/ordinary") for name in vendors.columns[2:]}
    lost = sum(parts[name] for name in ("tolls_paid", "fees_paid", "losses"))
    assert parts["earnings"] == pytest.approx(parts["margin"] - lost)
    assert vendors["buys"].min() <= parts["buys"] <= vendors["buys"].max()
    adults = table("attitudes").with_columns(share=pl.col("think_cameras_cut_theft") * pl.col("adults"))
    share = adults["share"].sum() / adults["adults"].sum()
    assert value(totals, "attitudes/think_cameras_cut_theft") == pytest.approx(share)


def test_who_knows_what_is_a_share_of_people(totals, table):
    for of in ("phone_and_money", "register"):
        known = table("knowing").filter(pl.col("knows_of") == of)["known"]
        assert 100.0 * known.min() <= value(totals, f"knows_of/{of}") <= 100.0 * known.max()
