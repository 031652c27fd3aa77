"""Tables that tell of one thing from two sides agree: who pays and who takes, the price and what there is."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from given import country
from greyspace.country import STANDINGS
from greyspace.results import Store
from greyspace.simulate import plan, run

WEEKS_A_MONTH = 365.25 / 12 / 7


@pytest.fixture(scope="module")
def made():
    """Months in which the border shuts."""
    pack = country("toyland")
    span = {"engine": "expected", "start": date(2019, 12, 2), "end": date(2020, 6, 1)}
    return plan(pack, pack.scenario("history"), **span)


@pytest.fixture(scope="module")
def lived(made, tmp_path_factory):
    return run(made, Store(tmp_path_factory.mktemp("results")))


def test_what_households_pay_a_month_is_what_officers_took_in_bribes_and_tolls(made, lived):
    world = made.world()
    kg = lived.table("bribes").group_by("period", "standing").agg(pl.col("kg").sum())
    paid = lived.table("households").join(kg, on=["period", "standing"], how="left")
    weeks = {date(1970, 1, 1).toordinal() + period.monday: period.weeks for period in world.periods}
    share = dict(zip(STANDINGS, world.standing, strict=True))
    size = world.p.number("households.persons")
    assert paid.height == len(world.periods) * len(STANDINGS)
    for row in paid.iter_rows(named=True):
        households = world.persons(row["period"].year).sum() / size * share[str(row["standing"])]
        months = weeks[row["period"].toordinal()] / WEEKS_A_MONTH
        assert row["bribes_paid"] * households * months == pytest.approx(row["kg"] or 0.0), row
    assert kg["kg"].sum() > 0


def test_goods_cost_what_clears_what_came_over_the_border(made, lived):
    """At the end of each period: what is wanted at the price is what came in by day and by night."""
    world = made.world()
    share, elasticity = world.p.number("market.smuggled_share"), world.p.number("market.elasticity")
    nation, market = lived.table("nation"), lived.table("market").sort("period")
    for period, row in zip(world.periods, market.iter_rows(named=True), strict=True):
        weeks = pl.col("week").is_between(row["period"], row["period"] + timedelta(weeks=period.weeks), closed="left")
        legal = (1.0 - share) * nation.filter(weeks)["border_open"].mean()
        assert row["goods_price"] ** -elasticity == pytest.approx(legal + share * row["smuggled_loads"], rel=1e-6)
    assert market["goods_price"].max() > 1.1  # the border did shut


def test_leads_come_of_records_and_records_are_those_of_the_acts(lived):
    keys = ["region", "act"]
    acts = lived.table("modes").group_by(keys).agg(pl.col("free_recorded").sum()).sort(keys)
    leads = lived.table("leads").group_by(keys).agg(pl.col("free_recorded", "leads").sum()).sort(keys)
    assert leads.select(keys).equals(acts.select(keys))
    assert np.allclose(leads["free_recorded"], acts["free_recorded"], rtol=1e-9)


def test_shares_are_shares_and_routine_is_about_somebody(lived):
    for table, column in (("coverage", "covered"), ("human_network", "network_share"), ("households", "hardship")):
        values = lived.table(table)[column]
        assert values.is_between(0.0, 1.0).all(), table
        assert values.max() > 0, table
    assert (lived.table("routine")["records"] > 0).all()
    assert (lived.table("human_network")["false_reports"] >= 0).all()
